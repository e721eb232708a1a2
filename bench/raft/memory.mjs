/**
 * What members hold in memory after many entries: node bench/raft/memory.mjs [ENTRIES]
 *
 * Clients put values of 128 B under 64 keys, by default a million times. Reported are the resident set of each member
 * then, and its peak. A program of its own, without gates; on Linux.
 */
import { readFileSync } from "node:fs";
import { encodeKv } from "specwire/raft";
import { createRaftClient } from "specwire/raft/node";
import { startCluster } from "./cluster.mjs";
import { keyOf } from "./state.mjs";

const ENTRIES = Number(process.argv[2] ?? 1_000_000);
const CLIENTS = 4;
const IN_FLIGHT = 64;
const TIMEOUT_MS = 60_000;

const cluster = await startCluster("raft", true);
const clusterId = Uint8Array.from({ length: 8 }, (_, i) => i + 1);
const clients = Array.from({ length: CLIENTS }, () => createRaftClient({ clusterId, members: cluster.addresses }));
const beginMs = performance.now();
let begun = 0;
const put = async (client) => {
  while (begun < ENTRIES) {
    const command = encodeKv({ op: "put", key: keyOf(begun++ % 64), value: Buffer.alloc(128, begun) });
    await client.propose(command, { timeoutMs: TIMEOUT_MS });
  }
};
await Promise.all(clients.flatMap((client) => Array.from({ length: IN_FLIGHT }, () => put(client))));
const rate = (ENTRIES / (performance.now() - beginMs)) * 1_000;
const mebibytesOf = (pid, name) => {
  const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"));
  return Math.round(Number(kibibytes) / 1_024);
};
const held = cluster.children.map(({ pid }) => `${mebibytesOf(pid, "VmRSS")} (peak ${mebibytesOf(pid, "VmHWM")})`);
console.log(`${ENTRIES} entries of 128 B, ${rate.toFixed(0)} a second: members hold ${held.join(", ")} MiB`);
await Promise.all(clients.map((client) => client.stop()));
await cluster.close();
