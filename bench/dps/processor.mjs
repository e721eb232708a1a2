/**
 * What a client's process takes of the processor, all its threads: for an exchange with etcd and NATS, ours and bare in
 * turns, and for a file of 64 KiB in a folder, in etcd and NATS, and in three servers of our own. Reported, without
 * gates: it says more than the clock where others use the machine. `node bench/dps/processor.mjs [ROUNDS]`
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEtcdMetadata } from "specwire/store/etcd";
import { openNatsChunks } from "specwire/store/nats";
import { openKeyStore } from "specwire/store/node";
import { startEtcd, startNats } from "../../scripts/servers/start.mjs";
import { open as openDps } from "./node/ours.mjs";
import { shuffled } from "../lib/measure.mjs";
import { absent, cells } from "../engines-remote/index.mjs";

const ROUNDS = Number(process.argv[2] ?? 6);
/** Exchanges and files per round. */
const [BYTES_PER_ROUND, EXCHANGES_MAX, FILES] = [16 << 20, 160, 20];
const FILE_BYTES = 65_536;

console.log("milliseconds of the processor, least of", ROUNDS, "rounds");
for (const cell of cells) await measureExchanges(cell);
const folder = mkdtempSync(join(tmpdir(), "bench-processor-"));
try {
  await measureFiles("a folder", await openStore({ folder: join(folder, "files") }));
  if (absent.length === 0) await measureFiles("etcd and NATS", await openRemote());
  await measureFiles("three servers of our own", await openCluster(join(folder, "dps")));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

async function measureExchanges({ name, inFlight, inputs, candidates }) {
  const sessions = [];
  for (const candidate of candidates) sessions.push({ name: candidate.name, session: await candidate.open() });
  const number = Math.min(EXCHANGES_MAX, BYTES_PER_ROUND / inputs[0].bytes.length);
  const least = {};
  // The first round compiles.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { name: one, session } of shuffled(sessions)) {
      const ms = await processorMs(number, inFlight, (i) => exchange(session, inputs[i % inputs.length]));
      if (round > 0) least[one] = Math.min(least[one] ?? Infinity, ms);
    }
  }
  for (const { session } of sessions) await session.close();
  console.log(`${name}: ${sessions.map((one) => `${one.name} ${least[one.name].toFixed(2)}`).join(", ")}`);
}

async function measureFiles(name, { put, get, close }) {
  const least = { put: Infinity, get: Infinity };
  for (let round = 0; round <= ROUNDS; round++) {
    const nameOf = (i) => `${round} ${i}`;
    const putMs = await processorMs(FILES, 1, (i) => put(nameOf(i), randomBytes(FILE_BYTES)));
    const getMs = await processorMs(FILES, 1, (i) => get(nameOf(i)));
    if (round === 0) continue;
    least.put = Math.min(least.put, putMs);
    least.get = Math.min(least.get, getMs);
  }
  await close();
  console.log(`a file of 64 KiB in ${name}: put ${least.put.toFixed(1)}, get ${least.get.toFixed(1)}`);
}

/** Milliseconds of the processor for each of `number` pieces of work, `inFlight` of them at a time. */
async function processorMs(number, inFlight, work) {
  const before = process.cpuUsage();
  let begun = 0;
  const worker = async () => {
    while (begun < number) await work(begun++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / number;
}

function exchange(session, input) {
  return new Promise((resolve) => session.exchange(input, resolve));
}

async function openStore(options) {
  const { store, close } = await openKeyStore({ ttlSeconds: 3600, ...options });
  const get = async (name) => {
    const { bytes } = await store.get(name);
    const parts = [];
    for await (const part of bytes) parts.push(part);
    return Buffer.concat(parts);
  };
  return { put: (name, bytes) => store.put(bytes, { name }), get, close };
}

async function openRemote() {
  const [etcd, nats] = [await startEtcd(), await startNats()];
  const records = await openEtcdMetadata({ endpoints: etcd.addresses });
  const pieces = await openNatsChunks({ servers: nats.addresses });
  const { put, get, close } = await openStore({
    folder: join(folder, "remote"),
    metadata: records.metadata,
    chunks: pieces.chunks,
  });
  const closeAll = async () => {
    for (const part of [{ close }, records, pieces, etcd, nats]) await part.close();
  };
  return { put, get, close: closeAll };
}

async function openCluster(path) {
  const { putBytes, getBytes, close } = await openDps(path);
  return { put: putBytes, get: getBytes, close };
}
