/**
 * Commands and reads of a cluster of three processes on this machine: ours with all that a member does, a quorum log by
 * hand, which is the floor for Node.js, and etcd and NATS where they are installed.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { INPUTS } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { FrameCutter, frameOf } from "../rpc/echo.mjs";
import { hasEtcd, openEtcd, openEtcdReads } from "./etcd.mjs";
import { hasNats, openNats } from "./nats.mjs";
import { openHand, openRaft, openReads } from "./sessions.mjs";

/**
 * Exchanges of milliseconds: longer batches, fewer of them, five seconds in each of three processes. Servers run for
 * days: after one second, a fifth of what members took of the processor went into compiling them.
 */
const EFFORT = { warmMs: 4_000, batchMs: 500, rounds: 5, batches: 2 };

const absentOf = (names) => [
  ...(hasEtcd || !names.includes("etcd") ? [] : ["etcd"]),
  ...(hasNats || !names.includes("NATS R3") ? [] : ["NATS R3"]),
];
for (const name of absentOf(["etcd", "NATS R3"])) {
  const needed = name === "etcd" ? "etcd-server of Debian and @grpc/grpc-js of bench/rivals" : "nats-server of Debian";
  console.error(`skipped ${name} in raft: it needs ${needed}`);
}

const random = makeRandom();
const inputsOf = (bytes) =>
  Array.from({ length: INPUTS }, (_, input) => ({ input, value: Buffer.from(random.bytes(bytes)) }));

export const cells = [
  ...[1, 64, 256].map((inFlight) => putCell(`put of 1 KiB, synced, ${inFlight} in flight`, 1_024, inFlight, true)),
  putCell("put of 64 KiB, synced, 16 in flight", 65_536, 16, true),
  putCell("put of 1 KiB, in memory, 64 in flight", 1_024, 64, false),
  readCell("read of 1 KiB by a round, 1 in flight", 1),
  readCell("read of 1 KiB by a round, 64 in flight", 64),
  leaseCell("read of 1 KiB by a lease, 64 in flight", 64),
].filter((cell) => cell.candidates.length > 1);

export const absent = hasEtcd ? [] : [1, 64].map((n) => `read of 1 KiB by a round, ${n} in flight`);

function putCell(name, bytes, inFlight, isDurable) {
  const candidates = [
    { name: "raft", ours: true, open: () => openRaft(isDurable, inFlight) },
    { name: "quorum log by hand", open: () => openHand(isDurable) },
  ];
  if (isDurable && bytes === 1_024 && hasEtcd) candidates.push({ name: "etcd", open: openEtcd });
  // It acknowledges before it syncs.
  if (!isDurable && hasNats) candidates.push({ name: "NATS R3", open: openNats });
  const plain = (code) => code;
  const absentRivals = absentOf(isDurable ? ["etcd"] : ["NATS R3"]);
  return { name, inFlight, effort: EFFORT, inputs: inputsOf(bytes), plain, candidates, absent: absentRivals };
}

function plainOf(value) {
  return [value.length, value[0], value.at(-1)];
}

function readCell(name, inFlight) {
  const inputs = inputsOf(1_024);
  const candidates = [{ name: "raft", ours: true, open: () => openReads("readIndex", inputs) }];
  if (hasEtcd) candidates.push({ name: "etcd", open: () => openEtcdReads(inputs) });
  return { name, inFlight, effort: EFFORT, inputs, plain: plainOf, candidates, absent: absentOf(["etcd"]) };
}

function leaseCell(name, inFlight) {
  const inputs = inputsOf(1_024);
  const candidates = [
    { name: "raft", ours: true, open: () => openReads("lease", inputs) },
    { name: "node:net echo", open: openEcho },
  ];
  return { name, inFlight, effort: EFFORT, inputs, plain: plainOf, candidates };
}

/** A bare server that sends each frame back. */
async function openEcho() {
  const child = fork(new URL("../rpc/call-server.mjs", import.meta.url), ["echo", "uint32be"]);
  const [port] = await once(child, "message");
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const waiting = [];
  const cutter = new FrameCutter("uint32be", (frame) => waiting.shift()(frame));
  socket.on("data", (chunk) => cutter.push(chunk));
  return {
    exchange({ value }, done) {
      waiting.push(done);
      socket.write(frameOf("uint32be", value));
    },
    async close() {
      socket.destroy();
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
