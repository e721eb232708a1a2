import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { anOf, xorOf, type Bench } from "../harness.js";
import type { Seal } from "../sealed.js";
import {
  ADMIN_KEY,
  ascii,
  askSealed,
  coin,
  LEGACY_SEALS,
  LOCKER_KEY,
  MODERN_SEALS,
  name,
  PAN,
  sealedNode,
  TICKET,
  WRONG,
} from "../sealed-server.js";

const NOTHING = new Uint8Array(0);
/** A claimer's id and the ticket. */
const CLAIM = Uint8Array.of(9, 0, 0, TICKET >> 8, TICKET & 0xff);

interface Case {
  readonly title: string;
  readonly of: readonly [group: number, command: number];
  readonly payload: Uint8Array;
  readonly status: number;
  /** Undefined where it is not the same each time. */
  readonly reply?: Uint8Array;
}

/** Commands as a client of types 1 and 2 sends them, and one of types 4 and 5 in the natural layout. */
const CASES: readonly Case[] = [
  { title: "echo", of: [0, 0], payload: ascii("hello"), status: 250, reply: NOTHING },
  { title: "version", of: [0, 1], payload: NOTHING, status: 250, reply: ascii("20261121") },
  {
    title: "show_stats",
    of: [0, 2],
    payload: ADMIN_KEY,
    status: 250,
    reply: new Uint8Array(32),
  },
  { title: "show_stats with another key", of: [0, 2], payload: WRONG, status: 38, reply: NOTHING },
  {
    title: "detect",
    of: [1, 10],
    payload: concatBytes(coin(5), coin(6, WRONG), coin(900_000)),
    status: 243,
    reply: Uint8Array.of(0b001),
  },
  {
    title: "detect_sum",
    of: [1, 11],
    payload: concatBytes(name(5), name(6), xorOf(anOf(1, 5), anOf(1, 6))),
    status: 241,
  },
  {
    title: "pown",
    of: [1, 20],
    payload: concatBytes(coin(5, WRONG), PAN, coin(6), PAN),
    status: 243,
    reply: Uint8Array.of(2),
  },
  { title: "pown_sum", of: [1, 21], payload: concatBytes(name(5), anOf(1, 5), PAN), status: 241, reply: NOTHING },
  { title: "get_ticket", of: [2, 40], payload: concatBytes(coin(5), coin(6)), status: 241 },
  {
    title: "validate_ticket",
    of: [2, 50],
    payload: CLAIM,
    status: 250,
    reply: name(5),
  },
  {
    title: "find",
    of: [2, 60],
    payload: concatBytes(coin(5, WRONG), anOf(1, 5), coin(6), PAN),
    status: 211,
    reply: Uint8Array.of(2, 1),
  },
  {
    title: "fix without tickets",
    of: [2, 80],
    payload: concatBytes(name(5), PAN, new Uint8Array(100)),
    status: 242,
    reply: NOTHING,
  },
  { title: "getEncryptionTicket", of: [4, 44], payload: concatBytes(name(5), PAN.subarray(8)), status: 0 },
  {
    title: "store_sum",
    of: [8, 82],
    payload: concatBytes(name(5), anOf(1, 5), LOCKER_KEY),
    status: 241,
    reply: NOTHING,
  },
];

/** The same as C servers read types 4 and 5: what the HMAC lends to the end of the payload is not sent. */
const C_CASES: readonly Case[] = [
  ...CASES.slice(0, 4),
  {
    title: "detect, and a phantom",
    of: [1, 10],
    payload: concatBytes(coin(5), coin(6), name(6)),
    status: 243,
    reply: Uint8Array.of(0b011),
  },
  {
    title: "pown, and a phantom",
    of: [1, 20],
    payload: concatBytes(coin(5), PAN, coin(6, WRONG)),
    status: 243,
    reply: Uint8Array.of(0b01),
  },
  { title: "get_ticket, and a phantom", of: [2, 40], payload: concatBytes(coin(5), name(6)), status: 243 },
  {
    title: "find, and a phantom",
    of: [2, 60],
    payload: concatBytes(coin(5, WRONG), anOf(1, 5), name(6), WRONG),
    status: 211,
    reply: Uint8Array.of(2, 0),
  },
  {
    title: "fix with 21 tickets, none of them any",
    of: [2, 80],
    payload: concatBytes(name(5), PAN, new Uint8Array(84)),
    status: 242,
    reply: NOTHING,
  },
  { title: "detect in the natural layout", of: [1, 10], payload: coin(5), status: 39, reply: NOTHING },
  { title: "get_ticket in the natural layout", of: [2, 40], payload: coin(5), status: 39, reply: NOTHING },
  { title: "pown in the natural layout", of: [1, 20], payload: concatBytes(coin(5), PAN), status: 39, reply: NOTHING },
  { title: "find in the natural layout", of: [2, 60], payload: concatBytes(coin(5), PAN), status: 39, reply: NOTHING },
  {
    title: "fix in the natural layout",
    of: [2, 80],
    payload: concatBytes(name(5), PAN, new Uint8Array(100)),
    status: 39,
    reply: NOTHING,
  },
  { title: "validate_ticket", of: [2, 50], payload: CLAIM, status: 16, reply: NOTHING },
  {
    title: "getEncryptionTicket",
    of: [4, 44],
    payload: concatBytes(name(5), PAN.subarray(8)),
    status: 16,
    reply: NOTHING,
  },
];

function expectCase(
  { of, payload, status, reply }: Case,
  bench: Bench,
  how: Seal,
  counter?: "restart" | "continue",
): void {
  const answer = askSealed(bench, how, ...of, payload, counter);
  const echo = how.type <= 2 ? [0x37, 0x38] : [0x47, 0x48];
  expect(answer).toMatchObject({ status, group: of[0], headerBytes: how.type <= 2 ? 32 : 48, echo });
  if (reply !== undefined) expect(answer.payload).toEqual(reply);
}

describe.each(LEGACY_SEALS)("type $type", (how) => {
  describe.each(["restart", "continue"] as const)("with a counter that does %s", (replyCounter) => {
    it.each(CASES)("$title", (one) => expectCase(one, sealedNode({ replyCounter }), how, replyCounter));
  });
});

describe.each(MODERN_SEALS)("type $type", (how) => {
  describe.each([32, 128] as const)("with a counter of %i bits", (counterBits) => {
    it.each(CASES)("natural: $title", (one) => {
      expectCase(one, sealedNode({ type45Layout: "natural", counterBits }), { ...how, counterBits });
    });
    it.each(C_CASES)("c-server: $title", (one) => {
      expectCase(one, sealedNode({ counterBits }), { ...how, counterBits });
    });
  });
});
