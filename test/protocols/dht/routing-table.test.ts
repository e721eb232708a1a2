/** The routing table of the DHT. */
import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { compareXorDistance, ID_BYTES } from "../../../src/kernel/index.js";
import { RoutingTable, type RoutingTableOptions } from "../../../src/protocols/dht/index.js";
import { brokenInvariants } from "./table-invariants.js";

const SELF = new Uint8Array(ID_BYTES);

/** An id that shares `prefix` bits with {@link SELF}; `number` tells ids of one bucket apart. */
function idIn(prefix: number, number: number): Uint8Array {
  const id = new Uint8Array(ID_BYTES);
  id[ID_BYTES - 1] = number;
  id[prefix >> 3]! |= 0x80 >> (prefix & 7);
  return id;
}

/** An address of a group of its own. */
const addressOf = (number: number) => `20.${number >> 8}.${number & 255}.1:7100`;

/** A table whose bucket 0 is full of contacts 1 to k, seen at the times 1 to k. */
function fullBucket(options: Partial<RoutingTableOptions> = {}) {
  const table = new RoutingTable({ id: SELF, k: 3, alpha: 3, pingQuietMs: 100, ...options });
  for (let i = 1; i <= table.k; i++) table.insert(idIn(0, i), addressOf(i), i);
  return table;
}

const liveIn = (table: RoutingTable, bucket: number) => table.bucket(bucket).live.map(({ id }) => id[ID_BYTES - 1]);
const waitingIn = (table: RoutingTable, bucket: number) =>
  table.bucket(bucket).replacements.map(({ id }) => id[ID_BYTES - 1]);

describe("a table", () => {
  it.each([
    [{ id: Uint8Array.of(0, 1, 2) }, "bad node id: [0 1 2]"],
    [{ id: new Uint8Array(0) }, "bad node id: []"],
    [{ id: SELF, k: 0 }, "bad k value: 0"],
    [{ id: SELF, k: -1 }, "bad k value: -1"],
    [{ id: SELF, k: 3, alpha: 4 }, "bad a value: 4 (k=3)"],
    [{ id: SELF, alpha: 0 }, "bad a value: 0 (k=20)"],
    [{ id: SELF, k: 1.5 }, "bad k value: 1.5"],
  ] as const)("is not made of %o", (options, actual) => {
    expect(() => new RoutingTable(options)).toThrow(expect.objectContaining({ code: "argument", actual }));
  });

  test("keeps each contact in the bucket of its shared leading bits, and never itself", () => {
    const table = new RoutingTable({ id: SELF });
    for (const prefix of [0, 1, 7, 8, 80, 159]) {
      const id = new Uint8Array(ID_BYTES);
      id[prefix >> 3]! |= 0x80 >> (prefix & 7);
      expect(table.insert(id, addressOf(prefix), 0).added?.id).toEqual(id);
      expect(table.bucket(prefix).live).toHaveLength(1);
    }
    expect(table.insert(SELF, addressOf(1000), 0)).toEqual({ refused: "self" });
    expect(table.size).toBe(6);
  });

  test("finds the exact contact, else the nearest", () => {
    const table = fullBucket();
    expect(table.lookup(idIn(0, 2))?.id).toEqual(idIn(0, 2));
    expect(table.lookup(idIn(0, 9))?.id).toEqual(idIn(0, 1));
    expect(new RoutingTable({ id: SELF }).lookup(SELF)).toBeUndefined();
  });
});

describe("the order of a bucket", () => {
  test("is that of sight, the least recently seen first", () => {
    const table = fullBucket();
    expect(liveIn(table, 0)).toEqual([1, 2, 3]);
    table.insert(idIn(0, 1), addressOf(1), 10, 25);
    expect(liveIn(table, 0)).toEqual([2, 3, 1]);
    expect(table.find(idIn(0, 1))).toMatchObject({ lastSeenMs: 10, rttMs: 25 });
  });
});

describe("a newcomer to a full bucket", () => {
  test("waits, without a ping, while the least recently seen was seen of late", () => {
    const table = fullBucket();
    expect(table.insert(idIn(0, 4), addressOf(4), 50)).toEqual({});
    expect(waitingIn(table, 0)).toEqual([4]);
  });

  test("has the least recently seen pinged, one at a time; an answer keeps the place", () => {
    const table = fullBucket();
    expect(table.insert(idIn(0, 4), addressOf(4), 200).ping?.id).toEqual(idIn(0, 1));
    expect(table.insert(idIn(0, 5), addressOf(5), 201)).toEqual({});
    table.insert(idIn(0, 1), addressOf(1), 210);
    expect(liveIn(table, 0)).toEqual([2, 3, 1]);
    expect(waitingIn(table, 0)).toEqual([4, 5]);
    expect(table.insert(idIn(0, 6), addressOf(6), 220).ping?.id).toEqual(idIn(0, 2));
  });

  test("gets the place of the pinged one that is silent; the newest goes first", () => {
    const table = fullBucket();
    table.insert(idIn(0, 4), addressOf(4), 200);
    table.insert(idIn(0, 5), addressOf(5), 201);
    const change = table.timedOut(idIn(0, 1), 200);
    expect(change.removed?.id).toEqual(idIn(0, 1));
    expect(change.added?.id).toEqual(idIn(0, 5));
    expect(liveIn(table, 0)).toEqual([2, 3, 5]);
    expect(waitingIn(table, 0)).toEqual([4]);
  });

  test("gets nothing if the pinged one was heard meanwhile", () => {
    const table = fullBucket();
    table.insert(idIn(0, 4), addressOf(4), 200);
    table.insert(idIn(0, 1), addressOf(1), 205);
    expect(table.timedOut(idIn(0, 1), 200)).toEqual({});
    expect(liveIn(table, 0)).toEqual([2, 3, 1]);
  });

  test("pushes the oldest of more than k replacements out", () => {
    const table = fullBucket();
    for (let i = 4; i < 9; i++) table.insert(idIn(0, i), addressOf(i), 50);
    table.insert(idIn(0, 7), addressOf(7), 60);
    expect(waitingIn(table, 0)).toEqual([6, 8, 7]);
  });
});

describe("a contact that fails", () => {
  test("is not handed out after two failures, and comes back with an answer", () => {
    const table = fullBucket();
    table.heard(500);
    table.timedOut(idIn(0, 1), 400);
    expect(table.isSilent(idIn(0, 1))).toBe(false);
    expect(table.closest(SELF)).toHaveLength(3);
    table.timedOut(idIn(0, 1), 401);
    expect([table.isSilent(idIn(0, 1)), table.isSilent(idIn(0, 2))]).toEqual([true, false]);
    expect(table.closest(SELF).map(({ id }) => id[ID_BYTES - 1])).toEqual([2, 3]);
    expect(table.size).toBe(3);
    table.insert(idIn(0, 1), addressOf(1), 600);
    expect(table.closest(SELF)).toHaveLength(3);
  });

  test("is not at fault while nobody is heard", () => {
    const table = fullBucket();
    for (let i = 0; i < 9; i++) table.timedOut(idIn(0, 1), 400);
    expect(table.find(idIn(0, 1))?.failures).toBe(0);
  });

  test("gives its place up only to one that answers", () => {
    const table = fullBucket();
    table.insert(idIn(0, 4), addressOf(4), 50);
    table.heard(500);
    for (let i = 1; i < 5; i++) expect(table.timedOut(idIn(0, 2), 400)).toEqual({});
    expect(table.timedOut(idIn(0, 2), 400).ping?.id).toEqual(idIn(0, 4));
    expect(liveIn(table, 0)).toContain(2);
    expect(table.insert(idIn(0, 4), addressOf(4), 510).removed?.id).toEqual(idIn(0, 2));
    expect(liveIn(table, 0)).toEqual([1, 3, 4]);
    expect(waitingIn(table, 0)).toEqual([]);
  });

  test("leaves its place to the newest replacement when it is removed", () => {
    const table = fullBucket();
    table.insert(idIn(0, 4), addressOf(4), 50);
    expect(table.remove(idIn(0, 1))).toMatchObject({ removed: { id: idIn(0, 1) }, added: { id: idIn(0, 4) } });
    expect(table.remove(idIn(0, 3)).removed?.id).toEqual(idIn(0, 3));
    expect(table.remove(idIn(0, 9))).toEqual({});
    expect(liveIn(table, 0)).toEqual([2, 4]);
  });
});

describe("a known id at another address", () => {
  test("keeps its address while that answers", () => {
    const table = fullBucket();
    expect(table.insert(idIn(0, 1), addressOf(9), 200).ping?.address).toBe(addressOf(1));
    expect(table.insert(idIn(0, 1), addressOf(9), 201)).toEqual({});
    table.insert(idIn(0, 1), addressOf(1), 210);
    table.timedOut(idIn(0, 1), 220);
    expect(table.find(idIn(0, 1))?.address).toBe(addressOf(1));
  });

  test("takes it when the old one is silent", () => {
    const table = fullBucket();
    table.insert(idIn(0, 1), addressOf(9), 200);
    table.heard(205);
    table.timedOut(idIn(0, 1), 200);
    expect(table.find(idIn(0, 1))).toMatchObject({ address: addressOf(9), failures: 0 });
  });
});

describe("contacts of one group", () => {
  const inGroup = (number: number) => `20.1.1.${number}:7100`;

  test("are two a bucket and ten in the table", () => {
    const table = new RoutingTable({ id: SELF });
    expect(table.insert(idIn(0, 1), inGroup(1), 0).added).toBeDefined();
    expect(table.insert(idIn(0, 2), inGroup(2), 0).added).toBeDefined();
    expect(table.insert(idIn(0, 3), inGroup(3), 0)).toEqual({ refused: "group" });
    for (let i = 2; i < 12; i++) table.insert(idIn(i >> 1, i), inGroup(i), 0);
    expect(table.size).toBe(10);
    expect(table.insert(idIn(9, 1), inGroup(99), 0)).toEqual({ refused: "group" });
    table.remove(idIn(0, 1));
    expect(table.insert(idIn(9, 1), inGroup(99), 0).added).toBeDefined();
  });

  test("on this machine are not limited", () => {
    const table = new RoutingTable({ id: SELF });
    for (let i = 1; i < 15; i++) table.insert(idIn(0, i), `127.0.0.1:${7000 + i}`, 0);
    expect(table.size).toBe(14);
  });

  test("do not fill the replacements of a bucket", () => {
    const table = fullBucket({ k: 3 });
    table.insert(idIn(0, 4), addressOf(4), 50);
    for (let i = 5; i < 12; i++) table.insert(idIn(0, i), inGroup(i), 51);
    expect(waitingIn(table, 0)).toEqual([4, 10, 11]);
  });
});

describe("any history", () => {
  const limits = { perGroupPerBucketMax: 2, perGroupMax: 4 };
  const step = fc.record({
    action: fc.constantFrom("insert", "insert", "insert", "silent", "silent", "remove", "touch"),
    prefix: fc.constantFrom(0, 0, 1, 2, 159),
    number: fc.nat({ max: 9 }),
    place: fc.nat({ max: 11 }),
    waitMs: fc.nat({ max: 80 }),
  });

  it("keeps what a table promises, and orders all contacts by distance", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const table = new RoutingTable({ id: SELF, k: 3, pingQuietMs: 100, ...limits });
        let nowMs = 0;
        for (const { action, prefix, number, place, waitMs } of steps) {
          nowMs += waitMs;
          const id = idIn(prefix, number);
          if (action === "insert") table.insert(id, `20.1.${place % 3}.${place}:7100`, nowMs);
          else if (action === "silent") table.timedOut(id, nowMs - 60);
          else if (action === "remove") table.remove(id);
          else table.touch(id, nowMs);
          expect(brokenInvariants(table, limits)).toEqual([]);
        }
        const target = idIn(1, 5);
        const found = table.closest(target, 200).map(({ id }) => id);
        const sorted = found.toSorted((a, b) => compareXorDistance(target, a, b));
        expect(found.map(toHex)).toEqual(sorted.map(toHex));
      }),
    );
  });
});
