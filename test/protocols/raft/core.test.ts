/** The core of Raft, turn by turn. */
import { describe, expect, it } from "vitest";
import type { RaftMessage } from "../../../src/protocols/raft/core/messages.js";
import { Cluster, configOf, type Member } from "./core-cluster.js";

const BY_HAND = { batching: false, checkQuorum: false } as const;

/** A leader with calls 1 to 3, whose entries nobody else has, and that does not know yet that member 2 leads. */
function deposed(): { cluster: Cluster; leader: Member } {
  const cluster = new Cluster([1, 2, 3], BY_HAND);
  const leader = cluster.elect(1);
  for (const tag of [1, 2, 3]) leader.propose(`lost ${tag}`, tag);
  leader.stored();
  cluster.pool.length = 0;
  cluster.at(2).step({ type: "campaign" });
  cluster.stabilize(2, 3);
  return { cluster, leader };
}

describe("elections", () => {
  it("elect the one who campaigns, and commit its first entry", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    const leader = cluster.elect(1);
    expect(leader.core.view()).toMatchObject({ role: "Leader", term: 2, vote: 1, leader: 1, commit: 11, applied: 11 });
    for (const id of [2, 3]) {
      expect(cluster.at(id).core.view()).toMatchObject({ role: "Follower", term: 2, vote: 1, leader: 1, commit: 11 });
    }
  });

  it("replicate a proposal and tell its caller", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    const leader = cluster.elect(1);
    expect(leader.propose("a", 7)).toBe(true);
    cluster.stabilize();
    expect(leader.outcomes(7)).toEqual([{ status: "ok", index: 12, result: "1" }]);
    for (const id of [1, 2, 3]) expect(cluster.at(id).machine.items).toEqual(["a"]);
  });
});

describe("what is on the disk", () => {
  it("leaves before nothing is said that it is needed for", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    cluster.at(1).step({ type: "campaign" });
    cluster.deliver();
    cluster.deliver();
    // A majority would vote, but the candidate has not stored its own vote yet.
    expect(cluster.at(1).core.view()).toMatchObject({ role: "Candidate", term: 2, vote: 1, storing: true });
    expect(cluster.pool).toEqual([]);
    cluster.at(1).stored();
    expect(cluster.pool.map(({ kind, to }) => [kind, to])).toEqual([
      ["vote", 2],
      ["vote", 3],
    ]);
    cluster.deliver();
    expect(cluster.pool).toEqual([]);
    cluster.at(2).stored();
    expect(cluster.pool).toMatchObject([{ kind: "voteAnswer", from: 2, refused: false }]);
  });

  it("is asked for again after a failure, with all that was not stored", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    const leader = cluster.elect(1);
    leader.propose("a", 1);
    cluster.deliver(({ to }) => to === 2);
    const follower = cluster.at(2);
    follower.failed();
    expect(follower.core.view()).toMatchObject({ last: 12, stored: 11, storing: false });
    expect(follower.events("storageTrouble")).toHaveLength(1);
    expect(follower.step({ type: "campaign" })).toBe(false);
    follower.tick(99);
    expect(follower.store).toBeUndefined();
    follower.tick(1);
    expect(follower.store).toMatchObject({ first: 12, entries: [{ term: 2 }] });
    cluster.stabilize();
    expect(follower.core.view()).toMatchObject({ stored: 12, commit: 12 });
    expect(follower.events("storageWell")).toHaveLength(1);
  });

  it("settles all calls whose entries a newer leader's commit leaves behind, before its log is as long as theirs", () => {
    const { cluster, leader } = deposed();
    cluster.beat(cluster.at(2));
    expect(leader.core.view()).toMatchObject({ last: 12, commit: 12 });
    for (const tag of [1, 2, 3]) expect(leader.outcomes(tag)).toMatchObject([{ status: "notLeader", index: 0 }]);
  });

  it("settles each call whose entry was replaced, also where another entry of this member stands", () => {
    const { cluster, leader } = deposed();
    // The entry of the new leader comes, and no word that it is committed.
    cluster.deliver(({ to }) => to === 1);
    leader.settle();
    cluster.pool.length = 0;
    leader.step({ type: "campaign" });
    for (let round = 0; leader.core.view().role !== "Leader" && round < 10; round++) {
      for (const id of [1, 2, 3]) cluster.at(id).settle();
      cluster.deliver();
    }
    expect(leader.core.view()).toMatchObject({ role: "Leader", last: 13, commit: 11 });
    leader.propose("kept", 4);
    expect(leader.outcomes(3)).toEqual([]);
    cluster.stabilize();
    expect(leader.outcomes(4)).toMatchObject([{ status: "ok", index: 14 }]);
    for (const tag of [1, 2, 3]) expect(leader.outcomes(tag)).toMatchObject([{ status: "notLeader" }]);
  });

  it("makes a leader whose store fails hand over to another", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    const leader = cluster.elect(1);
    leader.propose("a", 1);
    leader.failed();
    cluster.stabilize(2, 3);
    cluster.deliver(({ to }) => to === 1);
    cluster.stabilize(2, 3);
    expect(leader.core.view().role).toBe("Follower");
    expect([2, 3].map((id) => cluster.at(id).core.view().role)).toContain("Leader");
    leader.tick(100);
    cluster.stabilize();
    expect(leader.outcomes(1)).toMatchObject([{ status: "ok", index: 12 }]);
  });
});

describe("a member that has lost its data", () => {
  it("under a new life counts for nothing", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    const leader = cluster.elect(1);
    cluster.cut = ({ to }) => to === 3;
    const { disk } = cluster.at(2);
    cluster.add(2, disk, BY_HAND, { life: 77n });
    leader.propose("a", 1);
    cluster.stabilize();
    expect(leader.core.view().commit).toBe(11);
    expect(leader.events("memberLostData")).toEqual([{ type: "memberLostData", member: 2 }]);
  });

  it("under its old life is found out, and votes for nobody any more", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    const leader = cluster.elect(1);
    leader.propose("a", 1);
    cluster.stabilize();
    // The disk has forgotten the last entry that it had acknowledged.
    const { disk } = cluster.at(2);
    disk.log.entries.pop();
    disk.log.hard = { ...disk.log.hard, commit: 11 };
    cluster.restart(2);
    leader.tick(50);
    cluster.stabilize();
    expect(leader.events("memberLostData")).toEqual([{ type: "memberLostData", member: 2 }]);
    leader.tick(50);
    cluster.stabilize();
    expect(disk.log.hard.abstain).toBe(true);
    expect(cluster.at(2).step({ type: "campaign" })).toBe(false);
    cluster.cut = ({ from, to }) => from === 1 || to === 1;
    cluster.at(3).step({ type: "campaign" });
    cluster.stabilize();
    expect(cluster.at(3).core.view().role).not.toBe("Leader");
  });

  it("and knows it does not start", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    cluster.elect(1).propose("a", 1);
    cluster.stabilize();
    cluster.at(1).propose("b", 2);
    cluster.stabilize();
    cluster.at(1).disk.log.entries.length = 0;
    expect(() => cluster.restart(1)).toThrowError(expect.objectContaining({ code: "storage" }));
  });
});

describe("a snapshot", () => {
  it("goes on where it was when its receiver restarts", () => {
    const options = { ...BY_HAND, chunkBytes: 16, snapshotStepBytes: 50 };
    const cluster = new Cluster([1, 2, 3], options);
    const leader = cluster.elect(1);
    cluster.outrun(3, leader, 30);
    expect(leader.outcomes(99)).toMatchObject([{ status: "ok" }]);
    leader.tick(50);
    for (let parts = 0; parts < 3;) {
      cluster.at(3).settle();
      leader.settle();
      cluster.deliver();
      parts = cluster.at(3).disk.files.get([...cluster.at(3).disk.files.keys()].at(-1)!)!.length / 16;
    }
    const [key] = [...cluster.at(3).disk.files].at(-1)!;
    const kept = cluster.at(3).disk.files.get(key)!.length;
    cluster.pool = [];
    const again = cluster.restart(3, options);
    const offsets: number[] = [];
    cluster.cut = (message) => {
      if (message.kind === "snapshot") offsets.push(message.offset);
      return false;
    };
    leader.step({ type: "unreachable", member: 3 });
    leader.tick(50);
    cluster.stabilize();
    leader.tick(50);
    cluster.stabilize();
    expect(again.events("snapshotInstalled")).toHaveLength(1);
    expect(again.machine.items).toEqual(leader.machine.items);
    expect(offsets[0]).toBe(0);
    expect(offsets[1]).toBeGreaterThanOrEqual(kept);
  });
});

describe("parts of a snapshot", () => {
  it("that a member has from before a restart which its leader has not noticed are skipped", () => {
    const options = { ...BY_HAND, chunkBytes: 2, chunksInflight: 2, snapshotStepBytes: 50 };
    const cluster = new Cluster([1, 2, 3], options);
    const leader = cluster.elect(1);
    cluster.outrun(3, leader, 30);
    const offsets: number[] = [];
    cluster.cut = (message) => {
      if (message.kind === "snapshot") offsets.push(message.offset);
      return false;
    };
    leader.tick(50);
    for (let i = 0; i < 60; i++) cluster.deliver();
    const kept = Math.max(...[...cluster.at(3).disk.files.values()].map(({ length }) => length));
    expect(kept).toBeGreaterThan(20);
    const again = cluster.restart(3, options);
    offsets.length = 0;
    cluster.stabilize();
    expect(again.events("snapshotInstalled")).toHaveLength(1);
    expect(again.machine.items).toEqual(leader.machine.items);
    // What was on its way, the first part once more, and as many as are under way before it is answered.
    const sentAgain = offsets.filter((offset) => offset < kept - 2 * options.chunkBytes);
    expect(sentAgain.length).toBeLessThanOrEqual(2 + 2 * options.chunksInflight);
  });

  it("that arrive while the disk is at work share one store, and each is answered when it has ended", () => {
    const options = { ...BY_HAND, chunkBytes: 8, chunksInflight: 4, snapshotStepBytes: 50 };
    const cluster = new Cluster([1, 2, 3], options);
    const leader = cluster.elect(1);
    cluster.outrun(3, leader, 30);
    const follower = cluster.at(3);
    follower.heldFiles = [];
    const answered: number[] = [];
    cluster.cut = (message) => {
      if (message.kind === "snapshotAnswer" && !message.installed) answered.push(message.nextOffset);
      return false;
    };
    leader.tick(50);
    const stores = (): number[] =>
      follower.effects.filter((effect) => effect.type === "fileStore").map(({ bytes }) => bytes.length);
    cluster.stabilize();
    expect(stores()).toEqual([8]);
    expect(answered).toEqual([]);
    const end = (): void => {
      for (const file of follower.heldFiles!.splice(0)) follower.step(file);
      cluster.stabilize();
    };
    end();
    // The leader knows now where to begin, and sends four: the first of them begins a store, the others wait for it.
    expect([stores(), answered]).toEqual([[8, 8], [8]]);
    end();
    expect([stores(), answered]).toEqual([
      [8, 8, 24],
      [8, 16],
    ]);
    end();
    expect(answered).toEqual([8, 16, 40, 40, 40]);
    while (follower.heldFiles.length > 0) end();
    leader.tick(50);
    cluster.stabilize();
    expect(follower.events("snapshotInstalled")).toHaveLength(1);
    expect(follower.machine.items).toEqual(leader.machine.items);
  });
});

describe("the configuration", () => {
  it("says the lives of founders once all have answered, and changes no more than one at a time", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND, { config: configOf([1, 2, 3], [], false) });
    const leader = cluster.elect(1);
    cluster.stabilize();
    const lives = leader.core.state.config!.members.map(({ life }) => life);
    expect(lives).toEqual([1n, 2n, 3n]);
    expect(leader.step({ type: "change", tag: 1, op: "addLearner", member: 4 })).toBe(true);
    expect(leader.step({ type: "change", tag: 2, op: "remove", member: 3 })).toBe(false);
    expect(leader.outcomes(2)).toMatchObject([{ status: "pendingChange" }]);
    cluster.stabilize();
    expect(leader.outcomes(1)).toMatchObject([{ status: "ok" }]);
    // A learner that never answered has no disk that anybody knows.
    expect(leader.step({ type: "change", tag: 3, op: "promote", member: 4 })).toBe(false);
  });

  it("waits with a promotion for a round that is short", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND, {}, [4]);
    const leader = cluster.elect(1);
    cluster.beat(leader);
    const progress = leader.core.state.lead!.progress.get(4)!;
    expect(progress.round).toBeUndefined();
    // A slow one: its round takes longer than an election.
    const { last } = leader.core.view();
    progress.round = { number: 1, goal: last, startMs: leader.nowMs - 200 };
    cluster.cut = ({ to }) => to === 4;
    leader.propose("more");
    cluster.stabilize();
    expect(progress.round).toEqual({ number: 2, goal: last + 1, startMs: leader.nowMs });
    expect(leader.step({ type: "change", tag: 1, op: "promote", member: 4 })).toBe(true);
    expect(leader.step({ type: "change", tag: 2, op: "remove", member: 3 })).toBe(false);
    expect([leader.outcomes(1), leader.outcomes(2)]).toMatchObject([[], [{ status: "pendingChange" }]]);
    for (let i = 0; i < 60; i++) cluster.beat(leader);
    expect(leader.outcomes(1)).toMatchObject([{ status: "timeout" }]);
    expect(leader.core.view().config!.learners).toEqual([4]);
    expect(leader.step({ type: "change", tag: 3, op: "promote", member: 4 })).toBe(true);
    cluster.cut = () => false;
    leader.step({ type: "unreachable", member: 4 });
    for (let i = 0; i < 4; i++) cluster.beat(leader);
    expect(leader.outcomes(3)).toMatchObject([{ status: "ok" }]);
  });

  it("tells who waits for a promotion that its leader has left, as one with a failing disk does", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND, {}, [4]);
    const leader = cluster.elect(1);
    cluster.beat(leader);
    cluster.cut = ({ to }) => to === 4;
    const progress = leader.core.state.lead!.progress.get(4)!;
    progress.round = { number: 1, goal: leader.core.view().last, startMs: leader.nowMs - 200 };
    leader.propose("more");
    cluster.stabilize();
    expect(leader.step({ type: "change", tag: 1, op: "promote", member: 4 })).toBe(true);
    leader.propose("and more");
    leader.failed();
    leader.tick(300);
    expect(leader.core.view().role).toBe("Follower");
    expect(leader.outcomes(1)).toMatchObject([{ status: "notLeader" }]);
  });
});

describe("a follower that the log outruns", () => {
  it("is told of after two snapshots that were old, and proposals are held back until it has caught up", () => {
    const options = { snapshotEntries: 4, keepEntries: 0, logBytesMax: 4_000, entryBytesMax: 600 };
    const cluster = new Cluster([1, 2, 3], { ...BY_HAND, ...options });
    const leader = cluster.elect(1);
    const held: RaftMessage[] = [];
    const fill = (): void => {
      for (let i = 0; i < 9; i++) leader.propose("x".repeat(250));
      cluster.stabilize();
    };
    cluster.cut = ({ to }) => to === 3;
    fill();
    leader.step({ type: "unreachable", member: 3 });
    // Snapshots are on their way for so long that the log goes on without them.
    cluster.cut = (message) => message.kind === "snapshot" && held.push(message) > 0;
    for (let round = 0; round < 8; round++) {
      cluster.beat(leader);
      fill();
      for (const message of held.splice(0)) cluster.at(3).step({ type: "deliver", message });
      cluster.stabilize();
    }
    expect(leader.events("followerTooSlow")).toEqual([{ type: "followerTooSlow", member: 3 }]);
    const before = leader.core.view().last;
    for (let tag = 100; tag < 110; tag++) leader.propose("x".repeat(250), tag);
    const refused = Array.from({ length: 10 }, (_, i) => leader.outcomes(100 + i)).flat();
    expect(refused.some(({ status }) => status === "limit")).toBe(true);
    expect(leader.core.view().last).toBeGreaterThan(before);
    cluster.cut = () => false;
    for (let i = 0; i < 6; i++) cluster.beat(leader);
    expect(cluster.at(3).core.view()).toMatchObject({ commit: leader.core.view().commit });
    expect(leader.core.state.lead!.pace).toBeUndefined();
  });
});

describe("a member whose log was torn", () => {
  it("votes and campaigns once it has stored what a leader has committed, also over a crash", () => {
    const cluster = new Cluster([1, 2, 3], BY_HAND);
    const { disk } = cluster.at(2);
    disk.log.hard = { ...disk.log.hard, isBehind: true };
    cluster.restart(2);
    expect(cluster.at(2).step({ type: "campaign" })).toBe(false);
    cluster.cut = ({ to, from }) => to === 3 || from === 3;
    cluster.elect(1);
    // Neither has a majority without the vote of the other.
    expect(cluster.at(1).core.view().role).not.toBe("Leader");
    cluster.restart(2);
    expect(cluster.at(2).step({ type: "campaign" })).toBe(false);
    cluster.cut = () => false;
    const leader = cluster.elect(1);
    expect(leader.core.view().role).toBe("Leader");
    cluster.beat(leader);
    expect(disk.log.hard.isBehind).toBe(false);
    expect(cluster.at(2).step({ type: "campaign" })).toBe(true);
  });
});
