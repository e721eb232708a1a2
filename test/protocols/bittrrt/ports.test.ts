/** Port ranges, the pool of ports, and spans. */
import { describe, expect, it } from "vitest";
import { parsePortRanges, PortPool, SequenceSpanSet } from "../../../src/protocols/bittrrt/index.js";
import { fromHex, toHex } from "../../../src/bytes/index.js";

describe("port ranges", () => {
  it("are read in order", () => {
    expect(parsePortRanges("8000-8001, 9000,9002 - 9003")).toEqual([
      { begin: 8000, end: 8001 },
      { begin: 9000, end: 9000 },
      { begin: 9002, end: 9003 },
    ]);
    expect(parsePortRanges("")).toEqual([]);
  });

  it.each(["5-", "-5", "1;2", "x", "1-2-3", "0-5", "9-5", "65535-65536", "1-5,5-9", "7,7", "1.5", "٣"])(
    "%j are refused",
    (text) => {
      expect(() => parsePortRanges(text)).toThrow(expect.objectContaining({ code: "argument", path: "portRanges" }));
    },
  );
});

describe("a pool of ports", () => {
  it("gives three ports at once or none", () => {
    const pool = new PortPool(parsePortRanges("30,10-11,20-21"));
    expect(pool.reserve()).toEqual({ ctrl: 10, up: 11, down: 20 });
    expect(pool.reserve()).toBeUndefined();
    expect(pool.freeCount).toBe(2);
    expect([pool.take(), pool.take(), pool.take()]).toEqual([21, 30, undefined]);
  });

  it("accepts each of its ports back once, and no others", () => {
    const pool = new PortPool(parsePortRanges("10-12"));
    pool.reserve();
    expect([11, 11, 13, 9, 12, 10].map((port) => pool.release(port))).toEqual([true, false, false, false, true, true]);
    expect(pool.free).toEqual([{ begin: 10, end: 12 }]);
  });
});

describe("spans", () => {
  it("are encoded sorted by begin, and decoded", () => {
    const hex = "00000002 0000000000000001 0000000000000002 0000000000000009 ffffffffffffffff";
    const spans = [
      { begin: 9n, end: 2n ** 64n - 1n },
      { begin: 1n, end: 2n },
    ];
    expect(toHex(new SequenceSpanSet(spans).encode())).toBe(hex.replaceAll(" ", ""));
    expect(SequenceSpanSet.decode(fromHex(hex)).spans).toEqual(spans.toReversed());
  });

  it("are refused where their count is wrong", () => {
    for (const hex of ["00000001", "0000000000", "00".repeat(20), "ffffffff"]) {
      expect(() => SequenceSpanSet.decode(fromHex(hex))).toThrow(expect.objectContaining({ name: "WireError" }));
    }
  });

  it("join adjacent numbers, and know what they hold", () => {
    const set = new SequenceSpanSet([{ begin: 1n, end: 2n }]);
    expect([set.add(4n), set.add(3n), set.add(2n)]).toEqual([true, true, false]);
    expect(set.spans).toEqual([{ begin: 1n, end: 4n }]);
    expect([set.has(4n), set.has(5n), set.size]).toEqual([true, false, 4n]);
  });
});
