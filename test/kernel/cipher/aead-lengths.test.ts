/** Authenticated ciphers at every length of a datagram, and at lengths that pass through a module in parts. */
import { createSecretKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { AesGcmKey, ChaCha20Poly1305Key } from "../../../src/kernel/index.js";
import { brokenGuards, by, describeEngines, noise } from "../engines.js";
import { nodeSeal } from "./node-aead.js";

const PART_BYTES = 65_536;

const pool = noise(4 * PART_BYTES, 9);

describe.each([
  { name: "aes-gcm", nodeName: "aes-128-gcm", keyBytes: 16, Key: AesGcmKey },
  { name: "aes-gcm", nodeName: "aes-192-gcm", keyBytes: 24, Key: AesGcmKey },
  { name: "aes-gcm", nodeName: "aes-256-gcm", keyBytes: 32, Key: AesGcmKey },
  { name: "chacha20-poly1305", nodeName: "chacha20-poly1305", keyBytes: 32, Key: ChaCha20Poly1305Key },
] as const)("$nodeName", ({ name, nodeName, keyBytes, Key }) => {
  const key = noise(keyBytes, 8);
  const keyObject = createSecretKey(key);

  describeEngines(name, (engine) => {
    const handle = new Key(key);
    const seal = by(engine, (nonce: Uint8Array, text: Uint8Array, aad: Uint8Array) => handle.seal(nonce, text, aad));
    const open = by(engine, (nonce: Uint8Array, text: Uint8Array, aad: Uint8Array) => handle.open(nonce, text, aad));

    function check(length: number, aadLength: number): void {
      const nonce = noise(12, length);
      const plaintext = pool.slice(length % 16, (length % 16) + length);
      const aad = pool.subarray(aadLength % 7, (aadLength % 7) + aadLength);
      const sealed = seal(nonce, plaintext, aad);
      expect(sealed).toBeBytes(nodeSeal(nodeName, keyObject, nonce, plaintext, aad));
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

    test("releases nothing of a long text with a wrong tag, part of the text, or additional data", () => {
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
      expect(buffer).toBeBytes(nodeSeal(nodeName, keyObject, nonce, pool.subarray(0, 150_000), key));
      by(engine, () => handle.openInto(nonce, buffer, buffer, 0, key))();
      expect(buffer.subarray(0, 150_000)).toBeBytes(pool.subarray(0, 150_000));
    });
  });
});
