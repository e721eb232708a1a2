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
import { anOf, Bench, CHALLENGE, changed, request } from "../harness.js";

const wrong = new Uint8Array(16).fill(9);
const coin = (serial: number, an = anOf(1, serial)) => ({ denomination: 1, serial, an });
const detect = (...coins: ReturnType<typeof coin>[]) =>
  request(1, 10, encodeDetectRequest({ challenge: CHALLENGE, coins }));
const pown = (...coins: (ReturnType<typeof coin> & { pan: Uint8Array })[]) =>
  request(1, 20, encodePownRequest({ challenge: CHALLENGE, coins }));
const getTicket = (...coins: ReturnType<typeof coin>[]) =>
  request(2, 40, encodeGetTicketRequest({ challenge: CHALLENGE, coins }));
const validate = (claimerId: number, ticket: number) =>
  request(2, 50, encodeValidateTicketRequest({ challenge: CHALLENGE, claimerId, ticket }));

describe("detect and pown", () => {
  it("tells coins apart, unknown pages among them", () => {
    const bench = new Bench();
    bench.put(1, 5);
    bench.put(1, 6);
    expect(bench.ask(detect(coin(5), coin(6))).header.status).toBe(Status.allPass);
    expect(bench.ask(detect(coin(5, wrong), coin(900_000))).header.status).toBe(Status.allFail);
    const mixed = bench.ask(detect(coin(5), coin(6, wrong), coin(2_000_000), coin(6)));
    expect(mixed.header.status).toBe(Status.mixed);
    expect(decodeMixedReply(mixed.body, 4).passed).toEqual([true, false, false, true]);
  });

  it("keeps 16 bits of a page number in reference alone", () => {
    const alias = coin(5 + 2 ** 26, anOf(1, 5));
    for (const [profile, status] of [
      ["strict", Status.allFail],
      ["reference", Status.allPass],
    ] as const) {
      const bench = new Bench({ profile });
      bench.put(1, 5);
      expect(bench.ask(detect(alias)).header.status).toBe(status);
    }
  });

  it("takes coins one after the other, those that share a record too", () => {
    const bench = new Bench({ profile: "reference" });
    bench.put(1, 5);
    const twin = { ...coin(5 + 2 ** 26, anOf(1, 5)), pan: new Uint8Array(16).fill(8) };
    const mixed = bench.ask(pown({ ...coin(5), pan: wrong }, twin, { ...coin(5, wrong), pan: anOf(1, 6) }));
    expect(decodeMixedReply(mixed.body, 3).passed).toEqual([true, false, true]);
    expect(bench.kept(1, 5).an).toEqual(anOf(1, 6));
  });

  it("accepts a new number that is the old one", () => {
    const bench = new Bench();
    bench.put(1, 5);
    expect(bench.ask(pown({ ...coin(5), pan: anOf(1, 5) })).header.status).toBe(Status.allPass);
    expect(bench.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 45 });
  });

  it("changes a number and its month, and acknowledges when both are stored", () => {
    const bench = new Bench();
    bench.put(1, 5);
    bench.ask(detect(coin(5)));
    bench.holdsDisk = true;
    const link = bench.send(pown({ ...coin(5), pan: wrong }));
    const reader = bench.send(detect(coin(5, wrong)));
    expect(bench.reply(link)).toBeUndefined();
    expect(bench.reply(reader)).toBeUndefined();
    bench.release();
    expect(bench.reply(link)!.header.status).toBe(Status.allPass);
    expect(bench.reply(reader)!.header.status).toBe(Status.allPass);
    expect(bench.kept(1, 5)).toEqual({ an: wrong, mfs: 45 });
  });

  it("lets the first of two powns win, and no number is lost", () => {
    const bench = new Bench();
    bench.put(1, 5);
    bench.holdsDisk = true;
    const first = bench.send(pown({ ...coin(5), pan: wrong }));
    const second = bench.send(pown({ ...coin(5), pan: new Uint8Array(16).fill(8) }));
    bench.release();
    expect(bench.reply(first)!.header.status).toBe(Status.allPass);
    expect(bench.reply(second)!.header.status).toBe(Status.allFail);
    expect(bench.kept(1, 5).an).toEqual(wrong);
  });

  it("takes the new number back when the disk refuses", () => {
    const bench = new Bench();
    bench.put(1, 5);
    bench.ask(detect(coin(5)));
    bench.diskFails = true;
    expect(bench.ask(pown({ ...coin(5), pan: wrong })).header.status).toBe(Status.errorFilesystem);
    bench.diskFails = false;
    expect(bench.ask(detect(coin(5))).header.status).toBe(Status.allPass);
  });

  it("says that the disk failed, whichever of several pages it was, and whenever", () => {
    const both = detect(coin(5), coin(5_000));
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      for (const broken of [0, 1]) {
        const bench = new Bench();
        bench.put(1, 5);
        bench.put(1, 5_000);
        bench.holdsDisk = true;
        const link = bench.send(both);
        const loads = bench.held.splice(0);
        for (const i of order) {
          bench.diskFails = i === broken;
          loads[i]!();
        }
        expect(bench.reply(link)!.header.status).toBe(Status.errorFilesystem);
        bench.diskFails = false;
        bench.holdsDisk = false;
        expect(bench.ask(both).header.status).toBe(Status.allPass);
      }
    }
  });

  it("says that the disk failed rather than that the coin did", () => {
    const bench = new Bench();
    bench.put(1, 5);
    bench.diskFails = true;
    expect(bench.ask(detect(coin(5))).header.status).toBe(Status.errorFilesystem);
    bench.diskFails = false;
    expect(bench.ask(detect(coin(5))).header.status).toBe(Status.allPass);
  });
});

describe("tickets", () => {
  it("name the coins that passed, once for each claimer", () => {
    const bench = new Bench();
    bench.put(1, 5);
    bench.put(1, 6);
    const mixed = bench.ask(getTicket(coin(5), coin(6, wrong)));
    const { passed, ticket } = decodeGetTicketMixedReply(mixed.body, 2);
    expect(passed).toEqual([true, false]);
    const claim = bench.ask(validate(7, ticket));
    expect(claim.header.status).toBe(Status.success);
    expect(decodeValidateTicketReply(claim.body).coins).toEqual([{ denomination: 1, serial: 5 }]);
    expect(bench.ask(validate(7, ticket)).header.status).toBe(Status.errorTicketClaimedAlready);
    expect(bench.ask(validate(8, ticket)).header.status).toBe(Status.success);
    expect(bench.ask(validate(8, ticket ^ 1)).header.status).toBe(Status.errorNoTicketFound);
    expect(bench.ask(changed(validate(8, ticket), { 48: 25 })).header.status).toBe(Status.errorWrongRaida);
  });

  it("are not given for unknown pages, nor when none passes", () => {
    const bench = new Bench();
    bench.put(1, 5);
    expect(bench.ask(getTicket(coin(5), coin(900_000))).header.status).toBe(Status.errorSerialOrDenomination);
    expect(bench.ask(getTicket(coin(5, wrong))).header).toMatchObject({ status: Status.allFail, bodyLength: 0 });
  });

  it("run out, and come back when they expire; in reference they do not", () => {
    for (const profile of ["strict", "reference"] as const) {
      const bench = new Bench({ ticketSlots: 2, profile });
      bench.put(1, 5);
      bench.ask(getTicket(coin(5)));
      bench.nowMs += 100_000;
      const { ticket } = decodeGetTicketReply(bench.ask(getTicket(coin(5))).body);
      expect(bench.ask(getTicket(coin(5))).header.status).toBe(Status.errorNoTicketSlot);
      bench.nowMs += 200_000;
      const later = bench.ask(getTicket(coin(5))).header.status;
      expect(later).toBe(profile === "strict" ? Status.allPass : Status.errorNoTicketSlot);
      expect(bench.ask(validate(7, ticket)).header.status).toBe(Status.success);
    }
  });
});

describe("find", () => {
  it("says which of two numbers a coin has", () => {
    const bench = new Bench();
    for (const serial of [5, 6, 7]) bench.put(1, serial);
    const find = (...coins: (ReturnType<typeof coin> & { pan: Uint8Array })[]) =>
      bench.ask(request(2, 60, encodeFindRequest({ challenge: CHALLENGE, coins })));
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
