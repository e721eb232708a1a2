/**
 * How long a cluster of three is without a leader: node bench/raft/failover.mjs [ROUNDS]
 *
 * One client puts keys one after the other. In each round the leader is killed, then hands over once it is back.
 * Reported is the longest time between two acknowledgements around either, with the times of a LAN and of a WAN.
 * A program of its own, without gates.
 */
import { EventEmitter, once } from "node:events";
import { encodeKv } from "specwire/raft";
import { createRaftClient } from "specwire/raft/node";
import { median } from "../lib/measure.mjs";
import { startCluster } from "./cluster.mjs";
import { keyOf } from "./state.mjs";

const ROUNDS = Number(process.argv[2] ?? 10);
const TIMEOUT_MS = 60_000;
const clusterId = Uint8Array.from({ length: 8 }, (_, i) => i + 1);

for (const timing of ["lan", "wan"]) {
  process.env.SPECWIRE_BENCH_TIMING = timing;
  const { killed, handedOver } = await measured();
  for (const [name, times] of [
    ["leader killed", killed],
    ["leadership handed over", handedOver],
  ]) {
    const worst = Math.max(...times);
    console.log(`${timing}, ${name}: median ${median(times).toFixed(0)} ms, worst ${worst.toFixed(0)} ms of ${ROUNDS}`);
  }
}

async function measured() {
  const cluster = await startCluster("raft", true);
  // Short attempts: what is measured is the cluster, not the patience of its client.
  const client = createRaftClient({ clusterId, members: cluster.addresses, attemptTimeoutMs: 100 });
  const command = encodeKv({ op: "put", key: keyOf(0), value: Buffer.alloc(64) });
  /** Of commands one after the other. */
  let longestMs = 0;
  const acknowledged = new EventEmitter();
  const stop = new AbortController();
  const work = (async () => {
    for (let lastMs = performance.now(); !stop.signal.aborted;) {
      await client.propose(command, { timeoutMs: TIMEOUT_MS });
      longestMs = Math.max(longestMs, performance.now() - lastMs);
      lastMs = performance.now();
      acknowledged.emit("one");
    }
  })();
  const [killed, handedOver] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    await settled();
    const leader = await leaderOf();
    const child = cluster.children[leader];
    const ended = once(child, "exit");
    longestMs = 0;
    child.kill("SIGKILL");
    await ended;
    await two();
    killed.push(longestMs);
    await cluster.restart(leader);
    await settled();
    longestMs = 0;
    await client.transfer(undefined, { timeoutMs: TIMEOUT_MS });
    await two();
    handedOver.push(longestMs);
  }
  stop.abort();
  await work;
  await client.stop();
  await cluster.close();
  return { killed, handedOver };

  /** Waits for the acknowledgements of the command under way and of one that begins after it. */
  async function two() {
    await once(acknowledged, "one");
    await once(acknowledged, "one");
  }

  async function leaderOf() {
    for (;;) {
      for (const [i, address] of cluster.addresses.entries()) {
        const status = await client.status(address, { timeoutMs: 1_000 }).catch(() => undefined);
        if (status?.role === "Leader") return i;
      }
    }
  }

  /** Lets a member that has started catch up. */
  async function settled() {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}
