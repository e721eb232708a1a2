import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { PageTransaction } from "../../../../src/protocols/raida/server/page-transaction.js";
import { PooledBuffer, BufferPool } from "../../../../src/protocols/raida/server/buffer-pool.js";
import { PAGE_BYTES, Pages, type PageEffect } from "../../../../src/protocols/raida/server/pages.js";
import { anOf, Bench, bodyOf, nameOf, request } from "../harness.js";

const bytesFrom = (first: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (first + i * 7) & 0xff);

describe("an intake", () => {
  it("holds what has come, in pieces of any size, up to its limit", () => {
    const all = bytesFrom(3, 9_000);
    for (const piece of [1, 17, 2_048, 5_000, 9_000]) {
      const intake = new PooledBuffer(new BufferPool());
      for (let at = 0; at < all.length; at += piece) {
        intake.push(all.subarray(at, at + piece), 8_000);
        expect(intake.length).toBe(Math.min(8_000, at + piece, all.length));
      }
      expect(intake.bytes).toEqual(all.subarray(0, 8_000));
    }
  });

  it("takes room for what has come alone: 2 KiB, or less than twice as much", () => {
    const rooms = new BufferPool();
    for (const count of [1, 2_048, 2_049, 60_000, 65_583]) {
      const intake = new PooledBuffer(rooms);
      intake.push(bytesFrom(0, count), Infinity);
      expect(intake.bytes.buffer.byteLength).toBeLessThanOrEqual(Math.max(2_048, 2 * count - 1));
    }
  });

  it("uses rooms again, and shows nobody what was in them", () => {
    const rooms = new BufferPool();
    const first = new PooledBuffer(rooms);
    first.push(bytesFrom(0, 5_000), Infinity);
    const { buffer } = first.bytes;
    first[Symbol.dispose]();
    expect(first.bytes).toHaveLength(0);
    const second = new PooledBuffer(rooms);
    second.push(bytesFrom(9, 10), Infinity);
    expect(second.bytes.buffer).not.toBe(buffer);
    second.push(bytesFrom(8, 4_500), Infinity);
    expect(second.bytes.buffer).toBe(buffer);
    expect(second.bytes).toEqual(concatBytes(bytesFrom(9, 10), bytesFrom(8, 4_500)));
    // A third one does not get what the second one has.
    const third = new PooledBuffer(rooms);
    third.push(bytesFrom(0, 5_000), Infinity);
    expect(third.bytes.buffer).not.toBe(buffer);
  });

  it("gives a room back once, and rooms keep no more than 1 MiB", () => {
    const rooms = new BufferPool();
    const all = Array.from({ length: 40 }, () => rooms.take(65_536));
    for (const room of all) rooms.give(room);
    const again = Array.from({ length: 40 }, () => rooms.take(65_536));
    expect(again.filter((room) => all.includes(room))).toHaveLength(16);
    const intake = new PooledBuffer(rooms);
    intake.push(bytesFrom(0, 3), Infinity);
    intake[Symbol.dispose]();
    intake[Symbol.dispose]();
    expect(rooms.take(1)).not.toBe(rooms.take(1));
  });
});

describe("requests whose rooms are used again", () => {
  const pan = (serial: number): Uint8Array => anOf(2, serial);
  const pown = (serial: number): Uint8Array => request(1, 20, bodyOf(nameOf(1, serial), anOf(1, serial), pan(serial)));
  const detect = (serial: number, an: Uint8Array): Uint8Array => request(1, 10, bodyOf(nameOf(1, serial), an));

  it("keep their bodies while they wait for the disk, whatever comes meanwhile", () => {
    const bench = new Bench();
    // Each on a page of its own, which has to be loaded first.
    const serials = Array.from({ length: 20 }, (_, i) => 1_024 * i);
    for (const serial of serials) bench.put(1, serial);
    bench.holdsDisk = true;
    const links = serials.map((serial) => bench.send(pown(serial)));
    while (bench.held.length > 0) bench.release();
    for (const link of links) expect(bench.reply(link)!.header.status).toBe(241);
    bench.holdsDisk = false;
    for (const serial of serials) expect(bench.ask(detect(serial, pan(serial))).header.status).toBe(241);
  });

  it("give them back when their sender goes, when they are refused, and when they are answered", () => {
    const bench = new Bench();
    for (const serial of [5, 6]) bench.put(1, serial);
    for (let round = 0; round < 3; round++) {
      const half = bench.send(pown(5).subarray(0, 60));
      expect(bench.ask(detect(6, anOf(1, 6))).header.status).toBe(241);
      bench.step({ type: "closed", link: half });
      expect(bench.ask(Uint8Array.from(detect(6, anOf(1, 6)), (byte, i) => (i === 0 ? 9 : byte))).header.status).toBe(
        255,
      );
    }
    expect(bench.ask(pown(5)).header.status).toBe(241);
    expect(bench.kept(1, 5).an).toEqual(pan(5));
  });
});

describe("a draft", () => {
  const out = { push: (..._effects: PageEffect[]) => {} };
  const coin = (serial: number) => ({ denomination: 1, serial });

  it("writes each record once, neighbours in one piece, and undoes all in reverse", () => {
    const pages = new Pages("strict", 4 * PAGE_BYTES);
    const asked: PageEffect[] = [];
    const serials = [7, 5, 6, 900, 7, 1_024, 1_023];
    const old = bytesFrom(1, PAGE_BYTES);
    const sink = { push: (...effects: PageEffect[]) => asked.push(...effects) };
    pages.whenReady(serials.map(coin), () => {}, sink);
    for (const effect of asked.splice(0)) if (effect.type === "load") pages.loaded(effect.op, old.slice(), out);
    pages.whenReady(
      serials.map(coin),
      () => {
        const draft = new PageTransaction(pages, 45, serials.length);
        serials.forEach((serial, i) => draft.set(coin(serial), bytesFrom(i, 16)));
        expect(draft.isAuthentic(coin(7), bytesFrom(4, 16))).toBe(true);
        pages.store(draft, () => {}, sink);
      },
      out,
    );
    const [store] = asked;
    if (store?.type !== "store") throw new Error("no store");
    const pieces = store.writes.map(({ key, at, bytes }) => [key, at / 17, bytes.length / 17]);
    expect(pieces).toEqual([
      ["coins/01/0000", 5, 3],
      ["coins/01/0000", 900, 1],
      ["coins/01/0000", 1_023, 1],
      ["coins/01/0001", 0, 1],
    ]);
    const records = [1, 2, 4].map((i) => concatBytes(bytesFrom(i, 16), Uint8Array.of(45)));
    expect(store.writes[0]!.bytes).toEqual(concatBytes(...records));
    pages.failed(store.op, { code: "storage", format: "disk", path: "", offset: 0 }, out);
    pages.whenReady(serials.map(coin), () => expect(pages.bytesOf(coin(7))).toEqual(old), out);
  });
});
