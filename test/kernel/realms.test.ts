/** Bytes of other realms are accepted, and other values refused, by every call of the kernels. */
import { describe, expect, it } from "vitest";
import * as kernels from "../../src/kernel/index.js";
import { foreign, notBytes } from "../support/not-bytes.js";
import { noise } from "./engines.js";

type Call = (...values: Uint8Array[]) => unknown;
const { HmacSha256Key, HkdfSha256Key, AesCtrKey, AesGcmKey, ChaCha20Poly1305Key, XorIndex, XorSet } = kernels;

const [id, key, nonce] = [noise(20), noise(32), noise(12)];
const ids = noise(20 * 40);

/** Every call that takes bytes, with valid arguments. */
const CALLS: Readonly<Record<string, readonly [call: Call, ...bytes: Uint8Array[]]>> = {
  crc32: [(a) => kernels.crc32(a), noise(300)],
  sha256: [(a) => kernels.sha256(a), noise(300)],
  sha256Into: [(a, out) => [kernels.sha256Into(a, out), ...out], noise(300), new Uint8Array(32)],
  sha256Batch: [(a, out) => [...kernels.sha256Batch(a, 64, out)], noise(640), new Uint8Array(320)],
  sha256Stream: [(a) => kernels.sha256Stream().update(a).digest(), noise(300)],
  sha1: [(a) => kernels.sha1(a), noise(300)],
  sha1Into: [(a, out) => [kernels.sha1Into(a, out), ...out], noise(300), new Uint8Array(20)],
  sha1Batch: [(a) => kernels.sha1Batch(a, 64), noise(640)],
  sha512: [(a) => kernels.sha512(a), noise(300)],
  sha512Into: [(a, out) => [kernels.sha512Into(a, out), ...out], noise(300), new Uint8Array(64)],
  md5: [(a) => kernels.md5(a), noise(300)],
  md5Into: [(a, out) => [kernels.md5Into(a, out), ...out], noise(300), new Uint8Array(16)],
  md5Batch: [(a) => kernels.md5Batch(a, 64), noise(640)],
  md5Rows: [
    (suffix) => kernels.md5Rows({ prefix: 1, bytes: Int8Array.of(1), words: Uint32Array.of(2), suffix }),
    noise(16),
  ],
  hmacSha256: [(a, b) => kernels.hmacSha256(a, b), key, noise(100)],
  hmacSha256Into: [(a, b, out) => [kernels.hmacSha256Into(a, b, out), ...out], key, noise(100), new Uint8Array(32)],
  HmacSha256Key: [(a, b) => new HmacSha256Key(a).sign(b), key, noise(100)],
  hkdfSha256: [(a, salt, info) => kernels.hkdfSha256(a, { salt, info, lengthBytes: 64 }), key, noise(32), noise(9)],
  aesCtr: [(a, b, c) => kernels.aesCtr(a, b, c), key, noise(16), noise(300)],
  aesCtrInto: [(a, b, c, out) => [kernels.aesCtrInto(a, b, c, out), ...out], key, noise(16), noise(300), noise(300, 2)],
  AesCtrKey: [(a, b, c) => new AesCtrKey(a).crypt(b, c), key, noise(16), noise(300)],
  aesGcmSeal: [(a, b, c, d) => kernels.aesGcmSeal(a, b, c, d), key, nonce, noise(300), noise(13)],
  aesGcmOpen: [(a, b, c) => kernels.aesGcmOpen(a, b, c), key, nonce, kernels.aesGcmSeal(key, nonce, noise(300))],
  AesGcmKey: [(a, b, c) => new AesGcmKey(a).seal(b, c), key, nonce, noise(300)],
  chacha20Poly1305Seal: [(a, b, c, d) => kernels.chacha20Poly1305Seal(a, b, c, d), key, nonce, noise(300), noise(13)],
  chacha20Poly1305Open: [
    (a, b, c) => kernels.chacha20Poly1305Open(a, b, c),
    key,
    nonce,
    kernels.chacha20Poly1305Seal(key, nonce, noise(300)),
  ],
  ChaCha20Poly1305Key: [(a, b, c) => new ChaCha20Poly1305Key(a).seal(b, c), key, nonce, noise(300)],
  poly1305: [(a, b, c) => kernels.poly1305(a, b, c), key, noise(300), noise(13)],
  xorDistance: [(a, b) => kernels.xorDistance(a, b), id, noise(20, 2)],
  compareXorDistance: [(a, b, c) => kernels.compareXorDistance(a, b, c), id, noise(20, 2), noise(20, 3)],
  xorPrefixLength: [(a, b) => kernels.xorPrefixLength(a, b), id, noise(20, 2)],
  xorPrefixLengths: [(a, b) => kernels.xorPrefixLengths(a, b), ids, id],
  closestIds: [(a, b) => kernels.closestIds(a, b, 5), ids, id],
  XorIndex: [(a, b) => closestOf(new XorIndex(40), a, b), ids.subarray(0, 20), id],
  XorSet: [(a, b) => closestOf(new XorSet(40), a, b), ids.subarray(0, 20), id],
  HkdfSha256Key: [(a, info) => new HkdfSha256Key(a).expand(32, info), key, noise(9)],
};

function closestOf(known: kernels.XorIndex | kernels.XorSet, added: Uint8Array, target: Uint8Array): unknown {
  if (known instanceof XorIndex) known.insert(added);
  else known.push(added);
  return known.closest(target, 1);
}

const ENGINES = ["wasm", "node", "noble", "js"] as const;

describe.each(Object.entries(CALLS))("%s", (name, [call, ...right]) => {
  const copies = (): Uint8Array[] => right.map((bytes) => bytes.slice());
  const expected = call(...copies());

  it("accepts bytes of another realm, for some or all arguments", () => {
    for (const engine of ENGINES) {
      expect(kernels.withEngine(engine, () => call(...copies().map(foreign)))).toEqual(expected);
      for (const [i, bytes] of right.entries()) {
        const mixed = copies().with(i, foreign(bytes));
        expect(kernels.withEngine(engine, () => call(...mixed))).toEqual(expected);
      }
    }
  });

  it("refuses arguments that are not bytes", () => {
    for (const [i, bytes] of right.entries()) {
      for (const [what, wrong] of notBytes(bytes.length)) {
        const values = copies();
        values[i] = wrong;
        // Optional arguments have a default.
        if (what === "nothing" && (i >= call.length - 1 || name === "hkdfSha256")) continue;
        expect(() => call(...values), `${i}: ${what}`).toThrow(
          expect.objectContaining({
            name: "WireError",
            code: "argument",
            path: expect.stringMatching(/./) as string,
          }) as Error,
        );
      }
    }
  });
});
