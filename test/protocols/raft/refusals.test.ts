/** What is refused for what it is, at once and with a reason: changes, commands, queries, options. */
import { describe, expect, test, vi } from "vitest";
import type { RaftCall, RaftMemberOptions } from "../../../src/protocols/raft/types.js";
import { RaftClientMachine } from "../../../src/protocols/raft/client/machine.js";
import { KvState } from "../../../src/protocols/raft/kv/kv-state.js";
import { RaftMachine } from "../../../src/protocols/raft/machine.js";
import { memberOptions } from "../../../src/protocols/raft/member-options.js";
import { IdMap } from "../../../src/machine/id-map.js";
import type { Effect, Env } from "../../../src/machine/index.js";
import type { RaftOutcome } from "../../../src/protocols/raft/types.js";
import { issueOf } from "../../support/issue-of.js";
import { MachineCluster } from "./machine-cluster.js";

const clusterId = new Uint8Array(8).fill(3);
const env: Env = { random: (n) => new Uint8Array(n), unixNs: () => 0n };
const founders = [{ member: 1, address: "a:1" }];
const options: RaftMemberOptions = { clusterId, member: 1, founders };

function errorOf(cluster: MachineCluster, member: number, request: RaftCall, limitMs = 100) {
  const call = cluster.call(member, request);
  cluster.simulation.runUntil(() => call.outcome !== undefined, limitMs);
  const { outcome } = call;
  return outcome?.ok === false ? outcome.error : outcome?.value;
}

describe("a change of the members", () => {
  const add = (member: number, address: string) => ({ type: "change", op: "addLearner", member, address }) as const;
  const change = (op: "promote" | "demote" | "remove", member: number) => ({ type: "change", op, member }) as const;

  test("has an address that can be one, and that no other member has", () => {
    const cluster = new MachineCluster(3);
    const leader = cluster.leader();
    cluster.simulation.runFor(500);
    const { config } = cluster.status(leader)!;
    for (const address of ["nonsense", "", "m9:99999", "m9:7000 "]) {
      const expected = `"host:port", an IPv6 address in brackets`;
      expect(errorOf(cluster, leader, add(9, address))).toMatchObject({ code: "argument", expected });
    }
    const expected = "an address that no other member has; member 2 is there";
    expect(errorOf(cluster, leader, add(9, "m2:7000"))).toMatchObject({ code: "argument", expected });
    expect(cluster.status(leader)!.config).toEqual(config);
    // A follower passes the reason on.
    expect(errorOf(cluster, (leader % 3) + 1, add(9, "m2:7000"))).toMatchObject({ code: "argument", expected });
  });

  test("is the same again, and another one with another address", () => {
    const cluster = new MachineCluster(1);
    cluster.leader();
    cluster.simulation.runFor(500);
    expect(errorOf(cluster, 1, add(9, "m9:7000"))).toMatchObject({ type: "changed" });
    expect(errorOf(cluster, 1, add(9, "m9:7000"))).toMatchObject({ type: "changed" });
    expect(errorOf(cluster, 1, add(9, "m8:7000"))).toMatchObject({
      code: "argument",
      expected: "an id that no member has; member 9 is at m9:7000",
    });
  });

  test("is refused with what was expected", () => {
    const cluster = new MachineCluster(3);
    const leader = cluster.leader();
    cluster.simulation.runFor(500);
    const stranger = { code: "argument", expected: "the id of a member of the cluster" };
    expect(errorOf(cluster, leader, change("promote", 9))).toMatchObject(stranger);
    expect(errorOf(cluster, leader, change("demote", 9))).toMatchObject(stranger);
    errorOf(cluster, leader, add(9, "m9:7000"));
    cluster.simulation.runFor(100);
    expect(errorOf(cluster, leader, change("promote", 9))).toMatchObject({
      code: "argument",
      expected: "a learner that has answered; this one was not heard yet",
    });
    expect(errorOf(cluster, leader, { type: "transfer", to: leader })).toMatchObject({
      code: "argument",
      expected: "a voter that does not lead; this one leads",
    });
  });
});

describe("a command", () => {
  test.each([1, 2, 3])("that is too long is refused at once, by member %i of three", (member) => {
    const cluster = new MachineCluster(3);
    cluster.leader();
    cluster.simulation.runFor(300);
    // One that fits into no frame as well.
    for (const bytes of [(1 << 20) + 1, 9 << 20]) {
      const call = { type: "propose", data: new Uint8Array(bytes) } as const;
      expect(errorOf(cluster, member, call)).toMatchObject({ code: "argument", expected: "at most 1048576 bytes" });
    }
  });

  test("and others whose time is over are given up together, without a look through all for each", () => {
    const cluster = new MachineCluster(3);
    const leader = cluster.leader();
    cluster.simulation.partition(`m${leader}`);
    const calls = Array.from({ length: 500 }, () => cluster.put(leader, "a", "1", 100));
    cluster.simulation.runFor(90);
    const walks = vi.spyOn(IdMap.prototype, "entries");
    cluster.simulation.runFor(20);
    const walked = walks.mock.calls.length;
    walks.mockRestore();
    const codes = calls.map(({ outcome }) => (outcome?.ok === false ? outcome.error.code : "none"));
    expect(new Set(codes)).toEqual(new Set(["uncertain"]));
    expect(walked).toBeLessThan(10);
  });
});

describe("a state machine", () => {
  const started = (state: Partial<KvState>) => () => new RaftMachine(options, env, state as KvState);

  test("has what commands and snapshots need", () => {
    const apply = (): Uint8Array => new Uint8Array(0);
    expect(issueOf(started(undefined as never))).toMatchObject({ code: "argument", path: "stateMachine.apply" });
    expect(issueOf(started({ apply }))).toMatchObject({ code: "argument", path: "stateMachine.snapshot" });
  });

  test.each([
    ["throws", () => expect.fail("thrown")],
    ["answers text", () => "text"],
  ])("whose query %s refuses that query, and goes on", (_what, query) => {
    const cluster = new MachineCluster(1);
    cluster.leader();
    cluster.settled(cluster.put(1, "a", "1"));
    const { state } = cluster.machines.get(1)!;
    state.query = query as never;
    expect(errorOf(cluster, 1, { type: "read", query: new Uint8Array(1) })).toMatchObject({
      code: "argument",
      expected: "a query that the state machine answers; it has thrown",
    });
    delete (state as Partial<KvState>).query;
    expect(cluster.settled(cluster.get(1, "a"))).toMatchObject({ type: "read" });
  });
});

describe("options", () => {
  const issueWith = (more: object) => issueOf(() => new RaftMachine({ ...options, ...more }, env, new KvState()));

  test("of founders name each address once", () => {
    const shared = [...founders, { member: 2, address: "a:1" }];
    expect(issueWith({ founders: shared })).toMatchObject({ code: "argument", path: "founders[1].address" });
    const wrong = [{ member: 1, address: "nonsense" }];
    expect(issueWith({ founders: wrong })).toMatchObject({ code: "argument", path: "founders[0].address" });
    expect(issueWith({ founders: "a:1" })).toMatchObject({ code: "argument", path: "founders" });
    expect(issueWith({ clusterId: "clusters" })).toMatchObject({ code: "argument", path: "clusterId" });
  });

  test("of sizes are refused where no frame has room for them, and fit where they are not given", () => {
    expect(issueWith({ entryBytesMax: 9 << 20 })).toMatchObject({ code: "argument", path: "entryBytesMax" });
    expect(issueWith({ framing: "uint16be", messageBytes: 70_000 })).toMatchObject({ path: "messageBytes" });
    expect(memberOptions({ ...options, limits: { frameBytesMax: 100_000 } })).toMatchObject({
      entryBytesMax: 98_972,
      messageBytes: 98_972,
      chunkBytes: 65_536,
    });
  });
});

describe("a client", () => {
  const made = (more: object) => new RaftClientMachine({ clusterId, members: ["a:1"], ...more }, env);

  test("is told addresses, and whether it has a session", () => {
    expect(issueOf(() => made({ members: ["a:1", "nonsense"] }))).toMatchObject({
      code: "argument",
      path: "members[1]",
    });
    expect(issueOf(() => made({ session: "twice" }))).toMatchObject({ code: "argument", path: "session" });
  });

  test.each([
    ["a command that fits into no frame", { type: "propose", data: new Uint8Array(8 << 20) }, "data"],
    ["a query that fits into no frame", { type: "read", query: new Uint8Array(8 << 20) }, "query"],
    ["the status of what is no address", { type: "status", at: "nonsense" }, "address"],
  ] as const)("refuses %s at once", (_what, request, path) => {
    const out: Effect<RaftOutcome, never>[] = [];
    made({}).step({ type: "call", id: 1, request, deadlineMs: 10_000 }, 0, out);
    expect(out).toMatchObject([{ type: "settle", id: 1, error: { code: "argument", path } }]);
  });

  test("says which member does not answer, where it asks no other", () => {
    const machine = made({});
    const out: Effect<RaftOutcome, never>[] = [];
    machine.step({ type: "call", id: 1, request: { type: "status", at: "b:2" }, deadlineMs: 10_000 }, 0, out);
    const { link } = out.find((effect) => effect.type === "connect")!;
    machine.step({ type: "closed", link }, 1, out);
    expect(out.at(-1)).toMatchObject({
      type: "settle",
      error: { code: "unreachable", actual: "no member answers at b:2" },
    });
  });
});
