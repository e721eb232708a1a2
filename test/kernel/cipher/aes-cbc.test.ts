/** AES-CBC: the vectors of SP 800-38A, padding, and engines that agree. */
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { aesCbcEncrypt, aesCbcTryDecrypt } from "../../../src/kernel/index.js";
import { by, describeEngines, noise } from "../engines.js";

const IV = fromHex("000102030405060708090a0b0c0d0e0f");
const BLOCK = fromHex("6bc1bee22e409f96e93d7e117393172a");
// SP 800-38A, F.2.1, F.2.3 and F.2.5: the first block.
const VECTORS = [
  ["2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d"],
  ["8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "4f021db243bc633d7178183a9fa071e8"],
  ["603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "f58c4c04d6e5f1ba779eabfb5f7bfbd6"],
] as const;

describeEngines("aes-cbc", (engine) => {
  test.each(VECTORS)("encrypts as SP 800-38A says with %s", (key, ciphertext) => {
    const sealed = by(engine, aesCbcEncrypt)(fromHex(key), IV, BLOCK);
    expect(toHex(sealed.subarray(0, 16))).toBe(ciphertext);
    expect(sealed).toHaveLength(32);
    expect(by(engine, aesCbcTryDecrypt)(fromHex(key), IV, sealed)).toEqual(BLOCK);
  });

  test("agrees with the other engines for every length up to three blocks", () => {
    const key = noise(32);
    for (let length = 0; length <= 48; length++) {
      const text = noise(length, 2);
      const sealed = by(engine, aesCbcEncrypt)(key, IV, text);
      expect(toHex(sealed)).toBe(toHex(aesCbcEncrypt(key, IV, text)));
      expect(sealed).toHaveLength(16 * (Math.floor(length / 16) + 1));
      expect(toHex(by(engine, aesCbcTryDecrypt)(key, IV, sealed)!)).toBe(toHex(text));
    }
  });

  test("refuses parts of blocks, and padding that is none", () => {
    const key = noise(16);
    const sealed = aesCbcEncrypt(key, IV, noise(20));
    const open = by(engine, aesCbcTryDecrypt);
    for (const length of [0, 1, 15, 17, 31]) expect(open(key, IV, sealed.subarray(0, length))).toBeUndefined();
    // The first block ends in a random byte, which is no padding.
    expect(open(key, IV, sealed.subarray(0, 16))).toBeUndefined();
  });
});

describe("arguments", () => {
  test.each([
    ["key", noise(17), IV],
    ["iv", noise(16), noise(15)],
  ])("%s of another length is refused", (path, key, iv) => {
    for (const call of [aesCbcEncrypt, aesCbcTryDecrypt]) {
      expect(() => call(key, iv, BLOCK)).toThrow(expect.objectContaining({ code: "length", path }));
    }
  });
});
