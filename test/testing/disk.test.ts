/** The disk of a simulation: delays, and what a crash leaves. */
import { describe, expect, it } from "vitest";
import { NO_FAULTS, Random, VirtualClock, VirtualDisk } from "../../src/testing/index.js";

/** A disk whose operations take 10 ms at most, and the times at which its stores ended. */
function slowDisk(run: number) {
  const clock = new VirtualClock();
  const disk = new VirtualDisk(clock, new Random(run, "disk"), { ...NO_FAULTS, diskDelayMsMax: 10 });
  const ended: { readonly name: string; readonly nowMs: number }[] = [];
  const store = (name: string, ...keys: string[]): void =>
    disk.store(
      keys.map((key) => ({ key, at: 0, bytes: new TextEncoder().encode(name) })),
      () => ended.push({ name, nowMs: clock.nowMs() }),
    );
  return { clock, disk, ended, store };
}

describe("stores that wait on a key", () => {
  it("share the next delay, so that a log has no backlog", () => {
    for (let run = 1; run <= 20; run++) {
      const { clock, ended, store } = slowDisk(run);
      for (let i = 0; i < 50; i++) store(`${i}`, "log");
      clock.runTo(20);
      expect(ended.map(({ name }) => name)).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
      expect(new Set(ended.slice(1).map(({ nowMs }) => nowMs)).size).toBe(1);
    }
  });

  it("take effect in their order, also if they wait on several", () => {
    for (let run = 1; run <= 200; run++) {
      const { clock, disk, ended, store } = slowDisk(run);
      const random = new Random(run, "keys");
      const last = new Map<string, string>();
      const orders = new Map<string, string[]>();
      for (let i = 0; i < 20; i++) {
        const keys = ["a", "b", "c"].filter(() => random.chance(0.4));
        store(`${i}`, ...keys);
        for (const key of keys) {
          last.set(key, `${i}`);
          orders.set(key, [...(orders.get(key) ?? []), `${i}`]);
        }
        if (random.chance(0.2)) clock.runTo(clock.nowMs() + random.below(15));
      }
      clock.runTo(clock.nowMs() + 1_000);
      const names = ended.map(({ name }) => name);
      expect(names, `run ${run}`).toHaveLength(20);
      for (const [key, order] of orders) {
        expect(names.filter((name) => order.includes(name))).toEqual(order);
        expect(new TextDecoder().decode(disk.read(key)).startsWith(last.get(key)!)).toBe(true);
      }
    }
  });
});
