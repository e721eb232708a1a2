/** A map whose entries come and go, against a Map. */
import { describe, expect, it } from "vitest";
import { IdMap } from "../../src/machine/id-map.js";
import { Random } from "../../src/testing/index.js";

describe("IdMap", () => {
  it("has what a Map has, numbers first and ascending, whatever is added and removed", () => {
    const random = new Random(7, "ids");
    for (const keyOf of [
      (n: number) => n,
      (n: number) => -n,
      (n: number) => n * 2 ** 32 + n,
      (n: number) => n * 128,
      (n: number) => n / 4,
      (n: number) => (n % 3 === 0 ? n : `key ${n}`),
    ]) {
      const map = new IdMap<number | string, number>();
      const model = new Map<number | string, number>();
      for (let step = 0; step < 2_000; step++) {
        const key = keyOf(random.between(0, step < 1_500 ? 300 : 20));
        if (random.chance(step % 500 < 250 ? 0.6 : 0.2)) {
          map.set(key, step);
          model.set(key, step);
        } else expect(map.delete(key)).toBe(model.delete(key));
        const other = keyOf(random.between(0, 300));
        expect([map.get(other), map.has(other), map.size]).toEqual([model.get(other), model.has(other), model.size]);
      }
      const numbers = [...model].filter((entry): entry is [number, number] => typeof entry[0] === "number");
      const others = [...model].filter(([key]) => typeof key !== "number");
      const entries = [...numbers.sort(([a], [b]) => a - b), ...others];
      expect(map.entries()).toEqual(entries);
      expect([map.keys(), map.values()]).toEqual([entries.map(([key]) => key), entries.map(([, value]) => value)]);
    }
  });

  it("keeps its table while ids that count up come and go", () => {
    const map = new IdMap<number, { readonly id: number }>();
    for (let id = 0; id < 20_000; id++) {
      map.set(id, { id });
      if (id >= 64 && !map.delete(id - 64)) throw new Error(`${id - 64} is not there`);
    }
    expect(map.size).toBe(64);
    expect(map.get(19_999)).toEqual({ id: 19_999 });
    expect(map.keys()).toEqual(Array.from({ length: 64 }, (_, i) => 19_936 + i));
  });
});
