/** Byte helpers: checks, comparison, copies, hex and CRC-32. */
import { describe, expect, it } from "vitest";
import * as bytes from "../../src/bytes/index.js";
import { crc32 as kernelCrc32 } from "../../src/kernel/index.js";
import { foreign, notBytes } from "../support/not-bytes.js";

const { concatBytes, crc32, equalBytes, equalRange, fromHex, isBytes, own, toHex, wipe } = bytes;
const argument = (path: string): object => expect.objectContaining({ name: "WireError", code: "argument", path });
const some = Uint8Array.of(1, 2, 3, 4);

describe("bytes", () => {
  it.each(notBytes(4))("are not %s", (_, value) => {
    expect(isBytes(value)).toBe(false);
    expect(() => toHex(value)).toThrow(argument("bytes"));
    expect(() => own(value)).toThrow(argument("bytes"));
    expect(() => wipe(value)).toThrow(argument("bytes"));
    expect(() => crc32(value)).toThrow(argument("bytes"));
    expect(() => crc32(value, 0, 0, 4)).toThrow(argument("bytes"));
    expect(() => kernelCrc32(value, 0, 0, 4)).toThrow(argument("bytes"));
    expect(() => concatBytes(some, value)).toThrow(argument("parts[1]"));
    expect(() => equalBytes(value, value)).toThrow(argument("a"));
    expect(() => equalBytes(some, value)).toThrow(argument("b"));
    expect(() => equalRange(value, 0, some, 0, 4)).toThrow(argument("a"));
    expect(() => equalRange(some, 0, value, 0, 4)).toThrow(argument("b"));
  });

  it.each([
    ["a Uint8Array", some],
    ["a Buffer", Buffer.from(some)],
    ["of another realm", foreign(some)],
    ["of a subclass", new (class extends Uint8Array {})(some)],
    ["that say otherwise", Object.defineProperty(some.slice(), Symbol.toStringTag, { value: "Text" })],
  ])("are %s", (_, value) => {
    expect(isBytes(value)).toBe(true);
    expect(toHex(value)).toBe("01020304");
    expect(own(value)).toEqual(value);
    expect(crc32(value)).toBe(0xb63cfbcd);
    expect(kernelCrc32(value)).toBe(0xb63cfbcd);
    expect(concatBytes(value, value)).toEqual(Uint8Array.of(1, 2, 3, 4, 1, 2, 3, 4));
    expect(equalBytes(value, some)).toBe(true);
    expect(equalRange(some, 1, value, 1, 3)).toBe(true);
  });

  it("are equal only within ranges that exist and have whole offsets", () => {
    expect(equalRange(some, 1, some, 2, 3)).toBe(false);
    expect(equalRange(some, -1, some, 0, 1)).toBe(false);
    expect(() => equalRange(some, 0.5, some, 0, 1)).toThrow(argument("aAt"));
    expect(() => equalRange(some, 0, some, NaN, 1)).toThrow(argument("bAt"));
    expect(() => equalRange(some, 0, Uint8Array.of(9), 0, NaN)).toThrow(argument("length"));
    expect(() => equalRange(some, 0, Uint8Array.of(9), 0, -1)).toThrow(argument("length"));
  });

  it("are read from text only", () => {
    expect(() => fromHex(Uint8Array.of(1) as never)).toThrow(argument(""));
    expect(() => fromHex(12 as never)).toThrow(argument(""));
  });
});

describe.each([
  ["bytes", crc32],
  ["kernel", kernelCrc32],
])("crc32 of %s", (_, crc) => {
  const whole = Uint8Array.from({ length: 300 }, (_each, i) => (i * 7) & 255);

  it("continues from the CRC of preceding bytes", () => {
    for (const cut of [0, 1, 12, 299, 300]) {
      const [head, tail] = [whole.subarray(0, cut), whole.subarray(cut)];
      expect(crc(tail, crc(head))).toBe(crc(whole));
      expect(crc(whole, crc(whole, 0, 0, cut), cut)).toBe(crc(whole));
      expect(crc(whole, 0, cut)).toBe(crc(tail));
      expect(crc(Buffer.from(whole), 0, 0, cut)).toBe(crc(head));
    }
  });

  it("refuses an invalid range or checksum", () => {
    for (const initial of [-1, 0.5, NaN, 2 ** 32, "1" as never])
      expect(() => crc(whole, initial)).toThrow(argument("initial"));
    const ranges = [
      [-1, 4],
      [5, 4],
      [0, 301],
      [0.5, 4],
      [0, NaN],
      ["0", 4],
      [301, 301],
    ] as [number, number][];
    for (const [at, end] of ranges)
      expect(() => crc(whole, 0, at, end)).toThrow(expect.objectContaining({ code: "argument" }));
  });
});
