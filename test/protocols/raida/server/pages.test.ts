/** Tests of the page cache, atomic stores and free coins. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { offsetOf, PAGE_BYTES, PAGE_COINS } from "../../../../src/protocols/raida/index.js";
import { PageTransaction } from "../../../../src/protocols/raida/server/page-transaction.js";
import { FreeCoins } from "../../../../src/protocols/raida/server/free-coins.js";
import { COIN_PAGE_FILES, pageIndex, pageKeyAt } from "../../../../src/protocols/raida/server/page-layout.js";
import { Pages, type PageEffect } from "../../../../src/protocols/raida/server/pages.js";
import { anOf, Harness, bodyOf, nameOf, request } from "../harness.js";
import { DETECT, POWN } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

const PAN = new Uint8Array(16).fill(0x5a);
const pown = (...coins: readonly (readonly [denomination: number, serial: number])[]) =>
  request(...POWN, bodyOf(...coins.map(([dn, sn]) => concatBytes(nameOf(dn, sn), anOf(dn, sn), PAN))));

describe("a pown on a failing disk", () => {
  it("is one store, and changes no coin on any page", () => {
    const harness = new Harness();
    const coins = [
      [1, 5],
      [1, 6],
      [1, 2_000],
      [2, 5],
    ] as const;
    for (const [dn, sn] of coins) harness.put(dn, sn);
    harness.ask(request(...DETECT, bodyOf(...coins.map(([dn, sn]) => concatBytes(nameOf(dn, sn), PAN)))));
    harness.holdsDisk = true;
    const link = harness.send(pown(...coins));
    expect(harness.held).toHaveLength(1);
    harness.diskFails = true;
    harness.release();
    expect(harness.reply(link)!.header.status).toBe(Status.errorFilesystem);
    harness.diskFails = false;
    harness.holdsDisk = false;
    for (const [dn, sn] of coins) expect(harness.kept(dn, sn).an).toEqual(anOf(dn, sn));
    expect(harness.ask(pown(...coins)).header.status).toBe(Status.allPass);
    for (const [dn, sn] of coins) expect(harness.kept(dn, sn)).toEqual({ an: PAN, mfs: 45 });
  });
});

describe("coins of one page", () => {
  const OTHER = new Uint8Array(16).fill(0xa5);
  const from = (serial: number, an: Uint8Array, pan: Uint8Array) =>
    request(...POWN, bodyOf(concatBytes(nameOf(1, serial), an, pan)));
  const detect = (serial: number, an: Uint8Array) => request(...DETECT, bodyOf(concatBytes(nameOf(1, serial), an)));

  /** A server with the page of coins 5 to 7 in memory, and a disk that waits for `release`. */
  function slowHarness(): Harness {
    const harness = new Harness();
    for (const serial of [5, 6, 7]) harness.put(1, serial);
    harness.ask(detect(5, PAN));
    harness.holdsDisk = true;
    return harness;
  }

  it("change one after the other without waiting for the disk; each is answered when it is stored", () => {
    const harness = slowHarness();
    const links = [5, 6, 7].map((serial) => harness.send(pown([1, serial])));
    expect(harness.held).toHaveLength(3);
    harness.held.splice(1, 1)[0]!();
    expect(links.map((link) => harness.reply(link)?.header.status)).toEqual([undefined, Status.allPass, undefined]);
    harness.release();
    expect(links.map((link) => harness.reply(link)?.header.status)).toEqual(Array(3).fill(Status.allPass));
    for (const serial of [5, 6, 7]) expect(harness.kept(1, serial).an).toEqual(PAN);
  });

  it("are read while others are stored, and not while they are stored themselves", () => {
    const harness = slowHarness();
    harness.send(pown([1, 5], [1, 6]));
    expect(harness.ask(detect(7, anOf(1, 7))).header.status).toBe(Status.allPass);
    const early = [anOf(1, 6), PAN].map((an) => harness.send(detect(6, an)));
    expect(early.map((link) => harness.reply(link))).toEqual([undefined, undefined]);
    harness.release();
    expect(early.map((link) => harness.reply(link)!.header.status)).toEqual([Status.allFail, Status.allPass]);
  });

  it("keep what others stored when a store fails, and nobody sees the number that was not stored", () => {
    const harness = slowHarness();
    const [first, second, third] = [5, 6, 7].map((serial) => harness.send(pown([1, serial])));
    // These stand on the first one: the number that it would set, and the one that it would replace.
    const standing = [harness.send(from(5, PAN, OTHER)), harness.send(detect(5, anOf(1, 5)))];
    const again = harness.send(from(5, anOf(1, 5), OTHER));
    harness.held.splice(1, 1)[0]!();
    harness.diskFails = true;
    harness.held.shift()!();
    harness.diskFails = false;
    harness.release();
    const statusOf = (link: number | undefined) => harness.reply(link!)?.header.status;
    expect([first, second, third].map(statusOf)).toEqual([Status.errorFilesystem, Status.allPass, Status.allPass]);
    expect(standing.map(statusOf)).toEqual([Status.allFail, Status.allPass]);
    expect(statusOf(again)).toBe(Status.allPass);
    expect([5, 6, 7].map((serial) => harness.kept(1, serial).an)).toEqual([OTHER, PAN, PAN]);
    harness.holdsDisk = false;
    for (const [serial, an] of [
      [5, OTHER],
      [6, PAN],
      [7, PAN],
    ] as const)
      expect(harness.ask(detect(serial, an)).header.status).toBe(Status.allPass);
  });

  it("are stored one by one if they are the same coin, in the order of the requests", () => {
    const harness = slowHarness();
    const numbers = [anOf(1, 5), ...[1, 2, 3].map((n) => new Uint8Array(16).fill(n))];
    const links = [1, 2, 3].map((n) => harness.send(from(5, numbers[n - 1]!, numbers[n]!)));
    for (const left of [3, 2, 1]) {
      expect(harness.held).toHaveLength(1);
      expect(links.filter((link) => harness.reply(link) === undefined)).toHaveLength(left);
      harness.held.shift()!();
    }
    expect(links.map((link) => harness.reply(link)!.header.status)).toEqual(Array(3).fill(Status.allPass));
    expect(harness.kept(1, 5).an).toEqual(numbers[3]);
  });

  it("keep their page in memory while any of them is stored", () => {
    const harness = new Harness({ limits: { cacheBytesMax: PAGE_BYTES } });
    for (const [dn, sn] of [
      [1, 5],
      [2, 5],
      [3, 5],
    ] as const)
      harness.put(dn, sn);
    harness.ask(detect(5, PAN));
    harness.holdsDisk = true;
    harness.send(pown([1, 5]));
    const store = harness.held.shift()!;
    for (const dn of [2, 3]) harness.send(request(...DETECT, bodyOf(concatBytes(nameOf(dn, 5), PAN))));
    harness.release();
    const { loads } = harness;
    const waiting = harness.send(detect(5, PAN));
    expect([harness.loads, harness.reply(waiting)]).toEqual([loads, undefined]);
    store();
    expect(harness.reply(waiting)!.header.status).toBe(Status.allPass);
  });
});

describe("pages in memory", () => {
  /** Pages over a disk that answers when it is told to. */
  function paged(pagesMax: number) {
    const pages = new Pages("strict", pagesMax * PAGE_BYTES);
    const asked: PageEffect[] = [];
    const out = { push: (...effects: PageEffect[]) => asked.push(...effects) };
    const answer = (): void => {
      for (const effect of asked.splice(0)) {
        if (effect.type === "load") pages.loaded(effect.op, new Uint8Array(PAGE_BYTES), out);
        else pages.stored(effect.op);
      }
    };
    const coinOn = (page: number) => ({ denomination: 1, serial: page * PAGE_COINS });
    return { pages, asked, out, answer, coinOn };
  }

  it("stay within the limit; the least recently used pages are evicted first", () => {
    const { pages, asked, out, answer, coinOn } = paged(4);
    const use = (page: number): number => {
      pages.whenReady([coinOn(page)], () => {}, out);
      const { length } = asked;
      answer();
      return length;
    };
    for (let page = 0; page < 100; page++) {
      use(page);
      // One that is used all the time stays.
      expect(use(7)).toBe(page < 7 ? (page === 0 ? 1 : 0) : 0);
      expect(pages.size).toBeLessThanOrEqual(4);
    }
    expect(use(50)).toBe(1);
  });

  it("stay beyond the limit while a task or a store needs them", () => {
    const { pages, asked, out, answer, coinOn } = paged(2);
    const coins = Array.from({ length: 10 }, (_, page) => coinOn(page));
    const done: string[] = [];
    pages.whenReady(
      coins,
      () => {
        expect(coins.every((coin) => pages.has(coin))).toBe(true);
        const changes = new PageTransaction(pages, 45, coins.length);
        for (const coin of coins) changes.set(coin, PAN);
        pages.store(changes, () => done.push("stored"), out);
      },
      out,
    );
    // The first ones are there long before the last.
    for (const effect of asked.splice(0)) {
      pages.whenReady([coinOn(20)], () => {}, { push: () => {} });
      if (effect.type === "load") pages.loaded(effect.op, new Uint8Array(PAGE_BYTES), out);
    }
    expect(asked.map(({ type }) => type)).toEqual(["store"]);
    pages.whenReady([coinOn(0)], () => done.push("read"), out);
    answer();
    expect(done).toEqual(["stored", "read"]);
    expect(pages.size).toBeLessThanOrEqual(3);
  });
});

describe("the free coins", () => {
  it("are those without a month, on pages that were read", () => {
    const free = new FreeCoins();
    expect(free.isFree(2, 3)).toBeUndefined();
    const page = new Uint8Array(PAGE_BYTES);
    page[offsetOf(3) + 16] = 45;
    free.addPage(pageIndex(2, 1), page);
    free.addPage(pageIndex(2, 0), null);
    const at = (serial: number) => free.isFree(2, serial);
    expect([at(1_024), at(1_027), at(3), at(2_048)]).toEqual([true, false, false, undefined]);
    expect(free.isFree(7, 0)).toBe(false);
    expect(free.isFree(2, 1_024_000)).toBe(false);
    const serials = free.freeSerials(2);
    expect([serials.length, serials[0], serials[3]]).toEqual([1_023, 1_024, 1_028]);
    expect([free.freeSerials(1), free.freeSerials(9)]).toEqual([[], []]);
    expect(free.countInUse(pageIndex(2, 1))).toBe(1);
    // What is read again is what counts.
    free.addPage(pageIndex(2, 1), new Uint8Array(PAGE_BYTES));
    expect([at(1_027), free.countInUse(pageIndex(2, 1))]).toEqual([true, 0]);
    // The page before the first is none, though the denomination before has one there.
    free.addPage(pageIndex(1, 999), new Uint8Array(PAGE_BYTES));
    expect(at(-1)).toBe(false);
  });

  it("change with each successful store only", () => {
    const harness = new Harness();
    harness.put(1, 5);
    harness.put(1, 6);
    harness.ask(request(...DETECT, bodyOf(nameOf(1, 5), PAN)));
    const { freeCoins } = harness.machine;
    const isFree = (serial: number) => freeCoins.isFree(1, serial);
    expect([isFree(5), isFree(6), isFree(7)]).toEqual([true, true, false]);
    harness.diskFails = true;
    harness.ask(pown([1, 5]));
    expect(isFree(5)).toBe(true);
    harness.diskFails = false;
    harness.ask(pown([1, 5]));
    expect([isFree(5), isFree(6), freeCoins.freeSerials(1)]).toEqual([false, true, [6]]);
  });
});

describe("the files of pages", () => {
  it("have the paths of the C server", () => {
    const path = (key: string) => COIN_PAGE_FILES.pathOf(key);
    expect(path("coins/01/0003")).toBe("Data/01/00/0003.bin");
    expect(path("coins/f8/03e7")).toBe("Data/f8/03/03e7.bin");
    expect(pageKeyAt(pageIndex(-8, 999))).toBe("coins/f8/03e7");
    for (const key of ["coins/01/003", "coins/01/00003", "coins/1/0003", "coins/../0003", "other/01/0003"])
      expect(path(key)).toBeUndefined();
    expect(COIN_PAGE_FILES.pageBytes).toBe(17_408);
    for (const key of ["coins/01/0003", "coins/f8/03e7"]) expect(COIN_PAGE_FILES.keyOf(path(key)!)).toBe(key);
    for (const name of ["Data/01/00/0103.bin", "Data/01/0003.bin", "Data/01/00/0003.bin.new", "data/01/00/0003.bin"])
      expect(COIN_PAGE_FILES.keyOf(name)).toBeUndefined();
  });
});
