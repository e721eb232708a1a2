/** Tests of requests whose key or coins wait for the disk. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { anOf, bodyOf, Harness, nameOf, request as clearRequest } from "../harness.js";
import { seal, unseal, type Seal } from "../node-crypto.js";
import { ascii, askSealed, coin, PAN, encryptedHarness, SEALS, WRONG } from "../encrypted-harness.js";
import { DETECT, ECHO, POWN, VERSION } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

const OF_COINS: readonly Seal[] = [SEALS[1], SEALS[4], SEALS[5]];
const NOTHING = new Uint8Array(0);
const headerBytes = ({ type }: Seal): number => (type <= 2 ? 32 : 48);

/** A server whose disk waits for `release`. */
function slowHarness(): Harness {
  const harness = encryptedHarness({ type45Layout: "natural", ticketLifeMs: Infinity });
  harness.holdsDisk = true;
  return harness;
}

/** No link is open, and no disk operation or timer is pending. */
function expectQuiet(harness: Harness): void {
  expect(harness.open.size).toBe(0);
  expect(harness.held).toHaveLength(0);
  expect(harness.machine.nextWakeMs()).toBe(Infinity);
}

describe.each(OF_COINS)("type $type", (how) => {
  const request = seal(how, ...VERSION, ascii("anything"));
  const [header, body] = [request.slice(0, headerBytes(how)), request.slice(headerBytes(how))];

  it("is answered when the key comes after the body", () => {
    const harness = slowHarness();
    const link = harness.send(header, body);
    expect(harness.written.get(link)).toBeUndefined();
    harness.release();
    expect(unseal(how, request, harness.written.get(link)!).payload).toEqual(ascii("20261121"));
    expectQuiet(harness);
  });

  it("is answered when the key comes before the body, or within it", () => {
    for (const cut of [0, 1, 20, body.length - 1]) {
      const harness = slowHarness();
      const link = harness.send(header, body.slice(0, cut));
      harness.release();
      expect(harness.written.get(link)).toBeUndefined();
      harness.step({ type: "bytes", link, bytes: body.slice(cut) });
      expect(unseal(how, request, harness.written.get(link)!).status).toBe(Status.success);
    }
  });

  it("is refused for a missing key coin as soon as the disk answers, at any point of the body", () => {
    for (const cut of [0, 5, body.length]) {
      const harness = slowHarness();
      harness.pages.delete("coins/02/0000");
      const link = harness.send(header, body.slice(0, cut));
      harness.release();
      expect(harness.written.get(link)![2]).toBe(
        how.type === 1 ? Status.errorEncryptionKeyNotFound : Status.errorEncryptionCoinNotFound,
      );
      expectQuiet(harness);
      // The rest of the body is ignored.
      harness.step({ type: "bytes", link, bytes: body.slice(cut) });
      harness.step({ type: "closed", link });
      expect(harness.events).toHaveLength(1);
    }
  });

  it("says that the disk failed, not that the coin is missing, and asks it again the next time", () => {
    const harness = slowHarness();
    const link = harness.send(header, body);
    harness.diskFails = true;
    harness.release();
    expect(harness.written.get(link)![2]).toBe(Status.errorFilesystem);
    harness.diskFails = false;
    harness.holdsDisk = false;
    expect(askSealed(harness, how, ...ECHO).status).toBe(Status.success);
  });

  it.each([0, 5])("does nothing for a connection that closes with %i bytes of its body", (cut) => {
    for (const isMissing of [false, true]) {
      const harness = slowHarness();
      if (isMissing) harness.pages.clear();
      const link = harness.send(header, body.slice(0, cut));
      harness.step({ type: "closed", link });
      harness.release();
      expect([harness.written.size, harness.events.length]).toEqual([0, 0]);
      expectQuiet(harness);
    }
  });

  it("is carried out if the connection closes after the complete request", () => {
    const harness = slowHarness();
    const link = harness.send(seal(how, ...POWN, concatBytes(coin(5), PAN)));
    harness.step({ type: "closed", link });
    harness.release();
    expect(harness.written.size).toBe(0);
    expect(harness.kept(1, 5).an).toEqual(PAN);
    expectQuiet(harness);
  });

  it("has no deadline while the disk works, and the usual one for its body", () => {
    const harness = slowHarness();
    const whole = harness.send(request);
    const half = harness.send(header);
    harness.nowMs += 10_000;
    harness.step({ type: "wake" });
    expect([harness.open.has(whole), harness.open.has(half)]).toEqual([true, false]);
    harness.release();
    expect(harness.written.get(whole)![2]).toBe(Status.success);
    expect(harness.written.has(half)).toBe(false);
    expectQuiet(harness);
  });

  it("answers complete requests when the server stops", () => {
    const harness = slowHarness();
    const whole = harness.send(request);
    harness.send(header);
    harness.step({ type: "stop" });
    expect([...harness.open]).toEqual([whole]);
    harness.release();
    expect(harness.written.get(whole)![2]).toBe(Status.success);
    expectQuiet(harness);
  });
});

describe("a request under the coin that it powns", () => {
  const [{ denomination, serial }] = SEALS[1].coins;
  const self = (how: Seal, pan: Uint8Array): Uint8Array =>
    seal(how, ...POWN, concatBytes(nameOf(denomination, serial), anOf(denomination, serial), pan));

  it.each(OF_COINS)("is answered under the old number, type $type", (how) => {
    const harness = encryptedHarness({ type45Layout: "natural" });
    const request = self(how, PAN);
    expect(unseal(how, request, harness.ask(request).bytes).status).toBe(Status.allPass);
    expect(harness.kept(denomination, serial).an).toEqual(PAN);
    const renewed: Seal = { ...how, secrets: [PAN, ...how.secrets.slice(1)] };
    expect(askSealed(harness, renewed, ...VERSION).payload).toEqual(ascii("20261121"));
  });

  it("does not change the key of one whose header was there before", () => {
    const harness = encryptedHarness();
    const waiting = seal(SEALS[1], ...DETECT, concatBytes(coin(5), coin(6, WRONG)));
    const link = harness.send(waiting.slice(0, 40));
    harness.ask(self(SEALS[1], PAN));
    harness.step({ type: "bytes", link, bytes: waiting.slice(40) });
    expect(unseal(SEALS[1], waiting, harness.written.get(link)!)).toMatchObject({
      status: Status.mixed,
      payload: Uint8Array.of(1),
    });
  });

  it("makes one that comes while it is stored wait for the new number", () => {
    const harness = encryptedHarness();
    harness.ask(self(SEALS[1], anOf(denomination, serial)));
    harness.holdsDisk = true;
    const powning = harness.send(self(SEALS[1], PAN));
    const renewed: Seal = { ...SEALS[1], secrets: [PAN] };
    const early = seal(renewed, ...ECHO, NOTHING);
    const link = harness.send(early);
    expect(harness.written.has(link)).toBe(false);
    harness.release();
    expect(harness.written.get(powning)![2]).toBe(Status.allPass);
    expect(unseal(renewed, early, harness.written.get(link)!).status).toBe(Status.success);
  });
});

describe("datagrams that wait for the disk", () => {
  it("are at most 4,096: the server drops more, and takes others once these are answered", () => {
    const harness = new Harness();
    for (const serial of [5, 5_000]) harness.put(1, serial);
    const detect = (serial: number): Uint8Array =>
      clearRequest(...DETECT, bodyOf(concatBytes(nameOf(1, serial), anOf(1, serial))));
    harness.holdsDisk = true;
    for (let i = 0; i < 5_000; i++) expect(harness.sendDatagram(detect(5))).toBeUndefined();
    expect(harness.events).toEqual(Array.from({ length: 904 }, () => ({ type: "dropped", reason: "crowded" })));
    // A connection is not affected.
    const link = harness.send(detect(5_000));
    harness.release();
    expect(harness.datagrams).toHaveLength(4_096);
    expect(harness.reply(link)!.header.status).toBe(Status.allPass);
    for (let i = 0; i < 5_000; i++) expect(harness.askDatagram(detect(5)).header.status).toBe(Status.allPass);
  });
});
