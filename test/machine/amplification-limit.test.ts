import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitsWith } from "../../src/limits.js";
import { AmplificationLimit } from "../../src/machine/index.js";

describe("excess bytes", () => {
  const meterOf = (limits: object = {}) =>
    new AmplificationLimit(limitsWith({ amplificationBytesMax: 1_000, amplificationBytesPerSecond: 100, ...limits }));

  it("are free where an answer is no longer than its request", () => {
    const meter = meterOf({ amplificationBytesMax: 0 });
    for (let i = 0; i < 100; i++) expect(meter.allows("a:1", -i, 0)).toBe(true);
    expect(meter.size).toBe(0);
    expect(meter.allows("a:1", 1, 0)).toBe(false);
  });

  it("are bounded by source, whatever its port, and come back with time", () => {
    const meter = meterOf();
    expect(meter.allows("a:1", 600, 0)).toBe(true);
    expect(meter.allows("a:2", 401, 0)).toBe(false);
    expect(meter.allows("a:2", 400, 0)).toBe(true);
    expect(meter.allows("b:1", 1_000, 0)).toBe(true);
    expect(meter.allows("a:1", 1, 9)).toBe(false);
    expect(meter.allows("a:1", 1, 10)).toBe(true);
    expect(meter.allows("a:1", 1_000, 10_009)).toBe(false);
    expect(meter.allows("a:1", 1_000, 10_010)).toBe(true);
  });

  it("are forgotten as soon as they are made up for", () => {
    const meter = meterOf();
    meter.allows("a:1", 500, 0);
    meter.allows("b:1", 100, 1_000);
    expect(meter.nextMs).toBe(2_000);
    meter.expire(1_999);
    expect(meter.size).toBe(2);
    meter.expire(2_000);
    expect([meter.size, meter.nextMs]).toEqual([1, 5_000]);
    meter.expire(5_000);
    expect([meter.size, meter.nextMs]).toEqual([0, Infinity]);
  });

  it("of more sources than are known one by one are bounded all together", () => {
    const meter = meterOf({ amplificationPrefixesMax: 2 });
    for (const peer of ["a:1", "b:1"]) expect(meter.allows(peer, 1_000, 0)).toBe(true);
    expect(meter.allows("c:1", 700, 0)).toBe(true);
    expect(meter.allows("d:1", 700, 0)).toBe(false);
    expect(meter.allows("d:1", 300, 0)).toBe(true);
    expect(meter.size).toBe(2);
    expect(meter.allows("e:1", 1_000, 10_000)).toBe(true);
  });

  it("never exceed what was there and what has come back", () => {
    const charge = fc.record({ source: fc.integer({ min: 0, max: 5 }), bytes: fc.nat(900), pauseMs: fc.nat(2_000) });
    fc.assert(
      fc.property(
        fc.array(charge, { maxLength: 60 }),
        fc.integer({ min: 0, max: 4 }),
        (charges, amplificationPrefixesMax) => {
          const meter = meterOf({ amplificationPrefixesMax });
          const sent = new Map<number, number>();
          let nowMs = 0;
          for (const { source, bytes, pauseMs } of charges) {
            nowMs += pauseMs;
            if (meter.allows(`${source}:1`, bytes, nowMs)) sent.set(source, (sent.get(source) ?? 0) + bytes);
            expect(meter.size).toBeLessThanOrEqual(amplificationPrefixesMax);
          }
          // A source may have had an account of its own and a part of the shared one.
          for (const bytes of sent.values()) expect(bytes).toBeLessThanOrEqual(2 * (1_000 + nowMs / 10) + 1e-6);
          const all = [...sent.values()].reduce((sum, bytes) => sum + bytes, 0);
          expect(all).toBeLessThanOrEqual((1 + sent.size) * (1_000 + nowMs / 10) + 1e-6);
        },
      ),
    );
  });
});
