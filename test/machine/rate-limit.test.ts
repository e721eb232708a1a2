/** Token buckets: their bound over time, and what is kept of many keys. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyedTokenBuckets, TokenBucket } from "../../src/machine/index.js";

/** The default of `keysMax`. */
const KEYS_MAX = 4_096;

describe("a token bucket", () => {
  it("starts full, refills at `perSecond` and holds at most `perSecond` tokens", () => {
    const bucket = new TokenBucket(2);
    expect([bucket.take(5), bucket.take(5), bucket.take(5)]).toEqual([true, true, false]);
    expect(bucket.take(504)).toBe(false);
    expect(bucket.take(505)).toBe(true);
    expect(bucket.fullAtMs).toBe(1_505);
    expect([bucket.take(60_000), bucket.take(60_000), bucket.take(60_000)]).toEqual([true, true, false]);
  });

  it("starts full on a clock that begins below 0", () => {
    expect(new TokenBucket(1).take(-5_000)).toBe(true);
  });

  it("keeps its tokens when it refuses", () => {
    const bucket = new TokenBucket(10, 100);
    expect(bucket.take(0, 101)).toBe(false);
    expect(bucket.take(0, 100)).toBe(true);
    for (let nowMs = 0; nowMs < 1_000; nowMs += 7) expect(bucket.take(nowMs, 10)).toBe(false);
    expect(bucket.take(1_000, 10)).toBe(true);
  });

  it("never gives more than it held and refilled", () => {
    const take = fc.record({ tokens: fc.nat(30), pauseMs: fc.nat(2_000) });
    fc.assert(
      fc.property(fc.array(take, { maxLength: 60 }), (takes) => {
        const bucket = new TokenBucket(10, 25);
        let [nowMs, taken] = [0, 0];
        for (const { tokens, pauseMs } of takes) {
          nowMs += pauseMs;
          if (bucket.take(nowMs, tokens)) taken += tokens;
          expect(taken).toBeLessThanOrEqual(25 + nowMs / 100 + 1e-6);
        }
      }),
    );
  });
});

describe("token buckets by key", () => {
  it("limit each key alone", () => {
    const buckets = new KeyedTokenBuckets({ perSecond: 1 });
    expect([buckets.take("a", 0), buckets.take("a", 0), buckets.take("b", 0)]).toEqual([true, false, true]);
  });

  it("are dropped when they are full, and are bounded in number", () => {
    const buckets = new KeyedTokenBuckets({ perSecond: 2 });
    for (let i = 0; i < 10_000; i++) buckets.take(`host${i}`, 0);
    expect(buckets.size).toBe(KEYS_MAX);
    buckets.take("host", 500);
    expect(buckets.size).toBe(1);
  });

  it("evict the key whose last use is the oldest, also when that use was refused", () => {
    const buckets = new KeyedTokenBuckets({ perSecond: 1, keysMax: 2 });
    for (const key of ["a", "b"]) expect(buckets.take(key, 0)).toBe(true);
    expect(buckets.take("a", 1)).toBe(false);
    expect(buckets.take("c", 2)).toBe(true);
    expect([buckets.take("a", 3), buckets.take("b", 3)]).toEqual([false, true]);
    expect(buckets.size).toBe(2);
  });

  it('share one bucket beyond `keysMax` with overflow "share"', () => {
    const buckets = new KeyedTokenBuckets({ perSecond: 1, keysMax: 1, overflow: "share" });
    expect(["a", "b", "c"].map((key) => buckets.take(key, 0))).toEqual([true, true, false]);
    expect(buckets.size).toBe(1);
  });

  it("do not keep a bucket for a key that takes more than a bucket holds", () => {
    const buckets = new KeyedTokenBuckets({ perSecond: 1 });
    expect(buckets.take("a", 0, 2)).toBe(false);
    expect(buckets.size).toBe(0);
  });
});
