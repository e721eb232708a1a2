/** The command `dps check`: whether a configuration is sound, without starting anything. */
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { EXIT_NO } from "../exit-codes.js";
import { isConfigIssue, readDpsConfig, type DpsConfig } from "./config.js";
import { addConfig } from "./common.js";
import { checkedOptions } from "./server-options.js";

interface Options {
  readonly config: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addCheck(group: Command): void {
  addConfig(group.command("check").description("say whether a configuration is sound, and start nothing"))
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  specwire dps check --config dps1.toml")
    .action((options: Options) => {
      process.exitCode = check(options);
    });
}

function check({ config: path, json }: Options): number {
  try {
    const config = readDpsConfig(path);
    // Reads the files that it names, as a start does.
    checkedOptions(config);
    console.log(json === true ? JSON.stringify(jsonOf(config)) : `${path} is sound: ${lineOf(config)}`);
    return 0;
  } catch (error) {
    if (!isConfigIssue(error)) throw error;
    const { message } = error as Error;
    console.error(`specwire: ${message}`);
    if (json === true) console.log(JSON.stringify({ ok: false, error: message }));
    return EXIT_NO;
  }
}

function lineOf({ server, raft, tls }: DpsConfig): string {
  const members = raft.members === undefined ? "waits to be added" : `of ${raft.members.length}`;
  return `member ${raft.member} ${members}, listens at ${server.listen}${tls === undefined ? "" : " with TLS"}`;
}

function jsonOf({ server, raft, tls }: DpsConfig): object {
  return {
    ok: true,
    cluster: toHex(raft.clusterId),
    member: raft.member,
    members: raft.members ?? null,
    listen: server.listen,
    address: server.address,
    data: server.data,
    tls: tls !== undefined,
  };
}
