/** The file server over TCP, on a key store. */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { toHex } from "../../../../src/bytes/index.js";
import { isWireError } from "../../../../src/errors.js";
import { sha256 } from "../../../../src/kernel/index.js";
import {
  createFileClient,
  startFileServer,
  type RunningFileClient,
  type RunningFileServer,
  type ServedStore,
} from "../../../../src/protocols/rpc/file-server/node.js";
import { KeyStore, memoryChunks, memoryMetadata, type ChunkStore } from "../../../../src/protocols/store/index.js";

const NONE = "0".repeat(64);
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Served {
  readonly server: RunningFileServer;
  readonly client: RunningFileClient;
  readonly chunks: ChunkStore;
  readonly logged: string[];
}

async function serve(
  options: { ttlSeconds?: bigint; fileBytesMax?: number; store?: ServedStore } = {},
): Promise<Served> {
  const chunks = memoryChunks();
  let nowNs = 1_700_000_000_000_000_000n;
  const { ttlSeconds, store, ...rest } = options;
  const kept =
    store ??
    (await KeyStore.open({
      chunks,
      metadata: memoryMetadata(),
      unixNs: () => (nowNs += 2_000_000_000n),
      ...(ttlSeconds !== undefined && { ttlSeconds }),
    }));
  const logged: string[] = [];
  const server = await startFileServer({
    store: kept,
    log: ({ message, fields }) => logged.push(`${message} ${JSON.stringify(fields)}`),
    ...rest,
  });
  const client = createFileClient({ server: server.address });
  closing.push(
    () => server.stop(),
    () => client.stop(),
  );
  return { server, client, chunks, logged };
}

function content(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31) ^ (i >> 8);
  return bytes;
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return isWireError(error) ? `${error.code}${error.actual === undefined ? "" : `: ${error.actual}`}` : String(error);
}

/** Sends bytes over a link of its own. @returns what comes back until the server closes it */
function exchange(address: string, parts: readonly Uint8Array[], ends = false): Promise<Buffer> {
  const [host, port] = address.split(":") as [string, string];
  return new Promise((resolve, reject) => {
    const got: Buffer[] = [];
    const socket = connect({ host, port: Number(port), allowHalfOpen: true }, () => {
      for (const part of parts) socket.write(part);
      if (ends) socket.end();
    });
    socket.on("data", (bytes: Buffer) => got.push(bytes));
    socket.on("end", () => {
      socket.destroy();
      resolve(Buffer.concat(got));
    });
    socket.on("error", reject);
  });
}

/** A server that answers the first bytes of a link with `reply`, and closes it. */
async function liar(reply: Uint8Array): Promise<string> {
  const server = createServer((socket: Socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(resolve)));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function clientOf(reply: Uint8Array): Promise<RunningFileClient> {
  const client = createFileClient({ server: await liar(reply), idleTimeoutMs: 200, replyTimeoutMs: 200 });
  closing.push(() => client.stop());
  return client;
}

describe("a file server on a key store", () => {
  it.each([0, 1, 65_536, 300_000, 9_000_000])("takes and gives back %i bytes, by hash and by name", async (size) => {
    const { client } = await serve();
    const bytes = content(size);
    const hash = await client.upload("ä name", bytes);
    expect(toHex(hash)).toBe(toHex(sha256(bytes)));
    for (const file of [hash, "ä name"]) {
      const { sizeBytes, bytes: parts } = await client.download(file);
      expect(sizeBytes).toBe(size);
      expect(Buffer.compare(await all(parts), bytes)).toBe(0);
    }
    expect(await client.list()).toEqual([{ name: "ä name", hash, sizeBytes: size }]);
    await client.delete(hash);
    expect(await client.list()).toEqual([]);
    expect(await codeOf(client.download(hash))).toBe("missing");
  });

  it("takes a stream in parts of any size, and many transfers at a time", async () => {
    const { client, server } = await serve();
    const stream = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      for (let at = 0, step = 1; at < bytes.length; at += step, step *= 7) yield bytes.subarray(at, at + step);
    };
    const files = Array.from({ length: 12 }, (_, i) => content(100_000 + i));
    const hashes = await Promise.all(
      files.map((bytes, i) => client.upload(`${i}`, { sizeBytes: bytes.length, bytes: stream(bytes) })),
    );
    const read = await Promise.all(hashes.map(async (hash) => all((await client.download(hash)).bytes)));
    expect(read.map((bytes, i) => Buffer.compare(bytes, files[i]!))).toEqual(files.map(() => 0));
    expect((await exchange(server.address, [Buffer.from("0000000103", "hex")])).subarray(0, 1)).toEqual(Buffer.of(0));
  });

  it("gives known bytes the name of their last upload", async () => {
    const { client } = await serve();
    const hash = await client.upload("old", content(10));
    expect(await client.upload("new", content(10))).toEqual(hash);
    expect(await codeOf(client.download("old"))).toBe("missing");
    expect(await client.list()).toMatchObject([{ name: "new" }]);
  });

  it("says what is missing or expired, and what the store refuses", async () => {
    const { client, logged } = await serve({ ttlSeconds: 1n });
    expect(await codeOf(client.download("none"))).toBe("missing");
    expect(await codeOf(client.delete(new Uint8Array(32)))).toBe(`status: file not found for hash ${NONE}`);
    const hash = await client.upload("short-lived", content(5));
    await client.list();
    expect(await codeOf(client.download(hash))).toBe("missing");
    expect(logged).toEqual([]);
    const full: ServedStore = {
      put: () => Promise.reject(new Error("ENOSPC: /secret/path")),
      get: () => Promise.reject(new Error("EACCES: /secret/path")),
      list: () => [],
      delete: () => Promise.resolve(false),
    };
    const refusing = await serve({ store: full });
    expect(await codeOf(refusing.client.upload("a", content(3_000_000)))).toBe("status: the store failed");
    expect(await codeOf(refusing.client.download("a"))).toBe("status: the store failed");
    expect(refusing.logged.join()).toContain("/secret/path");
  });

  it("refuses a file above fileBytesMax by its announcement", async () => {
    const { client } = await serve({ fileBytesMax: 10 });
    expect(await codeOf(client.upload("a", content(11)))).toBe("status: file too large: 11 bytes, at most 10");
    expect(await client.upload("a", content(10))).toHaveLength(32);
  });

  it("closes a download whose chunk is damaged, and the client counts bytes", async () => {
    const { client, chunks, logged } = await serve();
    const hash = await client.upload("a", content(9_000_000));
    const [first] = (await chunks.list("")).slice(-1);
    await chunks.put(first!, new Uint8Array(10));
    const { bytes } = await client.download(hash);
    expect(await codeOf(all(bytes))).toMatch(/^closed: \d+ bytes of the file are missing/);
    expect(logged.join()).toContain("chunks[");
  });

  it("keeps nothing of an upload that is cut, cancelled or of another size", async () => {
    const { client, server } = await serve();
    const parts = (lengths: readonly number[]) => ({ sizeBytes: 20, bytes: lengths.map(content) });
    expect(await codeOf(client.upload("a", parts([5, 5])))).toMatch(/^argument/);
    expect(await codeOf(client.upload("a", parts([5, 50])))).toMatch(/^argument/);
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) yield content(70_000);
    };
    const signal = AbortSignal.timeout(50);
    const upload = client.upload("a", { sizeBytes: 2 ** 50, bytes: endless() }, { signal });
    expect(await codeOf(upload)).toMatch(/^cancelled/);
    const short = Buffer.from("00000010010005732e62696e0000000000000028001f3e", "hex");
    expect((await exchange(server.address, [short], true)).toString("latin1")).toContain(
      "received 3 bytes, expected 40",
    );
    expect(await exchange(server.address, [short.subarray(0, 15)], true)).toHaveLength(0);
    expect(await client.list()).toEqual([]);
  });

  it("takes a download in pieces as slow as its reader, and frees one that is given up", async () => {
    const { client, server } = await serve();
    const hash = await client.upload("a", content(4_000_000));
    const download = await client.download(hash);
    let got = 0;
    for await (const part of download.bytes) {
      got += part.length;
      if (got > 1_000_000) break;
    }
    const other = await client.download(hash);
    other.cancel();
    expect(await codeOf(all(other.bytes))).toMatch(/^closed/);
    expect(await codeOf(client.download(hash, { signal: AbortSignal.abort() }))).toMatch(/^cancelled/);
    await client.stop();
    await server.stop();
  });
});

describe("a client refuses", () => {
  const stored = Buffer.concat([Buffer.of(0), new Uint8Array(32)]);
  const listed = (json: string): Buffer => {
    const text = Buffer.from(json);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(text.length, 1);
    return Buffer.concat([head, text]);
  };
  it("a hash of other bytes", async () => {
    expect(await codeOf((await clientOf(stored)).upload("a", content(9)))).toBe("crc: another one");
    expect(await codeOf((await clientOf(stored)).upload("a", content(9_000_000)))).toMatch(/^(crc|closed)/);
  });
  it("a file that has another hash, behind its last part", async () => {
    const found = Buffer.concat([Buffer.from("000000000000000003", "hex"), Buffer.from("abc")]);
    const client = await clientOf(found);
    const { bytes } = await client.download(new Uint8Array(32));
    expect(await codeOf(all(bytes))).toBe("crc: another one");
    expect(await all((await client.download(sha256(Buffer.from("abc")))).bytes)).toEqual(Buffer.from("abc"));
    expect(await all((await client.download("name")).bytes)).toEqual(Buffer.from("abc"));
  });
  it.each([
    ["another status", "07", /^range/],
    ["a status of downloads alone", "01", /^range/],
    ["a list that is cut off", "00000000ff5b", /^closed/],
    ["a list of 4 GiB", "00ffffffff5b", /^limit/],
    ["a text of 4 GiB", "02ffffffff", /^limit/],
    ["nothing", "", /^closed/],
  ])("%s", async (_name, hex, code) => {
    expect(await codeOf((await clientOf(Buffer.from(hex, "hex"))).list())).toMatch(code);
  });
  it.each(["{", "{}", "[1]", '[{"name":1}]', `[{"name":"a","hash":"00","size":1}]`, `[{"name":"a","hash":"${NONE}"}]`])(
    "the list %s",
    async (json) => {
      expect(await codeOf((await clientOf(listed(json))).list())).toMatch(/^text/);
    },
  );
  it("a size that is no number", async () => {
    const client = await clientOf(Buffer.from(`00${"ff".repeat(8)}`, "hex"));
    expect(await codeOf(client.download("a"))).toMatch(/^unsafe-integer/);
  });
  it("to wait for a server that does not answer", async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const client = createFileClient({
      server: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      idleTimeoutMs: 100,
      replyTimeoutMs: 100,
      limits: { lingerTimeoutMs: 10 },
    });
    closing.push(() => client.stop());
    expect(await codeOf(client.list())).toMatch(/^timeout/);
    expect(await codeOf(client.download("a"))).toMatch(/^timeout/);
    expect(await codeOf(client.upload("a", content(10)))).toMatch(/^timeout/);
    expect(await codeOf(client.upload("a", content(50_000_000)))).toMatch(/^timeout/);
    await client.stop();
    server.close();
  });
});
