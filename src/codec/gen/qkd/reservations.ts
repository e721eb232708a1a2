// Generated from qkd/reservations.ksy by `specwire gen`; do not edit. spec sha256 23370db6ffb02b88515bccc39cef1c1d8fcceff4e53256db5ccac840654d7229
/**
 * What a member has used of its keys, and which messages it has opened. One value of a disk holds such records behind
 * each other, only ever appended to. Neither keys nor their ids are in them: a key is the SHA-256 of master SAE id, 0,
 * slave SAE id, 0 and key id.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigUnsigned, enter, fail, failBytes, failRange, failSpace,
    failure, foreign, inside, leave, lengthOf, listOf, next, putSafe, raise, refuse, refuseRange, requireObject,
    uint32At, within } from "../../index.js";

const RESERVATION_SITES: Sites = {
  format: "qkd_reservation",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 10, "at least 11 bytes"],
    ["trailing", "", 10, ""],
    ["range", "code", 12, "one of 1, 2, 3, 4, 5"],
    ["short", "record", 13, ""],
  ],
};
const RESERVATION_SITES$WRITTEN: Sites = {
  format: "qkd_reservation",
  file: "qkd/reservations.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["range", "code", 12, "0 to 255"],
    ["range", "code", 12, "one of 1, 2, 3, 4, 5"],
    ["short", "record", 13, ""],
  ],
};
export interface Reservation {
  code: number;
  record: LedgerRecord;
}
export const RESERVATION_MIN_SIZE = 11;
function readReservation(bytes: Uint8Array, at: number, end: number): Reservation | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(RESERVATION_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeReservation(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(RESERVATION_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
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
/** @throws WireError when the value does not fit the format. */
export function encodeReservation(value: Reservation): NewBytes {
  try {
    const bytes = new Uint8Array($sizeReservation(value));
    $putReservation(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, RESERVATION_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReservationInto(value: Reservation, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeReservation(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(RESERVATION_SITES$WRITTEN, need, bytes, at);
    return $putReservation(value, bytes, at);
  } catch (error) { throw foreign(error, RESERVATION_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekReservationLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(RESERVATION_SITES, bytes, at, end);
  if (end - at >= 1) {
    const $code = bytes[at]!;
    if (($code < 1 || $code > 5)) return -1;
  }
  next.depth = 0;
  const behind = $skipReservation(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipReservation(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 1) return -1;
  const $code = bytes[at]!;
  if (($code < 1 || $code > 5)) return -2;
  let $$p1 = at + 1;
  $$p1 = $skipLedgerRecord(bytes, $code, $$p1, end);
  if ($$p1 < 0) return $$p1;
  return $$p1;
}
function $takeReservation(bytes: Uint8Array, at: number, end: number): Reservation | undefined {
  if (end - at < 1) return refuse(RESERVATION_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $code = bytes[at]!;
  if (($code < 1 || $code > 5)) return refuse(RESERVATION_SITES, 2 /* code: range */, at, $code);
  const $record$v = $takeLedgerRecord(bytes, $code, at + 1, end);
  if ($record$v === undefined) return within(RESERVATION_SITES, 3 /* record: short */);
  const $record$e = next.at;
  const $record$is = $record$v;
  const $$p1 = $record$e;
  next.at = $$p1;
  return {
    code: $code,
    record: $record$is,
  };
}
function $putReservation(value: Reservation, bytes: Uint8Array, at: number): number {
  requireObject(RESERVATION_SITES$WRITTEN, 0 /* argument */, at, value);
  const $code = value.code;
  if (typeof $code !== "number" || ($code & 255) !== $code)
    fail(RESERVATION_SITES$WRITTEN, 1 /* code: range */, at, $code);
  if (($code < 1 || $code > 5)) fail(RESERVATION_SITES$WRITTEN, 2 /* code: range */, at, $code);
  bytes[at] = $code;
  let $record$e: number;
  try { $record$e = $putLedgerRecord(value.record, value.code, bytes, at + 1);
  } catch (error) { throw inside(error, RESERVATION_SITES$WRITTEN, 3 /* record: short */); }
  const $$p1 = $record$e;
  return $$p1;
}
function $sizeReservation(value: Reservation): number {
  requireObject(RESERVATION_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 1;
  try { $$size += $sizeLedgerRecord(value.record as LedgerRecord, value.code);
  } catch (error) { throw inside(error, RESERVATION_SITES$WRITTEN, 3 /* record: short */); }
  return $$size;
}
/** 64-bit integers as bigint. */
export interface ReservationBig {
  code: number;
  record: LedgerRecordBig;
}
function readReservationBig(bytes: Uint8Array, at: number, end: number): ReservationBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(RESERVATION_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeReservationBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(RESERVATION_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_reservation. */
export function decodeReservationBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): ReservationBig {
  return readReservationBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeReservationBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<ReservationBig> {
  const value = readReservationBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeReservationBig(value: ReservationBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeReservationBig(value));
    $putReservationBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, RESERVATION_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeReservationBigInto(value: ReservationBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeReservationBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(RESERVATION_SITES$WRITTEN, need, bytes, at);
    return $putReservationBig(value, bytes, at);
  } catch (error) { throw foreign(error, RESERVATION_SITES$WRITTEN); }
}
function $takeReservationBig(bytes: Uint8Array, at: number, end: number): ReservationBig | undefined {
  if (end - at < 1) return refuse(RESERVATION_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $code = bytes[at]!;
  if (($code < 1 || $code > 5)) return refuse(RESERVATION_SITES, 2 /* code: range */, at, $code);
  const $record$v = $takeLedgerRecordBig(bytes, $code, at + 1, end);
  if ($record$v === undefined) return within(RESERVATION_SITES, 3 /* record: short */);
  const $record$e = next.at;
  const $record$is = $record$v;
  const $$p1 = $record$e;
  next.at = $$p1;
  return {
    code: $code,
    record: $record$is,
  };
}
function $putReservationBig(value: ReservationBig, bytes: Uint8Array, at: number): number {
  requireObject(RESERVATION_SITES$WRITTEN, 0 /* argument */, at, value);
  const $code = value.code;
  if (typeof $code !== "number" || ($code & 255) !== $code)
    fail(RESERVATION_SITES$WRITTEN, 1 /* code: range */, at, $code);
  if (($code < 1 || $code > 5)) fail(RESERVATION_SITES$WRITTEN, 2 /* code: range */, at, $code);
  bytes[at] = $code;
  let $record$e: number;
  try { $record$e = $putLedgerRecordBig(value.record, value.code, bytes, at + 1);
  } catch (error) { throw inside(error, RESERVATION_SITES$WRITTEN, 3 /* record: short */); }
  const $$p1 = $record$e;
  return $$p1;
}
function $sizeReservationBig(value: ReservationBig): number {
  requireObject(RESERVATION_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 1;
  try { $$size += $sizeLedgerRecordBig(value.record as LedgerRecordBig, value.code);
  } catch (error) { throw inside(error, RESERVATION_SITES$WRITTEN, 3 /* record: short */); }
  return $$size;
}

const LEDGER_RECORD_SITES: Sites = {
  format: "qkd_ledger_record",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "entry", 18, ""],
    ["kind", "entry", 18, "a case of 1, 2, 3, 4, 5"],
  ],
};
const LEDGER_RECORD_SITES$WRITTEN: Sites = {
  format: "qkd_ledger_record",
  file: "qkd/reservations.ksy",
  sites: [
    ["argument", "", 14, "an object"],
    ["short", "entry", 18, ""],
    ["kind", "entry", 18, "a case of the choice"],
  ],
};
export interface LedgerRecord {
  entry: Reserved | Used | Burnt | Seen | Taken;
}
function $skipLedgerRecord(bytes: Uint8Array, code: number, at: number, end: number): number {
  let $$p1 = at;
  switch (code as number) {
    case 1: {
      $$p1 = $skipReserved(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    case 2: {
      $$p1 = $skipUsed(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    case 3: {
      $$p1 = $skipBurnt(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    case 4: {
      $$p1 = $skipSeen(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    case 5: {
      $$p1 = $skipTaken(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    default: return -2;
  }
  return $$p1;
}
function $takeLedgerRecord(bytes: Uint8Array, code: number, at: number, end: number): LedgerRecord | undefined {
  const $entry$tag = code as number;
  let $entry$c: Reserved | Used | Burnt | Seen | Taken;
  let $entry$ce: number;
  switch ($entry$tag) {
    case 1: {
      const $entry$0$v = $takeReserved(bytes, at, end);
      if ($entry$0$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$0$e = next.at;
      $entry$c = $entry$0$v;
      $entry$ce = $entry$0$e;
      break;
    }
    case 2: {
      const $entry$1$v = $takeUsed(bytes, at, end);
      if ($entry$1$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$1$e = next.at;
      $entry$c = $entry$1$v;
      $entry$ce = $entry$1$e;
      break;
    }
    case 3: {
      const $entry$2$v = $takeBurnt(bytes, at, end);
      if ($entry$2$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$2$e = next.at;
      $entry$c = $entry$2$v;
      $entry$ce = $entry$2$e;
      break;
    }
    case 4: {
      const $entry$3$v = $takeSeen(bytes, at, end);
      if ($entry$3$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$3$e = next.at;
      $entry$c = $entry$3$v;
      $entry$ce = $entry$3$e;
      break;
    }
    case 5: {
      const $entry$4$v = $takeTaken(bytes, at, end);
      if ($entry$4$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$4$e = next.at;
      $entry$c = $entry$4$v;
      $entry$ce = $entry$4$e;
      break;
    }
    default: {
      return refuse(LEDGER_RECORD_SITES, 1 /* entry: kind */, at, $entry$tag);
    }
  }
  const $entry$is = $entry$c;
  const $$p1 = $entry$ce;
  next.at = $$p1;
  return {
    entry: $entry$is,
  };
}
function $putLedgerRecord(value: LedgerRecord, code: number, bytes: Uint8Array, at: number): number {
  requireObject(LEDGER_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  let $entry$ce: number;
  const $entry$tag = code as number;
  switch ($entry$tag) {
    case 1: {
      let $entry$0$e: number;
      try { $entry$0$e = $putReserved((value.entry as Reserved), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$0$e;
      break;
    }
    case 2: {
      let $entry$1$e: number;
      try { $entry$1$e = $putUsed((value.entry as Used), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$1$e;
      break;
    }
    case 3: {
      let $entry$2$e: number;
      try { $entry$2$e = $putBurnt((value.entry as Burnt), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$2$e;
      break;
    }
    case 4: {
      let $entry$3$e: number;
      try { $entry$3$e = $putSeen((value.entry as Seen), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$3$e;
      break;
    }
    case 5: {
      let $entry$4$e: number;
      try { $entry$4$e = $putTaken((value.entry as Taken), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$4$e;
      break;
    }
    default: fail(LEDGER_RECORD_SITES$WRITTEN, 2 /* entry: kind */, at, $entry$tag);
  }
  const $$p1 = $entry$ce;
  return $$p1;
}
function $sizeLedgerRecord(value: LedgerRecord, code: number): number {
  requireObject(LEDGER_RECORD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 0;
  switch (code as number) {
    case 1:
    try { $$size += $sizeReserved(value.entry as Reserved);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
    case 2:
    try { $$size += $sizeUsed(value.entry as Used);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
    case 3:
    try { $$size += $sizeBurnt(value.entry as Burnt);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
    case 4:
    try { $$size += $sizeSeen(value.entry as Seen);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
    case 5:
    try { $$size += $sizeTaken(value.entry as Taken);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
  }
  return $$size;
}
/** 64-bit integers as bigint. */
export interface LedgerRecordBig {
  entry: ReservedBig | Used | Burnt | SeenBig | TakenBig;
}
function $takeLedgerRecordBig(bytes: Uint8Array, code: number, at: number, end: number): LedgerRecordBig | undefined {
  const $entry$tag = code as number;
  let $entry$c: ReservedBig | Used | Burnt | SeenBig | TakenBig;
  let $entry$ce: number;
  switch ($entry$tag) {
    case 1: {
      const $entry$0$v = $takeReservedBig(bytes, at, end);
      if ($entry$0$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$0$e = next.at;
      $entry$c = $entry$0$v;
      $entry$ce = $entry$0$e;
      break;
    }
    case 2: {
      const $entry$1$v = $takeUsed(bytes, at, end);
      if ($entry$1$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$1$e = next.at;
      $entry$c = $entry$1$v;
      $entry$ce = $entry$1$e;
      break;
    }
    case 3: {
      const $entry$2$v = $takeBurnt(bytes, at, end);
      if ($entry$2$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$2$e = next.at;
      $entry$c = $entry$2$v;
      $entry$ce = $entry$2$e;
      break;
    }
    case 4: {
      const $entry$3$v = $takeSeenBig(bytes, at, end);
      if ($entry$3$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$3$e = next.at;
      $entry$c = $entry$3$v;
      $entry$ce = $entry$3$e;
      break;
    }
    case 5: {
      const $entry$4$v = $takeTakenBig(bytes, at, end);
      if ($entry$4$v === undefined) return within(LEDGER_RECORD_SITES, 0 /* entry: short */);
      const $entry$4$e = next.at;
      $entry$c = $entry$4$v;
      $entry$ce = $entry$4$e;
      break;
    }
    default: {
      return refuse(LEDGER_RECORD_SITES, 1 /* entry: kind */, at, $entry$tag);
    }
  }
  const $entry$is = $entry$c;
  const $$p1 = $entry$ce;
  next.at = $$p1;
  return {
    entry: $entry$is,
  };
}
function $putLedgerRecordBig(value: LedgerRecordBig, code: number, bytes: Uint8Array, at: number): number {
  requireObject(LEDGER_RECORD_SITES$WRITTEN, 0 /* argument */, at, value);
  let $entry$ce: number;
  const $entry$tag = code as number;
  switch ($entry$tag) {
    case 1: {
      let $entry$0$e: number;
      try { $entry$0$e = $putReservedBig((value.entry as ReservedBig), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$0$e;
      break;
    }
    case 2: {
      let $entry$1$e: number;
      try { $entry$1$e = $putUsed((value.entry as Used), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$1$e;
      break;
    }
    case 3: {
      let $entry$2$e: number;
      try { $entry$2$e = $putBurnt((value.entry as Burnt), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$2$e;
      break;
    }
    case 4: {
      let $entry$3$e: number;
      try { $entry$3$e = $putSeenBig((value.entry as SeenBig), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$3$e;
      break;
    }
    case 5: {
      let $entry$4$e: number;
      try { $entry$4$e = $putTakenBig((value.entry as TakenBig), bytes, at);
      } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
      $entry$ce = $entry$4$e;
      break;
    }
    default: fail(LEDGER_RECORD_SITES$WRITTEN, 2 /* entry: kind */, at, $entry$tag);
  }
  const $$p1 = $entry$ce;
  return $$p1;
}
function $sizeLedgerRecordBig(value: LedgerRecordBig, code: number): number {
  requireObject(LEDGER_RECORD_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 0;
  switch (code as number) {
    case 1:
    try { $$size += $sizeReservedBig(value.entry as ReservedBig);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
    case 2:
    try { $$size += $sizeUsed(value.entry as Used);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
    case 3:
    try { $$size += $sizeBurnt(value.entry as Burnt);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
    case 4:
    try { $$size += $sizeSeenBig(value.entry as SeenBig);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
    case 5:
    try { $$size += $sizeTakenBig(value.entry as TakenBig);
    } catch (error) { throw inside(error, LEDGER_RECORD_SITES$WRITTEN, 1 /* entry: short */); }
    break;
  }
  return $$size;
}

const RESERVED_SITES: Sites = {
  format: "qkd_reserved",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 27, "at least 26 bytes"],
    ["unsafe-integer", "createdMs", 31, "at most 2^53-1"],
    ["short", "keys", 33, ""],
  ],
};
const RESERVED_SITES$WRITTEN: Sites = {
  format: "qkd_reserved",
  file: "qkd/reservations.ksy",
  sites: [
    ["argument", "", 27, "an object"],
    ["count", "keys", 33, "at least 0 items"],
    ["length", "flowId", 30, "16 bytes"],
    ["range", "createdMs", 31, "0 to 2^53-1"],
    ["range", "keys", 32, "num_keys of 0 to 65535"],
    ["length", "keys[*]", 33, "32 bytes"],
    ["argument", "keys", 33, "a list"],
  ],
};
const RESERVED_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_reserved",
  file: "qkd/reservations.ksy",
  sites: [
    ["range", "createdMs", 31, "0 to 18446744073709551615"],
  ],
};
/** Keys that a message takes; written before their first byte is used. */
export interface Reserved {
  kind: "reserved";
  flowId: Uint8Array;
  createdMs: number;
  keys: Uint8Array[];
}
function $skipReserved(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 26) return -1;
  const $numKeys = ((bytes[at + 24]! << 8) | bytes[at + 25]!);
  const $keys$count = $numKeys;
  const $$p1 = at + 26 + $keys$count * 32;
  return $$p1;
}
function $takeReserved(bytes: Uint8Array, at: number, end: number): Reserved | undefined {
  if (end - at < 26) return refuse(RESERVED_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $createdMs$high = uint32At(bytes, at + 16);
  if ($createdMs$high > 0x1fffff) return refuse(RESERVED_SITES, 1 /* createdMs: unsafe-integer */, at + 16);
  const $numKeys = ((bytes[at + 24]! << 8) | bytes[at + 25]!);
  const $keys$count = $numKeys;
  if ($keys$count * 32 > end - at - 26)
    return refuse(RESERVED_SITES, 2 /* keys: short */, end, `${end - at - 26} of ${$keys$count * 32} bytes`);
  const $$p1 = at + 26 + $keys$count * 32;
  next.at = $$p1;
  const $keys$buffer = next.buffer, $keys$base = next.base;
  const $keys = new Array<Uint8Array>($keys$count);
  for (let i = 0, p = at + 26; i < $keys$count; i++, p += 32)
    $keys[i] = new Uint8Array($keys$buffer, $keys$base + p, 32);
  return {
    kind: "reserved",
    flowId: new Uint8Array(next.buffer, next.base + at, 16),
    createdMs: $createdMs$high * 4294967296 + uint32At(bytes, at + 20),
    keys: $keys,
  };
}
function $putReserved(value: Reserved, bytes: Uint8Array, at: number): number {
  requireObject(RESERVED_SITES$WRITTEN, 0 /* argument */, at, value);
  const $keys = value.keys, $keys$count = $keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(RESERVED_SITES$WRITTEN, 1 /* keys: count */, at, $keys$count);
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(RESERVED_SITES$WRITTEN, 2 /* flowId: length */, at, $flowId);
  bytes[at] = $flowId[0]!; bytes[at + 1] = $flowId[1]!; bytes[at + 2] = $flowId[2]!; bytes[at + 3] = $flowId[3]!;
  bytes[at + 4] = $flowId[4]!; bytes[at + 5] = $flowId[5]!; bytes[at + 6] = $flowId[6]!; bytes[at + 7] = $flowId[7]!;
  bytes[at + 8] = $flowId[8]!; bytes[at + 9] = $flowId[9]!; bytes[at + 10] = $flowId[10]!;
  bytes[at + 11] = $flowId[11]!; bytes[at + 12] = $flowId[12]!; bytes[at + 13] = $flowId[13]!;
  bytes[at + 14] = $flowId[14]!; bytes[at + 15] = $flowId[15]!;
  const $createdMs = value.createdMs;
  if (!Number.isSafeInteger($createdMs) || $createdMs < 0)
    fail(RESERVED_SITES$WRITTEN, 3 /* createdMs: range */, at + 16, $createdMs);
  putSafe(bytes, at + 16, $createdMs);
  const $numKeys = $keys$count;
  if ($numKeys > 65535) fail(RESERVED_SITES$WRITTEN, 4 /* keys: range */, at + 24, $numKeys);
  bytes[at + 24] = $numKeys >>> 8; bytes[at + 25] = $numKeys;
  for (let i = 0, p = at + 26; i < $keys$count; i++, p += 32) {
    const $keys$item = $keys[i]!;
    if (lengthOf($keys$item) !== 32) failBytes(RESERVED_SITES$WRITTEN, 5 /* keys[*]: length */, p, $keys$item, i);
    bytes.set($keys$item, p);
  }
  const $$p1 = at + 26 + 32 * $keys$count;
  return $$p1;
}
function $sizeReserved(value: Reserved): number {
  requireObject(RESERVED_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 26;
  $$size += 32 * listOf(RESERVED_SITES$WRITTEN, 6 /* keys: argument */, 0, value.keys).length;
  return $$size;
}
/** Keys that a message takes; written before their first byte is used. 64-bit integers as bigint. */
export interface ReservedBig {
  kind: "reserved";
  flowId: Uint8Array;
  createdMs: bigint;
  keys: Uint8Array[];
}
function $takeReservedBig(bytes: Uint8Array, at: number, end: number): ReservedBig | undefined {
  if (end - at < 26) return refuse(RESERVED_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $numKeys = ((bytes[at + 24]! << 8) | bytes[at + 25]!);
  const $keys$count = $numKeys;
  if ($keys$count * 32 > end - at - 26)
    return refuse(RESERVED_SITES, 2 /* keys: short */, end, `${end - at - 26} of ${$keys$count * 32} bytes`);
  const $$p1 = at + 26 + $keys$count * 32;
  next.at = $$p1;
  const $keys$buffer = next.buffer, $keys$base = next.base;
  const $keys = new Array<Uint8Array>($keys$count);
  for (let i = 0, p = at + 26; i < $keys$count; i++, p += 32)
    $keys[i] = new Uint8Array($keys$buffer, $keys$base + p, 32);
  return {
    kind: "reserved",
    flowId: new Uint8Array(next.buffer, next.base + at, 16),
    createdMs: bigUnsigned(bytes, at + 16),
    keys: $keys,
  };
}
function $putReservedBig(value: ReservedBig, bytes: Uint8Array, at: number): number {
  requireObject(RESERVED_SITES$WRITTEN, 0 /* argument */, at, value);
  const $keys = value.keys, $keys$count = $keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(RESERVED_SITES$WRITTEN, 1 /* keys: count */, at, $keys$count);
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(RESERVED_SITES$WRITTEN, 2 /* flowId: length */, at, $flowId);
  bytes[at] = $flowId[0]!; bytes[at + 1] = $flowId[1]!; bytes[at + 2] = $flowId[2]!; bytes[at + 3] = $flowId[3]!;
  bytes[at + 4] = $flowId[4]!; bytes[at + 5] = $flowId[5]!; bytes[at + 6] = $flowId[6]!; bytes[at + 7] = $flowId[7]!;
  bytes[at + 8] = $flowId[8]!; bytes[at + 9] = $flowId[9]!; bytes[at + 10] = $flowId[10]!;
  bytes[at + 11] = $flowId[11]!; bytes[at + 12] = $flowId[12]!; bytes[at + 13] = $flowId[13]!;
  bytes[at + 14] = $flowId[14]!; bytes[at + 15] = $flowId[15]!;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(RESERVED_SITES$WRITTEN$BIG, 0 /* createdMs: range */, at + 16, $createdMs);
  bigPut(bytes, at + 16, $createdMs);
  const $numKeys = $keys$count;
  if ($numKeys > 65535) fail(RESERVED_SITES$WRITTEN, 4 /* keys: range */, at + 24, $numKeys);
  bytes[at + 24] = $numKeys >>> 8; bytes[at + 25] = $numKeys;
  for (let i = 0, p = at + 26; i < $keys$count; i++, p += 32) {
    const $keys$item = $keys[i]!;
    if (lengthOf($keys$item) !== 32) failBytes(RESERVED_SITES$WRITTEN, 5 /* keys[*]: length */, p, $keys$item, i);
    bytes.set($keys$item, p);
  }
  const $$p1 = at + 26 + 32 * $keys$count;
  return $$p1;
}
function $sizeReservedBig(value: ReservedBig): number {
  requireObject(RESERVED_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 26;
  $$size += 32 * listOf(RESERVED_SITES$WRITTEN, 6 /* keys: argument */, 0, value.keys).length;
  return $$size;
}

const USED_SITES: Sites = {
  format: "qkd_used",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 34, "16 bytes"],
  ],
};
const USED_SITES$WRITTEN: Sites = {
  format: "qkd_used",
  file: "qkd/reservations.ksy",
  sites: [
    ["argument", "", 34, "an object"],
    ["length", "flowId", 37, "16 bytes"],
  ],
};
/** The message was handed out whole. */
export interface Used {
  kind: "used";
  flowId: Uint8Array;
}
function $skipUsed(_bytes: Uint8Array, at: number, _end: number): number {
  return at + 16;
}
function $takeUsed(_bytes: Uint8Array, at: number, end: number): Used | undefined {
  if (end - at < 16) return refuse(USED_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 16;
  return {
    kind: "used",
    flowId: new Uint8Array(next.buffer, next.base + at, 16),
  };
}
function $putUsed(value: Used, bytes: Uint8Array, at: number): number {
  requireObject(USED_SITES$WRITTEN, 0 /* argument */, at, value);
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(USED_SITES$WRITTEN, 1 /* flowId: length */, at, $flowId);
  bytes[at] = $flowId[0]!; bytes[at + 1] = $flowId[1]!; bytes[at + 2] = $flowId[2]!; bytes[at + 3] = $flowId[3]!;
  bytes[at + 4] = $flowId[4]!; bytes[at + 5] = $flowId[5]!; bytes[at + 6] = $flowId[6]!; bytes[at + 7] = $flowId[7]!;
  bytes[at + 8] = $flowId[8]!; bytes[at + 9] = $flowId[9]!; bytes[at + 10] = $flowId[10]!;
  bytes[at + 11] = $flowId[11]!; bytes[at + 12] = $flowId[12]!; bytes[at + 13] = $flowId[13]!;
  bytes[at + 14] = $flowId[14]!; bytes[at + 15] = $flowId[15]!;
  return at + 16;
}
function $sizeUsed(_value: Used): number { return 16; }

const BURNT_SITES: Sites = {
  format: "qkd_burnt",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 38, "16 bytes"],
  ],
};
const BURNT_SITES$WRITTEN: Sites = {
  format: "qkd_burnt",
  file: "qkd/reservations.ksy",
  sites: [
    ["argument", "", 38, "an object"],
    ["length", "flowId", 41, "16 bytes"],
  ],
};
/** The message was not, and its keys are lost. */
export interface Burnt {
  kind: "burnt";
  flowId: Uint8Array;
}
function $skipBurnt(_bytes: Uint8Array, at: number, _end: number): number {
  return at + 16;
}
function $takeBurnt(_bytes: Uint8Array, at: number, end: number): Burnt | undefined {
  if (end - at < 16) return refuse(BURNT_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 16;
  return {
    kind: "burnt",
    flowId: new Uint8Array(next.buffer, next.base + at, 16),
  };
}
function $putBurnt(value: Burnt, bytes: Uint8Array, at: number): number {
  requireObject(BURNT_SITES$WRITTEN, 0 /* argument */, at, value);
  const $flowId = value.flowId;
  if (lengthOf($flowId) !== 16) failBytes(BURNT_SITES$WRITTEN, 1 /* flowId: length */, at, $flowId);
  bytes[at] = $flowId[0]!; bytes[at + 1] = $flowId[1]!; bytes[at + 2] = $flowId[2]!; bytes[at + 3] = $flowId[3]!;
  bytes[at + 4] = $flowId[4]!; bytes[at + 5] = $flowId[5]!; bytes[at + 6] = $flowId[6]!; bytes[at + 7] = $flowId[7]!;
  bytes[at + 8] = $flowId[8]!; bytes[at + 9] = $flowId[9]!; bytes[at + 10] = $flowId[10]!;
  bytes[at + 11] = $flowId[11]!; bytes[at + 12] = $flowId[12]!; bytes[at + 13] = $flowId[13]!;
  bytes[at + 14] = $flowId[14]!; bytes[at + 15] = $flowId[15]!;
  return at + 16;
}
function $sizeBurnt(_value: Burnt): number { return 16; }

const SEEN_SITES: Sites = {
  format: "qkd_seen",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 42, "40 bytes"],
    ["unsafe-integer", "createdMs", 46, "at most 2^53-1"],
  ],
};
const SEEN_SITES$WRITTEN: Sites = {
  format: "qkd_seen",
  file: "qkd/reservations.ksy",
  sites: [
    ["argument", "", 42, "an object"],
    ["length", "flow", 45, "32 bytes"],
    ["range", "createdMs", 46, "0 to 2^53-1"],
  ],
};
const SEEN_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_seen",
  file: "qkd/reservations.ksy",
  sites: [
    ["range", "createdMs", 46, "0 to 18446744073709551615"],
  ],
};
/** A message that was opened. */
export interface Seen {
  kind: "seen";
  /** SHA-256 of the sender, 0 and the flow id. */
  flow: Uint8Array;
  createdMs: number;
}
function $skipSeen(_bytes: Uint8Array, at: number, _end: number): number {
  return at + 40;
}
function $takeSeen(bytes: Uint8Array, at: number, end: number): Seen | undefined {
  if (end - at < 40) return refuse(SEEN_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $createdMs$high = uint32At(bytes, at + 32);
  if ($createdMs$high > 0x1fffff) return refuse(SEEN_SITES, 1 /* createdMs: unsafe-integer */, at + 32);
  next.at = at + 40;
  return {
    kind: "seen",
    flow: new Uint8Array(next.buffer, next.base + at, 32),
    createdMs: $createdMs$high * 4294967296 + uint32At(bytes, at + 36),
  };
}
function $putSeen(value: Seen, bytes: Uint8Array, at: number): number {
  requireObject(SEEN_SITES$WRITTEN, 0 /* argument */, at, value);
  const $flow = value.flow;
  if (lengthOf($flow) !== 32) failBytes(SEEN_SITES$WRITTEN, 1 /* flow: length */, at, $flow);
  bytes.set($flow, at);
  const $createdMs = value.createdMs;
  if (!Number.isSafeInteger($createdMs) || $createdMs < 0)
    fail(SEEN_SITES$WRITTEN, 2 /* createdMs: range */, at + 32, $createdMs);
  putSafe(bytes, at + 32, $createdMs);
  return at + 40;
}
function $sizeSeen(_value: Seen): number { return 40; }
/** A message that was opened. 64-bit integers as bigint. */
export interface SeenBig {
  kind: "seen";
  /** SHA-256 of the sender, 0 and the flow id. */
  flow: Uint8Array;
  createdMs: bigint;
}
function $takeSeenBig(bytes: Uint8Array, at: number, end: number): SeenBig | undefined {
  if (end - at < 40) return refuse(SEEN_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 40;
  return {
    kind: "seen",
    flow: new Uint8Array(next.buffer, next.base + at, 32),
    createdMs: bigUnsigned(bytes, at + 32),
  };
}
function $putSeenBig(value: SeenBig, bytes: Uint8Array, at: number): number {
  requireObject(SEEN_SITES$WRITTEN, 0 /* argument */, at, value);
  const $flow = value.flow;
  if (lengthOf($flow) !== 32) failBytes(SEEN_SITES$WRITTEN, 1 /* flow: length */, at, $flow);
  bytes.set($flow, at);
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(SEEN_SITES$WRITTEN$BIG, 0 /* createdMs: range */, at + 32, $createdMs);
  bigPut(bytes, at + 32, $createdMs);
  return at + 40;
}
function $sizeSeenBig(_value: SeenBig): number { return 40; }

const TAKEN_SITES: Sites = {
  format: "qkd_taken",
  file: "qkd/reservations.ksy",
  sites: [
    ["short", "", 47, "at least 10 bytes"],
    ["unsafe-integer", "createdMs", 50, "at most 2^53-1"],
    ["short", "keys", 52, ""],
  ],
};
const TAKEN_SITES$WRITTEN: Sites = {
  format: "qkd_taken",
  file: "qkd/reservations.ksy",
  sites: [
    ["argument", "", 47, "an object"],
    ["count", "keys", 52, "at least 0 items"],
    ["range", "createdMs", 50, "0 to 2^53-1"],
    ["range", "keys", 51, "num_keys of 0 to 65535"],
    ["length", "keys[*]", 52, "32 bytes"],
    ["argument", "keys", 52, "a list"],
  ],
};
const TAKEN_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_taken",
  file: "qkd/reservations.ksy",
  sites: [
    ["range", "createdMs", 50, "0 to 18446744073709551615"],
  ],
};
/** Keys with which a received message was opened; written before its content is released. */
export interface Taken {
  kind: "taken";
  createdMs: number;
  keys: Uint8Array[];
}
function $skipTaken(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 10) return -1;
  const $numKeys = ((bytes[at + 8]! << 8) | bytes[at + 9]!);
  const $keys$count = $numKeys;
  const $$p1 = at + 10 + $keys$count * 32;
  return $$p1;
}
function $takeTaken(bytes: Uint8Array, at: number, end: number): Taken | undefined {
  if (end - at < 10) return refuse(TAKEN_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $createdMs$high = uint32At(bytes, at);
  if ($createdMs$high > 0x1fffff) return refuse(TAKEN_SITES, 1 /* createdMs: unsafe-integer */, at);
  const $numKeys = ((bytes[at + 8]! << 8) | bytes[at + 9]!);
  const $keys$count = $numKeys;
  if ($keys$count * 32 > end - at - 10)
    return refuse(TAKEN_SITES, 2 /* keys: short */, end, `${end - at - 10} of ${$keys$count * 32} bytes`);
  const $$p1 = at + 10 + $keys$count * 32;
  next.at = $$p1;
  const $keys$buffer = next.buffer, $keys$base = next.base;
  const $keys = new Array<Uint8Array>($keys$count);
  for (let i = 0, p = at + 10; i < $keys$count; i++, p += 32)
    $keys[i] = new Uint8Array($keys$buffer, $keys$base + p, 32);
  return {
    kind: "taken",
    createdMs: $createdMs$high * 4294967296 + uint32At(bytes, at + 4),
    keys: $keys,
  };
}
function $putTaken(value: Taken, bytes: Uint8Array, at: number): number {
  requireObject(TAKEN_SITES$WRITTEN, 0 /* argument */, at, value);
  const $keys = value.keys, $keys$count = $keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(TAKEN_SITES$WRITTEN, 1 /* keys: count */, at, $keys$count);
  const $createdMs = value.createdMs;
  if (!Number.isSafeInteger($createdMs) || $createdMs < 0)
    fail(TAKEN_SITES$WRITTEN, 2 /* createdMs: range */, at, $createdMs);
  putSafe(bytes, at, $createdMs);
  const $numKeys = $keys$count;
  if ($numKeys > 65535) fail(TAKEN_SITES$WRITTEN, 3 /* keys: range */, at + 8, $numKeys);
  bytes[at + 8] = $numKeys >>> 8; bytes[at + 9] = $numKeys;
  for (let i = 0, p = at + 10; i < $keys$count; i++, p += 32) {
    const $keys$item = $keys[i]!;
    if (lengthOf($keys$item) !== 32) failBytes(TAKEN_SITES$WRITTEN, 4 /* keys[*]: length */, p, $keys$item, i);
    bytes.set($keys$item, p);
  }
  const $$p1 = at + 10 + 32 * $keys$count;
  return $$p1;
}
function $sizeTaken(value: Taken): number {
  requireObject(TAKEN_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 10;
  $$size += 32 * listOf(TAKEN_SITES$WRITTEN, 5 /* keys: argument */, 0, value.keys).length;
  return $$size;
}
/** Keys with which a received message was opened; written before its content is released. 64-bit integers as bigint. */
export interface TakenBig {
  kind: "taken";
  createdMs: bigint;
  keys: Uint8Array[];
}
function $takeTakenBig(bytes: Uint8Array, at: number, end: number): TakenBig | undefined {
  if (end - at < 10) return refuse(TAKEN_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $numKeys = ((bytes[at + 8]! << 8) | bytes[at + 9]!);
  const $keys$count = $numKeys;
  if ($keys$count * 32 > end - at - 10)
    return refuse(TAKEN_SITES, 2 /* keys: short */, end, `${end - at - 10} of ${$keys$count * 32} bytes`);
  const $$p1 = at + 10 + $keys$count * 32;
  next.at = $$p1;
  const $keys$buffer = next.buffer, $keys$base = next.base;
  const $keys = new Array<Uint8Array>($keys$count);
  for (let i = 0, p = at + 10; i < $keys$count; i++, p += 32)
    $keys[i] = new Uint8Array($keys$buffer, $keys$base + p, 32);
  return {
    kind: "taken",
    createdMs: bigUnsigned(bytes, at),
    keys: $keys,
  };
}
function $putTakenBig(value: TakenBig, bytes: Uint8Array, at: number): number {
  requireObject(TAKEN_SITES$WRITTEN, 0 /* argument */, at, value);
  const $keys = value.keys, $keys$count = $keys?.length ?? -1;
  if (!Number.isInteger($keys$count) || $keys$count < 0)
    fail(TAKEN_SITES$WRITTEN, 1 /* keys: count */, at, $keys$count);
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(TAKEN_SITES$WRITTEN$BIG, 0 /* createdMs: range */, at, $createdMs);
  bigPut(bytes, at, $createdMs);
  const $numKeys = $keys$count;
  if ($numKeys > 65535) fail(TAKEN_SITES$WRITTEN, 3 /* keys: range */, at + 8, $numKeys);
  bytes[at + 8] = $numKeys >>> 8; bytes[at + 9] = $numKeys;
  for (let i = 0, p = at + 10; i < $keys$count; i++, p += 32) {
    const $keys$item = $keys[i]!;
    if (lengthOf($keys$item) !== 32) failBytes(TAKEN_SITES$WRITTEN, 4 /* keys[*]: length */, p, $keys$item, i);
    bytes.set($keys$item, p);
  }
  const $$p1 = at + 10 + 32 * $keys$count;
  return $$p1;
}
function $sizeTakenBig(value: TakenBig): number {
  requireObject(TAKEN_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 10;
  $$size += 32 * listOf(TAKEN_SITES$WRITTEN, 5 /* keys: argument */, 0, value.keys).length;
  return $$size;
}

