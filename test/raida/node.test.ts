import { describe, expect, it } from "vitest";
import { concatBytes } from "../../src/bytes/index.js";
import {
  decodeFindMixedReply,
  decodeGetTicketMixedReply,
  decodeGetTicketReply,
  decodeMixedReply,
  decodeResponseHeaderModern,
  decodeValidateTicketReply,
  encodeDetectRequest,
  encodeEchoRequest,
  encodeFindRequest,
  encodeGetTicketRequest,
  encodePownRequest,
  encodeValidateTicketRequest,
  FindResult,
  Status,
} from "../../src/raida/index.js";
import { anOf, Bench, CHALLENGE, request } from "./harness.js";

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
const echo = request(0, 0, encodeEchoRequest({ challenge: CHALLENGE, payload: new Uint8Array(0) }));

function changed(bytes: Uint8Array, changes: Record<number, number>): Uint8Array {
  const copy = bytes.slice();
  for (const [at, value] of Object.entries(changes)) copy[Number(at)] = value;
  return copy;
}

describe("order of checks", () => {
  // Each row breaks its own rule and every later one: the first in the server's order answers.
  const steps: [Status, Record<number, number>][] = [
    [Status.errorRouting, { 0: 2 }],
    [Status.errorSplitId, { 1: 1 }],
    [Status.errorRaidaId, { 2: 4 }],
    [Status.errorCommandGroup, { 4: 16 }],
    [Status.errorShardId, { 3: 4 }],
    [Status.errorCommand, { 5: 99 }],
    [Status.errorCoinId, { 7: 7 }],
    [Status.errorEncryptionKeyNotFound, { 16: 1 }],
  ];
  it.each(steps.map(([status], i) => [status, i] as const))("answers %i before what comes after", (status, i) => {
    const changes = Object.assign({}, ...steps.slice(i).map(([, change]) => change)) as Record<number, number>;
    const reply = new Bench().ask(changed(echo, changes).subarray(0, 32));
    expect(reply.header.status).toBe(status);
    expect(reply.bytes).toHaveLength(32);
  });

  it("knows the group only from the coin id on, and repeats the echo only of what it has read", () => {
    const bad = new Bench().ask(changed(detect(coin(5)), { 5: 99 }));
    expect([bad.header.commandGroup, bad.header.echo]).toEqual([0, 0]);
    const other = new Bench().ask(changed(detect(coin(5)), { 7: 7 }));
    expect([other.header.commandGroup, other.header.echo]).toEqual([1, 0]);
  });

  it("waits for 48 bytes of an unknown encryption type and answers with as many", () => {
    const bench = new Bench();
    const bytes = changed(concatBytes(echo, new Uint8Array(16)), { 16: 9 });
    const link = bench.send(bytes.subarray(0, 47));
    expect(bench.written.get(link)).toBeUndefined();
    bench.step({ type: "bytes", link, bytes: bytes.slice(47, 48) });
    expect(decodeResponseHeaderModern(bench.written.get(link)!)).toMatchObject({
      status: Status.errorEncryptionCode,
      encryptionType: 9,
    });
    expect(new Set(decodeResponseHeaderModern(bench.written.get(link)!).nonce).size).toBeGreaterThan(1);
  });

  it("answers a bad header before the body is there", () => {
    const bench = new Bench();
    const link = bench.send(changed(detect(coin(5)), { 2: 7 }).subarray(0, 32));
    expect(bench.reply(link)?.header.status).toBe(Status.errorRaidaId);
    expect(bench.shut.has(link)).toBe(true);
  });

  it("then looks at framing, trailer, checksum and length", () => {
    const bench = new Bench();
    bench.put(1, 5);
    const sound = detect(coin(5));
    const short = changed(sound.subarray(0, 32 + 17), { 23: 17 });
    expect(bench.ask(short).header).toMatchObject({
      status: Status.errorPacketLength,
      challengeHash: new Uint8Array(16),
    });
    const trailer = bench.ask(changed(sound, { [sound.length - 1]: 0xe3 }));
    expect(trailer.header).toMatchObject({ status: Status.errorEof, challengeHash: new Uint8Array(16) });
    const crc = bench.ask(changed(sound, { 44: sound[44]! ^ 1 }));
    expect(crc.header.status).toBe(Status.errorCrc);
    expect(crc.header.challengeHash.subarray(0, 12)).toEqual(CHALLENGE);
    const twenty = concatBytes(sound.subarray(0, 48), new Uint8Array(20), Uint8Array.of(0x3e, 0x3e));
    expect(bench.ask(changed(twenty, { 23: 38 })).header.status).toBe(Status.errorPacketLength);
    const odd = concatBytes(sound.subarray(0, 48), new Uint8Array(22), Uint8Array.of(0x3e, 0x3e));
    expect(bench.ask(changed(odd, { 23: 40 })).header.status).toBe(Status.errorCoinsNotDivisible);
  });

  it("runs echo and version without a body, and nothing else", () => {
    const bench = new Bench();
    const bare = (group: number, command: number): Uint8Array => request(group, command, new Uint8Array(0));
    expect(bench.ask(bare(0, 0)).header.status).toBe(Status.success);
    expect(new TextDecoder().decode(bench.ask(bare(0, 1)).body)).toBe("20250323>>");
    expect(bench.ask(bare(1, 10)).header).toMatchObject({
      status: Status.errorEmptyRequest,
      challengeHash: new Uint8Array(16),
    });
  });
});

describe("a connection", () => {
  it("gives the same answer however the request is cut", () => {
    const bytes = detect(coin(5), coin(6, wrong));
    const answers = Array.from({ length: bytes.length + 1 }, (_, cut) => {
      const bench = new Bench();
      bench.put(1, 5);
      bench.put(1, 6);
      return bench.reply(bench.send(bytes.subarray(0, cut), bytes.subarray(cut)))!.bytes;
    });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it("takes one request, and drops what follows", () => {
    const bench = new Bench();
    const link = bench.send(concatBytes(echo, echo));
    expect(bench.written.get(link)).toHaveLength(32);
    expect(bench.shut.has(link)).toBe(true);
  });

  it("is closed when no request comes, or half of one, or its sender ends", () => {
    const bench = new Bench();
    const idle = bench.send();
    const half = bench.send(echo.subarray(0, 40));
    const ended = bench.send(echo.subarray(0, 40));
    bench.step({ type: "ended", link: ended });
    expect([...bench.shut]).toEqual([ended]);
    while (bench.node.nextWakeMs() < Infinity) {
      bench.nowMs = bench.node.nextWakeMs();
      bench.step({ type: "wake" });
    }
    expect(bench.shut).toEqual(new Set([ended, half, idle]));
    expect(bench.nowMs).toBe(31_000);
  });

  it("says in microseconds how long the answer took", () => {
    const bench = new Bench();
    const link = bench.send(echo.subarray(0, 40));
    bench.nowMs += 12.5;
    bench.step({ type: "bytes", link, bytes: echo.slice(40) });
    expect(bench.reply(link)!.header.executionTimeUs).toBe(12_500);
  });
});

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
    while (bench.held.length > 0) bench.held.shift()!();
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
    while (bench.held.length > 0) bench.held.shift()!();
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
