/** Tests of pooled receive buffers, and of the writes of a page transaction. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { PageTransaction } from "../../../../src/protocols/raida/server/page-transaction.js";
import { PooledBuffer, BufferPool } from "../../../../src/protocols/raida/server/buffer-pool.js";
import { PAGE_BYTES, Pages, type PageEffect } from "../../../../src/protocols/raida/server/pages.js";
import { anOf, Harness, bodyOf, nameOf, request } from "../harness.js";
import { DETECT, POWN } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

const bytesFrom = (first: number, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => (first + i * 7) & 0xff);

describe("a pooled buffer", () => {
  it("collects pieces of any size up to its limit", () => {
    const all = bytesFrom(3, 9_000);
    for (const piece of [1, 17, 2_048, 5_000, 9_000]) {
      const buffer = new PooledBuffer(new BufferPool());
      for (let at = 0; at < all.length; at += piece) {
        buffer.push(all.subarray(at, at + piece), 8_000);
        expect(buffer.length).toBe(Math.min(8_000, at + piece, all.length));
      }
      expect(buffer.bytes).toEqual(all.subarray(0, 8_000));
    }
  });

  it("takes storage for the received bytes only: 2 KiB, or less than twice as much", () => {
    const pool = new BufferPool();
    for (const count of [1, 2_048, 2_049, 60_000, 65_583]) {
      const buffer = new PooledBuffer(pool);
      buffer.push(bytesFrom(0, count), Infinity);
      expect(buffer.bytes.buffer.byteLength).toBeLessThanOrEqual(Math.max(2_048, 2 * count - 1));
    }
  });

  it("reuses storage without showing its old bytes", () => {
    const pool = new BufferPool();
    const first = new PooledBuffer(pool);
    first.push(bytesFrom(0, 5_000), Infinity);
    const { buffer } = first.bytes;
    first[Symbol.dispose]();
    expect(first.bytes).toHaveLength(0);
    const second = new PooledBuffer(pool);
    second.push(bytesFrom(9, 10), Infinity);
    expect(second.bytes.buffer).not.toBe(buffer);
    second.push(bytesFrom(8, 4_500), Infinity);
    expect(second.bytes.buffer).toBe(buffer);
    expect(second.bytes).toEqual(concatBytes(bytesFrom(9, 10), bytesFrom(8, 4_500)));
    // A third one does not get what the second one has.
    const third = new PooledBuffer(pool);
    third.push(bytesFrom(0, 5_000), Infinity);
    expect(third.bytes.buffer).not.toBe(buffer);
  });

  it("returns storage once, and the pool holds at most 1 MiB", () => {
    const pool = new BufferPool();
    const all = Array.from({ length: 40 }, () => pool.take(65_536));
    for (const storage of all) pool.give(storage);
    const again = Array.from({ length: 40 }, () => pool.take(65_536));
    expect(again.filter((storage) => all.includes(storage))).toHaveLength(16);
    const buffer = new PooledBuffer(pool);
    buffer.push(bytesFrom(0, 3), Infinity);
    buffer[Symbol.dispose]();
    buffer[Symbol.dispose]();
    expect(pool.take(1)).not.toBe(pool.take(1));
  });
});

describe("requests with pooled buffers", () => {
  const pan = (serial: number): Uint8Array => anOf(2, serial);
  const pown = (serial: number): Uint8Array =>
    request(...POWN, bodyOf(nameOf(1, serial), anOf(1, serial), pan(serial)));
  const detect = (serial: number, an: Uint8Array): Uint8Array => request(...DETECT, bodyOf(nameOf(1, serial), an));

  it("keep their bodies while they wait for the disk, whatever comes meanwhile", () => {
    const harness = new Harness();
    // Each on a page of its own, which has to be loaded first.
    const serials = Array.from({ length: 20 }, (_, i) => 1_024 * i);
    for (const serial of serials) harness.put(1, serial);
    harness.holdsDisk = true;
    const links = serials.map((serial) => harness.send(pown(serial)));
    while (harness.held.length > 0) harness.release();
    for (const link of links) expect(harness.reply(link)!.header.status).toBe(Status.allPass);
    harness.holdsDisk = false;
    for (const serial of serials) expect(harness.ask(detect(serial, pan(serial))).header.status).toBe(Status.allPass);
  });

  it("return them when their sender leaves, when they are refused, and when they are answered", () => {
    const harness = new Harness();
    for (const serial of [5, 6]) harness.put(1, serial);
    for (let round = 0; round < 3; round++) {
      const half = harness.send(pown(5).subarray(0, 60));
      expect(harness.ask(detect(6, anOf(1, 6))).header.status).toBe(Status.allPass);
      harness.step({ type: "closed", link: half });
      expect(harness.ask(Uint8Array.from(detect(6, anOf(1, 6)), (byte, i) => (i === 0 ? 9 : byte))).header.status).toBe(
        255,
      );
    }
    expect(harness.ask(pown(5)).header.status).toBe(Status.allPass);
    expect(harness.kept(1, 5).an).toEqual(pan(5));
  });
});

describe("a page transaction", () => {
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
        const changes = new PageTransaction(pages, 45, serials.length);
        serials.forEach((serial, i) => changes.set(coin(serial), bytesFrom(i, 16)));
        expect(changes.isAuthentic(coin(7), bytesFrom(4, 16))).toBe(true);
        pages.store(changes, () => {}, sink);
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
    pages.failed(store.op, { code: "storage", format: "disk", path: "" }, out);
    pages.whenReady(serials.map(coin), () => expect(pages.bytesOf(coin(7))).toEqual(old), out);
  });
});
