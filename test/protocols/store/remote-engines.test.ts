/** The contract of chunk and metadata stores on etcd, NATS and S3, and what becomes of it where servers fail. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { chunkKey, KeyStore, type ChunkStore } from "../../../src/protocols/store/index.js";
import { openEtcdMetadata, type EtcdMetadataOptions } from "../../../src/protocols/store/etcd/node.js";
import { openNatsChunks, type NatsChunksOptions } from "../../../src/protocols/store/nats/node.js";
import { openS3Chunks } from "../../../src/protocols/store/s3/node.js";
import { isServerMissing, startEtcd, startNats, type Cluster } from "../../support/servers.js";
import { chunkKeyOf, chunkSuite, metadataSuite, recordKeyOf } from "./back-end-suite.js";
import { bytesOf, codeOf, content, mixed, TestClock } from "./engines.js";
import { startS3Stub } from "./s3-stub.js";

/** How calls end where nobody answers; on a busy machine the last attempt may be late. */
const OUT_OF_REACH = ["unreachable", "timeout"];
/** Time for calls that succeed; nothing waits for its end. */
const PATIENCE_MS = 50_000;
/** Ends what a test has opened. */
const opened: (() => Promise<void>)[] = [];
let stores = 0;

async function etcdOn({ addresses }: Cluster, options: Partial<EtcdMetadataOptions> = {}) {
  const { metadata, close } = await openEtcdMetadata({
    endpoints: addresses,
    prefix: `store ${++stores}/`,
    // A machine that stalls neither loses it nor its calls.
    lockSeconds: 300,
    timeoutMs: PATIENCE_MS,
    ...options,
  });
  opened.push(close);
  return metadata;
}

async function natsOn({ addresses }: Cluster, options: Partial<NatsChunksOptions> = {}) {
  const name = options.stream ?? `s${++stores}`;
  const { chunks, close } = await openNatsChunks({
    servers: addresses,
    stream: name,
    subject: name,
    timeoutMs: PATIENCE_MS,
    ...options,
  });
  opened.push(close);
  return chunks;
}

/** Puts a chunk under each key, so many at a time that it takes a moment on a busy machine. */
async function inTurns(chunks: ChunkStore, keys: readonly string[]): Promise<void> {
  for (let i = 0; i < keys.length; i += 50) {
    await Promise.all(keys.slice(i, i + 50).map((key) => chunks.put(key, content(1))));
  }
}

const S3_CLIENT = { region: "none", credentials: { accessKeyId: "id", secretAccessKey: "key" } };

async function s3On(endpoint: string, options: { timeoutMs?: number; attemptTimeoutMs?: number } = {}) {
  const { chunks, close } = await openS3Chunks({
    bucket: "chunks",
    prefix: `store ${++stores}/`,
    client: { ...S3_CLIENT, endpoint },
    timeoutMs: PATIENCE_MS,
    ...options,
  });
  opened.push(close);
  return chunks;
}

afterAll(async () => {
  for (const close of opened) await close();
});

describe.skipIf(isServerMissing("etcd"))("metadata in etcd", () => {
  let etcd: Cluster;
  beforeAll(async () => {
    etcd = await startEtcd();
  });
  afterAll(() => etcd.close());

  metadataSuite(() => etcdOn(etcd));

  test("is refused above a megabyte, before it is sent", async () => {
    const metadata = await etcdOn(etcd);
    expect(await codeOf(metadata.put(recordKeyOf(1), content(1_000_001)))).toBe("limit");
    expect(await codeOf(metadata.cas(recordKeyOf(1), content(1_000_001), undefined))).toBe("limit");
    expect(await metadata.get(recordKeyOf(1))).toBeUndefined();
  });

  test("is open in one process at a time; one that lost it changes nothing", async () => {
    const prefix = "taken/";
    let lost = 0;
    const first = await etcdOn(etcd, { prefix, onLockLost: () => lost++ });
    await first.put(recordKeyOf(1), content(1));
    expect(await codeOf(etcdOn(etcd, { prefix }))).toBe("storage");
    const second = await etcdOn(etcd, { prefix, takeLock: true });
    const changes = [
      first.put(recordKeyOf(1), content(2)),
      first.cas(recordKeyOf(2), content(2), undefined),
      first.delete(recordKeyOf(1)),
    ];
    expect(await Promise.all(changes.map(codeOf))).toEqual(["storage", "storage", "storage"]);
    expect([lost, (await second.get(recordKeyOf(1)))?.bytes.length]).toEqual([1, 1]);
    await second.put(recordKeyOf(1), content(3));
    expect((await second.get(recordKeyOf(1)))?.bytes).toHaveLength(3);
  });

  test("does once what was tried twice, where the answer was lost", async () => {
    let losing = 0;
    const lossy: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (losing > 0 && String(url).endsWith("/kv/txn")) {
        losing--;
        throw new TypeError("the answer was lost");
      }
      return response;
    };
    const metadata = await etcdOn(etcd, { fetch: lossy });
    const first = await metadata.put(recordKeyOf(1), content(1));
    losing = 1;
    const second = await metadata.cas(recordKeyOf(1), content(2), first);
    expect(await metadata.get(recordKeyOf(1))).toMatchObject({ revision: second });
    expect(second).toBeDefined();
    losing = 3;
    await metadata.delete(recordKeyOf(1));
    losing = 2;
    const others = [1, 2, 3, 4].map((n) => metadata.put(recordKeyOf(n), content(n)));
    await Promise.all(others);
    expect(await metadata.list("metadata/", "")).toEqual([1, 2, 3, 4].map(recordKeyOf));
  });

  test("ends calls by deadline and by signal, and says what is wrong", async () => {
    const own = await startEtcd();
    const metadata = await etcdOn(own, { timeoutMs: 3_000, attemptTimeoutMs: 2_000 });
    await own.close();
    const calls = [
      metadata.get(recordKeyOf(1)),
      metadata.put(recordKeyOf(1), content(1)),
      metadata.list("metadata/", ""),
    ];
    for (const code of await Promise.all(calls.map(codeOf))) expect(OUT_OF_REACH).toContain(code);
    const silent: typeof fetch = () => new Promise(() => {});
    const hung = etcdOn(etcd, { fetch: silent, timeoutMs: 400, attemptTimeoutMs: 150 });
    expect(await codeOf(hung)).toBe("timeout");
    const abort = new AbortController();
    const waiting = etcdOn(etcd, { fetch: silent, signal: abort.signal });
    abort.abort("no longer");
    expect(await codeOf(waiting)).toBe("cancelled");
    expect(await codeOf(etcdOn(etcd, { signal: AbortSignal.abort() }))).toBe("cancelled");
    for (const wrong of [
      { endpoints: [] },
      { endpoints: ["nowhere"] },
      { timeoutMs: Number.NaN },
      { attemptTimeoutMs: Infinity },
      { lockSeconds: 0 },
      { prefix: "\n" },
    ]) {
      expect(await codeOf(etcdOn(etcd, wrong))).toBe("argument");
    }
  });

  test("goes on at another member where one does not answer", async () => {
    const metadata = await etcdOn({ ...etcd, addresses: ["127.0.0.1:1", ...etcd.addresses] });
    await metadata.put(recordKeyOf(1), content(4));
    expect((await metadata.get(recordKeyOf(1)))?.bytes).toHaveLength(4);
  });
});

describe.skipIf(isServerMissing("nats-server"))("chunks in NATS", () => {
  let nats: Cluster;
  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(() => nats.close());

  chunkSuite(() => natsOn(nats), {
    fill: inTurns,
    another: () => natsOn(nats, { stream: `s${stores}` }),
  });

  test("are found damaged at every read, and whole again once they are put", async () => {
    const chunks = await natsOn(nats);
    const name = `s${stores}`;
    const whole = mixed(1_200_000);
    await chunks.put(chunkKeyOf(1), content(9));
    await chunks.put(chunkKeyOf(2), whole);
    const { connect } = await import("@nats-io/transport-node");
    const { jetstream, jetstreamManager } = await import("@nats-io/jetstream");
    const connection = await connect({ servers: nats.addresses });
    const subjectOf = (n: number): string => `${name}.${chunkKeyOf(n).slice(0, 2)}.${chunkKeyOf(n).slice(2)}`;
    await jetstream(connection).publish(subjectOf(1), content(9, 1));
    const manager = await jetstreamManager(connection);
    await manager.streams.purge(name, { filter: `${subjectOf(2)}.*` });
    expect(await codeOf(chunks.get(chunkKeyOf(1), 9))).toBe("crc");
    expect(await codeOf(chunks.get(chunkKeyOf(2), whole.length))).toBe("crc");
    await chunks.put(chunkKeyOf(2), whole);
    expect(Buffer.compare((await chunks.get(chunkKeyOf(2), whole.length))!, whole)).toBe(0);
    // A writer that was cut off: a piece is there, and nothing that names it.
    const cutOff = () => jetstream(connection).publish(`${subjectOf(3)}.${"a".repeat(64)}`, content(9));
    await cutOff();
    expect([await chunks.has(chunkKeyOf(3)), await chunks.get(chunkKeyOf(3), 9)]).toEqual([false, undefined]);
    expect([await chunks.sweep(), await chunks.sweep()]).toEqual([1, 0]);
    await cutOff();
    expect(await chunks.list(chunkKeyOf(2))).toEqual([chunkKeyOf(3)]);
    await chunks.delete(chunkKeyOf(3));
    expect(await chunks.list(chunkKeyOf(2))).toEqual([]);
    await connection.close();
  });

  test("are found whole whether their first message holds the first bytes or none", async () => {
    const chunks = await natsOn(nats);
    const name = `s${stores}`;
    const whole = mixed(1_200_000);
    const { connect, headers } = await import("@nats-io/transport-node");
    const { jetstream, jetstreamManager } = await import("@nats-io/jetstream");
    const connection = await connect({ servers: nats.addresses });
    const subjectOf = (n: number): string => `${name}.${chunkKeyOf(n).slice(0, 2)}.${chunkKeyOf(n).slice(2)}`;
    await chunks.put(chunkKeyOf(1), whole);
    const { direct } = await jetstreamManager(connection);
    const first = await direct.getMessage(name, { last_by_subj: subjectOf(1) });
    const [none, ...hashes] = first!.header.get("Specwire-Sha256").split(",");
    expect([first!.data.length, none, hashes.length]).toEqual([0, toHex(sha256(new Uint8Array())), 3]);
    // The pieces of another chunk, of which the first message holds the bytes of the first.
    const of2 = headers();
    of2.set("Specwire-Sha256", hashes.join(","));
    const publisher = jetstream(connection);
    await publisher.publish(`${subjectOf(2)}.${hashes[1]}`, whole.subarray(524_288, 1_048_576));
    await publisher.publish(`${subjectOf(2)}.${hashes[2]}`, whole.subarray(1_048_576));
    await publisher.publish(subjectOf(2), whole.subarray(0, 524_288), { headers: of2 });
    await connection.close();
    const read = [await chunks.get(chunkKeyOf(1), whole.length), await chunks.get(chunkKeyOf(2), whole.length)];
    expect(read.map((bytes) => Buffer.compare(bytes!, whole))).toEqual([0, 0]);
    expect(await codeOf(chunks.get(chunkKeyOf(1), whole.length - 1))).toBe("limit");
  });

  test("are not swept that another has begun to put, or puts meanwhile", async () => {
    const [chunks, other] = [await natsOn(nats), await natsOn(nats, { stream: `s${stores}` })];
    const putting = chunks.put(chunkKeyOf(1), mixed(4_000_000));
    // Its own put is waited for; that of another begins when the sweep may no longer take it.
    await chunks.sweep(() => other.put(chunkKeyOf(2), mixed(3_000_000)));
    await putting;
    const read = [await chunks.get(chunkKeyOf(1), 4_000_000), await chunks.get(chunkKeyOf(2), 3_000_000)];
    expect(read.map((bytes, i) => Buffer.compare(bytes!, mixed([4_000_000, 3_000_000][i]!)))).toEqual([0, 0]);
  });

  test("whose put was given up are not taken for whole when a part of them arrives late", async () => {
    const chunks = await natsOn(nats, { timeoutMs: 1_000, attemptTimeoutMs: 200 });
    const name = `s${stores}`;
    const { connect, headers } = await import("@nats-io/transport-node");
    const { jetstream, jetstreamManager } = await import("@nats-io/jetstream");
    const connection = await connect({ servers: nats.addresses });
    const { streams } = await jetstreamManager(connection);
    const { config } = await streams.info(name);
    await streams.delete(name);
    const whole = mixed(600_000);
    // Of other bytes: where the server is slow, pieces of this put may arrive late too, and would make it whole.
    const others = whole.map((byte) => ~byte);
    expect(OUT_OF_REACH).toContain(await codeOf(chunks.put(chunkKeyOf(1), others)));
    await streams.add(config);
    const late = headers();
    const hashes = [whole.subarray(0, 524_288), whole.subarray(524_288)].map((piece) => toHex(sha256(piece)));
    late.set("Specwire-Sha256", hashes.join(","));
    const subject = `${name}.${chunkKeyOf(1).slice(0, 2)}.${chunkKeyOf(1).slice(2)}`;
    await jetstream(connection).publish(subject, whole.subarray(0, 524_288), { headers: late });
    await connection.close();
    const patient = await natsOn(nats, { stream: name });
    expect([await chunks.has(chunkKeyOf(1)), await codeOf(patient.get(chunkKeyOf(1), 600_000))]).toEqual([
      false,
      "crc",
    ]);
    await patient.put(chunkKeyOf(1), whole);
    expect(await chunks.has(chunkKeyOf(1))).toBe(true);
  });

  test("are refused in a stream that would drop them, and if they are too long", async () => {
    const { connect } = await import("@nats-io/transport-node");
    const { jetstreamManager } = await import("@nats-io/jetstream");
    const connection = await connect({ servers: nats.addresses });
    await (await jetstreamManager(connection)).streams.add({ name: "theirs", subjects: ["theirs.>"], max_age: 1e12 });
    await connection.close();
    const theirs = openNatsChunks({ servers: nats.addresses, stream: "theirs", subject: "theirs" });
    expect(await codeOf(theirs)).toBe("storage");
    const chunks = await natsOn(nats);
    expect(await codeOf(chunks.put(chunkKeyOf(1), new Uint8Array(4_194_305)))).toBe("limit");
    for (const wrong of [{ servers: [] }, { stream: "a b" }, { subject: ">" }, { replicas: 2 }, { timeoutMs: -1 }]) {
      expect(await codeOf(openNatsChunks({ servers: nats.addresses, ...wrong }))).toBe("argument");
    }
  });

  test("end calls by deadline and by signal where no server is left", async () => {
    const own = await startNats();
    const abort = new AbortController();
    const [chunks, watched] = [await natsOn(own, { timeoutMs: 3_000 }), await natsOn(own, { signal: abort.signal })];
    await own.close();
    const calls = [
      chunks.put(chunkKeyOf(1), content(1)),
      chunks.get(chunkKeyOf(1), 1),
      chunks.has(chunkKeyOf(1)),
      chunks.delete(chunkKeyOf(1)),
      chunks.list(""),
    ];
    for (const code of await Promise.all(calls.map(codeOf))) expect(OUT_OF_REACH).toContain(code);
    const waiting = watched.get(chunkKeyOf(1), 1);
    abort.abort("no longer");
    expect([await codeOf(waiting), await codeOf(watched.has(chunkKeyOf(1)))]).toEqual(["cancelled", "cancelled"]);
    expect(OUT_OF_REACH).toContain(await codeOf(natsOn(own, { timeoutMs: 500 })));
  });
});

describe("chunks in S3, as a stub speaks it", () => {
  let stub: Awaited<ReturnType<typeof startS3Stub>>;
  beforeAll(async () => {
    // It would tell on every run that its versions of next year need Node.js 22.
    vi.stubEnv("AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "true");
    stub = await startS3Stub("chunks");
  });
  afterAll(() => stub.close());

  // A call by the library takes 3 ms of the processor.
  chunkSuite(() => s3On(stub.endpoint), {
    async fill(_chunks, keys) {
      for (const key of keys) stub.objects.set(`store ${stores}/${key}`, { bytes: Buffer.alloc(1), headers: {} });
    },
  });

  test("are found damaged at every read; other objects are passed over", async () => {
    const chunks = await s3On(stub.endpoint);
    const prefix = `store ${stores}/`;
    await chunks.put(chunkKeyOf(1), content(9));
    stub.objects.get(prefix + chunkKeyOf(1))!.bytes = Buffer.from(content(9, 1));
    expect(await codeOf(chunks.get(chunkKeyOf(1), 9))).toBe("crc");
    stub.objects.set(prefix + chunkKeyOf(2), { bytes: Buffer.from("theirs"), headers: {} });
    expect(await codeOf(chunks.get(chunkKeyOf(2), 9))).toBe("crc");
    for (let i = 0; i < 1_001; i++) stub.objects.set(`${prefix}-${i}`, { bytes: Buffer.alloc(0), headers: {} });
    expect(await chunks.list("")).toEqual([chunkKeyOf(1), chunkKeyOf(2)]);
  });

  test("are tried again where the service is busy, and refused where it refuses", async () => {
    const chunks = await s3On(stub.endpoint, { attemptTimeoutMs: 1_000 });
    const hasty = await s3On(stub.endpoint, { timeoutMs: 3_000 });
    stub.faults = [503, "hang", 500];
    await chunks.put(chunkKeyOf(1), content(5));
    expect(await chunks.get(chunkKeyOf(1), 5)).toHaveLength(5);
    stub.faults = [403];
    expect(await codeOf(chunks.has(chunkKeyOf(1)))).toBe("storage");
    const other = openS3Chunks({ bucket: "other", client: { ...S3_CLIENT, endpoint: stub.endpoint } });
    expect(await codeOf(other)).toBe("storage");
    expect(await codeOf(openS3Chunks({ bucket: "a/b" }))).toBe("argument");
    expect(await codeOf(openS3Chunks({ bucket: "chunks", prefix: "\0" }))).toBe("argument");
    stub.faults = Array.from({ length: 50 }, () => 503);
    const busy = await codeOf(hasty.get(chunkKeyOf(1), 5));
    stub.faults = Array.from({ length: 50 }, () => "hang" as const);
    const silent = await codeOf(hasty.get(chunkKeyOf(1), 5));
    stub.faults = [];
    expect(OUT_OF_REACH).toContain(busy);
    expect(silent).toBe("timeout");
  });
});

describe.skipIf(isServerMissing("etcd", "nats-server"))("a store in etcd and NATS", () => {
  let etcd: Cluster;
  let nats: Cluster;
  beforeAll(async () => {
    [etcd, nats] = [await startEtcd(), await startNats()];
  });
  afterAll(async () => {
    await Promise.all([etcd.close(), nats.close()]);
  });
  const open = async (chunks: ChunkStore, options: Partial<EtcdMetadataOptions>) => {
    const { metadata, close } = await openEtcdMetadata({ endpoints: etcd.addresses, lockSeconds: 300, ...options });
    const store = await KeyStore.open({ chunks, metadata, unixNs: new TestClock().unixNs });
    return { store, close };
  };

  test("keeps files, finds damage, and outlives who opened it", async () => {
    const chunks = await natsOn(nats);
    const first = await open(chunks, { prefix: "files/" });
    const files = [mixed(0), mixed(5, 1), mixed(3_000_000, 2), mixed(400_000, 3)];
    for (const [i, file] of files.entries()) {
      await first.store.put(file, { name: `file ${i}`, chunking: i === 3 ? "content" : "fixed" });
    }
    await first.close();
    const second = await open(chunks, { prefix: "files/" });
    for (const [i, file] of files.entries()) {
      expect(Buffer.compare(await bytesOf(await second.store.get(`file ${i}`)), file), `file ${i}`).toBe(0);
    }
    expect(await second.store.verify()).toEqual([]);
    for (const key of await chunks.list(""))
      if ((await chunks.get(key, 1 << 22))!.length === 5) await chunks.delete(key);
    expect(await second.store.verify()).toMatchObject([{ fileName: "file 1", code: "missing" }]);
    expect(await second.store.repair("file 1", files[1]!)).toBe(1);
    expect(await second.store.delete("file 2")).toBe(true);
    expect(await second.store.gc()).toMatchObject({ files: 0, chunks: 0 });
    expect(second.store.list()).toHaveLength(3);
    await second.close();
  });

  test.each(["before", "after"])("deletes no chunk of a process that took it over, %s it was asked", async (moment) => {
    const inner = await natsOn(nats);
    const other = await natsOn(nats, { stream: `s${stores}` });
    const file = mixed(60_000, 7);
    const prefix = `${moment}/`;
    let second: Awaited<ReturnType<typeof open>> | undefined;
    const takeOver = async (): Promise<void> => {
      second = await open(other, { prefix, takeLock: true });
      await second.store.put(file, { name: "file" });
    };
    const slow: ChunkStore = {
      put: (key, bytes) => inner.put(key, bytes),
      get: (key, bytesMax) => inner.get(key, bytesMax),
      has: (key) => inner.has(key),
      list: (after) => inner.list(after),
      sweep: (confirm) => inner.sweep(confirm),
      sync: () => inner.sync(),
      async delete(key, confirm) {
        if (moment === "before") await takeOver();
        await inner.delete(key, async () => {
          await confirm!();
          if (moment === "after") await takeOver();
        });
      },
    };
    const first = await open(slow, { prefix });
    // An orphan, under the key that the file's only chunk will have.
    await inner.put(toHex(chunkKey(sha256(file), 0)), file);
    const collecting = await codeOf(first.store.gc());
    expect(collecting).toBe(moment === "before" ? "storage" : undefined);
    expect(await second!.store.verify()).toEqual([]);
    expect(Buffer.compare(await bytesOf(await second!.store.get("file")), file)).toBe(0);
    await second!.close();
    await first.close();
  });
});
