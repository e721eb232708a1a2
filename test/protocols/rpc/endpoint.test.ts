/** The endpoint, event by event: what it takes for an answer, what it drops, and by when it gives up. */
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, toHex } from "../../../src/bytes/index.js";
import type { Effect } from "../../../src/machine/index.js";
import {
  AnswerCode,
  Command,
  Protocol,
  RpcEndpoint,
  statusBody,
  type RpcCounters,
  type RpcMessage,
} from "../../../src/protocols/rpc/index.js";
import { answer, ask, Peer, PEER, STRANGER } from "./harness.js";

describe("an answer", () => {
  it("settles the call of its RequestID, in any order, on one link", () => {
    const peer = new Peer();
    const [first, second] = [peer.request(), peer.request({ command: Command.GET })];
    expect(peer.effects.filter(({ type }) => type === "connect")).toHaveLength(1);
    const [asked, askedLater] = peer.written();
    peer.bytes(-1, answer(askedLater!, { command: Command.VALUE, value: Uint8Array.of(2) }));
    peer.bytes(-1, answer(asked!, { command: Command.ACK }));
    expect(peer.outcome(second)).toMatchObject({ value: { message: { value: Uint8Array.of(2) }, rttMs: 0 } });
    expect(peer.outcome(first)).toMatchObject({ value: { peer: PEER } });
    expect(peer.counters).toMatchObject({ answers: 2, lateAnswers: 0 });
  });

  it.each<[string, keyof RpcCounters, (peer: Peer) => void]>([
    ["late", "lateAnswers", (peer) => (peer.pass(1_001), peer.bytes(-1, answer(peer.written()[0]!)))],
    ["duplicate", "lateAnswers", (peer) => [1, 2].map(() => peer.bytes(-1, answer(peer.written()[0]!)))],
    ["to nothing", "unknownAnswers", (peer) => peer.bytes(-1, answer({ requestID: "BBBBBBBBBBB" }))],
    ["from another link", "strayAnswers", (peer) => (peer.open(1), peer.bytes(1, answer(peer.written()[0]!)))],
    ["by datagram to a stream", "strayAnswers", (peer) => peer.datagram(PEER, answer(peer.written()[0]!))],
    ["without RequestID", "unknownAnswers", (peer) => peer.bytes(-1, answer({ requestID: "" }))],
  ])("that is %s is dropped and counted", (_, counter, send) => {
    const peer = new Peer();
    // Keeps the link of the call that times out.
    peer.request({ command: Command.PING }, 60_000);
    const [kept] = peer.written();
    const call = peer.request({ command: Command.GET });
    peer.open(-1);
    peer.clear();
    peer.request({ command: Command.GET });
    send(peer);
    expect(peer.counters[counter]).toBe(1);
    peer.bytes(-1, answer(kept!));
    expect(peer.outcome(call)?.ok).not.toBe(true);
  });

  it("by datagram has to come from the address that was asked", () => {
    const peer = new Peer();
    const call = peer.request({ command: Command.PING }, 1_000, { peer: PEER, via: "datagram" });
    const [asked] = peer.written();
    peer.datagram(STRANGER, answer(asked!));
    expect(peer.outcome(call)).toBeUndefined();
    peer.datagram(PEER, answer(asked!));
    expect(peer.outcome(call)?.ok).toBe(true);
    expect(peer.counters).toMatchObject({ strayAnswers: 1, answers: 1 });
  });

  it("that says no ends the call with the name of its code", () => {
    const peer = new Peer();
    const call = peer.request({ command: Command.GET });
    peer.bytes(-1, answer(peer.written()[0]!, statusBody(AnswerCode.notFound)));
    expect(peer.outcome(call)).toMatchObject({ ok: false, error: { code: "status", actual: "notFound" } });
  });

  it("without RequestID settles, in `reference`, the oldest call to that address", () => {
    const peer = new Peer({ profile: "reference" });
    const calls = [peer.request({ command: Command.PING }), peer.request({ command: Command.PING })];
    peer.bytes(-1, answer({ requestID: "" }));
    expect(calls.map((call) => peer.outcome(call)?.ok)).toEqual([true, undefined]);
    // Go peers dial to answer, and say by Sender who they are.
    peer.open(1, STRANGER);
    peer.bytes(1, answer({ requestID: "" }, { command: Command.ACK }, STRANGER));
    expect(peer.outcome(calls[1]!)).toBeUndefined();
    peer.bytes(1, answer({ requestID: "" }, { command: Command.ACK }, PEER));
    expect(peer.outcome(calls[1]!)?.ok).toBe(true);
  });
});

describe("a datagram that asks", () => {
  it("is sent again with the same bytes after 500 and 1,000 ms, and gives no round trip then", () => {
    const peer = new Peer();
    const call = peer.request({ command: Command.PING }, 5_000, { peer: PEER, via: "datagram" });
    const sent = (): number => peer.effects.filter(({ type }) => type === "datagram").length;
    for (const [ms, count] of [
      [499, 1],
      [1, 2],
      [500, 3],
      [3_000, 3],
    ]) {
      peer.pass(ms!);
      expect(sent()).toBe(count);
    }
    const asked = peer.written();
    expect(new Set(asked.map(({ requestID }) => requestID)).size).toBe(1);
    peer.datagram(PEER, answer(asked[0]!));
    expect(peer.outcome(call)).toMatchObject({ ok: true, value: { rttMs: undefined } });
  });

  it("goes over a link where it is too long and may, and is refused where it may not", () => {
    const peer = new Peer();
    const long = { command: Command.STORE, value: new Uint8Array(1_400) };
    peer.request(long, 1_000, { peer: PEER, via: "auto" });
    expect(peer.effects.map(({ type }) => type)).toEqual(["connect", "write"]);
    const refused = peer.request(long, 1_000, { peer: PEER, via: "datagram" });
    expect(peer.outcome(refused)).toMatchObject({ error: { code: "limit" } });
  });
});

describe("a datagram", () => {
  it.each([
    ["bytes after its frame", concatBytes(ask(), new Uint8Array(1))],
    ["less than its frame", ask().subarray(0, 20)],
    ["less than a length", new Uint8Array(1)],
    ["nothing", new Uint8Array()],
    ["no message", Uint8Array.of(0, 1, 0xff)],
    ["more than 1,400 bytes", ask({ value: new Uint8Array(1_400) })],
  ])("with %s is dropped and counted", (_, bytes) => {
    const peer = new Peer();
    peer.datagram(STRANGER, bytes);
    expect(peer.effects).toEqual([]);
    expect(peer.counters).toMatchObject({ badDatagrams: 1, received: 0 });
  });
});

describe("links", () => {
  it("are reused, closed when idle, and opened anew", () => {
    const peer = new Peer();
    peer.request();
    peer.open(-1);
    peer.bytes(-1, answer(peer.written()[0]!));
    peer.pass(59_999);
    expect(peer.effects.some(({ type }) => type === "shut")).toBe(false);
    peer.pass(2);
    expect(peer.effects.at(-2)).toMatchObject({ type: "shut", link: -1 });
    peer.request();
    expect(peer.effects.at(-2)).toMatchObject({ type: "connect", link: -2 });
  });

  it("that do not open in time, or close, fail their calls", () => {
    const peer = new Peer();
    const call = peer.request({ command: Command.PING }, 60_000);
    peer.pass(5_000);
    expect(peer.outcome(call)).toMatchObject({ error: { code: "unreachable" } });
    const next = peer.request({ command: Command.PING }, 60_000);
    peer.open(-2);
    peer.step({ type: "closed", link: -2, error: { code: "closed", format: "tcp", path: "", actual: "ECONNRESET" } });
    expect(peer.outcome(next)).toMatchObject({ error: { code: "closed", actual: "ECONNRESET" } });
  });

  it("on which a call timed out while nothing came get no more calls", () => {
    const peer = new Peer();
    peer.request({ command: Command.PING }, 1_000);
    peer.open(-1);
    peer.pass(1_000);
    peer.request();
    expect(peer.effects.filter(({ type }) => type === "connect").at(-1)).toMatchObject({ link: -2 });
  });

  it("are as many as asked for while all carry calls", () => {
    const peer = new Peer({ linksPerPeerMax: 2 });
    for (let i = 0; i < 6; i++) peer.request();
    const links = peer.effects.flatMap((effect) => (effect.type === "write" ? [effect.link] : []));
    expect(links).toEqual([-1, -2, -1, -2, -1, -2]);
  });

  it("that are congested keep frames until they drain, as many as may wait", () => {
    const peer = new Peer({ limits: { writeQueueBytesMax: 1_000 }, backlogBytesMax: 1_600 });
    peer.request({ command: Command.PING }, 60_000);
    peer.open(-1);
    peer.step({ type: "congested", link: -1 });
    peer.clear();
    const body = { command: Command.STORE, value: new Uint8Array(600) };
    const calls = [1, 2, 3].map(() => peer.request(body, 60_000));
    expect(peer.effects.filter(({ type }) => type === "write")).toEqual([]);
    expect(calls.map((call) => peer.outcome(call))).toMatchObject([undefined, undefined, { error: { code: "limit" } }]);
    peer.step({ type: "drained", link: -1 });
    expect(peer.effects.filter(({ type }) => type === "write")).toHaveLength(2);
    peer.step({ type: "congested", link: -1 });
    peer.pass(30_000);
    expect(peer.effects.at(-1)).toMatchObject({ type: "emit", event: { type: "closed", issue: { code: "timeout" } } });
  });

  it("close when their answers do not fit into the backlog", () => {
    const peer = new Peer({ backlogBytesMax: 1_000, commands: [Command.GET] });
    peer.open(1);
    for (let i = 0; i < 3; i++) peer.bytes(1, ask({ meta: { command: Command.GET, protocol: 1 } }));
    peer.step({ type: "congested", link: 1 });
    const body = { command: Command.VALUE, value: new Uint8Array(600) };
    const replies = [1, 2, 3].map((request) => peer.outcome(peer.call({ type: "reply", request, body })));
    expect(replies).toMatchObject([{ ok: true }, { error: { code: "closed" } }, { error: { code: "closed" } }]);
    expect(peer.machine.endpoint.linkCount).toBe(0);
    expect(peer.machine.endpoint.requestCount).toBe(0);
  });

  it("whose peers do not read are closed, the one that holds most first, when all hold too much", () => {
    const peer = new Peer({ limits: { writeQueueBytesMax: 1_000 }, sendBytesMax: 3_500, commands: [Command.GET] });
    for (const link of [1, 2, 3]) {
      peer.open(link, `10.0.0.${link}:1`);
      peer.step({ type: "congested", link });
    }
    const send = (link: number, bytes: number): unknown =>
      peer.outcome(peer.call({ type: "send", target: { link }, body: { command: 8, value: new Uint8Array(bytes) } }));
    expect(send(1, 300)).toMatchObject({ ok: true });
    expect(send(2, 400)).toMatchObject({ error: { code: "limit" } });
    expect(peer.counters.crowdedLinks).toBe(1);
    expect(peer.machine.endpoint.linkOf(2)).toBeUndefined();
    expect(peer.machine.endpoint.linkCount).toBe(2);
    expect(send(3, 400)).toMatchObject({ ok: true });
  });

  it.each<[string, "strict" | "reference", number, number]>([
    ["its length in 5 s", "strict", 1, 5_000],
    ["its body in 10 s", "strict", 2, 10_000],
    ["its body 500 ms after its length, as Go", "reference", 2, 500],
  ])("have to complete a frame: %s (%s)", (_, profile, held, timeoutMs) => {
    const peer = new Peer({ profile });
    peer.open(1);
    peer.bytes(1, ask().subarray(0, held));
    peer.pass(timeoutMs - 1);
    expect(peer.machine.endpoint.linkCount).toBe(1);
    peer.pass(1);
    expect(peer.machine.endpoint.linkCount).toBe(0);
    expect(peer.counters.slowLinks).toBe(1);
  });

  it("may take as long as they want for a length, and idle, in `reference`", () => {
    const peer = new Peer({ profile: "reference" });
    peer.open(1);
    peer.pass(1e9);
    peer.bytes(1, ask().subarray(0, 1));
    peer.pass(1e9);
    peer.bytes(1, ask().subarray(1));
    expect(peer.written()).toMatchObject([{ meta: { command: Command.ACK } }]);
  });

  it("close after a message that is none, and after one that is too long", () => {
    const peer = new Peer({ framing: "uint32be", messageBytesMax: 100 });
    peer.open(1);
    peer.bytes(1, Uint8Array.of(0, 0, 0, 1, 0xff));
    peer.open(2);
    peer.bytes(2, Uint8Array.of(0, 0, 0, 101));
    expect(peer.counters.badFrames).toBe(2);
    expect(peer.machine.endpoint.linkCount).toBe(0);
  });

  it("hold incomplete frames within the room for all, whatever their lengths say", () => {
    const peer = new Peer({ framing: "uint32be", receiveBytesMax: 1_000_000 });
    const lie = new Uint8Array(2_000);
    lie.set([0, 0x80, 0, 0]);
    // One sender has 200 links, eight others 100 each.
    for (let link = 1; link <= 1_000; link++) {
      peer.open(link, link <= 200 ? STRANGER : `10.0.1.${link % 8}:1`);
      peer.bytes(link, lie);
    }
    expect(peer.machine.endpoint.heldBytes).toBeLessThanOrEqual(1_000_000);
    expect(peer.machine.endpoint.linkCount).toBe(500);
    expect(peer.counters.crowdedLinks).toBe(500);
    for (let link = 1; link <= 1_000; link++) peer.step({ type: "closed", link });
    expect(peer.machine.endpoint.heldBytes).toBe(0);
  });

  it("of one address prefix open at a bounded rate", () => {
    const peer = new Peer({ linksPerSecond: 100 });
    for (let link = 1; link <= 257; link++) peer.open(link, STRANGER);
    expect(peer.counters.limitedLinks).toBe(1);
    peer.open(258, PEER);
    peer.pass(10);
    peer.open(259, STRANGER);
    expect(peer.counters.limitedLinks).toBe(1);
  });
});

describe("a request", () => {
  it("is answered with its RequestID, by link and by datagram, with or without a Sender", () => {
    const peer = new Peer({ id: new Uint8Array(20).fill(9), address: "10.0.0.9:1" });
    peer.open(1);
    peer.bytes(1, ask({ requestID: "CCCCCCCCCCC", traceID: "t", sender: undefined }));
    peer.datagram(STRANGER, ask({ requestID: "" }));
    const ack = { meta: { command: Command.ACK, protocol: 1 }, key: new Uint8Array(20).fill(9) };
    const sender = { address: "10.0.0.9:1", id: ack.key };
    expect(peer.written()).toMatchObject([
      { ...ack, sender, requestID: "CCCCCCCCCCC", traceID: "t" },
      { ...ack, sender, requestID: "" },
    ]);
  });

  it("of a command that nobody handles is answered as unsupported, and one without Meta is not", () => {
    const peer = new Peer();
    peer.open(1);
    peer.bytes(1, ask({ meta: { command: 42 as Command, protocol: 1 } }));
    expect(peer.written()).toMatchObject([{ payload: statusBody(AnswerCode.unsupported).payload }]);
    peer.clear();
    peer.bytes(1, ask({ meta: undefined }));
    expect(peer.written()).toEqual([]);
    expect(peer.counters.withoutMeta).toBe(1);
    const reference = new Peer({ profile: "reference" });
    reference.open(1);
    reference.bytes(1, Uint8Array.of(0, 0));
    expect(reference.written()).toMatchObject([{ meta: { command: Command.ACK, protocol: 0 } }]);
  });

  it("that nobody answers expires, and one whose link has closed cannot be answered", () => {
    const peer = new Peer({ commands: [Command.GET] });
    peer.open(1);
    const get = { command: Command.GET, protocol: 1 } as const;
    peer.bytes(1, ask({ meta: get }));
    peer.pass(30_000);
    expect(peer.counters.expiredRequests).toBe(1);
    peer.bytes(1, ask({ meta: get }));
    peer.step({ type: "closed", link: 1 });
    expect(peer.machine.endpoint.requestCount).toBe(0);
    expect(peer.outcome(peer.call({ type: "reply", request: 2, body: { command: Command.VALUE } }))).toMatchObject({
      error: { code: "closed" },
    });
  });

  it("beyond the room for requests is refused as full, and beyond the rate as rate", () => {
    const get = { command: Command.GET, protocol: 1 } as const;
    const codes = (peer: Peer): unknown[] => peer.written().map(({ payload }) => payload[2]);
    for (const options of [{ requestsMax: 1 }, { requestsPerLinkMax: 1 }, { requestBytesMax: 10 }]) {
      const peer = new Peer({ commands: [Command.GET], ...options });
      peer.open(1);
      for (let i = 0; i < 3; i++) peer.bytes(1, ask({ meta: get }));
      expect(codes(peer)).toEqual([AnswerCode.full, AnswerCode.full]);
      expect(peer.counters).toMatchObject({ requests: 1, refusedRequests: 2 });
    }
    const peer = new Peer({ commands: [Command.GET], requestsPerSecond: 1 });
    peer.open(1);
    for (let i = 0; i < 3; i++) peer.bytes(1, ask({ meta: get }));
    expect(codes(peer)).toEqual([AnswerCode.rate]);
  });

  it("by datagram cannot make a long answer for ever to an address that nobody proves", () => {
    const peer = new Peer({ limits: { amplificationBytesMax: 3_000 }, datagramBytesMax: 1_400 }, (key) => ({
      command: Command.VALUE,
      key,
      value: new Uint8Array(1_200),
    }));
    for (let i = 0; i < 5; i++) peer.datagram(STRANGER, ask({ meta: { command: Command.GET, protocol: 1 } }));
    const lengths = peer.effects.flatMap((effect) => (effect.type === "datagram" ? [effect.bytes.length] : []));
    expect(lengths.filter((bytes) => bytes > 1_000)).toHaveLength(2);
    expect(lengths.length).toBeGreaterThan(2);
    expect(peer.counters.suppressed).toBe(3);
  });
});

describe("messages without RequestID", () => {
  it("go out over the pooled link, and back over the link that they came by", () => {
    const peer = new Peer({ plainMessages: true });
    const body = { command: Command.APPEND_ENTRIES, protocol: Protocol.Raft, payload: Uint8Array.of(1) };
    for (let i = 0; i < 3; i++) peer.call({ type: "send", target: { peer: PEER }, body });
    expect(peer.effects.filter(({ type }) => type === "connect")).toHaveLength(1);
    expect(peer.written()).toMatchObject(Array.from({ length: 3 }, () => ({ payload: body.payload, requestID: "" })));
    peer.clear();
    peer.open(1, STRANGER);
    const raft = { command: Command.ACK, protocol: Protocol.Raft } as const;
    peer.bytes(1, ask({ meta: raft, requestID: "", payload: Uint8Array.of(9) }));
    const told = peer.effects.flatMap((effect) => (effect.type === "emit" ? [effect.event] : []));
    expect(told.at(-1)).toMatchObject({
      type: "message",
      message: { meta: raft },
      origin: { link: 1, peer: STRANGER },
    });
    peer.call({ type: "send", target: { link: 1 }, body });
    expect(peer.effects.at(-2)).toMatchObject({ type: "write", link: 1 });
    expect(peer.outcome(peer.call({ type: "send", target: { link: 7 }, body }))).toMatchObject({
      error: { code: "closed" },
    });
    // Those with one are still answered.
    peer.bytes(1, ask());
    expect(peer.written().at(-1)).toMatchObject({ requestID: "DDDDDDDDDDD", meta: { command: Command.ACK } });
  });
});

describe("in a machine of another protocol", () => {
  it("a request is answered once, or dismissed, and bytes are lent until then", () => {
    const issues: (string | undefined)[] = [];
    const env = { random: (n: number) => new Uint8Array(n), unixNs: () => 5n };
    const endpoint = new RpcEndpoint<never, never>({}, env, {
      request(request, nowMs, out) {
        if (request.command === Command.STORE) return endpoint.dismiss(request, nowMs, out);
        for (let i = 0; i < 2; i++) {
          issues.push(endpoint.reply(request, { command: Command.VALUE, value: new Uint8Array(9) }, nowMs, out)?.code);
        }
      },
    });
    const out: Effect<never, never>[] = [];
    endpoint.step({ type: "opened", link: 1, peer: PEER }, 0, out);
    for (const command of [Command.GET, Command.STORE]) {
      endpoint.step({ type: "bytes", link: 1, bytes: ask({ meta: { command, protocol: 1 } }) }, 0, out);
    }
    expect(issues).toEqual([undefined, "closed"]);
    expect(out.map(({ type }) => type)).toEqual(["write"]);
    expect(endpoint.requestCount).toBe(0);
    expect(endpoint.counters).toMatchObject({ requests: 2, replies: 1 });
  });
});

describe("at its end", () => {
  it("a link on which the peer has ended still carries the answer", () => {
    const peer = new Peer({ commands: [Command.GET] });
    peer.open(1);
    peer.bytes(1, ask({ meta: { command: Command.GET, protocol: 1 } }));
    peer.step({ type: "ended", link: 1 });
    expect(peer.effects.some(({ type }) => type === "shut")).toBe(false);
    peer.call({ type: "reply", request: 1, body: { command: Command.VALUE } });
    expect(peer.effects.filter(({ type }) => type === "write" || type === "shut").map(({ type }) => type)).toEqual([
      "write",
      "shut",
    ]);
  });

  it("a drained peer answers what it has, takes nothing new, and then settles", () => {
    const peer = new Peer({ commands: [Command.GET] });
    const get = { command: Command.GET, protocol: 1 } as const;
    peer.open(1);
    peer.bytes(1, ask({ meta: get }));
    const drained = peer.call({ type: "drain" });
    peer.bytes(1, ask({ meta: get }));
    expect(peer.counters).toMatchObject({ requests: 1, refusedRequests: 1 });
    expect(peer.outcome(drained)).toBeUndefined();
    expect(peer.outcome(peer.request())).toMatchObject({ error: { code: "cancelled" } });
    peer.call({ type: "reply", request: 1, body: { command: Command.VALUE } });
    expect(peer.outcome(drained)).toMatchObject({ ok: true });
    expect(peer.machine.endpoint.linkCount).toBe(0);
  });

  it("a call that is cancelled settles with that, once", () => {
    const peer = new Peer();
    const call = peer.request();
    peer.step({ type: "cancel", id: call });
    expect(peer.outcome(call)).toMatchObject({ error: { code: "cancelled" } });
    peer.bytes(-1, answer(peer.written()[0]!));
    expect(peer.outcomes.has(call)).toBe(true);
  });
});

describe("the bytes of a message", () => {
  const large = new Uint8Array(40_000).fill(7);

  /** Two requests of one chunk after another: what is kept of each, when the bytes of the transport are overwritten. */
  function received(value: Uint8Array, cutAt: number): RpcMessage[] {
    const peer = new Peer({ commands: [Command.STORE] });
    peer.open(1);
    for (const fill of [1, 2]) {
      const bytes = ask({ meta: { command: Command.STORE, protocol: 1 }, key: new Uint8Array(20).fill(fill), value });
      peer.bytes(1, bytes.subarray(0, cutAt));
      peer.bytes(1, bytes.subarray(cutAt));
    }
    return peer.effects.flatMap((effect) =>
      effect.type === "emit" && effect.event.type === "request" ? [effect.event.message] : [],
    );
  }

  it.each([
    ["large and come in several chunks", large, 30_000, large.length + 200],
    ["large and come in one chunk", large, 0, large.length],
    ["small", large.subarray(0, 500), 300, 500],
  ])("are kept when they are %s", (_, value, cutAt, bufferBytesMax) => {
    const messages = received(value, cutAt);
    expect(messages.map(({ key }) => toHex(key))).toEqual(["01".repeat(20), "02".repeat(20)]);
    for (const message of messages) {
      expect(equalBytes(message.value, value)).toBe(true);
      // A key that is kept keeps nothing else.
      expect(message.key.buffer.byteLength).toBe(20);
      expect(message.value.buffer.byteLength).toBeLessThanOrEqual(bufferBytesMax);
    }
    expect(messages[0]!.value.buffer).not.toBe(messages[1]!.value.buffer);
  });

  it("are copied once, into the buffer of their frame, when they are large and come in several chunks", () => {
    // The frame has a head; a copy has not.
    for (const { value } of received(large, 30_000)) expect(value.byteOffset).toBeGreaterThan(0);
    for (const { value } of received(large, 0)) expect(value.byteOffset).toBe(0);
  });
});
