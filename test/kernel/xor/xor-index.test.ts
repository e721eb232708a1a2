/** XorIndex. */
import { expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { ID_BYTES, XorIndex } from "../../../src/kernel/index.js";
import { brokenGuards, by, describeEngines, noise } from "../engines.js";
import { idsOf, relatives, sortedByDistance } from "./ids.js";

describeEngines("xor-index", (engine) => {
  const make = by(engine, (capacity: number) => new XorIndex(capacity));

  /** An index of these ids, and the ids by slot. */
  function filled(capacity: number, ids: readonly Uint8Array[]) {
    const index = make(capacity);
    const bySlot = new Map<number, Uint8Array>();
    for (const id of ids) bySlot.set(index.insert(id), id);
    return { index, bySlot };
  }

  function check(index: XorIndex, bySlot: ReadonlyMap<number, Uint8Array>, target: Uint8Array, k = 20) {
    const ids = [...bySlot.values()];
    const expected = sortedByDistance(ids, target).slice(0, k);
    const found = Array.from(index.closest(target, k), (slot) => bySlot.get(slot)!);
    expect(found.map(toHex)).toEqual(expected.map((i) => toHex(ids[i]!)));
    expect(index.size).toBe(bySlot.size);
    expect(brokenGuards()).toEqual([]);
  }

  test("equals the definition for every size up to 60, filled to its capacity", () => {
    const target = noise(ID_BYTES, 1);
    for (let count = 0; count <= 60; count++) {
      const { index, bySlot } = filled(count, relatives(target, count));
      expect(bySlot.size).toBe(count);
      for (const aim of [target, noise(ID_BYTES, count), new Uint8Array(20), new Uint8Array(20).fill(255)]) {
        check(index, bySlot, aim);
      }
    }
  });

  test("equals the definition for many ids, for any k", () => {
    const { index, bySlot } = filled(2000, [...idsOf(1500, 3), ...relatives(noise(ID_BYTES, 2), 161)]);
    for (const k of [0, 1, 2, 12, 13, 255, 1660, 1661, 5000]) check(index, bySlot, noise(ID_BYTES, 2), k);
    for (let run = 0; run < 40; run++) check(index, bySlot, noise(ID_BYTES, 100 + run));
    for (const id of idsOf(40, 3)) check(index, bySlot, id);
  });

  test("tells ids apart by any bit, even if many share their first eight bytes", () => {
    const base = noise(ID_BYTES, 11);
    const ids = Array.from({ length: 300 }, (_, i) => {
      const id = base.slice();
      id.set(noise(12, i), 8);
      if (i % 2 === 0) id.set(base.subarray(8, 17), 8);
      return id;
    });
    const { index, bySlot } = filled(300, ids);
    expect(bySlot.size).toBe(300);
    for (const target of [base, ids[0]!, ids[1]!, noise(ID_BYTES, 12)]) {
      check(index, bySlot, target);
      check(index, bySlot, target, 300);
    }
    for (const [slot, id] of bySlot) expect(index.find(id)).toBe(slot);
  });

  test("follows insertions and removals; slots stay the same, and are reused", () => {
    const target = noise(ID_BYTES, 5);
    const [pool, choices] = [[...relatives(target, 161), ...idsOf(100, 9)], noise(3000, 6)];
    const index = make(120);
    const bySlot = new Map<number, Uint8Array>();
    const slotOf = (id: Uint8Array) => [...bySlot.keys()].find((slot) => bySlot.get(slot) === id);
    for (let i = 0; i < 1500; i++) {
      const id = pool[(choices[(2 * i) % 3000]! * 256 + choices[(2 * i + 1) % 3000]!) % pool.length]!;
      const slot = slotOf(id);
      expect(index.find(id)).toBe(slot);
      if (slot !== undefined) {
        expect(index.insert(id)).toBe(slot);
        expect(index.remove(id)).toBe(slot);
        bySlot.delete(slot);
        expect(index.remove(id)).toBeUndefined();
      } else if (bySlot.size < 120) {
        const given = index.insert(id);
        expect(given).toBeLessThan(120);
        expect(bySlot.has(given)).toBe(false);
        bySlot.set(given, id);
      }
      if (i % 29 === 0) check(index, bySlot, i % 2 === 0 ? target : id);
    }
    check(index, bySlot, target, 120);
  });

  test("writes to the beginning of a given array", () => {
    const { index } = filled(30, idsOf(30, 4));
    const nearest = new Uint32Array(25).fill(77);
    expect(index.closest(noise(ID_BYTES), 20, nearest).buffer).toBe(nearest.buffer);
    expect([...nearest.subarray(0, 20)]).toEqual([...index.closest(noise(ID_BYTES), 20)]);
    expect([...nearest.subarray(20)]).toEqual([77, 77, 77, 77, 77]);
  });

  test("shares no memory with another index", () => {
    const [first, second] = [filled(20, idsOf(20, 1)), filled(20, idsOf(20, 2))];
    check(first.index, first.bySlot, noise(ID_BYTES));
    check(second.index, second.bySlot, noise(ID_BYTES));
    check(first.index, first.bySlot, noise(ID_BYTES));
  });

  test("refuses invalid arguments and a full index", () => {
    const [first, second, third] = idsOf(3, 7) as [Uint8Array, Uint8Array, Uint8Array];
    const { index, bySlot } = filled(2, [first, second]);
    const refused = (code: string, action: () => unknown) => expect(action).toThrow(expect.objectContaining({ code }));
    refused("limit", () => index.insert(third));
    refused("length", () => index.insert(noise(19)));
    refused("length", () => index.remove(noise(21)));
    refused("length", () => index.find(noise(0)));
    refused("length", () => index.closest(noise(19), 1));
    refused("argument", () => index.closest(first, 0.5));
    refused("argument", () => index.closest(first, 1, [0] as unknown as Uint32Array));
    refused("space", () => index.closest(first, 2, new Uint32Array(1)));
    check(index, bySlot, third);
  });
});

test("refuses invalid capacities", () => {
  for (const capacity of [-1, 0.5, 2 ** 24, Number.NaN]) {
    expect(() => new XorIndex(capacity)).toThrow(expect.objectContaining({ code: "argument" }));
  }
});
