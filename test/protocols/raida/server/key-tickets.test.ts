import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { anOf, Bench, bodyOf, nameOf, request } from "../harness.js";
import { openTicket } from "../key-tickets.js";
import { seal, unseal, type Seal } from "../sealed.js";
import { LEGACY_SEALS, MODERN_SEALS, sealedNode, WRONG } from "../sealed-server.js";

/** Command 44: a helper encrypts half of a key. */

const KEY_PART = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const coin = nameOf(1, 5);
const PAYLOADS = {
  "c-server": concatBytes(coin, KEY_PART),
  qmail: concatBytes(Uint8Array.of(17), coin, KEY_PART),
  west: concatBytes(coin, KEY_PART, nameOf(-3, 2_000), anOf(-3, 2_000)),
} as const;
const DIALECTS = ["c-server", "qmail", "west"] as const;
const ask = (bench: Bench, payload: Uint8Array) => bench.ask(request(4, 44, bodyOf(payload)));

describe("command 44", () => {
  it.each(DIALECTS)("makes a ticket for the dialect %s, under the number that the coin has here", (dialect) => {
    const bench = sealedNode();
    const { header, body } = ask(bench, PAYLOADS[dialect]);
    expect([header.status, body.length]).toEqual([0, 18]);
    const plain = openTicket(anOf(1, 5), body.subarray(0, 16));
    expect(plain.subarray(0, 13)).toEqual(concatBytes(KEY_PART, coin));
    expect([...plain.subarray(14)]).toEqual(dialect === "qmail" ? [0xee, 0xee] : [plain[14], 0xff]);
    // A server that has another number makes another ticket.
    const fresh = new Bench();
    fresh.put(1, 5, WRONG);
    fresh.put(-3, 2_000);
    const other = ask(fresh, PAYLOADS[dialect]).body.subarray(0, 16);
    expect(openTicket(WRONG, other).subarray(0, 13)).toEqual(concatBytes(KEY_PART, coin));
  });

  it("is in the group that a node is told, and in no other", () => {
    const bench = sealedNode({ keyExchangeGroup: 2 });
    const status = (group: number, command: number, payload: Uint8Array): number =>
      bench.ask(request(group, command, bodyOf(payload))).header.status;
    expect(status(2, 44, PAYLOADS["c-server"])).toBe(0);
    expect(status(2, 45, new Uint8Array(31))).toBe(197);
    expect([status(4, 44, PAYLOADS["c-server"]), status(4, 45, new Uint8Array(31))]).toEqual([6, 6]);
    // The commands of that group are still there.
    expect(status(2, 40, concatBytes(coin, anOf(1, 5)))).toBe(241);
    expect(bench.ask(request(2, 45, new Uint8Array(0))).header.status).toBe(16);
  });

  it("fills a ticket with what is drawn for it", () => {
    const bench = sealedNode();
    const fillers = Array.from({ length: 4 }, () => {
      const plain = openTicket(anOf(1, 5), ask(bench, PAYLOADS["c-server"]).body.subarray(0, 16));
      return plain.subarray(13, 15).join();
    });
    expect(new Set(fillers).size).toBe(4);
  });

  it.each(LEGACY_SEALS)("counts a ticket from the nonce of a request of type $type", (how) => {
    for (const replyCounter of ["restart", "continue"] as const) {
      const nonce = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
      const sealed = seal({ ...how, nonce }, 4, 44, PAYLOADS["c-server"]);
      const reply = unseal({ ...how, nonce }, sealed, sealedNode({ replyCounter }).ask(sealed).bytes, replyCounter);
      expect(reply).toMatchObject({ status: 0, bodyBytes: 18 });
      const plain = openTicket(anOf(1, 5), reply.payload, nonce);
      expect([...plain.subarray(0, 13), plain[15]]).toEqual([...KEY_PART, ...coin, 0xff]);
    }
  });

  it.each(MODERN_SEALS)("counts a ticket from zero for a request of type $type", (how: Seal) => {
    const sealed = seal(how, 4, 44, PAYLOADS["c-server"]);
    const reply = unseal(how, sealed, sealedNode({ type45Layout: "natural" }).ask(sealed).bytes);
    expect(openTicket(anOf(1, 5), reply.payload).subarray(0, 13)).toEqual(concatBytes(KEY_PART, coin));
  });

  it("does not look at what the nonce of a request in clear may be", () => {
    const bytes = request(4, 44, bodyOf(PAYLOADS["c-server"]));
    bytes.fill(0xee, 24, 30);
    const ticket = sealedNode().ask(bytes).body.subarray(0, 16);
    expect(openTicket(anOf(1, 5), ticket).subarray(0, 8)).toEqual(KEY_PART);
  });

  it("refuses a coin on a page that it does not have, in every dialect, and a proof that is none", () => {
    const bench = sealedNode();
    for (const dialect of DIALECTS) {
      const payload = PAYLOADS[dialect].slice();
      payload.set(nameOf(1, 900_000), dialect === "qmail" ? 1 : 0);
      expect(ask(bench, payload).header).toMatchObject({ status: 40, bodyLength: 0 });
    }
    const west = PAYLOADS.west;
    expect(ask(bench, concatBytes(west.subarray(0, 13), nameOf(1, 900_000), WRONG)).header.status).toBe(40);
    expect(ask(bench, concatBytes(west.subarray(0, 18), WRONG)).header).toMatchObject({ status: 198, bodyLength: 0 });
  });

  it("knows three lengths in strict, and one in reference", () => {
    for (let length = 1; length <= 60; length++) {
      const isKnown = [13, 14, 34].includes(length);
      const { status } = ask(sealedNode(), new Uint8Array(length)).header;
      expect([length, status]).toEqual([length, isKnown ? status : 16]);
      if (isKnown) expect(status).not.toBe(16);
    }
    const reference = sealedNode({ profile: "reference" });
    expect(DIALECTS.map((dialect) => ask(reference, PAYLOADS[dialect]).header.status)).toEqual([0, 16, 16]);
    expect(ask(sealedNode(), new Uint8Array(0)).header.status).toBe(16);
  });

  it("changes nothing, and says when the disk refuses", () => {
    const bench = sealedNode();
    bench.diskFails = true;
    expect(ask(bench, PAYLOADS["c-server"]).header).toMatchObject({ status: 194, bodyLength: 0 });
    bench.diskFails = false;
    for (const dialect of DIALECTS) ask(bench, PAYLOADS[dialect]);
    expect(bench.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
  });
});
