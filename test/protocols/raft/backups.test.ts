/** Backups of the state in a chain: marks, digests and notes, and what the log keeps for them. */
import { describe, expect, it } from "vitest";
import { AppliedState } from "../../../src/protocols/raft/core/applied-state.js";
import { EntryType } from "../../../src/codec/gen/raft/index.js";
import type { AppendAnswerMessage } from "../../../src/protocols/raft/core/messages.js";
import type { RaftCoreOptions } from "../../../src/protocols/raft/core/options.js";
import { ChainBackups } from "./chain-backups.js";
import { Cluster, ListMachine, type Member } from "./core-cluster.js";

const BY_HAND = { batching: false, checkQuorum: false } as const;

class BackupCluster extends Cluster {
  readonly backups: Map<number, ChainBackups>;

  constructor(options: RaftCoreOptions = {}, partBytes = 1_000) {
    const backups = new Map<number, ChainBackups>();
    const random = (n: number): Uint8Array => new Uint8Array(n).fill(3);
    super([1, 2, 3], { ...BY_HAND, ...options }, {}, [], (id) => {
      const made = new ChainBackups(id, { partBytes, random });
      backups.set(id, made);
      return made;
    });
    this.backups = backups;
  }

  /** Marks at a leader; false if it is refused. */
  mark(leader: Member, tag: number): boolean {
    const isTaken = leader.step({ type: "backup", tag });
    this.stabilize();
    return isTaken;
  }
}

const hashesOf = ({ built }: ChainBackups): string[] => built.map(({ hash }) => Buffer.from(hash).toString("hex"));

function snapshotsOf(member: Member): number {
  return member.events("snapshotTaken").length;
}

describe("a backup", () => {
  it("is marked, agreed on by digests, and noted: all members build the same blocks", () => {
    const cluster = new BackupCluster({}, 5);
    const leader = cluster.elect(1);
    leader.propose("some state");
    cluster.stabilize();
    expect(cluster.mark(leader, 7)).toBe(true);
    expect(leader.outcomes(7)).toMatchObject([{ status: "ok", index: 13 }]);
    for (const id of [1, 2, 3]) expect(cluster.at(id).events("backupMarked")).toMatchObject([{ number: 1, index: 13 }]);
    // Digests travel with answers to heartbeats alone.
    expect(leader.events("backupNoted")).toEqual([]);
    cluster.beat(leader);
    for (const id of [1, 2, 3]) {
      expect(cluster.at(id).events("backupNoted")).toMatchObject([
        { number: 1, blockIndex: 1, isLast: false },
        { number: 1, blockIndex: 2, isLast: true },
      ]);
      expect(hashesOf(cluster.backups.get(id)!)).toEqual(hashesOf(cluster.backups.get(1)!));
      expect(cluster.backups.get(id)!.head).toMatchObject({ markNumber: 1, markIndex: 13, tipIndex: 2 });
    }
    expect(cluster.backups.get(2)!.core.markPlace).toEqual({ index: 13n, term: 2n });
    // Once it is noted, nobody sends a digest any more.
    leader.tick(50);
    cluster.deliver();
    const answers = cluster.pool.filter(({ kind }) => kind === "appendAnswer") as AppendAnswerMessage[];
    expect(answers).toHaveLength(2);
    for (const { digest } of answers) expect(digest).toBeUndefined();
  });

  it("is asked for at a leader with a chain, one mark at a time", () => {
    const cluster = new BackupCluster();
    const leader = cluster.elect(1);
    expect(cluster.at(2).step({ type: "backup", tag: 1 })).toBe(false);
    expect(cluster.at(2).outcomes(1)).toMatchObject([{ status: "notLeader" }]);
    expect([leader.step({ type: "backup", tag: 2 }), leader.step({ type: "backup", tag: 3 })]).toEqual([true, false]);
    expect(leader.outcomes(3)).toMatchObject([{ status: "pendingChange" }]);
    const plain = new Cluster([1], BY_HAND);
    const alone = plain.elect(1);
    expect(alone.step({ type: "backup", tag: 1 })).toBe(false);
    expect(alone.outcomes(1)).toMatchObject([{ status: "argument" }]);
  });

  it("goes on under another leader, which waits until it knows what was noted before", () => {
    const cluster = new BackupCluster();
    const leader = cluster.elect(1);
    cluster.mark(leader, 1);
    // The leader is gone before it has heard any digest.
    cluster.cut = ({ from, to }) => from === 1 || to === 1;
    const next = cluster.elect(2);
    cluster.beat(next);
    expect(next.events("backupNoted")).toMatchObject([{ blockIndex: 1 }]);
    cluster.cut = () => false;
    cluster.beat(next);
    cluster.beat(next);
    expect(hashesOf(cluster.backups.get(1)!)).toEqual(hashesOf(cluster.backups.get(2)!));
    expect(hashesOf(cluster.backups.get(3)!)).toHaveLength(1);
  });

  it("stops a member whose state is not that of the others", () => {
    const cluster = new BackupCluster();
    const leader = cluster.elect(1);
    const bad = cluster.at(3);
    bad.machine.items.push("what nobody proposed");
    cluster.mark(leader, 1);
    bad.mayFault = true;
    cluster.beat(leader);
    expect(bad.events("stateDiverged")).toMatchObject([{ index: 12 }]);
    expect(bad.effects.at(-1)).toMatchObject({ type: "fault", code: "stateDiverged" });
    expect(bad.step({ type: "wake" })).toBe(false);
    expect(leader.events("backupNoted")).toHaveLength(1);
  });

  it("lets a leader step down that the majority outvotes, and the others go on", () => {
    const cluster = new BackupCluster();
    const leader = cluster.elect(1);
    leader.machine.items.push("what nobody proposed");
    cluster.mark(leader, 1);
    leader.mayFault = true;
    cluster.beat(leader);
    expect(leader.events("backupOutvoted")).toEqual([{ type: "backupOutvoted", number: 1 }]);
    cluster.stabilize();
    expect(leader.core.view().role).toBe("Follower");
    const next = [2, 3].map((id) => cluster.at(id)).find(({ core }) => core.view().role === "Leader")!;
    cluster.beat(next);
    expect(next.events("backupNoted")).toHaveLength(1);
    cluster.beat(next);
    expect(leader.events("stateDiverged")).toHaveLength(1);
  });

  it("is given up where there is no majority: it is told, and nobody stops", () => {
    const cluster = new BackupCluster();
    const leader = cluster.elect(1);
    for (const id of [2, 3]) cluster.at(id).machine.items.push(`of ${id} alone`);
    cluster.mark(leader, 1);
    cluster.beat(leader);
    expect(leader.events("backupUndecided")).toEqual([{ type: "backupUndecided", number: 1 }]);
    cluster.beat(leader);
    leader.propose("goes on", 9);
    cluster.stabilize();
    expect(leader.outcomes(9)).toMatchObject([{ status: "ok" }]);
    // The next one has another number.
    for (const id of [2, 3]) cluster.at(id).machine.items = [...leader.machine.items];
    cluster.mark(leader, 2);
    cluster.beat(leader);
    expect(leader.events("backupUndecided")).toHaveLength(1);
    expect(leader.events("backupNoted")).toMatchObject([{ number: 2, blockIndex: 1 }]);
  });

  it("of a state that is too large is not frozen, and so not noted", () => {
    const cluster = new BackupCluster({ backupBytesMax: 4 });
    const leader = cluster.elect(1);
    leader.propose("1234");
    cluster.stabilize();
    cluster.mark(leader, 1);
    cluster.beat(leader);
    expect(leader.events("backupNoted")).toHaveLength(1);
    leader.propose("5");
    cluster.stabilize();
    cluster.mark(leader, 2);
    cluster.beat(leader);
    expect(leader.events("backupMarked")).toHaveLength(2);
    expect(leader.events("backupNoted")).toHaveLength(1);
  });
});

describe("the log of a cluster with a chain", () => {
  const SMALL = { snapshotEntries: 4, keepEntries: 0 };
  const fill = (cluster: BackupCluster, leader: Member): void => {
    for (let i = 0; i < 6; i++) leader.propose(`entry ${i}`);
    cluster.stabilize();
  };

  it("is kept from a mark on until its block is stored", () => {
    const cluster = new BackupCluster(SMALL);
    const leader = cluster.elect(1);
    cluster.mark(leader, 1);
    fill(cluster, leader);
    leader.step({ type: "snapshot", tag: 8 });
    cluster.stabilize();
    expect([snapshotsOf(leader), leader.outcomes(8)]).toEqual([0, []]);
    cluster.beat(leader);
    expect(leader.events("backupNoted")).toHaveLength(1);
    fill(cluster, leader);
    expect([snapshotsOf(leader), leader.core.view().first]).toEqual([0, 11]);
    leader.step({ type: "blockStored", blockIndex: 1 });
    cluster.stabilize();
    expect([snapshotsOf(leader), snapshotsOf(cluster.at(2))]).toEqual([1, 0]);
    expect(leader.outcomes(8)).toMatchObject([{ status: "ok" }]);
    expect(leader.core.view().first).toBeGreaterThan(13);
    // A member whose block is not stored builds it again after a crash.
    const again = cluster.restart(2);
    cluster.stabilize();
    cluster.beat(leader);
    cluster.beat(leader);
    expect(again.events("backupNoted")).toHaveLength(1);
    expect(hashesOf(cluster.backups.get(2)!)).toEqual(hashesOf(cluster.backups.get(1)!));
  });

  it("is not kept for a mark that is not noted once half of its room is used", () => {
    const cluster = new BackupCluster({ ...SMALL, logBytesMax: 1_000 });
    const leader = cluster.elect(1);
    cluster.cut = ({ kind }) => kind === "heartbeat";
    cluster.mark(leader, 1);
    fill(cluster, leader);
    expect(snapshotsOf(leader)).toBe(0);
    fill(cluster, leader);
    expect(snapshotsOf(leader)).toBeGreaterThan(0);
  });

  it("hands what marks and notes have come to on in snapshots, to a learner and over a restart", () => {
    const cluster = new BackupCluster(SMALL);
    const leader = cluster.elect(1);
    cluster.mark(leader, 1);
    cluster.beat(leader);
    leader.step({ type: "blockStored", blockIndex: 1 });
    fill(cluster, leader);
    expect(snapshotsOf(leader)).toBeGreaterThan(0);
    const learner = cluster.add(4);
    leader.step({ type: "change", tag: 5, op: "addLearner", member: 4 });
    cluster.stabilize();
    for (let i = 0; i < 4; i++) cluster.beat(leader);
    expect(learner.events("snapshotInstalled")).toHaveLength(1);
    expect(cluster.backups.get(4)!.head).toEqual(cluster.backups.get(1)!.head);
    const { built } = cluster.backups.get(1)!;
    expect(cluster.backups.get(4)!.core.confirms(built[0]!)).toBe(true);
    cluster.restart(1);
    expect(cluster.backups.get(1)!.head).toEqual(cluster.backups.get(4)!.head);
    // A member without a chain would lose it.
    const plain = new AppliedState(new ListMachine());
    const sink = plain.restore();
    sink.write(cluster.at(4).disk.files.get(cluster.at(4).disk.log.mark!.key)!);
    expect(() => sink.finish()).toThrow("raft.backups");
  });

  it("faults at a member without a chain", () => {
    const cluster = new BackupCluster();
    const leader = cluster.elect(1);
    const plain = new Cluster([1, 2], BY_HAND).at(2);
    plain.mayFault = true;
    const entry = { term: 1, entryType: EntryType.mark, data: new Uint8Array(16) };
    const head = { from: 1, to: 2, term: 1, life: 1n, seq: 1, round: 0, lostData: false };
    plain.step({
      type: "deliver",
      message: { ...head, kind: "append", prev: { index: 10, term: 1 }, commit: 11, entries: [entry] },
    });
    plain.stored();
    expect(plain.effects.at(-1)).toMatchObject({ type: "fault", code: "config" });
    expect(leader.core.view().role).toBe("Leader");
  });
});
