/**
 * A pipeline by hand over three processes: a file is cut and hashed as the node does it, each chunk stored by all three
 * servers, which hash it again and sync it, and its record by a majority.
 */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { open as openFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { connectTo } from "./frames.mjs";

const SERVERS = 3;
const BLOCK_BYTES = 4 * 1024 * 1024;
const IN_FLIGHT = 8;
const NAME = "file";

/** @param {string} folder of the servers, which go on with what is there */
export async function open(folder) {
  const started = await Promise.all(Array.from({ length: SERVERS }, (_, i) => start(join(folder, `server${i}`))));
  const [first, ...rest] = started;
  first.child.send({ ports: rest.map(({ port }) => port) });
  await once(first.child, "message");
  const peers = await Promise.all(started.map(({ port }) => connectTo(port)));
  return {
    put: (path) => putFile(peers, path),
    get: (path) => getFile(peers, path),
    putBytes: (name, bytes) => putBytes(peers, name, bytes),
    getBytes: (name) => getBytes(peers, name),
    commit: (name, bytes) => peers[0].ask({ op: "record", key: keyOf(name) }, bytes),
    async close() {
      for (const peer of peers) peer.close();
      await Promise.all(
        started.map(async ({ child }) => {
          const ended = once(child, "exit");
          child.disconnect();
          await ended;
        }),
      );
    },
  };
}

async function start(folder) {
  const child = fork(new URL("pipeline-server.mjs", import.meta.url), [folder]);
  const [{ port }] = await once(child, "message");
  return { child, port };
}

const digest = (bytes) => createHash("sha256").update(bytes).digest("hex");
const keyOf = (name) => digest(name);

/** A chunk at all servers. */
function storeChunk(peers, hash, bytes) {
  return Promise.all(peers.map((peer) => peer.ask({ op: "chunk", key: hash, hash }, bytes)));
}

async function putFile(peers, path) {
  const file = await openFile(path);
  const { size } = await file.stat();
  const whole = createHash("sha256");
  const chunks = [];
  const underWay = new Set();
  for (let at = 0; at < size; at += BLOCK_BYTES) {
    const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, size - at));
    await file.read(block, 0, block.length, at);
    whole.update(block);
    const hash = digest(block);
    chunks.push(hash);
    const stored = storeChunk(peers, hash, block).then(() => underWay.delete(stored));
    underWay.add(stored);
    if (underWay.size >= IN_FLIGHT) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  await file.close();
  const record = JSON.stringify({ hash: whole.digest("hex"), chunks });
  await peers[0].ask({ op: "record", key: keyOf(NAME) }, Buffer.from(record));
}

async function getFile(peers, path) {
  const { hash, chunks } = JSON.parse(await peers[0].ask({ op: "read", key: keyOf(NAME) }));
  const whole = createHash("sha256");
  const file = await openFile(`${path}.tmp`, "w");
  const coming = [];
  const ask = (i) => coming.push(peers[i % peers.length].ask({ op: "get", key: chunks[i] }));
  for (let i = 0; i < Math.min(IN_FLIGHT, chunks.length); i++) ask(i);
  for (const [i, expected] of chunks.entries()) {
    const bytes = await coming.shift();
    if (i + IN_FLIGHT < chunks.length) ask(i + IN_FLIGHT);
    if (digest(bytes) !== expected) throw new Error(`chunk ${i}`);
    whole.update(bytes);
    await file.write(bytes);
  }
  if (whole.digest("hex") !== hash) throw new Error("file");
  await file.sync();
  await file.close();
  await rename(`${path}.tmp`, path);
  const folder = await openFile(dirname(path));
  await folder.sync();
  await folder.close();
}

async function putBytes(peers, name, bytes) {
  const hash = digest(bytes);
  await storeChunk(peers, hash, bytes);
  await peers[0].ask({ op: "record", key: keyOf(name) }, Buffer.from(JSON.stringify({ hash, chunks: [hash] })));
}

async function getBytes(peers, name) {
  const { hash, chunks } = JSON.parse(await peers[0].ask({ op: "read", key: keyOf(name) }));
  const bytes = await peers[0].ask({ op: "get", key: chunks[0] });
  if (digest(bytes) !== hash) throw new Error("file");
  return bytes;
}
