/** A session: heartbeats, control messages, and both profiles. */
import { describe, expect, it } from "vitest";
import {
  ACK_FLAGS,
  answerBinary,
  beginBinary,
  beginText,
  BINARY_HEARTBEAT_FLAGS,
  FrameKey,
  TEXT_HEARTBEAT_FLAGS,
  type FrameFields,
  type HeartbeatMode,
  type Received,
} from "../../../src/protocols/bittrrt/index.js";
import { concatBytes } from "../../../src/bytes/index.js";
import { utf8 } from "./vectors.js";
import { KEY, random, reasonOf, replyOf, session } from "./session-harness.js";

const NOW = 1_700_000_000_000n;

function opened(received: Received): object {
  const datagram = replyOf(received);
  return datagram === undefined ? { type: received.type } : KEY.open(datagram);
}

/** A heartbeat as a peer would send it, at NOW. */
function heartbeat(payload: Uint8Array, fields: FrameFields): Uint8Array {
  return KEY.seal(payload, { flags: BINARY_HEARTBEAT_FLAGS, ...fields });
}

const STAMPS = (count: number): Uint8Array =>
  Array.from({ length: count }).reduce<Uint8Array>((row) => answerBinary(row, NOW), new Uint8Array(0));

describe("a whole exchange", () => {
  it("of binary heartbeats measures both latencies, and the offset of clocks that are hours apart", () => {
    const client = session({ role: "client" });
    const server = session();
    const ahead = 3n * 3_600_000n;
    const third = client.seal(beginBinary(NOW), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n });
    const second = server.receive(third, NOW + 10n + ahead);
    const first = client.receive((second as { reply: Uint8Array }).reply, NOW + 20n);
    const zeroth = server.receive((first as { reply: Uint8Array }).reply, NOW + 33n + ahead);
    const last = client.receive((zeroth as { reply: Uint8Array }).reply, NOW + 43n);
    expect([second, first, zeroth, last].map((one) => (one.type === "heartbeat" ? one.timing : one))).toEqual([
      {},
      { clientLatencyMs: 20, offsetMs: Number(ahead) },
      { clientLatencyMs: 20, serverLatencyMs: 23, offsetMs: Number(ahead) },
      { serverLatencyMs: 23 },
    ]);
    expect(last).toMatchObject({ reply: undefined });
  });

  it("of text heartbeats ends with the answer of the server", () => {
    const client = session({ role: "client", heartbeat: "text" });
    const server = session();
    const begun = client.seal(beginText(NOW), { flags: TEXT_HEARTBEAT_FLAGS, channel: 1, sequence: 100n });
    const answer = server.receive(begun, NOW + 5n);
    expect(opened(answer)).toMatchObject({
      flags: TEXT_HEARTBEAT_FLAGS,
      channel: 1,
      sequence: 101n,
      plaintext: utf8(`client_ts3=${NOW} echo=1 server_ts2=${NOW + 5n}`),
    });
    const heard = client.receive((answer as { reply: Uint8Array }).reply, NOW + 10n);
    expect(heard).toMatchObject({ mode: "text", reply: undefined, timing: { clientLatencyMs: 10, offsetMs: 0 } });
  });
});

describe("strict", () => {
  it("tells the form by flags and payload, whatever the option says", () => {
    for (const mode of ["binary", "text"] satisfies HeartbeatMode[]) {
      const server = session({ heartbeat: mode });
      const text = server.receive(heartbeat(beginText(NOW), { flags: TEXT_HEARTBEAT_FLAGS }), NOW);
      const binary = server.receive(heartbeat(beginBinary(NOW), { flags: TEXT_HEARTBEAT_FLAGS, sequence: 3n }), NOW);
      expect([text, binary].map((one) => (one.type === "heartbeat" ? one.mode : one.type))).toEqual(["text", "binary"]);
    }
  });

  it.each<[string, string, Uint8Array, FrameFields]>([
    ["more than 3 echoes", "an echo outside of 0 to 3", STAMPS(1), { sequence: 4n }],
    ["2^64 - 1 echoes", "an echo outside of 0 to 3", STAMPS(1), { sequence: 2n ** 64n - 1n }],
    ["the second frame, which a server sends", "a heartbeat for the other role", STAMPS(2), { sequence: 2n }],
    ["the end of an exchange", "a heartbeat for the other role", STAMPS(4), { sequence: 0n }],
    ["no stamp", "a wrong number of stamps", STAMPS(0), { sequence: 3n }],
    ["half a stamp", "a wrong number of stamps", new Uint8Array(5), { sequence: 3n }],
    ["text under flags that say binary", "a wrong number of stamps", beginText(NOW), { sequence: 1n }],
    ["too few stamps", "a wrong number of stamps", STAMPS(1), { sequence: 1n }],
    ["too many stamps", "a wrong number of stamps", STAMPS(4), { sequence: 1n }],
    ["text with more than 3 echoes", "an echo outside of 0 to 3", beginText(NOW, 4n), { flags: TEXT_HEARTBEAT_FLAGS }],
    ["text with a negative echo", "an echo outside of 0 to 3", beginText(NOW, -1n), { flags: TEXT_HEARTBEAT_FLAGS }],
    [
      "text with an echo that is no number",
      "a text without an echo",
      utf8("client_ts3=1 echo=abc"),
      { flags: TEXT_HEARTBEAT_FLAGS },
    ],
    [
      "text without a stamp of the client",
      "a text without client_ts3",
      utf8("echo=2"),
      { flags: TEXT_HEARTBEAT_FLAGS },
    ],
  ])("refuses %s", (_, reason, payload, fields) => {
    const received = session().receive(heartbeat(payload, fields), NOW);
    expect(reasonOf(received)).toBe(reason);
    expect(received).toMatchObject({ isAuthentic: true });
  });

  it("refuses an own stamp that is in the future or too old", () => {
    for (const own of [NOW + 1n, NOW - 60_001n, 0n]) {
      const stamps = answerBinary(answerBinary(beginBinary(NOW), own), NOW);
      const received = session().receive(heartbeat(stamps, { sequence: 1n }), NOW);
      expect(reasonOf(received)).toBe("a stamp of ours that is not recent");
    }
  });
});

describe("reference", () => {
  it("answers what strict refuses", () => {
    const server = session({ profile: "reference" });
    const datagram = heartbeat(new Uint8Array(5), { sequence: 2n ** 64n - 1n, channel: 7 });
    for (let i = 0; i < 2; i++) {
      expect(opened(server.receive(datagram, NOW))).toMatchObject({
        flags: BINARY_HEARTBEAT_FLAGS,
        channel: 7,
        sequence: 2n ** 64n - 2n,
        plaintext: answerBinary(new Uint8Array(5), NOW),
      });
    }
  });

  it("loses frames with more than 1,452 bytes of plaintext: a port reads 1,500 bytes of a datagram", () => {
    const key = new FrameKey(new Uint8Array(32).fill(5), { random, plaintextBytesMax: Infinity });
    const datagram = (bytes: number): Uint8Array =>
      key.seal(new Uint8Array(bytes), { flags: BINARY_HEARTBEAT_FLAGS, sequence: 3n });
    for (const role of ["client", "server"] as const) {
      const peer = session({ key, profile: "reference", role });
      expect(replyOf(peer.receive(datagram(1_452), NOW))).toHaveLength(1_508);
      for (const bytes of [1_453, 1_500, 4_000]) {
        expect(peer.receive(datagram(bytes), NOW)).toMatchObject({ type: "refused", isAuthentic: false });
      }
      // Bytes behind the first 1,500 are never read.
      expect(replyOf(peer.receive(concatBytes(datagram(1_452), utf8("behind")), NOW))).toHaveLength(1_508);
    }
  });

  it("measures the client latency at every sequence, the server latency at the end", () => {
    const client = session({ profile: "reference", role: "client" });
    const timingOf = (stamps: number, sequence: bigint): object => {
      const received = client.receive(heartbeat(STAMPS(stamps), { sequence }), NOW + 9n);
      return received.type === "heartbeat" ? received.timing : received;
    };
    for (const sequence of [1n, 3n, 4n, 2n ** 64n - 1n]) {
      expect(timingOf(1, sequence)).toEqual({});
      for (const stamps of [2, 3, 4]) expect(timingOf(stamps, sequence)).toEqual({ clientLatencyMs: 9 });
    }
    expect(timingOf(2, 2n)).toEqual({ clientLatencyMs: 9, offsetMs: -4.5 });
    expect(timingOf(3, 0n)).toEqual({ clientLatencyMs: 9 });
    expect([4, 5].map((stamps) => timingOf(stamps, 0n))).toEqual([{ serverLatencyMs: 0 }, { serverLatencyMs: 0 }]);
  });
});

describe("control frames", () => {
  it("are acknowledged by a server each time, and new once", () => {
    const server = session();
    const send = (): Received =>
      server.receive(KEY.seal(utf8('{"bwup": 7}'), { channel: 2, sequence: 9n, offset: 5n }), NOW);
    const [first, again] = [send(), send()];
    for (const received of [first, again]) {
      expect(opened(received)).toEqual({
        flags: ACK_FLAGS,
        channel: 2,
        sequence: 9n,
        offset: 0n,
        plaintext: utf8("ACK"),
      });
    }
    expect([first, again].map((one) => one.type === "control" && one.isNew)).toEqual([true, false]);
  });

  it("are not acknowledged by a client", () => {
    expect(session({ role: "client" }).receive(KEY.seal(utf8("")), NOW)).toMatchObject({
      type: "control",
      ack: undefined,
    });
  });
});

describe("other frames", () => {
  it("are returned: an acknowledgement with its sequence, an unknown one as it is", () => {
    const acknowledgement = KEY.seal(utf8("ACK"), { flags: ACK_FLAGS, sequence: 8n });
    expect(session({ role: "client" }).receive(acknowledgement, NOW)).toEqual({ type: "ack", sequence: 8n });
    expect(session().receive(KEY.seal(utf8("x"), { flags: 40 }), NOW)).toMatchObject({
      type: "frame",
      frame: { flags: 40 },
    });
  });

  it("that do not open are not authentic", () => {
    for (const datagram of [new Uint8Array(0), new Uint8Array(48), KEY.seal(utf8("x")).fill(0, -1)]) {
      expect(session().receive(datagram, NOW)).toMatchObject({ type: "refused", isAuthentic: false });
    }
  });
});
