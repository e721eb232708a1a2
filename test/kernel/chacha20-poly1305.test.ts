/** What aead.test.ts does not ask of ChaCha20-Poly1305: every length of a datagram, and the borders of Poly1305. */
import { createCipheriv, createSecretKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { concatBytes, fromHex, toHex } from "../../src/bytes/index.js";
import { ChaCha20Poly1305Key } from "../../src/kernel/index.js";
import { instantiate } from "../../src/kernel/instance.js";
import { CHACHA20_POLY1305_WASM } from "../../src/kernel/wasm/chacha20-poly1305.js";
import { brokenGuards, by, describeEngines, noise } from "./engines.js";

const PART_BYTES = 65_536;

const key = noise(32, 8);
const keyObject = createSecretKey(key);
const pool = noise(4 * PART_BYTES, 9);

function nodeSeal(nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const cipher = createCipheriv("chacha20-poly1305", keyObject, nonce, { authTagLength: 16 });
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  return concatBytes(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

describeEngines("chacha20-poly1305", (engine) => {
  const handle = new ChaCha20Poly1305Key(key);
  const seal = by(engine, (nonce: Uint8Array, text: Uint8Array, aad: Uint8Array) => handle.seal(nonce, text, aad));
  const open = by(engine, (nonce: Uint8Array, text: Uint8Array, aad: Uint8Array) => handle.open(nonce, text, aad));

  function check(length: number, aadLength: number): void {
    const nonce = noise(12, length);
    const plaintext = pool.slice(length % 16, (length % 16) + length);
    const aad = pool.subarray(aadLength % 7, (aadLength % 7) + aadLength);
    const sealed = seal(nonce, plaintext, aad);
    expect(sealed).toBeBytes(nodeSeal(nonce, plaintext, aad));
    expect(open(nonce, sealed, aad)).toBeBytes(plaintext);
    expect(brokenGuards()).toEqual([]);
  }

  test("equals node:crypto at 0 to 1,500 bytes, with 0 to 64 bytes of additional data", () => {
    for (let length = 0; length <= 1500; length++) check(length, (length * 7) % 65);
    for (let aadLength = 0; aadLength <= 64; aadLength++) check(76, aadLength);
  });

  test.each([4096, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES, 200_000])(
    "equals node:crypto at %i bytes, as text and as additional data",
    (length) => {
      check(length, 13);
      check(13, length);
      check(length, length);
    },
  );

  test.each([1023, 1024, 1025])("equals node:crypto with %i bytes of additional data", (aadLength) => {
    check(300, aadLength);
  });

  test("hands out nothing of a long text with a wrong tag, part of the text, or additional data", () => {
    const nonce = noise(12);
    const sealed = seal(nonce, pool.subarray(0, 150_000), key);
    for (const at of [0, PART_BYTES, 149_999, 150_000, 150_015]) {
      const forged = sealed.slice();
      forged[at]! ^= 0x80;
      const out = new Uint8Array(150_000).fill(0xee);
      const action = by(engine, () => handle.openInto(nonce, forged, out, 0, key));
      expect(action).toThrow(expect.objectContaining({ code: "tag" }));
      expect(out).toBeBytes(new Uint8Array(150_000).fill(0xee));
    }
    expect(() => open(nonce, sealed, key.subarray(1))).toThrow(expect.objectContaining({ code: "tag" }));
  });

  test("seals and opens long texts in place", () => {
    const nonce = noise(12);
    const buffer = new Uint8Array(150_016);
    buffer.set(pool.subarray(0, 150_000));
    by(engine, () => handle.sealInto(nonce, buffer.subarray(0, 150_000), buffer, 0, key))();
    expect(buffer).toBeBytes(nodeSeal(nonce, pool.subarray(0, 150_000), key));
    by(engine, () => handle.openInto(nonce, buffer, buffer, 0, key))();
    expect(buffer.subarray(0, 150_000)).toBeBytes(pool.subarray(0, 150_000));
  });
});

interface Poly1305 {
  beginTag(): void;
  absorb(from: number, length: number): void;
  endTag(to: number): void;
}

describe("Poly1305 of the module", () => {
  const instance = instantiate<Poly1305>(CHACHA20_POLY1305_WASM, { TEXT: 256 })!;
  const text = instance.region("TEXT");

  /** Of whole blocks. */
  function tagOf(oneTimeKey: Uint8Array, blocks: Uint8Array): Uint8Array {
    instance.region("KEYSTREAM").set(oneTimeKey);
    text.set(blocks);
    instance.functions.beginTag();
    instance.functions.absorb(instance.addressOf("TEXT"), blocks.length);
    instance.functions.endTag(instance.addressOf("TEXT"));
    return text.slice(0, 16);
  }

  // RFC 8439 appendix A.3, vectors 7 to 11: each a border of the reduction modulo 2^130 - 5.
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

  test("equals whole numbers where all carries run", () => {
    for (let run = 0; run < 400; run++) {
      // Bytes of which most are 0 or 0xff.
      const extreme = (length: number, seed: number) =>
        noise(length, seed).map((byte) => (byte < 100 ? 0 : byte < 230 ? 0xff : byte));
      const [oneTimeKey, blocks] = [extreme(32, run), extreme(16 * (1 + (run % 12)), run + 1000)];
      expect(toHex(tagOf(oneTimeKey, blocks))).toBe(toHex(modelTag(oneTimeKey, blocks)));
    }
  });
});

/** RFC 8439 §2.5.1, word for word, of whole blocks. */
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
