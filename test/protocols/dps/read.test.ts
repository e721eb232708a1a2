/** Reading a file: how many chunks are under way, in which order they come, and what a failure leaves behind. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { commandsOf, FileState, getFile, type FilePort } from "../../../src/protocols/dps/index.js";
import { pathOperations } from "../../../src/protocols/dps/files/paths/node.js";
import { distributed } from "../../../src/protocols/dps/files/records.js";
import { fileLedger } from "../../../src/protocols/dps/ledger/node.js";
import { KeyStore, makeRecord, memoryChunks, memoryMetadata } from "../../../src/protocols/store/index.js";
import { bytesOf, collected, expectBytes } from "./cluster.js";

const CHUNK_BYTES = 100;
const CHUNKS = 40;
const BYTES = bytesOf(CHUNK_BYTES * CHUNKS - 30);
const CUT = Array.from({ length: CHUNKS }, (_, i) => BYTES.slice(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "read-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A port to one record, whose chunks come when they are let go. */
class Chunks {
  readonly waiting: { readonly index: number; end(value: Uint8Array): void }[] = [];
  most = 0;
  readonly port: FilePort;
  readonly hash: Uint8Array;

  constructor(fileHash = sha256(BYTES)) {
    this.hash = fileHash;
    const facts = { fileHash, totalSize: BigInt(BYTES.length), fileName: "f", modifiedNs: 0n, permissions: 0o644 };
    const cut = CUT.map((chunk) => ({ size: chunk.length, dataHash: sha256(chunk) }));
    const record = distributed(makeRecord({ ...facts, ttlSeconds: 0n, chunkSize: CHUNK_BYTES }, cut, ""));
    const state = new FileState();
    const [data] = commandsOf({ op: "put", record, ttlSeconds: 0 }, 1 << 20);
    state.apply({ index: 1, atMs: 0, data: data! });
    const none = () => Promise.reject(new Error("nobody is asked"));
    this.port = {
      command: none,
      voters: none,
      query: async (query) => state.query(query),
      dht: (request) => {
        const key = "key" in request ? request.key! : new Uint8Array(0);
        const index = record.references.findIndex((one) => Buffer.compare(one.key, key) === 0);
        return new Promise((resolve) => {
          this.waiting.push({ index, end: (value) => resolve({ type: "value", value } as never) });
          this.most = Math.max(this.most, this.waiting.length);
        });
      },
    };
  }

  /** Lets chunks come until a read is over, the last that was asked for first. */
  async serve(isOver: () => boolean, valueOf = (index: number): Uint8Array => CUT[index]!): Promise<void> {
    while (!isOver()) {
      for (const { index, end } of this.waiting.splice(0).toReversed()) end(valueOf(index));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

async function readAll(chunks: Chunks, valueOf?: (index: number) => Uint8Array): Promise<Uint8Array> {
  let isOver = false;
  const reading = (async () => collected((await getFile(chunks.port, chunks.hash)).bytes))();
  const end = (): void => void (isOver = true);
  reading.then(end, end);
  await chunks.serve(() => isOver, valueOf);
  return reading;
}

describe("a file that is read", () => {
  it("comes in its order, with at most eight of its chunks under way", async () => {
    const chunks = new Chunks();
    expectBytes(await readAll(chunks), BYTES);
    expect(chunks.most).toBe(8);
  });

  it("fails at a chunk of another length, and at its end if it is not what its hash says", async () => {
    const short = readAll(new Chunks(), (index) => CUT[index]!.subarray(index === 7 ? 1 : 0));
    await expect(short).rejects.toMatchObject({ code: "length", path: "chunks[7]" });
    await expect(readAll(new Chunks(sha256(bytesOf(3))))).rejects.toMatchObject({ code: "crc", path: "file" });
  });

  it("leaves the file that is in its place, and nothing beside it, where it fails on its way", async () => {
    const path = join(folder, "target");
    await writeFile(path, "before");
    const chunks = new Chunks();
    const { getToPath } = pathOperations({
      get: (hash, options) => getFile(chunks.port, hash, options),
      put: () => Promise.reject(new Error("no put")),
    });
    let isOver = false;
    const end = (): void => void (isOver = true);
    const writing = getToPath(chunks.hash, path);
    writing.then(end, end);
    await chunks.serve(
      () => isOver,
      (index) => CUT[index]!.subarray(index === 30 ? 1 : 0),
    );
    await expect(writing).rejects.toMatchObject({ code: "length" });
    expect(await readFile(path, "utf8")).toBe("before");
    expect(await readdir(folder)).toEqual(["target"]);
    await rm(path);
  });
});

describe("a handler that chunks are handed to", () => {
  it("may keep what it gets", async () => {
    const path = join(folder, "source");
    const bytes = bytesOf(200_000);
    await writeFile(path, bytes);
    const unixNs = (): bigint => 0n;
    const store = await KeyStore.open({ chunks: memoryChunks(), metadata: memoryMetadata(), unixNs });
    const kept: Uint8Array[] = [];
    const handler = { request: async (request: unknown) => void kept.push((request as { bytes: Uint8Array }).bytes) };
    await fileLedger(store).loadAndStoreFileRemote(path, handler);
    expect(kept.length).toBe(4);
    expectBytes(concatBytes(...kept), bytes);
    await rm(path);
  });
});
