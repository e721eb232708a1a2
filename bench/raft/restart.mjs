/**
 * How long a member takes to start with a long log: node bench/raft/restart.mjs [MIB] [ROUNDS]
 *
 * Each start is a process of its own, after one that has only read the files of the folder and their CRC-32. Reported
 * is the time until the log is read, and until all of it is applied and a command may come, which takes an election
 * too. A program of its own, without gates.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { encodeKv, KvState } from "specwire/raft";
import { startRaftMember } from "specwire/raft/node";
import { median } from "../lib/measure.mjs";
import { freeAddresses, newFolder } from "./cluster.mjs";
import { keyOf } from "./state.mjs";

const MIB = 2 ** 20;
const VALUE_BYTES = 1_024;
const IN_FLIGHT = 256;
const TIMEOUT_MS = 60_000;
const WORK = { bare, started, filled };

if (process.send !== undefined) {
  const [work, folder, address, bytes] = process.argv.slice(2);
  process.send(await WORK[work](folder, address, Number(bytes)));
  process.disconnect();
} else await main();

async function main() {
  const [mib = 64, rounds = 5] = process.argv.slice(2).map(Number);
  const { folder, remove } = newFolder();
  const [address] = await freeAddresses(1);
  const ask = async (work) => {
    const child = fork(fileURLToPath(import.meta.url), [work, folder, address, String(mib * MIB)]);
    const ended = once(child, "exit");
    const [answer] = await once(child, "message");
    await ended;
    return answer;
  };
  await ask("filled");
  const times = { bare: [], read: [], served: [] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push((await ask("bare")).ms);
    const { readMs, servedMs } = await ask("started");
    times.read.push(readMs);
    times.served.push(servedMs);
  }
  const [bareMs, readMs, servedMs] = [times.bare, times.read, times.served].map(median);
  console.log(
    `log of ${mib} MiB: files and CRC-32 alone ${bareMs.toFixed(0)} ms; read ${readMs.toFixed(0)} ms, ` +
      `${(readMs / bareMs).toFixed(1)} times that; serving ${servedMs.toFixed(0)} ms; medians of ${rounds}`,
  );
  remove();
}

/** A member that is a cluster, and takes no snapshots by itself. */
function start(folder, address) {
  return startRaftMember({
    clusterId: Uint8Array.from({ length: 8 }, (_, i) => i + 1),
    memberId: 1,
    listen: address,
    members: [{ member: 1, address }],
    stateMachine: () => new KvState(),
    folder,
    snapshotLogBytes: 2 ** 40,
    snapshotEntries: 2 ** 40,
  });
}

async function filled(folder, address, bytes) {
  const member = await start(folder, address);
  await member.ready({ timeoutMs: TIMEOUT_MS });
  let left = Math.ceil(bytes / VALUE_BYTES);
  const put = async () => {
    while (left-- > 0) {
      const command = encodeKv({ op: "put", key: keyOf(left % 1_024), value: new Uint8Array(VALUE_BYTES).fill(left) });
      await member.propose(command, { timeoutMs: TIMEOUT_MS });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, put));
  await member.stop();
  return {};
}

async function started(folder, address) {
  const beginMs = performance.now();
  const member = await start(folder, address);
  const readMs = performance.now() - beginMs;
  await member.ready({ timeoutMs: TIMEOUT_MS });
  const servedMs = performance.now() - beginMs;
  await member.stop();
  return { readMs, servedMs };
}

async function bare(folder) {
  const beginMs = performance.now();
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) crc32(readFileSync(join(file.parentPath ?? file.path, file.name)));
  }
  return { ms: performance.now() - beginMs };
}
