/** Sealed frames: recorded ones, limits, and changed bits. */
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import {
  BINARY_HEARTBEAT_FLAGS,
  FrameKey,
  PLAINTEXT_BYTES_MAX,
  type FrameFields,
} from "../../../src/protocols/bittrrt/index.js";
import { keyOf, utf8, vectorsOf } from "./vectors.js";

const NONCE = new Uint8Array(12).fill(7);
const random = (n: number): Uint8Array => NONCE.slice(0, n);
const KEY = new FrameKey(new Uint8Array(32).fill(1), { random });
const LEGACY = new FrameKey(new Uint8Array(32).fill(1), { random, headerFormat: "channel4" });
const U64_MAX = 2n ** 64n - 1n;

describe("recorded frames", () => {
  it.each(vectorsOf("frame.encrypt").concat(vectorsOf("session")))("$name is sealed and opened", (vector) => {
    const { inputs, output_hex, decoded } = vector;
    const key = keyOf(vector, { overflow: "mask", plaintextBytesMax: Infinity });
    const fields = Object.fromEntries(
      ["flags", "channel", "sequence", "offset"].map((name) => [name, BigInt(inputs[name]!)]),
    );
    const aad = fromHex(inputs["aad_hex"]!);
    expect(toHex(key.seal(fromHex(inputs["plaintext_hex"]!), fields, aad))).toBe(output_hex);
    const { plaintext, ...header } = key.open(fromHex(output_hex), aad);
    expect(toHex(plaintext)).toBe(inputs["plaintext_hex"]);
    expect(header).toEqual({
      flags: Number(BigInt.asUintN(8, fields["flags"]!)),
      channel: Number(BigInt.asUintN(24, fields["channel"]!)),
      sequence: BigInt.asUintN(64, fields["sequence"]!),
      offset: BigInt.asUintN(64, fields["offset"]!),
    });
    expect(header.flags).toBe(decoded["flags"] ?? header.flags);
  });

  it.each(vectorsOf("legacy.encrypt"))("$name is sealed and opened with the header of 0.6", (vector) => {
    const { inputs, output_hex } = vector;
    const key = keyOf(vector, { overflow: "mask", headerFormat: "channel4" });
    const channel = BigInt(inputs["channel"]!);
    const fields = { channel, sequence: BigInt(inputs["sequence"]!), offset: BigInt(inputs["offset"]!) };
    expect(toHex(key.seal(fromHex(inputs["plaintext_hex"]!), fields))).toBe(output_hex);
    const legacy = { ...fields, channel: Number(BigInt.asUintN(32, channel)) };
    expect(key.open(fromHex(output_hex))).toMatchObject({ ...legacy, flags: 0 });
    const asNew = { flags: Math.floor(legacy.channel / 2 ** 24), channel: legacy.channel % 2 ** 24 };
    expect(keyOf(vector).open(fromHex(output_hex))).toMatchObject(asNew);
  });

  it.each(vectorsOf("frame.decrypt_error"))("$name is refused", (vector) => {
    const { inputs, decoded } = vector;
    const datagram = fromHex(inputs["datagram_hex"]!);
    const code = String(decoded["message"]).startsWith("Decryption failed") ? "tag" : "short";
    expect(keyOf(vector).tryOpen(datagram)).toMatchObject({ ok: false, error: { code, format: "bittrrt_frame" } });
    expect(() => keyOf(vector).open(datagram)).toThrow(expect.objectContaining({ code }));
  });
});

describe("a field that its bits cannot hold", () => {
  it.each<[FrameFields, string]>([
    [{ flags: 256 }, "flags"],
    [{ flags: -1 }, "flags"],
    [{ flags: 1.5 }, "flags"],
    [{ channel: 2 ** 24 }, "channel"],
    [{ channel: NaN }, "channel"],
    [{ sequence: 2n ** 64n }, "sequence"],
    [{ sequence: -1n }, "sequence"],
    [{ sequence: 2 ** 53 }, "sequence"],
    [{ offset: U64_MAX + 1n }, "offset"],
    [{ offset: Infinity }, "offset"],
  ])("%o is refused", (fields, path) => {
    expect(() => KEY.seal(utf8("x"), fields)).toThrow(expect.objectContaining({ code: "range", path }));
  });

  it("keeps its lowest bits when masked, without its fraction", () => {
    const key = new FrameKey(new Uint8Array(32), { random, overflow: "mask" });
    const fields = { flags: 257.9, channel: -1, sequence: U64_MAX + 5n, offset: -2 };
    const opened = key.open(key.seal(utf8("x"), fields));
    expect(opened).toMatchObject({ flags: 1, channel: 0xffffff, sequence: 4n, offset: U64_MAX - 1n });
    expect(() => key.seal(utf8("x"), { sequence: NaN })).toThrow(expect.objectContaining({ code: "range" }));
  });

  it("is accepted at the limits", () => {
    const fields = { flags: 255, channel: 0xffffff, sequence: U64_MAX, offset: U64_MAX };
    expect(KEY.open(KEY.seal(utf8(""), fields))).toMatchObject(fields);
    expect(LEGACY.open(LEGACY.seal(utf8(""), { channel: 2 ** 32 - 1 }))).toMatchObject({ channel: 2 ** 32 - 1 });
  });
});

describe("the header of 0.6", () => {
  it("has no flags, and a channel of 32 bits", () => {
    expect(() => LEGACY.seal(utf8(""), { flags: 1 })).toThrow(expect.objectContaining({ code: "kind", path: "flags" }));
    expect(() => LEGACY.seal(utf8(""), { channel: 2 ** 32 })).toThrow(expect.objectContaining({ code: "range" }));
  });
});

describe("a plaintext", () => {
  it("of 1,452 bytes is the longest", () => {
    expect(PLAINTEXT_BYTES_MAX).toBe(1_452);
    expect(KEY.open(KEY.seal(new Uint8Array(1_452))).plaintext).toHaveLength(1_452);
    expect(() => KEY.seal(new Uint8Array(1_453))).toThrow(expect.objectContaining({ code: "limit" }));
    const long = new FrameKey(new Uint8Array(32).fill(1), { random, plaintextBytesMax: 2_000 });
    const datagram = long.seal(new Uint8Array(1_453));
    expect(long.open(datagram).plaintext).toHaveLength(1_453);
    expect(KEY.tryOpen(datagram)).toMatchObject({ ok: false, error: { code: "limit" } });
  });

  it("is a copy", () => {
    const datagram = KEY.seal(utf8("borrowed"));
    const { plaintext } = KEY.open(datagram);
    datagram.fill(0xdb);
    expect(plaintext).toEqual(utf8("borrowed"));
  });

  it("is not changed by sealing", () => {
    const plaintext = utf8("text");
    KEY.seal(plaintext);
    expect(plaintext).toEqual(utf8("text"));
  });
});

describe("any change of a datagram", () => {
  it("in a single bit is refused", () => {
    const datagram = KEY.seal(utf8("hi"), { flags: BINARY_HEARTBEAT_FLAGS, channel: 1, sequence: 3n });
    for (let bit = 0; bit < datagram.length * 8; bit++) {
      const changed = datagram.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(KEY.tryOpen(changed).ok, `bit ${bit}`).toBe(false);
    }
  });

  it("of the additional data is refused", () => {
    const datagram = KEY.seal(utf8("hi"), {}, utf8("a"));
    expect(KEY.tryOpen(datagram, utf8("a")).ok).toBe(true);
    expect(KEY.tryOpen(datagram, utf8("b")).ok).toBe(false);
    expect(KEY.tryOpen(datagram).ok).toBe(false);
  });
});

describe("a key", () => {
  it("prints redacted, and throws once wiped", () => {
    const key = new FrameKey(new Uint8Array(32).fill(0xab), { random });
    for (const text of [String(key), JSON.stringify({ key }), inspect(key)]) {
      expect(text).toContain("redacted");
      expect(text).not.toContain("171");
    }
    key.wipe();
    expect(() => key.seal(utf8(""))).toThrow(expect.objectContaining({ code: "argument" }));
  });

  it("has 32 bytes", () => {
    for (const length of [0, 16, 31, 33]) {
      expect(() => new FrameKey(new Uint8Array(length), { random })).toThrow(
        expect.objectContaining({ code: "length" }),
      );
    }
  });

  it("refuses a nonce of another length", () => {
    const key = new FrameKey(new Uint8Array(32), { random: () => new Uint8Array(11) });
    expect(() => key.seal(utf8(""))).toThrow(expect.objectContaining({ code: "length" }));
  });
});
