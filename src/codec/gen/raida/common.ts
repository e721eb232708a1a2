// Generated from raida/common.ksy by `specwire gen`; do not edit. spec sha256 1e1f767c2bf58dfaea5f0bd64eec8668d522ca2aa775233909c5d0c35a4bcf66
/** Records that several RAIDA bodies share. Parts only; nothing on the wire is one of these alone. */
import { type BytesColumn, type NewBytes, type Result, type Sites, bytesColumn, fail, failBytes, failRange, failRows,
    failSpace, failure, lengthOf, raise, refuseRange, requireColumn, requireNumbers, requireRows,
    uint32At } from "../../index.js";

const COIN_ID_SITES: Sites = {
  format: "raida_coin_id",
  file: "raida/common.ksy",
  sites: [
    ["short", "", 8, "5 bytes"],
    ["short", "", 8, "5 bytes a row"],
  ],
};
const COIN_ID_SITES$WRITTEN: Sites = {
  format: "raida_coin_id",
  file: "raida/common.ksy",
  sites: [
    ["argument", "", 8, "an object"],
    ["range", "denomination", 11, "-128 to 127"],
    ["range", "serial", 12, "0 to 4294967295"],
  ],
};
export interface CoinId {
  /** Power of ten of the coin's value (DN). */
  denomination: number;
  /** Serial number (SN); a server keeps 0 to 1023999. */
  serial: number;
}
export const COIN_ID_SIZE = 5;
function readCoinId(bytes: Uint8Array, at: number, end: number): CoinId | undefined {
  if (end - at !== 5 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(COIN_ID_SITES, 0 /* short */, 5, bytes, at, end);
  }
  return {
    denomination: ((bytes[at]! << 24) >> 24),
    serial: uint32At(bytes, at + 1),
  };
}
/** @throws WireError when the bytes are no raida_coin_id. */
export function decodeCoinId(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CoinId {
  return readCoinId(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCoinId(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<CoinId> {
  const value = readCoinId(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeCoinId(value: CoinId): NewBytes {
  const bytes = new Uint8Array(5);
  encodeCoinIdInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCoinIdInto(value: CoinId, bytes: Uint8Array, at = 0): number {
  if (!value) fail(COIN_ID_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 5 || at >>> 0 !== at) failSpace(COIN_ID_SITES$WRITTEN, 5, bytes, at);
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(COIN_ID_SITES$WRITTEN, 1 /* denomination: range */, at, $denomination);
  bytes[at] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(COIN_ID_SITES$WRITTEN, 2 /* serial: range */, at + 1, $serial);
  bytes[at + 1] = $serial >>> 24; bytes[at + 2] = $serial >>> 16; bytes[at + 3] = $serial >>> 8;
  bytes[at + 4] = $serial;
  return at + 5;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekCoinIdLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(COIN_ID_SITES, bytes, at, end);
  return 5;
}
/** Rows of coin_id, a column a field. */
export interface CoinIdColumns {
  length: number;
  /** Power of ten of the coin's value (DN). */
  readonly denomination: Int8Array;
  /** Serial number (SN); a server keeps 0 to 1023999. */
  readonly serial: Uint32Array;
}
/** Columns with room for `rows` rows. */
export function coinIdColumns(rows: number): CoinIdColumns {
  return { length: 0, denomination: new Int8Array(rows), serial: new Uint32Array(rows) };
}
/**
 * Reads `n` rows that follow each other from `at`. @throws WireError `short`, `space`, or the rule that a row breaks
 */
export function decodeCoinIdColumns(view: DataView, at: number, n: number, columns: CoinIdColumns): void {
  if (n >>> 0 !== n) failRows(COIN_ID_SITES, "", columns.denomination.length, n);
  requireCoinIdColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 5)
    fail(COIN_ID_SITES, 1 /* short */, at, `${view.byteLength - at} bytes`);
  const denominationColumn = columns.denomination;
  const serialColumn = columns.serial;
  for (let i = 0; i < n; i++, at += 5) {
    denominationColumn[i] = view.getInt8(at);
    serialColumn[i] = view.getUint32(at + 1);
  }
  columns.length = n;
}
/** Writes the first `n` rows one after the other from `at`. @returns the position behind the last */
export function encodeCoinIdColumns(columns: CoinIdColumns, n: number, view: DataView, at: number): number {
  if (n >>> 0 !== n) failRows(COIN_ID_SITES$WRITTEN, "", columns.denomination.length, n);
  requireCoinIdColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 5) failSpace(COIN_ID_SITES$WRITTEN, n * 5, view, at);
  const denominationColumn = columns.denomination;
  const serialColumn = columns.serial;
  for (let i = 0; i < n; i++, at += 5) {
    const $denomination = denominationColumn[i]!;
    view.setUint8(at, $denomination);
    const $serial = serialColumn[i]!;
    view.setUint32(at + 1, $serial);
  }
  return at;
}
function requireCoinIdColumns(columns: CoinIdColumns, n: number): void {
  requireNumbers(COIN_ID_SITES, "denomination", columns.denomination, "Int8Array", n);
  requireNumbers(COIN_ID_SITES, "serial", columns.serial, "Uint32Array", n);
}

const COIN_AN_SITES: Sites = {
  format: "raida_coin_an",
  file: "raida/common.ksy",
  sites: [
    ["short", "", 13, "21 bytes"],
    ["short", "", 13, "21 bytes a row"],
  ],
};
const COIN_AN_SITES$WRITTEN: Sites = {
  format: "raida_coin_an",
  file: "raida/common.ksy",
  sites: [
    ["argument", "", 13, "an object"],
    ["range", "denomination", 16, "-128 to 127"],
    ["range", "serial", 17, "0 to 4294967295"],
    ["length", "an", 18, "16 bytes"],
  ],
};
export interface CoinAn {
  /** DN. */
  denomination: number;
  /** SN. */
  serial: number;
  /** Authenticity number. */
  an: Uint8Array;
}
export const COIN_AN_SIZE = 21;
function readCoinAn(bytes: Uint8Array, at: number, end: number): CoinAn | undefined {
  if (end - at !== 21 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(COIN_AN_SITES, 0 /* short */, 21, bytes, at, end);
  }
  return {
    denomination: ((bytes[at]! << 24) >> 24),
    serial: uint32At(bytes, at + 1),
    an: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 5, 16),
  };
}
/** @throws WireError when the bytes are no raida_coin_an. */
export function decodeCoinAn(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CoinAn {
  return readCoinAn(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCoinAn(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<CoinAn> {
  const value = readCoinAn(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeCoinAn(value: CoinAn): NewBytes {
  const bytes = new Uint8Array(21);
  encodeCoinAnInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCoinAnInto(value: CoinAn, bytes: Uint8Array, at = 0): number {
  if (!value) fail(COIN_AN_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 21 || at >>> 0 !== at) failSpace(COIN_AN_SITES$WRITTEN, 21, bytes, at);
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(COIN_AN_SITES$WRITTEN, 1 /* denomination: range */, at, $denomination);
  bytes[at] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(COIN_AN_SITES$WRITTEN, 2 /* serial: range */, at + 1, $serial);
  bytes[at + 1] = $serial >>> 24; bytes[at + 2] = $serial >>> 16; bytes[at + 3] = $serial >>> 8;
  bytes[at + 4] = $serial;
  const $an = value.an;
  if (lengthOf($an) !== 16) failBytes(COIN_AN_SITES$WRITTEN, 3 /* an: length */, at + 5, $an);
  bytes[at + 5] = $an[0]!; bytes[at + 6] = $an[1]!; bytes[at + 7] = $an[2]!; bytes[at + 8] = $an[3]!;
  bytes[at + 9] = $an[4]!; bytes[at + 10] = $an[5]!; bytes[at + 11] = $an[6]!; bytes[at + 12] = $an[7]!;
  bytes[at + 13] = $an[8]!; bytes[at + 14] = $an[9]!; bytes[at + 15] = $an[10]!; bytes[at + 16] = $an[11]!;
  bytes[at + 17] = $an[12]!; bytes[at + 18] = $an[13]!; bytes[at + 19] = $an[14]!; bytes[at + 20] = $an[15]!;
  return at + 21;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekCoinAnLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(COIN_AN_SITES, bytes, at, end);
  return 21;
}
/** Rows of coin_an, a column a field. */
export interface CoinAnColumns {
  length: number;
  /** DN. */
  readonly denomination: Int8Array;
  /** SN. */
  readonly serial: Uint32Array;
  /** Authenticity number. */
  readonly an: BytesColumn;
}
/** Columns with room for `rows` rows. */
export function coinAnColumns(rows: number): CoinAnColumns {
  return { length: 0, denomination: new Int8Array(rows), serial: new Uint32Array(rows), an: bytesColumn(16, rows) };
}
/**
 * Reads `n` rows that follow each other from `at`. Byte columns then point into the view's buffer. @throws WireError
 * `short`, `space`, or the rule that a row breaks
 */
export function decodeCoinAnColumns(view: DataView, at: number, n: number, columns: CoinAnColumns): void {
  if (n >>> 0 !== n) failRows(COIN_AN_SITES, "", columns.denomination.length, n);
  requireCoinAnColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 21)
    fail(COIN_AN_SITES, 1 /* short */, at, `${view.byteLength - at} bytes`);
  const denominationColumn = columns.denomination;
  const serialColumn = columns.serial;
  const source = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  columns.an.bytes = source; columns.an.at = at + 5; columns.an.stride = 21;
  for (let i = 0; i < n; i++, at += 21) {
    denominationColumn[i] = view.getInt8(at);
    serialColumn[i] = view.getUint32(at + 1);
  }
  columns.length = n;
}
/** Writes the first `n` rows one after the other from `at`. @returns the position behind the last */
export function encodeCoinAnColumns(columns: CoinAnColumns, n: number, view: DataView, at: number): number {
  if (n >>> 0 !== n) failRows(COIN_AN_SITES$WRITTEN, "", columns.denomination.length, n);
  requireCoinAnColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 21) failSpace(COIN_AN_SITES$WRITTEN, n * 21, view, at);
  const denominationColumn = columns.denomination;
  const serialColumn = columns.serial;
  const anColumn = columns.an;
  requireRows(COIN_AN_SITES$WRITTEN, "an", anColumn, n);
  const anColumnBytes = anColumn.bytes, anColumnStride = anColumn.stride;
  let anColumnAt = anColumn.at;
  for (let i = 0; i < n; i++, at += 21) {
    const $denomination = denominationColumn[i]!;
    view.setUint8(at, $denomination);
    const $serial = serialColumn[i]!;
    view.setUint32(at + 1, $serial);
    view.setUint32(at + 5, (anColumnBytes[anColumnAt]! << 24) | (anColumnBytes[anColumnAt + 1]! << 16) |
        (anColumnBytes[anColumnAt + 2]! << 8) | anColumnBytes[anColumnAt + 3]!);
    view.setUint32(at + 9, (anColumnBytes[anColumnAt + 4]! << 24) | (anColumnBytes[anColumnAt + 5]! << 16) |
        (anColumnBytes[anColumnAt + 6]! << 8) | anColumnBytes[anColumnAt + 7]!);
    view.setUint32(at + 13, (anColumnBytes[anColumnAt + 8]! << 24) | (anColumnBytes[anColumnAt + 9]! << 16) |
        (anColumnBytes[anColumnAt + 10]! << 8) | anColumnBytes[anColumnAt + 11]!);
    view.setUint32(at + 17, (anColumnBytes[anColumnAt + 12]! << 24) | (anColumnBytes[anColumnAt + 13]! << 16) |
        (anColumnBytes[anColumnAt + 14]! << 8) | anColumnBytes[anColumnAt + 15]!);
    anColumnAt += anColumnStride;
  }
  return at;
}
function requireCoinAnColumns(columns: CoinAnColumns, n: number): void {
  requireNumbers(COIN_AN_SITES, "denomination", columns.denomination, "Int8Array", n);
  requireNumbers(COIN_AN_SITES, "serial", columns.serial, "Uint32Array", n);
  requireColumn(COIN_AN_SITES, "an", columns.an, 16);
}

const COIN_AN_PAN_SITES: Sites = {
  format: "raida_coin_an_pan",
  file: "raida/common.ksy",
  sites: [
    ["short", "", 19, "37 bytes"],
    ["short", "", 19, "37 bytes a row"],
  ],
};
const COIN_AN_PAN_SITES$WRITTEN: Sites = {
  format: "raida_coin_an_pan",
  file: "raida/common.ksy",
  sites: [
    ["argument", "", 19, "an object"],
    ["range", "denomination", 22, "-128 to 127"],
    ["range", "serial", 23, "0 to 4294967295"],
    ["length", "an", 24, "16 bytes"],
    ["length", "pan", 25, "16 bytes"],
  ],
};
export interface CoinAnPan {
  /** DN. */
  denomination: number;
  /** SN. */
  serial: number;
  /** Authenticity number now. */
  an: Uint8Array;
  /** Proposed authenticity number. */
  pan: Uint8Array;
}
export const COIN_AN_PAN_SIZE = 37;
function readCoinAnPan(bytes: Uint8Array, at: number, end: number): CoinAnPan | undefined {
  if (end - at !== 37 || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(COIN_AN_PAN_SITES, 0 /* short */, 37, bytes, at, end);
  }
  return {
    denomination: ((bytes[at]! << 24) >> 24),
    serial: uint32At(bytes, at + 1),
    an: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 5, 16),
    pan: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 21, 16),
  };
}
/** @throws WireError when the bytes are no raida_coin_an_pan. */
export function decodeCoinAnPan(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): CoinAnPan {
  return readCoinAnPan(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeCoinAnPan(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<CoinAnPan> {
  const value = readCoinAnPan(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeCoinAnPan(value: CoinAnPan): NewBytes {
  const bytes = new Uint8Array(37);
  encodeCoinAnPanInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeCoinAnPanInto(value: CoinAnPan, bytes: Uint8Array, at = 0): number {
  if (!value) fail(COIN_AN_PAN_SITES$WRITTEN, 0 /* argument */, at, value);
  if (lengthOf(bytes) - at < 37 || at >>> 0 !== at) failSpace(COIN_AN_PAN_SITES$WRITTEN, 37, bytes, at);
  const $denomination = value.denomination;
  if (typeof $denomination !== "number" || ($denomination << 24) >> 24 !== $denomination)
    fail(COIN_AN_PAN_SITES$WRITTEN, 1 /* denomination: range */, at, $denomination);
  bytes[at] = $denomination;
  const $serial = value.serial;
  if (typeof $serial !== "number" || $serial >>> 0 !== $serial)
    fail(COIN_AN_PAN_SITES$WRITTEN, 2 /* serial: range */, at + 1, $serial);
  bytes[at + 1] = $serial >>> 24; bytes[at + 2] = $serial >>> 16; bytes[at + 3] = $serial >>> 8;
  bytes[at + 4] = $serial;
  const $an = value.an;
  if (lengthOf($an) !== 16) failBytes(COIN_AN_PAN_SITES$WRITTEN, 3 /* an: length */, at + 5, $an);
  bytes[at + 5] = $an[0]!; bytes[at + 6] = $an[1]!; bytes[at + 7] = $an[2]!; bytes[at + 8] = $an[3]!;
  bytes[at + 9] = $an[4]!; bytes[at + 10] = $an[5]!; bytes[at + 11] = $an[6]!; bytes[at + 12] = $an[7]!;
  bytes[at + 13] = $an[8]!; bytes[at + 14] = $an[9]!; bytes[at + 15] = $an[10]!; bytes[at + 16] = $an[11]!;
  bytes[at + 17] = $an[12]!; bytes[at + 18] = $an[13]!; bytes[at + 19] = $an[14]!; bytes[at + 20] = $an[15]!;
  const $pan = value.pan;
  if (lengthOf($pan) !== 16) failBytes(COIN_AN_PAN_SITES$WRITTEN, 4 /* pan: length */, at + 21, $pan);
  bytes[at + 21] = $pan[0]!; bytes[at + 22] = $pan[1]!; bytes[at + 23] = $pan[2]!; bytes[at + 24] = $pan[3]!;
  bytes[at + 25] = $pan[4]!; bytes[at + 26] = $pan[5]!; bytes[at + 27] = $pan[6]!; bytes[at + 28] = $pan[7]!;
  bytes[at + 29] = $pan[8]!; bytes[at + 30] = $pan[9]!; bytes[at + 31] = $pan[10]!; bytes[at + 32] = $pan[11]!;
  bytes[at + 33] = $pan[12]!; bytes[at + 34] = $pan[13]!; bytes[at + 35] = $pan[14]!; bytes[at + 36] = $pan[15]!;
  return at + 37;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekCoinAnPanLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(COIN_AN_PAN_SITES, bytes, at, end);
  return 37;
}
/** Rows of coin_an_pan, a column a field. */
export interface CoinAnPanColumns {
  length: number;
  /** DN. */
  readonly denomination: Int8Array;
  /** SN. */
  readonly serial: Uint32Array;
  /** Authenticity number now. */
  readonly an: BytesColumn;
  /** Proposed authenticity number. */
  readonly pan: BytesColumn;
}
/** Columns with room for `rows` rows. */
export function coinAnPanColumns(rows: number): CoinAnPanColumns {
  return { length: 0, denomination: new Int8Array(rows), serial: new Uint32Array(rows), an: bytesColumn(16, rows),
      pan: bytesColumn(16, rows) };
}
/**
 * Reads `n` rows that follow each other from `at`. Byte columns then point into the view's buffer. @throws WireError
 * `short`, `space`, or the rule that a row breaks
 */
export function decodeCoinAnPanColumns(view: DataView, at: number, n: number, columns: CoinAnPanColumns): void {
  if (n >>> 0 !== n) failRows(COIN_AN_PAN_SITES, "", columns.denomination.length, n);
  requireCoinAnPanColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 37)
    fail(COIN_AN_PAN_SITES, 1 /* short */, at, `${view.byteLength - at} bytes`);
  const denominationColumn = columns.denomination;
  const serialColumn = columns.serial;
  const source = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  columns.an.bytes = source; columns.an.at = at + 5; columns.an.stride = 37;
  columns.pan.bytes = source; columns.pan.at = at + 21; columns.pan.stride = 37;
  for (let i = 0; i < n; i++, at += 37) {
    denominationColumn[i] = view.getInt8(at);
    serialColumn[i] = view.getUint32(at + 1);
  }
  columns.length = n;
}
/** Writes the first `n` rows one after the other from `at`. @returns the position behind the last */
export function encodeCoinAnPanColumns(columns: CoinAnPanColumns, n: number, view: DataView, at: number): number {
  if (n >>> 0 !== n) failRows(COIN_AN_PAN_SITES$WRITTEN, "", columns.denomination.length, n);
  requireCoinAnPanColumns(columns, n);
  if (at >>> 0 !== at || view.byteLength - at < n * 37) failSpace(COIN_AN_PAN_SITES$WRITTEN, n * 37, view, at);
  const denominationColumn = columns.denomination;
  const serialColumn = columns.serial;
  const anColumn = columns.an;
  requireRows(COIN_AN_PAN_SITES$WRITTEN, "an", anColumn, n);
  const anColumnBytes = anColumn.bytes, anColumnStride = anColumn.stride;
  let anColumnAt = anColumn.at;
  const panColumn = columns.pan;
  requireRows(COIN_AN_PAN_SITES$WRITTEN, "pan", panColumn, n);
  const panColumnBytes = panColumn.bytes, panColumnStride = panColumn.stride;
  let panColumnAt = panColumn.at;
  for (let i = 0; i < n; i++, at += 37) {
    const $denomination = denominationColumn[i]!;
    view.setUint8(at, $denomination);
    const $serial = serialColumn[i]!;
    view.setUint32(at + 1, $serial);
    view.setUint32(at + 5, (anColumnBytes[anColumnAt]! << 24) | (anColumnBytes[anColumnAt + 1]! << 16) |
        (anColumnBytes[anColumnAt + 2]! << 8) | anColumnBytes[anColumnAt + 3]!);
    view.setUint32(at + 9, (anColumnBytes[anColumnAt + 4]! << 24) | (anColumnBytes[anColumnAt + 5]! << 16) |
        (anColumnBytes[anColumnAt + 6]! << 8) | anColumnBytes[anColumnAt + 7]!);
    view.setUint32(at + 13, (anColumnBytes[anColumnAt + 8]! << 24) | (anColumnBytes[anColumnAt + 9]! << 16) |
        (anColumnBytes[anColumnAt + 10]! << 8) | anColumnBytes[anColumnAt + 11]!);
    view.setUint32(at + 17, (anColumnBytes[anColumnAt + 12]! << 24) | (anColumnBytes[anColumnAt + 13]! << 16) |
        (anColumnBytes[anColumnAt + 14]! << 8) | anColumnBytes[anColumnAt + 15]!);
    anColumnAt += anColumnStride;
    view.setUint32(at + 21, (panColumnBytes[panColumnAt]! << 24) | (panColumnBytes[panColumnAt + 1]! << 16) |
        (panColumnBytes[panColumnAt + 2]! << 8) | panColumnBytes[panColumnAt + 3]!);
    view.setUint32(at + 25, (panColumnBytes[panColumnAt + 4]! << 24) | (panColumnBytes[panColumnAt + 5]! << 16) |
        (panColumnBytes[panColumnAt + 6]! << 8) | panColumnBytes[panColumnAt + 7]!);
    view.setUint32(at + 29, (panColumnBytes[panColumnAt + 8]! << 24) | (panColumnBytes[panColumnAt + 9]! << 16) |
        (panColumnBytes[panColumnAt + 10]! << 8) | panColumnBytes[panColumnAt + 11]!);
    view.setUint32(at + 33, (panColumnBytes[panColumnAt + 12]! << 24) | (panColumnBytes[panColumnAt + 13]! << 16) |
        (panColumnBytes[panColumnAt + 14]! << 8) | panColumnBytes[panColumnAt + 15]!);
    panColumnAt += panColumnStride;
  }
  return at;
}
function requireCoinAnPanColumns(columns: CoinAnPanColumns, n: number): void {
  requireNumbers(COIN_AN_PAN_SITES, "denomination", columns.denomination, "Int8Array", n);
  requireNumbers(COIN_AN_PAN_SITES, "serial", columns.serial, "Uint32Array", n);
  requireColumn(COIN_AN_PAN_SITES, "an", columns.an, 16);
  requireColumn(COIN_AN_PAN_SITES, "pan", columns.pan, 16);
}

