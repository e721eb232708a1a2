/** Tests of show_stats and audit. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import {
  decodeAuditReply,
  decodeShowStatsReplyBig,
  PAGE_COINS,
  Status,
} from "../../../../src/protocols/raida/index.js";
import { anOf, Harness, bodyOf, nameOf, request } from "../harness.js";
import { seal, unseal } from "../node-crypto.js";
import { ADMIN_KEY, PAN, encryptedHarness, SEALS, WRONG } from "../encrypted-harness.js";
import { AUDIT, DETECT, ECHO, POWN, POWN_SUM, SHOW_STATS, STORE_SUM } from "../commands.js";

const NOTHING = new Uint8Array(0);
const showStats = (key: Uint8Array): Uint8Array => request(...SHOW_STATS, bodyOf(key));
const audit = request(...AUDIT, bodyOf());

describe("show_stats", () => {
  it("needs the admin key, and is refused if the server has none", () => {
    expect(encryptedHarness().ask(showStats(ADMIN_KEY)).header.status).toBe(Status.success);
    for (const at of [0, 7, 15]) {
      const wrong = ADMIN_KEY.slice();
      wrong[at]! ^= 1;
      expect(encryptedHarness().ask(showStats(wrong)).header).toMatchObject({
        status: Status.errorAdminKey,
        bodyLength: 0,
      });
    }
    for (const key of [new Uint8Array(16), ADMIN_KEY])
      expect(new Harness().ask(showStats(key)).header.status).toBe(Status.errorAdminKey);
    for (const length of [0, 1, 15]) {
      expect(encryptedHarness().ask(showStats(ADMIN_KEY.subarray(0, length))).header.status).toBe(Status.errorAdminKey);
    }
    expect(encryptedHarness().ask(request(...SHOW_STATS, NOTHING)).header.status).toBe(Status.errorEmptyRequest);
  });

  it("copies the admin key", () => {
    const adminKey = ADMIN_KEY.slice();
    const harness = new Harness({ adminKey });
    adminKey.fill(0);
    expect(harness.ask(showStats(ADMIN_KEY)).header.status).toBe(Status.success);
  });

  it("counts echoes, coins powned or put into lockers, their value and datagrams, little-endian", () => {
    const harness = encryptedHarness();
    const echo = request(...ECHO, bodyOf());
    for (let i = 0; i < 3; i++) harness.ask(echo);
    harness.askDatagram(echo);
    harness.put(-8, 1);
    harness.put(6, 1);
    const pown = (denomination: number, serial: number, an: Uint8Array): Uint8Array =>
      concatBytes(nameOf(denomination, serial), an, PAN);
    // Two of three succeed: 10⁹ and 10⁻⁸ of a coin, the second of which is the unit.
    harness.ask(request(...POWN, bodyOf(pown(1, 5, anOf(1, 5)), pown(-8, 1, anOf(-8, 1)), pown(6, 1, WRONG))));
    harness.ask(request(...POWN_SUM, bodyOf(nameOf(6, 1), anOf(6, 1), PAN)));
    const key = new Uint8Array(16).fill(0xff);
    harness.put(0, 3);
    harness.ask(request(...STORE_SUM, bodyOf(nameOf(0, 3), anOf(0, 3), key)));
    // What fails as a whole is not counted.
    harness.ask(request(...STORE_SUM, bodyOf(nameOf(0, 3), WRONG, key)));
    harness.ask(request(...POWN_SUM, bodyOf(nameOf(6, 1), WRONG, PAN)));
    harness.diskFails = true;
    harness.ask(request(...POWN, bodyOf(pown(1, 6, anOf(1, 6)))));
    harness.diskFails = false;
    const { body } = harness.ask(showStats(ADMIN_KEY));
    const value = 10n ** 9n + 1n + 10n ** 14n + 10n ** 8n;
    expect(decodeShowStatsReplyBig(body)).toEqual({ echoes: 4n, powns: 4n, pownedValue: value, udpRequests: 1n });
    expect([...body.subarray(0, 8)]).toEqual([4, 0, 0, 0, 0, 0, 0, 0]);
    expect(body).toHaveLength(34);
  });
});

/** A server with coins in use of several denominations. */
function peopled(options: ConstructorParameters<typeof Harness>[0] = {}): Harness {
  const harness = new Harness(options);
  // A page of coins that have no month, and one whose file ends in its second record.
  const page = new Uint8Array(PAGE_COINS * 17);
  harness.pages.set("coins/f8/0000", page.slice());
  harness.pages.set("coins/06/03e7", page.slice());
  harness.pages.set("coins/00/0001", page.slice(0, 20));
  for (const serial of [0, 1, 1_023]) harness.put(-8, serial, anOf(-8, serial), 45);
  harness.put(6, 1_023_999, anOf(6, 1_023_999), 255);
  harness.put(0, 1_024, anOf(0, 1_024), 1);
  return harness;
}
const COUNTS = [3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1];

describe("audit", () => {
  it("counts the coins that have a month, by denomination", () => {
    const { header, body } = peopled().ask(audit);
    expect([header.status, header.bodyLength]).toEqual([Status.success, 77]);
    expect(decodeAuditReply(body).totals).toEqual(COUNTS.map((coins, i) => ({ denomination: i - 8, coins })));
    expect([...body.subarray(0, 10)]).toEqual([0xf8, 0, 0, 0, 3, 0xf9, 0, 0, 0, 0]);
  });

  it("gives one total where it is asked to", () => {
    const { header, body } = peopled({ auditReply: "total" }).ask(audit);
    expect([header.status, ...body]).toEqual([Status.success, 0, 0, 0, 0, 0, 5, 0x3e, 0x3e]);
  });

  it("is open to every encryption type, to datagrams, and to a request without a body", () => {
    const sealed = seal(SEALS[4], ...AUDIT, NOTHING);
    const reply = unseal(SEALS[4], sealed, encryptedHarness().ask(sealed).bytes);
    expect([reply.status, reply.payload.length]).toEqual([Status.success, 75]);
    expect(peopled().ask(request(...AUDIT, NOTHING)).header.bodyLength).toBe(77);
    const harness = peopled();
    harness.step({ type: "datagram", peer: "client:7", bytes: audit.slice() });
    expect(harness.datagrams[0]!.bytes[2]).toBe(Status.success);
  });

  it("counts a coin that was powned after its page was read", () => {
    const harness = peopled();
    harness.put(2, 9);
    harness.ask(request(...POWN, bodyOf(nameOf(2, 9), anOf(2, 9), PAN)));
    // The other 1,023 records of this page have the month 0xee.
    expect(decodeAuditReply(harness.ask(audit).body).totals[10]!.coins).toBe(1_024);
  });

  it("reads the pages of its disk 16 at a time, each once for all requests, and caches none", () => {
    const harness = peopled();
    for (let page = 0; page < 40; page++) harness.put(3, page * PAGE_COINS);
    harness.holdsDisk = true;
    const links = [harness.send(audit), harness.send(audit), harness.send(audit)];
    harness.release();
    const answers = links.map((link) => harness.reply(link)!.body);
    expect(answers.map((body) => body.length)).toEqual([77, 77, 77]);
    expect([harness.lists, harness.loads, harness.heldMost]).toEqual([1, 43, 16]);
    // A page that it had kept would not be read again.
    harness.send(request(...DETECT, bodyOf(nameOf(-8, 0), anOf(-8, 0))));
    harness.release();
    expect([harness.lists, harness.loads]).toEqual([1, 44]);
    harness.send(audit);
    harness.release();
    expect([harness.lists, harness.loads]).toEqual([1, 44]);
  });

  it.each([
    ["list", 0, 0],
    ["load", 1, 3],
  ])(
    "answers errorFilesystem when its reads have ended, and succeeds when repeated: a failed %s",
    (_, before, loads) => {
      const harness = peopled();
      harness.holdsDisk = true;
      const links = [harness.send(audit), harness.send(audit)];
      for (let i = 0; i < before; i++) harness.held.shift()!();
      harness.diskFails = true;
      harness.held.shift()!();
      harness.diskFails = false;
      expect(harness.written.size).toBe(before === 0 ? 2 : 0);
      harness.release();
      expect(links.map((link) => harness.reply(link)!.header.status)).toEqual([
        Status.errorFilesystem,
        Status.errorFilesystem,
      ]);
      expect([harness.loads, harness.open.size]).toEqual([loads, 0]);
      harness.holdsDisk = false;
      expect(harness.ask(audit).header.status).toBe(Status.success);
    },
  );

  it("reads no page that was read before", () => {
    const harness = new Harness();
    // Nobody has to know a coin to have its page looked for.
    for (let denomination = -8; denomination <= 6; denomination++) {
      const coins = Array.from({ length: 1_000 }, (_, page) =>
        concatBytes(nameOf(denomination, page * PAGE_COINS), WRONG),
      );
      expect(harness.ask(request(...DETECT, bodyOf(...coins))).header.status).toBe(Status.allFail);
    }
    const { loads } = harness;
    expect(harness.ask(audit).header.bodyLength).toBe(77);
    expect([loads, harness.loads, harness.lists]).toEqual([15_000, 15_000, 0]);
  });
});
