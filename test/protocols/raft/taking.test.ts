/** When a member takes a snapshot by itself. */
import { describe, expect, it } from "vitest";
import { rulesOf, type RaftCoreOptions } from "../../../src/protocols/raft/core/options.js";
import type { RaftEvent } from "../../../src/protocols/raft/types.js";
import { Cluster, type Member } from "./core-cluster.js";

/** Bytes of an entry with ten bytes of data. */
const ENTRY_BYTES = 13 + 8 + 8 + 8 + 8 + 10;

/** A member alone, which leads; its snapshots have no limit by number. */
function alone(options: RaftCoreOptions): { member: Member; put: (entries: number) => number } {
  const cluster = new Cluster([1], { snapshotEntries: 1_000, keepEntries: 0, ...options });
  const member = cluster.elect(1);
  const taken = (): number => member.events("snapshotTaken").length;
  return {
    member,
    /** Proposes so many entries one after the other, and counts the snapshots that follow. */
    put(entries) {
      const before = taken();
      for (let i = 0; i < entries; i++) {
        member.propose(String(i).padStart(10, "0"), i + 1);
        cluster.stabilize();
      }
      return taken() - before;
    },
  };
}

function sizeOf(member: Member): number {
  const events = member.events("snapshotTaken") as Extract<RaftEvent, { type: "snapshotTaken" }>[];
  return events.at(-1)!.sizeBytes;
}

describe("a snapshot by itself", () => {
  it("waits until the log has so many times the bytes of the last one", () => {
    const { member, put } = alone({ snapshotLogBytes: 5 * ENTRY_BYTES, snapshotGrowth: 4 });
    expect(put(4)).toBe(0);
    expect(put(1)).toBe(1);
    for (let round = 0; round < 5; round++) {
      // Its state grows by each entry, and so does the wait.
      const entries = Math.ceil((4 * sizeOf(member)) / ENTRY_BYTES);
      expect(entries).toBeGreaterThan(5);
      expect(put(entries - 1)).toBe(0);
      expect(put(1)).toBe(1);
    }
  });

  it("waits for no more than a quarter of the log's room, however large the last one is", () => {
    const room = 4 * 40 * ENTRY_BYTES;
    const { member, put } = alone({ snapshotLogBytes: 5 * ENTRY_BYTES, snapshotGrowth: 1_000, logBytesMax: room });
    for (let round = 0; round < 3; round++) {
      expect(put(39)).toBe(0);
      expect(put(1)).toBe(1);
      expect(1_000 * sizeOf(member)).toBeGreaterThan(room);
    }
  });

  it("waits for no multiple of the last one where a bound is given, and for four by default", () => {
    const bounds = { snapshotLogBytes: 5 * ENTRY_BYTES };
    expect([alone(bounds).put(50), alone({ ...bounds, snapshotGrowth: 0 }).put(50)]).toEqual([10, 10]);
    expect(alone({ ...bounds, snapshotGrowth: 4 }).put(50)).toBeLessThan(6);
    const given = [{}, { snapshotEntries: 8 }, { snapshotLogBytes: 8 }, { snapshotEntries: 8, snapshotGrowth: 2 }];
    expect(given.map((options) => rulesOf(options).snapshotGrowth)).toEqual([4, 0, 0, 2]);
  });

  it("does not wait for a bound that the log can never reach", () => {
    const { member, put } = alone({ snapshotLogBytes: 2 ** 30, logBytesMax: 2 * 20 * ENTRY_BYTES });
    expect([put(18), put(2)]).toEqual([0, 1]);
    expect(put(200)).toBeGreaterThan(8);
    expect(put(200)).toBeLessThan(12);
    expect(member.outcomes(200).map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  it("leaves no more in a log than it has room for, however much should stay there", () => {
    const keep = { keepEntries: 1_000, keepBytes: 2 ** 30 };
    const { member, put } = alone({ ...keep, snapshotLogBytes: 5 * ENTRY_BYTES, logBytesMax: 40 * ENTRY_BYTES });
    put(200);
    expect(member.outcomes(200).map(({ status }) => status)).toEqual(["ok"]);
    expect(member.disk.log.entries.length).toBeLessThan(20);
  });

  it("is tried again after a failure, with no more entries than before", () => {
    const { member, put } = alone({ snapshotLogBytes: 5 * ENTRY_BYTES });
    member.heldFiles = [];
    expect(put(5)).toBe(0);
    const [first] = member.heldFiles as { op: number }[];
    member.heldFiles = undefined;
    member.step({ type: "fileFailed", op: first!.op });
    expect(member.events("snapshotTaken")).toHaveLength(0);
    member.tick(2_000);
    member.settle();
    expect(member.events("snapshotTaken")).toHaveLength(1);
    // What it covers counts no more.
    expect([put(4), put(1)]).toEqual([0, 1]);
  });

  it("is not taken where one of the leader has just come, whatever it was wanted for", () => {
    for (const why of ["a full disk", "a call"]) {
      const cluster = new Cluster([1, 2, 3], { snapshotEntries: 1_000, keepEntries: 0 });
      const leader = cluster.elect(1);
      cluster.beat(leader);
      cluster.outrun(3, leader, 31);
      const follower = cluster.at(3);
      leader.tick(50);
      const isMarking = (): boolean => follower.store?.mark !== undefined;
      for (let i = 0; i < 100 && !isMarking(); i++) {
        leader.settle();
        if (follower.store !== undefined && !isMarking()) follower.stored();
        cluster.deliver();
      }
      expect(isMarking()).toBe(true);
      if (why === "a full disk") follower.failed(true);
      else follower.step({ type: "snapshot", tag: 7 });
      follower.tick(1_000);
      cluster.stabilize();
      leader.tick(50);
      cluster.stabilize();
      expect(follower.events("snapshotInstalled")).toHaveLength(1);
      expect(follower.events("snapshotTaken")).toHaveLength(0);
      const { mark } = follower.disk.log;
      expect([...follower.disk.files.keys()]).toEqual([mark!.key]);
      expect(cluster.restart(3).machine.items).toEqual(leader.machine.items);
    }
  });
});
