/** Tests of detect, pown, tickets and find. */
import { describe, expect, it } from "vitest";
import {
  decodeFindMixedReply,
  decodeGetTicketMixedReply,
  decodeGetTicketReply,
  decodeMixedReply,
  decodeValidateTicketReply,
  encodeDetectRequest,
  encodeFindRequest,
  encodeGetTicketRequest,
  encodePownRequest,
  encodeValidateTicketRequest,
  FindResult,
  Status,
} from "../../../../src/protocols/raida/index.js";
import { anOf, Harness, CHALLENGE, changed, request } from "../harness.js";
import { DETECT, FIND, GET_TICKET, POWN, VALIDATE_TICKET } from "../commands.js";

const wrong = new Uint8Array(16).fill(9);
const coin = (serial: number, an = anOf(1, serial)) => ({ denomination: 1, serial, an });
const detect = (...coins: ReturnType<typeof coin>[]) =>
  request(...DETECT, encodeDetectRequest({ challenge: CHALLENGE, coins }));
const pown = (...coins: (ReturnType<typeof coin> & { pan: Uint8Array })[]) =>
  request(...POWN, encodePownRequest({ challenge: CHALLENGE, coins }));
const getTicket = (...coins: ReturnType<typeof coin>[]) =>
  request(...GET_TICKET, encodeGetTicketRequest({ challenge: CHALLENGE, coins }));
const validate = (claimerId: number, ticket: number) =>
  request(...VALIDATE_TICKET, encodeValidateTicketRequest({ challenge: CHALLENGE, claimerId, ticket }));

describe("detect and pown", () => {
  it("check each coin by itself, also on unknown pages", () => {
    const harness = new Harness();
    harness.put(1, 5);
    harness.put(1, 6);
    expect(harness.ask(detect(coin(5), coin(6))).header.status).toBe(Status.allPass);
    expect(harness.ask(detect(coin(5, wrong), coin(900_000))).header.status).toBe(Status.allFail);
    const mixed = harness.ask(detect(coin(5), coin(6, wrong), coin(2_000_000), coin(6)));
    expect(mixed.header.status).toBe(Status.mixed);
    expect(decodeMixedReply(mixed.body, 4).passed).toEqual([true, false, false, true]);
  });

  it("use 16 bits of a page number in reference only", () => {
    const alias = coin(5 + 2 ** 26, anOf(1, 5));
    for (const [profile, status] of [
      ["strict", Status.allFail],
      ["reference", Status.allPass],
    ] as const) {
      const harness = new Harness({ profile });
      harness.put(1, 5);
      expect(harness.ask(detect(alias)).header.status).toBe(status);
    }
  });

  it("process coins in order, also two that share a record", () => {
    const harness = new Harness({ profile: "reference" });
    harness.put(1, 5);
    const twin = { ...coin(5 + 2 ** 26, anOf(1, 5)), pan: new Uint8Array(16).fill(8) };
    const mixed = harness.ask(pown({ ...coin(5), pan: wrong }, twin, { ...coin(5, wrong), pan: anOf(1, 6) }));
    expect(decodeMixedReply(mixed.body, 3).passed).toEqual([true, false, true]);
    expect(harness.kept(1, 5).an).toEqual(anOf(1, 6));
  });

  it("accept a new AN that equals the old one", () => {
    const harness = new Harness();
    harness.put(1, 5);
    expect(harness.ask(pown({ ...coin(5), pan: anOf(1, 5) })).header.status).toBe(Status.allPass);
    expect(harness.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 45 });
  });

  it("change an AN and its month, and acknowledge after both are stored", () => {
    const harness = new Harness();
    harness.put(1, 5);
    harness.ask(detect(coin(5)));
    harness.holdsDisk = true;
    const link = harness.send(pown({ ...coin(5), pan: wrong }));
    const reader = harness.send(detect(coin(5, wrong)));
    expect(harness.reply(link)).toBeUndefined();
    expect(harness.reply(reader)).toBeUndefined();
    harness.release();
    expect(harness.reply(link)!.header.status).toBe(Status.allPass);
    expect(harness.reply(reader)!.header.status).toBe(Status.allPass);
    expect(harness.kept(1, 5)).toEqual({ an: wrong, mfs: 45 });
  });

  it("let the first of two concurrent powns win", () => {
    const harness = new Harness();
    harness.put(1, 5);
    harness.holdsDisk = true;
    const first = harness.send(pown({ ...coin(5), pan: wrong }));
    const second = harness.send(pown({ ...coin(5), pan: new Uint8Array(16).fill(8) }));
    harness.release();
    expect(harness.reply(first)!.header.status).toBe(Status.allPass);
    expect(harness.reply(second)!.header.status).toBe(Status.allFail);
    expect(harness.kept(1, 5).an).toEqual(wrong);
  });

  it("undo the new AN if the disk fails", () => {
    const harness = new Harness();
    harness.put(1, 5);
    harness.ask(detect(coin(5)));
    harness.diskFails = true;
    expect(harness.ask(pown({ ...coin(5), pan: wrong })).header.status).toBe(Status.errorFilesystem);
    harness.diskFails = false;
    expect(harness.ask(detect(coin(5))).header.status).toBe(Status.allPass);
  });

  it("answer errorFilesystem if any of several pages fails, in any order", () => {
    const both = detect(coin(5), coin(5_000));
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      for (const broken of [0, 1]) {
        const harness = new Harness();
        harness.put(1, 5);
        harness.put(1, 5_000);
        harness.holdsDisk = true;
        const link = harness.send(both);
        const loads = harness.held.splice(0);
        for (const i of order) {
          harness.diskFails = i === broken;
          loads[i]!();
        }
        expect(harness.reply(link)!.header.status).toBe(Status.errorFilesystem);
        harness.diskFails = false;
        harness.holdsDisk = false;
        expect(harness.ask(both).header.status).toBe(Status.allPass);
      }
    }
  });

  it("answer errorFilesystem, not a failed coin, if the disk fails", () => {
    const harness = new Harness();
    harness.put(1, 5);
    harness.diskFails = true;
    expect(harness.ask(detect(coin(5))).header.status).toBe(Status.errorFilesystem);
    harness.diskFails = false;
    expect(harness.ask(detect(coin(5))).header.status).toBe(Status.allPass);
  });
});

describe("tickets", () => {
  it("list the coins that passed, once for each claimer", () => {
    const harness = new Harness();
    harness.put(1, 5);
    harness.put(1, 6);
    const mixed = harness.ask(getTicket(coin(5), coin(6, wrong)));
    const { passed, ticket } = decodeGetTicketMixedReply(mixed.body, 2);
    expect(passed).toEqual([true, false]);
    const claim = harness.ask(validate(7, ticket));
    expect(claim.header.status).toBe(Status.success);
    expect(decodeValidateTicketReply(claim.body).coins).toEqual([{ denomination: 1, serial: 5 }]);
    expect(harness.ask(validate(7, ticket)).header.status).toBe(Status.errorTicketClaimedAlready);
    expect(harness.ask(validate(8, ticket)).header.status).toBe(Status.success);
    expect(harness.ask(validate(8, ticket ^ 1)).header.status).toBe(Status.errorNoTicketFound);
    expect(harness.ask(changed(validate(8, ticket), { 48: 25 })).header.status).toBe(Status.errorWrongRaida);
  });

  it("are not issued for unknown pages, or if no coin passes", () => {
    const harness = new Harness();
    harness.put(1, 5);
    expect(harness.ask(getTicket(coin(5), coin(900_000))).header.status).toBe(Status.errorSerialOrDenomination);
    expect(harness.ask(getTicket(coin(5, wrong))).header).toMatchObject({ status: Status.allFail, bodyLength: 0 });
  });

  it("run out, and become free when they expire, except in reference", () => {
    for (const profile of ["strict", "reference"] as const) {
      const harness = new Harness({ ticketSlots: 2, profile });
      for (const serial of [5, 6, 7]) harness.put(1, serial);
      harness.ask(getTicket(coin(5)));
      harness.nowMs += 100_000;
      const { ticket } = decodeGetTicketReply(harness.ask(getTicket(coin(6))).body);
      expect(harness.ask(getTicket(coin(7))).header.status).toBe(Status.errorNoTicketSlot);
      harness.nowMs += 200_000;
      const later = harness.ask(getTicket(coin(7))).header.status;
      expect(later).toBe(profile === "strict" ? Status.allPass : Status.errorNoTicketSlot);
      expect(harness.ask(validate(7, ticket)).header.status).toBe(Status.success);
    }
  });
});

describe("find", () => {
  it("tells which of two ANs a coin has", () => {
    const harness = new Harness();
    for (const serial of [5, 6, 7]) harness.put(1, serial);
    const find = (...coins: (ReturnType<typeof coin> & { pan: Uint8Array })[]) =>
      harness.ask(request(...FIND, encodeFindRequest({ challenge: CHALLENGE, coins })));
    expect(find({ ...coin(5), pan: wrong }).header.status).toBe(Status.findAllAn);
    expect(find({ ...coin(5, wrong), pan: anOf(1, 5) }).header.status).toBe(Status.findAllPan);
    expect(find({ ...coin(5, wrong), pan: wrong }).header.status).toBe(Status.findNeither);
    expect(find({ ...coin(5), pan: anOf(1, 5) }).header.status).toBe(Status.findAllAn);
    const mixed = find(
      { ...coin(5), pan: wrong },
      { ...coin(6, wrong), pan: anOf(1, 6) },
      { ...coin(7, wrong), pan: wrong },
    );
    expect(decodeFindMixedReply(mixed.body).results).toEqual([FindResult.an, FindResult.pan, FindResult.neither]);
    expect(find({ ...coin(900_000), pan: wrong }).header.status).toBe(Status.errorSerialOrDenomination);
  });
});
