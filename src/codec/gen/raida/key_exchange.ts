// Generated from raida/key_exchange.ksy by `specwire gen`; do not edit. spec sha256 1cd3fdfd79b740ebbc8162086ee8a031115de499a43d1cc9d52fcbf11ef3ab5a
/**
 * RAIDA command group 4: a broken server regains the key that it shares with a client. Whole plaintext bodies. A helper
 * encrypts half of a key (command 44); the broken server takes the halves (command 45). Both commands exist in three
 * dialects: as the C server reads them, as the protocol's own pages have them (west), and as the qmail client writes
 * them.
 */
import { type NewBytes, type Result, type Sites, crc32, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange, uint32At } from "../../index.js";
import type { CoinAn } from "./common.js";
import type { KeyRecord, KeyRecordQmail } from "./key_halves.js";

export const KeyVerdict = {
  /** The record does not fit its ticket. */
  rejected: 0,
  /** The half of the key has been taken. */
  accepted: 1,
} as const;
export type KeyVerdict = (typeof KeyVerdict)[keyof typeof KeyVerdict];
/** Name and meaning of each KeyVerdict. */
export const KEY_VERDICT_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } = {
  0: { name: "rejected", doc: "The record does not fit its ticket." },
  1: { name: "accepted", doc: "The half of the key has been taken." },
};

const ENCRYPTION_TICKET_REQUEST_SITES: Sites = {
  format: "raida_encryption_ticket_request",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 12, "31 bytes"],
    ["crc", "challengeCrc", 17, "the CRC-32 of challenge"],
    ["constant", "trailer", 21, "3e 3e"],
  ],
};
const ENCRYPTION_TICKET_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_encryption_ticket_request",
  file: "raida/key_exchange.ksy",
  sites: [
    ["argument", "", 12, "an object"],
    ["length", "challenge", 16, "12 bytes"],
    ["range", "denomination", 18, "-128 to 127"],
    ["range", "serial", 19, "0 to 4294967295"],
    ["length", "keyPart", 20, "8 bytes"],
  ],
};
/** As the C server reads it. Source: seeds/raida, command 4/44. */
export interface EncryptionTicketRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** Coin under whose AN the helper encrypts (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  /** Half of the key (KY). */
  keyPart: Uint8Array;
}
export const ENCRYPTION_TICKET_REQUEST_SIZE = 31;
function readEncryptionTicketRequest(bytes: Uint8Array, at: number, end: number): EncryptionTicketRequest | undefined {
  if (end - at !== 31 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ENCRYPTION_TICKET_REQUEST_SITES, 0 /* short */, 31, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(ENCRYPTION_TICKET_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  if (bytes[at + 29] !== 62 || bytes[at + 30] !== 62)
    return refuse(ENCRYPTION_TICKET_REQUEST_SITES, 2 /* trailer: constant */, at + 29);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    denomination: ((bytes[at + 16]! << 24) >> 24),
    serial: uint32At(bytes, at + 17),
    keyPart: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 21, 8),
  };
}
/** @throws WireError when the bytes are no raida_encryption_ticket_request. */
export function decodeEncryptionTicketRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): EncryptionTicketRequest {
  return readEncryptionTicketRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEncryptionTicketRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<EncryptionTicketRequest> {
  const value = readEncryptionTicketRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEncryptionTicketRequest(value: EncryptionTicketRequest): NewBytes {
  const bytes = new Uint8Array(31);
  encodeEncryptionTicketRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEncryptionTicketRequestInto(value: EncryptionTicketRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ENCRYPTION_TICKET_REQUEST_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 31 || at >>> 0 !== at) failSpace(ENCRYPTION_TICKET_REQUEST_SITES$WRITTEN, 31, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(ENCRYPTION_TICKET_REQUEST_SITES$WRITTEN, 1 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(ENCRYPTION_TICKET_REQUEST_SITES$WRITTEN, 2 /* denomination: range */, at + 16, $denomination);
  bytes[at + 16] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(ENCRYPTION_TICKET_REQUEST_SITES$WRITTEN, 3 /* serial: range */, at + 17, $serial);
  bytes[at + 17] = $serial >>> 24; bytes[at + 18] = $serial >>> 16; bytes[at + 19] = $serial >>> 8;
  bytes[at + 20] = $serial;
  const $keyPart = value.keyPart;
  if (lengthOf($keyPart) !== 8)
    failBytes(ENCRYPTION_TICKET_REQUEST_SITES$WRITTEN, 4 /* keyPart: length */, at + 21, $keyPart);
  bytes[at + 21] = $keyPart[0]!; bytes[at + 22] = $keyPart[1]!; bytes[at + 23] = $keyPart[2]!;
  bytes[at + 24] = $keyPart[3]!; bytes[at + 25] = $keyPart[4]!; bytes[at + 26] = $keyPart[5]!;
  bytes[at + 27] = $keyPart[6]!; bytes[at + 28] = $keyPart[7]!;
  bytes[at + 29] = 62; bytes[at + 30] = 62;
  return at + 31;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekEncryptionTicketRequestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(ENCRYPTION_TICKET_REQUEST_SITES, bytes, at, end);
  if ((end > at + 29 && bytes[at + 29] !== 62) || (end > at + 30 && bytes[at + 30] !== 62)) return -1;
  return 31;
}

const ENCRYPTION_TICKET_REQUEST_WEST_SITES: Sites = {
  format: "raida_encryption_ticket_request_west",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 22, "52 bytes"],
    ["crc", "challengeCrc", 26, "the CRC-32 of challenge"],
    ["constant", "trailer", 31, "3e 3e"],
  ],
};
const ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN: Sites = {
  format: "raida_encryption_ticket_request_west",
  file: "raida/key_exchange.ksy",
  sites: [
    ["argument", "", 22, "an object"],
    ["length", "challenge", 25, "12 bytes"],
    ["range", "denomination", 27, "-128 to 127"],
    ["range", "serial", 28, "0 to 4294967295"],
    ["length", "keyPart", 29, "8 bytes"],
    ["argument", "proof", 30, "an object"],
    ["range", "proof.denomination", "raida/common.ksy:16", "-128 to 127"],
    ["range", "proof.serial", "raida/common.ksy:17", "0 to 4294967295"],
    ["length", "proof.an", "raida/common.ksy:18", "16 bytes"],
  ],
};
/** Source: seeds/raida, contradiction 2. */
export interface EncryptionTicketRequestWest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** Coin under whose AN the helper encrypts (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  /** Half of the key (KY). */
  keyPart: Uint8Array;
  /** A coin of whoever asks. */
  proof: CoinAn;
}
export const ENCRYPTION_TICKET_REQUEST_WEST_SIZE = 52;
function readEncryptionTicketRequestWest(bytes: Uint8Array, at: number, end: number): EncryptionTicketRequestWest |
    undefined {
  if (end - at !== 52 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ENCRYPTION_TICKET_REQUEST_WEST_SITES, 0 /* short */, 52, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(ENCRYPTION_TICKET_REQUEST_WEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  if (bytes[at + 50] !== 62 || bytes[at + 51] !== 62)
    return refuse(ENCRYPTION_TICKET_REQUEST_WEST_SITES, 2 /* trailer: constant */, at + 50);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    denomination: ((bytes[at + 16]! << 24) >> 24),
    serial: uint32At(bytes, at + 17),
    keyPart: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 21, 8),
    proof: { denomination: ((bytes[at + 29]! << 24) >> 24), serial: uint32At(bytes, at + 30),
        an: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 34, 16) },
  };
}
/** @throws WireError when the bytes are no raida_encryption_ticket_request_west. */
export function decodeEncryptionTicketRequestWest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): EncryptionTicketRequestWest {
  return readEncryptionTicketRequestWest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEncryptionTicketRequestWest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<EncryptionTicketRequestWest> {
  const value = readEncryptionTicketRequestWest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEncryptionTicketRequestWest(value: EncryptionTicketRequestWest): NewBytes {
  const bytes = new Uint8Array(52);
  encodeEncryptionTicketRequestWestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEncryptionTicketRequestWestInto(value: EncryptionTicketRequestWest, bytes: Uint8Array,
    at = 0): number {
  if (!value) fail(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 52 || at >>> 0 !== at)
    failSpace(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 52, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 1 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 2 /* denomination: range */, at + 16, $denomination);
  bytes[at + 16] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 3 /* serial: range */, at + 17, $serial);
  bytes[at + 17] = $serial >>> 24; bytes[at + 18] = $serial >>> 16; bytes[at + 19] = $serial >>> 8;
  bytes[at + 20] = $serial;
  const $keyPart = value.keyPart;
  if (lengthOf($keyPart) !== 8)
    failBytes(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 4 /* keyPart: length */, at + 21, $keyPart);
  bytes[at + 21] = $keyPart[0]!; bytes[at + 22] = $keyPart[1]!; bytes[at + 23] = $keyPart[2]!;
  bytes[at + 24] = $keyPart[3]!; bytes[at + 25] = $keyPart[4]!; bytes[at + 26] = $keyPart[5]!;
  bytes[at + 27] = $keyPart[6]!; bytes[at + 28] = $keyPart[7]!;
  const $proof = value.proof;
  if (!$proof) fail(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 5 /* proof: argument */, at + 29, $proof);
  const $proof_denomination = $proof.denomination;
  if (typeof $proof_denomination !== "number" || ($proof_denomination << 24) >> 24 !== $proof_denomination)
    fail(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 6 /* proof.denomination: range */, at + 29, $proof_denomination);
  bytes[at + 29] = $proof_denomination;
  const $proof_serial = $proof.serial;
  if (typeof $proof_serial !== "number" || $proof_serial >>> 0 !== $proof_serial)
    fail(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 7 /* proof.serial: range */, at + 30, $proof_serial);
  bytes[at + 30] = $proof_serial >>> 24; bytes[at + 31] = $proof_serial >>> 16; bytes[at + 32] = $proof_serial >>> 8;
  bytes[at + 33] = $proof_serial;
  const $proof_an = $proof.an;
  if (lengthOf($proof_an) !== 16)
    failBytes(ENCRYPTION_TICKET_REQUEST_WEST_SITES$WRITTEN, 8 /* proof.an: length */, at + 34, $proof_an);
  bytes[at + 34] = $proof_an[0]!; bytes[at + 35] = $proof_an[1]!; bytes[at + 36] = $proof_an[2]!;
  bytes[at + 37] = $proof_an[3]!; bytes[at + 38] = $proof_an[4]!; bytes[at + 39] = $proof_an[5]!;
  bytes[at + 40] = $proof_an[6]!; bytes[at + 41] = $proof_an[7]!; bytes[at + 42] = $proof_an[8]!;
  bytes[at + 43] = $proof_an[9]!; bytes[at + 44] = $proof_an[10]!; bytes[at + 45] = $proof_an[11]!;
  bytes[at + 46] = $proof_an[12]!; bytes[at + 47] = $proof_an[13]!; bytes[at + 48] = $proof_an[14]!;
  bytes[at + 49] = $proof_an[15]!;
  bytes[at + 50] = 62; bytes[at + 51] = 62;
  return at + 52;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekEncryptionTicketRequestWestLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(ENCRYPTION_TICKET_REQUEST_WEST_SITES, bytes, at, end);
  if ((end > at + 50 && bytes[at + 50] !== 62) || (end > at + 51 && bytes[at + 51] !== 62)) return -1;
  return 52;
}

const ENCRYPTION_TICKET_REQUEST_QMAIL_SITES: Sites = {
  format: "raida_encryption_ticket_request_qmail",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 32, "32 bytes"],
    ["crc", "challengeCrc", 36, "the CRC-32 of challenge"],
    ["constant", "trailer", 41, "3e 3e"],
  ],
};
const ENCRYPTION_TICKET_REQUEST_QMAIL_SITES$WRITTEN: Sites = {
  format: "raida_encryption_ticket_request_qmail",
  file: "raida/key_exchange.ksy",
  sites: [
    ["argument", "", 32, "an object"],
    ["length", "challenge", 35, "12 bytes"],
    ["range", "brokenId", 37, "0 to 255"],
    ["range", "denomination", 38, "-128 to 127"],
    ["range", "serial", 39, "0 to 4294967295"],
    ["length", "keyPart", 40, "8 bytes"],
  ],
};
/** Source: seeds/raida, key exchange. */
export interface EncryptionTicketRequestQmail {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** The server that the ticket is for. */
  brokenId: number;
  /** Coin under whose AN the helper encrypts (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  /** Half of the key (KY). */
  keyPart: Uint8Array;
}
export const ENCRYPTION_TICKET_REQUEST_QMAIL_SIZE = 32;
function readEncryptionTicketRequestQmail(bytes: Uint8Array, at: number, end: number): EncryptionTicketRequestQmail |
    undefined {
  if (end - at !== 32 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES, 0 /* short */, 32, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  if (bytes[at + 30] !== 62 || bytes[at + 31] !== 62)
    return refuse(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES, 2 /* trailer: constant */, at + 30);
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    brokenId: bytes[at + 16]!,
    denomination: ((bytes[at + 17]! << 24) >> 24),
    serial: uint32At(bytes, at + 18),
    keyPart: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 22, 8),
  };
}
/** @throws WireError when the bytes are no raida_encryption_ticket_request_qmail. */
export function decodeEncryptionTicketRequestQmail(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): EncryptionTicketRequestQmail {
  return readEncryptionTicketRequestQmail(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEncryptionTicketRequestQmail(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<EncryptionTicketRequestQmail> {
  const value = readEncryptionTicketRequestQmail(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEncryptionTicketRequestQmail(value: EncryptionTicketRequestQmail): NewBytes {
  const bytes = new Uint8Array(32);
  encodeEncryptionTicketRequestQmailInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEncryptionTicketRequestQmailInto(value: EncryptionTicketRequestQmail, bytes: Uint8Array,
    at = 0): number {
  if (!value) fail(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 32 || at >>> 0 !== at)
    failSpace(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES$WRITTEN, 32, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES$WRITTEN, 1 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $brokenId = value.brokenId;
  if (typeof $brokenId !== "number" || ($brokenId & 255) !== $brokenId)
    fail(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES$WRITTEN, 2 /* brokenId: range */, at + 16, $brokenId);
  bytes[at + 16] = $brokenId;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES$WRITTEN, 3 /* denomination: range */, at + 17, $denomination);
  bytes[at + 17] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES$WRITTEN, 4 /* serial: range */, at + 18, $serial);
  bytes[at + 18] = $serial >>> 24; bytes[at + 19] = $serial >>> 16; bytes[at + 20] = $serial >>> 8;
  bytes[at + 21] = $serial;
  const $keyPart = value.keyPart;
  if (lengthOf($keyPart) !== 8)
    failBytes(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES$WRITTEN, 5 /* keyPart: length */, at + 22, $keyPart);
  bytes[at + 22] = $keyPart[0]!; bytes[at + 23] = $keyPart[1]!; bytes[at + 24] = $keyPart[2]!;
  bytes[at + 25] = $keyPart[3]!; bytes[at + 26] = $keyPart[4]!; bytes[at + 27] = $keyPart[5]!;
  bytes[at + 28] = $keyPart[6]!; bytes[at + 29] = $keyPart[7]!;
  bytes[at + 30] = 62; bytes[at + 31] = 62;
  return at + 32;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekEncryptionTicketRequestQmailLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(ENCRYPTION_TICKET_REQUEST_QMAIL_SITES, bytes, at, end);
  if ((end > at + 30 && bytes[at + 30] !== 62) || (end > at + 31 && bytes[at + 31] !== 62)) return -1;
  return 32;
}

const ENCRYPTION_TICKET_REPLY_SITES: Sites = {
  format: "raida_encryption_ticket_reply",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 42, "18 bytes"],
    ["constant", "trailer", 47, "3e 3e"],
  ],
};
const ENCRYPTION_TICKET_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_encryption_ticket_reply",
  file: "raida/key_exchange.ksy",
  sites: [
    ["argument", "", 42, "an object"],
    ["length", "ticket", 46, "16 bytes"],
  ],
};
/** Status 0; pages and clients also know 1 and 250. Source: seeds/raida, command 4/44. */
export interface EncryptionTicketReply {
  /** The key ticket under the AN of the coin at the helper. */
  ticket: Uint8Array;
}
export const ENCRYPTION_TICKET_REPLY_SIZE = 18;
function readEncryptionTicketReply(bytes: Uint8Array, at: number, end: number): EncryptionTicketReply | undefined {
  if (end - at !== 18 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(ENCRYPTION_TICKET_REPLY_SITES, 0 /* short */, 18, bytes, at, end);
  }
  if (bytes[at + 16] !== 62 || bytes[at + 17] !== 62)
    return refuse(ENCRYPTION_TICKET_REPLY_SITES, 1 /* trailer: constant */, at + 16);
  return {
    ticket: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 16),
  };
}
/** @throws WireError when the bytes are no raida_encryption_ticket_reply. */
export function decodeEncryptionTicketReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): EncryptionTicketReply {
  return readEncryptionTicketReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeEncryptionTicketReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<EncryptionTicketReply> {
  const value = readEncryptionTicketReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeEncryptionTicketReply(value: EncryptionTicketReply): NewBytes {
  const bytes = new Uint8Array(18);
  encodeEncryptionTicketReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeEncryptionTicketReplyInto(value: EncryptionTicketReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(ENCRYPTION_TICKET_REPLY_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 18 || at >>> 0 !== at) failSpace(ENCRYPTION_TICKET_REPLY_SITES$WRITTEN, 18, bytes, at);
  const $ticket = value.ticket;
  if (lengthOf($ticket) !== 16) failBytes(ENCRYPTION_TICKET_REPLY_SITES$WRITTEN, 1 /* ticket: length */, at, $ticket);
  bytes[at] = $ticket[0]!; bytes[at + 1] = $ticket[1]!; bytes[at + 2] = $ticket[2]!; bytes[at + 3] = $ticket[3]!;
  bytes[at + 4] = $ticket[4]!; bytes[at + 5] = $ticket[5]!; bytes[at + 6] = $ticket[6]!; bytes[at + 7] = $ticket[7]!;
  bytes[at + 8] = $ticket[8]!; bytes[at + 9] = $ticket[9]!; bytes[at + 10] = $ticket[10]!;
  bytes[at + 11] = $ticket[11]!; bytes[at + 12] = $ticket[12]!; bytes[at + 13] = $ticket[13]!;
  bytes[at + 14] = $ticket[14]!; bytes[at + 15] = $ticket[15]!;
  bytes[at + 16] = 62; bytes[at + 17] = 62;
  return at + 18;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekEncryptionTicketReplyLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(ENCRYPTION_TICKET_REPLY_SITES, bytes, at, end);
  if ((end > at + 16 && bytes[at + 16] !== 62) || (end > at + 17 && bytes[at + 17] !== 62)) return -1;
  return 18;
}

const FIX_ENCRYPTION_REQUEST_SITES: Sites = {
  format: "raida_fix_encryption_request",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 48, "at least 75 bytes"],
    ["crc", "challengeCrc", 56, "the CRC-32 of challenge"],
    ["constant", "gap", 59, "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"],
    ["divisible", "records", 60, "a multiple of 26 bytes"],
    ["count", "records", 60, "at least 1 items"],
    ["constant", "filler", 61, "00 00 00 ff 00 00 00 00 00 00"],
    ["constant", "trailer", 62, "3e 3e"],
  ],
};
const FIX_ENCRYPTION_REQUEST_SITES$WRITTEN: Sites = {
  format: "raida_fix_encryption_request",
  file: "raida/key_exchange.ksy",
  sites: [
    ["count", "records", 60, "at least 1 items"],
    ["argument", "", 48, "an object"],
    ["length", "challenge", 55, "12 bytes"],
    ["range", "denomination", 57, "-128 to 127"],
    ["range", "serial", 58, "0 to 4294967295"],
    ["argument", "records[*]", 48, "an object"],
    ["range", "records[*].coinId", "raida/key_halves.ksy:29", "0 to 65535"],
    ["range", "records[*].part", "raida/key_halves.ksy:30", "0 to 255"],
    ["range", "records[*].helperId", "raida/key_halves.ksy:31", "0 to 255"],
    ["range", "records[*].shardId", "raida/key_halves.ksy:32", "0 to 255"],
    ["range", "records[*].denomination", "raida/key_halves.ksy:33", "-128 to 127"],
    ["range", "records[*].serial", "raida/key_halves.ksy:34", "0 to 4294967295"],
    ["length", "records[*].ticket", "raida/key_halves.ksy:35", "16 bytes"],
  ],
};
/**
 * Such that the C server finds the records where it looks for them, 16 bytes late, and takes what lies behind them for
 * one more, which names no helper. Source: seeds/raida, command 4/45.
 */
export interface FixEncryptionRequest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** Coin whose file holds the numbers of the helpers (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  records: KeyRecord[];
}
export const FIX_ENCRYPTION_REQUEST_MIN_SIZE = 75;
function readFixEncryptionRequest(bytes: Uint8Array, at: number, end: number): FixEncryptionRequest | undefined {
  if (end - at < 49 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FIX_ENCRYPTION_REQUEST_SITES, 0 /* short */, 49, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(FIX_ENCRYPTION_REQUEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  for (let c = at + 21; c < at + 37; c++)
    if (bytes[c] !== 0) return refuse(FIX_ENCRYPTION_REQUEST_SITES, 2 /* gap: constant */, at + 21);
  const $records$count = ((end - at - 49) / 26) | 0;
  if ($records$count * 26 !== end - at - 49)
    return refuse(FIX_ENCRYPTION_REQUEST_SITES, 3 /* records: divisible */, at + 37, end - at - 49);
  if ($records$count < 1) return refuse(FIX_ENCRYPTION_REQUEST_SITES, 4 /* records: count */, at + 37, $records$count);
  if ((bytes[end - 12]! | bytes[end - 11]! | bytes[end - 10]! | (bytes[end - 9]! ^ 255) | bytes[end - 8]! |
      bytes[end - 7]! | bytes[end - 6]! | bytes[end - 5]! | bytes[end - 4]! |
      bytes[end - 3]!) !== 0) return refuse(FIX_ENCRYPTION_REQUEST_SITES, 5 /* filler: constant */, end - 12);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(FIX_ENCRYPTION_REQUEST_SITES, 6 /* trailer: constant */, end - 2);
  const $records$buffer = bytes.buffer, $records$base = bytes.byteOffset;
  const $records = new Array<KeyRecord>($records$count);
  for (let i = 0, p = at + 37; i < $records$count; i++, p += 26)
    $records[i] = { coinId: ((bytes[p]! << 8) | bytes[p + 1]!), part: bytes[p + 2]!, helperId: bytes[p + 3]!,
      shardId: bytes[p + 4]!, denomination: ((bytes[p + 5]! << 24) >> 24), serial: uint32At(bytes, p + 6),
      ticket: new Uint8Array($records$buffer, $records$base + p + 10, 16) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    denomination: ((bytes[at + 16]! << 24) >> 24),
    serial: uint32At(bytes, at + 17),
    records: $records,
  };
}
/** @throws WireError when the bytes are no raida_fix_encryption_request. */
export function decodeFixEncryptionRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): FixEncryptionRequest {
  return readFixEncryptionRequest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFixEncryptionRequest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FixEncryptionRequest> {
  const value = readFixEncryptionRequest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fixEncryptionRequestLength(value: FixEncryptionRequest): number {
  const $records$count = value?.records?.length ?? -1;
  if (!Number.isInteger($records$count) || $records$count < 0)
    fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 0 /* records: count */, 0, $records$count);
  return 49 + 26 * $records$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFixEncryptionRequest(value: FixEncryptionRequest): NewBytes {
  const bytes = new Uint8Array(fixEncryptionRequestLength(value));
  encodeFixEncryptionRequestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFixEncryptionRequestInto(value: FixEncryptionRequest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $records = value.records, $records$count = $records?.length ?? -1;
  if (!Number.isInteger($records$count) || $records$count < 1)
    fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 0 /* records: count */, at, $records$count);
  const need = 49 + 26 * $records$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 3 /* denomination: range */, at + 16, $denomination);
  bytes[at + 16] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 4 /* serial: range */, at + 17, $serial);
  bytes[at + 17] = $serial >>> 24; bytes[at + 18] = $serial >>> 16; bytes[at + 19] = $serial >>> 8;
  bytes[at + 20] = $serial;
  bytes[at + 21] = 0; bytes[at + 22] = 0; bytes[at + 23] = 0; bytes[at + 24] = 0; bytes[at + 25] = 0;
  bytes[at + 26] = 0; bytes[at + 27] = 0; bytes[at + 28] = 0; bytes[at + 29] = 0; bytes[at + 30] = 0;
  bytes[at + 31] = 0; bytes[at + 32] = 0; bytes[at + 33] = 0; bytes[at + 34] = 0; bytes[at + 35] = 0;
  bytes[at + 36] = 0;
  for (let i = 0, p = at + 37; i < $records$count; i++, p += 26) {
    const item = $records[i]!;
    if (!item) fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 5 /* records[*]: argument */, p, item, i);
    const $records$item_coinId = item.coinId;
    if (typeof $records$item_coinId !== "number" || ($records$item_coinId & 65535) !== $records$item_coinId)
      fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 6 /* records[*].coinId: range */, p, $records$item_coinId, i);
    bytes[p] = $records$item_coinId >>> 8; bytes[p + 1] = $records$item_coinId;
    const $records$item_part = item.part;
    if (typeof $records$item_part !== "number" || ($records$item_part & 255) !== $records$item_part)
      fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 7 /* records[*].part: range */, p + 2, $records$item_part, i);
    bytes[p + 2] = $records$item_part;
    const $records$item_helperId = item.helperId;
    if (typeof $records$item_helperId !== "number" || ($records$item_helperId & 255) !== $records$item_helperId)
      fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 8 /* records[*].helperId: range */, p + 3, $records$item_helperId, i);
    bytes[p + 3] = $records$item_helperId;
    const $records$item_shardId = item.shardId;
    if (typeof $records$item_shardId !== "number" || ($records$item_shardId & 255) !== $records$item_shardId)
      fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 9 /* records[*].shardId: range */, p + 4, $records$item_shardId, i);
    bytes[p + 4] = $records$item_shardId;
    const $records$item_denomination = item.denomination;
    if (typeof $records$item_denomination !== "number" ||
        ($records$item_denomination << 24) >> 24 !== $records$item_denomination) fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 10 /* records[*].denomination: range */, p + 5, $records$item_denomination, i);
    bytes[p + 5] = $records$item_denomination;
    const $records$item_serial = item.serial;
    if (typeof $records$item_serial !== "number" || $records$item_serial >>> 0 !== $records$item_serial)
      fail(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 11 /* records[*].serial: range */, p + 6, $records$item_serial, i);
    bytes[p + 6] = $records$item_serial >>> 24; bytes[p + 7] = $records$item_serial >>> 16;
    bytes[p + 8] = $records$item_serial >>> 8; bytes[p + 9] = $records$item_serial;
    const $records$item_ticket = item.ticket;
    if (lengthOf($records$item_ticket) !== 16)
      failBytes(FIX_ENCRYPTION_REQUEST_SITES$WRITTEN, 12 /* records[*].ticket: length */, p + 10, $records$item_ticket,
        i);
    bytes[p + 10] = $records$item_ticket[0]!; bytes[p + 11] = $records$item_ticket[1]!;
    bytes[p + 12] = $records$item_ticket[2]!; bytes[p + 13] = $records$item_ticket[3]!;
    bytes[p + 14] = $records$item_ticket[4]!; bytes[p + 15] = $records$item_ticket[5]!;
    bytes[p + 16] = $records$item_ticket[6]!; bytes[p + 17] = $records$item_ticket[7]!;
    bytes[p + 18] = $records$item_ticket[8]!; bytes[p + 19] = $records$item_ticket[9]!;
    bytes[p + 20] = $records$item_ticket[10]!; bytes[p + 21] = $records$item_ticket[11]!;
    bytes[p + 22] = $records$item_ticket[12]!; bytes[p + 23] = $records$item_ticket[13]!;
    bytes[p + 24] = $records$item_ticket[14]!; bytes[p + 25] = $records$item_ticket[15]!;
  }
  const $$p1 = at + 37 + 26 * $records$count;
  bytes[$$p1] = 0; bytes[$$p1 + 1] = 0; bytes[$$p1 + 2] = 0; bytes[$$p1 + 3] = 255; bytes[$$p1 + 4] = 0;
  bytes[$$p1 + 5] = 0; bytes[$$p1 + 6] = 0; bytes[$$p1 + 7] = 0; bytes[$$p1 + 8] = 0; bytes[$$p1 + 9] = 0;
  bytes[$$p1 + 10] = 62; bytes[$$p1 + 11] = 62;
  return at + need;
}

const FIX_ENCRYPTION_REQUEST_WEST_SITES: Sites = {
  format: "raida_fix_encryption_request_west",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 63, "at least 49 bytes"],
    ["crc", "challengeCrc", 68, "the CRC-32 of challenge"],
    ["divisible", "records", 71, "a multiple of 26 bytes"],
    ["count", "records", 71, "at least 1 items"],
    ["constant", "trailer", 72, "3e 3e"],
  ],
};
const FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN: Sites = {
  format: "raida_fix_encryption_request_west",
  file: "raida/key_exchange.ksy",
  sites: [
    ["count", "records", 71, "at least 1 items"],
    ["argument", "", 63, "an object"],
    ["length", "challenge", 67, "12 bytes"],
    ["range", "denomination", 69, "-128 to 127"],
    ["range", "serial", 70, "0 to 4294967295"],
    ["argument", "records[*]", 63, "an object"],
    ["range", "records[*].coinId", "raida/key_halves.ksy:29", "0 to 65535"],
    ["range", "records[*].part", "raida/key_halves.ksy:30", "0 to 255"],
    ["range", "records[*].helperId", "raida/key_halves.ksy:31", "0 to 255"],
    ["range", "records[*].shardId", "raida/key_halves.ksy:32", "0 to 255"],
    ["range", "records[*].denomination", "raida/key_halves.ksy:33", "-128 to 127"],
    ["range", "records[*].serial", "raida/key_halves.ksy:34", "0 to 4294967295"],
    ["length", "records[*].ticket", "raida/key_halves.ksy:35", "16 bytes"],
  ],
};
/** Source: seeds/raida, contradiction 3. */
export interface FixEncryptionRequestWest {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** Coin whose file holds the numbers of the helpers (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  records: KeyRecord[];
}
export const FIX_ENCRYPTION_REQUEST_WEST_MIN_SIZE = 49;
function readFixEncryptionRequestWest(bytes: Uint8Array, at: number, end: number): FixEncryptionRequestWest |
    undefined {
  if (end - at < 23 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FIX_ENCRYPTION_REQUEST_WEST_SITES, 0 /* short */, 23, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(FIX_ENCRYPTION_REQUEST_WEST_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $records$count = ((end - at - 23) / 26) | 0;
  if ($records$count * 26 !== end - at - 23)
    return refuse(FIX_ENCRYPTION_REQUEST_WEST_SITES, 2 /* records: divisible */, at + 21, end - at - 23);
  if ($records$count < 1)
    return refuse(FIX_ENCRYPTION_REQUEST_WEST_SITES, 3 /* records: count */, at + 21, $records$count);
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(FIX_ENCRYPTION_REQUEST_WEST_SITES, 4 /* trailer: constant */, end - 2);
  const $records$buffer = bytes.buffer, $records$base = bytes.byteOffset;
  const $records = new Array<KeyRecord>($records$count);
  for (let i = 0, p = at + 21; i < $records$count; i++, p += 26)
    $records[i] = { coinId: ((bytes[p]! << 8) | bytes[p + 1]!), part: bytes[p + 2]!, helperId: bytes[p + 3]!,
      shardId: bytes[p + 4]!, denomination: ((bytes[p + 5]! << 24) >> 24), serial: uint32At(bytes, p + 6),
      ticket: new Uint8Array($records$buffer, $records$base + p + 10, 16) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    denomination: ((bytes[at + 16]! << 24) >> 24),
    serial: uint32At(bytes, at + 17),
    records: $records,
  };
}
/** @throws WireError when the bytes are no raida_fix_encryption_request_west. */
export function decodeFixEncryptionRequestWest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): FixEncryptionRequestWest {
  return readFixEncryptionRequestWest(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFixEncryptionRequestWest(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FixEncryptionRequestWest> {
  const value = readFixEncryptionRequestWest(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fixEncryptionRequestWestLength(value: FixEncryptionRequestWest): number {
  const $records$count = value?.records?.length ?? -1;
  if (!Number.isInteger($records$count) || $records$count < 0)
    fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 0 /* records: count */, 0, $records$count);
  return 23 + 26 * $records$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFixEncryptionRequestWest(value: FixEncryptionRequestWest): NewBytes {
  const bytes = new Uint8Array(fixEncryptionRequestWestLength(value));
  encodeFixEncryptionRequestWestInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFixEncryptionRequestWestInto(value: FixEncryptionRequestWest, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 1 /* argument */, at, value);
  const $records = value.records, $records$count = $records?.length ?? -1;
  if (!Number.isInteger($records$count) || $records$count < 1)
    fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 0 /* records: count */, at, $records$count);
  const need = 23 + 26 * $records$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at)
    failSpace(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 3 /* denomination: range */, at + 16, $denomination);
  bytes[at + 16] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 4 /* serial: range */, at + 17, $serial);
  bytes[at + 17] = $serial >>> 24; bytes[at + 18] = $serial >>> 16; bytes[at + 19] = $serial >>> 8;
  bytes[at + 20] = $serial;
  for (let i = 0, p = at + 21; i < $records$count; i++, p += 26) {
    const item = $records[i]!;
    if (!item) fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 5 /* records[*]: argument */, p, item, i);
    const $records$item_coinId = item.coinId;
    if (typeof $records$item_coinId !== "number" || ($records$item_coinId & 65535) !== $records$item_coinId)
      fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 6 /* records[*].coinId: range */, p, $records$item_coinId, i);
    bytes[p] = $records$item_coinId >>> 8; bytes[p + 1] = $records$item_coinId;
    const $records$item_part = item.part;
    if (typeof $records$item_part !== "number" || ($records$item_part & 255) !== $records$item_part)
      fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 7 /* records[*].part: range */, p + 2, $records$item_part, i);
    bytes[p + 2] = $records$item_part;
    const $records$item_helperId = item.helperId;
    if (typeof $records$item_helperId !== "number" || ($records$item_helperId & 255) !== $records$item_helperId)
      fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 8 /* records[*].helperId: range */, p + 3, $records$item_helperId,
        i);
    bytes[p + 3] = $records$item_helperId;
    const $records$item_shardId = item.shardId;
    if (typeof $records$item_shardId !== "number" || ($records$item_shardId & 255) !== $records$item_shardId)
      fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 9 /* records[*].shardId: range */, p + 4, $records$item_shardId,
        i);
    bytes[p + 4] = $records$item_shardId;
    const $records$item_denomination = item.denomination;
    if (typeof $records$item_denomination !== "number" ||
        ($records$item_denomination << 24) >> 24 !== $records$item_denomination) fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 10 /* records[*].denomination: range */, p + 5, $records$item_denomination, i);
    bytes[p + 5] = $records$item_denomination;
    const $records$item_serial = item.serial;
    if (typeof $records$item_serial !== "number" || $records$item_serial >>> 0 !== $records$item_serial)
      fail(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 11 /* records[*].serial: range */, p + 6, $records$item_serial,
        i);
    bytes[p + 6] = $records$item_serial >>> 24; bytes[p + 7] = $records$item_serial >>> 16;
    bytes[p + 8] = $records$item_serial >>> 8; bytes[p + 9] = $records$item_serial;
    const $records$item_ticket = item.ticket;
    if (lengthOf($records$item_ticket) !== 16)
      failBytes(FIX_ENCRYPTION_REQUEST_WEST_SITES$WRITTEN, 12 /* records[*].ticket: length */, p + 10,
        $records$item_ticket, i);
    bytes[p + 10] = $records$item_ticket[0]!; bytes[p + 11] = $records$item_ticket[1]!;
    bytes[p + 12] = $records$item_ticket[2]!; bytes[p + 13] = $records$item_ticket[3]!;
    bytes[p + 14] = $records$item_ticket[4]!; bytes[p + 15] = $records$item_ticket[5]!;
    bytes[p + 16] = $records$item_ticket[6]!; bytes[p + 17] = $records$item_ticket[7]!;
    bytes[p + 18] = $records$item_ticket[8]!; bytes[p + 19] = $records$item_ticket[9]!;
    bytes[p + 20] = $records$item_ticket[10]!; bytes[p + 21] = $records$item_ticket[11]!;
    bytes[p + 22] = $records$item_ticket[12]!; bytes[p + 23] = $records$item_ticket[13]!;
    bytes[p + 24] = $records$item_ticket[14]!; bytes[p + 25] = $records$item_ticket[15]!;
  }
  const $$p1 = at + 21 + 26 * $records$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

const FIX_ENCRYPTION_REQUEST_QMAIL_SITES: Sites = {
  format: "raida_fix_encryption_request_qmail",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 73, "at least 43 bytes"],
    ["crc", "challengeCrc", 77, "the CRC-32 of challenge"],
    ["range", "recordCount", 80, "1 to 255"],
    ["count", "records", 81, "at least 1 items"],
    ["short", "records", 81, ""],
    ["constant", "records[*].keySelector", "raida/key_halves.ksy:41", "00"],
    ["constant", "trailer", 82, "3e 3e"],
    ["trailing", "", 73, ""],
  ],
};
const FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN: Sites = {
  format: "raida_fix_encryption_request_qmail",
  file: "raida/key_exchange.ksy",
  sites: [
    ["count", "records", 81, "at least 1 items"],
    ["argument", "", 73, "an object"],
    ["length", "challenge", 76, "12 bytes"],
    ["range", "denomination", 78, "-128 to 127"],
    ["range", "serial", 79, "0 to 4294967295"],
    ["range", "records", 80, "record_count of 1 to 255"],
    ["argument", "records[*]", 73, "an object"],
    ["range", "records[*].helperId", "raida/key_halves.ksy:39", "0 to 255"],
    ["range", "records[*].part", "raida/key_halves.ksy:40", "0 to 255"],
    ["length", "records[*].ticket", "raida/key_halves.ksy:42", "16 bytes"],
  ],
};
/** Source: seeds/raida, key exchange. */
export interface FixEncryptionRequestQmail {
  /** Random bytes (CH). */
  challenge: Uint8Array;
  /** Coin that the key is for (DN). */
  denomination: number;
  /** Its serial number (SN). */
  serial: number;
  records: KeyRecordQmail[];
}
export const FIX_ENCRYPTION_REQUEST_QMAIL_MIN_SIZE = 43;
function readFixEncryptionRequestQmail(bytes: Uint8Array, at: number, end: number): FixEncryptionRequestQmail |
    undefined {
  if (end - at < 24 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, 0 /* short */, 24, bytes, at, end);
  }
  const $challengeCrc = uint32At(bytes, at + 12);
  if (crc32(bytes, 0, at, at + 12) !== $challengeCrc)
    return refuse(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, 1 /* challengeCrc: crc */, at + 12, $challengeCrc);
  const $recordCount = bytes[at + 21]!;
  if ($recordCount < 1)
    return refuse(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, 2 /* recordCount: range */, at + 21, $recordCount);
  const $records$count = $recordCount;
  if ($records$count < 1)
    return refuse(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, 3 /* records: count */, at + 22, $records$count);
  if ($records$count * 19 > end - at - 24)
    return refuse(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, 4 /* records: short */, end,
      `${end - at - 24} of ${$records$count * 19} bytes`);
  const $$p1 = at + 22 + $records$count * 19;
  for (let i = 0, p = at + 22; i < $records$count; i++, p += 19) {
    if (bytes[p + 2] !== 0)
      return refuse(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, 5 /* records[*].keySelector: constant */, p + 2, undefined, i);
  }
  if (bytes[$$p1] !== 62 || bytes[$$p1 + 1] !== 62)
    return refuse(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, 6 /* trailer: constant */, $$p1);
  if ($$p1 + 2 !== end) return refuse(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, 7 /* trailing */, $$p1 + 2);
  const $records$buffer = bytes.buffer, $records$base = bytes.byteOffset;
  const $records = new Array<KeyRecordQmail>($records$count);
  for (let i = 0, p = at + 22; i < $records$count; i++, p += 19)
    $records[i] = { helperId: bytes[p]!, part: bytes[p + 1]!,
      ticket: new Uint8Array($records$buffer, $records$base + p + 3, 16) };
  return {
    challenge: new Uint8Array(bytes.buffer, bytes.byteOffset + at, 12),
    denomination: ((bytes[at + 16]! << 24) >> 24),
    serial: uint32At(bytes, at + 17),
    records: $records,
  };
}
/** @throws WireError when the bytes are no raida_fix_encryption_request_qmail. */
export function decodeFixEncryptionRequestQmail(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): FixEncryptionRequestQmail {
  return readFixEncryptionRequestQmail(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFixEncryptionRequestQmail(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FixEncryptionRequestQmail> {
  const value = readFixEncryptionRequestQmail(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fixEncryptionRequestQmailLength(value: FixEncryptionRequestQmail): number {
  const $records$count = value?.records?.length ?? -1;
  if (!Number.isInteger($records$count) || $records$count < 0)
    fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 0 /* records: count */, 0, $records$count);
  return 24 + 19 * $records$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFixEncryptionRequestQmail(value: FixEncryptionRequestQmail): NewBytes {
  const bytes = new Uint8Array(fixEncryptionRequestQmailLength(value));
  encodeFixEncryptionRequestQmailInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFixEncryptionRequestQmailInto(value: FixEncryptionRequestQmail, bytes: Uint8Array,
    at = 0): number {
  if (!value) fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 1 /* argument */, at, value);
  const $records = value.records, $records$count = $records?.length ?? -1;
  if (!Number.isInteger($records$count) || $records$count < 1)
    fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 0 /* records: count */, at, $records$count);
  const need = 24 + 19 * $records$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at)
    failSpace(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, need, bytes, at);
  const $challenge = value.challenge;
  if (lengthOf($challenge) !== 12)
    failBytes(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 2 /* challenge: length */, at, $challenge);
  bytes[at] = $challenge[0]!; bytes[at + 1] = $challenge[1]!; bytes[at + 2] = $challenge[2]!;
  bytes[at + 3] = $challenge[3]!; bytes[at + 4] = $challenge[4]!; bytes[at + 5] = $challenge[5]!;
  bytes[at + 6] = $challenge[6]!; bytes[at + 7] = $challenge[7]!; bytes[at + 8] = $challenge[8]!;
  bytes[at + 9] = $challenge[9]!; bytes[at + 10] = $challenge[10]!; bytes[at + 11] = $challenge[11]!;
  const $challengeCrc = crc32($challenge);
  bytes[at + 12] = $challengeCrc >>> 24; bytes[at + 13] = $challengeCrc >>> 16; bytes[at + 14] = $challengeCrc >>> 8;
  bytes[at + 15] = $challengeCrc;
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 3 /* denomination: range */, at + 16, $denomination);
  bytes[at + 16] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 4 /* serial: range */, at + 17, $serial);
  bytes[at + 17] = $serial >>> 24; bytes[at + 18] = $serial >>> 16; bytes[at + 19] = $serial >>> 8;
  bytes[at + 20] = $serial;
  const $recordCount = $records$count;
  if ($recordCount < 1 || $recordCount > 255)
    fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 5 /* records: range */, at + 21, $recordCount);
  bytes[at + 21] = $recordCount;
  for (let i = 0, p = at + 22; i < $records$count; i++, p += 19) {
    const item = $records[i]!;
    if (!item) fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 6 /* records[*]: argument */, p, item, i);
    const $records$item_helperId = item.helperId;
    if (typeof $records$item_helperId !== "number" || ($records$item_helperId & 255) !== $records$item_helperId)
      fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 7 /* records[*].helperId: range */, p, $records$item_helperId,
        i);
    bytes[p] = $records$item_helperId;
    const $records$item_part = item.part;
    if (typeof $records$item_part !== "number" || ($records$item_part & 255) !== $records$item_part)
      fail(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 8 /* records[*].part: range */, p + 1, $records$item_part, i);
    bytes[p + 1] = $records$item_part;
    bytes[p + 2] = 0;
    const $records$item_ticket = item.ticket;
    if (lengthOf($records$item_ticket) !== 16)
      failBytes(FIX_ENCRYPTION_REQUEST_QMAIL_SITES$WRITTEN, 9 /* records[*].ticket: length */, p + 3,
        $records$item_ticket, i);
    bytes[p + 3] = $records$item_ticket[0]!; bytes[p + 4] = $records$item_ticket[1]!;
    bytes[p + 5] = $records$item_ticket[2]!; bytes[p + 6] = $records$item_ticket[3]!;
    bytes[p + 7] = $records$item_ticket[4]!; bytes[p + 8] = $records$item_ticket[5]!;
    bytes[p + 9] = $records$item_ticket[6]!; bytes[p + 10] = $records$item_ticket[7]!;
    bytes[p + 11] = $records$item_ticket[8]!; bytes[p + 12] = $records$item_ticket[9]!;
    bytes[p + 13] = $records$item_ticket[10]!; bytes[p + 14] = $records$item_ticket[11]!;
    bytes[p + 15] = $records$item_ticket[12]!; bytes[p + 16] = $records$item_ticket[13]!;
    bytes[p + 17] = $records$item_ticket[14]!; bytes[p + 18] = $records$item_ticket[15]!;
  }
  const $$p1 = at + 22 + 19 * $records$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekFixEncryptionRequestQmailLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(FIX_ENCRYPTION_REQUEST_QMAIL_SITES, bytes, at, end);
  if (end - at >= 22) {
    const $recordCount = bytes[at + 21]!;
    if ($recordCount < 1) return -1;
  }
  if (end - at < 22) return 0;
  const $recordCount = bytes[at + 21]!;
  if ($recordCount < 1) return -1;
  const $records$count = $recordCount;
  const $$p1 = at + 22 + $records$count * 19;
  return $$p1 + 2 - at;
}

const FIX_ENCRYPTION_REPLY_SITES: Sites = {
  format: "raida_fix_encryption_reply",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 83, "at least 2 bytes"],
    ["enum", "verdicts[*]", 87, "one of 0, 1"],
    ["constant", "trailer", 88, "3e 3e"],
  ],
};
const FIX_ENCRYPTION_REPLY_SITES$WRITTEN: Sites = {
  format: "raida_fix_encryption_reply",
  file: "raida/key_exchange.ksy",
  sites: [
    ["count", "verdicts", 87, "at least 0 items"],
    ["argument", "", 83, "an object"],
    ["range", "verdicts[*]", 87, "0 to 255"],
    ["enum", "verdicts[*]", 87, "one of 0, 1"],
  ],
};
/** Status 250. Source: seeds/raida, command 4/45. */
export interface FixEncryptionReply {
  /** One a record (KA). */
  verdicts: KeyVerdict[];
}
export const FIX_ENCRYPTION_REPLY_MIN_SIZE = 2;
function readFixEncryptionReply(bytes: Uint8Array, at: number, end: number): FixEncryptionReply | undefined {
  if (end - at < 2 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FIX_ENCRYPTION_REPLY_SITES, 0 /* short */, 2, bytes, at, end);
  }
  const $verdicts$count = end - at - 2;
  for (let i = 0, p = at; i < $verdicts$count; i++, p += 1) {
    const $verdicts$item = bytes[p]!;
    if (($verdicts$item < 0 || $verdicts$item > 1))
      return refuse(FIX_ENCRYPTION_REPLY_SITES, 1 /* verdicts[*]: enum */, p, $verdicts$item, i);
  }
  if (bytes[end - 2] !== 62 || bytes[end - 1] !== 62)
    return refuse(FIX_ENCRYPTION_REPLY_SITES, 2 /* trailer: constant */, end - 2);
  const $verdicts = new Array<KeyVerdict>($verdicts$count);
  for (let i = 0, p = at; i < $verdicts$count; i++, p += 1) $verdicts[i] = bytes[p]! as KeyVerdict;
  return {
    verdicts: $verdicts,
  };
}
/** @throws WireError when the bytes are no raida_fix_encryption_reply. */
export function decodeFixEncryptionReply(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): FixEncryptionReply {
  return readFixEncryptionReply(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFixEncryptionReply(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FixEncryptionReply> {
  const value = readFixEncryptionReply(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fixEncryptionReplyLength(value: FixEncryptionReply): number {
  const $verdicts$count = value?.verdicts?.length ?? -1;
  if (!Number.isInteger($verdicts$count) || $verdicts$count < 0)
    fail(FIX_ENCRYPTION_REPLY_SITES$WRITTEN, 0 /* verdicts: count */, 0, $verdicts$count);
  return 2 + $verdicts$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFixEncryptionReply(value: FixEncryptionReply): NewBytes {
  const bytes = new Uint8Array(fixEncryptionReplyLength(value));
  encodeFixEncryptionReplyInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFixEncryptionReplyInto(value: FixEncryptionReply, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FIX_ENCRYPTION_REPLY_SITES$WRITTEN, 1 /* argument */, at, value);
  const $verdicts = value.verdicts, $verdicts$count = $verdicts?.length ?? -1;
  if (!Number.isInteger($verdicts$count) || $verdicts$count < 0)
    fail(FIX_ENCRYPTION_REPLY_SITES$WRITTEN, 0 /* verdicts: count */, at, $verdicts$count);
  const need = 2 + $verdicts$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(FIX_ENCRYPTION_REPLY_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, p = at; i < $verdicts$count; i++, p += 1) {
    const $verdicts$item = $verdicts[i]!;
    if (typeof $verdicts$item !== "number" || ($verdicts$item & 255) !== $verdicts$item)
      fail(FIX_ENCRYPTION_REPLY_SITES$WRITTEN, 2 /* verdicts[*]: range */, p, $verdicts$item, i);
    if (($verdicts$item < 0 || $verdicts$item > 1))
      fail(FIX_ENCRYPTION_REPLY_SITES$WRITTEN, 3 /* verdicts[*]: enum */, p, $verdicts$item, i);
    bytes[p] = $verdicts$item;
  }
  const $$p1 = at + $verdicts$count;
  bytes[$$p1] = 62; bytes[$$p1 + 1] = 62;
  return at + need;
}

const FIX_ENCRYPTION_REPLY_QMAIL_SITES: Sites = {
  format: "raida_fix_encryption_reply_qmail",
  file: "raida/key_exchange.ksy",
  sites: [
    ["short", "", 89, "at least 0 bytes"],
    ["enum", "verdicts[*]", 93, "one of 0, 1"],
  ],
};
const FIX_ENCRYPTION_REPLY_QMAIL_SITES$WRITTEN: Sites = {
  format: "raida_fix_encryption_reply_qmail",
  file: "raida/key_exchange.ksy",
  sites: [
    ["count", "verdicts", 93, "at least 0 items"],
    ["argument", "", 89, "an object"],
    ["range", "verdicts[*]", 93, "0 to 255"],
    ["enum", "verdicts[*]", 93, "one of 0, 1"],
  ],
};
/** Without a trailer. Source: seeds/raida, key exchange. */
export interface FixEncryptionReplyQmail {
  /** One a record (KA). */
  verdicts: KeyVerdict[];
}
export const FIX_ENCRYPTION_REPLY_QMAIL_MIN_SIZE = 0;
function readFixEncryptionReplyQmail(bytes: Uint8Array, at: number, end: number): FixEncryptionReplyQmail | undefined {
  if (end - at < 0 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(FIX_ENCRYPTION_REPLY_QMAIL_SITES, 0 /* short */, 0, bytes, at, end);
  }
  const $verdicts$count = end - at;
  for (let i = 0, p = at; i < $verdicts$count; i++, p += 1) {
    const $verdicts$item = bytes[p]!;
    if (($verdicts$item < 0 || $verdicts$item > 1))
      return refuse(FIX_ENCRYPTION_REPLY_QMAIL_SITES, 1 /* verdicts[*]: enum */, p, $verdicts$item, i);
  }
  const $verdicts = new Array<KeyVerdict>($verdicts$count);
  for (let i = 0, p = at; i < $verdicts$count; i++, p += 1) $verdicts[i] = bytes[p]! as KeyVerdict;
  return {
    verdicts: $verdicts,
  };
}
/** @throws WireError when the bytes are no raida_fix_encryption_reply_qmail. */
export function decodeFixEncryptionReplyQmail(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): FixEncryptionReplyQmail {
  return readFixEncryptionReplyQmail(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeFixEncryptionReplyQmail(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<FixEncryptionReplyQmail> {
  const value = readFixEncryptionReplyQmail(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function fixEncryptionReplyQmailLength(value: FixEncryptionReplyQmail): number {
  const $verdicts$count = value?.verdicts?.length ?? -1;
  if (!Number.isInteger($verdicts$count) || $verdicts$count < 0)
    fail(FIX_ENCRYPTION_REPLY_QMAIL_SITES$WRITTEN, 0 /* verdicts: count */, 0, $verdicts$count);
  return $verdicts$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeFixEncryptionReplyQmail(value: FixEncryptionReplyQmail): NewBytes {
  const bytes = new Uint8Array(fixEncryptionReplyQmailLength(value));
  encodeFixEncryptionReplyQmailInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeFixEncryptionReplyQmailInto(value: FixEncryptionReplyQmail, bytes: Uint8Array, at = 0): number {
  if (!value) fail(FIX_ENCRYPTION_REPLY_QMAIL_SITES$WRITTEN, 1 /* argument */, at, value);
  const $verdicts = value.verdicts, $verdicts$count = $verdicts?.length ?? -1;
  if (!Number.isInteger($verdicts$count) || $verdicts$count < 0)
    fail(FIX_ENCRYPTION_REPLY_QMAIL_SITES$WRITTEN, 0 /* verdicts: count */, at, $verdicts$count);
  const need = $verdicts$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at)
    failSpace(FIX_ENCRYPTION_REPLY_QMAIL_SITES$WRITTEN, need, bytes, at);
  for (let i = 0, p = at; i < $verdicts$count; i++, p += 1) {
    const $verdicts$item = $verdicts[i]!;
    if (typeof $verdicts$item !== "number" || ($verdicts$item & 255) !== $verdicts$item)
      fail(FIX_ENCRYPTION_REPLY_QMAIL_SITES$WRITTEN, 2 /* verdicts[*]: range */, p, $verdicts$item, i);
    if (($verdicts$item < 0 || $verdicts$item > 1))
      fail(FIX_ENCRYPTION_REPLY_QMAIL_SITES$WRITTEN, 3 /* verdicts[*]: enum */, p, $verdicts$item, i);
    bytes[p] = $verdicts$item;
  }
  return at + need;
}

