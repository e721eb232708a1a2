/** Tests of three servers whose leader is killed under load: what was acknowledged is there. */
import { expect, test } from "vitest";
import { openEtcdMetadata } from "../../../src/protocols/store/etcd/node.js";
import { openNatsChunks } from "../../../src/protocols/store/nats/node.js";
import { scaled } from "../../support/scale.js";
import { isServerMissing, startEtcd, startNats, type Cluster } from "../../support/servers.js";
import { chunkKeyOf, recordKeyOf } from "./back-end-suite.js";
import { mixed } from "./engines.js";

const KILLS = scaled(1, 3);
/** Writes that are under way at a time. */
const WRITERS = 4;
/** A ceiling for a test that hangs. */
const TIMEOUT_MS = 600_000;
/** A call goes on for as long as a cluster without a leader may take on a busy machine; nothing here is measured. */
const CALL_MS = 300_000;
/** A process that stalls keeps its lock: a stall is not what is tested. */
const LOCK_SECONDS = 300;
/** Acknowledged before, between and after kills. */
const WRITES = scaled(30, 150);

/** Writes number after number; knows what was acknowledged, and how long nothing was. */
class Load {
  readonly acknowledged: number[] = [];
  longestGapMs = 0;
  #next = 0;
  #last = performance.now();
  #ended = false;
  readonly #write: (n: number) => Promise<void>;
  readonly #writers: Promise<void>;
  #onWrite = (): void => {};

  constructor(write: (n: number) => Promise<void>) {
    this.#write = write;
    this.#writers = Promise.all(Array.from({ length: WRITERS }, () => this.#run())).then(() => undefined);
    this.#writers.catch(() => this.#onWrite());
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      const n = this.#next++;
      await this.#write(n);
      const now = performance.now();
      this.longestGapMs = Math.max(this.longestGapMs, now - this.#last);
      this.#last = now;
      this.acknowledged.push(n);
      this.#onWrite();
    }
  }

  /** Resolves once so many more are acknowledged; rejects if a write does. */
  async more(count: number): Promise<void> {
    const enough = this.acknowledged.length + count;
    const reached = new Promise<void>((resolve) => {
      this.#onWrite = () => this.acknowledged.length >= enough && resolve();
    });
    await Promise.race([reached, this.#writers]);
  }

  async end(): Promise<void> {
    this.#ended = true;
    await this.#writers;
  }
}

/** Kills the leader again and again while there is load. */
async function killLeaders(name: string, cluster: Cluster, load: Load, leaderOf: () => Promise<number>): Promise<void> {
  await load.more(WRITES);
  for (let kill = 0; kill < KILLS; kill++) {
    const leader = await leaderOf();
    await cluster.kill(leader);
    await load.more(WRITES);
    await cluster.restart(leader);
    await load.more(WRITES);
  }
  await load.end();
  const { acknowledged, longestGapMs } = load;
  process.stdout.write(
    `${name}: ${KILLS} leaders of three killed, ${acknowledged.length} writes acknowledged, none for ${longestGapMs.toFixed(0)} ms at most\n`,
  );
}

test.skipIf(isServerMissing("etcd"))(
  "metadata that etcd acknowledged outlives its leaders",
  async () => {
    const cluster = await startEtcd(3);
    const { metadata, close } = await openEtcdMetadata({
      endpoints: cluster.addresses,
      timeoutMs: CALL_MS,
      lockSeconds: LOCK_SECONDS,
    });
    const load = new Load(async (n) => void (await metadata.put(recordKeyOf(n), mixed(700, n % 200))));
    await killLeaders("etcd", cluster, load, () => etcdLeader(cluster));
    for (const n of load.acknowledged) {
      const entry = await metadata.get(recordKeyOf(n));
      expect(entry && Buffer.compare(entry.bytes, mixed(700, n % 200)), `record ${n}`).toBe(0);
    }
    await close();
    await cluster.close();
  },
  TIMEOUT_MS,
);

test.skipIf(isServerMissing("nats-server"))(
  "chunks that NATS acknowledged outlive its leaders",
  async () => {
    const cluster = await startNats(3);
    const options = { servers: cluster.addresses, replicas: 3, timeoutMs: CALL_MS };
    const { chunks, close } = await openNatsChunks(options);
    const load = new Load((n) => chunks.put(chunkKeyOf(n), mixed(20_000, n % 200)));
    await killLeaders("NATS", cluster, load, () => natsLeader(cluster));
    for (const n of load.acknowledged) {
      const bytes = await chunks.get(chunkKeyOf(n), 20_000);
      expect(bytes && Buffer.compare(bytes, mixed(20_000, n % 200)), `chunk ${n}`).toBe(0);
    }
    expect(await chunks.has(chunkKeyOf(load.acknowledged.length + WRITERS))).toBe(false);
    await close();
    await cluster.close();
  },
  TIMEOUT_MS,
);

/** Asks again and again: while members come up or elect, there may be no answer, or none that helps. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await ask().catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
}

function etcdLeader({ addresses }: Cluster): Promise<number> {
  return eventually(async () => {
    for (const [i, address] of addresses.entries()) {
      const reply = await fetch(`http://${address}/v3/maintenance/status`, { method: "POST", body: "{}" });
      const { header, leader } = (await reply.json()) as { header: { member_id: string }; leader?: string };
      if (leader === header.member_id) return i;
    }
    return undefined;
  });
}

/**
 * The leader of the stream, once the others have all that it has: the servers are called m0, m1 and m2. NATS 2.9 may
 * have no leader for minutes when one is killed while another still catches up.
 */
async function natsLeader({ addresses }: Cluster): Promise<number> {
  const { connect } = await import("@nats-io/transport-node");
  const { jetstreamManager } = await import("@nats-io/jetstream");
  const connection = await connect({ servers: addresses });
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    return await eventually(async () => {
      const { cluster } = await manager.streams.info("specwire");
      const isWhole = cluster?.replicas?.every(({ current }) => current) === true;
      return isWhole && cluster.leader !== undefined ? Number(cluster.leader.slice(1)) : undefined;
    });
  } finally {
    await connection.close();
  }
}
