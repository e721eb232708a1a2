/** Tests of commands on sums, and of lockers. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { decodeMixedReply } from "../../../../src/protocols/raida/index.js";
import { Lockers } from "../../../../src/protocols/raida/server/lockers.js";
import { anOf, Harness, bodyOf, changed, nameOf, request, xorOf } from "../harness.js";
import { seal, unseal, type Seal, type Unsealed } from "../node-crypto.js";
import { askSealed, coin, LOCKER_KEY, name, PAN, encryptedHarness, SEALS, WRONG } from "../encrypted-harness.js";
import { DETECT, DETECT_SUM, PEEK, POWN, POWN_SUM, STORE_SUM } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

const AD = Uint8Array.from({ length: 16 }, (_, i) => 0x11 * i);
const ZERO = new Uint8Array(16);
const KEY_2 = concatBytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), new Uint8Array(4).fill(0xff));

const status = (harness: Harness, group: number, command: number, ...payload: Uint8Array[]): number =>
  harness.ask(request(group, command, bodyOf(...payload))).header.status;
const detectSum = (harness: Harness, ...payload: Uint8Array[]): number => status(harness, ...DETECT_SUM, ...payload);
const pownSum = (harness: Harness, ...payload: Uint8Array[]): number => status(harness, ...POWN_SUM, ...payload);
const storeSum = (harness: Harness, ...payload: Uint8Array[]): number => status(harness, ...STORE_SUM, ...payload);

/** A look into the locker of a key. */
function peek(harness: Harness, key: Uint8Array): Unsealed {
  const how: Seal = { type: 2, secrets: [key], coins: [] };
  const sealed = seal(how, ...PEEK, key);
  return unseal(how, sealed, harness.ask(sealed).bytes);
}

const FIVE_AND_SIX = xorOf(anOf(1, 5), anOf(1, 6));

describe.each([
  ["detect_sum", ...DETECT_SUM, 34],
  ["pown_sum", ...POWN_SUM, 50],
  ["store_sum", ...STORE_SUM, 50],
] as const)("%s", (_, group, command, around) => {
  it("needs at least one coin, and no partial coin", () => {
    const harness = encryptedHarness();
    const ofLength = (length: number): number => status(harness, group, command, new Uint8Array(length - 18));
    expect(ofLength(around + 4)).toBe(Status.errorPacketLength);
    expect(ofLength(18)).toBe(Status.errorPacketLength);
    expect(ofLength(around + 6)).toBe(Status.errorCoinsNotDivisible);
    expect(ofLength(around + 9)).toBe(Status.errorCoinsNotDivisible);
  });

  it("refuses a coin on an unknown page, and changes no other coin", () => {
    const harness = encryptedHarness();
    const tail = new Uint8Array(around - 34).fill(0xff);
    for (const unknown of [nameOf(1, 900_000), nameOf(1, 2_000_000), nameOf(7, 5), nameOf(-9, 5)]) {
      expect(status(harness, group, command, name(5), unknown, anOf(1, 5), tail)).toBe(
        Status.errorSerialOrDenomination,
      );
    }
    expect(harness.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
  });

  it("fails for all coins if the sum is wrong", () => {
    const harness = encryptedHarness();
    const tail = new Uint8Array(around - 34).fill(0xff);
    for (const sum of [ZERO, anOf(1, 5), xorOf(FIVE_AND_SIX, Uint8Array.of(1, ...ZERO.subarray(1)))]) {
      expect(status(harness, group, command, name(5), name(6), sum, tail)).toBe(Status.allFail);
    }
    expect([harness.kept(1, 5).an, harness.kept(1, 6).an]).toEqual([anOf(1, 5), anOf(1, 6)]);
  });

  it("refuses a sum in which ANs cancel out, because it proves nothing about their coins", () => {
    const tail = new Uint8Array(around - 34).fill(0xff);
    const inLocker = (): Harness => {
      const harness = encryptedHarness();
      harness.put(1, 8, LOCKER_KEY);
      return harness;
    };
    for (const [coins, sum] of [
      [[5, 5], ZERO],
      [[5, 5, 6], anOf(1, 6)],
      [[5, 6, 5, 6], ZERO],
      // Two coins of one locker.
      [[7, 8], ZERO],
      [[7, 8, 5], anOf(1, 5)],
    ] as const) {
      const harness = inLocker();
      expect(status(harness, group, command, ...coins.map(name), sum, tail)).toBe(Status.allFail);
      expect([5, 6, 7, 8].map((serial) => harness.kept(1, serial).mfs)).toEqual([0, 0, 0, 0]);
      expect([harness.kept(1, 5).an, harness.kept(1, 7).an]).toEqual([anOf(1, 5), LOCKER_KEY]);
    }
    const reference = new Harness({ profile: "reference" });
    reference.put(1, 5);
    expect(status(reference, group, command, name(5), name(5), ZERO, tail)).toBe(Status.allPass);
  });

  it("counts a coin that is listed an odd number of times once", () => {
    const tail = new Uint8Array(around - 34).fill(0xff);
    for (const [coins, sum] of [
      [[5, 5, 5], anOf(1, 5)],
      [[5, 6, 5, 5], FIVE_AND_SIX],
      [[6, 5, 5, 6, 5, 6, 5, 5], FIVE_AND_SIX],
    ] as const) {
      const harness = encryptedHarness();
      expect(status(harness, group, command, ...coins.map(name), sum, tail)).toBe(Status.allPass);
      const changedBy: Readonly<Record<number, number>> = { 11: 0, 21: 45, 82: 45 };
      expect(harness.kept(1, 5).mfs).toBe(changedBy[command]);
    }
  });
});

describe("detect_sum", () => {
  it("passes on the XOR of all ANs, of several denominations", () => {
    const harness = encryptedHarness();
    expect(detectSum(harness, name(5), name(6), FIVE_AND_SIX)).toBe(Status.allPass);
    expect(detectSum(harness, name(5), nameOf(-3, 2_000), xorOf(anOf(1, 5), anOf(-3, 2_000)))).toBe(Status.allPass);
    expect(harness.kept(1, 5).mfs).toBe(0);
  });
});

describe("pown_sum", () => {
  it("changes every AN by the difference, and sets its month", () => {
    const harness = encryptedHarness();
    expect(pownSum(harness, name(5), name(6), FIVE_AND_SIX, AD)).toBe(Status.allPass);
    for (const serial of [5, 6]) expect(harness.kept(1, serial)).toEqual({ an: xorOf(anOf(1, serial), AD), mfs: 45 });
  });

  it("stores changes on several pages in one store", () => {
    const harness = encryptedHarness();
    const sum = xorOf(anOf(1, 5), anOf(1, 6), anOf(-3, 2_000));
    expect(pownSum(harness, name(5), nameOf(-3, 2_000), name(6), sum, AD)).toBe(Status.allPass);
    expect(harness.stores).toEqual([3]);
  });

  it("changes nothing if the disk fails", () => {
    const harness = encryptedHarness();
    expect(detectSum(harness, name(5), name(6), FIVE_AND_SIX)).toBe(Status.allPass);
    harness.diskFails = true;
    expect(pownSum(harness, name(5), name(6), FIVE_AND_SIX, AD)).toBe(Status.errorFilesystem);
    harness.diskFails = false;
    expect(detectSum(harness, name(5), name(6), FIVE_AND_SIX)).toBe(Status.allPass);
  });

  it("changes a coin in reference as often as it is listed", () => {
    const harness = new Harness({ profile: "reference" });
    harness.put(1, 5);
    expect(pownSum(harness, name(5), name(5), name(5), anOf(1, 5), AD)).toBe(Status.allPass);
    expect(harness.kept(1, 5)).toEqual({ an: xorOf(anOf(1, 5), AD), mfs: 45 });
  });
});

describe("a coin that a request lists twice", () => {
  it("is checked twice by detect", () => {
    const reply = encryptedHarness().ask(request(...DETECT, bodyOf(coin(5), coin(5, WRONG), coin(5))));
    expect(decodeMixedReply(reply.body, 3).passed).toEqual([true, false, true]);
  });

  it("is powned by the first entry, and by a later one with the AN that the first has set", () => {
    const harness = encryptedHarness();
    const body = bodyOf(coin(5), PAN, coin(5), WRONG, coin(5, PAN), AD);
    expect(decodeMixedReply(harness.ask(request(...POWN, body)).body, 3).passed).toEqual([true, false, true]);
    expect(harness.kept(1, 5).an).toEqual(AD);
  });
});

describe("store_sum", () => {
  it("sets key and month of all coins, and creates the locker", () => {
    const harness = encryptedHarness();
    expect(storeSum(harness, name(5), name(6), FIVE_AND_SIX, KEY_2)).toBe(Status.allPass);
    for (const serial of [5, 6]) expect(harness.kept(1, serial)).toEqual({ an: KEY_2, mfs: 45 });
    expect(peek(harness, KEY_2)).toMatchObject({ status: Status.allPass, payload: concatBytes(name(5), name(6)) });
  });

  it("needs a key that ends in four FF, and checks it after the sum", () => {
    for (const at of [12, 13, 14, 15]) {
      const harness = encryptedHarness();
      const other = changed(KEY_2, { [at]: 0xfe });
      expect(storeSum(harness, name(5), anOf(1, 5), other)).toBe(Status.errorInvalidPan);
      expect(storeSum(harness, name(5), WRONG, other)).toBe(Status.allFail);
      expect(storeSum(harness, nameOf(1, 900_000), WRONG, other)).toBe(Status.errorSerialOrDenomination);
      expect(harness.kept(1, 5).an).toEqual(anOf(1, 5));
    }
  });

  it("creates no locker if the disk fails", () => {
    const harness = encryptedHarness();
    expect(detectSum(harness, name(5), anOf(1, 5))).toBe(Status.allPass);
    harness.diskFails = true;
    expect(storeSum(harness, name(5), anOf(1, 5), KEY_2)).toBe(Status.errorFilesystem);
    harness.diskFails = false;
    const how: Seal = { type: 2, secrets: [KEY_2], coins: [] };
    expect(harness.ask(seal(how, ...PEEK, new Uint8Array(0))).header.status).toBe(Status.errorEncryptionKeyNotFound);
  });

  it("adds coins to an existing locker", () => {
    const harness = encryptedHarness();
    expect(storeSum(harness, name(5), anOf(1, 5), KEY_2)).toBe(Status.allPass);
    expect(storeSum(harness, name(6), anOf(1, 6), KEY_2)).toBe(Status.allPass);
    expect(peek(harness, KEY_2).payload).toEqual(concatBytes(name(5), name(6)));
    // Once more, by the key that it has.
    expect(storeSum(harness, name(5), KEY_2, KEY_2)).toBe(Status.allPass);
    expect(peek(harness, KEY_2).payload).toEqual(concatBytes(name(5), name(6)));
  });
});

describe("lockers", () => {
  it("leave the index, oldest first, if they hold too many coins together", () => {
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
  it("lists the coins of the locker in the payload, independent of the key that encrypts the request", () => {
    const harness = encryptedHarness();
    expect(storeSum(harness, name(5), anOf(1, 5), KEY_2)).toBe(Status.allPass);
    for (const how of [SEALS[1], SEALS[2]]) {
      for (const [key, coins] of [
        [LOCKER_KEY, name(7)],
        [KEY_2, name(5)],
      ] as const) {
        expect(askSealed(harness, how, ...PEEK, key)).toMatchObject({ status: Status.allPass, payload: coins });
      }
    }
    expect(harness.ask(request(...PEEK, bodyOf(KEY_2))).body.subarray(0, -2)).toEqual(name(5));
    expect(harness.askDatagram(request(...PEEK, bodyOf(KEY_2))).header.status).toBe(Status.allPass);
  });

  it("needs a payload of 16 bytes, and answers allFail to an unknown key", () => {
    for (const profile of ["strict", "reference"] as const) {
      const harness = encryptedHarness({ profile });
      for (const length of [0, 15, 17, 100])
        expect(status(harness, ...PEEK, LOCKER_KEY.subarray(0, length), new Uint8Array(Math.max(0, length - 16)))).toBe(
          Status.errorPacketLength,
        );
      for (const key of [KEY_2, WRONG, changed(LOCKER_KEY, { 11: 0 })])
        expect(status(harness, ...PEEK, key)).toBe(Status.allFail);
    }
  });

  it("reads its key from the HMAC under types 4 and 5 in the layout of C servers", () => {
    for (const how of [SEALS[4], SEALS[5]]) {
      expect(askSealed(encryptedHarness(), how, ...PEEK).status).toBe(Status.allFail);
      expect(askSealed(encryptedHarness(), how, ...PEEK, LOCKER_KEY).status).toBe(Status.errorPacketLength);
      const natural = encryptedHarness({ type45Layout: "natural" });
      expect(askSealed(natural, how, ...PEEK, LOCKER_KEY)).toMatchObject({ status: Status.allPass, payload: name(7) });
    }
  });

  it("lists a coin in reference once for each store, even after it was powned", () => {
    const harness = encryptedHarness({ profile: "reference" });
    expect(storeSum(harness, name(5), name(6), FIVE_AND_SIX, KEY_2)).toBe(Status.allPass);
    expect(storeSum(harness, name(5), name(5), name(5), KEY_2, KEY_2)).toBe(Status.allPass);
    expect(status(harness, ...POWN, coin(6, KEY_2), PAN)).toBe(Status.allPass);
    expect(peek(harness, KEY_2).payload).toEqual(concatBytes(...[5, 6, 5, 5, 5].map(name)));
    const strict = encryptedHarness();
    expect(storeSum(strict, name(5), name(5), name(5), anOf(1, 5), KEY_2)).toBe(Status.allPass);
    expect(peek(strict, KEY_2).payload).toEqual(name(5));
  });

  it("finds a locker by its full key; type 2 finds the first one with the prefix of the key", () => {
    const twin = changed(KEY_2, { 11: 0x77 });
    for (const profile of ["strict", "reference"] as const) {
      const harness = encryptedHarness({ profile });
      expect(storeSum(harness, name(5), anOf(1, 5), KEY_2)).toBe(Status.allPass);
      expect(storeSum(harness, name(6), anOf(1, 6), twin)).toBe(Status.allPass);
      const look = { type: 2, secrets: [KEY_2], coins: [] } as const;
      expect(askSealed(harness, look, ...PEEK, twin)).toMatchObject({ status: Status.allPass, payload: name(6) });
      expect(askSealed(harness, look, ...PEEK, KEY_2)).toMatchObject({ status: Status.allPass, payload: name(5) });
    }
  });

  it("does not list a coin that was powned meanwhile", () => {
    const harness = encryptedHarness();
    expect(storeSum(harness, name(5), name(6), FIVE_AND_SIX, KEY_2)).toBe(Status.allPass);
    expect(status(harness, ...POWN, coin(5, KEY_2), PAN)).toBe(Status.allPass);
    expect(peek(harness, KEY_2).payload).toEqual(name(6));
    expect(status(harness, ...POWN, coin(6, KEY_2), PAN)).toBe(Status.allPass);
    expect(peek(harness, KEY_2)).toMatchObject({ status: Status.allPass, bodyBytes: 2 });
  });

  it("refuses a key that has only its first five bytes right", () => {
    const like = changed(LOCKER_KEY, { 11: 0 });
    const reply = encryptedHarness().ask(seal({ type: 2, secrets: [like], coins: [] }, ...PEEK, new Uint8Array(0)));
    expect(reply.header.status).toBe(Status.errorCrc);
  });
});
