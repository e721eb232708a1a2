/** Poly1305 alone, at the limits of its arithmetic. */
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { instantiate } from "../../../src/kernel/engine/instance.js";
import { CHACHA20_POLY1305_WASM } from "../../../src/kernel/wasm/chacha20-poly1305.js";
import { noise } from "../engines.js";

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
