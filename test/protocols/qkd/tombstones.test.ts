/** Tombstones: what they are hashes of, how long they stand, and how many. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { tombstoneOf, Tombstones } from "../../../src/protocols/qkd/tombstones.js";
import type { QkdError } from "../../../src/protocols/qkd/errors.js";
import { Random } from "../../../src/testing/index.js";
import { issueOf } from "../../support/issue-of.js";

const hashOf = (id: string | number): Uint8Array => tombstoneOf("alice", "bob", String(id));

test("a tombstone is the hash of master, slave and key ID, zero bytes between", () => {
  const expected = createHash("sha256").update("ma\u00dfter\0slave\0id").digest("hex");
  expect(Buffer.from(tombstoneOf("ma\u00dfter", "slave", "id")).toString("hex")).toBe(expected);
  expect(tombstoneOf("ab", "c", "d")).not.toEqual(tombstoneOf("a", "bc", "d"));
});

describe("a set of tombstones", () => {
  test("refuses what it has, for 30 days", () => {
    const set = new Tombstones();
    const day = 86_400_000;
    expect(set.add(hashOf(1), 5)).toBe(true);
    expect(set.add(hashOf(1), 6)).toBe(false);
    expect(set.has(hashOf(1), 5 + 30 * day - 1)).toBe(true);
    expect(set.has(hashOf(2), 6)).toBe(false);
    expect(set.has(hashOf(1), 5 + 30 * day)).toBe(false);
    expect(set.size).toBe(0);
  });

  test("takes no more than its most, and evicts none early", () => {
    const set = new Tombstones({ max: 3, ageMs: 10 });
    for (const id of [1, 2, 3]) set.add(hashOf(id), id);
    expect(set.room(3)).toBe(0);
    expect((issueOf(() => set.add(hashOf(4), 4)) as QkdError).reason).toBe("TOMBSTONES_FULL");
    expect([1, 2, 3, 4].map((id) => set.has(hashOf(id), 4))).toEqual([true, true, true, false]);
    expect(set.add(hashOf(3), 4)).toBe(false);
    expect(set.room(11)).toBe(1);
    expect(set.add(hashOf(4), 11)).toBe(true);
  });

  test("does as a Map does, through growth and forgetting", () => {
    const random = new Random(7);
    const set = new Tombstones({ max: 700, ageMs: 500 });
    const model = new Map<number, number>();
    let nowMs = 0;
    let forgotten = 0;
    for (let step = 0; step < 8_000; step++) {
      // It is used more and less, so that the ring goes round and the table fills and empties.
      nowMs += step % 2_000 < 1_000 ? random.below(2) : random.below(20);
      for (const [id, addedMs] of model) {
        if (nowMs - addedMs < 500) break;
        model.delete(id);
        forgotten++;
      }
      const id = random.below(3_000);
      expect(set.has(hashOf(id), nowMs)).toBe(model.has(id));
      if (model.size < 700) {
        expect(set.add(hashOf(id), nowMs)).toBe(!model.has(id));
        if (!model.has(id)) model.set(id, nowMs);
      }
      if (step % 100 === 0) expect(set.size).toBe(model.size);
    }
    expect(forgotten).toBeGreaterThan(1_000);
    expect(model.size).toBeGreaterThan(0);
  });

  test.each([{ max: -1 }, { max: 1.5 }, { max: Number.NaN }, { ageMs: 0 }, { ageMs: Number.NaN }])(
    "%j is refused",
    (options) => {
      expect((issueOf(() => new Tombstones(options)) as QkdError).reason).toBe("INVALID_ARGUMENT");
    },
  );
});
