/** Tests of timeouts and limits against attackers. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { DEFAULT_LIMITS, type Limits } from "../../../../src/limits.js";
import { anOf, Harness, bodyOf, changed, nameOf, request } from "../harness.js";
import { seal } from "../node-crypto.js";
import { LOCKER_KEY, SEALS } from "../encrypted-harness.js";
import { DETECT, PEEK } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

const coin = (serial: number): Uint8Array => concatBytes(nameOf(1, serial), anOf(1, serial));
const detect = request(...DETECT, bodyOf(coin(900)));
const { idleTimeoutMs, headerTimeoutMs, frameTimeoutMs } = DEFAULT_LIMITS;

function harnessOf(limits: Partial<Limits> = {}): Harness {
  const harness = new Harness({ limits });
  harness.put(1, 900);
  return harness;
}

/** Lets time pass, and wakes the server whenever it asks for it. */
function pass(harness: Harness, ms: number): void {
  const endMs = harness.nowMs + ms;
  for (let nextMs = harness.machine.nextWakeMs(); nextMs <= endMs; nextMs = harness.machine.nextWakeMs()) {
    harness.nowMs = Math.max(harness.nowMs, nextMs);
    harness.step({ type: "wake" });
  }
  harness.nowMs = endMs;
}

describe("a connection", () => {
  it("on which nothing comes is closed", () => {
    const harness = harnessOf();
    const link = harness.send();
    pass(harness, idleTimeoutMs - 1);
    expect(harness.open).toContain(link);
    pass(harness, 1);
    expect(harness.open).not.toContain(link);
    expect(harness.events).toEqual([{ type: "dropped", reason: "slow" }]);
    expect(harness.machine.nextWakeMs()).toBe(Infinity);
  });

  it("on which a byte a second comes is closed while the header is not whole", () => {
    const harness = harnessOf();
    const link = harness.send();
    pass(harness, idleTimeoutMs - 1);
    for (let at = 0; harness.open.has(link); at++) {
      harness.step({ type: "bytes", link, bytes: detect.slice(at, at + 1) });
      pass(harness, 1_000);
      expect(at).toBeLessThan(headerTimeoutMs / 1_000);
    }
    expect(harness.written.size).toBe(0);
  });

  it("on which a byte a second comes behind a header is closed at the deadline of the whole", () => {
    const harness = harnessOf();
    const link = harness.send(detect.slice(0, 32));
    let seconds = 0;
    for (; harness.open.has(link); seconds++) {
      harness.step({ type: "bytes", link, bytes: detect.slice(32 + seconds, 33 + seconds) });
      pass(harness, 1_000);
    }
    expect(seconds).toBe(frameTimeoutMs / 1_000);
    expect(harness.written.size).toBe(0);
  });

  it("whose header comes late has no more time for the whole", () => {
    const harness = harnessOf();
    const link = harness.send(detect.slice(0, 31));
    pass(harness, headerTimeoutMs - 1);
    harness.step({ type: "bytes", link, bytes: detect.slice(31, 40) });
    pass(harness, frameTimeoutMs - headerTimeoutMs);
    expect(harness.open).toContain(link);
    pass(harness, 1);
    expect(harness.open).not.toContain(link);
  });

  it("has no deadline once its request is whole, however long the disk takes", () => {
    const harness = harnessOf();
    harness.holdsDisk = true;
    const link = harness.send(detect);
    pass(harness, 10 * frameTimeoutMs);
    harness.release();
    expect(harness.reply(link)!.header.status).toBe(Status.allPass);
  });

  it("whose header announces more than the limit gets errorPacketLength at once, unless the header is wrong", () => {
    const harness = harnessOf({ frameBytesMax: 32 + 100 });
    const long = request(...DETECT, new Uint8Array(101));
    expect(harness.reply(harness.send(long.slice(0, 32)))!.header.status).toBe(Status.errorPacketLength);
    expect(harness.reply(harness.send(changed(long, { 7: 9 }).slice(0, 32)))!.header.status).toBe(Status.errorCoinId);
    expect(harness.reply(harness.send(detect))!.header.status).toBe(Status.allPass);
  });

  it("that has waited longest is dropped when three of four links hold incomplete requests", () => {
    const harness = harnessOf({ linksMax: 8 });
    harness.holdsDisk = true;
    const whole = harness.send(detect);
    const slow = Array.from({ length: 6 }, (_, i) => harness.send(detect.slice(0, i)));
    expect(harness.open.size).toBe(7);
    slow.push(harness.send(), harness.send(detect.slice(0, 40)));
    expect([...harness.open]).toEqual([whole, ...slow.slice(2)]);
    expect(harness.events).toEqual(Array.from({ length: 2 }, () => ({ type: "dropped", reason: "crowded" })));
    harness.release();
    expect(harness.reply(whole)!.header.status).toBe(Status.allPass);
    const last = slow.at(-1)!;
    harness.step({ type: "bytes", link: last, bytes: detect.slice(40) });
    expect(harness.reply(last)!.header.status).toBe(Status.allPass);
  });
});

describe("datagrams", () => {
  /** A locker of 200 coins, whose names make 1,000 bytes. */
  const peek = seal(SEALS[2], ...PEEK, LOCKER_KEY);
  const SURPLUS = 34 + 1_000 - peek.length;
  function fullLocker(limits: Partial<Limits>): Harness {
    const harness = harnessOf(limits);
    const coins = Array.from({ length: 200 }, (_, serial) => ({ denomination: 1, serial }));
    for (const { serial } of coins) harness.put(1, serial, LOCKER_KEY);
    harness.machine.lockers.put(LOCKER_KEY, coins);
    return harness;
  }

  it("are suppressed once they would amplify beyond the limit, and counted", () => {
    const harness = fullLocker({ amplificationBytesMax: 2 * SURPLUS, amplificationBytesPerSecond: 100 });
    expect(harness.sendDatagram(peek)).toHaveLength(1_034);
    expect(harness.sendDatagram(peek)).toHaveLength(1_034);
    harness.events.length = 0;
    expect(harness.sendDatagram(peek)).toBeUndefined();
    const suppressed = { type: "suppressed", peer: "client:7", sizeBytes: 1_034 };
    expect(harness.events.filter((event) => (event as { type: string }).type === "suppressed")).toEqual([suppressed]);
    // By connection, and of no more than was asked, as often as anybody likes.
    expect(harness.reply(harness.send(peek))!.header.status).toBe(Status.allPass);
    for (let i = 0; i < 1_000; i++) expect(harness.askDatagram(detect).header.status).toBe(Status.allPass);
    pass(harness, SURPLUS * 10);
    expect(harness.sendDatagram(peek)).toHaveLength(1_034);
    expect(harness.sendDatagram(peek)).toBeUndefined();
  });

  it("pay for their answers with what they carry beyond the request", () => {
    const harness = fullLocker({ amplificationBytesMax: 0 });
    expect(harness.sendDatagram(peek)).toBeUndefined();
    expect(harness.sendDatagram(concatBytes(peek, new Uint8Array(SURPLUS)))).toHaveLength(1_034);
  });

  it("leave no timer when their account has expired", () => {
    const harness = fullLocker({});
    harness.sendDatagram(peek);
    expect(harness.machine.nextWakeMs()).not.toBe(Infinity);
    pass(harness, 10_000);
    expect(harness.machine.nextWakeMs()).toBe(Infinity);
  });
});
