/** Tests of every command under every encryption type. */
import { describe, expect, it } from "vitest";
import { concatBytes } from "../../../../src/bytes/index.js";
import { anOf, xorOf, type Harness } from "../harness.js";
import type { Seal } from "../node-crypto.js";
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
  encryptedHarness,
  TICKET,
  WRONG,
} from "../encrypted-harness.js";
import {
  DETECT,
  DETECT_SUM,
  ECHO,
  FIND,
  FIX,
  GET_ENCRYPTION_TICKET,
  GET_TICKET,
  POWN,
  POWN_SUM,
  SHOW_STATS,
  STORE_SUM,
  VALIDATE_TICKET,
  VERSION,
} from "../commands.js";
import { Status } from "../../../../src/protocols/raida/index.js";

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
  { title: "echo", of: ECHO, payload: ascii("hello"), status: Status.success, reply: NOTHING },
  { title: "version", of: VERSION, payload: NOTHING, status: Status.success, reply: ascii("20261121") },
  {
    title: "show_stats",
    of: SHOW_STATS,
    payload: ADMIN_KEY,
    status: Status.success,
    reply: new Uint8Array(32),
  },
  {
    title: "show_stats with another key",
    of: SHOW_STATS,
    payload: WRONG,
    status: Status.errorAdminKey,
    reply: NOTHING,
  },
  {
    title: "detect",
    of: DETECT,
    payload: concatBytes(coin(5), coin(6, WRONG), coin(900_000)),
    status: Status.mixed,
    reply: Uint8Array.of(0b001),
  },
  {
    title: "detect_sum",
    of: DETECT_SUM,
    payload: concatBytes(name(5), name(6), xorOf(anOf(1, 5), anOf(1, 6))),
    status: Status.allPass,
  },
  {
    title: "pown",
    of: POWN,
    payload: concatBytes(coin(5, WRONG), PAN, coin(6), PAN),
    status: Status.mixed,
    reply: Uint8Array.of(2),
  },
  {
    title: "pown_sum",
    of: POWN_SUM,
    payload: concatBytes(name(5), anOf(1, 5), PAN),
    status: Status.allPass,
    reply: NOTHING,
  },
  { title: "get_ticket", of: GET_TICKET, payload: concatBytes(coin(5), coin(6)), status: Status.allPass },
  {
    title: "validate_ticket",
    of: VALIDATE_TICKET,
    payload: CLAIM,
    status: Status.success,
    reply: name(5),
  },
  {
    title: "find",
    of: FIND,
    payload: concatBytes(coin(5, WRONG), anOf(1, 5), coin(6), PAN),
    status: Status.findMixed,
    reply: Uint8Array.of(2, 1),
  },
  {
    title: "fix without tickets",
    of: FIX,
    payload: concatBytes(name(5), PAN, new Uint8Array(100)),
    status: Status.allFail,
    reply: NOTHING,
  },
  {
    title: "getEncryptionTicket",
    of: GET_ENCRYPTION_TICKET,
    payload: concatBytes(name(5), PAN.subarray(8)),
    status: Status.noError,
  },
  {
    title: "store_sum",
    of: STORE_SUM,
    payload: concatBytes(name(5), anOf(1, 5), LOCKER_KEY),
    status: Status.allPass,
    reply: NOTHING,
  },
];

/** The same as C servers read types 4 and 5: what the HMAC lends to the end of the payload is not sent. */
const C_CASES: readonly Case[] = [
  ...CASES.slice(0, 4),
  {
    title: "detect, and a padding coin",
    of: DETECT,
    payload: concatBytes(coin(5), coin(6), name(6)),
    status: Status.mixed,
    reply: Uint8Array.of(0b011),
  },
  {
    title: "pown, and a padding coin",
    of: POWN,
    payload: concatBytes(coin(5), PAN, coin(6, WRONG)),
    status: Status.mixed,
    reply: Uint8Array.of(0b01),
  },
  {
    title: "get_ticket, and a padding coin",
    of: GET_TICKET,
    payload: concatBytes(coin(5), name(6)),
    status: Status.mixed,
  },
  {
    title: "find, and a padding coin",
    of: FIND,
    payload: concatBytes(coin(5, WRONG), anOf(1, 5), name(6), WRONG),
    status: Status.findMixed,
    reply: Uint8Array.of(2, 0),
  },
  {
    title: "fix with 21 tickets, none of them any",
    of: FIX,
    payload: concatBytes(name(5), PAN, new Uint8Array(84)),
    status: Status.allFail,
    reply: NOTHING,
  },
  {
    title: "detect in the natural layout",
    of: DETECT,
    payload: coin(5),
    status: Status.errorCoinsNotDivisible,
    reply: NOTHING,
  },
  {
    title: "get_ticket in the natural layout",
    of: GET_TICKET,
    payload: coin(5),
    status: Status.errorCoinsNotDivisible,
    reply: NOTHING,
  },
  {
    title: "pown in the natural layout",
    of: POWN,
    payload: concatBytes(coin(5), PAN),
    status: Status.errorCoinsNotDivisible,
    reply: NOTHING,
  },
  {
    title: "find in the natural layout",
    of: FIND,
    payload: concatBytes(coin(5), PAN),
    status: Status.errorCoinsNotDivisible,
    reply: NOTHING,
  },
  {
    title: "fix in the natural layout",
    of: FIX,
    payload: concatBytes(name(5), PAN, new Uint8Array(100)),
    status: Status.errorCoinsNotDivisible,
    reply: NOTHING,
  },
  { title: "validate_ticket", of: VALIDATE_TICKET, payload: CLAIM, status: Status.errorPacketLength, reply: NOTHING },
  {
    title: "getEncryptionTicket",
    of: GET_ENCRYPTION_TICKET,
    payload: concatBytes(name(5), PAN.subarray(8)),
    status: Status.errorPacketLength,
    reply: NOTHING,
  },
];

function expectCase(
  { of, payload, status, reply }: Case,
  harness: Harness,
  how: Seal,
  counter?: "restart" | "continue",
): void {
  const answer = askSealed(harness, how, ...of, payload, counter);
  const echo = how.type <= 2 ? [0x37, 0x38] : [0x47, 0x48];
  expect(answer).toMatchObject({ status, group: of[0], headerBytes: how.type <= 2 ? 32 : 48, echo });
  if (reply !== undefined) expect(answer.payload).toEqual(reply);
}

describe.each(LEGACY_SEALS)("type $type", (how) => {
  describe.each(["restart", "continue"] as const)("with a counter that does %s", (replyCounter) => {
    it.each(CASES)("$title", (one) => expectCase(one, encryptedHarness({ replyCounter }), how, replyCounter));
  });
});

describe.each(MODERN_SEALS)("type $type", (how) => {
  describe.each([32, 128] as const)("with a counter of %i bits", (counterBits) => {
    it.each(CASES)("natural: $title", (one) => {
      expectCase(one, encryptedHarness({ type45Layout: "natural", counterBits }), { ...how, counterBits });
    });
    it.each(C_CASES)("c-server: $title", (one) => {
      expectCase(one, encryptedHarness({ counterBits }), { ...how, counterBits });
    });
  });
});
