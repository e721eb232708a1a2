/** The command `raft init`: the file of a new cluster, made once and given to all. */
import { writeFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { clusterIdOf, foundingConfig } from "../../protocols/raft/index.js";
import type { RaftTiming } from "../../protocols/raft/node.js";
import { timesOf } from "../../protocols/raft/timing.js";
import { clusterText, founderOf } from "./config.js";
import { CONFIG_DEFAULT } from "./common.js";

interface Options {
  readonly out: string;
  readonly timing: RaftTiming;
  readonly json?: boolean;
}

const EXAMPLE = `
Example:
  specwire raft init 1=10.0.0.1:7101 2=10.0.0.2:7101 3=10.0.0.3:7101
  specwire raft serve 1 --data data        # on each machine, with the same file and its own id`;

/** Adds the command. */
export function addInit(group: Command): void {
  group
    .command("init")
    .description("draw the id of a new cluster, and write the file that all of its members and clients need")
    .argument("<member...>", "the founders, each as id=host:port")
    .option("--out <file>", "the file to write, which must not exist; - for standard output", CONFIG_DEFAULT)
    .addOption(
      new Option("--timing <network>", "elections within 150 to 300 ms (lan), or 1 to 2 s (wan)")
        .choices(["lan", "wan"])
        .default("lan"),
    )
    .option("--json", "print JSON")
    .addHelpText("after", EXAMPLE)
    .action(init);
}

function init(texts: readonly string[], { out, timing, json }: Options): void {
  const members = texts.map(founderOf);
  const drawn = crypto.getRandomValues(new Uint8Array(16));
  const clusterId = clusterIdOf(foundingConfig(members, timesOf(timing)), drawn);
  const text = clusterText({ clusterId, timing, members });
  if (out === "-") return void process.stdout.write(text);
  try {
    // A second file would be of another cluster.
    writeFileSync(out, text, { flag: "wx" });
  } catch (cause) {
    const actual = `${out} (${(cause as NodeJS.ErrnoException).code})`;
    throw argumentError("raft", "out", "a file that is not there and can be made", actual, { cause });
  }
  if (json === true) return console.log(JSON.stringify({ clusterId: toHex(clusterId), file: out }));
  console.log(toHex(clusterId));
  const config = out === CONFIG_DEFAULT ? "" : ` --config ${out}`;
  console.error(
    `wrote ${out}; then, for each member: specwire raft serve ${members[0]!.member} --data FOLDER${config}`,
  );
}
