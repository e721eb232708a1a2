/** HMAC-SHA256 and HKDF-SHA256. */
import { createHmac, hkdfSync } from "node:crypto";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { hkdfSha256, HkdfSha256Key, hmacSha256, hmacSha256Into, HmacSha256Key } from "../../../src/kernel/index.js";
import { ascii, by, describeEngines, noise } from "../engines.js";

/** RFC 4231 §4.2 to §4.8, where the tag of case 5 is truncated. */
const RFC_4231 = [
  {
    key: "0b".repeat(20),
    data: toHex(ascii("Hi There")),
    tag: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  },
  {
    key: toHex(ascii("Jefe")),
    data: toHex(ascii("what do ya want for nothing?")),
    tag: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  },
  {
    key: "aa".repeat(20),
    data: "dd".repeat(50),
    tag: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  },
  {
    key: "0102030405060708090a0b0c0d0e0f10111213141516171819",
    data: "cd".repeat(50),
    tag: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  },
  { key: "0c".repeat(20), data: toHex(ascii("Test With Truncation")), tag: "a3b6167473100ee06e0c796c2955552b" },
  {
    key: "aa".repeat(131),
    data: toHex(ascii("Test Using Larger Than Block-Size Key - Hash Key First")),
    tag: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  },
  {
    key: "aa".repeat(131),
    data: toHex(
      ascii(
        "This is a test using a larger than block-size key and a larger than block-size data. " +
          "The key needs to be hashed before being used by the HMAC algorithm.",
      ),
    ),
    tag: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  },
];

/** RFC 5869 appendix A.1 to A.3. */
const RFC_5869 = [
  {
    ikm: "0b".repeat(22),
    salt: "000102030405060708090a0b0c",
    info: "f0f1f2f3f4f5f6f7f8f9",
    okm: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  },
  {
    ikm: toHex(Uint8Array.from({ length: 80 }, (_, i) => i)),
    salt: toHex(Uint8Array.from({ length: 80 }, (_, i) => 0x60 + i)),
    info: toHex(Uint8Array.from({ length: 80 }, (_, i) => 0xb0 + i)),
    okm:
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09" +
      "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  },
  {
    ikm: "0b".repeat(22),
    salt: "",
    info: "",
    okm: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  },
];

const nodeTag = (key: Uint8Array, message: Uint8Array) => createHmac("sha256", key).update(message).digest();

describeEngines("hmac-sha256", (engine) => {
  test("gives the tags of RFC 4231", () => {
    for (const { key, data, tag } of RFC_4231) {
      expect(toHex(by(engine, hmacSha256)(fromHex(key), fromHex(data))).slice(0, tag.length)).toBe(tag);
    }
  });

  test("equals node:crypto for every length of the key", () => {
    const message = noise(40);
    for (let length = 0; length <= 200; length++) {
      const key = noise(length, 9);
      const expected = nodeTag(key, message);
      expect(by(engine, hmacSha256)(key, message)).toBeBytes(expected);
      using handle = new HmacSha256Key(key);
      expect(by(engine, () => handle.sign(message))()).toBeBytes(expected);
    }
  });

  test("writes into a larger buffer, and over the message", () => {
    const key = noise(16);
    const out = new Uint8Array(40).fill(0xee);
    expect(by(engine, hmacSha256Into)(key, ascii("abc"), out, 4)).toBe(32);
    expect(out.subarray(4, 36)).toBeBytes(nodeTag(key, ascii("abc")));
    expect([...out.subarray(0, 4), ...out.subarray(36)]).toEqual(Array(8).fill(0xee));
    const message = noise(64);
    const expected = nodeTag(key, message);
    const handle = new HmacSha256Key(key);
    by(engine, () => handle.signInto(message, message, 32))();
    expect(message.subarray(32)).toBeBytes(expected);
  });

  test("verifies only the whole tag", () => {
    const handle = new HmacSha256Key(noise(32));
    const verify = by(engine, (tag: Uint8Array) => handle.verify(ascii("message"), tag));
    const tag = handle.sign(ascii("message"));
    expect(verify(tag)).toBe(true);
    for (let bit = 0; bit < 256; bit++) {
      const flipped = tag.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(verify(flipped)).toBe(false);
    }
    expect(verify(tag.subarray(0, 31))).toBe(false);
    expect(verify(new Uint8Array(0))).toBe(false);
  });

  test("derives the keys of RFC 5869", () => {
    for (const { ikm, salt, info, okm } of RFC_5869) {
      const options = { salt: fromHex(salt), info: fromHex(info), lengthBytes: okm.length / 2 };
      expect(toHex(by(engine, hkdfSha256)(fromHex(ikm), options))).toBe(okm);
    }
  });

  test("derives the same keys as node:crypto, at many lengths", () => {
    const [inputKey, salt, info] = [noise(32, 1), noise(20, 2), noise(30, 3)];
    for (const lengthBytes of [0, 1, 31, 32, 33, 63, 64, 65, 500, 8159, 8160]) {
      const expected = lengthBytes === 0 ? new ArrayBuffer(0) : hkdfSync("sha256", inputKey, salt, info, lengthBytes);
      expect(by(engine, hkdfSha256)(inputKey, { salt, info, lengthBytes })).toBeBytes(new Uint8Array(expected));
    }
    const zeroSalt = hkdfSha256(inputKey, { salt: new Uint8Array(32), info, lengthBytes: 48 });
    expect(by(engine, hkdfSha256)(inputKey, { info, lengthBytes: 48 })).toBeBytes(zeroSalt);
  });
});

test("derives many keys from one, each equal to a single derivation", () => {
  const [inputKey, salt] = [noise(32, 1), noise(20, 2)];
  using key = new HkdfSha256Key(inputKey, salt);
  for (const lengthBytes of [1, 32, 100]) {
    for (const info of [noise(0), noise(10)]) {
      expect(key.expand(lengthBytes, info)).toBeBytes(hkdfSha256(inputKey, { salt, info, lengthBytes }));
    }
  }
  expect(`${key} ${JSON.stringify(key)} ${inspect(key)}`).toMatch(/^(\W*\[hkdf-sha256 key, redacted\]\W*){3}$/);
  key.wipe();
  expect(() => key.expand(1)).toThrow(expect.objectContaining({ code: "argument" }));
});

test("refuses more than 255 blocks, and arguments that are not bytes", () => {
  const code = (action: () => unknown) => expect(action).toThrow(expect.objectContaining({ code: "argument" }));
  code(() => hkdfSha256(noise(16), { lengthBytes: 8161 }));
  code(() => hkdfSha256(noise(16), { lengthBytes: -1 }));
  code(() => hkdfSha256(noise(16), { lengthBytes: 1.5 }));
  code(() => hmacSha256("key" as unknown as Uint8Array, noise(1)));
  code(() => new HmacSha256Key("key" as unknown as Uint8Array));
});
