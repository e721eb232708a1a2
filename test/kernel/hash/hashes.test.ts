/** Hashes: published vectors, outputs, batches, streams and arguments. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import {
  md5,
  md5Batch,
  md5Into,
  sha1,
  sha1Batch,
  sha1Into,
  sha256,
  sha256Batch,
  sha256Into,
  sha256Stream,
  sha512,
  sha512Into,
} from "../../../src/kernel/index.js";
import { ascii, by, describeEngines, noise } from "../engines.js";

const HASHES = [
  { name: "sha256", bytes: 32, one: sha256, into: sha256Into, batch: sha256Batch },
  { name: "sha1", bytes: 20, one: sha1, into: sha1Into, batch: sha1Batch },
  { name: "md5", bytes: 16, one: md5, into: md5Into, batch: md5Batch },
] as const;

/** FIPS 180-4 examples (csrc.nist.gov, "Examples with Intermediate Values"); RFC 1321 appendix A.5. */
const VECTORS: Record<string, [message: string, digest: string][]> = {
  sha256: [
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ],
  sha1: [
    ["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    ["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
    ["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"],
    ["a".repeat(1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"],
  ],
  md5: [
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["a", "0cc175b9c0f1b6a831c399e269772661"],
    ["abc", "900150983cd24fb0d6963f7d28e17f72"],
    ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
    ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"],
    [
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a",
    ],
  ],
};

describe.each(HASHES)("$name", ({ name, bytes, one, into, batch }) => {
  const expected = (message: Uint8Array) => createHash(name).update(message).digest();

  describeEngines(name, (engine) => {
    test("gives the published digests", () => {
      for (const [message, digest] of VECTORS[name]!) expect(toHex(by(engine, one)(ascii(message)))).toBe(digest);
    });

    test("writes into a larger buffer, and over the message itself", () => {
      const out = new Uint8Array(bytes + 9).fill(0xee);
      expect(by(engine, into)(ascii("abc"), out, 5)).toBe(bytes);
      expect(out.subarray(5, 5 + bytes)).toBeBytes(expected(ascii("abc")));
      expect([...out.subarray(0, 5), ...out.subarray(5 + bytes)]).toEqual(Array(9).fill(0xee));
      const message = noise(bytes);
      const before = expected(message);
      by(engine, into)(message, message);
      expect(message).toBeBytes(before);
    });

    test.each([1, 20, 64, 65])("hashes batches of messages of %i bytes", (messageBytes) => {
      for (const count of [0, 1, 4, 7]) {
        const input = noise(count * messageBytes);
        const digests = by(engine, batch)(input, messageBytes);
        expect(digests.length).toBe(count * bytes);
        for (let i = 0; i < count; i++) {
          const message = input.subarray(i * messageBytes, (i + 1) * messageBytes);
          expect(digests.subarray(i * bytes, (i + 1) * bytes)).toBeBytes(expected(message));
        }
      }
    });

    test.each([8, bytes, 64])("writes the digests of a batch over its messages of %i bytes", (messageBytes) => {
      const buffer = noise(5 * 64);
      const input = buffer.subarray(0, 5 * messageBytes);
      const apart = by(engine, batch)(input, messageBytes);
      expect(by(engine, batch)(input, messageBytes, buffer)).toBeBytes(apart);
      expect(buffer.subarray(0, 5 * bytes)).toBeBytes(apart);
    });
  });

  test("refuses messages of other types, small outputs, and fractions of messages", () => {
    expect(() => one("abc" as unknown as Uint8Array)).toThrow(expect.objectContaining({ code: "argument" }));
    expect(() => into(ascii("abc"), new Uint8Array(bytes), 1)).toThrow(expect.objectContaining({ code: "space" }));
    expect(() => into(ascii("abc"), new Uint8Array(99), -1)).toThrow(expect.objectContaining({ code: "argument" }));
    expect(() => batch(new Uint8Array(41), 20)).toThrow(expect.objectContaining({ code: "divisible" }));
    expect(() => batch(new Uint8Array(40), 0)).toThrow(expect.objectContaining({ code: "divisible" }));
    expect(() => batch(new Uint8Array(40), 20, new Uint8Array(2 * bytes - 1))).toThrow(
      expect.objectContaining({ code: "space" }),
    );
  });
});

describeEngines("sha256", (engine) => {
  test("streams a message in parts of many sizes", () => {
    const message = noise(700);
    const expected = sha256(message);
    for (let part = 1; part < message.length; part += 13) {
      const stream = by(engine, sha256Stream)();
      for (let at = 0; at < message.length; at += part) stream.update(message.subarray(at, at + part));
      expect(stream.digest()).toBeBytes(expected);
    }
  });

  test("keeps concurrent streams apart", () => {
    const first = by(engine, sha256Stream)().update(ascii("a"));
    const second = by(engine, sha256Stream)().update(ascii("x"));
    first.update(ascii("bc"));
    second.update(ascii("yz"));
    expect(first.digest()).toBeBytes(sha256(ascii("abc")));
    expect(second.digest()).toBeBytes(sha256(ascii("xyz")));
  });

  test("ends a stream with its digest, and not with a refused output", () => {
    const stream = by(engine, sha256Stream)().update(ascii("abc"));
    expect(() => stream.digestInto(new Uint8Array(31))).toThrow(expect.objectContaining({ code: "space" }));
    const out = new Uint8Array(40);
    expect(stream.digestInto(out, 8)).toBe(32);
    expect(out.subarray(8)).toBeBytes(fromHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    expect(() => stream.update(ascii("d"))).toThrow(expect.objectContaining({ code: "argument" }));
    expect(() => stream.digest()).toThrow(expect.objectContaining({ code: "argument" }));
  });
});

describeEngines("sha512", (engine) => {
  test("gives the published digests", () => {
    expect(toHex(by(engine, sha512)(ascii("abc")))).toBe(
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a" +
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    );
  });

  test("writes into a larger buffer, and refuses a small one", () => {
    const out = new Uint8Array(70).fill(0xee);
    expect(by(engine, sha512Into)(ascii("abc"), out, 5)).toBe(64);
    expect(out.subarray(5, 69)).toBeBytes(createHash("sha512").update("abc").digest());
    expect([...out.subarray(0, 5), out[69]]).toEqual(Array(6).fill(0xee));
    expect(() => sha512Into(ascii("abc"), new Uint8Array(63))).toThrow(expect.objectContaining({ code: "space" }));
  });
});
