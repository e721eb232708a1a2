/** Calls of members and clients: as many as the limits allow, and none without a time. */
import { describe, expect, it } from "vitest";
import type { WireIssue } from "../../../src/errors.js";
import type { Effect, Env, Event, Machine } from "../../../src/machine/index.js";
import { KvState } from "../../../src/protocols/raft/kv/kv-state.js";
import { RaftClientMachine } from "../../../src/protocols/raft/client/machine.js";
import { ClientRequests, type RequestEnd } from "../../../src/protocols/raft/client/requests.js";
import { RaftMachine } from "../../../src/protocols/raft/machine.js";
import type { RaftOutcome } from "../../../src/protocols/raft/types.js";
import { issueOf } from "../../support/issue-of.js";

const clusterId = new Uint8Array(8).fill(3);
const env: Env = { random: (n) => new Uint8Array(n), unixNs: () => 0n };
const limits = { callsMax: 2 };

/** A machine, stepped by hand. */
function stepped<E, F>(machine: Machine<E, RaftOutcome, F>) {
  const out: Effect<RaftOutcome, F>[] = [];
  const settled = (): [number, WireIssue["code"] | string][] =>
    out
      .splice(0)
      .flatMap((effect) =>
        effect.type === "settle" ? [[effect.id, "error" in effect ? effect.error.code : effect.value.type]] : [],
      );
  return { step: (event: Event<E>, nowMs = 0) => machine.step(event, nowMs, out), settled, out, machine };
}

const member = (more = {}) =>
  stepped(
    new RaftMachine(
      { clusterId, member: 1, founders: [{ member: 1, address: "a:1" }], limits, ...more },
      env,
      new KvState(),
    ),
  );
const client = (more = {}) => stepped(new RaftClientMachine({ clusterId, members: ["a:1"], limits, ...more }, env));
const propose = (id: number, deadlineMs: number) =>
  ({ type: "call", id, request: { type: "propose", data: new Uint8Array(1) }, deadlineMs }) as const;
const read = (id: number, deadlineMs: number) =>
  ({ type: "call", id, request: { type: "read", query: new Uint8Array(1) }, deadlineMs }) as const;

describe.each([
  ["a member whose disk is being read", member, propose],
  ["a member, of reads", member, read],
  ["a client without a session, of reads", client, read],
  ["a client that needs no session", () => client({ session: "none" }), propose],
])("%s", (_name, make, ask) => {
  it("holds as many calls as the limits say, and as many more that wait", () => {
    const { step, settled } = make();
    for (let id = 1; id <= 6; id++) step(ask(id, 1_000));
    expect(settled()).toEqual([
      [5, "limit"],
      [6, "limit"],
    ]);
    step({ type: "cancel", id: 2 });
    step(ask(7, 1_000));
    step(ask(8, 1_000));
    expect(settled()).toEqual([
      [2, "cancelled"],
      [8, "limit"],
    ]);
  });

  it("refuses a deadline that is no time, and one that has passed", () => {
    const { step, settled, out, machine } = make();
    step(ask(1, NaN));
    const refused = out.find(({ type }) => type === "settle");
    expect(refused).toMatchObject({ id: 1, error: { code: "argument", path: "deadlineMs" } });
    step(ask(2, -Infinity));
    step(ask(3, 0));
    expect(settled()).toEqual([
      [1, "argument"],
      [2, "argument"],
      [3, "timeout"],
    ]);
    step(ask(4, 100));
    expect(machine.nextWakeMs()).toBeLessThanOrEqual(100);
  });
});

describe("a client", () => {
  it("bounds the commands that wait for a session", () => {
    const { step, settled } = client();
    for (let id = 1; id <= 5; id++) step(propose(id, 1_000));
    // One is the next to get a place, and two wait.
    expect(settled()).toEqual([
      [4, "limit"],
      [5, "limit"],
    ]);
    step(propose(6, NaN));
    expect(settled()).toEqual([[6, "argument"]]);
    step({ type: "stop" });
    expect(settled()).toEqual([1, 2, 3].map((id) => [id, "cancelled"]));
  });
});

describe("times", () => {
  it.each([NaN, 0, -1, "10"])("of attempts and of requests from links are refused where they are %s", (ms) => {
    expect(issueOf(() => client({ attemptTimeoutMs: ms }))).toMatchObject({
      code: "argument",
      path: "attemptTimeoutMs",
    });
    expect(issueOf(() => member({ callTimeoutMs: ms }))).toMatchObject({ code: "argument", path: "callTimeoutMs" });
  });
});

describe("requests", () => {
  const request = { type: "read", mode: "readIndex", query: new Uint8Array(0) } as const;
  const command = { type: "propose", proposal: { type: "openSession" } } as const;

  it("go on to the next member when an attempt times out, or cannot be sent", () => {
    const sent: string[] = [];
    const requests = new ClientRequests(["a", "b", "c"], 100, {
      send: (address) => sent.push(address) !== 2,
    });
    const ends: RequestEnd[] = [];
    requests.start(1, { request, mayRepeat: true, done: (end) => void ends.push(end) }, 1_000, 0);
    for (let nowMs = 0; sent.length < 4; nowMs = requests.nextMs) requests.wake(nowMs);
    expect(sent).toEqual(["a", "b", "c", "a"]);
    expect(ends).toEqual([]);
    requests.wake(1_000);
    expect(ends).toMatchObject([{ status: "timeout" }]);
    expect([requests.size, requests.nextMs]).toEqual([0, Infinity]);
  });

  it("that may have changed something end as uncertain, and as refused where no attempt was taken", () => {
    const ends: string[] = [];
    const requests = new ClientRequests(["a"], 100, { send: () => true });
    const done = ({ status }: RequestEnd) => void ends.push(status);
    requests.start(1, { request: command, mayRepeat: true, done }, 50, 0);
    requests.wake(50);
    requests.start(2, { request: command, mayRepeat: false, done }, 1_000, 60);
    requests.answered(2, { status: "limit", index: 0, leader: 0, address: "", result: new Uint8Array(0) }, 60);
    requests.start(3, { request: command, mayRepeat: false, done }, 1_000, 60);
    requests.lost("a", false, 60);
    requests.wake(1_000);
    requests.start(4, { request: command, mayRepeat: false, done }, 2_000, 1_000);
    requests.lost("a", true, 1_000);
    expect(ends).toEqual(["uncertain", "limit", "timeout", "uncertain"]);
  });
});
