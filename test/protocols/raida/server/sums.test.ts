import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { decodeMixedReply } from "../../../../src/protocols/raida/index.js";
import { Lockers } from "../../../../src/protocols/raida/server/lockers.js";
import { anOf, Bench, bodyOf, changed, nameOf, request, xorOf } from "../harness.js";
import { seal, unseal, type Seal, type Unsealed } from "../sealed.js";
import { askSealed, coin, LOCKER_KEY, name, PAN, sealedNode, SEALS, WRONG } from "../sealed-server.js";

const AD = Uint8Array.from({ length: 16 }, (_, i) => 0x11 * i);
const ZERO = new Uint8Array(16);
const KEY_2 = concatBytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), new Uint8Array(4).fill(0xff));

const status = (bench: Bench, group: number, command: number, ...payload: Uint8Array[]): number =>
  bench.ask(request(group, command, bodyOf(...payload))).header.status;
const detectSum = (bench: Bench, ...payload: Uint8Array[]): number => status(bench, 1, 11, ...payload);
const pownSum = (bench: Bench, ...payload: Uint8Array[]): number => status(bench, 1, 21, ...payload);
const storeSum = (bench: Bench, ...payload: Uint8Array[]): number => status(bench, 8, 82, ...payload);

/** A look into the locker of a key. */
function peek(bench: Bench, key: Uint8Array): Unsealed {
  const how: Seal = { type: 2, secrets: [key], coins: [] };
  const sealed = seal(how, 8, 83, key);
  return unseal(how, sealed, bench.ask(sealed).bytes);
}

const FIVE_AND_SIX = xorOf(anOf(1, 5), anOf(1, 6));

describe.each([
  ["detect_sum", 1, 11, 34],
  ["pown_sum", 1, 21, 50],
  ["store_sum", 8, 82, 50],
] as const)("%s", (_, group, command, around) => {
  it("wants one coin at least, and whole ones", () => {
    const bench = sealedNode();
    const ofLength = (length: number): number => status(bench, group, command, new Uint8Array(length - 18));
    expect(ofLength(around + 4)).toBe(16);
    expect(ofLength(18)).toBe(16);
    expect(ofLength(around + 6)).toBe(39);
    expect(ofLength(around + 9)).toBe(39);
  });

  it("refuses a coin on a page that the server does not have, and changes none of the others", () => {
    const bench = sealedNode();
    const tail = new Uint8Array(around - 34).fill(0xff);
    for (const unknown of [nameOf(1, 900_000), nameOf(1, 2_000_000), nameOf(7, 5), nameOf(-9, 5)]) {
      expect(status(bench, group, command, name(5), unknown, anOf(1, 5), tail)).toBe(40);
    }
    expect(bench.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
  });

  it("fails as a whole where the sum is not right", () => {
    const bench = sealedNode();
    const tail = new Uint8Array(around - 34).fill(0xff);
    for (const sum of [ZERO, anOf(1, 5), xorOf(FIVE_AND_SIX, Uint8Array.of(1, ...ZERO.subarray(1)))]) {
      expect(status(bench, group, command, name(5), name(6), sum, tail)).toBe(242);
    }
    expect([bench.kept(1, 5).an, bench.kept(1, 6).an]).toEqual([anOf(1, 5), anOf(1, 6)]);
  });

  it("takes no sum in which numbers cancel out: it would say nothing of their coins", () => {
    const tail = new Uint8Array(around - 34).fill(0xff);
    const inLocker = (): Bench => {
      const bench = sealedNode();
      bench.put(1, 8, LOCKER_KEY);
      return bench;
    };
    for (const [coins, sum] of [
      [[5, 5], ZERO],
      [[5, 5, 6], anOf(1, 6)],
      [[5, 6, 5, 6], ZERO],
      // Two coins of one locker.
      [[7, 8], ZERO],
      [[7, 8, 5], anOf(1, 5)],
    ] as const) {
      const bench = inLocker();
      expect(status(bench, group, command, ...coins.map(name), sum, tail)).toBe(242);
      expect([5, 6, 7, 8].map((serial) => bench.kept(1, serial).mfs)).toEqual([0, 0, 0, 0]);
      expect([bench.kept(1, 5).an, bench.kept(1, 7).an]).toEqual([anOf(1, 5), LOCKER_KEY]);
    }
    const reference = new Bench({ profile: "reference" });
    reference.put(1, 5);
    expect(status(reference, group, command, name(5), name(5), ZERO, tail)).toBe(241);
  });

  it("takes a coin that is named an odd number of times for one", () => {
    const tail = new Uint8Array(around - 34).fill(0xff);
    for (const [coins, sum] of [
      [[5, 5, 5], anOf(1, 5)],
      [[5, 6, 5, 5], FIVE_AND_SIX],
      [[6, 5, 5, 6, 5, 6, 5, 5], FIVE_AND_SIX],
    ] as const) {
      const bench = sealedNode();
      expect(status(bench, group, command, ...coins.map(name), sum, tail)).toBe(241);
      const changedBy: Readonly<Record<number, number>> = { 11: 0, 21: 45, 82: 45 };
      expect(bench.kept(1, 5).mfs).toBe(changedBy[command]);
    }
  });
});

describe("detect_sum", () => {
  it("passes on the XOR of all numbers, of several denominations", () => {
    const bench = sealedNode();
    expect(detectSum(bench, name(5), name(6), FIVE_AND_SIX)).toBe(241);
    expect(detectSum(bench, name(5), nameOf(-3, 2_000), xorOf(anOf(1, 5), anOf(-3, 2_000)))).toBe(241);
    expect(bench.kept(1, 5).mfs).toBe(0);
  });
});

describe("pown_sum", () => {
  it("changes every number by the difference, and its month", () => {
    const bench = sealedNode();
    expect(pownSum(bench, name(5), name(6), FIVE_AND_SIX, AD)).toBe(241);
    for (const serial of [5, 6]) expect(bench.kept(1, serial)).toEqual({ an: xorOf(anOf(1, serial), AD), mfs: 45 });
  });

  it("stores all changes at once, on however many pages they are", () => {
    const bench = sealedNode();
    const sum = xorOf(anOf(1, 5), anOf(1, 6), anOf(-3, 2_000));
    expect(pownSum(bench, name(5), nameOf(-3, 2_000), name(6), sum, AD)).toBe(241);
    expect(bench.stores).toEqual([3]);
  });

  it("leaves all as it was when the disk refuses", () => {
    const bench = sealedNode();
    expect(detectSum(bench, name(5), name(6), FIVE_AND_SIX)).toBe(241);
    bench.diskFails = true;
    expect(pownSum(bench, name(5), name(6), FIVE_AND_SIX, AD)).toBe(194);
    bench.diskFails = false;
    expect(detectSum(bench, name(5), name(6), FIVE_AND_SIX)).toBe(241);
  });

  it("changes a coin of reference as often as it is named", () => {
    const bench = new Bench({ profile: "reference" });
    bench.put(1, 5);
    expect(pownSum(bench, name(5), name(5), name(5), anOf(1, 5), AD)).toBe(241);
    expect(bench.kept(1, 5)).toEqual({ an: xorOf(anOf(1, 5), AD), mfs: 45 });
  });
});

describe("a coin that a request names twice", () => {
  it("is looked at twice by detect", () => {
    const reply = sealedNode().ask(request(1, 10, bodyOf(coin(5), coin(5, WRONG), coin(5))));
    expect(decodeMixedReply(reply.body, 3).passed).toEqual([true, false, true]);
  });

  it("is powned by the first, and by a later one that knows what the first has made of it", () => {
    const bench = sealedNode();
    const body = bodyOf(coin(5), PAN, coin(5), WRONG, coin(5, PAN), AD);
    expect(decodeMixedReply(bench.ask(request(1, 20, body)).body, 3).passed).toEqual([true, false, true]);
    expect(bench.kept(1, 5).an).toEqual(AD);
  });
});

describe("store_sum", () => {
  it("gives all coins the key, their month, and a locker that its key opens", () => {
    const bench = sealedNode();
    expect(storeSum(bench, name(5), name(6), FIVE_AND_SIX, KEY_2)).toBe(241);
    for (const serial of [5, 6]) expect(bench.kept(1, serial)).toEqual({ an: KEY_2, mfs: 45 });
    expect(peek(bench, KEY_2)).toMatchObject({ status: 241, payload: concatBytes(name(5), name(6)) });
  });

  it("wants a key that ends in four FF, once the sum is right", () => {
    for (const at of [12, 13, 14, 15]) {
      const bench = sealedNode();
      const other = changed(KEY_2, { [at]: 0xfe });
      expect(storeSum(bench, name(5), anOf(1, 5), other)).toBe(199);
      expect(storeSum(bench, name(5), WRONG, other)).toBe(242);
      expect(storeSum(bench, nameOf(1, 900_000), WRONG, other)).toBe(40);
      expect(bench.kept(1, 5).an).toEqual(anOf(1, 5));
    }
  });

  it("knows no locker before the disk has it", () => {
    const bench = sealedNode();
    expect(detectSum(bench, name(5), anOf(1, 5))).toBe(241);
    bench.diskFails = true;
    expect(storeSum(bench, name(5), anOf(1, 5), KEY_2)).toBe(194);
    bench.diskFails = false;
    const how: Seal = { type: 2, secrets: [KEY_2], coins: [] };
    expect(bench.ask(seal(how, 8, 83, new Uint8Array(0))).header.status).toBe(34);
  });

  it("adds to a locker that is there", () => {
    const bench = sealedNode();
    expect(storeSum(bench, name(5), anOf(1, 5), KEY_2)).toBe(241);
    expect(storeSum(bench, name(6), anOf(1, 6), KEY_2)).toBe(241);
    expect(peek(bench, KEY_2).payload).toEqual(concatBytes(name(5), name(6)));
    // Once more, by the key that it has.
    expect(storeSum(bench, name(5), KEY_2, KEY_2)).toBe(241);
    expect(peek(bench, KEY_2).payload).toEqual(concatBytes(name(5), name(6)));
  });
});

describe("lockers", () => {
  it("are forgotten, the oldest first, when they hold too many coins in all", () => {
    const lockers = new Lockers({ coinsMax: 24 });
    const keyOf = (i: number): Uint8Array => changed(KEY_2, { 0: i });
    const coins = Array.from({ length: 3 }, (_, serial) => ({ denomination: 1, serial }));
    for (let i = 0; i < 8; i++) lockers.put(keyOf(i), coins);
    expect(lockers.findByPrefix(keyOf(0).subarray(0, 5))?.coins.length).toBe(3);
    // The same coins again are no more coins, but the locker is the youngest now.
    lockers.put(keyOf(0), coins.slice(0, 1));
    lockers.put(keyOf(8), coins.slice(0, 1));
    const known = Array.from({ length: 9 }, (_, i) => lockers.findByPrefix(keyOf(i).subarray(0, 5)) !== undefined);
    expect(known).toEqual([true, false, true, true, true, true, true, true, true]);
  });
});

describe("peek", () => {
  it("shows the coins of the locker whose key the payload has, whatever has encrypted the request", () => {
    const bench = sealedNode();
    expect(storeSum(bench, name(5), anOf(1, 5), KEY_2)).toBe(241);
    for (const how of [SEALS[1], SEALS[2]]) {
      for (const [key, coins] of [
        [LOCKER_KEY, name(7)],
        [KEY_2, name(5)],
      ] as const) {
        expect(askSealed(bench, how, 8, 83, key)).toMatchObject({ status: 241, payload: coins });
      }
    }
    expect(bench.ask(request(8, 83, bodyOf(KEY_2))).body.subarray(0, -2)).toEqual(name(5));
    expect(bench.askDatagram(request(8, 83, bodyOf(KEY_2))).header.status).toBe(241);
  });

  it("wants a payload of 16 bytes, and answers 242 to a key that no locker has", () => {
    for (const profile of ["strict", "reference"] as const) {
      const bench = sealedNode({ profile });
      for (const length of [0, 15, 17, 100])
        expect(status(bench, 8, 83, LOCKER_KEY.subarray(0, length), new Uint8Array(Math.max(0, length - 16)))).toBe(16);
      for (const key of [KEY_2, WRONG, changed(LOCKER_KEY, { 11: 0 })]) expect(status(bench, 8, 83, key)).toBe(242);
    }
  });

  it("reads its key out of the HMAC under types 4 and 5 as C servers have them", () => {
    for (const how of [SEALS[4], SEALS[5]]) {
      expect(askSealed(sealedNode(), how, 8, 83).status).toBe(242);
      expect(askSealed(sealedNode(), how, 8, 83, LOCKER_KEY).status).toBe(16);
      const natural = sealedNode({ type45Layout: "natural" });
      expect(askSealed(natural, how, 8, 83, LOCKER_KEY)).toMatchObject({ status: 241, payload: name(7) });
    }
  });

  it("lists a coin again in reference whenever it is stored again, and though it was powned since", () => {
    const bench = sealedNode({ profile: "reference" });
    expect(storeSum(bench, name(5), name(6), FIVE_AND_SIX, KEY_2)).toBe(241);
    expect(storeSum(bench, name(5), name(5), name(5), KEY_2, KEY_2)).toBe(241);
    expect(status(bench, 1, 20, coin(6, KEY_2), PAN)).toBe(241);
    expect(peek(bench, KEY_2).payload).toEqual(concatBytes(...[5, 6, 5, 5, 5].map(name)));
    const strict = sealedNode();
    expect(storeSum(strict, name(5), name(5), name(5), anOf(1, 5), KEY_2)).toBe(241);
    expect(peek(strict, KEY_2).payload).toEqual(name(5));
  });

  it("finds each locker by all of its key; type 2 finds the first of those whose keys begin alike", () => {
    const twin = changed(KEY_2, { 11: 0x77 });
    for (const profile of ["strict", "reference"] as const) {
      const bench = sealedNode({ profile });
      expect(storeSum(bench, name(5), anOf(1, 5), KEY_2)).toBe(241);
      expect(storeSum(bench, name(6), anOf(1, 6), twin)).toBe(241);
      const look = { type: 2, secrets: [KEY_2], coins: [] } as const;
      expect(askSealed(bench, look, 8, 83, twin)).toMatchObject({ status: 241, payload: name(6) });
      expect(askSealed(bench, look, 8, 83, KEY_2)).toMatchObject({ status: 241, payload: name(5) });
    }
  });

  it("does not show a coin that was powned since", () => {
    const bench = sealedNode();
    expect(storeSum(bench, name(5), name(6), FIVE_AND_SIX, KEY_2)).toBe(241);
    expect(status(bench, 1, 20, coin(5, KEY_2), PAN)).toBe(241);
    expect(peek(bench, KEY_2).payload).toEqual(name(6));
    expect(status(bench, 1, 20, coin(6, KEY_2), PAN)).toBe(241);
    expect(peek(bench, KEY_2)).toMatchObject({ status: 241, bodyBytes: 2 });
  });

  it("does not open to a key that is like the right one in its first five bytes", () => {
    const like = changed(LOCKER_KEY, { 11: 0 });
    const reply = sealedNode().ask(seal({ type: 2, secrets: [like], coins: [] }, 8, 83, new Uint8Array(0)));
    expect(reply.header.status).toBe(37);
  });
});
