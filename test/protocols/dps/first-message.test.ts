/** What the first message of a link says of its protocol, byte by byte. */
import { describe, expect, it } from "vitest";
import { Command, Protocol, RpcFrames } from "../../../src/protocols/rpc/index.js";
import { FIRST_BYTES_MAX, protocolOf } from "../../../src/protocols/dps/first-message.js";

const sender = { address: "10.0.0.1:7100", id: new Uint8Array(20).fill(7), time: 1_700_000_000_000_000_000n };

function frame(framing: "uint16be" | "uint32be", protocol: number, command: number, payload: Uint8Array): Uint8Array {
  return new RpcFrames({ framing }).encode({ meta: { protocol, command }, sender, payload, requestID: "x" });
}

describe.each(["uint16be", "uint32be"] as const)("a first message after a length of %s", (framing) => {
  const raft = frame(framing, Protocol.Raft, Command.APPEND_ENTRIES, new Uint8Array(60).fill(1));
  const chain = frame(framing, Protocol.Raft, Command.GET, Uint8Array.of(1, 0x20, 0, 0, 0));
  const dht = frame(framing, Protocol.Kademlia, Command.PING, new Uint8Array(0));

  it.each([
    ["raft", raft],
    ["chain", chain],
    ["dht", dht],
  ] as const)("says %s as soon as it can, and never anything else", (protocol, bytes) => {
    const said = Array.from({ length: bytes.length + 1 }, (_, length) =>
      protocolOf(bytes.subarray(0, length), framing),
    );
    const first = said.indexOf(protocol);
    expect(first).toBeGreaterThan(0);
    expect(said.slice(0, first).every((one) => one === undefined)).toBe(true);
    expect(said.slice(first).every((one) => one === protocol)).toBe(true);
  });

  it("is the DHT's where it is none, and never undecided for long", () => {
    const { length } = protocolHeader(framing);
    const whole = (body: number[]): Uint8Array => {
      const bytes = new Uint8Array(length + body.length);
      bytes[length - 1] = body.length;
      bytes.set(body, length);
      return bytes;
    };
    expect(protocolOf(whole([]), framing)).toBe("dht");
    expect(protocolOf(whole([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), framing)).toBe("dht");
    expect(protocolOf(whole([0x1a, 0x01, 0x20]), framing)).toBe("dht");
    // An empty Meta is that of Raft and PING.
    expect(protocolOf(whole([0x0a, 0x00]), framing)).toBe("raft");
    const long = new Uint8Array(FIRST_BYTES_MAX).fill(0x7f);
    expect(protocolOf(long, framing)).toBe("dht");
  });
});

function protocolHeader(framing: "uint16be" | "uint32be"): { readonly length: number } {
  return { length: framing === "uint16be" ? 2 : 4 };
}
