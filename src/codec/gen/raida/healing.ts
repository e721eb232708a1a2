// Generated from raida/healing.ksy by `specwire gen`; do not edit. spec sha256 4d8d1be404c44ed282cfefd1f5269a02c1deef2f213916dce6ad786d8bdbb728
/**
 * RAIDA command group 2: tickets, find and fix. Whole plaintext bodies. The mixed answer of fix is `mixed_reply` of
 * auth.
 */
import { type NewBytes, type Result, type Sites, crc32, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange, uint32At } from "../../index.js";
import type { CoinAn, CoinAnPan, CoinId } from "./common.js";

const EMPTY = new Uint8Array(0);

export const FindResult = {
  /** Neither number is authentic. */
  neither: 0,
  /** The authenticity number is authentic. */
  an: 1,
  /** The proposed number is authentic. */
  pan: 2,
} as const;
export type FindResult = (typeof FindResult)[keyof typeof FindResult];
/** Name and meaning of each FindResult. */
export const FIND_RESULT_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "neither", doc: "Neither number is authentic." },
  1: { name: "an", doc: "The authenticity number is authentic." },
  2: { name: "pan", doc: "The proposed number is authentic." },
};

const GET_TICKET_REQUEST_SITES: Sites = {
  format: "raida_get_ticket_request",
  file: "raida/healing.ksy",
  sites: [
    ["short", "", 9, "at least 39 bytes"],
    ["crc", "challengeCrc", 15, "the CRC-32 of challenge"],
    ["divisible", "coins", 16, "a multiple of 21 bytes"],
    ["count", "coins", 16, "at least 1 items"],
    ["constant", "trailer", 17, "3e 3e"],
    ["argument", "coins[*]", 9, "an index below the count"],
  ],
};
const GET_TICKET_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_get_ticket_request",
  file: "raida/healing.ksy",
  sites: [
    ["count", "coins", 16, "at least 1 items"],
    ["argument", "", 9, "an object"],
    ["length", "challenge", 14, "12 bytes"],
    ["argument", "coins[*]", 9, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:16", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:17", "0 to 4294967295"],
    ["length", "coins[*].an", "raida/common.ksy:18", "16 bytes"],
  ],
};
/** Source: seeds/raida, command 2/40. */
export interface GetTicketRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  coins: CoinAn[];
}
export const GET_TICKET_REQUEST_MIN_SIZE = 39;
function readGetTicketRequest(bytes: Uint8Array, at: number, end: number): GetTicketRequest | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(GET_TICKET_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(GET_TICKET_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 18) / 21) | 0;
  if ($coins$count * 21 !== end - at - 18)
    return refuse(GET_TICKET_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 18);
  if ($coins$count < 1) return refuse(GET_TICKET_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(GET_TICKET_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  const $coins$buffer = bytes.buffer, $coins$base = bytes.byteOffset;
  const $coins = new Array<CoinAn>($coins$count);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 21)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1),
      an: new Uint8Array($coins$buffer, $coins$base + p + 5, 16) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    coins: $coins,
  };
}
/** @throws WireError when the bytes are no raida_get_ticket_request. */
export function decodeGetTicketRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): GetTicketRequest {
  return readGetTicketRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeGetTicketRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<GetTicketRequest> {
  const value = readGetTicketRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
export function getTicketRequestLength(value: GetTicketRequest): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(GET_TICKET_REQUEST_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 18 + 21 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeGetTicketRequest(value: GetTicketRequest): NewBytes {
  const bytes = new Uint8Array(getTicketRequestLength(value));
  encodeGetTicketRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeGetTicketRequestInto(value: GetTicketRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(GET_TICKET_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(GET_TICKET_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 18 + 21 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(GET_TICKET_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(GET_TICKET_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 21) {
    const item = $coins[i]!;
    if (!item) fail(GET_TICKET_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(GET_TICKET_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(GET_TICKET_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
    const $coins$item_an = item.an;
    if (lengthOf($coins$item_an) !== 16)
      failBytes(GET_TICKET_REQUEST_SITES$WRITTEN, 6 /* coins[*].an: length */, p + 5, $coins$item_an, i);
    bytes[p + 5] = $coins$item_an[0]!; bytes[p + 6] = $coins$item_an[1]!; bytes[p + 7] = $coins$item_an[2]!;
    bytes[p + 8] = $coins$item_an[3]!; bytes[p + 9] = $coins$item_an[4]!; bytes[p + 10] = $coins$item_an[5]!;
    bytes[p + 11] = $coins$item_an[6]!; bytes[p + 12] = $coins$item_an[7]!; bytes[p + 13] = $coins$item_an[8]!;
    bytes[p + 14] = $coins$item_an[9]!; bytes[p + 15] = $coins$item_an[10]!; bytes[p + 16] = $coins$item_an[11]!;
    bytes[p + 17] = $coins$item_an[12]!; bytes[p + 18] = $coins$item_an[13]!; bytes[p + 19] = $coins$item_an[14]!;
    bytes[p + 20] = $coins$item_an[15]!;
  }
  const $$p1 = at + 16 + 21 * $coins$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}
/** The same into a view that the caller holds: the fastest form. */
export function encodeGetTicketRequestIntoView(value: GetTicketRequest, view: DataView, at: number): number {
  if (!value) fail(GET_TICKET_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(GET_TICKET_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 18 + 21 * $coins$count;
  if (view.byteLength - at < need || at >>> 0 !== at) failSpace(GET_TICKET_REQUEST_SITES$WRITTEN, need, view, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(GET_TICKET_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  view.setUint32(at, ($challenge[0]! << 24) | ($challenge[1]! << 16) | ($challenge[2]! << 8) | $challenge[3]!);
  view.setUint32(at + 4, ($challenge[4]! << 24) | ($challenge[5]! << 16) | ($challenge[6]! << 8) | $challenge[7]!);
  view.setUint32(at + 8, ($challenge[8]! << 24) | ($challenge[9]! << 16) | ($challenge[10]! << 8) | $challenge[11]!);
  const $challengeCrc = crc32($challenge);
  view.setUint32(at + 12, $challengeCrc);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 21) {
    const item = $coins[i]!;
    if (!item) fail(GET_TICKET_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(GET_TICKET_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    view.setUint8(p, $coins$item_denomination);
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(GET_TICKET_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    view.setUint32(p + 1, $coins$item_serial);
    const $coins$item_an = item.an;
    if (lengthOf($coins$item_an) !== 16)
      failBytes(GET_TICKET_REQUEST_SITES$WRITTEN, 6 /* coins[*].an: length */, p + 5, $coins$item_an, i);
    view.setUint32(p + 5, ($coins$item_an[0]! << 24) | ($coins$item_an[1]! << 16) | ($coins$item_an[2]! << 8) |
        $coins$item_an[3]!);
    view.setUint32(p + 9, ($coins$item_an[4]! << 24) | ($coins$item_an[5]! << 16) | ($coins$item_an[6]! << 8) |
        $coins$item_an[7]!);
    view.setUint32(p + 13, ($coins$item_an[8]! << 24) | ($coins$item_an[9]! << 16) | ($coins$item_an[10]! << 8) |
        $coins$item_an[11]!);
    view.setUint32(p + 17, ($coins$item_an[12]! << 24) | ($coins$item_an[13]! << 16) | ($coins$item_an[14]! << 8) |
        $coins$item_an[15]!);
  }
  const $$p1 = at + 16 + 21 * $coins$count;
  view.setUint16($$p1, 15934);
  return at + need;
}
/** Reads the fields of one raida_get_ticket_request where they lie. Reusable; holds the bytes it was given. */
export class GetTicketRequestReader {
  protected $bytes: Uint8Array = EMPTY;
  protected $at = 0;
  protected $end = 0;

  /** @throws WireError when the bytes are not of the format; what was wrapped before stays. */
  wrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): this {
    if (checkGetTicketRequest(bytes, at, end) === undefined) raise();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return this;
  }
  tryWrap(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<GetTicketRequestReader> {
    if (checkGetTicketRequest(bytes, at, end) === undefined) return failure();
    this.$bytes = bytes;
    this.$at = at;
    this.$end = end;
    return { ok: true, value: this };
  }
  /** Random bytes (CH). */
  get challenge(): Uint8Array { return this.$bytes.subarray(this.$at, this.$at + 12); }
  /** How many there are. */
  get countOfCoins(): number { return (this.$end - (this.$at + 18)) / 21; }
  /** Where they begin in the bytes. */
  get startOfCoins(): number { return this.$at + 16; }
  coinsDenomination(i: number): number { const p = this.startOfCoins + i * 21;
  if (i >>> 0 !== i || i >= this.countOfCoins)
    fail(GET_TICKET_REQUEST_SITES, 5 /* coins[*]: argument */, this.$at, i, i); const bytes = this.$bytes;
  return ((bytes[p]! << 24) >> 24); }
  coinsSerial(i: number): number { const p = this.startOfCoins + i * 21;
  if (i >>> 0 !== i || i >= this.countOfCoins)
    fail(GET_TICKET_REQUEST_SITES, 5 /* coins[*]: argument */, this.$at, i, i); const bytes = this.$bytes;
  return uint32At(bytes, p + 1); }
  coinsAn(i: number): Uint8Array { const p = this.startOfCoins + i * 21;
  if (i >>> 0 !== i || i >= this.countOfCoins)
    fail(GET_TICKET_REQUEST_SITES, 5 /* coins[*]: argument */, this.$at, i, i);
  return this.$bytes.subarray(p + 5, p + 21); }
}
function checkGetTicketRequest(bytes: Uint8Array, at: number, end: number): true | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(GET_TICKET_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(GET_TICKET_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 18) / 21) | 0;
  if ($coins$count * 21 !== end - at - 18)
    return refuse(GET_TICKET_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 18);
  if ($coins$count < 1) return refuse(GET_TICKET_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(GET_TICKET_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  return true;
}

const GET_TICKET_REPLY_SITES: Sites = {
  format: "raida_get_ticket_reply",
  file: "raida/healing.ksy",
  sites: [
    ["short", "", 18, "6 bytes"],
    ["constant", "trailer", 23, "3e 3e"],
  ],
};
const GET_TICKET_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_get_ticket_reply",
  file: "raida/healing.ksy",
  sites: [
    ["argument", "", 18, "an object"],
    ["range", "ticket", 22, "0 to 4294967295"],
  ],
};
/** Status 241. Source: seeds/raida, command 2/40. */
export interface GetTicketReply {
  /** Names the coins that passed (MT). */
  ticket: number;
}
export const GET_TICKET_REPLY_SIZE = 6;
function readGetTicketReply(bytes: Uint8Array, at: number, end: number): GetTicketReply | undefined {
  if (end - at !== 6 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(GET_TICKET_REPLY_SITES, 0 /* short */, 6, bytes, at, end);
  }
  if (bytes[at + 4] !== 62 || bytes[at + 5] !== 62)
    return refuse(GET_TICKET_REPLY_SITES, 1 /* trailer: constant */, at + 4);
  return {
    ticket: uint32At(bytes, at),
  };
}
/** @throws WireError when the bytes are no raida_get_ticket_reply. */
export function decodeGetTicketReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): GetTicketReply {
  return readGetTicketReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeGetTicketReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<GetTicketReply> {
  const value = readGetTicketReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeGetTicketReply(value: GetTicketReply): NewBytes {
  const bytes = new Uint8Array(6);
  encodeGetTicketReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeGetTicketReplyInto(value: GetTicketReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(GET_TICKET_REPLY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 6 || at >>> 0 !== at) failSpace(GET_TICKET_REPLY_SITES$WRITTEN, 6, bytes, at);
  const $ticket = value.ticket;
  if (typeof $ticket !== "number" || $ticket >>> 0 !== $ticket)
    fail(GET_TICKET_REPLY_SITES$WRITTEN, 1 /* ticket: range */, at, $ticket);
  bytes[at] = $ticket >>> 24; bytes[at + 1] = $ticket >>> 16; bytes[at + 2] = $ticket >>> 8; bytes[at + 3] = $ticket;
  bytes[at + 4] = 62; bytes[at + 5] = 62;
  return at + 6;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekGetTicketReplyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(GET_TICKET_REPLY_SITES, bytes, at, end);
  if ((end > at + 4 && bytes[at + 4] !== 62) || (end > at + 5 && bytes[at + 5] !== 62)) return -1;
  return 6;
}

const GET_TICKET_MIXED_REPLY_SITES: Sites = {
  format: "raida_get_ticket_mixed_reply",
  file: "raida/healing.ksy",
  sites: [
    ["short", "", 24, "at least 6 bytes"],
    ["argument", "coinCount", 31, "a count"],
    ["short", "passed", 31, ""],
    ["padding", "passed", 31, "zero bits"],
    ["constant", "trailer", 33, "3e 3e"],
    ["trailing", "", 24, ""],
  ],
};
const GET_TICKET_MIXED_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_get_ticket_mixed_reply",
  file: "raida/healing.ksy",
  sites: [
    ["count", "passed", 31, "at least 0 items"],
    ["argument", "", 24, "an object"],
    ["argument", "passed[*]", 31, "true or false"],
    ["range", "ticket", 32, "0 to 4294967295"],
  ],
};
/** Status 243. Source: seeds/raida, command 2/40. */
export interface GetTicketMixedReply {
  /** One bit a coin, lowest bit first (MS). */
  passed: boolean[];
  /** Names the coins that passed (MT). */
  ticket: number;
}
export const GET_TICKET_MIXED_REPLY_MIN_SIZE = 6;
function readGetTicketMixedReply(bytes: Uint8Array, coinCount: number, at: number, end: number): GetTicketMixedReply |
    undefined {
  if (end - at < 6 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(GET_TICKET_MIXED_REPLY_SITES, 0 /* short */, 6, bytes, at, end);
  }
  const $passed$count = coinCount;
  if ($passed$count >>> 0 !== $passed$count)
    return refuse(GET_TICKET_MIXED_REPLY_SITES, 1 /* coinCount: argument */, at, $passed$count);
  if (Math.ceil($passed$count / 8) > end - at - 6)
    return refuse(GET_TICKET_MIXED_REPLY_SITES, 2 /* passed: short */, end,
      `${end - at - 6} of ${Math.ceil($passed$count / 8)} bytes`);
  const $$p1 = at + Math.ceil($passed$count / 8);
  if (($passed$count & 7) !== 0 && (bytes[$$p1 - 1]! >>> ($passed$count & 7)) !== 0)
    return refuse(GET_TICKET_MIXED_REPLY_SITES, 3 /* passed: padding */, $$p1 - 1);
  if (bytes[$$p1 + 4] !== 62 || bytes[$$p1 + 5] !== 62)
    return refuse(GET_TICKET_MIXED_REPLY_SITES, 4 /* trailer: constant */, $$p1 + 4);
  if ($$p1 + 6 !== end) return refuse(GET_TICKET_MIXED_REPLY_SITES, 5 /* trailing */, $$p1 + 6);
  const $passed = new Array<boolean>($passed$count);
  for (let i = 0; i < $passed.length; i++) $passed[i] = ((bytes[at + (i >>> 3)]! >>> (i & 7)) & 1) === 1;
  return {
    passed: $passed,
    ticket: uint32At(bytes, $$p1),
  };
}
/** @throws WireError when the bytes are no raida_get_ticket_mixed_reply. */
export function decodeGetTicketMixedReply(bytes: Uint8Array, coinCount: number, at = 0,
    end: number = lengthOf(bytes)): GetTicketMixedReply {
  return readGetTicketMixedReply(bytes, coinCount, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeGetTicketMixedReply(bytes: Uint8Array, coinCount: number, at = 0,
    end: number = lengthOf(bytes)): Result<GetTicketMixedReply> {
  const value = readGetTicketMixedReply(bytes, coinCount, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function getTicketMixedReplyLength(value: GetTicketMixedReply): number {
  const $passed$count = value?.passed?.length ?? -1;
  if (!Number.isInteger($passed$count) || $passed$count < 0)
    fail(GET_TICKET_MIXED_REPLY_SITES$WRITTEN, 0 /* passed: count */, 0, $passed$count);
  return 6 + Math.ceil($passed$count / 8);
}
/** @throws WireError when the value does not fit the format. */
export function encodeGetTicketMixedReply(value: GetTicketMixedReply): NewBytes {
  const bytes = new Uint8Array(getTicketMixedReplyLength(value));
  encodeGetTicketMixedReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeGetTicketMixedReplyInto(value: GetTicketMixedReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(GET_TICKET_MIXED_REPLY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $passed = value.passed, $passed$count = $passed?.length ?? -1;
  if (!Number.isInteger($passed$count) || $passed$count < 0)
    fail(GET_TICKET_MIXED_REPLY_SITES$WRITTEN, 0 /* passed: count */, at, $passed$count);
  const need = 6 + Math.ceil($passed$count / 8);
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(GET_TICKET_MIXED_REPLY_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, byte = 0; i < $passed$count; i++) {
    if ($passed[i] === true) byte |= 1 << (i & 7);
    else if ($passed[i] !== false) fail(GET_TICKET_MIXED_REPLY_SITES$WRITTEN, 2 /* passed[*]: argument */, at,
        $passed[i], i);
    if ((i & 7) === 7 || i === $passed$count - 1) {
      bytes[at + (i >>> 3)] = byte;
      byte = 0;
    }
  }
  const $$p1 = at + Math.ceil($passed$count / 8);
  const $ticket = value.ticket;
  if (typeof $ticket !== "number" || $ticket >>> 0 !== $ticket)
    fail(GET_TICKET_MIXED_REPLY_SITES$WRITTEN, 3 /* ticket: range */, $$p1, $ticket);
  bytes[$$p1] = $ticket >>> 24; bytes[$$p1 + 1] = $ticket >>> 16; bytes[$$p1 + 2] = $ticket >>> 8;
  bytes[$$p1 + 3] = $ticket;
  bytes[$$p1 + 4] = 62; bytes[$$p1 + 5] = 62;
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekGetTicketMixedReplyLength(bytes: Uint8Array, coinCount: number, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(GET_TICKET_MIXED_REPLY_SITES, bytes, at, end);
  const $passed$count = coinCount;
  if ($passed$count < 0) return -1;
  const $$p1 = at + Math.ceil($passed$count / 8);
  return $$p1 + 6 - at;
}

const VALIDATE_TICKET_REQUEST_SITES: Sites = {
  format: "raida_validate_ticket_request",
  file: "raida/healing.ksy",
  sites: [
    ["short", "", 34, "23 bytes"],
    ["crc", "challengeCrc", 38, "the CRC-32 of challenge"],
    ["range", "claimerId", 39, "0 to 24"],
    ["constant", "trailer", 41, "3e 3e"],
  ],
};
const VALIDATE_TICKET_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_validate_ticket_request",
  file: "raida/healing.ksy",
  sites: [
    ["argument", "", 34, "an object"],
    ["length", "challenge", 37, "12 bytes"],
    ["range", "claimerId", 39, "0 to 24"],
    ["range", "ticket", 40, "0 to 4294967295"],
  ],
};
/** Source: seeds/raida, command 2/50. */
export interface ValidateTicketRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** The RAIDA server that claims (RI). */
  claimerId: number;
  /** The ticket (MT). */
  ticket: number;
}
export const VALIDATE_TICKET_REQUEST_SIZE = 23;
function readValidateTicketRequest(bytes: Uint8Array, at: number, end: number): ValidateTicketRequest | undefined {
  if (end - at !== 23 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(VALIDATE_TICKET_REQUEST_SITES, 0 /* short */, 23, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(VALIDATE_TICKET_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $claimerId = bytes[at + 16]!;
  if ($claimerId > 24) return refuse(VALIDATE_TICKET_REQUEST_SITES, 2 /* claimerId: range */, at + 16, $claimerId);
  if (bytes[at + 21] !== 62 || bytes[at + 22] !== 62)
    return refuse(VALIDATE_TICKET_REQUEST_SITES, 3 /* trailer: constant */, at + 21);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    claimerId: $claimerId,
    ticket: uint32At(bytes, at + 17),
  };
}
/** @throws WireError when the bytes are no raida_validate_ticket_request. */
export function decodeValidateTicketRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): ValidateTicketRequest {
  return readValidateTicketRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeValidateTicketRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ValidateTicketRequest> {
  const value = readValidateTicketRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeValidateTicketRequest(value: ValidateTicketRequest): NewBytes {
  const bytes = new Uint8Array(23);
  encodeValidateTicketRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeValidateTicketRequestInto(value: ValidateTicketRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(VALIDATE_TICKET_REQUEST_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 23 || at >>> 0 !== at) failSpace(VALIDATE_TICKET_REQUEST_SITES$WRITTEN, 23, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(VALIDATE_TICKET_REQUEST_SITES$WRITTEN, 1 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $claimerId = value.claimerId;
  if (typeof $claimerId !== "number" || ($claimerId & 255) !== $claimerId || $claimerId > 24)
    fail(VALIDATE_TICKET_REQUEST_SITES$WRITTEN, 2 /* claimerId: range */, at + 16, $claimerId);
  bytes[at + 16] = $claimerId;
  const $ticket = value.ticket;
  if (typeof $ticket !== "number" || $ticket >>> 0 !== $ticket)
    fail(VALIDATE_TICKET_REQUEST_SITES$WRITTEN, 3 /* ticket: range */, at + 17, $ticket);
  bytes[at + 17] = $ticket >>> 24; bytes[at + 18] = $ticket >>> 16; bytes[at + 19] = $ticket >>> 8;
  bytes[at + 20] = $ticket;
  bytes[at + 21] = 62; bytes[at + 22] = 62;
  return at + 23;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekValidateTicketRequestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(VALIDATE_TICKET_REQUEST_SITES, bytes, at, end);
  if (end - at >= 17) {
    const $claimerId = bytes[at + 16]!;
    if ($claimerId > 24) return -1;
  }
  if ((end > at + 21 && bytes[at + 21] !== 62) || (end > at + 22 && bytes[at + 22] !== 62)) return -1;
  return 23;
}

const VALIDATE_TICKET_REPLY_SITES: Sites = {
  format: "raida_validate_ticket_reply",
  file: "raida/healing.ksy",
  sites: [
    ["short", "", 42, "at least 2 bytes"],
    ["divisible", "coins", 46, "a multiple of 5 bytes"],
    ["constant", "trailer", 47, "3e 3e"],
  ],
};
const VALIDATE_TICKET_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_validate_ticket_reply",
  file: "raida/healing.ksy",
  sites: [
    ["count", "coins", 46, "at least 0 items"],
    ["argument", "", 42, "an object"],
    ["argument", "coins[*]", 42, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:11", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:12", "0 to 4294967295"],
  ],
};
/** Source: seeds/raida, command 2/50. */
export interface ValidateTicketReply {
  coins: CoinId[];
}
export const VALIDATE_TICKET_REPLY_MIN_SIZE = 2;
function readValidateTicketReply(bytes: Uint8Array, at: number, end: number): ValidateTicketReply | undefined {
  if (end - at < 2 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(VALIDATE_TICKET_REPLY_SITES, 0 /* short */, 2, bytes, at, end);
  }
  const $coins$count = ((end - at - 2) / 5) | 0;
  if ($coins$count * 5 !== end - at - 2)
    return refuse(VALIDATE_TICKET_REPLY_SITES, 1 /* coins: divisible */, at, end - at - 2);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(VALIDATE_TICKET_REPLY_SITES, 2 /* trailer: constant */, end - 2);
  const $coins = new Array<CoinId>($coins$count);
  for (let i = 0, p = at; i < $coins$count; i++, p += 5)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1) };
  return {
    coins: $coins,
  };
}
/** @throws WireError when the bytes are no raida_validate_ticket_reply. */
export function decodeValidateTicketReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): ValidateTicketReply {
  return readValidateTicketReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeValidateTicketReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ValidateTicketReply> {
  const value = readValidateTicketReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function validateTicketReplyLength(value: ValidateTicketReply): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(VALIDATE_TICKET_REPLY_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 2 + 5 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeValidateTicketReply(value: ValidateTicketReply): NewBytes {
  const bytes = new Uint8Array(validateTicketReplyLength(value));
  encodeValidateTicketReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeValidateTicketReplyInto(value: ValidateTicketReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(VALIDATE_TICKET_REPLY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(VALIDATE_TICKET_REPLY_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 2 + 5 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(VALIDATE_TICKET_REPLY_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, p = at; i < $coins$count; i++, p += 5) {
    const item = $coins[i]!;
    if (!item) fail(VALIDATE_TICKET_REPLY_SITES$WRITTEN, 2 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(VALIDATE_TICKET_REPLY_SITES$WRITTEN,
        3 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(VALIDATE_TICKET_REPLY_SITES$WRITTEN, 4 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
  }
  const $$p1 = at + 5 * $coins$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

const FIND_REQUEST_SITES: Sites = {
  format: "raida_find_request",
  file: "raida/healing.ksy",
  sites: [
    ["short", "", 48, "at least 55 bytes"],
    ["crc", "challengeCrc", 53, "the CRC-32 of challenge"],
    ["divisible", "coins", 54, "a multiple of 37 bytes"],
    ["count", "coins", 54, "at least 1 items"],
    ["constant", "trailer", 55, "3e 3e"],
  ],
};
const FIND_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_find_request",
  file: "raida/healing.ksy",
  sites: [
    ["count", "coins", 54, "at least 1 items"],
    ["argument", "", 48, "an object"],
    ["length", "challenge", 52, "12 bytes"],
    ["argument", "coins[*]", 48, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:22", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:23", "0 to 4294967295"],
    ["length", "coins[*].an", "raida/common.ksy:24", "16 bytes"],
    ["length", "coins[*].pan", "raida/common.ksy:25", "16 bytes"],
  ],
};
/** Source: seeds/raida, command 2/60. */
export interface FindRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  coins: CoinAnPan[];
}
export const FIND_REQUEST_MIN_SIZE = 55;
function readFindRequest(bytes: Uint8Array, at: number, end: number): FindRequest | undefined {
  if (end - at < 18 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FIND_REQUEST_SITES, 0 /* short */, 18, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(FIND_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 18) / 37) | 0;
  if ($coins$count * 37 !== end - at - 18)
    return refuse(FIND_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 18);
  if ($coins$count < 1) return refuse(FIND_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(FIND_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  const $coins$buffer = bytes.buffer, $coins$base = bytes.byteOffset;
  const $coins = new Array<CoinAnPan>($coins$count);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 37)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1),
      an: new Uint8Array($coins$buffer, $coins$base + p + 5, 16),
      pan: new Uint8Array($coins$buffer, $coins$base + p + 21, 16) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    coins: $coins,
  };
}
/** @throws WireError when the bytes are no raida_find_request. */
export function decodeFindRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FindRequest {
  return readFindRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFindRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FindRequest> {
  const value = readFindRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function findRequestLength(value: FindRequest): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(FIND_REQUEST_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 18 + 37 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFindRequest(value: FindRequest): NewBytes {
  const bytes = new Uint8Array(findRequestLength(value));
  encodeFindRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFindRequestInto(value: FindRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FIND_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(FIND_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 18 + 37 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FIND_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(FIND_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 37) {
    const item = $coins[i]!;
    if (!item) fail(FIND_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(FIND_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(FIND_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
    const $coins$item_an = item.an;
    if (lengthOf($coins$item_an) !== 16)
      failBytes(FIND_REQUEST_SITES$WRITTEN, 6 /* coins[*].an: length */, p + 5, $coins$item_an, i);
    bytes[p + 5] = $coins$item_an[0]!; bytes[p + 6] = $coins$item_an[1]!; bytes[p + 7] = $coins$item_an[2]!;
    bytes[p + 8] = $coins$item_an[3]!; bytes[p + 9] = $coins$item_an[4]!; bytes[p + 10] = $coins$item_an[5]!;
    bytes[p + 11] = $coins$item_an[6]!; bytes[p + 12] = $coins$item_an[7]!; bytes[p + 13] = $coins$item_an[8]!;
    bytes[p + 14] = $coins$item_an[9]!; bytes[p + 15] = $coins$item_an[10]!; bytes[p + 16] = $coins$item_an[11]!;
    bytes[p + 17] = $coins$item_an[12]!; bytes[p + 18] = $coins$item_an[13]!; bytes[p + 19] = $coins$item_an[14]!;
    bytes[p + 20] = $coins$item_an[15]!;
    const $coins$item_pan = item.pan;
    if (lengthOf($coins$item_pan) !== 16)
      failBytes(FIND_REQUEST_SITES$WRITTEN, 7 /* coins[*].pan: length */, p + 21, $coins$item_pan, i);
    bytes[p + 21] = $coins$item_pan[0]!; bytes[p + 22] = $coins$item_pan[1]!; bytes[p + 23] = $coins$item_pan[2]!;
    bytes[p + 24] = $coins$item_pan[3]!; bytes[p + 25] = $coins$item_pan[4]!; bytes[p + 26] = $coins$item_pan[5]!;
    bytes[p + 27] = $coins$item_pan[6]!; bytes[p + 28] = $coins$item_pan[7]!; bytes[p + 29] = $coins$item_pan[8]!;
    bytes[p + 30] = $coins$item_pan[9]!; bytes[p + 31] = $coins$item_pan[10]!; bytes[p + 32] = $coins$item_pan[11]!;
    bytes[p + 33] = $coins$item_pan[12]!; bytes[p + 34] = $coins$item_pan[13]!; bytes[p + 35] = $coins$item_pan[14]!;
    bytes[p + 36] = $coins$item_pan[15]!;
  }
  const $$p1 = at + 16 + 37 * $coins$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

const FIND_MIXED_REPLY_SITES: Sites = {
  format: "raida_find_mixed_reply",
  file: "raida/healing.ksy",
  sites: [
    ["short", "", 56, "at least 2 bytes"],
    ["enum", "results[*]", 60, "one of 0, 1, 2"],
    ["constant", "trailer", 61, "3e 3e"],
  ],
};
const FIND_MIXED_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_find_mixed_reply",
  file: "raida/healing.ksy",
  sites: [
    ["count", "results", 60, "at least 0 items"],
    ["argument", "", 56, "an object"],
    ["range", "results[*]", 60, "0 to 255"],
    ["enum", "results[*]", 60, "one of 0, 1, 2"],
  ],
};
/** Status 211. Source: seeds/raida, command 2/60. */
export interface FindMixedReply {
  results: FindResult[];
}
export const FIND_MIXED_REPLY_MIN_SIZE = 2;
function readFindMixedReply(bytes: Uint8Array, at: number, end: number): FindMixedReply | undefined {
  if (end - at < 2 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FIND_MIXED_REPLY_SITES, 0 /* short */, 2, bytes, at, end);
  }
  const $results$count = end - at - 2;
  for (let i = 0, p = at; i < $results$count; i++, p += 1) {
    const $results$item = bytes[p]!;
    if (($results$item < 0 || $results$item > 2))
      return refuse(FIND_MIXED_REPLY_SITES, 1 /* results[*]: enum */, p, $results$item, i);
  }
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(FIND_MIXED_REPLY_SITES, 2 /* trailer: constant */, end - 2);
  const $results = new Array<FindResult>($results$count);
  for (let i = 0, p = at; i < $results$count; i++, p += 1) $results[i] = bytes[p]! as FindResult;
  return {
    results: $results,
  };
}
/** @throws WireError when the bytes are no raida_find_mixed_reply. */
export function decodeFindMixedReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FindMixedReply {
  return readFindMixedReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFindMixedReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FindMixedReply> {
  const value = readFindMixedReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function findMixedReplyLength(value: FindMixedReply): number {
  const $results$count = value?.results?.length ?? -1;
  if (!Number.isInteger($results$count) || $results$count < 0)
    fail(FIND_MIXED_REPLY_SITES$WRITTEN, 0 /* results: count */, 0, $results$count);
  return 2 + $results$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFindMixedReply(value: FindMixedReply): NewBytes {
  const bytes = new Uint8Array(findMixedReplyLength(value));
  encodeFindMixedReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFindMixedReplyInto(value: FindMixedReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FIND_MIXED_REPLY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $results = value.results, $results$count = $results?.length ?? -1;
  if (!Number.isInteger($results$count) || $results$count < 0)
    fail(FIND_MIXED_REPLY_SITES$WRITTEN, 0 /* results: count */, at, $results$count);
  const need = 2 + $results$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FIND_MIXED_REPLY_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, p = at; i < $results$count; i++, p += 1) {
    const $results$item = $results[i]!;
    if (typeof $results$item !== "number" || ($results$item & 255) !== $results$item)
      fail(FIND_MIXED_REPLY_SITES$WRITTEN, 2 /* results[*]: range */, p, $results$item, i);
    if (($results$item < 0 || $results$item > 2))
      fail(FIND_MIXED_REPLY_SITES$WRITTEN, 3 /* results[*]: enum */, p, $results$item, i);
    bytes[p] = $results$item;
  }
  const $$p1 = at + $results$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

const FIX_REQUEST_SITES: Sites = {
  format: "raida_fix_request",
  file: "raida/healing.ksy",
  sites: [
    ["short", "", 62, "at least 139 bytes"],
    ["crc", "challengeCrc", 67, "the CRC-32 of challenge"],
    ["divisible", "coins", 68, "a multiple of 5 bytes"],
    ["count", "coins", 68, "at least 1 items"],
    ["constant", "trailer", 71, "3e 3e"],
  ],
};
const FIX_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_fix_request",
  file: "raida/healing.ksy",
  sites: [
    ["count", "coins", 68, "at least 1 items"],
    ["argument", "", 62, "an object"],
    ["length", "challenge", 66, "12 bytes"],
    ["argument", "coins[*]", 62, "an object"],
    ["range", "coins[*].denomination", "raida/common.ksy:11", "-128 to 127"],
    ["range", "coins[*].serial", "raida/common.ksy:12", "0 to 4294967295"],
    ["length", "panGenerator", 69, "16 bytes"],
    ["count", "tickets", 70, "25 items"],
    ["range", "tickets[*]", 70, "0 to 4294967295"],
  ],
};
/** Source: seeds/raida, command 2/80. */
export interface FixRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  coins: CoinId[];
  /** The new AN is MD5(raida id, DN, SN, this); a different one for every server (PG). */
  panGenerator: Uint8Array;
  /** One ticket a server, 0 where there is none (MT). */
  tickets: number[];
}
export const FIX_REQUEST_MIN_SIZE = 139;
function readFixRequest(bytes: Uint8Array, at: number, end: number): FixRequest | undefined {
  if (end - at < 134 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FIX_REQUEST_SITES, 0 /* short */, 134, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(FIX_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $coins$count = ((end - at - 134) / 5) | 0;
  if ($coins$count * 5 !== end - at - 134)
    return refuse(FIX_REQUEST_SITES, 2 /* coins: divisible */, at + 16, end - at - 134);
  if ($coins$count < 1) return refuse(FIX_REQUEST_SITES, 3 /* coins: count */, at + 16, $coins$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(FIX_REQUEST_SITES, 4 /* trailer: constant */, end - 2);
  const $coins = new Array<CoinId>($coins$count);
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 5)
    $coins[i] = { denomination: ((bytes[p]! << 24) >> 24), serial: uint32At(bytes, p + 1) };
  const $tickets = new Array<number>(25);
  for (let i = 0, p = end - 102; i < 25; i++, p += 4) $tickets[i] = uint32At(bytes, p);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    coins: $coins,
    panGenerator: new Uint8Array(bytes.buffer, bytes.byteOffset + end - 118, 16),
    tickets: $tickets,
  };
}
/** @throws WireError when the bytes are no raida_fix_request. */
export function decodeFixRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FixRequest {
  return readFixRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFixRequest(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<FixRequest> {
  const value = readFixRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fixRequestLength(value: FixRequest): number {
  const $coins$count = value?.coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 0)
    fail(FIX_REQUEST_SITES$WRITTEN, 0 /* coins: count */, 0, $coins$count);
  return 134 + 5 * $coins$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFixRequest(value: FixRequest): NewBytes {
  const bytes = new Uint8Array(fixRequestLength(value));
  encodeFixRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFixRequestInto(value: FixRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FIX_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $coins = value.coins, $coins$count = $coins?.length ?? -1;
  if (!Number.isInteger($coins$count) || $coins$count < 1)
    fail(FIX_REQUEST_SITES$WRITTEN, 0 /* coins: count */, at, $coins$count);
  const need = 134 + 5 * $coins$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FIX_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12) failBytes(FIX_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  for (let i = 0, p = at + 16; i < $coins$count; i++, p += 5) {
    const item = $coins[i]!;
    if (!item) fail(FIX_REQUEST_SITES$WRITTEN, 3 /* coins[*]: argument */, p, item, i);
    const $coins$item_denomination = item.denomination;
    if (typeof $coins$item_denomination !== "number" ||
        ($coins$item_denomination << 24) >> 24 !== $coins$item_denomination) fail(FIX_REQUEST_SITES$WRITTEN,
        4 /* coins[*].denomination: range */, p, $coins$item_denomination, i);
    bytes[p] = $coins$item_denomination;
    const $coins$item_serial = item.serial;
    if (typeof $coins$item_serial !== "number" || $coins$item_serial >>> 0 !== $coins$item_serial)
      fail(FIX_REQUEST_SITES$WRITTEN, 5 /* coins[*].serial: range */, p + 1, $coins$item_serial, i);
    bytes[p + 1] = $coins$item_serial >>> 24; bytes[p + 2] = $coins$item_serial >>> 16;
    bytes[p + 3] = $coins$item_serial >>> 8; bytes[p + 4] = $coins$item_serial;
  }
  const $$p1 = at + 16 + 5 * $coins$count;
  const $panGenerator = value.panGenerator;
  if (lengthOf($panGenerator) !== 16)
    failBytes(FIX_REQUEST_SITES$WRITTEN, 6 /* panGenerator: length */, $$p1, $panGenerator);
  bytes[$$p1] = $panGenerator[0]!; bytes[$$p1 + 1] = $panGenerator[1]!; bytes[$$p1 + 2] = $panGenerator[2]!;
  bytes[$$p1 + 3] = $panGenerator[3]!; bytes[$$p1 + 4] = $panGenerator[4]!; bytes[$$p1 + 5] = $panGenerator[5]!;
  bytes[$$p1 + 6] = $panGenerator[6]!; bytes[$$p1 + 7] = $panGenerator[7]!; bytes[$$p1 + 8] = $panGenerator[8]!;
  bytes[$$p1 + 9] = $panGenerator[9]!; bytes[$$p1 + 10] = $panGenerator[10]!; bytes[$$p1 + 11] = $panGenerator[11]!;
  bytes[$$p1 + 12] = $panGenerator[12]!; bytes[$$p1 + 13] = $panGenerator[13]!; bytes[$$p1 + 14] = $panGenerator[14]!;
  bytes[$$p1 + 15] = $panGenerator[15]!;
  const $tickets = value.tickets;
  if ($tickets?.length !== 25) fail(FIX_REQUEST_SITES$WRITTEN, 7 /* tickets: count */, $$p1 + 16, $tickets?.length);
  for (let i = 0, p = $$p1 + 16; i < 25; i++, p += 4) {
    const $tickets$item = $tickets[i]!;
    if (typeof $tickets$item !== "number" || $tickets$item >>> 0 !== $tickets$item)
      fail(FIX_REQUEST_SITES$WRITTEN, 8 /* tickets[*]: range */, p, $tickets$item, i);
    bytes[p] = $tickets$item >>> 24; bytes[p + 1] = $tickets$item >>> 16; bytes[p + 2] = $tickets$item >>> 8;
    bytes[p + 3] = $tickets$item;
  }
  bytes[$$p1 + 116] = 62; bytes[$$p1 + 117] = 62;
  return at + need;
}

