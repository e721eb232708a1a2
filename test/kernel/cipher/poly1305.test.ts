/** Poly1305 alone, at the limits of its arithmetic. */
import { describe, expect, test } from "vitest";
import { concatBytes, fromHex, toHex } from "../../../src/bytes/index.js";
import { chacha20Poly1305Seal, poly1305 } from "../../../src/kernel/index.js";
import { instantiate } from "../../../src/kernel/engine/instance.js";
import { CHACHA20_POLY1305_WASM } from "../../../src/kernel/wasm/chacha20-poly1305.js";
import { ascii, by, describeEngines, noise } from "../engines.js";

/** The exports of the module for Poly1305. */
interface Poly1305 {
  beginTag(): void;
  absorb(from: number, length: number): void;
  endTag(to: number): void;
}

describe("Poly1305 of the module", () => {
  const instance = instantiate<Poly1305>(CHACHA20_POLY1305_WASM, { TEXT: 256 })!;
  const text = instance.region("TEXT");

  /** The tag of whole blocks. */
  function tagOf(oneTimeKey: Uint8Array, blocks: Uint8Array): Uint8Array {
    instance.region("KEYSTREAM").set(oneTimeKey);
    text.set(blocks);
    instance.functions.beginTag();
    instance.functions.absorb(instance.addressOf("TEXT"), blocks.length);
    instance.functions.endTag(instance.addressOf("TEXT"));
    return text.slice(0, 16);
  }

  // RFC 8439 appendix A.3, vectors 7 to 11: each a limit of the reduction modulo 2^130 - 5.
  test.each([
    ["02", "", "ff".repeat(16), "03"],
    ["02", "ff".repeat(16), "02" + "00".repeat(15), "03"],
    ["02", "", "fd" + "ff".repeat(15), "fa" + "ff".repeat(15)],
    [
      "010000000000000004",
      "",
      "e33594d7505e43b900000000000000003394d7505e4379cd01000000000000000000000000000000000000000000000001" +
        "00".repeat(15),
      "14000000000000005500000000000000",
    ],
    [
      "010000000000000004",
      "",
      "e33594d7505e43b900000000000000003394d7505e4379cd010000000000000000000000000000000000000000000000",
      "13",
    ],
  ])("gives the published tags: r %s, s %s", (r, s, blocks, tag) => {
    const oneTimeKey = fromHex(r.padEnd(32, "0") + s.padEnd(32, "0"));
    expect(toHex(tagOf(oneTimeKey, fromHex(blocks)))).toBe(tag.padEnd(32, "0"));
  });

  test("equals arithmetic with bigints where all carries occur", () => {
    for (let run = 0; run < 400; run++) {
      // Most bytes are 0 or 0xff.
      const extreme = (length: number, seed: number) =>
        noise(length, seed).map((byte) => (byte < 100 ? 0 : byte < 230 ? 0xff : byte));
      const [oneTimeKey, blocks] = [extreme(32, run), extreme(16 * (1 + (run % 12)), run + 1000)];
      expect(toHex(tagOf(oneTimeKey, blocks))).toBe(toHex(modelTag(oneTimeKey, blocks)));
    }
  });
});

/** RFC 8439 §2.5.1 with bigints, for whole blocks. */
function modelTag(oneTimeKey: Uint8Array, blocks: Uint8Array): Uint8Array {
  const r = littleEndian(oneTimeKey.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  let sum = 0n;
  for (let at = 0; at < blocks.length; at += 16) {
    sum = ((sum + littleEndian(blocks.subarray(at, at + 16)) + (1n << 128n)) * r) % ((1n << 130n) - 5n);
  }
  sum += littleEndian(oneTimeKey.subarray(16));
  return Uint8Array.from({ length: 16 }, (_, i) => Number((sum >> BigInt(8 * i)) & 255n));
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

describeEngines("poly1305", (engine) => {
  const tagOf = by(engine, poly1305);

  test("equals arithmetic with bigints over padded texts and their lengths, at every length", () => {
    const [key, bytes] = [noise(32, 1), noise(140_000, 2)];
    const padded = (part: Uint8Array): Uint8Array => concatBytes(part, new Uint8Array(-part.length & 15));
    for (const [textLength, aadLength] of [...Array(70).keys()]
      .flatMap((n) => [
        [n, 0],
        [40, n],
      ])
      .concat([
        [65_536, 5],
        [65_537, 0],
        [70_001, 65_540],
      ])) {
      const [text, aad] = [bytes.subarray(3, 3 + textLength!), bytes.subarray(1, 1 + aadLength!)];
      const lengths = new BigUint64Array([BigInt(aad.length), BigInt(text.length)]);
      const model = modelTag(key, concatBytes(padded(aad), padded(text), new Uint8Array(lengths.buffer)));
      expect(toHex(tagOf(key, text, aad))).toBe(toHex(model));
    }
  });

  test("is the tag of ChaCha20-Poly1305 under the key of its first block", () => {
    // RFC 8439 §2.8.2.
    const oneTimeKey = fromHex("7bac2b252db447af09b67a55a4e955840ae1d6731075d9eb2a9375783ed553ff");
    const key = fromHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    const [nonce, aad] = [fromHex("070000004041424344454647"), fromHex("50515253c0c1c2c3c4c5c6c7")];
    const sealed = chacha20Poly1305Seal(key, nonce, ascii("Ladies and Gentlemen of the class of '99"), aad);
    expect(toHex(tagOf(oneTimeKey, sealed.subarray(0, -16), aad))).toBe(toHex(sealed.subarray(-16)));
  });

  test("refuses a key of another length", () => {
    expect(() => tagOf(new Uint8Array(31), noise(3))).toThrow(expect.objectContaining({ code: "length" }));
  });
});
