/** Iterative lookups: whom they ask, when they end, and what they find in a network with full tables. */
import { describe, expect, test } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { compareXorDistance, ID_BYTES } from "../../../src/kernel/index.js";
import { Lookup, RoutingTable, type LookupPeer, type LookupRules } from "../../../src/protocols/dht/index.js";
import { Random } from "../../../src/testing/index.js";

const TARGET = new Uint8Array(ID_BYTES);

/** A peer at a distance from {@link TARGET}, below 256. */
function peer(distance: number): LookupPeer {
  const id = new Uint8Array(ID_BYTES);
  id[ID_BYTES - 1] = distance;
  return { id, address: `20.0.${distance}.1:7100` };
}

const peers = (...distances: number[]) => distances.map(peer);
const distanceOf = ({ id }: LookupPeer) => id[ID_BYTES - 1]!;

/** A lookup, and how a test drives it by distances. */
function started(rules: Partial<LookupRules>, ...seeds: number[]) {
  const lookup = new Lookup(TARGET, { k: 3, alpha: 2, ...rules }, peers(...seeds));
  return {
    lookup,
    ask: () => {
      const asked: number[] = [];
      for (let next = lookup.next(); next !== undefined; next = lookup.next()) asked.push(distanceOf(next));
      return asked;
    },
    answer: (distance: number, ...named: number[]) => lookup.answered(peer(distance).id, peers(...named)),
    fail: (distance: number) => lookup.failed(peer(distance).id),
    found: () => lookup.result().map(distanceOf),
  };
}

describe("a lookup", () => {
  test("asks the nearest first, α at a time, and what it hears of", () => {
    const { ask, answer } = started({}, 10, 20, 30);
    expect(ask()).toEqual([10, 20]);
    answer(20, 5, 40);
    expect(ask()).toEqual([5]);
    answer(10);
    expect(ask()).toEqual([]);
  });

  test("ends when the k nearest that did not fail have answered", () => {
    const { lookup, ask, answer, fail, found } = started({}, 10, 20, 30, 40);
    ask();
    answer(10);
    fail(20);
    expect(ask()).toEqual([30, 40]);
    answer(30);
    expect(lookup.isOver).toBe(false);
    answer(40);
    expect(lookup.isOver).toBe(true);
    expect(found()).toEqual([10, 30, 40]);
    expect(lookup.asked).toBe(4);
  });

  test("ends when nobody is left", () => {
    const { lookup, ask, fail, found } = started({}, 10);
    expect(lookup.isOver).toBe(false);
    ask();
    expect(lookup.isOver).toBe(false);
    fail(10);
    expect(lookup.isOver).toBe(true);
    expect(found()).toEqual([]);
    expect(started({}).lookup.isOver).toBe(true);
  });

  test("gives the place of a late server to another, and takes its answer", () => {
    const { lookup, ask, answer } = started({}, 10, 20, 30);
    ask();
    lookup.late(peer(10).id);
    expect(ask()).toEqual([30]);
    answer(10, 1);
    answer(20);
    expect(ask()).toEqual([1]);
  });

  test("asks nobody twice, and ignores answers that nobody waits for", () => {
    const { lookup, ask, answer, found } = started({}, 10, 20);
    answer(10, 1);
    expect(ask()).toEqual([10, 20]);
    answer(10, 10, 20, 30);
    answer(10, 2);
    answer(99, 3);
    expect(ask()).toEqual([30]);
    expect(found()).toEqual([10]);
    expect(lookup.asked).toBe(3);
  });

  test("hears the first k that a server names", () => {
    const { ask, answer } = started({ alpha: 9, k: 3 }, 200);
    ask();
    answer(200, 9, 8, 7, 6, 5);
    expect(ask()).toEqual([7, 8, 9]);
  });

  test("forgets whoever is farther than three times k others, but nobody that is asked", () => {
    const { lookup, ask, answer, fail } = started({ alpha: 9, k: 2 }, 200, 201);
    expect(ask()).toEqual([200, 201]);
    for (const [from, ...named] of [
      [200, 100, 101],
      [100, 50, 51],
      [50, 20, 21],
      [20, 5, 6],
    ] as const) {
      answer(from, ...named);
      ask();
    }
    // 201 lies beyond the six nearest, and is waited for.
    answer(201, 7);
    for (const near of [5, 6]) fail(near);
    expect(ask()).toEqual([7]);
    for (const near of [7, 21, 51, 101]) fail(near);
    expect(ask()).toEqual([]);
    expect(lookup.isOver).toBe(true);
  });

  test("with a smaller end asks fewer, and returns all that answered", () => {
    const { lookup, ask, answer, found } = started({ nearest: 1 }, 10, 20, 30);
    expect(ask()).toEqual([10]);
    answer(10);
    expect(lookup.isOver).toBe(true);
    expect(found()).toEqual([10]);
  });
});

describe("paths", () => {
  test("start apart, ask each server once, and end together", () => {
    const { lookup, ask, answer, found } = started({ paths: 2, alpha: 1, k: 4, nearest: 2 }, 10, 20, 30, 40);
    expect(ask()).toEqual([10, 20]);
    answer(10, 1, 20, 2);
    answer(20, 1, 2, 3);
    expect(ask()).toEqual([1, 3]);
    answer(1);
    answer(3);
    expect(ask()).toEqual([2]);
    expect(lookup.isOver).toBe(false);
    answer(2);
    expect(lookup.isOver).toBe(true);
    expect(found()).toEqual([1, 2, 3, 10]);
  });
});

describe("a network of a thousand servers with full tables", () => {
  const random = new Random(1, "ids");
  const ids = Array.from({ length: 1000 }, () => random.bytes(ID_BYTES));
  const everybody = ids.map((id, i) => ({ id, address: `127.0.0.1:${i + 1}` }));
  const tables = new Map(everybody.map(({ id, address }) => [address, tableOf(id)]));

  function tableOf(id: Uint8Array): RoutingTable {
    const table = new RoutingTable({ id });
    for (const other of everybody) table.insert(other.id, other.address, 0);
    return table;
  }

  /** The mean of requests and the share of the true 20 nearest, over lookups in rounds. */
  function measure(isDead: (address: string) => boolean) {
    let [asked, right] = [0, 0];
    const lookups = 60;
    for (let i = 0; i < lookups; i++) {
      const target = random.bytes(ID_BYTES);
      const start = everybody[i]!;
      const lookup = new Lookup(target, { k: 20, alpha: 3 }, tables.get(start.address)!.closest(target));
      while (!lookup.isOver) {
        const round: LookupPeer[] = [];
        for (let next = lookup.next(); next !== undefined; next = lookup.next()) round.push(next);
        for (const { id, address } of round) {
          if (isDead(address)) lookup.failed(id);
          else lookup.answered(id, tables.get(address)!.closest(target));
        }
      }
      asked += lookup.asked;
      const alive = everybody.filter(({ address }) => !isDead(address));
      const nearest = alive.toSorted((a, b) => compareXorDistance(target, a.id, b.id)).slice(0, 20);
      const found = new Set(lookup.result().map(({ id }) => toHex(id)));
      right += nearest.filter(({ id }) => found.has(toHex(id))).length / nearest.length;
    }
    return { asked: asked / lookups, recall: right / lookups };
  }

  test("is searched with few more requests than the nearest are, and none of these is missed", () => {
    const { asked, recall } = measure(() => false);
    expect(recall).toBe(1);
    expect(asked).toBeLessThan(21.5 * 1.15);
  });

  test("is searched with a fifth of it dead, and whole once that was noticed", () => {
    const isDead = (address: string) => Number(address.split(":")[1]) % 5 === 0;
    const unnoticed = measure(isDead);
    expect(unnoticed.recall).toBeGreaterThan(0.9);
    expect(unnoticed.asked).toBeLessThan(26.3 * 1.15);
    for (const table of tables.values()) {
      table.heard(2);
      const { size } = table;
      for (const { id } of [...table.contacts()].filter(({ address }) => isDead(address))) {
        table.timedOut(id, 1);
        table.timedOut(id, 1);
      }
      expect(table.size).toBe(size);
    }
    const noticed = measure(isDead);
    expect(noticed.recall).toBeGreaterThan(0.99);
    expect(noticed.asked).toBeLessThan(21.5 * 1.15);
  });
});
