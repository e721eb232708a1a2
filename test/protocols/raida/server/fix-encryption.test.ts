/** Tests of command 45, by which a server gets back the halves of a key. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import type { RaidaServerOptions } from "../../../../src/protocols/raida/index.js";
import { anOf, bodyOf, changed, request, type Harness, type Reply } from "../harness.js";
import { cServerOf, EE, FF, openTicket, qmailOf, recordOf, ticketOf, westOf } from "../key-tickets.js";
import { seal, unseal } from "../node-crypto.js";
import { MODERN_SEALS, encryptedHarness, SEALS } from "../encrypted-harness.js";
import { DETECT, FIX_ENCRYPTION } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

/** Command 45: the broken server takes the halves of a key. */

const COIN = { denomination: 1, serial: 5 };
const OTHER = { denomination: 1, serial: 6 };
const ANS = Array.from({ length: 25 }, (_, id) => Uint8Array.from({ length: 16 }, (__, i) => (id * 16 + i + 1) & 0xff));
const FIRST = Uint8Array.of(0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7);
const SECOND = Uint8Array.of(0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7);
/** The helpers. */
const [A, B] = [7, 24];

function serverOf(options: Partial<RaidaServerOptions> = {}): Harness {
  return encryptedHarness({ keyCoins: [{ ...COIN, ans: ANS }], ...options });
}
const half = (part: 0 | 1, helper: number, end = FF): Uint8Array =>
  ticketOf(ANS[helper]!, part === 0 ? FIRST : SECOND, COIN, end);
/** Both halves as records. */
const RECORDS = [recordOf(0, A, COIN, half(0, A)), recordOf(1, B, COIN, half(1, B))] as const;
const QMAIL = [
  concatBytes(Uint8Array.of(A, 0, 0), half(0, A, EE)),
  concatBytes(Uint8Array.of(B, 1, 0), half(1, B, EE)),
] as const;
const ask = (harness: Harness, payload: Uint8Array): Reply => harness.ask(request(...FIX_ENCRYPTION, bodyOf(payload)));
/** Verdicts of records in the west dialect. */
function verdicts(harness: Harness, ...records: Uint8Array[]): number[] {
  const { header, body } = ask(harness, westOf(COIN, ...records));
  expect([header.status, ...body.subarray(-2)]).toEqual([Status.success, 0x3e, 0x3e]);
  return [...body.subarray(0, -2)];
}

describe("command 45", () => {
  it.each([
    ["west", westOf(COIN, ...RECORDS), [1, 1, 0x3e, 0x3e]],
    ["c-server", cServerOf(COIN, ...RECORDS), [1, 1, 0, 0x3e, 0x3e]],
    ["qmail", qmailOf(COIN, ...QMAIL), [1, 1]],
  ] as const)("puts both halves together, %s", (_, payload, reply) => {
    const harness = serverOf();
    const { header, body } = ask(harness, payload);
    expect([header.status, header.bodyLength, ...body]).toEqual([Status.success, reply.length, ...reply]);
    expect(harness.kept(1, 5)).toEqual({ an: concatBytes(FIRST, SECOND), mfs: 45 });
    expect(harness.kept(1, 6)).toEqual({ an: anOf(1, 6), mfs: 0 });
  });

  it("takes either half alone, each in its place, in any order", () => {
    const harness = serverOf();
    expect(verdicts(harness, RECORDS[1])).toEqual([1]);
    expect(harness.kept(1, 5).an).toEqual(concatBytes(anOf(1, 5).subarray(0, 8), SECOND));
    expect(verdicts(harness, RECORDS[0])).toEqual([1]);
    expect(harness.kept(1, 5).an).toEqual(concatBytes(FIRST, SECOND));
    const turned = serverOf();
    expect(verdicts(turned, RECORDS[1], RECORDS[0])).toEqual([1, 1]);
    expect(turned.kept(1, 5).an).toEqual(concatBytes(FIRST, SECOND));
    const late = serverOf();
    expect(verdicts(late, RECORDS[0], recordOf(0, B, COIN, half(1, B)))).toEqual([1, 1]);
    expect(late.kept(1, 5).an).toEqual(concatBytes(SECOND, anOf(1, 5).subarray(8)));
  });

  it("decrypts each ticket with the AN of the coin at that helper", () => {
    for (let helper = 0; helper < 25; helper++) {
      expect(verdicts(serverOf(), recordOf(0, helper, COIN, half(0, helper)))).toEqual([1]);
      expect(verdicts(serverOf(), recordOf(0, helper, COIN, half(0, (helper + 1) % 25)))).toEqual([0]);
    }
    expect(verdicts(serverOf(), recordOf(0, 25, COIN, half(0, 0)), recordOf(0, 255, COIN, half(0, 0)))).toEqual([0, 0]);
  });

  it("uses the helper's id as an offset in bytes in reference, like the C server", () => {
    const joined = concatBytes(...ANS);
    for (const helper of [0, 1, 15, 16, 24]) {
      const an = joined.subarray(helper, helper + 16);
      const record = recordOf(0, helper, COIN, ticketOf(an, FIRST, COIN));
      expect([...ask(serverOf({ profile: "reference" }), cServerOf(COIN, record)).body.subarray(0, 2)]).toEqual([1, 0]);
      expect(verdicts(serverOf(), record)).toEqual([helper === 0 ? 1 : 0]);
    }
  });

  it("rejects every ticket that is not of that coin, and keeps its AN", () => {
    const harness = serverOf();
    const an = ANS[A]!;
    const rejected = [
      // Another marker; in the C layout, that of the qmail client is as good.
      recordOf(0, A, COIN, ticketOf(an, FIRST, COIN, Uint8Array.of(1, 2, 0xfe))),
      recordOf(0, A, COIN, ticketOf(an, FIRST, COIN, Uint8Array.of(1, 2, 0xee))),
      // Another coin inside.
      recordOf(0, A, COIN, ticketOf(an, FIRST, OTHER)),
      recordOf(0, A, COIN, ticketOf(an, FIRST, { denomination: 2, serial: 5 })),
      // Another half than 0 or 1, another kind of coin, bytes that nobody has made.
      recordOf(2, A, COIN, half(0, A)),
      recordOf(255, A, COIN, half(0, A)),
      recordOf(0, A, COIN, half(0, A), 7),
      recordOf(0, A, COIN, half(0, A), 0x0106),
      recordOf(0, A, COIN, new Uint8Array(16)),
      // Made under the nonce of another request.
      recordOf(0, A, COIN, ticketOf(an, FIRST, COIN, FF, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))),
    ];
    for (const record of rejected) expect(verdicts(harness, record)).toEqual([0]);
    expect(harness.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
    expect(verdicts(harness, ...rejected, RECORDS[0])).toEqual([...rejected.map(() => 0), 1]);
  });

  it("changes no coin but the one that it was asked to", () => {
    // Whoever knows what a ticket says can make it say something else: counter mode covers, it does not seal.
    const rewritten = half(0, A).map((byte, i) => (i === 12 ? byte ^ COIN.serial ^ OTHER.serial : byte));
    expect(openTicket(ANS[A]!, rewritten)[12]).toBe(OTHER.serial);
    const harness = serverOf();
    expect(verdicts(harness, recordOf(0, A, OTHER, rewritten))).toEqual([0]);
    expect([...ask(harness, cServerOf(COIN, recordOf(0, A, OTHER, rewritten))).body.subarray(0, 2)]).toEqual([0, 0]);
    expect(harness.kept(1, 6)).toEqual({ an: anOf(1, 6), mfs: 0 });
  });

  it("takes either marker in strict, and the C server's alone in reference", () => {
    const record = recordOf(0, 0, COIN, half(0, 0, EE));
    expect(verdicts(serverOf(), record)).toEqual([1]);
    expect(ask(serverOf({ profile: "reference" }), cServerOf(COIN, record)).body[0]).toBe(0);
    const qmail = concatBytes(Uint8Array.of(A, 0, 0), half(0, A, FF));
    expect([...ask(serverOf(), qmailOf(COIN, qmail)).body]).toEqual([1]);
  });

  it("gives each record of the qmail client its verdict", () => {
    const [first, second] = QMAIL;
    const otherSelector = changed(first, { 2: 1 });
    const otherHelper = changed(first, { 0: 25 });
    const reply = ask(serverOf(), qmailOf(COIN, first, otherSelector, otherHelper, changed(second, { 1: 2 }), second));
    expect([reply.header.status, ...reply.body]).toEqual([Status.success, 1, 0, 0, 0, 1]);
  });

  it("answers errorPacketLength below one record, and errorCoinsNotDivisible if the last one is cut", () => {
    const harness = serverOf();
    const whole = westOf(COIN, ...RECORDS);
    for (let length = 0; length < whole.length; length++) {
      const { status } = ask(harness, whole.slice(0, length)).header;
      expect([length, status]).toEqual([
        length,
        length < 31 ? Status.errorPacketLength : length === 31 ? Status.success : Status.errorCoinsNotDivisible,
      ]);
    }
    // Without the ten bytes at its end the C layout is no whole number of records.
    expect(ask(harness, cServerOf(COIN, ...RECORDS).slice(0, -10)).header.status).toBe(Status.errorCoinsNotDivisible);
    expect(harness.ask(request(...FIX_ENCRYPTION, new Uint8Array(0))).header.status).toBe(Status.errorPacketLength);
    // With 26 bytes fewer its last record ends behind the body: what is there of it is not read.
    const cut = ask(serverOf(), cServerOf(COIN, ...RECORDS).slice(0, -26));
    expect([cut.header.status, ...cut.body]).toEqual([Status.success, 1, 0, 0x3e, 0x3e]);
  });

  it("answers errorCoinLoad without the coin in keyCoins", () => {
    for (const coin of [OTHER, { denomination: -1, serial: 5 }]) {
      expect(ask(serverOf(), westOf(coin, ...RECORDS)).header).toMatchObject({
        status: Status.errorCoinLoad,
        bodyLength: 0,
      });
      expect(ask(serverOf(), qmailOf(coin, ...QMAIL)).header).toMatchObject({
        status: Status.errorCoinLoad,
        bodyLength: 0,
      });
    }
    expect(ask(encryptedHarness(), westOf(COIN, ...RECORDS)).header.status).toBe(Status.errorCoinLoad);
  });

  it("rejects every half of a coin on a page that it does not have", () => {
    const coin = { denomination: 1, serial: 900_000 };
    const harness = serverOf({ keyCoins: [{ ...coin, ans: ANS }] });
    const record = recordOf(0, A, coin, ticketOf(ANS[A]!, FIRST, coin));
    const { header, body } = ask(harness, westOf(coin, record, record));
    expect([header.status, ...body]).toEqual([Status.success, 0, 0, 0x3e, 0x3e]);
  });

  it("acknowledges after the store, and answers errorFilesystem if the disk fails", () => {
    const harness = serverOf();
    harness.ask(request(...DETECT, bodyOf(concatBytes(Uint8Array.of(1, 0, 0, 0, 5), anOf(1, 5)))));
    harness.holdsDisk = true;
    const link = harness.send(request(...FIX_ENCRYPTION, bodyOf(westOf(COIN, ...RECORDS))));
    expect(harness.reply(link)).toBeUndefined();
    harness.diskFails = true;
    harness.release();
    expect(harness.reply(link)!.header).toMatchObject({ status: Status.errorFilesystem, bodyLength: 0 });
    harness.diskFails = false;
    harness.holdsDisk = false;
    expect(harness.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
    expect(verdicts(harness, ...RECORDS)).toEqual([1, 1]);
  });

  it("counts tickets from its own request's nonce under types 1 and 2, from zero under 0, 4 and 5", () => {
    const nonce = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
    for (const how of [SEALS[1], SEALS[2]]) {
      const record = recordOf(0, A, COIN, ticketOf(ANS[A]!, FIRST, COIN, FF, nonce));
      const sealed = seal({ ...how, nonce }, ...FIX_ENCRYPTION, westOf(COIN, record, RECORDS[1]));
      const reply = unseal({ ...how, nonce }, sealed, serverOf().ask(sealed).bytes);
      expect([reply.status, ...reply.payload]).toEqual([Status.success, 1, 0]);
    }
    for (const how of MODERN_SEALS) {
      const sealed = seal(how, ...FIX_ENCRYPTION, westOf(COIN, ...RECORDS));
      const reply = unseal(how, sealed, serverOf({ type45Layout: "natural" }).ask(sealed).bytes);
      expect([reply.status, ...reply.payload]).toEqual([Status.success, 1, 1]);
    }
  });

  it("does not know the qmail client in reference, nor negative denominations", () => {
    const harness = serverOf({ profile: "reference" });
    expect(ask(harness, qmailOf(COIN, ...QMAIL)).header.status).toBe(Status.errorCoinsNotDivisible);
    const coin = { denomination: -3, serial: 2_000 };
    const keyCoins = [{ ...coin, ans: ANS }];
    const record = recordOf(0, 0, coin, ticketOf(ANS[0]!, FIRST, coin));
    expect(ask(serverOf({ profile: "reference", keyCoins }), cServerOf(coin, record)).body[0]).toBe(0);
    expect(ask(serverOf({ keyCoins }), cServerOf(coin, record)).body[0]).toBe(1);
  });
});
