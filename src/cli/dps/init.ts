/** The command `dps init`: the files of the servers of a new cluster. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Option, type Command } from "commander";
import { formatAddress, parseAddress } from "../../address.js";
import { toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { clusterIdOf, foundingConfig } from "../../protocols/raft/index.js";
import type { RaftFounder, RaftTiming } from "../../protocols/raft/node.js";
import { timesOf } from "../../protocols/raft/timing.js";
import { integer } from "../options.js";
import { configText, type NewConfig } from "./config-text.js";

interface Options {
  readonly servers: number;
  readonly out: string;
  readonly timing: RaftTiming;
  readonly json?: boolean;
}

const FIRST = "127.0.0.1:7100";
const SERVERS_MAX = 16;

const EXAMPLE = `
Examples:
  specwire dps init                                                    # dps.toml, of one server on this machine
  specwire dps init --servers 3                                        # dps1.toml to dps3.toml, ports 7100 to 7102
  specwire dps init 10.0.0.1:7100 10.0.0.2:7100 10.0.0.3:7100          # the same on three machines, a file for each`;

/** Adds the command. */
export function addInit(group: Command): void {
  group
    .command("init")
    .description("draw the id of a new cluster, and write the configuration of each of its servers")
    .argument("[host:port...]", `where the servers listen; by default ${FIRST} and the ports behind it`)
    .option("--servers <n>", "how many servers, if they are not named", integer(1, SERVERS_MAX), 1)
    .option("--out <folder>", "where the files are written, over none that is there", ".")
    .addOption(
      new Option("--timing <network>", "elections within 150 to 300 ms (lan), or 1 to 2 s (wan), for slow disks too")
        .choices(["lan", "wan"])
        .default("lan"),
    )
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLE)
    .action(init);
}

function init(named: readonly string[], { servers, out, timing, json }: Options): void {
  const members = foundersOf(named, servers);
  const { clusterId, files } = writeConfigs(members, out, timing);
  if (json === true) return console.log(JSON.stringify({ clusterId: toHex(clusterId), files }));
  for (const file of files) console.log(`wrote ${file}`);
}

/** Draws a cluster and writes the files of its members. @throws WireError `argument` for a file that is there */
export function writeConfigs(
  members: readonly RaftFounder[],
  folder: string,
  timing: RaftTiming,
  more: Pick<NewConfig, "backupEverySeconds"> & { readonly logs?: boolean } = {},
): { readonly clusterId: Uint8Array; readonly files: readonly string[] } {
  const times = timesOf(timing);
  const clusterId = clusterIdOf(foundingConfig(members, times), crypto.getRandomValues(new Uint8Array(16)));
  const files = members.map(({ member }) => {
    const name = members.length === 1 ? "dps" : `dps${member}`;
    const data = members.length === 1 ? "./node" : `./node${member}`;
    const { logs, ...rest } = more;
    const log = logs === true ? { logFile: `./${name}.log` } : {};
    const text = configText({ clusterId, member, members, data, ...times, ...log, ...rest });
    const file = join(folder, `${name}.toml`);
    try {
      mkdirSync(folder, { recursive: true });
      // A second file would be of another cluster.
      writeFileSync(file, text, { flag: "wx" });
    } catch (cause) {
      const code = String((cause as NodeJS.ErrnoException).code);
      throw argumentError("dps", "out", "files that are not there and can be made", `${basename(file)} (${code})`, {
        cause,
      });
    }
    return file;
  });
  return { clusterId, files };
}

function foundersOf(named: readonly string[], servers: number): readonly RaftFounder[] {
  const { host, port } = parseAddress(FIRST);
  const local = Array.from({ length: servers }, (_, i) => formatAddress({ host, port: port + i }));
  const addresses = named.length === 0 ? local : named.map((one) => formatAddress(parseAddress(one, "dps", "server")));
  if (addresses.length > SERVERS_MAX)
    throw argumentError("dps", "servers", `at most ${SERVERS_MAX}`, `${named.length}`);
  if (new Set(addresses).size < addresses.length) throw argumentError("dps", "servers", "addresses that differ");
  return addresses.map((address, i) => ({ member: i + 1, address }));
}
