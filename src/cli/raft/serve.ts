/** The command `raft serve`: a member with keys and values, which runs until a signal and prints what happens to it. */
import type { Command } from "commander";
import { argumentError } from "../../errors.js";
import { DEFAULT_LIMITS } from "../../limits.js";
import { KvState } from "../../protocols/raft/index.js";
import { startRaftMember, type RaftEvent, type RaftMember } from "../../protocols/raft/node.js";
import { EventLines } from "../event-lines.js";
import { EXIT_UNUSABLE } from "../exit-codes.js";
import { letHeapGrow } from "../heap-growth.js";
import { integer, TAKE_LOCK } from "../options.js";
import { openOutput } from "../server-output.js";
import { addReach, type ReachOptions } from "./common.js";
import { memberIdOf, readCluster } from "./config.js";
import { forceNewCluster } from "./force-new-cluster.js";
import { memberTransportOf } from "./transport.js";

interface Options extends ReachOptions {
  readonly data: string;
  readonly forceNewCluster?: string;
  readonly linksMax: number;
  readonly linksPerPrefixMax: number;
  readonly callsMax: number;
  readonly listen?: string;
  readonly join?: boolean;
  readonly takeLock?: boolean;
  readonly json?: boolean;
}

/** Exit code after a fault of the member. */
const EXIT_BROKEN = 1;

const EXAMPLE = `
Examples:
  specwire raft serve 1 --data data1
  specwire raft serve 4 --data data4 --join --listen 10.0.0.4:7101     # then: specwire raft member add 4 10.0.0.4:7101

With TLS, where members and clients prove who they are:
  specwire raft serve 1 --data data1 --ca ca.pem --cert 1.pem --key 1-key.pem --mutual

When a majority is lost for good, a new cluster from one folder, with a file of its own:
  specwire raft init 1=10.0.0.1:7101 --out new.toml
  specwire raft serve 1 --config new.toml --data new1 --force-new-cluster data1

SIGTERM and SIGINT hand leadership over, finish what is in progress, and end with 0.`;

/** Adds the command. */
export function addServe(group: Command): void {
  addReach(
    group
      .command("serve")
      .description("run a member with a store of keys and values, until SIGINT, SIGTERM or a fault")
      .argument("<member>", "its id")
      .requiredOption("--data <folder>", "keeps the log and snapshots there; a lost folder needs another id"),
  )
    .option("--listen <host:port>", "where to listen; by default its address in the file")
    .option("--join", "wait to be added to a cluster that runs, see raft member add")
    .option("--mutual", "TLS: who connects must show a certificate of the authorities, too")
    .option(
      "--force-new-cluster <folder>",
      "begin a new cluster of this member alone with what the folder of a lost one holds; --data must be empty",
    )
    .option("--links-max <n>", "links at a time", integer(2, 1_000_000), DEFAULT_LIMITS.linksMax)
    .option(
      "--links-per-prefix-max <n>",
      "links of one IPv4 address or IPv6 /64",
      integer(1, 1_000_000),
      DEFAULT_LIMITS.linksPerPrefixMax,
    )
    .option(
      "--calls-max <n>",
      "calls in progress, and as many that wait",
      integer(1, 1_000_000),
      DEFAULT_LIMITS.callsMax,
    )
    .option("--take-lock", TAKE_LOCK)
    .option("--json", "print each event as a line of JSON")
    .addHelpText("after", EXAMPLE)
    .action(serve);
}

async function serve(text: string, options: Options): Promise<void> {
  letHeapGrow();
  const { config, data: folder, listen, join = false, takeLock = false, json: isJson = false } = options;
  const { linksMax, linksPerPrefixMax, callsMax, forceNewCluster: lost } = options;
  const memberId = memberIdOf("member", text);
  const transport = memberTransportOf(options);
  const cluster = readCluster(config);
  const { clusterId, timing, members } = cluster;
  const address = members.find(({ member }) => member === memberId)?.address ?? listen;
  if (address === undefined || (!join && !members.some(({ member }) => member === memberId))) {
    throw argumentError("raft", "member", "a founder of the file, or --join with --listen", text);
  }
  if (lost !== undefined) await forceNewCluster(lost, folder, cluster, memberId, takeLock);
  let end = (): void => {};
  // Before anyone can hear that it listens, and stop it.
  const stopped = new Promise<void>((resolve) => {
    end = resolve;
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const broken = (reason: string): void => {
    console.error(`specwire: ${reason}`);
    process.exitCode = EXIT_BROKEN;
    end();
  };
  const member: RaftMember = await startRaftMember({
    clusterId,
    memberId,
    listen: listen ?? address,
    address,
    ...(join ? { joining: true } : { members }),
    stateMachine: () => new KvState(),
    folder,
    takeLock,
    timing,
    transport,
    limits: { linksMax, linksPerPrefixMax, callsMax },
    onFault: (fault) => broken(fault.message),
  });
  const output = await openOutput();
  const print = (line: string): void => output.write(`${line}\n`);
  const first = isJson
    ? JSON.stringify({ type: "listening", address: member.address, member: memberId })
    : `member ${memberId} listening at ${member.address}`;
  const refused = output.writeFirst(`${first}\n`);
  if (refused !== undefined) {
    console.error(`specwire: standard output cannot be written: ${refused}`);
    process.exitCode = EXIT_UNUSABLE;
    return member.stop();
  }
  const lines = new EventLines(print, (count) =>
    isJson ? JSON.stringify({ type: "omitted", count }) : `${count} more events, omitted`,
  );
  member.subscribe((event) => {
    if (event.type === "fault") broken(`${event.code}: ${event.detail}`);
    // Every command makes one.
    if (event.type === "commit") return;
    lines.print(() => (isJson ? eventJson(event) : lineOf(event, memberId)), performance.now());
  });
  member.ready({ timeoutMs: Infinity }).then(
    () => print(isJson ? JSON.stringify({ type: "ready" }) : "ready"),
    () => {},
  );
  await stopped;
  await member.stop();
  lines.close();
  await output.close();
}

/** An event as JSON, with ids of lives, which are 64 bits, as text. */
function eventJson(event: RaftEvent): string {
  return JSON.stringify(event, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

function lineOf(event: RaftEvent, own: number): string {
  switch (event.type) {
    case "role":
      return `${event.role} in term ${event.term}`;
    case "leader":
      return event.leader === 0 ? `no leader in term ${event.term}` : `member ${event.leader} leads term ${event.term}`;
    case "configChanged":
      return `configuration at ${event.index}: members ${event.config.members.map(({ member }) => member).join(", ")}`;
    case "snapshotTaken":
      return `snapshot up to ${event.last.index}, ${event.sizeBytes} bytes`;
    case "snapshotSent":
      return `snapshot up to ${event.last.index} sent to member ${event.member}`;
    case "snapshotInstalled":
      return `snapshot up to ${event.last.index} installed`;
    case "memberLostData": {
      const who = event.member === own ? "this member" : `member ${event.member}`;
      return `${who} has lost what it had acknowledged: add it again under another id`;
    }
    case "followerTooSlow":
      return `member ${event.member} does not keep up: proposals are limited`;
    case "storageTrouble":
      return "the disk fails";
    case "storageWell":
      return "the disk works again";
    case "stalled":
      return `woke ${event.ms.toFixed(0)} ms late`;
    case "transfer":
      return event.isDone ? `leadership handed to member ${event.to}` : `member ${event.to} did not take leadership`;
    default:
      return event.type;
  }
}
