/** The messages of RPC: recorded bytes, what is refused of them, and what is kept. */
import { describe, expect, it } from "vitest";
import { concatBytes, equalBytes, fromHex, toHex } from "../../../src/bytes/index.js";
import {
  Command,
  decodeRPC,
  decodeRPCBig,
  encodeRPC,
  encodeRPCBig,
  encodeRPCInto,
  Protocol,
  rpcBigLength,
  rpcLength,
  tryDecodeFrameU16,
  tryDecodeRPC,
  tryDecodeRPCBig,
  type NodeInfoBig,
  type RPCBig,
} from "../../../src/protocols/rpc/index.js";
import { Random } from "../../../src/testing/random.js";
import { readSeed } from "../../support/recorded/piece.js";
import { scaled } from "../../support/scale.js";

interface RecordedNode {
  readonly address: string;
  readonly id_hex: string;
  readonly time: string;
}
interface RecordedMessage {
  readonly Meta: { readonly Command: number; readonly Protocol: number } | null;
  readonly Sender: RecordedNode | null;
  readonly Payload_hex: string;
  readonly Key_hex: string;
  readonly Value_hex: string;
  readonly Nodes: readonly RecordedNode[];
  readonly RequestID: string;
  readonly TraceID: string;
  readonly go_remarshal_hex?: string;
  readonly unknown_fields_hex?: string;
}
interface Seed {
  readonly rpc_encode: {
    readonly vectors: readonly { name: string; protobuf_hex?: string; encode_error?: string; rpc: RecordedMessage }[];
  };
  readonly rpc_decode: {
    readonly vectors: readonly {
      name: string;
      stream_hex: string;
      decoded: RecordedMessage[] | null;
      final_error: string;
    }[];
  };
  readonly rpc_large: {
    readonly vectors: readonly { protobuf_length: number; value_length: number; first_16_after_header_hex: string }[];
  };
}

const { rpc_encode, rpc_decode, rpc_large } = (
  readSeed<{ categories: unknown }>("dps/vectors.json") as { categories: Seed }
).categories;

function nodeOf({ address, id_hex, time }: RecordedNode): NodeInfoBig {
  return { address, id: fromHex(id_hex), time: BigInt(time) };
}

function valueOf(recorded: RecordedMessage): RPCBig {
  const { Meta, Sender, Nodes, unknown_fields_hex: unknown } = recorded;
  return {
    ...(Meta === null ? {} : { meta: { command: Meta.Command, protocol: Meta.Protocol } }),
    ...(Sender === null ? {} : { sender: nodeOf(Sender) }),
    payload: fromHex(recorded.Payload_hex),
    key: fromHex(recorded.Key_hex),
    value: fromHex(recorded.Value_hex),
    nodes: Nodes.map(nodeOf),
    requestID: recorded.RequestID,
    traceID: recorded.TraceID,
    ...(unknown === undefined ? {} : { $unknown: fromHex(unknown) }),
  };
}

describe("RPC messages", () => {
  const encoded = rpc_encode.vectors.filter(({ protobuf_hex }) => protobuf_hex !== undefined);

  it.each(encoded)("are written and read as Go does: $name", ({ protobuf_hex, rpc }) => {
    const value = valueOf(rpc);
    expect(toHex(encodeRPCBig(value))).toBe(protobuf_hex);
    expect(rpcBigLength(value)).toBe(protobuf_hex!.length / 2);
    expect(decodeRPCBig(fromHex(protobuf_hex!))).toEqual(value);
  });

  it("with half a character are refused, as Go refuses them", () => {
    const refused = rpc_encode.vectors.filter(({ encode_error }) => encode_error !== undefined);
    expect(refused.length).toBe(1);
    expect(() => encodeRPC({ requestID: "a\ud800(" })).toThrow(/transport\.RPC\.requestID.*not valid text/);
    expect(tryDecodeRPC(fromHex("3a03 61ff28"))).toMatchObject({
      ok: false,
      error: { code: "text", path: "requestID", offset: 2 },
    });
  });

  it.each(rpc_decode.vectors)(
    "in a stream are read as Go reads them: $name",
    ({ stream_hex, decoded, final_error }) => {
      const stream = fromHex(stream_hex);
      const values: RPCBig[] = [];
      let at = 0;
      let outcome = "EOF";
      while (at < stream.length) {
        const end = Math.min(stream.length, at + 2 + ((stream[at]! << 8) | (stream[at + 1] ?? 0)));
        const frame = tryDecodeFrameU16(stream, at, end);
        if (!frame.ok) {
          // Go says EOF where no byte of the body has come.
          outcome = end === at + 2 ? "EOF" : "unexpected EOF";
          break;
        }
        const read = tryDecodeRPCBig(frame.value.message);
        if (!read.ok) {
          outcome =
            read.error.code === "text"
              ? "string field contains invalid UTF-8"
              : "proto: cannot parse invalid wire-format data";
          break;
        }
        values.push(read.value);
        at = end;
      }
      expect(values).toEqual((decoded ?? []).map(valueOf));
      expect(values.map((value) => toHex(encodeRPCBig(value)))).toEqual(
        (decoded ?? []).map((one) => one.go_remarshal_hex),
      );
      expect(outcome).toBe(final_error);
    },
  );

  it.each(rpc_large.vectors)("of $protobuf_length bytes are written as Go does", (vector) => {
    const value = Uint8Array.from({ length: vector.value_length }, (_, i) => i * 31);
    const bytes = encodeRPC({ meta: { command: Command.STORE, protocol: Protocol.Kademlia }, value });
    expect(bytes.length).toBe(vector.protobuf_length);
    expect(toHex(bytes.subarray(0, 16))).toBe(vector.first_16_after_header_hex);
    expect(equalBytes(decodeRPC(bytes).value, value)).toBe(true);
  });

  it("keep unknown fields of each message behind the known ones", () => {
    const bytes = fromHex("0a06 0805 4863 1001");
    const value = decodeRPC(bytes);
    expect(value.meta).toEqual({ command: Command.ACK, protocol: Protocol.Kademlia, $unknown: fromHex("4863") });
    expect(toHex(encodeRPC(value))).toBe("0a06080510014863");
  });

  it("merge what stands there twice", () => {
    const first = encodeRPCBig({ sender: { address: "a", time: 5n }, nodes: [{ address: "x" }], requestID: "1" });
    const second = encodeRPCBig({ sender: { id: Uint8Array.of(7) }, nodes: [{ address: "y" }], requestID: "2" });
    expect(decodeRPCBig(concatBytes(first, second))).toEqual({
      sender: { address: "a", id: Uint8Array.of(7), time: 5n },
      payload: new Uint8Array(0),
      key: new Uint8Array(0),
      value: new Uint8Array(0),
      nodes: [
        { address: "x", id: new Uint8Array(0), time: 0n },
        { address: "y", id: new Uint8Array(0), time: 0n },
      ],
      requestID: "2",
      traceID: "",
    });
  });

  it("with a time above 2^53 have a form with bigints, and are refused without", () => {
    const bytes = encodeRPCBig({ sender: { time: 1_771_200_000_123_456_792n } });
    expect(decodeRPCBig(bytes).sender?.time).toBe(1_771_200_000_123_456_792n);
    expect(tryDecodeRPC(bytes)).toMatchObject({
      ok: false,
      error: {
        code: "unsafe-integer",
        path: "sender.time",
        offset: 2,
        actual: "1771200000123456792",
        spec: "rpc/rpc.proto:35",
      },
    });
    for (const time of [-(2n ** 63n), -1n, 2n ** 63n - 1n, -(2n ** 53n), 2n ** 53n - 1n])
      expect(decodeRPCBig(encodeRPCBig({ sender: { time } })).sender?.time).toBe(time);
    for (const time of [-(2 ** 53 - 1), -1, 2 ** 53 - 1, 2 ** 32, -(2 ** 32), 2 ** 31])
      expect(decodeRPC(encodeRPC({ sender: { time } })).sender?.time).toBe(time);
    expect(() => encodeRPC({ sender: { time: 2 ** 53 } })).toThrow(/transport\.RPC\.sender\.time/);
    expect(() => encodeRPCBig({ sender: { time: 2n ** 63n } })).toThrow(/transport\.RPC\.sender\.time/);
  });

  it("have at most so many items", () => {
    const bytes = encodeRPC({ nodes: Array.from({ length: 257 }, () => ({})) });
    expect(tryDecodeRPC(bytes)).toMatchObject({ ok: false, error: { code: "limit", path: "nodes[256]", offset: 512 } });
    expect(decodeRPC(bytes, 0, bytes.length, { itemsMax: 257 }).nodes.length).toBe(257);
    expect(tryDecodeRPC(bytes, 0, 2, { itemsMax: -1 })).toMatchObject({ ok: false, error: { code: "argument" } });
    // Each merge makes a message, so it counts as one.
    expect(tryDecodeRPC(fromHex("1200".repeat(258)))).toMatchObject({
      ok: false,
      error: { code: "limit", path: "sender" },
    });
    expect(tryDecodeRPC(fromHex("1200".repeat(257))).ok).toBe(true);
  });

  it.each([
    ["00 00", "range", "", 1],
    ["0e", "enum", "meta", 1],
    ["0f", "enum", "meta", 1],
    ["0c", "enum", "meta", 1],
    ["53", "short", "", 1],
    ["53 5c", "constant", "", 1],
    ["53".repeat(101), "limit", "", 100],
    ["0a 05 08", "short", "meta", 2],
    ["0a 01 08", "short", "meta.command", 3],
    ["1a ffffffffffffffffff7f", "range", "payload", 1],
    ["0a 0c 08 ffffffffffffffffffff01", "range", "meta.command", 3],
    ["f8ffffff7f 01", "range", "", 0],
    ["32 02 0a 05", "short", "nodes[0].address", 4],
  ])("that are damaged are refused: %s", (hex, code, path, offset) => {
    expect(tryDecodeRPC(fromHex(hex.replaceAll(" ", "")))).toMatchObject({ ok: false, error: { code, path, offset } });
  });

  it("are not written where they do not fit", () => {
    const value = { meta: { command: Command.STORE }, key: Uint8Array.of(1, 2, 3) };
    const size = rpcLength(value);
    const target = new Uint8Array(size + 3).fill(0xee);
    expect(encodeRPCInto(value, target, 2)).toBe(size + 2);
    expect(toHex(target)).toBe(`eeee${toHex(encodeRPC(value))}ee`);
    const untouched = new Uint8Array(size).fill(0xee);
    expect(() => encodeRPCInto(value, untouched, 1)).toThrow(/space|too small/);
    expect(untouched.every((byte) => byte === 0xee)).toBe(true);
  });

  it("of wrong types are refused with their path", () => {
    const refusals: [value: unknown, path: string, code: string][] = [
      [null, "", "argument"],
      [{ meta: null }, "meta", "argument"],
      [{ meta: { command: 2 ** 31 } }, "meta.command", "range"],
      [{ meta: { command: "1" } }, "meta.command", "range"],
      [{ payload: [1] }, "payload", "argument"],
      [{ requestID: 5 }, "requestID", "argument"],
      [{ nodes: {} }, "nodes[*]", "argument"],
      [{ nodes: [{}, { address: "\udc00" }] }, "nodes[1].address", "text"],
      [{ nodes: [{}, undefined] }, "nodes[1]", "argument"],
      [{ $unknown: Uint8Array.of(8) }, "", "argument"],
      [{ sender: { time: 1n } }, "sender.time", "range"],
    ];
    for (const [value, path, code] of refusals) {
      expect(() => encodeRPC(value as never)).toThrow(expect.objectContaining({ path, code }));
    }
  });

  it("may have accessors that write messages themselves", () => {
    const value = {
      get payload(): Uint8Array {
        return encodeRPC({ requestID: "inner" });
      },
      requestID: "outer",
    };
    const bytes = encodeRPC(value);
    expect(decodeRPC(bytes).requestID).toBe("outer");
    expect(decodeRPC(decodeRPC(bytes).payload).requestID).toBe("inner");
  });

  it("that change while they are written are refused", () => {
    let reads = 0;
    const changing = {
      value: new Uint8Array(70_000),
      get requestID(): string {
        return "x".repeat(++reads);
      },
    };
    expect(() => encodeRPC(changing)).toThrow(/a value that stays the same while it is written/);
  });

  it("of any bytes are refused with a place, or written as what is read again", () => {
    const random = new Random(1);
    const likely = [
      0x0a, 0x12, 0x1a, 0x22, 0x2a, 0x32, 0x3a, 0x42, 0x08, 0x10, 0x18, 0x53, 0x54, 0x80, 0xff, 0, 1, 2, 3,
    ];
    let accepted = 0;
    for (let n = 0; n < scaled(20_000, 1_000_000); n++) {
      const bytes = Uint8Array.from({ length: random.below(40) }, () =>
        random.below(3) > 0 ? likely[random.below(likely.length)]! : random.below(256),
      );
      const read = tryDecodeRPCBig(bytes);
      const plain = tryDecodeRPC(bytes);
      if (plain.ok !== read.ok && (plain.ok || plain.error.code !== "unsafe-integer")) expect.fail(toHex(bytes));
      if (!read.ok) {
        if (!(read.error.offset! >= 0 && read.error.offset! <= bytes.length)) expect.fail(toHex(bytes));
        continue;
      }
      accepted++;
      const written = encodeRPCBig(read.value);
      if (!equalBytes(encodeRPCBig(decodeRPCBig(written)), written)) expect.fail(toHex(bytes));
    }
    expect(accepted).toBeGreaterThan(200);
  });
});
