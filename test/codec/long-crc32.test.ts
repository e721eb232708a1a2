/** CRC-32 of short and long spans: by tables, and by Node.js where it is there. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { crc32 } from "../../src/bytes/index.js";
import { longCrc32 } from "../../src/codec/index.js";
import { isWireError } from "../../src/errors.js";

const BYTES = Uint8Array.from({ length: 3000 }, (_, i) => (i * 31) ^ (i >> 5));
/** Around the length from which Node.js is asked. */
const LENGTHS = [0, 1, 8, 255, 511, 512, 513, 1024, 2990];

/** The function in a module of its own, which has not asked for Node.js yet. */
async function anew(): Promise<typeof longCrc32> {
  vi.resetModules();
  return (await import("../../src/codec/long-crc32.js")).longCrc32;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe("the CRC-32 of a span", () => {
  it("is that of tables at any length, place and initial value", () => {
    for (const length of LENGTHS)
      for (const at of [0, 7])
        for (const initial of [0, 0x12345678, 0xffffffff])
          expect(longCrc32(BYTES, initial, at, at + length)).toBe(crc32(BYTES, initial, at, at + length));
    expect(longCrc32(BYTES)).toBe(crc32(BYTES));
  });

  it("is the same where there is no Node.js", async () => {
    vi.stubGlobal("process", undefined);
    const apart = await anew();
    for (const length of LENGTHS) expect(apart(BYTES, 5, 3, 3 + length)).toBe(crc32(BYTES, 5, 3, 3 + length));
  });

  it("asks Node.js for long spans alone, and once", async () => {
    const asked = vi.spyOn(process, "getBuiltinModule");
    const apart = await anew();
    apart(BYTES, 0, 0, 511);
    expect(asked).not.toHaveBeenCalled();
    apart(BYTES, 0, 0, 512);
    apart(BYTES, 0, 0, 3000);
    expect(asked.mock.calls).toEqual([["zlib"]]);
  });

  it("refuses what is no span", () => {
    const wrong = [
      () => longCrc32(BYTES, 0, 0, 3001),
      () => longCrc32(BYTES, 0, 600, 0),
      () => longCrc32(BYTES, -1, 0, 600),
      () => longCrc32("x".repeat(600) as unknown as Uint8Array, 0, 0, 600),
    ];
    for (const call of wrong) {
      let thrown: unknown;
      try {
        call();
      } catch (error) {
        thrown = error;
      }
      expect(isWireError(thrown) && thrown.code).toBe("argument");
    }
  });
});
