/**
 * What a large snapshot costs a cluster at work: node bench/raft/snapshot.mjs [MIB]
 *
 * Three members hold a state of so many MiB, by default 100, while one client puts values of 1 KiB, 16 in flight. Then
 * a new member gets the snapshot, and then the leader takes another. Reported are the rate of commands before and
 * during each, and the longest time without an acknowledgement. A program of its own, without gates.
 */
import { randomBytes } from "node:crypto";
import { encodeKv } from "specwire/raft";
import { createRaftClient } from "specwire/raft/node";
import { startCluster } from "./cluster.mjs";
import { keyOf } from "./state.mjs";

const MIB = Number(process.argv[2] ?? 100);
const VALUE_BYTES = 65_536;
const IN_FLIGHT = 16;
const TIMEOUT_MS = 120_000;
const BEFORE_MS = 5_000;
const POLL_MS = 100;
const NEW_MEMBER = 4;

const cluster = await startCluster("raft", true, { spare: 1 });
const members = cluster.addresses;
const client = createRaftClient({ clusterId: Uint8Array.from({ length: 8 }, (_, i) => i + 1), members });
const bounds = { timeoutMs: TIMEOUT_MS };
const putAt = (key, value) => client.propose(encodeKv({ op: "put", key, value }), bounds);

for (let i = 0; i < (MIB * 2 ** 20) / VALUE_BYTES; i++)
  await putAt(Buffer.from(`large ${i}`), randomBytes(VALUE_BYTES));

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
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (acknowledged !== last) {
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      [last, lastMs] = [acknowledged, performance.now()];
    }
  }
})();

const { rate: before } = await during("at work", () => new Promise((resolve) => setTimeout(resolve, BEFORE_MS)));
const leader = await leaderOf();
await during("the leader takes a snapshot", () => client.snapshot(leader, bounds), before);
await during("a new member gets it", () => join(), before);
over.abort();
await Promise.all([...work, watch]);
await client.stop();
await cluster.close();

/** Tells how many commands a second were acknowledged while something is done. */
async function during(name, action, rateBefore) {
  longestMs = 0;
  const [begunAt, beginMs] = [acknowledged, performance.now()];
  await action();
  const ms = performance.now() - beginMs;
  const rate = ((acknowledged - begunAt) / ms) * 1_000;
  const share = rateBefore === undefined ? "" : `, ${(rate / rateBefore).toFixed(2)} of before`;
  console.log(
    `${name}: ${(ms / 1_000).toFixed(1)} s, ${rate.toFixed(0)} op/s${share}, longest gap ${longestMs.toFixed(0)} ms`,
  );
  return { rate };
}

async function join() {
  await cluster.join(NEW_MEMBER - 1);
  await client.addLearner({ memberId: NEW_MEMBER, address: members[NEW_MEMBER - 1] }, bounds);
  for (;;) {
    const { applied } = await client.status(members[NEW_MEMBER - 1], bounds);
    if (applied > 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function leaderOf() {
  for (;;) {
    for (const address of members.slice(0, 3))
      if ((await client.status(address, bounds)).role === "Leader") return address;
  }
}
