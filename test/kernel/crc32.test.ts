/** CRC-32 and its arena. */
import { crc32 as zlibCrc32 } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { crc32, Crc32Arena } from "../../src/kernel/index.js";
import { allMessages, ascii, brokenGuards, by, describeEngines, noise } from "./engines.js";

describeEngines("crc32", (engine) => {
  const crc = by(engine, crc32);

  test("gives the check value of the catalogue", () => {
    // "123456789" → 0xCBF43926: CRC-32/ISO-HDLC in the CRC RevEng catalogue.
    expect(crc(ascii("123456789"))).toBe(0xcbf43926);
    expect(crc(new Uint8Array(0))).toBe(0);
  });

  test("equals zlib at every length and alignment", () => {
    for (const message of allMessages()) {
      if (crc(message) !== zlibCrc32(message)) expect.fail(`${message.length} bytes at ${message.byteOffset % 16}`);
      expect(brokenGuards()).toEqual([]);
    }
  });

  test("depends on every bit, at every kind of fold", () => {
    for (const length of [16, 17, 199, 200, 345, 10_999, 11_000, 14_100, 35_999, 36_000, 112_345]) {
      const message = noise(length);
      for (const at of new Set([0, 1, 3, 15, 16, length >> 1, length - 17, length - 16, length - 1])) {
        for (const bit of [1, 0x80]) {
          message[at]! ^= bit;
          expect(crc(message)).toBe(zlibCrc32(message));
          message[at]! ^= bit;
        }
      }
    }
  });

  test("stays within its memory where a fold ends at a block", () => {
    for (const length of [3008 + 16_384, 3008 + 4 * 16_384, 6016 + 65_536, 6016 + 2 * 65_536]) {
      for (const more of [-1, 0, 1, 63, 64]) {
        expect(crc(noise(length + more))).toBe(zlibCrc32(noise(length + more)));
        expect(brokenGuards()).toEqual([]);
      }
    }
  });

  test("continues the CRC of earlier bytes, cut anywhere", () => {
    const message = noise(180);
    const whole = zlibCrc32(message);
    for (let cut = 0; cut <= message.length; cut++) {
      expect(crc(message.subarray(cut), crc(message.subarray(0, cut)))).toBe(whole);
    }
  });

  test("continues the CRC of earlier bytes over many lengths", () => {
    for (const length of [16, 200, 250, 11_000, 36_000, 1_048_576, 1_048_600]) {
      const [first, second] = [noise(33), noise(length)];
      expect(crc(second, zlibCrc32(first))).toBe(zlibCrc32(second, zlibCrc32(first)));
    }
  });
});

/**
 * Folding replaces a byte by the same byte at other distances. The remainder stays equal if the polynomial divides
 * 1 + x^8a + x^8b + … for these distances, which assembly/crc32.ts names.
 */
describe("the distances of a fold", () => {
  const reversedPolynomial = 0xedb88320;
  /** x^(8 · bytes) modulo the polynomial, its bits reversed. */
  const power = (bytes: number) => {
    let remainder = 0x80000000;
    for (let bit = 0; bit < 8 * bytes; bit++) {
      remainder = remainder & 1 ? reversedPolynomial ^ (remainder >>> 1) : remainder >>> 1;
    }
    return remainder;
  };

  test.each([[[53, 57, 67, 108, 129, 137]], [[140, 791, 3006]], [[280, 1582, 6012]]])("%j", (distances) => {
    const farthest = Math.max(...distances);
    const exponents = [farthest, ...distances.map((distance) => farthest - distance)];
    expect(exponents.reduce((sum, exponent) => sum ^ power(exponent), 0)).toBe(0);
  });
});

describe("an arena", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test.each(["with", "without"])("covers the bytes written to it, %s WebAssembly", (means) => {
    if (means === "without") vi.stubGlobal("WebAssembly", undefined);
    const message = noise(1_300_000);
    const arena = new Crc32Arena(message.length);
    expect(arena.bytes.length).toBe(message.length);
    arena.bytes.set(message);
    for (const length of [0, 1, 15, 16, 199, 200, 345, 11_000, 35_999, 36_000, 1_048_577, message.length]) {
      expect(arena.crc32(length)).toBe(zlibCrc32(message.subarray(0, length)));
      expect(arena.crc32(length, 77)).toBe(zlibCrc32(message.subarray(0, length), 77));
    }
    expect(arena.crc32()).toBe(zlibCrc32(message));
    expect(arena.bytes).toBeBytes(message);
    expect(brokenGuards()).toEqual([]);
  });

  test("shares no memory with another arena, nor with crc32", () => {
    const [first, second] = [new Crc32Arena(300), new Crc32Arena(300)];
    first.bytes.set(noise(300, 1));
    second.bytes.set(noise(300, 2));
    crc32(noise(5000, 3));
    expect(first.crc32()).toBe(zlibCrc32(noise(300, 1)));
    expect(second.crc32()).toBe(zlibCrc32(noise(300, 2)));
  });

  test("refuses invalid sizes, lengths and CRCs", () => {
    for (const size of [-1, 0.5, 2 ** 28, Number.NaN]) {
      expect(() => new Crc32Arena(size)).toThrow(expect.objectContaining({ code: "argument" }));
    }
    const arena = new Crc32Arena(10);
    expect(() => arena.crc32(11)).toThrow(expect.objectContaining({ code: "argument" }));
    expect(() => arena.crc32(10, -1)).toThrow(expect.objectContaining({ code: "argument" }));
  });
});

test("refuses invalid messages and CRCs", () => {
  expect(() => crc32([1, 2] as unknown as Uint8Array)).toThrow(expect.objectContaining({ code: "argument" }));
  for (const initial of [-1, 2 ** 32, 0.5]) {
    expect(() => crc32(ascii("a"), initial)).toThrow(expect.objectContaining({ code: "argument" }));
  }
});
