/** Frames of long values: in parts that are written together, and never longer than their limit. */
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes } from "../../../src/bytes/index.js";
import { Command, RpcFrames } from "../../../src/protocols/rpc/index.js";
import { Peer, PEER, STRANGER } from "./harness.js";

describe("a frame in parts", () => {
  const frames = new RpcFrames({ framing: "uint32be" });
  const meta = { command: Command.STORE, protocol: 1 } as const;
  const sender = { address: PEER, id: new Uint8Array(20).fill(7), time: 5n };
  const nodes = [{ address: STRANGER, id: new Uint8Array(20) }];

  it("says the same as one in one piece, and has the value where it lay if it is given", () => {
    for (const length of [0, 65_535, 65_536, 300_000]) {
      for (const more of [{}, { nodes, requestID: "AAAAAAAAAAA", traceID: "t" }, { payload: new Uint8Array(9_000) }]) {
        const value = new Uint8Array(length).map((_, i) => i);
        const message = { meta, sender, payload: Uint8Array.of(1), key: new Uint8Array(20), value, ...more };
        const whole = frames.encode(message);
        for (const isGiven of [false, true]) {
          const parts = frames.encodeParts(message, isGiven);
          const joined = concatBytes(...parts);
          expect(joined.length).toBe(whole.length);
          const [found, wanted] = [joined, whole].map((bytes) => frames.tryDecodeDatagram(bytes));
          if (found?.ok !== true || wanted?.ok !== true) throw new Error("no message");
          expect(equalBytes(found.value.value, value)).toBe(true);
          expect({ ...found.value, value: 0 }).toEqual({ ...wanted.value, value: 0 });
          const isApart = length >= 65_536 && message.payload.length === 1;
          expect([parts.length, parts.includes(value)]).toEqual([isApart ? 2 : 1, isApart && isGiven]);
        }
      }
    }
  });

  it("is within the same limit", () => {
    const [value, key] = [new Uint8Array(100_000), new Uint8Array(20)];
    const bytes = frames.encode({ meta, key, value }).length - 4;
    const within = new RpcFrames({ framing: "uint32be", messageBytesMax: bytes });
    expect(within.encodeParts({ meta, key, value })).toHaveLength(2);
    const below = new RpcFrames({ framing: "uint32be", messageBytesMax: bytes - 1 });
    expect(() => below.encodeParts({ meta, key, value })).toThrow(expect.objectContaining({ code: "limit" }));
    expect(() => new RpcFrames().encodeParts({ meta, key, value })).toThrow(expect.objectContaining({ code: "limit" }));
  });

  it("is never longer than `frameBytesMax`, whether it is sent or received", () => {
    const limits = { frameBytesMax: 100_000 };
    const bounded = new RpcFrames({ framing: "uint32be", limits });
    expect([bounded.frameBytesMax, bounded.messageBytesMax]).toEqual([100_000, 99_996]);
    expect(new RpcFrames({ framing: "uint32be", limits, messageBytesMax: 5_000 }).messageBytesMax).toBe(5_000);
    expect(new RpcFrames({ framing: "uint32be", limits, messageBytesMax: 500_000 }).messageBytesMax).toBe(99_996);
    expect(new RpcFrames({ limits }).messageBytesMax).toBe(65_535);
    const wide = { framing: "uint32be", limits: { frameBytesMax: 20 << 20 } } as const;
    expect(new RpcFrames(wide).messageBytesMax).toBe((20 << 20) - 4);
    expect(() => new RpcFrames({ limits: { frameBytesMax: NaN } })).toThrow(
      expect.objectContaining({ code: "argument" }),
    );
    const peer = new Peer({ framing: "uint32be", limits });
    const call = peer.request({ command: Command.STORE, value: new Uint8Array(100_000) });
    expect(peer.outcome(call)).toMatchObject({ ok: false, error: { code: "limit" } });
    peer.open(1);
    peer.bytes(1, frames.encode({ meta, value: new Uint8Array(100_000) }).subarray(0, 4));
    expect(peer.effects).toContainEqual({ type: "shut", link: 1 });
    expect(peer.counters.badFrames).toBe(1);
  });

  it("goes out together, also behind a queue that was full", () => {
    const peer = new Peer({ framing: "uint32be" });
    const value = new Uint8Array(70_000);
    const writes = () => peer.effects.flatMap((effect) => (effect.type === "write" ? [effect.bytes] : []));
    peer.request({ command: Command.STORE, value, isGiven: true });
    expect(writes()).toHaveLength(2);
    expect(writes()[1]).toBe(value);
    peer.step({ type: "congested", link: -1 });
    peer.request({ command: Command.STORE, value });
    expect(writes()).toHaveLength(2);
    peer.step({ type: "drained", link: -1 });
    expect(writes()).toHaveLength(4);
    expect(writes()[3]).not.toBe(value);
    expect(equalBytes(writes()[3]!, value)).toBe(true);
  });
});
