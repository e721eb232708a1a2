// Generated from qkd/reservations.ksy by `specwire gen`; do not edit. spec sha256 929dc2794757cb525d4b5c2619f2080a52ea0ad0078a2888b5a114df721cb694
/**
 * What a member has used of its keys, and which messages it has opened. One value of a disk holds such records behind
 * each other, only ever appended to. Neither keys nor their ids are in them: a key is the SHA-256 of master SAE id, 0,
 * slave SAE id, 0 and key id.
 */
import { type NewBytes, type Result, type Sites, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    refuse, refuseRange } from "../../index.js";

const RESERVATION_RESERVED_SITES: Sites = {
  format: "qkd_reservation_reserved",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 22, "at least 27 bytes"],
    ["trailing", "", 22, ""],
    ["range", "kindOfRecord", 12, "one of 1, 2, 3, 4, 5"],
    ["kind", "kindOfRecord", 12, "one of 1"],
    ["short", "keys", 28, ""],
    ["count", "keys", 28, "at least 0 items"],
    ["argument", "", 22, "an object"],
    ["range", "kindOfRecord", 12, "0 to 255"],
    ["length", "flowId", 25, "16 bytes"],
    ["range", "createdMs", 26, "0 to 18446744073709551615"],
    ["range", "keys", 27, "num_keys of 0 to 65535"],
    ["length", "keys[*]", 28, "32 bytes"],
  ],
};
const RESERVATION_USED_SITES: Sites = {
  format: "qkd_reservation_used",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 29, "17 bytes"],
    ["trailing", "", 29, ""],
    ["range", "kindOfRecord", 12, "one of 1, 2, 3, 4, 5"],
    ["kind", "kindOfRecord", 12, "one of 2"],
    ["argument", "", 29, "an object"],
    ["range", "kindOfRecord", 12, "0 to 255"],
    ["length", "flowId", 32, "16 bytes"],
  ],
};
const RESERVATION_BURNT_SITES: Sites = {
  format: "qkd_reservation_burnt",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 33, "17 bytes"],
    ["trailing", "", 33, ""],
    ["range", "kindOfRecord", 12, "one of 1, 2, 3, 4, 5"],
    ["kind", "kindOfRecord", 12, "one of 3"],
    ["argument", "", 33, "an object"],
    ["range", "kindOfRecord", 12, "0 to 255"],
    ["length", "flowId", 36, "16 bytes"],
  ],
};
const RESERVATION_SEEN_SITES: Sites = {
  format: "qkd_reservation_seen",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 37, "41 bytes"],
    ["trailing", "", 37, ""],
    ["range", "kindOfRecord", 12, "one of 1, 2, 3, 4, 5"],
    ["kind", "kindOfRecord", 12, "one of 4"],
    ["argument", "", 37, "an object"],
    ["range", "kindOfRecord", 12, "0 to 255"],
    ["length", "flow", 40, "32 bytes"],
    ["range", "createdMs", 41, "0 to 18446744073709551615"],
  ],
};
const RESERVATION_TAKEN_SITES: Sites = {
  format: "qkd_reservation_taken",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 42, "at least 11 bytes"],
    ["trailing", "", 42, ""],
    ["range", "kindOfRecord", 12, "one of 1, 2, 3, 4, 5"],
    ["kind", "kindOfRecord", 12, "one of 5"],
    ["short", "keys", 47, ""],
    ["count", "keys", 47, "at least 0 items"],
    ["argument", "", 42, "an object"],
    ["range", "kindOfRecord", 12, "0 to 255"],
    ["range", "createdMs", 45, "0 to 18446744073709551615"],
    ["range", "keys", 46, "num_keys of 0 to 65535"],
    ["length", "keys[*]", 47, "32 bytes"],
  ],
};
const RESERVATION_SITES: Sites = {
  format: "qkd_reservation",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "kindOfRecord", 12, "at least 1 bytes"],
    ["trailing", "", 10, ""],
    ["kind", "kindOfRecord", 12, "one of reserved, used, burnt, seen, taken"],
  ],
};
/** Keys that a message takes; written before their first byte is used. */
export interface ReservationReserved {
  kind: "reserved";
  /** A writer tells it from the kind. */
  kindOfRecord?: 1 | undefined;
  flowId: Uint8Array;
  createdMs: bigint;
  keys: Uint8Array[];
}
export const RESERVATION_RESERVED_MIN_SIZE = 27;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const RESERVATION_RESERVED_DEFAULTS = { kind: "reserved", kindOfRecord: 1 } as const;
function readReservationReserved(bytes: Uint8Array, at: number, end: number): ReservationReserved | undefined {
  if (end - at < 27 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(RESERVATION_RESERVED_SITES, 0 /* short */, 27, bytes, at, end);
  }
  const $kindOfRecord = bytes[at]!;
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    return refuse(RESERVATION_RESERVED_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 1) return refuse(RESERVATION_RESERVED_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  const $numKeys = ((bytes[at + 25]! << 8) | bytes[at + 26]!);
  const $keys$count = $numKeys;
  if ($keys$count * 32 > end - at - 27)
    return refuse(RESERVATION_RESERVED_SITES, 4 /* keys: short */, end,
      `${end - at - 27} of ${$keys$count * 32} bytes`);
  const $$p1 = at + 27 + $keys$count * 32;
  if ($$p1 !== end) return refuse(RESERVATION_RESERVED_SITES, 1 /* trailing */, $$p1);
  const $keys$buffer = bytes.buffer, $keys$base = bytes.byteOffset;
  const $keys = new Array<Uint8Array>($keys$count);
  for (let i = 0, p = at + 27; i < $keys$count; i++, p += 32)
    $keys[i] = new Uint8Array($keys$buffer, $keys$base + p, 32);
  return {
    kind: "reserved",
    kindOfRecord: $kindOfRecord as 1,
    flowId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 16),
    createdMs: ((BigInt((((bytes[at + 17]! << 24) | (bytes[at + 18]! << 16) | (bytes[at + 19]! << 8) |
        bytes[at + 20]!) >>> 0)) << 32n) |
        BigInt((((bytes[at + 21]! << 24) | (bytes[at + 22]! << 16) | (bytes[at + 23]! << 8) | bytes[at + 24]!) >>> 0))),
    keys: $keys,
  };
}
/** @throws WireError when the bytes are no qkd_reservation_reserved. */
export function decodeReservationReserved(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): ReservationReserved {
  return readReservationReserved(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReservationReserved(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ReservationReserved> {
  const value = readReservationReserved(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function reservationReservedLength(value: ReservationReserved): number {
  const $keys$count = value?.keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(RESERVATION_RESERVED_SITES, 5 /* keys: count */, 0, $keys$count);
  return 27 + 32 * $keys$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeReservationReserved(value: ReservationReserved): NewBytes {
  const bytes = new Uint8Array(reservationReservedLength(value));
  encodeReservationReservedInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReservationReservedInto(value: ReservationReserved, bytes: Uint8Array, at = 0): number {
  if (!value) fail(RESERVATION_RESERVED_SITES, 6 /* argument */, at, value);
  const $kindOfRecord$told = (value.kindOfRecord ?? 1) as number;
  const $keys = value.keys, $keys$count = $keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(RESERVATION_RESERVED_SITES, 5 /* keys: count */, at, $keys$count);
  const need = 27 + 32 * $keys$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(RESERVATION_RESERVED_SITES, need, bytes, at);
  const $kindOfRecord = $kindOfRecord$told;
  if (typeof $kindOfRecord !== "number" || ($kindOfRecord & 255) !== $kindOfRecord)
    fail(RESERVATION_RESERVED_SITES, 7 /* kindOfRecord: range */, at, $kindOfRecord);
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    fail(RESERVATION_RESERVED_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 1) fail(RESERVATION_RESERVED_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  bytes[at] = $kindOfRecord;
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(RESERVATION_RESERVED_SITES, 8 /* flowId: length */, at + 1, $flowId);
  bytes[at + 1] = $flowId[0]!; bytes[at + 2] = $flowId[1]!; bytes[at + 3] = $flowId[2]!; bytes[at + 4] = $flowId[3]!;
  bytes[at + 5] = $flowId[4]!; bytes[at + 6] = $flowId[5]!; bytes[at + 7] = $flowId[6]!; bytes[at + 8] = $flowId[7]!;
  bytes[at + 9] = $flowId[8]!; bytes[at + 10] = $flowId[9]!; bytes[at + 11] = $flowId[10]!;
  bytes[at + 12] = $flowId[11]!; bytes[at + 13] = $flowId[12]!; bytes[at + 14] = $flowId[13]!;
  bytes[at + 15] = $flowId[14]!; bytes[at + 16] = $flowId[15]!;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(RESERVATION_RESERVED_SITES, 9 /* createdMs: range */, at + 17, $createdMs);
  const $createdMs$high = (Number(BigInt.asIntN(32, $createdMs >> 32n))) | 0,
      $createdMs$low = Number(BigInt.asIntN(32, $createdMs));
  bytes[at + 17] = $createdMs$high >>> 24; bytes[at + 18] = $createdMs$high >>> 16;
  bytes[at + 19] = $createdMs$high >>> 8; bytes[at + 20] = $createdMs$high;
  bytes[at + 21] = $createdMs$low >>> 24; bytes[at + 22] = $createdMs$low >>> 16; bytes[at + 23] = $createdMs$low >>> 8;
  bytes[at + 24] = $createdMs$low;
  const $numKeys = $keys$count;
  if ($numKeys > 65535) fail(RESERVATION_RESERVED_SITES, 10 /* keys: range */, at + 25, $numKeys);
  bytes[at + 25] = $numKeys >>> 8; bytes[at + 26] = $numKeys;
  for (let i = 0, p = at + 27; i < $keys$count; i++, p += 32) {
    const $keys$item = $keys[i]!;
    if (lengthOf($keys$item) !== 32) failBytes(RESERVATION_RESERVED_SITES, 11 /* keys[*]: length */, p, $keys$item, i);
    bytes.set($keys$item, p);
  }
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekReservationReservedLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(RESERVATION_RESERVED_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $kindOfRecord = bytes[at]!;
    if ((($kindOfRecord < 1 || $kindOfRecord > 5)) || ($kindOfRecord !== 1)) return -1;
  }
  if (end - at < 27) return 0;
  const $numKeys = ((bytes[at + 25]! << 8) | bytes[at + 26]!);
  const $keys$count = $numKeys;
  const $$p1 = at + 27 + $keys$count * 32;
  return $$p1 - at;
}
/** The message was handed out whole. */
export interface ReservationUsed {
  kind: "used";
  /** A writer tells it from the kind. */
  kindOfRecord?: 2 | undefined;
  flowId: Uint8Array;
}
export const RESERVATION_USED_SIZE = 17;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const RESERVATION_USED_DEFAULTS = { kind: "used", kindOfRecord: 2 } as const;
function readReservationUsed(bytes: Uint8Array, at: number, end: number): ReservationUsed | undefined {
  if (end - at !== 17 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(RESERVATION_USED_SITES, 0 /* short */, 17, bytes, at, end);
  }
  const $kindOfRecord = bytes[at]!;
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    return refuse(RESERVATION_USED_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 2) return refuse(RESERVATION_USED_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  return {
    kind: "used",
    kindOfRecord: $kindOfRecord as 2,
    flowId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 16),
  };
}
/** @throws WireError when the bytes are no qkd_reservation_used. */
export function decodeReservationUsed(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ReservationUsed {
  return readReservationUsed(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReservationUsed(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ReservationUsed> {
  const value = readReservationUsed(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function reservationUsedLength(_value: ReservationUsed): number {
  return 17;
}
/** @throws WireError when the value does not fit the format. */
export function encodeReservationUsed(value: ReservationUsed): NewBytes {
  const bytes = new Uint8Array(17);
  encodeReservationUsedInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReservationUsedInto(value: ReservationUsed, bytes: Uint8Array, at = 0): number {
  if (!value) fail(RESERVATION_USED_SITES, 4 /* argument */, at, value);
  const $kindOfRecord$told = (value.kindOfRecord ?? 2) as number;
  if (lengthOf(bytes) - at < 17 || at >>> 0 !== at) failSpace(RESERVATION_USED_SITES, 17, bytes, at);
  const $kindOfRecord = $kindOfRecord$told;
  if (typeof $kindOfRecord !== "number" || ($kindOfRecord & 255) !== $kindOfRecord)
    fail(RESERVATION_USED_SITES, 5 /* kindOfRecord: range */, at, $kindOfRecord);
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    fail(RESERVATION_USED_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 2) fail(RESERVATION_USED_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  bytes[at] = $kindOfRecord;
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(RESERVATION_USED_SITES, 6 /* flowId: length */, at + 1, $flowId);
  bytes[at + 1] = $flowId[0]!; bytes[at + 2] = $flowId[1]!; bytes[at + 3] = $flowId[2]!; bytes[at + 4] = $flowId[3]!;
  bytes[at + 5] = $flowId[4]!; bytes[at + 6] = $flowId[5]!; bytes[at + 7] = $flowId[6]!; bytes[at + 8] = $flowId[7]!;
  bytes[at + 9] = $flowId[8]!; bytes[at + 10] = $flowId[9]!; bytes[at + 11] = $flowId[10]!;
  bytes[at + 12] = $flowId[11]!; bytes[at + 13] = $flowId[12]!; bytes[at + 14] = $flowId[13]!;
  bytes[at + 15] = $flowId[14]!; bytes[at + 16] = $flowId[15]!;
  return at + 17;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekReservationUsedLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(RESERVATION_USED_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $kindOfRecord = bytes[at]!;
    if ((($kindOfRecord < 1 || $kindOfRecord > 5)) || ($kindOfRecord !== 2)) return -1;
  }
  return 17;
}
/** The message was not, and its keys are lost. */
export interface ReservationBurnt {
  kind: "burnt";
  /** A writer tells it from the kind. */
  kindOfRecord?: 3 | undefined;
  flowId: Uint8Array;
}
export const RESERVATION_BURNT_SIZE = 17;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const RESERVATION_BURNT_DEFAULTS = { kind: "burnt", kindOfRecord: 3 } as const;
function readReservationBurnt(bytes: Uint8Array, at: number, end: number): ReservationBurnt | undefined {
  if (end - at !== 17 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(RESERVATION_BURNT_SITES, 0 /* short */, 17, bytes, at, end);
  }
  const $kindOfRecord = bytes[at]!;
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    return refuse(RESERVATION_BURNT_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 3) return refuse(RESERVATION_BURNT_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  return {
    kind: "burnt",
    kindOfRecord: $kindOfRecord as 3,
    flowId: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 16),
  };
}
/** @throws WireError when the bytes are no qkd_reservation_burnt. */
export function decodeReservationBurnt(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ReservationBurnt {
  return readReservationBurnt(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReservationBurnt(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ReservationBurnt> {
  const value = readReservationBurnt(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function reservationBurntLength(_value: ReservationBurnt): number {
  return 17;
}
/** @throws WireError when the value does not fit the format. */
export function encodeReservationBurnt(value: ReservationBurnt): NewBytes {
  const bytes = new Uint8Array(17);
  encodeReservationBurntInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReservationBurntInto(value: ReservationBurnt, bytes: Uint8Array, at = 0): number {
  if (!value) fail(RESERVATION_BURNT_SITES, 4 /* argument */, at, value);
  const $kindOfRecord$told = (value.kindOfRecord ?? 3) as number;
  if (lengthOf(bytes) - at < 17 || at >>> 0 !== at) failSpace(RESERVATION_BURNT_SITES, 17, bytes, at);
  const $kindOfRecord = $kindOfRecord$told;
  if (typeof $kindOfRecord !== "number" || ($kindOfRecord & 255) !== $kindOfRecord)
    fail(RESERVATION_BURNT_SITES, 5 /* kindOfRecord: range */, at, $kindOfRecord);
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    fail(RESERVATION_BURNT_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 3) fail(RESERVATION_BURNT_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  bytes[at] = $kindOfRecord;
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(RESERVATION_BURNT_SITES, 6 /* flowId: length */, at + 1, $flowId);
  bytes[at + 1] = $flowId[0]!; bytes[at + 2] = $flowId[1]!; bytes[at + 3] = $flowId[2]!; bytes[at + 4] = $flowId[3]!;
  bytes[at + 5] = $flowId[4]!; bytes[at + 6] = $flowId[5]!; bytes[at + 7] = $flowId[6]!; bytes[at + 8] = $flowId[7]!;
  bytes[at + 9] = $flowId[8]!; bytes[at + 10] = $flowId[9]!; bytes[at + 11] = $flowId[10]!;
  bytes[at + 12] = $flowId[11]!; bytes[at + 13] = $flowId[12]!; bytes[at + 14] = $flowId[13]!;
  bytes[at + 15] = $flowId[14]!; bytes[at + 16] = $flowId[15]!;
  return at + 17;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekReservationBurntLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(RESERVATION_BURNT_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $kindOfRecord = bytes[at]!;
    if ((($kindOfRecord < 1 || $kindOfRecord > 5)) || ($kindOfRecord !== 3)) return -1;
  }
  return 17;
}
/** A message that was opened. */
export interface ReservationSeen {
  kind: "seen";
  /** A writer tells it from the kind. */
  kindOfRecord?: 4 | undefined;
  /** SHA-256 of the sender, 0 and the flow id. */
  flow: Uint8Array;
  createdMs: bigint;
}
export const RESERVATION_SEEN_SIZE = 41;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const RESERVATION_SEEN_DEFAULTS = { kind: "seen", kindOfRecord: 4 } as const;
function readReservationSeen(bytes: Uint8Array, at: number, end: number): ReservationSeen | undefined {
  if (end - at !== 41 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(RESERVATION_SEEN_SITES, 0 /* short */, 41, bytes, at, end);
  }
  const $kindOfRecord = bytes[at]!;
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    return refuse(RESERVATION_SEEN_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 4) return refuse(RESERVATION_SEEN_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  return {
    kind: "seen",
    kindOfRecord: $kindOfRecord as 4,
    flow: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 1, 32),
    createdMs: ((BigInt((((bytes[at + 33]! << 24) | (bytes[at + 34]! << 16) | (bytes[at + 35]! << 8) |
        bytes[at + 36]!) >>> 0)) << 32n) |
        BigInt((((bytes[at + 37]! << 24) | (bytes[at + 38]! << 16) | (bytes[at + 39]! << 8) | bytes[at + 40]!) >>> 0))),
  };
}
/** @throws WireError when the bytes are no qkd_reservation_seen. */
export function decodeReservationSeen(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ReservationSeen {
  return readReservationSeen(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReservationSeen(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ReservationSeen> {
  const value = readReservationSeen(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function reservationSeenLength(_value: ReservationSeen): number {
  return 41;
}
/** @throws WireError when the value does not fit the format. */
export function encodeReservationSeen(value: ReservationSeen): NewBytes {
  const bytes = new Uint8Array(41);
  encodeReservationSeenInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReservationSeenInto(value: ReservationSeen, bytes: Uint8Array, at = 0): number {
  if (!value) fail(RESERVATION_SEEN_SITES, 4 /* argument */, at, value);
  const $kindOfRecord$told = (value.kindOfRecord ?? 4) as number;
  if (lengthOf(bytes) - at < 41 || at >>> 0 !== at) failSpace(RESERVATION_SEEN_SITES, 41, bytes, at);
  const $kindOfRecord = $kindOfRecord$told;
  if (typeof $kindOfRecord !== "number" || ($kindOfRecord & 255) !== $kindOfRecord)
    fail(RESERVATION_SEEN_SITES, 5 /* kindOfRecord: range */, at, $kindOfRecord);
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    fail(RESERVATION_SEEN_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 4) fail(RESERVATION_SEEN_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  bytes[at] = $kindOfRecord;
  const $flow = value.flow;
  if (lengthOf($flow) !== 32) failBytes(RESERVATION_SEEN_SITES, 6 /* flow: length */, at + 1, $flow);
  bytes.set($flow, at + 1);
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(RESERVATION_SEEN_SITES, 7 /* createdMs: range */, at + 33, $createdMs);
  const $createdMs$high = (Number(BigInt.asIntN(32, $createdMs >> 32n))) | 0,
      $createdMs$low = Number(BigInt.asIntN(32, $createdMs));
  bytes[at + 33] = $createdMs$high >>> 24; bytes[at + 34] = $createdMs$high >>> 16;
  bytes[at + 35] = $createdMs$high >>> 8; bytes[at + 36] = $createdMs$high;
  bytes[at + 37] = $createdMs$low >>> 24; bytes[at + 38] = $createdMs$low >>> 16; bytes[at + 39] = $createdMs$low >>> 8;
  bytes[at + 40] = $createdMs$low;
  return at + 41;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekReservationSeenLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(RESERVATION_SEEN_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $kindOfRecord = bytes[at]!;
    if ((($kindOfRecord < 1 || $kindOfRecord > 5)) || ($kindOfRecord !== 4)) return -1;
  }
  return 41;
}
/** Keys with which a received message was opened; written before its content is released. */
export interface ReservationTaken {
  kind: "taken";
  /** A writer tells it from the kind. */
  kindOfRecord?: 5 | undefined;
  createdMs: bigint;
  keys: Uint8Array[];
}
export const RESERVATION_TAKEN_MIN_SIZE = 11;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const RESERVATION_TAKEN_DEFAULTS = { kind: "taken", kindOfRecord: 5 } as const;
function readReservationTaken(bytes: Uint8Array, at: number, end: number): ReservationTaken | undefined {
  if (end - at < 11 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(RESERVATION_TAKEN_SITES, 0 /* short */, 11, bytes, at, end);
  }
  const $kindOfRecord = bytes[at]!;
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    return refuse(RESERVATION_TAKEN_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 5) return refuse(RESERVATION_TAKEN_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  const $numKeys = ((bytes[at + 9]! << 8) | bytes[at + 10]!);
  const $keys$count = $numKeys;
  if ($keys$count * 32 > end - at - 11)
    return refuse(RESERVATION_TAKEN_SITES, 4 /* keys: short */, end, `${end - at - 11} of ${$keys$count * 32} bytes`);
  const $$p1 = at + 11 + $keys$count * 32;
  if ($$p1 !== end) return refuse(RESERVATION_TAKEN_SITES, 1 /* trailing */, $$p1);
  const $keys$buffer = bytes.buffer, $keys$base = bytes.byteOffset;
  const $keys = new Array<Uint8Array>($keys$count);
  for (let i = 0, p = at + 11; i < $keys$count; i++, p += 32)
    $keys[i] = new Uint8Array($keys$buffer, $keys$base + p, 32);
  return {
    kind: "taken",
    kindOfRecord: $kindOfRecord as 5,
    createdMs: ((BigInt((((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) |
        bytes[at + 4]!) >>> 0)) << 32n) |
        BigInt((((bytes[at + 5]! << 24) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 8) | bytes[at + 8]!) >>> 0))),
    keys: $keys,
  };
}
/** @throws WireError when the bytes are no qkd_reservation_taken. */
export function decodeReservationTaken(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ReservationTaken {
  return readReservationTaken(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReservationTaken(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ReservationTaken> {
  const value = readReservationTaken(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function reservationTakenLength(value: ReservationTaken): number {
  const $keys$count = value?.keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(RESERVATION_TAKEN_SITES, 5 /* keys: count */, 0, $keys$count);
  return 11 + 32 * $keys$count;
}
/** @throws WireError when the value does not fit the format. */
export function encodeReservationTaken(value: ReservationTaken): NewBytes {
  const bytes = new Uint8Array(reservationTakenLength(value));
  encodeReservationTakenInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReservationTakenInto(value: ReservationTaken, bytes: Uint8Array, at = 0): number {
  if (!value) fail(RESERVATION_TAKEN_SITES, 6 /* argument */, at, value);
  const $kindOfRecord$told = (value.kindOfRecord ?? 5) as number;
  const $keys = value.keys, $keys$count = $keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(RESERVATION_TAKEN_SITES, 5 /* keys: count */, at, $keys$count);
  const need = 11 + 32 * $keys$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(RESERVATION_TAKEN_SITES, need, bytes, at);
  const $kindOfRecord = $kindOfRecord$told;
  if (typeof $kindOfRecord !== "number" || ($kindOfRecord & 255) !== $kindOfRecord)
    fail(RESERVATION_TAKEN_SITES, 7 /* kindOfRecord: range */, at, $kindOfRecord);
  if (($kindOfRecord < 1 || $kindOfRecord > 5))
    fail(RESERVATION_TAKEN_SITES, 2 /* kindOfRecord: range */, at, $kindOfRecord);
  if ($kindOfRecord !== 5) fail(RESERVATION_TAKEN_SITES, 3 /* kindOfRecord: kind */, at, $kindOfRecord);
  bytes[at] = $kindOfRecord;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(RESERVATION_TAKEN_SITES, 8 /* createdMs: range */, at + 1, $createdMs);
  const $createdMs$high = (Number(BigInt.asIntN(32, $createdMs >> 32n))) | 0,
      $createdMs$low = Number(BigInt.asIntN(32, $createdMs));
  bytes[at + 1] = $createdMs$high >>> 24; bytes[at + 2] = $createdMs$high >>> 16; bytes[at + 3] = $createdMs$high >>> 8;
  bytes[at + 4] = $createdMs$high;
  bytes[at + 5] = $createdMs$low >>> 24; bytes[at + 6] = $createdMs$low >>> 16; bytes[at + 7] = $createdMs$low >>> 8;
  bytes[at + 8] = $createdMs$low;
  const $numKeys = $keys$count;
  if ($numKeys > 65535) fail(RESERVATION_TAKEN_SITES, 9 /* keys: range */, at + 9, $numKeys);
  bytes[at + 9] = $numKeys >>> 8; bytes[at + 10] = $numKeys;
  for (let i = 0, p = at + 11; i < $keys$count; i++, p += 32) {
    const $keys$item = $keys[i]!;
    if (lengthOf($keys$item) !== 32) failBytes(RESERVATION_TAKEN_SITES, 10 /* keys[*]: length */, p, $keys$item, i);
    bytes.set($keys$item, p);
  }
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekReservationTakenLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(RESERVATION_TAKEN_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $kindOfRecord = bytes[at]!;
    if ((($kindOfRecord < 1 || $kindOfRecord > 5)) || ($kindOfRecord !== 5)) return -1;
  }
  if (end - at < 11) return 0;
  const $numKeys = ((bytes[at + 9]! << 8) | bytes[at + 10]!);
  const $keys$count = $numKeys;
  const $$p1 = at + 11 + $keys$count * 32;
  return $$p1 - at;
}

export type Reservation = ReservationReserved | ReservationUsed | ReservationBurnt | ReservationSeen | ReservationTaken;
export const RESERVATION_MIN_SIZE = 11;
function readReservation(bytes: Uint8Array, at: number, end: number): Reservation | undefined {
  if (end - at < 1 || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(RESERVATION_SITES, 0 /* kindOfRecord: short */, 1, bytes, at, end);
  const tag = bytes[at]!;
  switch (tag) {
    case 1: return readReservationReserved(bytes, at, end);
    case 2: return readReservationUsed(bytes, at, end);
    case 3: return readReservationBurnt(bytes, at, end);
    case 4: return readReservationSeen(bytes, at, end);
    case 5: return readReservationTaken(bytes, at, end);
    default: return refuse(RESERVATION_SITES, 2 /* kindOfRecord: kind */, at, tag);
  }
}
/** @throws WireError when the bytes are no qkd_reservation. */
export function decodeReservation(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Reservation {
  return readReservation(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReservation(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<Reservation> {
  const value = readReservation(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function reservationLength(value: Reservation): number {
  switch (value?.kind) {
    case "reserved": return reservationReservedLength(value);
    case "used": return reservationUsedLength(value);
    case "burnt": return reservationBurntLength(value);
    case "seen": return reservationSeenLength(value);
    case "taken": return reservationTakenLength(value);
    default: return 0;
  }
}
/** @throws WireError when the value does not fit the format. */
export function encodeReservation(value: Reservation): NewBytes {
  const bytes = new Uint8Array(reservationLength(value));
  encodeReservationInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it */
export function encodeReservationInto(value: Reservation, bytes: Uint8Array, at = 0): number {
  switch (value?.kind) {
    case "reserved": return encodeReservationReservedInto(value, bytes, at);
    case "used": return encodeReservationUsedInto(value, bytes, at);
    case "burnt": return encodeReservationBurntInto(value, bytes, at);
    case "seen": return encodeReservationSeenInto(value, bytes, at);
    case "taken": return encodeReservationTakenInto(value, bytes, at);
    default: return fail(RESERVATION_SITES, 2 /* kindOfRecord: kind */, at,
        (value as { kind?: unknown } | undefined)?.kind);
  }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so.
 */
export function peekReservationLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(RESERVATION_SITES, bytes, at, end);
  if (end - at < 1) return 0;
  const tag = bytes[at]!;
  switch (tag) {
    case 1: return peekReservationReservedLength(bytes, at, end);
    case 2: return peekReservationUsedLength(bytes, at, end);
    case 3: return peekReservationBurntLength(bytes, at, end);
    case 4: return peekReservationSeenLength(bytes, at, end);
    case 5: return peekReservationTakenLength(bytes, at, end);
    default: return -1;
  }
}

