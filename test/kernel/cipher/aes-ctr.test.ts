/** AES-CTR: published vectors, lengths, counters and arguments. */
import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "../../../src/bytes/index.js";
import { aesCtr, aesCtrInto, AesCtrKey, type AesCtrOptions } from "../../../src/kernel/index.js";
import { brokenGuards, by, describeEngines, messages, noise } from "../engines.js";

/** SP 800-38A appendix F.5.1 and F.5.5. */
const SP_800_38A = {
  counter: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
  plaintext:
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
  cases: [
    {
      key: "2b7e151628aed2a6abf7158809cf4f3c",
      ciphertext:
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff" +
        "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee",
    },
    {
      key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
      ciphertext:
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5" +
        "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
    },
  ],
};

/** The definition, block by block: E(counter + i), where only the last `bits` bits are incremented. */
function byBlocks(key: Uint8Array, counter: Uint8Array, data: Uint8Array, bits: 32 | 128, block: bigint): Uint8Array {
  const start = BigInt(`0x${toHex(counter)}`);
  const modulus = 1n << BigInt(bits);
  return data.map((byte, i) => {
    const low = (start + block + BigInt(i >> 4)) % modulus;
    const value = (start / modulus) * modulus + low;
    const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null);
    return byte ^ cipher.update(fromHex(value.toString(16).padStart(32, "0")))[i & 15]!;
  });
}

const nodeCtr = (key: Uint8Array, counter: Uint8Array, data: Uint8Array) =>
  createCipheriv(`aes-${key.length * 8}-ctr`, key, counter).update(data);

describeEngines("aes-ctr", (engine) => {
  const crypt = by(engine, aesCtr);

  test("gives the ciphertexts of SP 800-38A, and decrypts them", () => {
    const counter = fromHex(SP_800_38A.counter);
    for (const { key, ciphertext } of SP_800_38A.cases) {
      expect(toHex(crypt(fromHex(key), counter, fromHex(SP_800_38A.plaintext)))).toBe(ciphertext);
      expect(toHex(crypt(fromHex(key), counter, fromHex(ciphertext)))).toBe(SP_800_38A.plaintext);
    }
  });

  test.each([16, 32])("equals node:crypto at every length and alignment, with a key of %i bytes", (keyBytes) => {
    const key = noise(keyBytes, 3);
    const counter = noise(16, 4);
    const handle = new AesCtrKey(key);
    for (const message of messages()) {
      const expected = nodeCtr(key, counter, message);
      expect(crypt(key, counter, message)).toBeBytes(expected);
      expect(by(engine, () => handle.crypt(counter, message))()).toBeBytes(expected);
    }
    handle.wipe();
  });

  test.each([16, 32])("equals node:crypto at 0 to 1,500 bytes and beyond, with a key of %i bytes", (keyBytes) => {
    const pool = noise(300_000, 10);
    const lengths = [...Array(1501).keys(), 4095, 16_400, 65_535, 65_536, 65_537, 65_599, 131_072, 131_137, 300_000];
    for (const length of lengths) {
      const key = noise(keyBytes, length);
      const counter = noise(16, length);
      const message = pool.subarray(length % 16, length);
      const expected = nodeCtr(key, counter, message);
      expect(crypt(key, counter, message)).toBeBytes(expected);
      const handle = new AesCtrKey(key);
      expect(by(engine, () => handle.crypt(counter, message))()).toBeBytes(expected);
      handle.wipe();
      if (brokenGuards().length > 0) expect(`${brokenGuards().join()} overrun by ${message.length} bytes`).toBe("");
    }
  });

  test.each([300, 1000, 65_552, 65_664, 200_000])(
    "counts past the end of 32 and 128 bits within %i bytes",
    (length) => {
      const key = noise(32, 11);
      const message = noise(length, 12);
      for (let left = 1; left < length / 16; left = left < 20 ? left + 1 : left * 2) {
        const [narrow, wide] = [noise(16, left), new Uint8Array(16).fill(255)];
        new DataView(narrow.buffer).setUint32(12, 2 ** 32 - left);
        new DataView(wide.buffer).setUint32(12, 2 ** 32 - left);
        const wrapped = narrow.slice().fill(0, 12);
        const expected = new Uint8Array(length);
        expected.set(nodeCtr(key, narrow, message.subarray(0, 16 * left)));
        expected.set(nodeCtr(key, wrapped, message.subarray(16 * left)), 16 * left);
        expect(crypt(key, narrow, message, { counterBits: 32 })).toBeBytes(expected);
        expect(crypt(key, wide, message)).toBeBytes(nodeCtr(key, wide, message));
      }
    },
  );

  describe("counters", () => {
    const key = noise(16, 5);
    const data = noise(83, 6);
    const counters = [
      "00000000000000000000000000000000",
      "000102030405060708090a0bfffffffd",
      "000102030405060708090a0bffffffff",
      "0001020304050607fffffffffffffffe",
      "ffffffffffffffffffffffffffffffff",
    ];
    const blocks = [0, 1, 2, 3, 255, 256, 65_537, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 2, Number.MAX_SAFE_INTEGER];

    test.each([32, 128] as const)("of %i bits wrap, from any start", (counterBits) => {
      for (const text of counters) {
        const counter = fromHex(text);
        for (const block of blocks) {
          const expected = byBlocks(key, counter, data, counterBits, BigInt(block));
          expect(crypt(key, counter, data, { counterBits, block })).toBeBytes(expected);
        }
        expect(toHex(counter)).toBe(text);
      }
    });

    test("of 32 and of 128 bits differ only after the wrap", () => {
      const counter = fromHex("000102030405060708090a0bfffffffd");
      const narrow = crypt(key, counter, data, { counterBits: 32 });
      const wide = crypt(key, counter, data);
      expect(narrow.subarray(0, 48)).toBeBytes(wide.subarray(0, 48));
      expect(narrow.subarray(48, 64)).not.toEqual(wide.subarray(48, 64));
    });

    test("skip the given number of blocks", () => {
      const counter = noise(16, 7);
      const whole = crypt(key, counter, new Uint8Array(400));
      for (let block = 0; block < 25; block++) {
        expect(crypt(key, counter, new Uint8Array(16), { block })).toBeBytes(
          whole.subarray(16 * block, 16 * (block + 1)),
        );
      }
    });
  });

  test("writes in place, over a part of its input, and at every alignment", () => {
    const key = noise(32, 8);
    const counter = fromHex("000102030405060708090a0bfffffffe");
    const options: AesCtrOptions = { counterBits: 32 };
    const data = noise(100, 9);
    const expected = crypt(key, counter, data, options);
    for (const from of [0, 1, 4, 30]) {
      for (const at of [0, 1, 2, 3, 16, 29, 30, 31, 60]) {
        const buffer = new Uint8Array(200).fill(0xee);
        buffer.set(data, from);
        const rest = buffer.map((byte, i) => (i >= at && i < at + 100 ? 0 : byte));
        expect(by(engine, aesCtrInto)(key, counter, buffer.subarray(from, from + 100), buffer, at, options)).toBe(100);
        expect(buffer.subarray(at, at + 100)).toBeBytes(expected);
        expect(buffer.map((byte, i) => (i >= at && i < at + 100 ? 0 : byte))).toBeBytes(rest);
      }
    }
  });
});

test("refuses invalid keys, counters and options", () => {
  const [key, counter, data] = [noise(16), noise(16), noise(4)];
  const refused = (code: string, action: () => unknown) => expect(action).toThrow(expect.objectContaining({ code }));
  for (const length of [0, 15, 17, 24, 33]) {
    refused("length", () => aesCtr(noise(length), counter, data));
    refused("length", () => new AesCtrKey(noise(length)));
  }
  refused("length", () => aesCtr(key, noise(12), data));
  refused("argument", () => aesCtr(key, counter, data, { counterBits: 64 as 32 }));
  refused("argument", () => aesCtr(key, counter, data, { block: -1 }));
  refused("argument", () => aesCtr(key, counter, data, { block: 0.5 }));
  refused("argument", () => aesCtr(key, counter, "text" as unknown as Uint8Array));
  refused("space", () => aesCtrInto(key, counter, data, new Uint8Array(3)));
});
