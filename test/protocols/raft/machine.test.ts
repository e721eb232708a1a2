/** Members of Raft on links and disks: the tests of the seed, and what they leave out. */
import { describe, expect, test } from "vitest";
import { encodeIdentityRecord } from "../../../src/codec/gen/raft/index.js";
import { encodeKv } from "../../../src/protocols/raft/kv/kv-state.js";
import { MachineCluster, TINY } from "./machine-cluster.js";

describe("seed 4E", () => {
  test("3-node cluster elects a leader within timeout", () => {
    const cluster = new MachineCluster(3);
    const leader = cluster.leader(1_000);
    cluster.simulation.runFor(200);
    for (const id of [1, 2, 3])
      expect(cluster.status(id)).toMatchObject({ leader, term: cluster.status(leader)!.term });
    expect(cluster.leaders()).toEqual([leader]);
  });

  test("leader failure triggers re-election, new leader emerges", () => {
    const cluster = new MachineCluster(3);
    const first = cluster.leader();
    const { term } = cluster.status(first)!;
    cluster.at(first).crash();
    const second = cluster.leader();
    expect(second).not.toBe(first);
    expect(cluster.status(second)!.term).toBeGreaterThan(term);
    cluster.at(first).restart();
    cluster.simulation.runFor(1_000);
    expect(cluster.status(first)).toMatchObject({ role: "Follower", leader: second });
  });

  test("log replication — client sends command to leader, all followers receive it", () => {
    const cluster = new MachineCluster(3);
    const leader = cluster.leader();
    expect(cluster.settled(cluster.put(leader, "a", "1"))).toMatchObject({ type: "proposed" });
    cluster.simulation.runFor(200);
    for (const id of [1, 2, 3]) expect(cluster.held(id, "a")).toBe("1");
  });

  test("network partition — split cluster, verify no split-brain commits", () => {
    const cluster = new MachineCluster(5);
    const old = cluster.leader();
    cluster.settled(cluster.put(old, "a", "1"));
    const minority = [old, (old % 5) + 1];
    const majority = [1, 2, 3, 4, 5].filter((id) => !minority.includes(id));
    cluster.simulation.partition(...minority.map((id) => `m${id}`));
    const lost = cluster.put(old, "a", "split", 1_500);
    cluster.simulation.runUntil(() => cluster.leaders().some((id) => majority.includes(id)), 3_000);
    const next = cluster.leaders().find((id) => majority.includes(id))!;
    cluster.settled(cluster.put(next, "a", "2"));
    cluster.simulation.runUntil(() => lost.outcome !== undefined, 3_000);
    expect(lost.outcome).toMatchObject({ ok: false, error: { code: "uncertain" } });
    for (const id of minority) expect(cluster.held(id, "a")).toBe("1");
    cluster.simulation.heal();
    cluster.simulation.runFor(2_000);
    for (const id of [1, 2, 3, 4, 5]) expect(cluster.held(id, "a")).toBe("2");
    expect(cluster.leaders()).toHaveLength(1);
  });

  test("snapshot creation and install on a new follower", () => {
    const cluster = new MachineCluster(3, TINY);
    const leader = cluster.leader();
    for (let i = 0; i < 60; i++) cluster.settled(cluster.put(leader, `key ${i}`, `value ${i}`));
    expect(cluster.status(leader)!.snapshot![0]).toBeGreaterThanOrEqual(20);
    const fourth = cluster.add(4);
    const change = { type: "change", op: "addLearner", member: 4, address: fourth.address } as const;
    expect(cluster.settled(cluster.call(leader, change))).toMatchObject({ type: "changed" });
    cluster.simulation.runUntil(() => cluster.held(4, "key 59") === "value 59", 3_000);
    expect(fourth.emitted.some(({ type }) => type === "snapshotInstalled")).toBe(true);
    for (let i = 0; i < 60; i++) expect(cluster.held(4, `key ${i}`)).toBe(`value ${i}`);
    const promoted = cluster.call(leader, { type: "change", op: "promote", member: 4 });
    expect(cluster.settled(promoted)).toMatchObject({ type: "changed" });
    expect(cluster.status(leader)!.config!.voters).toEqual([1, 2, 3, 4]);
  });
});

describe("a member", () => {
  test("passes calls on to the leader, and reads what was written", () => {
    const cluster = new MachineCluster(3);
    const leader = cluster.leader();
    const follower = (leader % 3) + 1;
    cluster.settled(cluster.put(follower, "a", "1"));
    expect(cluster.found(cluster.settled(cluster.get(follower, "a")))).toBe("1");
    expect(cluster.found(cluster.settled(cluster.get(leader, "a")))).toBe("1");
    expect(cluster.found(cluster.settled(cluster.get(follower, "b")))).toBeUndefined();
  });

  test("refuses calls with the leader's address where it does not pass them on", () => {
    const cluster = new MachineCluster(3, { forward: false });
    const leader = cluster.leader();
    cluster.simulation.runFor(200);
    const call = cluster.put((leader % 3) + 1, "a", "1");
    cluster.simulation.runFor(100);
    expect(call.outcome).toMatchObject({ ok: false, error: { code: "status", expected: cluster.at(leader).address } });
  });

  test("executes a command of a session once", () => {
    const cluster = new MachineCluster(3);
    const leader = cluster.leader();
    const opened = cluster.settled(cluster.call(leader, { type: "openSession" }));
    if (opened.type !== "sessionOpened") throw new Error(opened.type);
    const encoder = new TextEncoder();
    const cas = (value: string, expected: string | undefined, serial: number) =>
      cluster.call(leader, {
        type: "propose",
        data: encodeKv({
          op: "cas",
          key: encoder.encode("a"),
          expected: expected === undefined ? undefined : encoder.encode(expected),
          value: encoder.encode(value),
        }),
        session: { client: opened.client, serial, ackedBelow: 0 },
      });
    const first = cluster.settled(cas("1", undefined, 1));
    const again = cluster.settled(cas("1", undefined, 1));
    if (first.type !== "proposed" || again.type !== "proposed") throw new Error("not proposed");
    // The second one would find a value, had it been executed.
    expect(again.result).toEqual(first.result);
    expect(again.index).toBeGreaterThan(first.index);
  });

  test("goes on after a crash of all", () => {
    const cluster = new MachineCluster(3, TINY);
    const leader = cluster.leader();
    for (let i = 0; i < 50; i++) cluster.settled(cluster.put(leader, `key ${i}`, `value ${i}`));
    for (const id of [1, 2, 3]) cluster.at(id).crash();
    for (const id of [1, 2, 3]) cluster.at(id).restart();
    const next = cluster.leader();
    for (let i = 0; i < 50; i++)
      expect(cluster.found(cluster.settled(cluster.get(next, `key ${i}`)))).toBe(`value ${i}`);
  });

  test("serves one that was away for long from its segments, with little of the log in memory", () => {
    const cacheBytesMax = 1_000;
    const cluster = new MachineCluster(3, { segmentBytes: 2_048, cacheBytesMax });
    const leader = cluster.leader();
    const away = (leader % 3) + 1;
    cluster.at(away).crash();
    for (let i = 0; i < 150; i++) cluster.settled(cluster.put(leader, `key ${i}`, "x".repeat(100)));
    const { log } = cluster.machines.get(leader)!.machine.core!.state;
    expect(log.bytes).toBeGreaterThan(20_000);
    const held = (): number => log.from(log.firstHeld).reduce((sum, { data }) => sum + 13 + data.length, 0);
    expect(held()).toBeLessThanOrEqual(cacheBytesMax);
    cluster.at(away).restart();
    cluster.simulation.runUntil(() => cluster.held(away, "key 149") !== undefined, 5_000);
    for (let i = 0; i < 150; i++) expect(cluster.held(away, `key ${i}`)).toBe("x".repeat(100));
    expect(held()).toBeLessThanOrEqual(cacheBytesMax);
    expect(cluster.at(away).emitted.some(({ type }) => type === "snapshotInstalled")).toBe(false);
  });

  test("whose log is torn abstains where the disk may lie, until it has caught up", () => {
    for (const onTornTail of ["cut", "abstain"] as const) {
      const cluster = new MachineCluster(3, { onTornTail });
      const leader = cluster.leader();
      cluster.settled(cluster.put(leader, "a", "1"));
      const torn = (leader % 3) + 1;
      cluster.at(torn).crash();
      cluster.at(torn).disk.tear("raft/log/00000001");
      const others = [1, 2, 3].filter((id) => id !== torn);
      for (const id of others) cluster.at(id).crash();
      cluster.at(torn).restart();
      cluster.simulation.runFor(100);
      const isBehind = (): boolean => cluster.machines.get(torn)!.machine.core!.state.isBehind;
      expect(isBehind()).toBe(onTornTail === "abstain");
      for (const id of others) cluster.at(id).restart();
      cluster.settled(cluster.put(cluster.leader(), "b", "2"));
      cluster.simulation.runUntil(() => cluster.held(torn, "b") === "2" && !isBehind(), 2_000);
    }
    expect(() => new MachineCluster(1, { onTornTail: "other" as never })).toThrow("raft.onTornTail");
  });

  test("does not start on the disk of another", () => {
    const cluster = new MachineCluster(1);
    cluster.leader();
    cluster.at(1).crash();
    const other = encodeIdentityRecord({ clusterId: new Uint8Array(8), member: 1, life: 1n });
    const writes = [{ key: "raft/id", remove: true } as const, { key: "raft/id", at: 0, bytes: other }];
    cluster.at(1).disk.store(writes, () => {});
    cluster.simulation.runFor(100);
    cluster.at(1).restart();
    cluster.simulation.runFor(100);
    expect(cluster.at(1).emitted.at(-1)).toMatchObject({ type: "refused", error: { code: "storage" } });
  });

  test("tells who asked a follower that leadership was handed over, though its leader is another by then", () => {
    const cluster = new MachineCluster(3);
    for (let round = 0; round < 6; round++) {
      const leader = cluster.leader();
      const to = (leader % 3) + 1;
      const asked = cluster.call(to, { type: "transfer", to });
      expect(cluster.settled(asked)).toEqual({ type: "transferred" });
      cluster.simulation.runUntil(() => cluster.leaders()[0] === to, 2_000);
      cluster.simulation.runFor(500);
    }
  });

  test("replaces its leader by hand", () => {
    const cluster = new MachineCluster(3);
    const leader = cluster.leader();
    const to = (leader % 3) + 1;
    expect(cluster.settled(cluster.call(leader, { type: "transfer", to }))).toEqual({ type: "transferred" });
    cluster.simulation.runUntil(() => cluster.status(to)!.role === "Leader", 1_000);
    expect(cluster.leaders()).toEqual([to]);
  });
});
