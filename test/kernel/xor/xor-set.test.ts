/** XorSet. */
import { expect, test } from "vitest";
import { concatBytes } from "../../../src/bytes/index.js";
import { ID_BYTES, XorSet } from "../../../src/kernel/index.js";
import { brokenGuards, by, describeEngines, noise } from "../engines.js";
import { idsOf, relatives, sharedBits, sortedByDistance } from "./ids.js";

describeEngines("xor-set", (engine) => {
  const make = by(engine, (capacity: number, ids: readonly Uint8Array[] = []) => {
    const set = new XorSet(capacity);
    set.assign(concatBytes(...ids));
    return set;
  });

  /** Checks the content of a set and its answers. */
  function check(set: XorSet, ids: readonly Uint8Array[], target: Uint8Array, k = 20) {
    expect(set.size).toBe(ids.length);
    expect([...set.closest(target, k)]).toEqual(sortedByDistance(ids, target).slice(0, k));
    expect([...set.prefixLengths(target)]).toEqual(ids.map((id) => sharedBits(id, target)));
    expect(Buffer.compare(set.ids, concatBytes(...ids))).toBe(0);
    expect(brokenGuards()).toEqual([]);
  }

  test("equals the definition for every size up to 40, filled to its capacity", () => {
    const target = noise(ID_BYTES, 1);
    for (let count = 0; count <= 40; count++)
      check(make(count, relatives(target, count)), relatives(target, count), target);
  });

  test("equals the definition for many ids, for any k", () => {
    const ids = [...idsOf(1500, 3), ...relatives(noise(ID_BYTES, 2), 400)];
    const set = make(2000, ids);
    for (const k of [0, 1, 19, 255, 256, 257, 1899, 1900, 5000]) check(set, ids, noise(ID_BYTES, 2), k);
    for (let run = 0; run < 20; run++) check(set, ids, noise(ID_BYTES, 100 + run));
  });

  test("stays within its memory if its capacity is not a multiple of a vector", () => {
    const target = noise(ID_BYTES, 1);
    for (const count of [1025, 1030, 1039])
      check(make(count, relatives(target, count)), relatives(target, count), target);
  });

  test("returns equal ids in their order", () => {
    const [a, b] = idsOf(2, 8) as [Uint8Array, Uint8Array];
    const ids = Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? a : b));
    check(make(50, ids), ids, a, 45);
  });

  test("follows additions, replacements and removals", () => {
    const target = noise(ID_BYTES, 5);
    const [pool, choices] = [relatives(target, 120), noise(1000, 6)];
    const set = make(60);
    const ids: Uint8Array[] = [];
    for (let i = 0; i < 400; i++) {
      const [id, choice] = [pool[i % 120]!, choices[i]! % 5];
      const index = choices[i + 400]! % Math.max(ids.length, 1);
      if (choice === 0 && ids.length > 0) {
        set.remove(index);
        const last = ids.pop()!;
        if (index < ids.length) ids[index] = last;
      } else if (choice === 1 && ids.length > 0) {
        set.replace(index, id);
        ids[index] = id;
      } else if (ids.length < 60) {
        expect(set.push(id)).toBe(ids.length);
        ids.push(id);
      }
      if (i % 7 === 0) check(set, ids, target);
    }
    check(set, ids, target, 60);
  });

  test("writes to the beginning of given arrays", () => {
    const ids = idsOf(30, 4);
    const set = make(30, ids);
    const [nearest, lengths] = [new Uint32Array(25).fill(7), new Uint8Array(35).fill(7)];
    expect(set.closest(ids[3]!, 20, nearest).buffer).toBe(nearest.buffer);
    expect([...nearest]).toEqual([...sortedByDistance(ids, ids[3]!).slice(0, 20), 7, 7, 7, 7, 7]);
    expect(set.prefixLengths(ids[3]!, lengths).buffer).toBe(lengths.buffer);
    expect([...lengths.subarray(30)]).toEqual([7, 7, 7, 7, 7]);
  });

  test("shares no memory with another set", () => {
    const [first, second] = [make(20, idsOf(20, 1)), make(20, idsOf(20, 2))];
    check(first, idsOf(20, 1), noise(ID_BYTES));
    check(second, idsOf(20, 2), noise(ID_BYTES));
    check(first, idsOf(20, 1), noise(ID_BYTES));
  });

  test("refuses invalid arguments and a full set", () => {
    const id = noise(ID_BYTES);
    const set = make(2, [id, id]);
    const refused = (code: string, action: () => unknown) => expect(action).toThrow(expect.objectContaining({ code }));
    refused("limit", () => set.push(id));
    refused("limit", () => set.assign(noise(60)));
    refused("divisible", () => set.assign(noise(21)));
    refused("length", () => set.replace(0, noise(19)));
    refused("length", () => set.closest(noise(19), 1));
    refused("length", () => set.prefixLengths(noise(21)));
    refused("argument", () => set.replace(2, id));
    refused("argument", () => set.remove(2));
    refused("argument", () => set.remove(-1));
    refused("argument", () => set.closest(id, -1));
    refused("argument", () => set.closest(id, 1, new Uint8Array(9) as unknown as Uint32Array));
    refused("space", () => set.closest(id, 2, new Uint32Array(1)));
    refused("space", () => set.prefixLengths(id, new Uint8Array(1)));
    check(set, [id, id], id);
  });
});

test("refuses invalid capacities", () => {
  for (const capacity of [-1, 0.5, 2 ** 24, Number.NaN]) {
    expect(() => new XorSet(capacity)).toThrow(expect.objectContaining({ code: "argument" }));
  }
});
