/** The command `chain rebuild`: the folder of a new cluster, from the newest backup in the chain of an old one. */
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { Option, type Command } from "commander";
import { formatAddress, parseAddress } from "../../address.js";
import { toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { rebuild, type Rebuilt } from "../../protocols/dps/node.js";
import type { RaftTiming } from "../../protocols/raft/node.js";
import { timesOf } from "../../protocols/raft/timing.js";
import { KEY_FILE, keyOf } from "../chain/common.js";
import { integer } from "../options.js";
import { configText } from "./config-text.js";

interface Options {
  readonly member: number;
  readonly listen: string;
  readonly keyFile?: string;
  readonly hash: "gob" | "canonical";
  readonly timing: RaftTiming;
  readonly config?: string;
  readonly fromLog?: boolean;
  readonly forceNewCluster?: boolean;
  readonly json?: boolean;
}

const HELP = `
What comes out is a cluster of its own, with a new id and one member. What was committed behind the backup is lost, and
members of the old cluster never talk to it; others join it as new members. The old folder stays as it is.

Example:
  specwire chain rebuild node1 node4 --member 4 --listen 10.0.0.4:7100 --config dps4.toml --force-new-cluster
  specwire dps serve --config dps4.toml`;

/** Adds the command to those of a chain: its folder says nothing of clusters, which only this protocol can make. */
export function addRebuild(group: Command): void {
  group
    .command("rebuild")
    .description("make the folder of a new cluster from the newest whole backup in a chain")
    .argument("<from>", "the folder of a server of dps that does not run")
    .argument("<folder>", "the folder to make: one that is not there, or empty")
    .requiredOption(
      "--member <id>",
      "the id of its only member, which no member had",
      integer(1, Number.MAX_SAFE_INTEGER),
    )
    .requiredOption("--listen <host:port>", "where others reach that member")
    .option(KEY_FILE, "opens encrypted backups, and encrypts new ones: 16, 24 or 32 bytes, raw or in hex")
    .addOption(new Option("--hash <kind>", "how new blocks are hashed").choices(["gob", "canonical"]).default("gob"))
    .addOption(new Option("--timing <network>", "as of dps init").choices(["lan", "wan"]).default("lan"))
    .option("--from-log", "from the newest snapshot and the log of that server, and not from a backup in its chain")
    .option("--config <file>", "writes the configuration of the new server there, over none that is there")
    .option("--force-new-cluster", "says that the old cluster is lost, with all that it had behind the backup")
    .option("--json", "print JSON")
    .addHelpText("after", HELP)
    .action(rebuildCluster);
}

async function rebuildCluster(from: string, folder: string, options: Options): Promise<void> {
  const { member: memberId, listen, keyFile, hash, timing, config, fromLog, json } = options;
  if (options.forceNewCluster !== true) {
    throw argumentError("chain", "force-new-cluster", "--force-new-cluster, as what is behind the backup is lost");
  }
  if (!existsSync(from)) throw argumentError("chain", "from", "the folder of a server", from);
  const address = formatAddress(parseAddress(listen, "chain", "listen"));
  const key = keyOf(keyFile);
  const source = fromLog === true ? "log" : "backup";
  const about = { from, folder, memberId, address, timing, hash, source, ...(key && { key }) } as const;
  // Its place is taken first: without it nobody would know the id of the cluster.
  const file = config === undefined ? undefined : openNew(config);
  let made: Rebuilt;
  try {
    made = await rebuild(about);
    if (file !== undefined) writeFileSync(file, newConfig(made.clusterId, folder, address, options));
  } catch (error) {
    if (config !== undefined) rmSync(config);
    throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
  const clusterId = toHex(made.clusterId);
  const { lastIndex, lastTerm, blockIndex, files, chunks } = made;
  if (json === true) {
    const block = blockIndex === undefined ? {} : { blockIndex: String(blockIndex) };
    const place = { lastIndex: String(lastIndex), lastTerm: String(lastTerm), ...block };
    return console.log(JSON.stringify({ clusterId, ...place, files, chunks, folder }));
  }
  console.log(`made ${folder}, cluster ${clusterId}, member ${memberId} at ${address}`);
  const block = blockIndex === undefined ? "" : `, block ${blockIndex}`;
  console.log(`${files} files and ${chunks} chunks, as of index ${lastIndex} in term ${lastTerm}${block}`);
}

/** Opens a file that is not there. @throws WireError `argument` */
function openNew(path: string): number {
  try {
    return openSync(path, "wx");
  } catch (cause) {
    throw argumentError("chain", "config", "a new file", path, { cause });
  }
}

function newConfig(clusterId: Uint8Array, folder: string, address: string, options: Options): string {
  const { member, hash, keyFile, timing, config } = options;
  const data = relative(dirname(resolve(config!)), resolve(folder)) || ".";
  const text = configText({ clusterId, member, members: [{ member, address }], data, ...timesOf(timing) });
  const own = { hash: hash === "gob" ? undefined : hash, key_file: keyFile && resolve(keyFile) };
  const lines = Object.entries(own).flatMap(([name, value]) => (value ? [`${name} = ${JSON.stringify(value)}`] : []));
  // By a function: a text in its place would give "$" in a path a meaning.
  return text.replace("[chain]\n", () => ["[chain]", ...lines, ""].join("\n"));
}
