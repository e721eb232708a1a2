/** The anti-amplification limit: charges, refill and bounded memory. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitsWith } from "../../src/limits.js";
import { AmplificationLimit } from "../../src/machine/index.js";

describe("excess bytes", () => {
  const limitOf = (limits: object = {}) =>
    new AmplificationLimit(limitsWith({ amplificationBytesMax: 1_000, amplificationBytesPerSecond: 100, ...limits }));

  it("are free if an answer is no longer than its request", () => {
    const limit = limitOf({ amplificationBytesMax: 0 });
    for (let i = 0; i < 100; i++) expect(limit.allows("a:1", -i, 0)).toBe(true);
    expect(limit.size).toBe(0);
    expect(limit.allows("a:1", 1, 0)).toBe(false);
  });

  it("are bounded for each address prefix, regardless of the port, and refill", () => {
    const limit = limitOf();
    expect(limit.allows("a:1", 600, 0)).toBe(true);
    expect(limit.allows("a:2", 401, 0)).toBe(false);
    expect(limit.allows("a:2", 400, 0)).toBe(true);
    expect(limit.allows("b:1", 1_000, 0)).toBe(true);
    expect(limit.allows("a:1", 1, 9)).toBe(false);
    expect(limit.allows("a:1", 1, 10)).toBe(true);
    expect(limit.allows("a:1", 1_000, 10_009)).toBe(false);
    expect(limit.allows("a:1", 1_000, 10_010)).toBe(true);
  });

  it("drop a bucket as soon as it is full", () => {
    const limit = limitOf();
    limit.allows("a:1", 500, 0);
    limit.allows("b:1", 100, 1_000);
    expect(limit.nextMs).toBe(2_000);
    limit.expire(1_999);
    expect(limit.size).toBe(2);
    limit.expire(2_000);
    expect([limit.size, limit.nextMs]).toEqual([1, 5_000]);
    limit.expire(5_000);
    expect([limit.size, limit.nextMs]).toEqual([0, Infinity]);
  });

  it("of prefixes beyond the maximum are bounded together", () => {
    const limit = limitOf({ amplificationPrefixesMax: 2 });
    for (const peer of ["a:1", "b:1"]) expect(limit.allows(peer, 1_000, 0)).toBe(true);
    expect(limit.allows("c:1", 700, 0)).toBe(true);
    expect(limit.allows("d:1", 700, 0)).toBe(false);
    expect(limit.allows("d:1", 300, 0)).toBe(true);
    expect(limit.size).toBe(2);
    expect(limit.allows("e:1", 1_000, 10_000)).toBe(true);
  });

  it("never exceed the initial bytes and the refilled ones", () => {
    const charge = fc.record({ source: fc.integer({ min: 0, max: 5 }), bytes: fc.nat(900), pauseMs: fc.nat(2_000) });
    fc.assert(
      fc.property(
        fc.array(charge, { maxLength: 60 }),
        fc.integer({ min: 0, max: 4 }),
        (charges, amplificationPrefixesMax) => {
          const limit = limitOf({ amplificationPrefixesMax });
          const sent = new Map<number, number>();
          let nowMs = 0;
          for (const { source, bytes, pauseMs } of charges) {
            nowMs += pauseMs;
            if (limit.allows(`${source}:1`, bytes, nowMs)) sent.set(source, (sent.get(source) ?? 0) + bytes);
            expect(limit.size).toBeLessThanOrEqual(amplificationPrefixesMax);
          }
          // A prefix may have used a bucket of its own and the shared one.
          for (const bytes of sent.values()) expect(bytes).toBeLessThanOrEqual(2 * (1_000 + nowMs / 10) + 1e-6);
          const all = [...sent.values()].reduce((sum, bytes) => sum + bytes, 0);
          expect(all).toBeLessThanOrEqual((1 + sent.size) * (1_000 + nowMs / 10) + 1e-6);
        },
      ),
    );
  });
});
