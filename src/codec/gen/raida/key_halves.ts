// Generated from raida/key_halves.ksy by `specwire gen`; do not edit. spec sha256 1d03e10fed9492dfa7e1a38566885ab85e2ffa070b58d62b141f41bece4e4464
/**
 * RAIDA command group 4: halves of a key, open and encrypted. What a helper encrypts, and how the broken server gets
 * it.
 */
import { type NewBytes, type Result, type Sites, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange, uint32At } from "../../index.js";

const KEY_TICKET_SITES: Sites = {
  format: "raida_key_ticket",
  file: "raida/key_halves.ksy",
  sites: [
    ["short", "", 8, "16 bytes"],
    ["constant", "marker", 16, "ff"],
  ],
};
const KEY_TICKET_SITES$WRITTEN: Sites = {
  format: "raida_key_ticket",
  file: "raida/key_halves.ksy",
  sites: [
    ["argument", "", 8, "an object"],
    ["length", "keyPart", 12, "8 bytes"],
    ["range", "denomination", 13, "-128 to 127"],
    ["range", "serial", 14, "0 to 4294967295"],
    ["length", "filler", 15, "2 bytes"],
  ],
};
/** What a ticket says, once it is decrypted. Source: seeds/raida, command 4/44. */
export interface KeyTicket {
  /** Half of the key (KY). */
  keyPart: Uint8Array;
  /** Coin that the key is for (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  /** Random bytes. */
  filler: Uint8Array;
}
export const KEY_TICKET_SIZE = 16;
function readKeyTicket(bytes: Uint8Array, at: number, end: number): KeyTicket | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(KEY_TICKET_SITES, 0 /* short */, 16, bytes, at, end);
  }
  if (bytes[at + 15] !== 255) return refuse(KEY_TICKET_SITES, 1 /* marker: constant */, at + 15);
  return {
    keyPart: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 8),
    denomination: ((bytes[at + 8]! << 24) >> 24),
    serial: uint32At(bytes, at + 9),
    filler: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 13, 2),
  };
}
/** @throws WireError when the bytes are no raida_key_ticket. */
export function decodeKeyTicket(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): KeyTicket {
  return readKeyTicket(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeKeyTicket(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<KeyTicket> {
  const value = readKeyTicket(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeKeyTicket(value: KeyTicket): NewBytes {
  const bytes = new Uint8Array(16);
  encodeKeyTicketInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeKeyTicketInto(value: KeyTicket, bytes: Uint8Array, at = 0): number {
  if (!value) fail(KEY_TICKET_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(KEY_TICKET_SITES$WRITTEN, 16, bytes, at);
  const $keyPart = value.keyPart;
  if (lengthOf($keyPart) !== 8) failBytes(KEY_TICKET_SITES$WRITTEN, 1 /* keyPart: length */, at, $keyPart);
  bytes[at] = $keyPart[0]!; bytes[at + 1] = $keyPart[1]!; bytes[at + 2] = $keyPart[2]!; bytes[at + 3] = $keyPart[3]!;
  bytes[at + 4] = $keyPart[4]!; bytes[at + 5] = $keyPart[5]!; bytes[at + 6] = $keyPart[6]!;
  bytes[at + 7] = $keyPart[7]!;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(KEY_TICKET_SITES$WRITTEN, 2 /* denomination: range */, at + 8, $denomination);
  bytes[at + 8] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(KEY_TICKET_SITES$WRITTEN, 3 /* serial: range */, at + 9, $serial);
  bytes[at + 9] = $serial >>> 24; bytes[at + 10] = $serial >>> 16; bytes[at + 11] = $serial >>> 8;
  bytes[at + 12] = $serial;
  const $filler = value.filler;
  if (lengthOf($filler) !== 2) failBytes(KEY_TICKET_SITES$WRITTEN, 4 /* filler: length */, at + 13, $filler);
  bytes[at + 13] = $filler[0]!; bytes[at + 14] = $filler[1]!;
  bytes[at + 15] = 255;
  return at + 16;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekKeyTicketLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(KEY_TICKET_SITES, bytes, at, end);
  if (end > at + 15 && bytes[at + 15] !== 255) return -1;
  return 16;
}

const KEY_TICKET_QMAIL_SITES: Sites = {
  format: "raida_key_ticket_qmail",
  file: "raida/key_halves.ksy",
  sites: [
    ["short", "", 17, "16 bytes"],
    ["constant", "marker", 24, "ee ee"],
  ],
};
const KEY_TICKET_QMAIL_SITES$WRITTEN: Sites = {
  format: "raida_key_ticket_qmail",
  file: "raida/key_halves.ksy",
  sites: [
    ["argument", "", 17, "an object"],
    ["length", "keyPart", 20, "8 bytes"],
    ["range", "denomination", 21, "-128 to 127"],
    ["range", "serial", 22, "0 to 4294967295"],
    ["range", "filler", 23, "0 to 255"],
  ],
};
/** Source: seeds/raida, key exchange. */
export interface KeyTicketQmail {
  /** Half of the key (KY). */
  keyPart: Uint8Array;
  /** Coin that the key is for (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  /** A random byte. */
  filler: number;
}
export const KEY_TICKET_QMAIL_SIZE = 16;
function readKeyTicketQmail(bytes: Uint8Array, at: number, end: number): KeyTicketQmail | undefined {
  if (end - at !== 16 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(KEY_TICKET_QMAIL_SITES, 0 /* short */, 16, bytes, at, end);
  }
  if (bytes[at + 14] !== 238 || bytes[at + 15] !== 238)
    return refuse(KEY_TICKET_QMAIL_SITES, 1 /* marker: constant */, at + 14);
  return {
    keyPart: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 8),
    denomination: ((bytes[at + 8]! << 24) >> 24),
    serial: uint32At(bytes, at + 9),
    filler: bytes[at + 13]!,
  };
}
/** @throws WireError when the bytes are no raida_key_ticket_qmail. */
export function decodeKeyTicketQmail(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): KeyTicketQmail {
  return readKeyTicketQmail(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeKeyTicketQmail(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<KeyTicketQmail> {
  const value = readKeyTicketQmail(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeKeyTicketQmail(value: KeyTicketQmail): NewBytes {
  const bytes = new Uint8Array(16);
  encodeKeyTicketQmailInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeKeyTicketQmailInto(value: KeyTicketQmail, bytes: Uint8Array, at = 0): number {
  if (!value) fail(KEY_TICKET_QMAIL_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 16 || at >>> 0 !== at) failSpace(KEY_TICKET_QMAIL_SITES$WRITTEN, 16, bytes, at);
  const $keyPart = value.keyPart;
  if (lengthOf($keyPart) !== 8) failBytes(KEY_TICKET_QMAIL_SITES$WRITTEN, 1 /* keyPart: length */, at, $keyPart);
  bytes[at] = $keyPart[0]!; bytes[at + 1] = $keyPart[1]!; bytes[at + 2] = $keyPart[2]!; bytes[at + 3] = $keyPart[3]!;
  bytes[at + 4] = $keyPart[4]!; bytes[at + 5] = $keyPart[5]!; bytes[at + 6] = $keyPart[6]!;
  bytes[at + 7] = $keyPart[7]!;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(KEY_TICKET_QMAIL_SITES$WRITTEN, 2 /* denomination: range */, at + 8, $denomination);
  bytes[at + 8] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(KEY_TICKET_QMAIL_SITES$WRITTEN, 3 /* serial: range */, at + 9, $serial);
  bytes[at + 9] = $serial >>> 24; bytes[at + 10] = $serial >>> 16; bytes[at + 11] = $serial >>> 8;
  bytes[at + 12] = $serial;
  const $filler = value.filler;
  if (typeof $filler !== "number" || ($filler & 255) !== $filler)
    fail(KEY_TICKET_QMAIL_SITES$WRITTEN, 4 /* filler: range */, at + 13, $filler);
  bytes[at + 13] = $filler;
  bytes[at + 14] = 238; bytes[at + 15] = 238;
  return at + 16;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekKeyTicketQmailLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(KEY_TICKET_QMAIL_SITES, bytes, at, end);
  if ((end > at + 14 && bytes[at + 14] !== 238) || (end > at + 15 && bytes[at + 15] !== 238)) return -1;
  return 16;
}

const KEY_RECORD_SITES: Sites = {
  format: "raida_key_record",
  file: "raida/key_halves.ksy",
  sites: [
    ["short", "", 25, "26 bytes"],
  ],
};
const KEY_RECORD_SITES$WRITTEN: Sites = {
  format: "raida_key_record",
  file: "raida/key_halves.ksy",
  sites: [
    ["argument", "", 25, "an object"],
    ["range", "coinId", 29, "0 to 65535"],
    ["range", "part", 30, "0 to 255"],
    ["range", "helperId", 31, "0 to 255"],
    ["range", "shardId", 32, "0 to 255"],
    ["range", "denomination", 33, "-128 to 127"],
    ["range", "serial", 34, "0 to 4294967295"],
    ["length", "ticket", 35, "16 bytes"],
  ],
};
/** Half of a key, as the C server and the pages have it. Source: seeds/raida, command 4/45. */
export interface KeyRecord {
  /** Kind of coin (CO). */
  coinId: number;
  /** Which half: 0 or 1 (SP). */
  part: number;
  /** The server that encrypted it (DA). */
  helperId: number;
  /** Shard (SH). */
  shardId: number;
  /** Coin that the key is for (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  /** What the helper answered. */
  ticket: Uint8Array;
}
export const KEY_RECORD_SIZE = 26;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const KEY_RECORD_DEFAULTS = { coinId: 6, shardId: 0 } as const;
function readKeyRecord(bytes: Uint8Array, at: number, end: number): KeyRecord | undefined {
  if (end - at !== 26 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(KEY_RECORD_SITES, 0 /* short */, 26, bytes, at, end);
  }
  return {
    coinId: ((bytes[at]! << 8) | bytes[at + 1]!),
    part: bytes[at + 2]!,
    helperId: bytes[at + 3]!,
    shardId: bytes[at + 4]!,
    denomination: ((bytes[at + 5]! << 24) >> 24),
    serial: uint32At(bytes, at + 6),
    ticket: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 10, 16),
  };
}
/** @throws WireError when the bytes are no raida_key_record. */
export function decodeKeyRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): KeyRecord {
  return readKeyRecord(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeKeyRecord(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<KeyRecord> {
  const value = readKeyRecord(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeKeyRecord(value: KeyRecord): NewBytes {
  const bytes = new Uint8Array(26);
  encodeKeyRecordInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeKeyRecordInto(value: KeyRecord, bytes: Uint8Array, at = 0): number {
  if (!value) fail(KEY_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 26 || at >>> 0 !== at) failSpace(KEY_RECORD_SITES$WRITTEN, 26, bytes, at);
  const $coinId = value.coinId;
  if (typeof $coinId !== "number" || ($coinId & 65535) !== $coinId)
    fail(KEY_RECORD_SITES$WRITTEN, 1 /* coinId: range */, at, $coinId);
  bytes[at] = $coinId >>> 8; bytes[at + 1] = $coinId;
  const $part = value.part;
  if (typeof $part !== "number" || ($part & 255) !== $part)
    fail(KEY_RECORD_SITES$WRITTEN, 2 /* part: range */, at + 2, $part);
  bytes[at + 2] = $part;
  const $helperId = value.helperId;
  if (typeof $helperId !== "number" || ($helperId & 255) !== $helperId)
    fail(KEY_RECORD_SITES$WRITTEN, 3 /* helperId: range */, at + 3, $helperId);
  bytes[at + 3] = $helperId;
  const $shardId = value.shardId;
  if (typeof $shardId !== "number" || ($shardId & 255) !== $shardId)
    fail(KEY_RECORD_SITES$WRITTEN, 4 /* shardId: range */, at + 4, $shardId);
  bytes[at + 4] = $shardId;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(KEY_RECORD_SITES$WRITTEN, 5 /* denomination: range */, at + 5, $denomination);
  bytes[at + 5] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(KEY_RECORD_SITES$WRITTEN, 6 /* serial: range */, at + 6, $serial);
  bytes[at + 6] = $serial >>> 24; bytes[at + 7] = $serial >>> 16; bytes[at + 8] = $serial >>> 8;
  bytes[at + 9] = $serial;
  const $ticket = value.ticket;
  if (lengthOf($ticket) !== 16) failBytes(KEY_RECORD_SITES$WRITTEN, 7 /* ticket: length */, at + 10, $ticket);
  bytes[at + 10] = $ticket[0]!; bytes[at + 11] = $ticket[1]!; bytes[at + 12] = $ticket[2]!;
  bytes[at + 13] = $ticket[3]!; bytes[at + 14] = $ticket[4]!; bytes[at + 15] = $ticket[5]!;
  bytes[at + 16] = $ticket[6]!; bytes[at + 17] = $ticket[7]!; bytes[at + 18] = $ticket[8]!;
  bytes[at + 19] = $ticket[9]!; bytes[at + 20] = $ticket[10]!; bytes[at + 21] = $ticket[11]!;
  bytes[at + 22] = $ticket[12]!; bytes[at + 23] = $ticket[13]!; bytes[at + 24] = $ticket[14]!;
  bytes[at + 25] = $ticket[15]!;
  return at + 26;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekKeyRecordLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(KEY_RECORD_SITES, bytes, at, end);
  return 26;
}

const KEY_RECORD_QMAIL_SITES: Sites = {
  format: "raida_key_record_qmail",
  file: "raida/key_halves.ksy",
  sites: [
    ["short", "", 36, "19 bytes"],
    ["constant", "keySelector", 41, "00"],
  ],
};
const KEY_RECORD_QMAIL_SITES$WRITTEN: Sites = {
  format: "raida_key_record_qmail",
  file: "raida/key_halves.ksy",
  sites: [
    ["argument", "", 36, "an object"],
    ["range", "helperId", 39, "0 to 255"],
    ["range", "part", 40, "0 to 255"],
    ["length", "ticket", 42, "16 bytes"],
  ],
};
/** Source: seeds/raida, key exchange. */
export interface KeyRecordQmail {
  /** The server that encrypted it. */
  helperId: number;
  /** Which half: 0 or 1. */
  part: number;
  /** What the helper answered. */
  ticket: Uint8Array;
}
export const KEY_RECORD_QMAIL_SIZE = 19;
function readKeyRecordQmail(bytes: Uint8Array, at: number, end: number): KeyRecordQmail | undefined {
  if (end - at !== 19 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(KEY_RECORD_QMAIL_SITES, 0 /* short */, 19, bytes, at, end);
  }
  if (bytes[at + 2] !== 0) return refuse(KEY_RECORD_QMAIL_SITES, 1 /* keySelector: constant */, at + 2);
  return {
    helperId: bytes[at]!,
    part: bytes[at + 1]!,
    ticket: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 3, 16),
  };
}
/** @throws WireError when the bytes are no raida_key_record_qmail. */
export function decodeKeyRecordQmail(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): KeyRecordQmail {
  return readKeyRecordQmail(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeKeyRecordQmail(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<KeyRecordQmail> {
  const value = readKeyRecordQmail(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeKeyRecordQmail(value: KeyRecordQmail): NewBytes {
  const bytes = new Uint8Array(19);
  encodeKeyRecordQmailInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeKeyRecordQmailInto(value: KeyRecordQmail, bytes: Uint8Array, at = 0): number {
  if (!value) fail(KEY_RECORD_QMAIL_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 19 || at >>> 0 !== at) failSpace(KEY_RECORD_QMAIL_SITES$WRITTEN, 19, bytes, at);
  const $helperId = value.helperId;
  if (typeof $helperId !== "number" || ($helperId & 255) !== $helperId)
    fail(KEY_RECORD_QMAIL_SITES$WRITTEN, 1 /* helperId: range */, at, $helperId);
  bytes[at] = $helperId;
  const $part = value.part;
  if (typeof $part !== "number" || ($part & 255) !== $part)
    fail(KEY_RECORD_QMAIL_SITES$WRITTEN, 2 /* part: range */, at + 1, $part);
  bytes[at + 1] = $part;
  bytes[at + 2] = 0;
  const $ticket = value.ticket;
  if (lengthOf($ticket) !== 16) failBytes(KEY_RECORD_QMAIL_SITES$WRITTEN, 3 /* ticket: length */, at + 3, $ticket);
  bytes[at + 3] = $ticket[0]!; bytes[at + 4] = $ticket[1]!; bytes[at + 5] = $ticket[2]!; bytes[at + 6] = $ticket[3]!;
  bytes[at + 7] = $ticket[4]!; bytes[at + 8] = $ticket[5]!; bytes[at + 9] = $ticket[6]!; bytes[at + 10] = $ticket[7]!;
  bytes[at + 11] = $ticket[8]!; bytes[at + 12] = $ticket[9]!; bytes[at + 13] = $ticket[10]!;
  bytes[at + 14] = $ticket[11]!; bytes[at + 15] = $ticket[12]!; bytes[at + 16] = $ticket[13]!;
  bytes[at + 17] = $ticket[14]!; bytes[at + 18] = $ticket[15]!;
  return at + 19;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekKeyRecordQmailLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(KEY_RECORD_QMAIL_SITES, bytes, at, end);
  if (end > at + 2 && bytes[at + 2] !== 0) return -1;
  return 19;
}

