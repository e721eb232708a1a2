import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { anOf, nameOf, type Bench } from "../harness.js";
import { seal, unseal, type Seal } from "../sealed.js";
import { ascii, askSealed, coin, PAN, sealedNode, SEALS, WRONG } from "../sealed-server.js";

const OF_COINS: readonly Seal[] = [SEALS[1], SEALS[4], SEALS[5]];
const NOTHING = new Uint8Array(0);
const headerBytes = ({ type }: Seal): number => (type <= 2 ? 32 : 48);

/** A node whose disk waits for `release`. */
function slowNode(): Bench {
  const bench = sealedNode({ type45Layout: "natural", ticketLifeMs: Infinity });
  bench.holdsDisk = true;
  return bench;
}

/** Nothing is open, and nothing will happen of itself. */
function expectQuiet(bench: Bench): void {
  expect(bench.open.size).toBe(0);
  expect(bench.held).toHaveLength(0);
  expect(bench.node.nextWakeMs()).toBe(Infinity);
}

describe.each(OF_COINS)("type $type", (how) => {
  const request = seal(how, 0, 1, ascii("anything"));
  const [header, body] = [request.slice(0, headerBytes(how)), request.slice(headerBytes(how))];

  it("is answered when the key comes after the body", () => {
    const bench = slowNode();
    const link = bench.send(header, body);
    expect(bench.written.get(link)).toBeUndefined();
    bench.release();
    expect(unseal(how, request, bench.written.get(link)!).payload).toEqual(ascii("20261121"));
    expectQuiet(bench);
  });

  it("is answered when the key comes before the body, or within it", () => {
    for (const cut of [0, 1, 20, body.length - 1]) {
      const bench = slowNode();
      const link = bench.send(header, body.slice(0, cut));
      bench.release();
      expect(bench.written.get(link)).toBeUndefined();
      bench.step({ type: "bytes", link, bytes: body.slice(cut) });
      expect(unseal(how, request, bench.written.get(link)!).status).toBe(250);
    }
  });

  it("gives its refusal for a missing coin as soon as the disk has it, whatever of the body is there", () => {
    for (const cut of [0, 5, body.length]) {
      const bench = slowNode();
      bench.pages.delete("coins/02/0000");
      const link = bench.send(header, body.slice(0, cut));
      bench.release();
      expect(bench.written.get(link)![2]).toBe(how.type === 1 ? 34 : 25);
      expectQuiet(bench);
      // The rest of the body is for nobody.
      bench.step({ type: "bytes", link, bytes: body.slice(cut) });
      bench.step({ type: "closed", link });
      expect(bench.emitted).toHaveLength(1);
    }
  });

  it("says that the disk failed, not that the coin is missing, and asks it again the next time", () => {
    const bench = slowNode();
    const link = bench.send(header, body);
    bench.diskFails = true;
    bench.release();
    expect(bench.written.get(link)![2]).toBe(194);
    bench.diskFails = false;
    bench.holdsDisk = false;
    expect(askSealed(bench, how, 0, 0).status).toBe(250);
  });

  it.each([0, 5])("does nothing for a connection that closes with %i bytes of its body", (cut) => {
    for (const isMissing of [false, true]) {
      const bench = slowNode();
      if (isMissing) bench.pages.clear();
      const link = bench.send(header, body.slice(0, cut));
      bench.step({ type: "closed", link });
      bench.release();
      expect([bench.written.size, bench.emitted.length]).toEqual([0, 0]);
      expectQuiet(bench);
    }
  });

  it("says nothing on a connection that closes behind the whole request, though it is carried out", () => {
    const bench = slowNode();
    const link = bench.send(seal(how, 1, 20, concatBytes(coin(5), PAN)));
    bench.step({ type: "closed", link });
    bench.release();
    expect(bench.written.size).toBe(0);
    expect(bench.kept(1, 5).an).toEqual(PAN);
    expectQuiet(bench);
  });

  it("waits as long as the disk does, and for a body no longer than for any", () => {
    const bench = slowNode();
    const whole = bench.send(request);
    const half = bench.send(header);
    bench.nowMs += 10_000;
    bench.step({ type: "wake" });
    expect([bench.open.has(whole), bench.open.has(half)]).toEqual([true, false]);
    bench.release();
    expect(bench.written.get(whole)![2]).toBe(250);
    expect(bench.written.has(half)).toBe(false);
    expectQuiet(bench);
  });

  it("finishes what is whole when the node stops", () => {
    const bench = slowNode();
    const whole = bench.send(request);
    bench.send(header);
    bench.step({ type: "stop" });
    expect([...bench.open]).toEqual([whole]);
    bench.release();
    expect(bench.written.get(whole)![2]).toBe(250);
    expectQuiet(bench);
  });
});

describe("a request under the coin that it powns", () => {
  const [{ denomination, serial }] = SEALS[1].coins;
  const self = (how: Seal, pan: Uint8Array): Uint8Array =>
    seal(how, 1, 20, concatBytes(nameOf(denomination, serial), anOf(denomination, serial), pan));

  it.each(OF_COINS)("is answered under the old number, type $type", (how) => {
    const bench = sealedNode({ type45Layout: "natural" });
    const request = self(how, PAN);
    expect(unseal(how, request, bench.ask(request).bytes).status).toBe(241);
    expect(bench.kept(denomination, serial).an).toEqual(PAN);
    const renewed: Seal = { ...how, secrets: [PAN, ...how.secrets.slice(1)] };
    expect(askSealed(bench, renewed, 0, 1).payload).toEqual(ascii("20261121"));
  });

  it("does not change the key of one whose header was there before", () => {
    const bench = sealedNode();
    const waiting = seal(SEALS[1], 1, 10, concatBytes(coin(5), coin(6, WRONG)));
    const link = bench.send(waiting.slice(0, 40));
    bench.ask(self(SEALS[1], PAN));
    bench.step({ type: "bytes", link, bytes: waiting.slice(40) });
    expect(unseal(SEALS[1], waiting, bench.written.get(link)!)).toMatchObject({
      status: 243,
      payload: Uint8Array.of(1),
    });
  });

  it("makes one that comes while it is stored wait for the new number", () => {
    const bench = sealedNode();
    bench.ask(self(SEALS[1], anOf(denomination, serial)));
    bench.holdsDisk = true;
    const powning = bench.send(self(SEALS[1], PAN));
    const renewed: Seal = { ...SEALS[1], secrets: [PAN] };
    const early = seal(renewed, 0, 0, NOTHING);
    const link = bench.send(early);
    expect(bench.written.has(link)).toBe(false);
    bench.release();
    expect(bench.written.get(powning)![2]).toBe(241);
    expect(unseal(renewed, early, bench.written.get(link)!).status).toBe(250);
  });
});
