/** Three servers in processes of their own, killed again and again under a load of puts and gets. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aboutServer } from "../../../src/cli/dps/common.js";
import { isWireError } from "../../../src/errors.js";
import { createDpsClient, type DpsClient } from "../../../src/protocols/dps/node.js";
import { scaled } from "../../support/scale.js";
import { makeCluster, type TestCluster } from "../../cli/dps/cluster.js";

const KILLS = scaled(2, 20);
const WORKERS = 3;
const CALL_MS = 60_000;
const TEST_MS = KILLS * 60_000 + 240_000;
/** Sizes of files: nothing, one chunk, and several of 64 KiB. */
const SIZES = [0, 1, 1_000, 65_536, 200_000];

let running: TestCluster;

beforeAll(async () => {
  running = await makeCluster();
  await running.cluster.startAll();
}, 240_000);

afterAll(() => running.close());

function connect(more: { readonly copiesMin?: number } = {}): Promise<DpsClient> {
  const { clusterId, servers } = running.cluster;
  return createDpsClient({ servers: servers.map(({ address }) => address), clusterId, ...more });
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The bytes of a file, by its name. */
function bytesOf(name: string, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 32)
    bytes.set(
      createHash("sha256")
        .update(`${name} ${at}`)
        .digest()
        .subarray(0, size - at),
      at,
    );
  return bytes;
}

/** What clients have seen. */
class Seen {
  /** SHA-256 of files whose put was acknowledged. */
  readonly acknowledged = new Set<string>();
  /** Errors of gets of acknowledged files that say more than that nobody answered. */
  readonly wrong: string[] = [];
  gets = 0;
  failedPuts = 0;
  /** Why puts failed, and how often. */
  readonly reasons = new Map<string, number>();
  failedGets = 0;
}

/** Errors that say that servers do not answer now, and nothing of the file. */
const PASSING = new Set(["timeout", "unreachable", "closed", "uncertain", "status", "limit"]);

async function read(client: DpsClient, hash: string): Promise<string> {
  const digest = createHash("sha256");
  const { bytes } = await client.get(Buffer.from(hash, "hex"));
  for await (const part of bytes) digest.update(part);
  return digest.digest("hex");
}

/** One client: puts a file, and gets one that was acknowledged. */
async function work(worker: number, seen: Seen, isOver: () => boolean): Promise<void> {
  const client = await connect();
  for (let round = 0; !isOver(); round++) {
    const name = `${worker}.${round}`;
    const bytes = bytesOf(name, SIZES[round % SIZES.length]!);
    try {
      const { file } = await client.put(bytes, { name });
      expect(Buffer.from(file.hash).toString("hex")).toBe(sha256(bytes));
      seen.acknowledged.add(sha256(bytes));
    } catch (error) {
      if (!isWireError(error)) throw error;
      seen.failedPuts++;
      seen.reasons.set(error.message, (seen.reasons.get(error.message) ?? 0) + 1);
    }
    const all = [...seen.acknowledged];
    const hash = all[(round * 7 + worker) % Math.max(1, all.length)];
    if (hash === undefined) continue;
    try {
      seen.gets++;
      if ((await read(client, hash)) !== hash) seen.wrong.push(`${hash}: other bytes`);
    } catch (error) {
      if (!isWireError(error)) throw error;
      seen.failedGets++;
      if (!PASSING.has(error.code)) seen.wrong.push(`${hash}: ${error.message}`);
    }
  }
  await client.stop();
}

/** The member that leads, by its own word. */
async function leaderOf(client: DpsClient): Promise<number> {
  for (;;) {
    for (const { address } of running.cluster.servers) {
      const status = await client.status(address, { timeoutMs: 5_000 }).catch(() => undefined);
      if (status?.role === "Leader") return status.member;
    }
  }
}

/** Limits the files of what it runs to so many blocks of 512 bytes, or of 1,024 where the shell counts these. */
const withSmallFiles = (blocks: number): string[] => ["sh", "-c", `trap "" XFSZ; ulimit -f ${blocks}; exec "$@"`, "sh"];
/** Between the log of a few commands and a chunk of a large file. */
const BLOCKS_MAX = 2_048;
const LARGE_BYTES = 5_000_000;

test(
  "a server whose disk takes no more chunks refuses them, goes on with all else, and gets them when it can",
  async () => {
    const { cluster } = running;
    await cluster.end(3, "SIGTERM");
    await cluster.start(3, withSmallFiles(BLOCKS_MAX));
    process.stdout.write("disk full: played by a limit of file sizes, as no small file system can be mounted here\n");
    const [three, two] = [await connect(), await connect({ copiesMin: 2 })];
    const bytes = bytesOf("large", LARGE_BYTES);
    // It is there, and does not take the chunk: what asks for three copies is told so.
    await expect(three.put(bytes, { name: "large" })).rejects.toMatchObject({ code: "unreachable" });
    const put = await two.put(bytes, { name: "large" });
    expect(put.copies).toBe(2);
    const small = await three.put(bytesOf("small", 1_000), { name: "small" });
    expect(small.copies).toBe(3);
    for (const { file } of [put, small]) {
      const hash = Buffer.from(file.hash).toString("hex");
      expect(await read(two, hash)).toBe(hash);
    }
    await cluster.end(3, "SIGTERM");
    await cluster.start(3);
    const larger = bytesOf("larger", LARGE_BYTES);
    const copies = async (): Promise<number> =>
      (await three.put(larger, { name: "larger" }).catch(() => ({ copies: 0 }))).copies;
    await expect.poll(copies, { timeout: CALL_MS }).toBe(3);
    await Promise.all([three.stop(), two.stop()]);
  },
  TEST_MS,
);

test(
  "a server that was down has afterwards what was put meanwhile",
  async () => {
    const { cluster } = running;
    const client = await connect();
    await cluster.end(2, "SIGKILL");
    const hashes: string[] = [];
    for (let i = 0; i < 3; i++) {
      const bytes = bytesOf(`away ${i}`, 70_000);
      await client.put(bytes, { name: `away ${i}` });
      hashes.push(sha256(bytes));
    }
    await cluster.start(2);
    const applied = async (member: number): Promise<number> =>
      (await client.status(cluster.servers[member - 1]!.address, { timeoutMs: CALL_MS })).applied;
    expect(await applied(2)).toBeGreaterThanOrEqual(await applied(1).then((index) => index - 1));
    // It is needed for a majority now.
    await cluster.end(1, "SIGKILL");
    for (const hash of hashes) expect(await read(client, hash)).toBe(hash);
    await cluster.start(1);
    await client.stop();
  },
  TEST_MS,
);

test(
  "the leader ends at a signal while a client puts a file, which is stored whole or not at all",
  async () => {
    const { cluster } = running;
    const client = await connect();
    const bytes = bytesOf("through the end of a leader", LARGE_BYTES);
    const leader = await leaderOf(client);
    let ended: ReturnType<typeof cluster.end> | undefined;
    const onProgress = ({ phase, doneBytes }: { phase: string; doneBytes: number }): void => {
      if (phase === "store" && doneBytes > 0) ended ??= cluster.end(leader, "SIGTERM");
    };
    const isStored = await client.put(bytes, { name: "f", onProgress }).then(
      () => true,
      (error: unknown) => {
        if (!isWireError(error)) throw error;
        return false;
      },
    );
    expect(await ended).toBe(0);
    await cluster.start(leader);
    const known = await client.info(Buffer.from(sha256(bytes), "hex"), { timeoutMs: CALL_MS }).catch(() => undefined);
    if (isStored) expect(known).toBeDefined();
    if (known !== undefined) expect(await read(client, sha256(bytes))).toBe(sha256(bytes));
    await client.stop();
  },
  TEST_MS,
);

/** Longer than a busy machine may stand still, else chunks go that their leader would have renewed. */
const CHUNK_TTL_SECONDS = 15;

test.skipIf(scaled(0, 1) === 0)(
  "chunks without a record go after their time, and those with one stay",
  async () => {
    const own = await makeCluster();
    try {
      const { clusterId, servers } = own.cluster;
      for (const { config } of servers) {
        const text = readFileSync(config, "utf8")
          .replace("# chunk_ttl_seconds = 86400", `chunk_ttl_seconds = ${CHUNK_TTL_SECONDS}`)
          .replace("# repair_every_s = 600", "repair_every_s = 1");
        writeFileSync(config, text);
      }
      await own.cluster.startAll();
      const addresses = servers.map(({ address }) => address);
      const client = await createDpsClient({ servers: addresses, clusterId, chunkTtlSeconds: CHUNK_TTL_SECONDS });
      const [kept, gone] = await Promise.all(
        ["kept", "gone"].map((name) => client.put(bytesOf(name, 70_000), { name, ttlSeconds: 0 })),
      );
      // As a client leaves them that ends between its chunks and its record.
      await client.remove(gone!.file.hash);
      const values = async (): Promise<(number | undefined)[]> => {
        const told = await Promise.all(addresses.map((address) => client.status(address, { timeoutMs: CALL_MS })));
        return told.map((status) => aboutServer(status).counters?.["dht_values_now"]);
      };
      expect(await values()).toEqual([4, 4, 4]);
      await expect.poll(values, { timeout: CALL_MS, interval: 500 }).toEqual([2, 2, 2]);
      // As long again: its chunks would have gone too.
      await new Promise((resolve) => setTimeout(resolve, 1.5 * CHUNK_TTL_SECONDS * 1_000));
      expect(await values()).toEqual([2, 2, 2]);
      const hash = Buffer.from(kept!.file.hash).toString("hex");
      expect(await read(client, hash)).toBe(hash);
      await client.stop();
    } finally {
      await own.close();
    }
  },
  TEST_MS,
);

test(
  `${KILLS} servers that are killed take nothing along that was acknowledged`,
  async () => {
    const { cluster } = running;
    const seen = new Seen();
    let isOver = false;
    const workers = Array.from({ length: WORKERS }, (_, worker) => work(worker, seen, () => isOver));
    const watching = await connect();
    const progress = async (): Promise<void> => {
      const before = seen.acknowledged.size;
      await expect.poll(() => seen.acknowledged.size, { timeout: CALL_MS }).toBeGreaterThan(before + WORKERS);
    };
    for (let kill = 0; kill < KILLS; kill++) {
      await progress();
      // Mostly the leader; each third time another one.
      const leader = await leaderOf(watching);
      const killed = kill % 3 === 2 ? (leader % 3) + 1 : leader;
      await cluster.end(killed, "SIGKILL");
      // The two others go on.
      await progress();
      await cluster.start(killed);
    }
    isOver = true;
    await Promise.all(workers);
    expect(seen.wrong).toEqual([]);
    for (const hash of seen.acknowledged) expect(await read(watching, hash)).toBe(hash);
    if (process.env["SPECWIRE_SIMULATE"] !== undefined) {
      const { acknowledged, gets, failedPuts, failedGets } = seen;
      const counts = `${acknowledged.size} files, ${failedPuts} puts failed, ${gets} gets, ${failedGets} failed`;
      process.stdout.write(`${KILLS} kills: ${counts}\n`);
      for (const [reason, count] of seen.reasons) process.stdout.write(`  ${count} × ${reason}\n`);
    }
    await watching.stop();
    for (const { member } of cluster.servers) expect(await cluster.end(member, "SIGTERM")).toBe(0);
    for (const { log } of cluster.servers) expect(readFileSync(log, "utf8")).not.toMatch(/"level":"error"/);
  },
  TEST_MS,
);
