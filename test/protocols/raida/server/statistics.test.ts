import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import {
  decodeAuditReply,
  decodeShowStatsReplyBig,
  PAGE_COINS,
  Status,
} from "../../../../src/protocols/raida/index.js";
import { anOf, Bench, bodyOf, nameOf, request } from "../harness.js";
import { seal, unseal } from "../sealed.js";
import { ADMIN_KEY, PAN, sealedNode, SEALS, WRONG } from "../sealed-server.js";

const NOTHING = new Uint8Array(0);
const showStats = (key: Uint8Array): Uint8Array => request(0, 2, bodyOf(key));
const audit = request(0, 3, bodyOf());

describe("show_stats", () => {
  it("opens to the admin key alone, and to nobody without one", () => {
    expect(sealedNode().ask(showStats(ADMIN_KEY)).header.status).toBe(250);
    for (const at of [0, 7, 15]) {
      const wrong = ADMIN_KEY.slice();
      wrong[at]! ^= 1;
      expect(sealedNode().ask(showStats(wrong)).header).toMatchObject({ status: 38, bodyLength: 0 });
    }
    for (const key of [new Uint8Array(16), ADMIN_KEY]) expect(new Bench().ask(showStats(key)).header.status).toBe(38);
    for (const length of [0, 1, 15]) {
      expect(sealedNode().ask(showStats(ADMIN_KEY.subarray(0, length))).header.status).toBe(38);
    }
    expect(sealedNode().ask(request(0, 2, NOTHING)).header.status).toBe(36);
  });

  it("keeps the key that it was given, whatever becomes of the bytes", () => {
    const adminKey = ADMIN_KEY.slice();
    const bench = new Bench({ adminKey });
    adminKey.fill(0);
    expect(bench.ask(showStats(ADMIN_KEY)).header.status).toBe(250);
  });

  it("counts echoes, coins powned or put into lockers, their value and datagrams, little-endian", () => {
    const bench = sealedNode();
    const echo = request(0, 0, bodyOf());
    for (let i = 0; i < 3; i++) bench.ask(echo);
    bench.askDatagram(echo);
    bench.put(-8, 1);
    bench.put(6, 1);
    const pown = (denomination: number, serial: number, an: Uint8Array): Uint8Array =>
      concatBytes(nameOf(denomination, serial), an, PAN);
    // Two of three succeed: 10⁹ and 10⁻⁸ of a coin, the second of which is the unit.
    bench.ask(request(1, 20, bodyOf(pown(1, 5, anOf(1, 5)), pown(-8, 1, anOf(-8, 1)), pown(6, 1, WRONG))));
    bench.ask(request(1, 21, bodyOf(nameOf(6, 1), anOf(6, 1), PAN)));
    const key = new Uint8Array(16).fill(0xff);
    bench.put(0, 3);
    bench.ask(request(8, 82, bodyOf(nameOf(0, 3), anOf(0, 3), key)));
    // What fails as a whole is not counted.
    bench.ask(request(8, 82, bodyOf(nameOf(0, 3), WRONG, key)));
    bench.ask(request(1, 21, bodyOf(nameOf(6, 1), WRONG, PAN)));
    bench.diskFails = true;
    bench.ask(request(1, 20, bodyOf(pown(1, 6, anOf(1, 6)))));
    bench.diskFails = false;
    const { body } = bench.ask(showStats(ADMIN_KEY));
    const value = 10n ** 9n + 1n + 10n ** 14n + 10n ** 8n;
    expect(decodeShowStatsReplyBig(body)).toEqual({ echoes: 4n, powns: 4n, pownedValue: value, udpRequests: 1n });
    expect([...body.subarray(0, 8)]).toEqual([4, 0, 0, 0, 0, 0, 0, 0]);
    expect(body).toHaveLength(34);
  });
});

/** A node with coins in use on several denominations. */
function peopled(options: ConstructorParameters<typeof Bench>[0] = {}): Bench {
  const bench = new Bench(options);
  // A page of coins that have no month, and one whose file ends in its second record.
  const page = new Uint8Array(PAGE_COINS * 17);
  bench.pages.set("coins/f8/0000", page.slice());
  bench.pages.set("coins/06/03e7", page.slice());
  bench.pages.set("coins/00/0001", page.slice(0, 20));
  for (const serial of [0, 1, 1_023]) bench.put(-8, serial, anOf(-8, serial), 45);
  bench.put(6, 1_023_999, anOf(6, 1_023_999), 255);
  bench.put(0, 1_024, anOf(0, 1_024), 1);
  return bench;
}
const COUNTS = [3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1];

describe("audit", () => {
  it("counts the coins that have a month, by denomination", () => {
    const { header, body } = peopled().ask(audit);
    expect([header.status, header.bodyLength]).toEqual([250, 77]);
    expect(decodeAuditReply(body).totals).toEqual(COUNTS.map((coins, i) => ({ denomination: i - 8, coins })));
    expect([...body.subarray(0, 10)]).toEqual([0xf8, 0, 0, 0, 3, 0xf9, 0, 0, 0, 0]);
  });

  it("gives one total where it is asked to", () => {
    const { header, body } = peopled({ auditReply: "total" }).ask(audit);
    expect([header.status, ...body]).toEqual([250, 0, 0, 0, 0, 0, 5, 0x3e, 0x3e]);
  });

  it("is open to every encryption type, to datagrams, and to a request without a body", () => {
    const sealed = seal(SEALS[4], 0, 3, NOTHING);
    const reply = unseal(SEALS[4], sealed, sealedNode().ask(sealed).bytes);
    expect([reply.status, reply.payload.length]).toEqual([250, 75]);
    expect(peopled().ask(request(0, 3, NOTHING)).header.bodyLength).toBe(77);
    const bench = peopled();
    bench.step({ type: "datagram", peer: "client:7", bytes: audit.slice() });
    expect(bench.datagrams[0]!.bytes[2]).toBe(250);
  });

  it("sees a number that is not yet on the disk's page it has read before", () => {
    const bench = peopled();
    bench.put(2, 9);
    bench.ask(request(1, 20, bodyOf(nameOf(2, 9), anOf(2, 9), PAN)));
    // The other 1,023 records of this page have the month 0xee.
    expect(decodeAuditReply(bench.ask(audit).body).totals[10]!.coins).toBe(1_024);
  });

  it("reads a few pages at a time, each once and for all who ask, and keeps none", () => {
    const bench = peopled();
    bench.holdsDisk = true;
    const links = [bench.send(audit), bench.send(audit), bench.send(audit)];
    bench.release();
    const answers = links.map((link) => bench.reply(link)!.body);
    expect(answers.map((body) => body.length)).toEqual([77, 77, 77]);
    expect([bench.loads, bench.heldMost]).toEqual([15_000, 16]);
    // A page that it had kept would not be read again.
    bench.send(request(1, 10, bodyOf(nameOf(-8, 0), anOf(-8, 0))));
    bench.release();
    expect(bench.loads).toBe(15_001);
    bench.send(audit);
    bench.release();
    expect(bench.loads).toBe(15_001);
  });

  it("says that the disk failed, once what it has asked is there, and can be asked again", () => {
    const bench = peopled();
    bench.holdsDisk = true;
    const links = [bench.send(audit), bench.send(audit)];
    bench.diskFails = true;
    bench.held.shift()!();
    bench.diskFails = false;
    expect(bench.written.size).toBe(0);
    bench.release();
    expect(links.map((link) => bench.reply(link)!.header.status)).toEqual([194, 194]);
    expect([bench.loads, bench.open.size]).toEqual([16, 0]);
    bench.holdsDisk = false;
    expect(bench.ask(audit).header.status).toBe(Status.success);
  });

  it("goes through pages that are all in memory", () => {
    const bench = new Bench();
    // Nobody has to know a coin to have its page looked for.
    for (let denomination = -8; denomination <= 6; denomination++) {
      const coins = Array.from({ length: 1_000 }, (_, page) =>
        concatBytes(nameOf(denomination, page * PAGE_COINS), WRONG),
      );
      expect(bench.ask(request(1, 10, bodyOf(...coins))).header.status).toBe(Status.allFail);
    }
    const { loads } = bench;
    expect(bench.ask(audit).header.bodyLength).toBe(77);
    expect([loads, bench.loads]).toEqual([15_000, 15_000]);
  });
});
