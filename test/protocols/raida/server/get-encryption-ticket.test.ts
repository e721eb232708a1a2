/** Tests of command 44, by which a helper encrypts half of a key. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { anOf, Harness, bodyOf, nameOf, request } from "../harness.js";
import { openTicket } from "../key-tickets.js";
import { seal, unseal, type Seal } from "../node-crypto.js";
import { LEGACY_SEALS, MODERN_SEALS, encryptedHarness, WRONG } from "../encrypted-harness.js";
import { FIX_ENCRYPTION, GET_ENCRYPTION_TICKET, GET_TICKET } from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

/** Command 44: a helper encrypts half of a key. */

const KEY_PART = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const coin = nameOf(1, 5);
const PAYLOADS = {
  "c-server": concatBytes(coin, KEY_PART),
  qmail: concatBytes(Uint8Array.of(17), coin, KEY_PART),
  west: concatBytes(coin, KEY_PART, nameOf(-3, 2_000), anOf(-3, 2_000)),
} as const;
const DIALECTS = ["c-server", "qmail", "west"] as const;
const ask = (harness: Harness, payload: Uint8Array) => harness.ask(request(...GET_ENCRYPTION_TICKET, bodyOf(payload)));

describe("command 44", () => {
  it.each(DIALECTS)("makes a ticket for the dialect %s, under the AN of the coin at this server", (dialect) => {
    const harness = encryptedHarness();
    const { header, body } = ask(harness, PAYLOADS[dialect]);
    expect([header.status, body.length]).toEqual([Status.noError, 18]);
    const plain = openTicket(anOf(1, 5), body.subarray(0, 16));
    expect(plain.subarray(0, 13)).toEqual(concatBytes(KEY_PART, coin));
    expect([...plain.subarray(14)]).toEqual(dialect === "qmail" ? [0xee, 0xee] : [plain[14], 0xff]);
    // A server that has another number makes another ticket.
    const fresh = new Harness();
    fresh.put(1, 5, WRONG);
    fresh.put(-3, 2_000);
    const other = ask(fresh, PAYLOADS[dialect]).body.subarray(0, 16);
    expect(openTicket(WRONG, other).subarray(0, 13)).toEqual(concatBytes(KEY_PART, coin));
  });

  it("is in the group of the option keyExchangeGroup only", () => {
    const harness = encryptedHarness({ keyExchangeGroup: 2 });
    const status = (group: number, command: number, payload: Uint8Array): number =>
      harness.ask(request(group, command, bodyOf(payload))).header.status;
    expect(status(2, 44, PAYLOADS["c-server"])).toBe(Status.noError);
    expect(status(2, 45, new Uint8Array(31))).toBe(Status.errorCoinLoad);
    expect([
      status(...GET_ENCRYPTION_TICKET, PAYLOADS["c-server"]),
      status(...FIX_ENCRYPTION, new Uint8Array(31)),
    ]).toEqual([Status.errorCommand, Status.errorCommand]);
    // The commands of that group are still there.
    expect(status(...GET_TICKET, concatBytes(coin, anOf(1, 5)))).toBe(Status.allPass);
    expect(harness.ask(request(2, 45, new Uint8Array(0))).header.status).toBe(Status.errorPacketLength);
  });

  it("fills a ticket with random bytes", () => {
    const harness = encryptedHarness();
    const fillers = Array.from({ length: 4 }, () => {
      const plain = openTicket(anOf(1, 5), ask(harness, PAYLOADS["c-server"]).body.subarray(0, 16));
      return plain.subarray(13, 15).join();
    });
    expect(new Set(fillers).size).toBe(4);
  });

  it.each(LEGACY_SEALS)("counts a ticket from the nonce of a request of type $type", (how) => {
    for (const replyCounter of ["restart", "continue"] as const) {
      const nonce = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
      const sealed = seal({ ...how, nonce }, ...GET_ENCRYPTION_TICKET, PAYLOADS["c-server"]);
      const reply = unseal(
        { ...how, nonce },
        sealed,
        encryptedHarness({ replyCounter }).ask(sealed).bytes,
        replyCounter,
      );
      expect(reply).toMatchObject({ status: Status.noError, bodyBytes: 18 });
      const plain = openTicket(anOf(1, 5), reply.payload, nonce);
      expect([...plain.subarray(0, 13), plain[15]]).toEqual([...KEY_PART, ...coin, 0xff]);
    }
  });

  it.each(MODERN_SEALS)("counts a ticket from zero for a request of type $type", (how: Seal) => {
    const sealed = seal(how, ...GET_ENCRYPTION_TICKET, PAYLOADS["c-server"]);
    const reply = unseal(how, sealed, encryptedHarness({ type45Layout: "natural" }).ask(sealed).bytes);
    expect(openTicket(anOf(1, 5), reply.payload).subarray(0, 13)).toEqual(concatBytes(KEY_PART, coin));
  });

  it("ignores the nonce of a request in clear", () => {
    const bytes = request(...GET_ENCRYPTION_TICKET, bodyOf(PAYLOADS["c-server"]));
    bytes.fill(0xee, 24, 30);
    const ticket = encryptedHarness().ask(bytes).body.subarray(0, 16);
    expect(openTicket(anOf(1, 5), ticket).subarray(0, 8)).toEqual(KEY_PART);
  });

  it("refuses a coin on a page that it does not have, in every dialect, and a proof that is none", () => {
    const harness = encryptedHarness();
    for (const dialect of DIALECTS) {
      const payload = PAYLOADS[dialect].slice();
      payload.set(nameOf(1, 900_000), dialect === "qmail" ? 1 : 0);
      expect(ask(harness, payload).header).toMatchObject({ status: Status.errorSerialOrDenomination, bodyLength: 0 });
    }
    const west = PAYLOADS.west;
    expect(ask(harness, concatBytes(west.subarray(0, 13), nameOf(1, 900_000), WRONG)).header.status).toBe(
      Status.errorSerialOrDenomination,
    );
    expect(ask(harness, concatBytes(west.subarray(0, 18), WRONG)).header).toMatchObject({
      status: Status.errorInvalidParameter,
      bodyLength: 0,
    });
  });

  it("knows three lengths in strict, and one in reference", () => {
    for (let length = 1; length <= 60; length++) {
      const isKnown = [13, 14, 34].includes(length);
      const { status } = ask(encryptedHarness(), new Uint8Array(length)).header;
      expect([length, status]).toEqual([length, isKnown ? status : Status.errorPacketLength]);
      if (isKnown) expect(status).not.toBe(Status.errorPacketLength);
    }
    const reference = encryptedHarness({ profile: "reference" });
    expect(DIALECTS.map((dialect) => ask(reference, PAYLOADS[dialect]).header.status)).toEqual([
      Status.noError,
      Status.errorPacketLength,
      Status.errorPacketLength,
    ]);
    expect(ask(encryptedHarness(), new Uint8Array(0)).header.status).toBe(Status.errorPacketLength);
  });

  it("changes no coin, and answers errorFilesystem if the disk fails", () => {
    const harness = encryptedHarness();
    harness.diskFails = true;
    expect(ask(harness, PAYLOADS["c-server"]).header).toMatchObject({ status: Status.errorFilesystem, bodyLength: 0 });
    harness.diskFails = false;
    for (const dialect of DIALECTS) ask(harness, PAYLOADS[dialect]);
    expect(harness.kept(1, 5)).toEqual({ an: anOf(1, 5), mfs: 0 });
  });
});
