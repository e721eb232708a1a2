import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import type { RaidaServerOptions } from "../../../../src/protocols/raida/index.js";
import { anOf, bodyOf, changed, request, type Bench, type Reply } from "../harness.js";
import { cServerOf, EE, FF, openTicket, qmailOf, recordOf, ticketOf, westOf } from "../key-tickets.js";
import { seal, unseal } from "../sealed.js";
import { MODERN_SEALS, sealedNode, SEALS } from "../sealed-server.js";

/** Command 45: the broken server takes the halves of a key. */

const COIN = { denomination: 1, serial: 5 };
const OTHER = { denomination: 1, serial: 6 };
const ANS = Array.from({ length: 25 }, (_, id) => Uint8Array.from({ length: 16 }, (__, i) => (id * 16 + i + 1) & 0xff));
const FIRST = Uint8Array.of(0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7);
const SECOND = Uint8Array.of(0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7);
/** The helpers. */
const [A, B] = [7, 24];

function node(options: Partial<RaidaServerOptions> = {}): Bench {
  return sealedNode({ keyCoins: [{ ...COIN, ans: ANS }], ...options });
}
const half = (part: 0 | 1, helper: number, end = FF): Uint8Array =>
  ticketOf(ANS[helper]!, part === 0 ? FIRST : SECOND, COIN, end);
/** Both halves as records. */
const RECORDS = [recordOf(0, A, COIN, half(0, A)), recordOf(1, B, COIN, half(1, B))] as const;
const QMAIL = [
  concatBytes(Uint8Array.of(A, 0, 0), half(0, A, EE)),
  concatBytes(Uint8Array.of(B, 1, 0), half(1, B, EE)),
] as const;
const ask = (bench: Bench, payload: Uint8Array): Reply => bench.ask(request(4, 45, bodyOf(payload)));
/** Verdicts of records in the west dialect. */
function verdicts(bench: Bench, ...records: Uint8Array[]): number[] {
  const { header, body } = ask(bench, westOf(COIN, ...records));
  expect([header.status, ...body.subarray(-2)]).toEqual([250, 0x3e, 0x3e]);
  return [...body.subarray(0, -2)];
}

describe("command 45", () => {
  it.each([
    ["west", westOf(COIN, ...RECORDS), [1, 1, 0x3e, 0x3e]],
    ["c-server", cServerOf(COIN, ...RECORDS), [1, 1, 0, 0x3e, 0x3e]],
    ["qmail", qmailOf(COIN, ...QMAIL), [1, 1]],
  ] as const)("puts both halves together, %s", (_, payload, reply) => {
    const bench = node();
    const { header, body } = ask(bench, payload);
    expect([header.status, header.bodyLength, ...body]).toEqual([250, reply.length, ...reply]);
    expect(bench.kept(1, 5)).toEqual({ an: concatBytes(FIRST, SECOND), mfs: 45 });
    expect(bench.kept(1, 6)).toEqual({ an: anOf(1, 6), mfs: 0 });
  });

  it("takes either half alone, each in its place, in any order", () => {
    const bench = node();
    expect(verdicts(bench, RECORDS[1])).toEqual([1]);
    expect(bench.kept(1, 5).an).toEqual(concatBytes(anOf(1, 5).subarray(0, 8), SECOND));
    expect(verdicts(bench, RECORDS[0])).toEqual([1]);
    expect(bench.kept(1, 5).an).toEqual(concatBytes(FIRST, SECOND));
    const turned = node();
    expect(verdicts(turned, RECORDS[1], RECORDS[0])).toEqual([1, 1]);
    expect(turned.kept(1, 5).an).toEqual(concatBytes(FIRST, SECOND));
    const late = node();
    expect(verdicts(late, RECORDS[0], recordOf(0, B, COIN, half(1, B)))).toEqual([1, 1]);
    expect(late.kept(1, 5).an).toEqual(concatBytes(SECOND, anOf(1, 5).subarray(8)));
  });

  it("opens each ticket with the number that the coin has at that helper", () => {
    for (let helper = 0; helper < 25; helper++) {
      expect(verdicts(node(), recordOf(0, helper, COIN, half(0, helper)))).toEqual([1]);
      expect(verdicts(node(), recordOf(0, helper, COIN, half(0, (helper + 1) % 25)))).toEqual([0]);
    }
    expect(verdicts(node(), recordOf(0, 25, COIN, half(0, 0)), recordOf(0, 255, COIN, half(0, 0)))).toEqual([0, 0]);
  });

  it("takes the helper for a number of bytes in reference, as the C server does", () => {
    const joined = concatBytes(...ANS);
    for (const helper of [0, 1, 15, 16, 24]) {
      const an = joined.subarray(helper, helper + 16);
      const record = recordOf(0, helper, COIN, ticketOf(an, FIRST, COIN));
      expect([...ask(node({ profile: "reference" }), cServerOf(COIN, record)).body.subarray(0, 2)]).toEqual([1, 0]);
      expect(verdicts(node(), record)).toEqual([helper === 0 ? 1 : 0]);
    }
  });

  it("rejects what is not a ticket of that coin, and keeps its number", () => {
    const bench = node();
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
    for (const record of rejected) expect(verdicts(bench, record)).toEqual([0]);
    expect(bench.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
    expect(verdicts(bench, ...rejected, RECORDS[0])).toEqual([...rejected.map(() => 0), 1]);
  });

  it("changes no coin but the one that it was asked to", () => {
    // Whoever knows what a ticket says can make it say something else: counter mode covers, it does not seal.
    const rewritten = half(0, A).map((byte, i) => (i === 12 ? byte ^ COIN.serial ^ OTHER.serial : byte));
    expect(openTicket(ANS[A]!, rewritten)[12]).toBe(OTHER.serial);
    const bench = node();
    expect(verdicts(bench, recordOf(0, A, OTHER, rewritten))).toEqual([0]);
    expect([...ask(bench, cServerOf(COIN, recordOf(0, A, OTHER, rewritten))).body.subarray(0, 2)]).toEqual([0, 0]);
    expect(bench.kept(1, 6)).toEqual({ an: anOf(1, 6), mfs: 0 });
  });

  it("takes either marker in strict, and the C server's alone in reference", () => {
    const record = recordOf(0, 0, COIN, half(0, 0, EE));
    expect(verdicts(node(), record)).toEqual([1]);
    expect(ask(node({ profile: "reference" }), cServerOf(COIN, record)).body[0]).toBe(0);
    const qmail = concatBytes(Uint8Array.of(A, 0, 0), half(0, A, FF));
    expect([...ask(node(), qmailOf(COIN, qmail)).body]).toEqual([1]);
  });

  it("gives each record of the qmail client its verdict", () => {
    const [first, second] = QMAIL;
    const otherSelector = changed(first, { 2: 1 });
    const otherHelper = changed(first, { 0: 25 });
    const reply = ask(node(), qmailOf(COIN, first, otherSelector, otherHelper, changed(second, { 1: 2 }), second));
    expect([reply.header.status, ...reply.body]).toEqual([250, 1, 0, 0, 0, 1]);
  });

  it("answers 16 below one record, and 39 where the last one is cut", () => {
    const bench = node();
    const whole = westOf(COIN, ...RECORDS);
    for (let length = 0; length < whole.length; length++) {
      const { status } = ask(bench, whole.slice(0, length)).header;
      expect([length, status]).toEqual([length, length < 31 ? 16 : length === 31 ? 250 : 39]);
    }
    // Without the ten bytes at its end the C layout is no whole number of records.
    expect(ask(bench, cServerOf(COIN, ...RECORDS).slice(0, -10)).header.status).toBe(39);
    expect(bench.ask(request(4, 45, new Uint8Array(0))).header.status).toBe(16);
    // With 26 bytes fewer its last record ends behind the body: what is there of it is not read.
    const cut = ask(node(), cServerOf(COIN, ...RECORDS).slice(0, -26));
    expect([cut.header.status, ...cut.body]).toEqual([250, 1, 0, 0x3e, 0x3e]);
  });

  it("answers 197 where it does not have the coin's numbers", () => {
    for (const coin of [OTHER, { denomination: -1, serial: 5 }]) {
      expect(ask(node(), westOf(coin, ...RECORDS)).header).toMatchObject({ status: 197, bodyLength: 0 });
      expect(ask(node(), qmailOf(coin, ...QMAIL)).header).toMatchObject({ status: 197, bodyLength: 0 });
    }
    expect(ask(sealedNode(), westOf(COIN, ...RECORDS)).header.status).toBe(197);
  });

  it("rejects every half of a coin on a page that it does not have", () => {
    const coin = { denomination: 1, serial: 900_000 };
    const bench = node({ keyCoins: [{ ...coin, ans: ANS }] });
    const record = recordOf(0, A, coin, ticketOf(ANS[A]!, FIRST, coin));
    const { header, body } = ask(bench, westOf(coin, record, record));
    expect([header.status, ...body]).toEqual([250, 0, 0, 0x3e, 0x3e]);
  });

  it("acknowledges when the disk has it, and not where the disk refuses", () => {
    const bench = node();
    bench.ask(request(1, 10, bodyOf(concatBytes(Uint8Array.of(1, 0, 0, 0, 5), anOf(1, 5)))));
    bench.holdsDisk = true;
    const link = bench.send(request(4, 45, bodyOf(westOf(COIN, ...RECORDS))));
    expect(bench.reply(link)).toBeUndefined();
    bench.diskFails = true;
    bench.release();
    expect(bench.reply(link)!.header).toMatchObject({ status: 194, bodyLength: 0 });
    bench.diskFails = false;
    bench.holdsDisk = false;
    expect(bench.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
    expect(verdicts(bench, ...RECORDS)).toEqual([1, 1]);
  });

  it("counts tickets from its own request's nonce under types 1 and 2, from zero under 0, 4 and 5", () => {
    const nonce = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
    for (const how of [SEALS[1], SEALS[2]]) {
      const record = recordOf(0, A, COIN, ticketOf(ANS[A]!, FIRST, COIN, FF, nonce));
      const sealed = seal({ ...how, nonce }, 4, 45, westOf(COIN, record, RECORDS[1]));
      const reply = unseal({ ...how, nonce }, sealed, node().ask(sealed).bytes);
      expect([reply.status, ...reply.payload]).toEqual([250, 1, 0]);
    }
    for (const how of MODERN_SEALS) {
      const sealed = seal(how, 4, 45, westOf(COIN, ...RECORDS));
      const reply = unseal(how, sealed, node({ type45Layout: "natural" }).ask(sealed).bytes);
      expect([reply.status, ...reply.payload]).toEqual([250, 1, 1]);
    }
  });

  it("does not know the qmail client in reference, nor negative denominations", () => {
    const bench = node({ profile: "reference" });
    expect(ask(bench, qmailOf(COIN, ...QMAIL)).header.status).toBe(39);
    const coin = { denomination: -3, serial: 2_000 };
    const keyCoins = [{ ...coin, ans: ANS }];
    const record = recordOf(0, 0, coin, ticketOf(ANS[0]!, FIRST, coin));
    expect(ask(node({ profile: "reference", keyCoins }), cServerOf(coin, record)).body[0]).toBe(0);
    expect(ask(node({ keyCoins }), cServerOf(coin, record)).body[0]).toBe(1);
  });
});
