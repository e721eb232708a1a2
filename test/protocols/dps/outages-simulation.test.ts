/** What whole servers go through: clocks that jump, all of them down, disks that are full, puts that are given up. */
import { describe, expect, it } from "vitest";
import { sha256 } from "../../../src/kernel/index.js";
import { getFile, putFile, type DpsMachineOptions, type PutFileOptions } from "../../../src/protocols/dps/index.js";
import { bytesSource } from "../../../src/protocols/store/source.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";
import { bytesOf, collected, DpsCluster, expectBytes, nameOf } from "./cluster.js";

const PATIENCE = { timeoutMs: 60_000 };
const DAY_MS = 86_400_000;
const CHUNK_TTL_SECONDS = 40;
/** As long as the servers without other options keep them. */
const LONG = 86_400;
const SHORT = { chunkTtlSeconds: CHUNK_TTL_SECONDS, repairEveryMs: 5_000 };

async function clusterOf(run: number, servers = 3, options: Partial<DpsMachineOptions> = SHORT): Promise<DpsCluster> {
  const cluster = new DpsCluster(new Simulation({ run, faults: NO_FAULTS }), { servers, voters: 3 }, options);
  await cluster.ready();
  return cluster;
}

function put(
  cluster: DpsCluster,
  member: number,
  bytes: Uint8Array,
  options: Partial<PutFileOptions> = {},
  chunkTtlSeconds = CHUNK_TTL_SECONDS,
) {
  const rules = cluster.rules({ chunkTtlSeconds });
  return putFile(
    cluster.port(member),
    bytesSource(bytes),
    { name: "f", ttlSeconds: 0, ...PATIENCE, ...options },
    rules,
  );
}

async function expectFile(cluster: DpsCluster, member: number, bytes: Uint8Array): Promise<void> {
  const reading = await cluster.settled(getFile(cluster.port(member), sha256(bytes), PATIENCE));
  expectBytes(await cluster.settled(collected(reading.bytes)), bytes);
}

const heldBy = (cluster: DpsCluster): number[] =>
  [...cluster.machines.values()].map(({ dht }) => dht.core!.holder.size);

describe("files and their chunks", () => {
  it.each([
    ["all wall clocks jump ahead, and all servers start again", DAY_MS, 0],
    ["all wall clocks jump back, and all servers start again", -DAY_MS, 0],
    ["all servers are down for longer than chunks live", 0, 100 * CHUNK_TTL_SECONDS * 1_000],
  ])("are there when %s", async (_, jumpMs, downMs) => {
    const cluster = await clusterOf(91);
    const { simulation } = cluster;
    const bytes = bytesOf(70_000);
    await cluster.settled(put(cluster, 1, bytes));
    // A record that ends by the clock of the cluster, which no wall clock moves.
    const short = bytesOf(100, 7);
    await cluster.settled(put(cluster, 1, short, { ttlSeconds: 30 }));
    for (const host of cluster.hosts) host.jumpClock(jumpMs);
    simulation.runFor(3_000);
    await expectFile(cluster, 2, short);
    for (const host of cluster.hosts) host.crash();
    simulation.runFor(downMs);
    for (const member of [1, 2, 3]) cluster.restart(member);
    await cluster.ready();
    await expectFile(cluster, 2, short);
    await expectFile(cluster, 3, bytes);
    // The leader renews them; that of the record that has ended goes.
    simulation.runFor(3_000 * CHUNK_TTL_SECONDS);
    await expectFile(cluster, 1, bytes);
    expect(heldBy(cluster)).toEqual([2, 2, 2]);
  });
});

describe("a put that is given up on its way", () => {
  it.each(["its caller", "the server that stores it"])("by %s leaves no chunk behind its time", async (by) => {
    const cluster = await clusterOf(92);
    const { simulation } = cluster;
    const abort = new AbortController();
    const onProgress: PutFileOptions["onProgress"] = ({ phase, doneBytes }) => {
      if (phase !== "store" || doneBytes < 100_000 || abort.signal.aborted) return;
      abort.abort("enough");
      if (by !== "its caller") cluster.host(1).crash();
    };
    const given = by === "its caller" ? { signal: abort.signal } : {};
    const putting = put(cluster, 1, bytesOf(400_000), { onProgress, timeoutMs: 5_000, ...given });
    await expect(cluster.settled(putting)).rejects.toMatchObject({
      code: expect.stringMatching(by === "its caller" ? /^cancelled$/ : /closed|fault|timeout|cancelled|unreachable/),
    });
    expect(abort.signal.aborted).toBe(true);
    expect(Math.max(...heldBy(cluster))).toBeGreaterThan(0);
    if (by !== "its caller") cluster.restart(1);
    simulation.runFor(1_000 * CHUNK_TTL_SECONDS + 40_000);
    expect(heldBy(cluster)).toEqual([0, 0, 0]);
    for (const { state } of cluster.machines.values()) expect(state.size).toMatchObject({ files: 0, bytes: 0 });
    for (const member of [1, 2, 3]) {
      expect(await keysOf(cluster, member)).toEqual([]);
    }
  });
});

describe("servers whose disks are full, several at a time,", () => {
  it("take no part in a put that others can have, and acknowledge none that needs them", async () => {
    const cluster = await clusterOf(93, 6, {});
    const { simulation } = cluster;
    const before = bytesOf(70_000);
    await cluster.settled(put(cluster, 1, before, {}, LONG));
    // None of those that vote: the log goes on.
    for (const member of [4, 5]) cluster.host(member).disk.fill(60_000);
    const meanwhile = bytesOf(70_000, 2);
    expect(await cluster.settled(put(cluster, 1, meanwhile, {}, LONG))).toMatchObject({ outcome: "stored", copies: 4 });
    for (const host of cluster.hosts) host.disk.fill(60_000);
    const refused = bytesOf(70_000, 3);
    await expect(cluster.settled(put(cluster, 1, refused, { timeoutMs: 5_000 }, LONG))).rejects.toMatchObject({
      name: "WireError",
      code: expect.stringMatching(/unreachable|timeout|limit|status|storage/),
    });
    simulation.runFor(90_000);
    simulation.runUntil(() => cluster.leader !== undefined, 30_000);
    for (const { state } of [1, 2, 3].map((member) => cluster.machines.get(member)!)) {
      expect(state.has(sha256(refused))).toBe(false);
    }
    for (const bytes of [before, meanwhile]) await expectFile(cluster, 2, bytes);
    expect(await cluster.settled(put(cluster, 2, refused, {}, LONG))).toMatchObject({ outcome: "stored", copies: 6 });
  });
});

/** The keys of chunks on the disk of a server. */
function keysOf(cluster: DpsCluster, member: number): Promise<readonly string[]> {
  const { disk } = cluster.host(member);
  return cluster.settled(
    new Promise((resolve, reject) => {
      disk.list("dht/value/", (outcome) => (outcome.ok ? resolve(outcome.value) : reject(new Error(nameOf(member)))));
    }),
  );
}
