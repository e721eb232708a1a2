/** The core of Raft, turn by turn. */
import { describe, expect, it } from "vitest";
import { Cluster } from "./core-cluster.js";

const BY_HAND = { batching: false, checkQuorum: false } as const;

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
