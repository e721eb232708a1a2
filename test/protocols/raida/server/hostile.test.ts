import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { DEFAULT_LIMITS, type Limits } from "../../../../src/limits.js";
import { anOf, Bench, bodyOf, changed, nameOf, request } from "../harness.js";
import { seal } from "../sealed.js";
import { LOCKER_KEY, SEALS } from "../sealed-server.js";

const coin = (serial: number): Uint8Array => concatBytes(nameOf(1, serial), anOf(1, serial));
const detect = request(1, 10, bodyOf(coin(900)));
const { idleTimeoutMs, headerTimeoutMs, frameTimeoutMs } = DEFAULT_LIMITS;

function benchOf(limits: Partial<Limits> = {}): Bench {
  const bench = new Bench({ limits });
  bench.put(1, 900);
  return bench;
}

/** Lets time pass, and wakes the node as often as it asks for it. */
function pass(bench: Bench, ms: number): void {
  const endMs = bench.nowMs + ms;
  for (let nextMs = bench.node.nextWakeMs(); nextMs <= endMs; nextMs = bench.node.nextWakeMs()) {
    bench.nowMs = Math.max(bench.nowMs, nextMs);
    bench.step({ type: "wake" });
  }
  bench.nowMs = endMs;
}

describe("a connection", () => {
  it("on which nothing comes is closed", () => {
    const bench = benchOf();
    const link = bench.send();
    pass(bench, idleTimeoutMs - 1);
    expect(bench.open).toContain(link);
    pass(bench, 1);
    expect(bench.open).not.toContain(link);
    expect(bench.emitted).toEqual([{ type: "dropped", reason: "slow" }]);
    expect(bench.node.nextWakeMs()).toBe(Infinity);
  });

  it("on which a byte a second comes is closed while the header is not whole", () => {
    const bench = benchOf();
    const link = bench.send();
    pass(bench, idleTimeoutMs - 1);
    for (let at = 0; bench.open.has(link); at++) {
      bench.step({ type: "bytes", link, bytes: detect.slice(at, at + 1) });
      pass(bench, 1_000);
      expect(at).toBeLessThan(headerTimeoutMs / 1_000);
    }
    expect(bench.written.size).toBe(0);
  });

  it("on which a byte a second comes behind a header is closed at the deadline of the whole", () => {
    const bench = benchOf();
    const link = bench.send(detect.slice(0, 32));
    let seconds = 0;
    for (; bench.open.has(link); seconds++) {
      bench.step({ type: "bytes", link, bytes: detect.slice(32 + seconds, 33 + seconds) });
      pass(bench, 1_000);
    }
    expect(seconds).toBe(frameTimeoutMs / 1_000);
    expect(bench.written.size).toBe(0);
  });

  it("whose header comes late has no more time for the whole", () => {
    const bench = benchOf();
    const link = bench.send(detect.slice(0, 31));
    pass(bench, headerTimeoutMs - 1);
    bench.step({ type: "bytes", link, bytes: detect.slice(31, 40) });
    pass(bench, frameTimeoutMs - headerTimeoutMs);
    expect(bench.open).toContain(link);
    pass(bench, 1);
    expect(bench.open).not.toContain(link);
  });

  it("has no deadline once its request is whole, however long the disk takes", () => {
    const bench = benchOf();
    bench.holdsDisk = true;
    const link = bench.send(detect);
    pass(bench, 10 * frameTimeoutMs);
    bench.release();
    expect(bench.reply(link)!.header.status).toBe(241);
  });

  it("whose header announces more than the limit is answered 16 at once, unless the header itself is wrong", () => {
    const bench = benchOf({ frameBytesMax: 32 + 100 });
    const long = request(1, 10, new Uint8Array(101));
    expect(bench.reply(bench.send(long.slice(0, 32)))!.header.status).toBe(16);
    expect(bench.reply(bench.send(changed(long, { 7: 9 }).slice(0, 32)))!.header.status).toBe(7);
    expect(bench.reply(bench.send(detect))!.header.status).toBe(241);
  });

  it("that has waited the longest gives way when three of four links are unfinished requests", () => {
    const bench = benchOf({ linksMax: 8 });
    bench.holdsDisk = true;
    const whole = bench.send(detect);
    const slow = Array.from({ length: 6 }, (_, i) => bench.send(detect.slice(0, i)));
    expect(bench.open.size).toBe(7);
    slow.push(bench.send(), bench.send(detect.slice(0, 40)));
    expect([...bench.open]).toEqual([whole, ...slow.slice(2)]);
    expect(bench.emitted).toEqual(Array.from({ length: 2 }, () => ({ type: "dropped", reason: "crowded" })));
    bench.release();
    expect(bench.reply(whole)!.header.status).toBe(241);
    const last = slow.at(-1)!;
    bench.step({ type: "bytes", link: last, bytes: detect.slice(40) });
    expect(bench.reply(last)!.header.status).toBe(241);
  });
});

describe("datagrams", () => {
  /** A locker of 200 coins, whose names make 1,000 bytes. */
  const peek = seal(SEALS[2], 8, 83, LOCKER_KEY);
  const SURPLUS = 34 + 1_000 - peek.length;
  function fullLocker(limits: Partial<Limits>): Bench {
    const bench = benchOf(limits);
    const coins = Array.from({ length: 200 }, (_, serial) => ({ denomination: 1, serial }));
    for (const { serial } of coins) bench.put(1, serial, LOCKER_KEY);
    bench.node.lockers.put(LOCKER_KEY, coins);
    return bench;
  }

  it("are suppressed once they would amplify beyond the limit, and counted", () => {
    const bench = fullLocker({ amplificationBytesMax: 2 * SURPLUS, amplificationBytesPerSecond: 100 });
    expect(bench.sendDatagram(peek)).toHaveLength(1_034);
    expect(bench.sendDatagram(peek)).toHaveLength(1_034);
    bench.emitted.length = 0;
    expect(bench.sendDatagram(peek)).toBeUndefined();
    const suppressed = { type: "suppressed", peer: "client:7", sizeBytes: 1_034 };
    expect(bench.emitted.filter((event) => (event as { type: string }).type === "suppressed")).toEqual([suppressed]);
    // By connection, and of no more than was asked, as often as anybody likes.
    expect(bench.reply(bench.send(peek))!.header.status).toBe(241);
    for (let i = 0; i < 1_000; i++) expect(bench.askDatagram(detect).header.status).toBe(241);
    pass(bench, SURPLUS * 10);
    expect(bench.sendDatagram(peek)).toHaveLength(1_034);
    expect(bench.sendDatagram(peek)).toBeUndefined();
  });

  it("pay for their answers with what they carry beyond the request", () => {
    const bench = fullLocker({ amplificationBytesMax: 0 });
    expect(bench.sendDatagram(peek)).toBeUndefined();
    expect(bench.sendDatagram(concatBytes(peek, new Uint8Array(SURPLUS)))).toHaveLength(1_034);
  });

  it("leave nothing behind when their time is over", () => {
    const bench = fullLocker({});
    bench.sendDatagram(peek);
    expect(bench.node.nextWakeMs()).not.toBe(Infinity);
    pass(bench, 10_000);
    expect(bench.node.nextWakeMs()).toBe(Infinity);
  });
});
