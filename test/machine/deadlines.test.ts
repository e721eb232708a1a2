/** The heap of deadlines, against a list. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeadlineHeap } from "../../src/machine/index.js";
import { issueOf } from "../support/issue-of.js";

describe("a heap of deadlines", () => {
  it("returns due keys in the order of their times, and of their setting at equal times", () => {
    const heap = new DeadlineHeap<string>();
    for (const [key, atMs] of [
      ["c", 30],
      ["a", 10],
      ["b", 10],
      ["d", Infinity],
    ] as const)
      heap.set(key, atMs);
    expect(heap.nextMs).toBe(10);
    expect([heap.popDue(9), heap.popDue(10), heap.popDue(10), heap.popDue(10)]).toEqual([
      undefined,
      "a",
      "b",
      undefined,
    ]);
    heap.set("c", 5);
    expect([heap.popDue(5), heap.nextMs, heap.size, heap.has("d")]).toEqual(["c", Infinity, 1, true]);
  });

  it("refuses what is no time: it would hide all that is due", () => {
    const heap = new DeadlineHeap<string>();
    heap.set("a", 10);
    for (const atMs of [NaN, undefined as unknown as number]) {
      expect(issueOf(() => heap.set("b", atMs))).toMatchObject({ code: "argument", path: "atMs" });
    }
    expect([heap.size, heap.popDue(10), heap.popDue(10)]).toEqual([1, "a", undefined]);
  });

  it("agrees with a sorted list", () => {
    const command = fc.record({
      key: fc.integer({ min: 0, max: 12 }),
      atMs: fc.integer({ min: 0, max: 50 }),
      action: fc.constantFrom("set", "delete", "pop"),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 200 }), (commands) => {
        const heap = new DeadlineHeap<number>();
        const list: { key: number; atMs: number; order: number }[] = [];
        const first = () => [...list].sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
        commands.forEach(({ key, atMs, action }, order) => {
          const index = list.findIndex((entry) => entry.key === key);
          if (action === "set") {
            heap.set(key, atMs);
            if (index >= 0) list.splice(index, 1);
            list.push({ key, atMs, order });
          } else if (action === "delete") {
            expect(heap.delete(key)).toBe(index >= 0);
            if (index >= 0) list.splice(index, 1);
          } else {
            const expected = first();
            const due = expected !== undefined && expected.atMs <= atMs ? expected.key : undefined;
            expect(heap.popDue(atMs)).toBe(due);
            if (due !== undefined) list.splice(list.indexOf(expected!), 1);
          }
          expect(heap.nextMs).toBe(first()?.atMs ?? Infinity);
          expect(heap.size).toBe(list.length);
        });
      }),
      { numRuns: 200 },
    );
  });
});
