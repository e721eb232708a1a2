/** Tests of the pool of tickets: its bounds by coin, source and transport, and copies of requests. */
import { describe, expect, it } from "vitest";
import {
  decodeGetTicketReply,
  encodeValidateTicketRequest,
  Status,
  type CoinId,
} from "../../../../src/protocols/raida/index.js";
import { CoinColumns } from "../../../../src/protocols/raida/server/coin-columns.js";
import { settingsOf } from "../../../../src/protocols/raida/server/options.js";
import { TicketPool, type TicketOrigin } from "../../../../src/protocols/raida/server/tickets.js";
import { Random } from "../../../../src/testing/index.js";
import { concatBytes } from "../../../../src/bytes/index.js";
import { GET_TICKET, VALIDATE_TICKET } from "../commands.js";
import { anOf, bodyOf, changed, CHALLENGE, Harness, nameOf, request } from "../harness.js";

const NOW = 1_000;

/** A pool of 512, and who asks it: each call is another request unless it names one. */
class Asked {
  readonly pool: TicketPool;
  #requests = 0;

  constructor(profile: "strict" | "reference" = "strict") {
    const settings = settingsOf({ raidaId: 3, peers: Array.from({ length: 25 }, () => ""), profile });
    const random = new Random(1, "tickets");
    this.pool = new TicketPool({
      slots: settings.ticketSlots,
      lifeMs: settings.ticketLifeMs,
      perSourceMax: profile === "strict" ? settings.ticketsPerPrefixMax : Infinity,
      random: (n) => random.bytes(n),
    });
  }

  issue(serials: readonly number[], from: Partial<TicketOrigin> = {}, nowMs = NOW): number | undefined {
    const origin = { source: "a", isDatagram: false, requestId: ++this.#requests, ...from };
    return this.pool.issue(coinsOf(serials), origin, nowMs);
  }

  /** The serial numbers that a server gets for a ticket. */
  claim(id: number | undefined, claimer = 7, nowMs = NOW): number[] | string {
    const coins = this.pool.claim(id!, claimer, nowMs);
    return typeof coins === "string" ? coins : coins.map(({ serial }) => serial);
  }
}

function coinsOf(serials: readonly number[]): CoinColumns {
  return CoinColumns.of(serials.map((serial): CoinId => ({ denomination: 1, serial })));
}

describe("the pool of tickets", () => {
  it("has 512 tickets, which live 300 s", () => {
    const asked = new Asked();
    for (let i = 0; i < 512; i++) expect(asked.issue([i], { source: `${i % 8}` })).toBeGreaterThan(0);
    expect(asked.issue([600], { source: "b" }, 300_999)).toBeUndefined();
    expect(asked.issue([600], { source: "b" }, 301_000)).toBeGreaterThan(0);
  });

  it("holds 4 tickets of a coin: the oldest that nobody claimed makes room", () => {
    const asked = new Asked();
    const ids = [1, 2, 3, 4].map((other) => asked.issue([5, 100 + other]));
    expect(asked.claim(ids[0])).toEqual([5, 101]);
    expect(asked.issue([5, 6])).toBeGreaterThan(0);
    expect(ids.map((id) => asked.claim(id, 8))).toEqual([[5, 101], "unknown", [5, 103], [5, 104]]);
  });

  it("lets the oldest ticket of a coin go if all are claimed", () => {
    const asked = new Asked();
    const ids = [1, 2, 3, 4].map(() => asked.issue([5]));
    for (const id of ids) asked.claim(id);
    asked.issue([5]);
    expect(ids.map((id) => asked.claim(id, 8))).toEqual(["unknown", [5], [5], [5]]);
  });

  it("holds 64 tickets of a source: its oldest makes room, and no other's", () => {
    const asked = new Asked();
    const other = asked.issue([0], { source: "b" });
    const ids = Array.from({ length: 65 }, (_, i) => asked.issue([1 + i]));
    expect(ids.map((id) => asked.claim(id)).filter((claim) => claim === "unknown")).toHaveLength(1);
    expect(asked.claim(ids[0])).toBe("unknown");
    expect(asked.claim(other)).toEqual([0]);
  });

  it("keeps half of the tickets for TCP, however many senders are forged", () => {
    const asked = new Asked();
    const ids = Array.from({ length: 300 }, (_, i) => asked.issue([i], { source: `forged-${i}`, isDatagram: true }));
    expect(ids.filter((id) => id === undefined)).toHaveLength(44);
    expect(asked.issue([400])).toBeGreaterThan(0);
  });

  it("gives a copy of a request the same ticket, and no other request", () => {
    const asked = new Asked();
    const first = asked.issue([5, 6], { requestId: 99 });
    expect(asked.issue([5, 6], { requestId: 99 })).toBe(first);
    expect(asked.issue([5, 6], { requestId: 98 })).not.toBe(first);
    expect(asked.issue([5, 7], { requestId: 99 })).not.toBe(first);
    expect(asked.issue([5, 6], { requestId: 99, source: "b" })).not.toBe(first);
  });

  it("keeps the ticket of a doubled request, claimed or not", () => {
    const asked = new Asked();
    const first = asked.issue([5], { requestId: 99 });
    for (let i = 0; i < 3; i++) asked.claim(asked.issue([5]));
    for (let i = 0; i < 9; i++) expect(asked.issue([5], { requestId: 99 })).toBe(first);
    asked.claim(first);
    for (let i = 0; i < 9; i++) expect(asked.issue([5], { requestId: 99 })).toBe(first);
    // A client that repeats its challenge for a new attempt gets a new ticket.
    expect(asked.issue([5], { requestId: 99 }, NOW + 10_000)).not.toBe(first);
  });

  it("counts right over any sequence of requests, claims and time", () => {
    const random = new Random(2, "any");
    const asked = new Asked();
    const live = new Map<number, { serials: number[]; claimed: boolean; source: string; untilMs: number }>();
    let nowMs = NOW;
    for (let i = 0; i < 20_000; i++) {
      nowMs += random.below(100) === 0 ? random.below(100_000) : 0;
      for (const [id, { untilMs }] of live) if (untilMs <= nowMs) live.delete(id);
      const serials = Array.from({ length: 1 + random.below(80) }, (_, k) => 1_000 * random.below(40) + k);
      const source = `${random.below(6)}`;
      const id = asked.issue(serials, { source }, nowMs);
      // The tickets that must have gone, found without any index.
      for (const serial of serials) {
        const holders = (): [number, { claimed: boolean }][] =>
          [...live].filter(([, ticket]) => ticket.serials.includes(serial));
        for (let all = holders(); all.length >= 4; all = holders()) {
          live.delete((all.find(([, { claimed }]) => !claimed) ?? all[0]!)[0]);
        }
      }
      const ofSource = [...live].filter(([, ticket]) => ticket.source === source);
      if (ofSource.length >= 64) live.delete(ofSource[0]![0]);
      expect(id).toBeDefined();
      live.set(id!, { serials, claimed: false, source, untilMs: nowMs + 300_000 });
      if (random.below(3) > 0) continue;
      const some = [...live.keys()][random.below(live.size)]!;
      asked.claim(some, random.below(25), nowMs);
      live.get(some)!.claimed = true;
      if (i % 1_000 === 0)
        for (const [one, { serials: held }] of live) {
          const claim = asked.claim(one, 24, nowMs);
          live.get(one)!.claimed = true;
          expect(claim === "claimed" ? held : claim).toEqual(held);
        }
    }
  });

  it("has none of these bounds in reference", () => {
    const asked = new Asked("reference");
    const ids = Array.from({ length: 512 }, () => asked.issue([5], { requestId: 99, isDatagram: true }));
    expect(new Set(ids).size).toBe(512);
    expect(asked.issue([5])).toBeUndefined();
    expect(asked.claim(ids[0])).toEqual([5]);
  });
});

describe("get_ticket", () => {
  const getTicket = (nonce: number): Uint8Array =>
    changed(request(...GET_TICKET, bodyOf(concatBytes(nameOf(1, 5), anOf(1, 5)))), { 24: nonce });
  const validate = (ticket: number): Uint8Array =>
    request(...VALIDATE_TICKET, encodeValidateTicketRequest({ challenge: CHALLENGE, claimerId: 7, ticket }));

  it("by one owner 512 times leaves the pool to others", () => {
    const harness = new Harness();
    for (const serial of [5, 6]) harness.put(1, serial);
    for (let i = 0; i < 512; i++) {
      expect(harness.askDatagram(changed(getTicket(i & 0xff), { 25: i >>> 8 })).header.status).toBe(Status.allPass);
    }
    const other = request(...GET_TICKET, bodyOf(concatBytes(nameOf(1, 6), anOf(1, 6))));
    expect(harness.ask(other).header.status).toBe(Status.allPass);
  });

  it("answers a doubled datagram, and the same request over TCP, with one ticket", () => {
    const harness = new Harness();
    harness.put(1, 5);
    const { ticket } = decodeGetTicketReply(harness.askDatagram(getTicket(1)).body);
    for (let i = 0; i < 9; i++)
      expect(decodeGetTicketReply(harness.askDatagram(getTicket(1)).body).ticket).toBe(ticket);
    expect(decodeGetTicketReply(harness.ask(getTicket(1)).body).ticket).toBe(ticket);
    expect(harness.ask(validate(ticket)).header.status).toBe(Status.success);
    expect(decodeGetTicketReply(harness.askDatagram(getTicket(1)).body).ticket).toBe(ticket);
    expect(decodeGetTicketReply(harness.askDatagram(getTicket(2)).body).ticket).not.toBe(ticket);
  });
});
