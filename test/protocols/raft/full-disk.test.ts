/** Members whose disk is full: they step aside, make room, and come back without a restart. */
import { describe, expect, it } from "vitest";
import { MachineCluster } from "./machine-cluster.js";

const RESERVE_KEY = "raft/reserve";
/** Nothing makes the log shorter but a disk that is full. */
const OPTIONS = { segmentBytes: 8_192, reserveBytes: 30_000 };
const CAPACITY_BYTES = 150_000;

/** Puts until one is not acknowledged in time; at most `most`. */
function fill(cluster: MachineCluster, member: number, most: number): number {
  for (let i = 0; i < most; i++) {
    const put = cluster.put(member, `key ${i % 10}`, "x".repeat(1_000), 1_000);
    cluster.simulation.runUntil(() => put.outcome !== undefined, 2_000);
    if (!put.outcome!.ok) return i;
  }
  return most;
}

const eventsOf = (cluster: MachineCluster, member: number, type: string): number =>
  cluster.at(member).emitted.filter((event) => event.type === type).length;

describe("a member whose disk is full", () => {
  it("gives its reserve back for a snapshot, drops its log, and sets space aside again", () => {
    const cluster = new MachineCluster(1, OPTIONS);
    cluster.leader();
    const { disk } = cluster.at(1);
    cluster.simulation.runUntil(() => disk.read(RESERVE_KEY)?.length === 30_000, 5_000);
    disk.capacityBytes = CAPACITY_BYTES;
    // Far more than fits.
    expect(fill(cluster, 1, 130)).toBe(130);
    expect(eventsOf(cluster, 1, "storageTrouble")).toBeGreaterThan(0);
    expect(eventsOf(cluster, 1, "snapshotTaken")).toBeGreaterThan(0);
    expect(disk.read(RESERVE_KEY)).toBeUndefined();
    cluster.simulation.runUntil(() => disk.read(RESERVE_KEY) !== undefined, 20_000);
    const snapshot = cluster.machines.get(1)!.machine.core!.state.mark!.sizeBytes;
    cluster.simulation.runUntil(() => disk.read(RESERVE_KEY)!.length === 30_000 + snapshot, 5_000);
    expect(cluster.held(1, "key 3")).toHaveLength(1_000);
  });

  it("without a reserve waits until there is room, and goes on by itself", () => {
    const cluster = new MachineCluster(1, { ...OPTIONS, reserveBytes: 0 });
    cluster.leader();
    const { disk } = cluster.at(1);
    disk.capacityBytes = CAPACITY_BYTES;
    const put = fill(cluster, 1, 200);
    expect(put).toBeLessThan(200);
    disk.capacityBytes = 2 * CAPACITY_BYTES;
    cluster.settled(cluster.put(1, "after", "all"));
    expect(eventsOf(cluster, 1, "storageWell")).toBeGreaterThan(0);
    cluster.simulation.runUntil(() => eventsOf(cluster, 1, "snapshotTaken") > 0, 5_000);
  });

  it("and leads hands over, and is led again when there is room", () => {
    const cluster = new MachineCluster(3, OPTIONS);
    const leader = cluster.leader();
    cluster.settled(cluster.put(leader, "before", "1"));
    cluster.at(leader).disk.fill(3_000);
    const put = cluster.put(leader, "during", "2");
    cluster.simulation.runUntil(() => cluster.leaders()[0] !== leader && cluster.leaders().length > 0, 3_000);
    cluster.simulation.runUntil(() => put.outcome !== undefined, 6_000);
    const next = cluster.leader();
    expect(next).not.toBe(leader);
    cluster.settled(cluster.put(next, "after", "3"));
    cluster.simulation.runFor(5_000);
    expect(cluster.held(leader, "after")).toBe("3");
    expect(eventsOf(cluster, leader, "storageWell")).toBeGreaterThan(0);
    expect(cluster.settled(cluster.call(next, { type: "transfer", to: leader }))).toEqual({ type: "transferred" });
  });
});
