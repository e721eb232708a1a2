/** The command `dps demo`: three processes keep a file, the leader is killed, and the file is read from another one. */
import { createHash, randomFillSync } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { toHex } from "../../bytes/index.js";
import { isWireError, WireError } from "../../errors.js";
import { openChain } from "../../protocols/chain/node.js";
import { createDpsClient, type DpsClient } from "../../protocols/dps/node.js";
import { integer } from "../options.js";
import { sizeText } from "../store/shown.js";
import { aboutServer } from "./common.js";
import { LocalCluster } from "./local-cluster.js";

interface Options {
  readonly mib: number;
  readonly keep?: boolean;
  readonly json?: boolean;
}

const MIB = 1024 * 1024;
const SERVERS = 3;
const POLL_MS = 50;
/** A bound for everything: the demo fails, and does not hang. */
const TIMEOUT_MS = 300_000;
const EXIT_FAILED = 1;
/** Digits of a hash that are shown. */
const TIP_DIGITS = 16;

const HELP = `
It prints what it does, a line each, and ends with 0 if the file came back equal and all chains are valid and equal.
What it made is removed at the end, also after Ctrl-C.

Example:
  specwire dps demo --mib 8`;

/** Adds the command. */
export function addDemo(group: Command): void {
  group
    .command("demo")
    .description("three servers on this machine keep a file, the leader is killed, and the file is read back")
    .option("--mib <n>", "size of the file", integer(1, 4_096), 64)
    .option("--keep", "leave the folder with configurations, logs and data")
    .option("--json", "one JSON object at the end, and no lines before")
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      process.exitCode = await demo(options);
    });
}

/** What a demo came to. */
interface Outcome {
  readonly sizeBytes: number;
  readonly putMs: number;
  readonly electionMs: number;
  readonly getMs: number;
  readonly blocks: number;
  readonly isEqual: boolean;
  readonly areChainsEqual: boolean;
}

async function demo(options: Options): Promise<number> {
  const startedMs = performance.now();
  const folder = mkdtempSync(join(tmpdir(), "specwire-dps-demo-"));
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort("interrupted");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  const say = (line: string): void => {
    if (options.json !== true) console.log(line);
  };
  let cluster: LocalCluster | undefined;
  try {
    cluster = await LocalCluster.make({ program: process.argv[1]!, folder, servers: SERVERS, backupEverySeconds: 1 });
    const signal = AbortSignal.any([interrupt.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const outcome = await play(cluster, { ...options, folder, say, signal });
    const ms = Math.round(performance.now() - startedMs);
    const isDone = outcome.isEqual && outcome.areChainsEqual;
    if (options.json === true) console.log(JSON.stringify({ ...outcome, ms }));
    else console.log(isDone ? `done in ${(ms / 1000).toFixed(1)} s` : "failed");
    return isDone ? 0 : EXIT_FAILED;
  } finally {
    await cluster?.endAll("SIGKILL");
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, stop);
    if (options.keep === true) say(`kept ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly mib: number;
  readonly folder: string;
  readonly signal: AbortSignal;
  say(line: string): void;
}

async function play(cluster: LocalCluster, { mib, folder, signal, say }: Scene): Promise<Outcome> {
  const bounds = { signal, timeoutMs: TIMEOUT_MS };
  const file = join(folder, "file");
  const hash = await writeRandom(file, mib * MIB);
  await cluster.startAll();
  const addresses = cluster.servers.map(({ address }) => address);
  say(`${SERVERS} servers listen at ${addresses.join(", ")}`);
  const client = await clientOf(cluster, 1);
  let putMs: number;
  let leader: number;
  try {
    leader = await leaderOf(client, addresses, signal);
    say(`member ${leader} leads`);
    const beganMs = performance.now();
    const { file: put, copies } = await client.putPath(file, bounds);
    putMs = performance.now() - beganMs;
    say(`put ${sizeText(put.sizeBytes)} in ${put.chunks} chunks, ${copies} copies each, ${rateOf(mib, putMs)}`);
    if (toHex(put.hash) !== hash) throw failure("put", "the hash of the file", toHex(put.hash));
  } finally {
    await client.stop();
  }
  await cluster.end(leader, "SIGKILL");
  say(`killed member ${leader}, which led, by SIGKILL`);
  const killedMs = performance.now();
  const asked = cluster.servers.find(({ member }) => member !== leader)!;
  const others = addresses.filter((address) => address !== cluster.servers[leader - 1]!.address);
  const reader = await clientOf(cluster, asked.member, leader);
  const copy = join(folder, "copy");
  let getMs: number;
  let electionMs: number;
  try {
    const next = await leaderOf(reader, others, signal);
    electionMs = performance.now() - killedMs;
    say(`member ${next} leads since ${(electionMs / 1000).toFixed(1)} s after that`);
    const beganMs = performance.now();
    await reader.getToPath(Buffer.from(hash, "hex"), copy, bounds);
    getMs = performance.now() - beganMs;
  } finally {
    await reader.stop();
  }
  const isEqual = (await sha256Of(copy)) === hash;
  say(`got the file from the others, ${rateOf(mib, getMs)}: ${isEqual ? "equal" : "NOT equal"}`);
  await cluster.start(leader);
  say(`started member ${leader} again`);
  const { blocks, areEqual } = await compareChains(cluster, signal, say);
  return {
    sizeBytes: mib * MIB,
    putMs: Math.round(putMs),
    electionMs: Math.round(electionMs),
    getMs: Math.round(getMs),
    blocks,
    isEqual,
    areChainsEqual: areEqual,
  };
}

function clientOf(cluster: LocalCluster, member: number, without?: number): Promise<DpsClient> {
  const gone = cluster.servers.find((server) => server.member === without)?.address;
  const servers = cluster.addressesFrom(member).filter((address) => address !== gone);
  return createDpsClient({ servers, clusterId: cluster.clusterId });
}

/** The member that leads, by its own word. */
async function leaderOf(client: DpsClient, addresses: readonly string[], signal: AbortSignal): Promise<number> {
  for (;;) {
    for (const address of addresses) {
      try {
        const { role, member } = await client.status(address, { signal, timeoutMs: 2_000 });
        if (role === "Leader") return member;
      } catch (error) {
        if (!isWireError(error)) throw error;
      }
    }
    await pause(signal);
  }
}

/** Waits until all members have the same blocks and none is under way, stops them, and reads what they left. */
async function compareChains(
  cluster: LocalCluster,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<{ readonly blocks: number; readonly areEqual: boolean }> {
  const client = await clientOf(cluster, 1);
  try {
    while (!(await areLevel(client, cluster))) await pause(signal);
  } finally {
    await client.stop();
  }
  await cluster.endAll("SIGTERM");
  const tips: string[] = [];
  let blocks = 0;
  let isValid = true;
  for (const { member, data } of cluster.servers) {
    const chain = await openChain({ folder: data });
    try {
      const { ok, height } = await chain.validate();
      const last = await chain.get(height);
      const tip = toHex(last?.hash ?? new Uint8Array(0));
      isValid &&= ok;
      blocks = Number(height) + 1;
      tips.push(tip);
      const verdict = ok ? "valid" : "NOT valid";
      say(`chain of member ${member}: ${blocks} blocks, ${verdict}, tip ${tip.slice(0, TIP_DIGITS)}`);
    } finally {
      await chain.close();
    }
  }
  return { blocks, areEqual: isValid && new Set(tips).size === 1 };
}

/** Whether all members have applied the same, and have the same blocks, one of them a backup. */
async function areLevel(client: DpsClient, { servers }: LocalCluster): Promise<boolean> {
  try {
    const told = await Promise.all(servers.map(({ address }) => client.status(address, { timeoutMs: 2_000 })));
    const states = told.map((status) => `${status.applied} ${status.commit} ${aboutServer(status).chain?.tip}`);
    return new Set(states).size === 1 && told.every((status) => (aboutServer(status).chain?.height ?? 0) > 0);
  } catch (error) {
    if (!isWireError(error)) throw error;
    return false;
  }
}

/** Writes random bytes. @returns their SHA-256 in hex */
async function writeRandom(path: string, sizeBytes: number): Promise<string> {
  const hash = createHash("sha256");
  const block = Buffer.alloc(MIB);
  const file = await open(path, "w");
  try {
    for (let at = 0; at < sizeBytes; at += block.length) {
      randomFillSync(block);
      hash.update(block);
      await file.write(block);
    }
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest("hex");
}

function rateOf(mib: number, ms: number): string {
  return `${(ms / 1000).toFixed(1)} s, ${Math.round((1000 * mib) / ms)} MiB/s`;
}

function pause(signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw failure("demo", "an end in time", String(signal.reason));
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

function failure(path: string, expected: string, actual: string): WireError {
  return new WireError({ code: signalCode(actual), format: "dps", path, expected, actual });
}

function signalCode(reason: string): "cancelled" | "fault" {
  return reason === "interrupted" ? "cancelled" : "fault";
}
