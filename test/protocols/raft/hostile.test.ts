/** What strangers send to a member: it answers or shuts the link, and nobody else is harmed. */
import { beforeEach, describe, expect, test } from "vitest";
import { encodeMessageHeader, MessageKind } from "../../../src/codec/gen/raft/index.js";
import { concatBytes } from "../../../src/bytes/index.js";
import type { Effect } from "../../../src/machine/index.js";
import { ClientReplies, type ReplyLinks } from "../../../src/protocols/raft/client-replies.js";
import type { RaftMessage } from "../../../src/protocols/raft/core/messages.js";
import { MemberLinks } from "../../../src/protocols/raft/member-links.js";
import type { RaftEvent, RaftOutcome } from "../../../src/protocols/raft/types.js";
import { codeMember, commandOf } from "../../../src/protocols/raft/wire/member-messages.js";
import { Protocol, RpcFrames } from "../../../src/protocols/rpc/index.js";
import { MachineCluster } from "./machine-cluster.js";

const CLUSTER_ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const FRAMES = new RpcFrames({ framing: "uint32be" });
const SENDER = { address: "x:1", id: new Uint8Array(20), time: 0n };
const ORIGIN = { index: 0, term: 0 };
const STRANGER = 77;

let cluster: MachineCluster;
let leader: number;
let follower: number;
let other: number;
let term: number;

function framed(command: number, payload: Uint8Array): Uint8Array {
  return FRAMES.encode({ meta: { command, protocol: Protocol.Raft }, sender: SENDER, payload } as never);
}

function ofMember(message: Partial<RaftMessage> & Pick<RaftMessage, "kind">): Uint8Array {
  const whole = { from: STRANGER, to: follower, term, seq: 1, life: 1n, ...message } as RaftMessage;
  return framed(commandOf(whole), codeMember(whole, CLUSTER_ID));
}

const append = (more: Partial<RaftMessage> = {}): Uint8Array =>
  ofMember({ kind: "append", prev: ORIGIN, commit: 0, round: 0, entries: [], lostData: false, ...more } as RaftMessage);

/** Sends bytes by a link of a stranger, and says what became of it. */
function sent(
  to: number,
  ...frames: Uint8Array[]
): { isShut: boolean; writes: number; out: Effect<RaftOutcome, RaftEvent>[] } {
  const { machine } = cluster.machines.get(to)!;
  const out: Effect<RaftOutcome, RaftEvent>[] = [];
  const link = 1_000_000;
  machine.step({ type: "opened", link, peer: "203.0.113.1:5" }, cluster.simulation.nowMs, out);
  for (const bytes of frames) machine.step({ type: "bytes", link, bytes }, cluster.simulation.nowMs, out);
  const ofLink = out.filter((effect) => "link" in effect && effect.link === link);
  const isShut = ofLink.some(({ type }) => type === "shut" || type === "abort");
  if (!isShut) machine.step({ type: "closed", link }, cluster.simulation.nowMs, out);
  return { isShut, writes: ofLink.filter(({ type }) => type === "write").length, out };
}

beforeEach(() => {
  cluster = new MachineCluster(3);
  leader = cluster.leader();
  cluster.simulation.runFor(500);
  [follower, other] = [1, 2, 3].filter((id) => id !== leader) as [number, number];
  ({ term } = cluster.status(leader)!);
});

describe("a stranger", () => {
  test.each([
    ["a follower", () => follower],
    ["the leader", () => leader],
  ])("that appends in the term of a leader is passed over by %s", (_who, to) => {
    expect(sent(to(), append({ to: to() })).isShut).toBe(false);
    expect(cluster.status(to())).toMatchObject({ fault: undefined, leader, term });
    cluster.settled(cluster.put(leader, "a", "1"));
  });

  test("that was first in a term gives way to a member, which is its leader", () => {
    sent(follower, append({ term: term + 1 }));
    expect(cluster.status(follower)).toMatchObject({ leader: STRANGER, term: term + 1 });
    sent(follower, append({ term: term + 1, from: other }));
    expect(cluster.status(follower)).toMatchObject({ leader: other, term: term + 1, fault: undefined });
  });

  test("that has the id of a member makes a second leader, which is a fault", () => {
    const { out } = sent(follower, append({ from: other }));
    expect(out).toContainEqual({ type: "emit", event: expect.objectContaining({ type: "fault", code: "twoLeaders" }) });
  });

  test("answers nobody: answers count on the link to the member that was asked", () => {
    const answer = { index: 1, hint: ORIGIN, round: 1, refused: false, diskTrouble: false } as const;
    // Its life is another: on a link to that member it would be one that has lost its data.
    const { isShut, out } = sent(leader, ofMember({ kind: "appendAnswer", from: follower, to: leader, ...answer }));
    expect(isShut).toBe(true);
    expect(out.filter(({ type }) => type === "emit")).toEqual([]);
    expect(cluster.status(leader)).toMatchObject({ badMessages: 1 });
    cluster.simulation.runFor(500);
    cluster.simulation.partition(`m${other}`);
    expect(cluster.settled(cluster.put(leader, "a", "1"))).toMatchObject({ type: "proposed" });
  });

  test("with a term that is far above is shut out, and counted", () => {
    expect(sent(follower, append({ term: term + 2 ** 32 + 1 })).isShut).toBe(true);
    expect(cluster.status(follower)).toMatchObject({ badMessages: 1, term, leader });
  });

  test("with a frame of 4 GiB, or other bytes, is shut out, and counted", () => {
    expect(sent(follower, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 1, 2, 3)).isShut).toBe(true);
    expect(sent(follower, new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n")).isShut).toBe(true);
    expect(cluster.status(follower)).toMatchObject({ badMessages: 2 });
  });

  test("with a payload that is no message is shut out, and counted", () => {
    const header = { clusterId: CLUSTER_ID, from: STRANGER, to: follower, term, seq: 1, life: 1n };
    const coded = encodeMessageHeader({ messageKind: MessageKind.append, flags: 0, ...header });
    const payloads = [coded, coded.subarray(0, 51), new Uint8Array(0), concatBytes(coded, new Uint8Array(35))];
    for (const payload of payloads) expect(sent(follower, framed(9, payload)).isShut).toBe(true);
    expect(cluster.status(follower)).toMatchObject({ badMessages: payloads.length, fault: undefined });
  });
});

describe("links between members", () => {
  test("are kept of few that say an id", () => {
    const links = new MemberLinks();
    for (let member = 1; member <= 10_000; member++) links.asks(member, 5);
    const kept = Array.from({ length: 10_000 }, (_, i) => links.linkOf(i + 1)).filter((link) => link === 5);
    expect(kept).toHaveLength(256);
    expect(links.linkOf(10_000)).toBe(5);
    links.closed(5);
    expect(links.linkOf(10_000)).toBeUndefined();
  });
});

describe("answers to clients", () => {
  const HEAD = { clusterId: CLUSTER_ID, from: 1, life: 1n, to: 0, seq: 1 };
  const ok = (bytes: number) =>
    ({ status: "ok", index: 3, leader: 1, address: "a:1", result: new Uint8Array(bytes) }) as const;
  /** Links that take frames of so many bytes at most. */
  const linksOf = (bytesMax: number) => {
    const statuses: number[] = [];
    const shut: number[] = [];
    const links: ReplyLinks = {
      isOpen: () => shut.length === 0,
      send: (_link, { payload }) => {
        if (payload.length > bytesMax) return { code: "limit", format: "rpc", path: "" };
        statuses.push(payload[52]!);
        return undefined;
      },
      shut: (link) => void shut.push(link),
    };
    return { statuses, shut, replies: new ClientReplies(links) };
  };

  test("say where a result does not fit, whether anything may have happened", () => {
    const { replies, statuses } = linksOf(1_000);
    replies.reply(7, "read", ok(900), HEAD);
    replies.reply(7, "read", ok(1_000), HEAD);
    replies.reply(7, "propose", ok(1_000), HEAD);
    // Codes: 0 ok, 3 limit, 2 uncertain.
    expect(statuses).toEqual([0, 3, 2]);
  });

  test("shut a link that takes not even that", () => {
    const { replies, statuses, shut } = linksOf(10);
    replies.reply(7, "read", ok(1_000), HEAD);
    replies.reply(7, "read", ok(1), HEAD);
    expect({ statuses, shut }).toEqual({ statuses: [], shut: [7] });
  });

  test("have so many bytes in one turn, and more in the next", () => {
    const { replies, statuses } = linksOf(Infinity);
    for (let i = 0; i < 10; i++) replies.reply(7, "read", ok(8 << 20), HEAD);
    expect(statuses).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 3, 3]);
    replies.endTurn();
    replies.reply(7, "read", ok(8 << 20), HEAD);
    expect(statuses.at(-1)).toBe(0);
  });
});
