/** Servers that lie: bytes that are not those of a chunk, and records that no other member has. */
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { commandsOf, getFile, putFile, type DpsOutcome } from "../../../src/protocols/dps/index.js";
import { bytesSource } from "../../../src/protocols/store/source.js";
import { chunkKey } from "../../../src/protocols/store/index.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";
import { addressOf, bytesOf, collected, DpsCluster, expectBytes } from "./cluster.js";

const PATIENCE = { timeoutMs: 60_000 };
const BYTES = bytesOf(1_000);
const HASH = sha256(BYTES);
const KEY = chunkKey(HASH, 0);

/** A cluster whose servers all have the one chunk of a file. */
async function stored(run: number, servers: number, voters = 3): Promise<DpsCluster> {
  const cluster = new DpsCluster(new Simulation({ run, faults: NO_FAULTS }), { servers, voters });
  await cluster.ready();
  const options = { name: "f", ...PATIENCE };
  const { copies } = await cluster.settled(putFile(cluster.port(1), bytesSource(BYTES), options, cluster.rules()));
  expect(copies).toBe(servers);
  return cluster;
}

/** From now on a server sends other bytes in the place of the chunk, under the hash of the right ones. */
function lie(cluster: DpsCluster, member: number): void {
  const path = `dht/value/${toHex(KEY)}-${toHex(HASH.subarray(0, 8))}`;
  cluster.host(member).disk.write(path, 0, bytesOf(1_000, 100 + member));
}

type Counted = Extract<DpsOutcome, { readonly type: "counted" }>;

async function countedAt(cluster: DpsCluster, member: number, value?: Uint8Array): Promise<Counted> {
  const request = { type: "count", key: KEY, sha256: HASH, sizeBytes: BYTES.length, ...(value && { value }) } as const;
  return (await cluster.settled(cluster.call(member, { type: "dht", request }))) as Counted;
}

const addressesOf = ({ holders }: Counted): string[] => holders.map(({ address }) => address).toSorted();

describe("servers that say that they have a chunk, and send other bytes", () => {
  it("are not counted where there is something to compare with, and nobody is where there is not", async () => {
    const cluster = await stored(81, 5);
    expect(addressesOf(await countedAt(cluster, 1))).toEqual([1, 2, 3, 4, 5].map(addressOf));
    lie(cluster, 2);
    lie(cluster, 4);
    const bad = cluster.machines.get(1)!.dht.core!.stats.refused["value"] ?? 0;
    expect(addressesOf(await countedAt(cluster, 1))).toEqual([1, 3, 5].map(addressOf));
    expect(cluster.machines.get(1)!.dht.core!.stats.refused["value"]).toBe(bad + 2);
    // A client has no copy: it says that nobody is known to have it, unless it has the value to compare with.
    const client = cluster.client("20.9.0.1");
    const request = { type: "count", key: KEY, sha256: HASH, sizeBytes: BYTES.length } as const;
    const unknown = (await cluster.settled(client.dht(request, PATIENCE))) as Counted;
    expect(unknown).toMatchObject({ holders: [], leftMs: 0 });
    const known = (await cluster.settled(client.dht({ ...request, value: BYTES }, PATIENCE))) as Counted;
    expect(addressesOf(known)).toEqual([1, 3, 5].map(addressOf));
    expect(known.servers).toBe(3);
    // A put of the same file counts those alone that have it.
    const again = putFile(client, bytesSource(BYTES), { name: "f", ...PATIENCE }, cluster.rules());
    expect(await cluster.settled(again)).toMatchObject({ outcome: "present", copies: 3 });
  });

  it("notice it of themselves, and are given the chunk again", async () => {
    const cluster = await stored(82, 3);
    const leader = cluster.leader!;
    const others = [1, 2, 3].filter((member) => member !== leader);
    lie(cluster, leader);
    // Its own disk is wrong, as the others say: it has no chunk, and gets one.
    const looked = await cluster.settled(cluster.call(leader, { type: "repair" }));
    expect(looked).toMatchObject({ type: "repaired", chunks: 1, uncounted: 0, stored: 1, lost: 0 });
    expect(addressesOf(await countedAt(cluster, others[0]!))).toEqual([1, 2, 3].map(addressOf));
    expect(await cluster.settled(cluster.call(leader, { type: "repair" }))).toMatchObject({ stored: 0 });
  });

  it("cost time and no bytes while one server is honest, and end a get with an error when none is", async () => {
    const cluster = await stored(83, 5);
    for (const member of [1, 2, 3, 4]) lie(cluster, member);
    for (const member of [1, 2, 3]) {
      const reading = await cluster.settled(getFile(cluster.port(member), HASH, PATIENCE));
      expectBytes(await cluster.settled(collected(reading.bytes)), BYTES);
    }
    const worse = await stored(84, 3);
    for (const member of [1, 2, 3]) lie(worse, member);
    const reading = await worse.settled(getFile(worse.port(1), HASH, PATIENCE));
    await expect(worse.settled(collected(reading.bytes))).rejects.toMatchObject({
      code: expect.stringMatching(/missing|timeout/),
      path: "chunks[0]",
    });
  });
});

describe("a member whose records are not those of the others", () => {
  it.each(["a follower", "the leader"])("stops at the next backup, as %s, and the others go on", async (role) => {
    const simulation = new Simulation({ run: 85, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 }, { backupEveryMs: 3_000 });
    await cluster.ready();
    const put = (member: number, seed: number) => {
      const source = bytesSource(bytesOf(100, seed));
      return cluster.settled(putFile(cluster.port(member), source, { name: `${seed}`, ...PATIENCE }, cluster.rules()));
    };
    const { file } = await put(1, 1);
    // All members have applied it.
    simulation.runFor(100);
    const leader = cluster.leader!;
    const liar = role === "the leader" ? leader : (leader % 3) + 1;
    const honest = [1, 2, 3].filter((member) => member !== liar);
    // A change that no entry of the log makes.
    const [data] = commandsOf({ op: "touch", hash: file.hash, ttlSeconds: 7_777 }, Infinity);
    const { state } = cluster.machines.get(liar)!;
    state.apply({ index: file.revision, atMs: state.atMs, data: data! });
    await put(honest[0]!, 2);
    const heights = () => honest.map((member) => cluster.machines.get(member)!.chain.chain.count);
    simulation.runUntil(() => heights().every((height) => height >= 2), 60_000);
    // It neither leads nor answers any more; a put and a get go on without it.
    expect(cluster.host(liar).isRunning && cluster.leader === liar).toBe(false);
    const later = await put(honest[1]!, 3);
    const reading = await cluster.settled(getFile(cluster.port(honest[0]!), later.file.hash, PATIENCE));
    expect(await cluster.settled(collected(reading.bytes))).toEqual(bytesOf(100, 3));
    const query = cluster.settled(cluster.port(liar).query(new Uint8Array(0), { timeoutMs: 5_000 }));
    await expect(query).rejects.toMatchObject({ name: "WireError" });
    const [first, second] = honest.map((member) => cluster.host(member).disk.read("chain/blocks"));
    expect(first).toEqual(second);
  });
});
