/**
 * What a large snapshot costs a cluster at work: node bench/raft/snapshot.mjs [MIB] [ROUNDS]
 *
 * Three members hold a state of so many MiB, by default 100, while one client puts values of 1 KiB, 16 in flight. In
 * each round the leader takes a snapshot, then a new member gets it, and leaves. Reported are the rates of commands
 * meanwhile, against the mean of those right before and after, the longest time without an acknowledgement against
 * that of the same time without a snapshot, and the peak of memory of the members. A program of its own, without gates;
 * memory on Linux.
 */
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { encodeKv } from "specwire/raft";
import { createRaftClient } from "specwire/raft/node";
import { median } from "../lib/measure.mjs";
import { startCluster } from "./cluster.mjs";
import { keyOf } from "./state.mjs";

const [MIB = 100, ROUNDS = 3] = process.argv.slice(2).map(Number);
const VALUE_BYTES = 65_536;
const IN_FLIGHT = 16;
const TIMEOUT_MS = 120_000;
const QUIET_MS = 5_000;
const POLL_MS = 100;
const FOUNDERS = 3;

const cluster = await startCluster("raft", true, { spare: ROUNDS });
const founders = cluster.addresses.slice(0, FOUNDERS);
const clusterId = Uint8Array.from({ length: 8 }, (_, i) => i + 1);
const client = createRaftClient({ clusterId, members: founders });
const bounds = { timeoutMs: TIMEOUT_MS };
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const putAt = (key, value) => client.propose(encodeKv({ op: "put", key, value }), bounds);

for (let i = 0; i < (MIB * 2 ** 20) / VALUE_BYTES; i++)
  await putAt(Buffer.from(`large ${i}`), randomBytes(VALUE_BYTES));
const heldMib = cluster.children.map((child) => memoryOf(child, "VmRSS"));
for (const { pid } of cluster.children) resetPeak(pid);

let acknowledged = 0;
let longestMs = 0;
const over = new AbortController();
const small = randomBytes(1_024);
const work = Array.from({ length: IN_FLIGHT }, async (_, i) => {
  for (; !over.signal.aborted; acknowledged++) await putAt(keyOf(i), small);
});
const watch = (async () => {
  let [last, lastMs] = [0, performance.now()];
  while (!over.signal.aborted) {
    await wait(1);
    if (acknowledged !== last) {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      [last, lastMs] = [acknowledged, performance.now()];
    }
  }
})();

const taken = [];
const installed = [];
let before = await during(() => wait(QUIET_MS));
for (let round = 0; round < ROUNDS; round++) {
  const leader = await leaderOf();
  taken.push(await between(() => client.snapshot(leader, bounds)));
  const place = FOUNDERS + round;
  installed.push(await between(() => join(place)));
  await client.remove(place + 1, bounds);
  const left = cluster.children[place];
  const ended = once(left, "exit");
  left.disconnect();
  await ended;
}
over.abort();
await Promise.all([...work, watch]);
report("the leader takes a snapshot", taken);
report("a new member gets it", installed);
const peaks = cluster.children.slice(0, FOUNDERS).map((child, i) => `${heldMib[i]} (peak ${memoryOf(child, "VmHWM")})`);
console.log(
  `members hold ${peaks.join(", ")} MiB, a new one ${Math.max(...installed.map(({ peakMib }) => peakMib))} at most`,
);
await client.stop();
await cluster.close();

/** Does something, and measures it against the quiet before and after. */
async function between(action) {
  const one = await during(action);
  const after = await during(() => wait(QUIET_MS));
  const share = one.rate / ((before.rate + after.rate) / 2);
  const quietMs = Math.max(before.longestMs, after.longestMs);
  before = after;
  return { ...one, share, quietMs };
}

/** Tells how many commands a second were acknowledged while something is done. */
async function during(action) {
  longestMs = 0;
  const [begunAt, beginMs] = [acknowledged, performance.now()];
  const peakMib = await action();
  const ms = performance.now() - beginMs;
  return { ms, rate: ((acknowledged - begunAt) / ms) * 1_000, longestMs, peakMib };
}

function report(name, all) {
  const of = (get) => median(all.map(get));
  const seconds = of(({ ms }) => ms / 1_000);
  const worst = (get) => Math.max(...all.map(get)).toFixed(0);
  console.log(
    `${name}: ${seconds.toFixed(1)} s, ${(MIB / seconds).toFixed(0)} MiB/s; ${of(({ rate }) => rate).toFixed(0)} op/s, ` +
      `${of(({ share }) => share).toFixed(2)} of before and after; longest gap ${worst(({ longestMs: gap }) => gap)} ms, ` +
      `${worst(({ quietMs }) => quietMs)} without; medians and worst of ${ROUNDS}`,
  );
}

/** Adds a member, and waits until it has the snapshot. @returns the peak of its memory */
async function join(place) {
  const [memberId, address] = [place + 1, cluster.addresses[place]];
  await cluster.join(place);
  await client.addLearner({ memberId, address }, bounds);
  for (;;) {
    const { applied } = await client.status(address, bounds);
    if (applied > 0) return memoryOf(cluster.children[place], "VmHWM");
    await wait(POLL_MS);
  }
}

async function leaderOf() {
  for (;;) {
    for (const address of founders) if ((await client.status(address, bounds)).role === "Leader") return address;
  }
}

/** Mebibytes of a process. */
function memoryOf({ pid }, name) {
  const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"));
  return Math.round(Number(kibibytes) / 1_024);
}

/** What was held while the state was filled does not count. */
function resetPeak(pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
