/**
 * One of three servers of the pipeline by hand: `pipeline-server.mjs FOLDER`. It keeps chunks and records in one log,
 * whose appends share syncs, and answers frames over bare TCP. The first server has the records copied to the others.
 */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { open } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { connectTo, serveFrames } from "./frames.mjs";

const HEAD_BYTES = 4 + 32;

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const log = await openLog(join(folder, "log"));
/** Connections to the other servers, of the first one. */
let others = [];

const server = createServer((socket) => serveFrames(socket, answer));
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit());
process.on("message", async ({ ports }) => {
  others = await Promise.all(ports.map(connectTo));
  process.send("connected");
});

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/** Answers a request; its body is a chunk or a record. */
async function answer({ op, key, hash }, body) {
  switch (op) {
    case "chunk":
      if (!sha256(body).equals(Buffer.from(hash, "hex"))) throw new Error("chunk");
      await log.append(key, body);
      return Buffer.alloc(0);
    case "record": {
      // Itself and one of two others are a majority.
      const copies = others.map((other) => other.ask({ op: "copy", key }, body));
      await Promise.all([log.append(key, body), Promise.any(copies)]);
      return Buffer.alloc(0);
    }
    case "copy":
      await log.append(key, body);
      return Buffer.alloc(0);
    case "still":
      return Buffer.alloc(0);
    case "read":
      // A majority says that no other server leads.
      await Promise.any(others.map((other) => other.ask({ op: "still" })));
      return log.read(key);
    case "get":
      return log.read(key);
  }
  throw new Error(op);
}

/** A log of keys and bytes: found again by a scan, and synced for all that wait at once. */
async function openLog(path) {
  const file = await open(path, "a+").then((made) => made.close().then(() => open(path, "r+")));
  const places = new Map();
  let end = 0;
  const head = Buffer.alloc(HEAD_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, end);
    if (bytesRead < HEAD_BYTES) break;
    const length = head.readUInt32BE(0);
    places.set(head.toString("hex", 4), { at: end + HEAD_BYTES, length });
    end += HEAD_BYTES + length;
  }
  let waiting = [];
  let isBusy = false;
  const work = async () => {
    isBusy = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await file.writev(
        group.flatMap(({ front, bytes }) => [front, bytes]),
        end,
      );
      await file.datasync();
      for (const { key, bytes, done } of group) {
        places.set(key, { at: end + HEAD_BYTES, length: bytes.length });
        end += HEAD_BYTES + bytes.length;
        done();
      }
    }
    isBusy = false;
  };
  return {
    append(key, bytes) {
      const front = Buffer.alloc(HEAD_BYTES);
      front.writeUInt32BE(bytes.length, 0);
      front.write(key, 4, "hex");
      return new Promise((done) => {
        waiting.push({ key, front, bytes, done });
        // What comes in the same turn belongs to the same group.
        if (!isBusy) queueMicrotask(() => isBusy || work());
      });
    },
    async read(key) {
      const { at, length } = places.get(key);
      const bytes = Buffer.allocUnsafe(length);
      await file.read(bytes, 0, length, at);
      return bytes;
    },
  };
}
