/** What the plan asks of the whole (seeds/dps, stage 6), flow by flow, on whole servers in a simulation. */
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { FileCode } from "../../../src/codec/gen/dps/index.js";
import { chunkKey } from "../../../src/protocols/store/index.js";
import type { RaftStatus } from "../../../src/protocols/raft/index.js";
import { commandsOf, getFile, putFile } from "../../../src/protocols/dps/index.js";
import { answerOf } from "../../../src/protocols/dps/files/records.js";
import { bytesSource } from "../../../src/protocols/store/source.js";
import { NO_FAULTS, Simulation } from "../../../src/testing/index.js";
import { bytesOf, collected, DpsCluster, expectBytes } from "./cluster.js";

const PATIENCE = { timeoutMs: 60_000 };

async function putAt(cluster: DpsCluster, member: number, bytes: Uint8Array, ttlSeconds = 86_400) {
  const options = { name: "a file", ttlSeconds, ...PATIENCE };
  return cluster.settled(putFile(cluster.port(member), bytesSource(bytes), options, cluster.rules()));
}

async function readAt(cluster: DpsCluster, member: number, hash: Uint8Array): Promise<Uint8Array> {
  const reading = await cluster.settled(getFile(cluster.port(member), hash, PATIENCE));
  return cluster.settled(collected(reading.bytes));
}

describe("store a file, its chunks by STORE, all found by FIND_VALUE", () => {
  it("among twenty servers of which five die", async () => {
    const simulation = new Simulation({ run: 20, faults: NO_FAULTS });
    const options = { dht: { k: 6, lookupsMax: 64 } };
    const cluster = new DpsCluster(simulation, { servers: 20, voters: 5 }, options);
    await cluster.ready();
    const bytes = bytesOf(150_000);
    const { file, copies } = await putAt(cluster, 2, bytes);
    expect(copies).toBeGreaterThanOrEqual(3);
    for (const member of [4, 5, 9, 14, 20]) cluster.host(member).crash();
    expectBytes(await readAt(cluster, 1, file.hash), bytes);
    expectBytes(await readAt(cluster, 3, file.hash), bytes);
  });

  it("acknowledges nothing where too few can store it", async () => {
    const simulation = new Simulation({ run: 21, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 });
    await cluster.ready();
    const { file } = await putAt(cluster, 1, bytesOf(10));
    simulation.cut(["20.1.0.1"], ["20.2.0.1", "20.3.0.1"]);
    const alone = putFile(cluster.port(1), bytesSource(bytesOf(11)), { name: "x", timeoutMs: 9_000 }, cluster.rules());
    await expect(cluster.settled(alone)).rejects.toMatchObject({ code: expect.stringMatching(/unreachable|timeout/) });
    // With one server of three missing, two are all that can be had.
    const { copies } = await putAt(cluster, 2, bytesOf(12));
    expect(copies).toBe(2);
    expect(await readAt(cluster, 3, file.hash)).toEqual(bytesOf(10));
  });
});

/** Moments in the life of an entry at its leader, by what its member says. */
const MOMENTS: Readonly<Record<string, (status: RaftStatus, index: number) => boolean>> = {
  "before its store": ({ last, stored }, index) => last >= index && stored < index,
  "after its store": ({ stored, commit }, index) => stored >= index && commit < index,
  "after its commit": ({ commit, applied }, index) => commit >= index && applied <= index,
  "before its answer": ({ applied }, index) => applied >= index,
};

describe("a file whose chunks find no room", () => {
  it("is not recorded, and others are", async () => {
    const simulation = new Simulation({ run: 22, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 }, { dht: { bytesMax: 100_000 } });
    await cluster.ready();
    await expect(putAt(cluster, 1, bytesOf(140_000))).rejects.toMatchObject({
      code: "unreachable",
      path: expect.stringMatching(/^chunks\[\d\]$/),
    });
    expect(cluster.machines.get(1)!.state.size.files).toBe(0);
    expect(await putAt(cluster, 2, bytesOf(1_000))).toMatchObject({ outcome: "stored", copies: 3 });
  });
});

describe("consensus on the record of a file", () => {
  it.each(Object.keys(MOMENTS))("has one effect where the leader dies %s", async (moment) => {
    const simulation = new Simulation({ run: 30, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 });
    await cluster.ready();
    const follower = cluster.leader === 1 ? 2 : 1;
    // Its session is open from then on.
    const { file } = await putAt(cluster, follower, bytesOf(100));
    const leader = cluster.leader!;
    const index = cluster.machines.get(leader)!.raft.status()!.last + 1;
    // Executed twice, it would find another revision than it expects.
    const change = { op: "touch", hash: file.hash, ttlSeconds: 1_000 } as const;
    const [data] = commandsOf(change, Infinity, { revision: file.revision });
    let isAnswered = false;
    let wasAnswered: boolean | undefined;
    simulation.always(() => {
      const status = cluster.machines.get(leader)!.raft.status();
      if (wasAnswered !== undefined || status === undefined || !MOMENTS[moment]!(status, index)) return;
      wasAnswered = isAnswered;
      cluster.host(leader).crash();
    });
    const proposing = cluster.port(follower).command(data!, PATIENCE);
    void proposing.then(() => (isAnswered = true));
    const answer = answerOf(await cluster.settled(proposing));
    expect(wasAnswered).toBe(false);
    expect(answer).toMatchObject({ code: FileCode.done, ttlSeconds: 1_000 });
    cluster.restart(leader);
    simulation.runFor(5_000);
    const states = [...cluster.machines.values()].map(({ state }) => [...state.entries()]);
    expect(states[0]).toMatchObject([{ ttlSeconds: 1_000, revision: answer.revision }]);
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });
});

describe("get a file by its hash", () => {
  it("passes over chunks that a disk has damaged", async () => {
    const simulation = new Simulation({ run: 40, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 });
    await cluster.ready();
    const bytes = bytesOf(140_000);
    const { file } = await putAt(cluster, 1, bytes);
    // The first chunk at one server, the second at another: bytes that no check of the disk has noticed.
    for (const [member, index] of [
      [1, 0],
      [2, 1],
    ] as const) {
      const { disk } = cluster.host(member);
      const [key] = valuesOf(cluster, member, chunkKey(file.hash, index));
      disk.write(key!, 1_000, Uint8Array.of(1, 2, 3));
    }
    for (let member = 1; member <= 3; member++) expectBytes(await readAt(cluster, member, file.hash), bytes);
  });

  it("stores chunks again whose holders went", async () => {
    const simulation = new Simulation({ run: 41, faults: NO_FAULTS });
    const cluster = new DpsCluster(
      simulation,
      { servers: 6, voters: 3 },
      { dht: { k: 3, refreshMs: 60_000 }, repairEveryMs: 60_000 },
    );
    await cluster.ready();
    const bytes = bytesOf(140_000);
    const { file } = await putAt(cluster, 1, bytes);
    // Servers that only hold chunks.
    for (const member of [4, 5]) cluster.host(member).crash();
    simulation.runFor(300_000);
    const holders = [1, 2, 3, 6].map((member) =>
      [0, 1, 2].map((index) => valuesOf(cluster, member, chunkKey(file.hash, index)).length),
    );
    for (const index of [0, 1, 2]) {
      expect(holders.reduce((sum, held) => sum + held[index]!, 0)).toBeGreaterThanOrEqual(3);
    }
    expectBytes(await readAt(cluster, 2, file.hash), bytes);
  });
});

describe("time to live", () => {
  it("ends records by the clock of the log, and chunks without a record by their own", async () => {
    const simulation = new Simulation({ run: 50, faults: NO_FAULTS });
    const cluster = new DpsCluster(simulation, { servers: 3 }, { chunkTtlSeconds: 120, repairEveryMs: 20_000 });
    await cluster.ready();
    const rules = cluster.rules({ chunkTtlSeconds: 120 });
    const put = (bytes: Uint8Array, ttlSeconds: number) =>
      cluster.settled(putFile(cluster.port(1), bytesSource(bytes), { name: "f", ttlSeconds, ...PATIENCE }, rules));
    const short = await put(bytesOf(1_000), 30);
    const long = await put(bytesOf(2_000), 600);
    simulation.runFor(40_000);
    await expect(cluster.settled(getFile(cluster.port(2), short.file.hash, PATIENCE))).rejects.toMatchObject({
      code: "missing",
    });
    // The leader renews what a record needs, far beyond the time of a chunk.
    simulation.runFor(400_000);
    expect(await readAt(cluster, 3, long.file.hash)).toEqual(bytesOf(2_000));
    simulation.runFor(400_000);
    for (const machine of cluster.machines.values()) {
      expect(machine.state.size).toMatchObject({ files: 0, bytes: 0 });
      expect(machine.dht.core!.holder.size).toBe(0);
    }
  });
});

/** The keys on the disk of a server under which it has values of a key. */
function valuesOf(cluster: DpsCluster, member: number, key: Uint8Array): string[] {
  const values = [...cluster.machines.get(member)!.dht.core!.holder.values()];
  return values
    .filter((value) => toHex(value.key) === toHex(key))
    .map(({ facts }) => `dht/value/${toHex(key)}-${toHex(facts.dataSha256.subarray(0, 8))}`);
}
