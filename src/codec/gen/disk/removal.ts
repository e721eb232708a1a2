// Generated from disk/removal.ksy by `specwire gen`; do not edit. spec sha256 abf8452be4df21746b095934e4d5094f3012a6166fc0fa97f258f896f553bcf5
/**
 * A store that removes values, on a disk of segment files. What a store has to remove, in the one frame of the file
 * `.store/removal`. It is written and synced before the store appends to its own value; the store has taken effect when
 * the frames of that file end behind the place which is told here. Whoever opens the folder then removes what is left
 * of the files, and this one.
 */
import { type NewBytes, type Result, type Sites, asciiAt, asciiBytes, bigPut, bigUnsigned, enter, fail, failBytes,
    failSpace, failure, foreign, inside, leave, lengthOf, listOf, next, putSafe, raise, refuse, refuseRange,
    requireObject, uint32At, utf8Length, within } from "../../index.js";

const REMOVAL_SITES: Sites = {
  format: "disk_removal",
  file: "disk/removal.ksy",
  sites: [
    ["short", "", 11, "at least 9 bytes"],
    ["trailing", "", 11, ""],
    ["short", "key", 14, ""],
    ["text", "key", 14, "ascii"],
    ["unsafe-integer", "end", 15, "at most 2^53-1"],
    ["short", "removed[*]", 16, ""],
  ],
};
const REMOVAL_SITES$WRITTEN: Sites = {
  format: "disk_removal",
  file: "disk/removal.ksy",
  sites: [
    ["argument", "", 11, "an object"],
    ["text", "key", 14, "ascii"],
    ["count", "key", 14, "at least 0 bytes"],
    ["range", "key", 13, "key_length of 0 to 255"],
    ["range", "end", 15, "0 to 2^53-1"],
    ["argument", "removed", 16, "a list"],
    ["short", "removed[*]", 16, ""],
  ],
};
const REMOVAL_SITES$WRITTEN$BIG: Sites = {
  format: "disk_removal",
  file: "disk/removal.ksy",
  sites: [
    ["range", "end", 15, "0 to 18446744073709551615"],
  ],
};
export interface Removal {
  /** The value that the store appends to; empty for none. */
  key: string;
  /** Where the frames of its file end before the store; 0 for none. */
  end: number;
  removed: RemovedValue[];
}
export const REMOVAL_MIN_SIZE = 9;
function readRemoval(bytes: Uint8Array, at: number, end: number): Removal | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(REMOVAL_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeRemoval(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(REMOVAL_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no disk_removal. */
export function decodeRemoval(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Removal {
  return readRemoval(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRemoval(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<Removal> {
  const value = readRemoval(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeRemoval(value: Removal): NewBytes {
  try {
    const bytes = new Uint8Array($sizeRemoval(value));
    $putRemoval(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, REMOVAL_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeRemovalInto(value: Removal, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeRemoval(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(REMOVAL_SITES$WRITTEN, need, bytes, at);
    return $putRemoval(value, bytes, at);
  } catch (error) { throw foreign(error, REMOVAL_SITES$WRITTEN); }
}
function $takeRemoval(bytes: Uint8Array, at: number, end: number): Removal | undefined {
  if (end - at < 9) return refuse(REMOVAL_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $keyLength = bytes[at]!;
  const $key$count = $keyLength;
  if ($key$count > end - at - 9)
    return refuse(REMOVAL_SITES, 2 /* key: short */, end, `${end - at - 9} of ${$key$count} bytes`);
  const $$p1 = at + 1 + $key$count;
  const $key = asciiAt(bytes, at + 1, $$p1);
  if ($key === undefined) return refuse(REMOVAL_SITES, 3 /* key: text */, at + 1);
  const $end$high = uint32At(bytes, $$p1);
  if ($end$high > 0x1fffff) return refuse(REMOVAL_SITES, 4 /* end: unsafe-integer */, $$p1);
  const $removed$list: RemovedValue[] = [];
  let $removed$p = $$p1 + 8;
  for (let i = 0; $removed$p < end; i++) {
    const $removed$each$v = $takeRemovedValue(bytes, $removed$p, end);
    if ($removed$each$v === undefined) return within(REMOVAL_SITES, 5 /* removed[*]: short */, i);
    const $removed$each$e = next.at;
    const $removed$each = $removed$each$v;
    $removed$list.push($removed$each);
    $removed$p = $removed$each$e;
  }
  const $removed$is = $removed$list;
  const $$p2 = $removed$p;
  next.at = $$p2;
  return {
    key: $key,
    end: $end$high * 4294967296 + uint32At(bytes, $$p1 + 4),
    removed: $removed$is,
  };
}
function $putRemoval(value: Removal, bytes: Uint8Array, at: number): number {
  requireObject(REMOVAL_SITES$WRITTEN, 0 /* argument */, at, value);
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(REMOVAL_SITES$WRITTEN, 1 /* key: text */, at);
  const $key$count = $key.length;
  if ($key$count < 0) fail(REMOVAL_SITES$WRITTEN, 2 /* key: count */, at, $key$count);
  const $keyLength = $key$count;
  if ($keyLength > 255) fail(REMOVAL_SITES$WRITTEN, 3 /* key: range */, at, $keyLength);
  bytes[at] = $keyLength;
  bytes.set($key, at + 1);
  const $$p1 = at + 1 + $key$count;
  const $end = value.end;
  if (!Number.isSafeInteger($end) || $end < 0) fail(REMOVAL_SITES$WRITTEN, 4 /* end: range */, $$p1, $end);
  putSafe(bytes, $$p1, $end);
  const $removed$list = listOf(REMOVAL_SITES$WRITTEN, 5 /* removed: argument */, $$p1 + 8,
      value.removed) as readonly (RemovedValue)[];
  let $removed$p = $$p1 + 8;
  for (let i = 0; i < $removed$list.length; i++) {
    const $removed$each = $removed$list[i]!;
    let $removed$each$e: number;
    try { $removed$each$e = $putRemovedValue($removed$each, bytes, $removed$p);
    } catch (error) { throw inside(error, REMOVAL_SITES$WRITTEN, 6 /* removed[*]: short */, i); }
    $removed$p = $removed$each$e;
  }
  const $$p2 = $removed$p;
  return $$p2;
}
function $sizeRemoval(value: Removal): number {
  requireObject(REMOVAL_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 9;
  $$size += utf8Length(value.key);
  const $removed$list = listOf(REMOVAL_SITES$WRITTEN, 5 /* removed: argument */, 0,
      value.removed) as readonly (RemovedValue)[];
  for (let i = 0; i < $removed$list.length; i++) {
    const $removed$each = $removed$list[i]!;
    try { $$size += $sizeRemovedValue($removed$each as RemovedValue);
    } catch (error) { throw inside(error, REMOVAL_SITES$WRITTEN, 6 /* removed[*]: short */, i); }
  }
  return $$size;
}
/** 64-bit integers as bigint. */
export interface RemovalBig {
  /** The value that the store appends to; empty for none. */
  key: string;
  /** Where the frames of its file end before the store; 0 for none. */
  end: bigint;
  removed: RemovedValue[];
}
function readRemovalBig(bytes: Uint8Array, at: number, end: number): RemovalBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(REMOVAL_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeRemovalBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(REMOVAL_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no disk_removal. */
export function decodeRemovalBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): RemovalBig {
  return readRemovalBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeRemovalBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<RemovalBig> {
  const value = readRemovalBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeRemovalBig(value: RemovalBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeRemovalBig(value));
    $putRemovalBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, REMOVAL_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeRemovalBigInto(value: RemovalBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeRemovalBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(REMOVAL_SITES$WRITTEN, need, bytes, at);
    return $putRemovalBig(value, bytes, at);
  } catch (error) { throw foreign(error, REMOVAL_SITES$WRITTEN); }
}
function $takeRemovalBig(bytes: Uint8Array, at: number, end: number): RemovalBig | undefined {
  if (end - at < 9) return refuse(REMOVAL_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $keyLength = bytes[at]!;
  const $key$count = $keyLength;
  if ($key$count > end - at - 9)
    return refuse(REMOVAL_SITES, 2 /* key: short */, end, `${end - at - 9} of ${$key$count} bytes`);
  const $$p1 = at + 1 + $key$count;
  const $key = asciiAt(bytes, at + 1, $$p1);
  if ($key === undefined) return refuse(REMOVAL_SITES, 3 /* key: text */, at + 1);
  const $removed$list: RemovedValue[] = [];
  let $removed$p = $$p1 + 8;
  for (let i = 0; $removed$p < end; i++) {
    const $removed$each$v = $takeRemovedValue(bytes, $removed$p, end);
    if ($removed$each$v === undefined) return within(REMOVAL_SITES, 5 /* removed[*]: short */, i);
    const $removed$each$e = next.at;
    const $removed$each = $removed$each$v;
    $removed$list.push($removed$each);
    $removed$p = $removed$each$e;
  }
  const $removed$is = $removed$list;
  const $$p2 = $removed$p;
  next.at = $$p2;
  return {
    key: $key,
    end: bigUnsigned(bytes, $$p1),
    removed: $removed$is,
  };
}
function $putRemovalBig(value: RemovalBig, bytes: Uint8Array, at: number): number {
  requireObject(REMOVAL_SITES$WRITTEN, 0 /* argument */, at, value);
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(REMOVAL_SITES$WRITTEN, 1 /* key: text */, at);
  const $key$count = $key.length;
  if ($key$count < 0) fail(REMOVAL_SITES$WRITTEN, 2 /* key: count */, at, $key$count);
  const $keyLength = $key$count;
  if ($keyLength > 255) fail(REMOVAL_SITES$WRITTEN, 3 /* key: range */, at, $keyLength);
  bytes[at] = $keyLength;
  bytes.set($key, at + 1);
  const $$p1 = at + 1 + $key$count;
  const $end = value.end;
  if (typeof $end !== "bigint" || BigInt.asUintN(64, $end) !== $end)
    fail(REMOVAL_SITES$WRITTEN$BIG, 0 /* end: range */, $$p1, $end);
  bigPut(bytes, $$p1, $end);
  const $removed$list = listOf(REMOVAL_SITES$WRITTEN, 5 /* removed: argument */, $$p1 + 8,
      value.removed) as readonly (RemovedValue)[];
  let $removed$p = $$p1 + 8;
  for (let i = 0; i < $removed$list.length; i++) {
    const $removed$each = $removed$list[i]!;
    let $removed$each$e: number;
    try { $removed$each$e = $putRemovedValue($removed$each, bytes, $removed$p);
    } catch (error) { throw inside(error, REMOVAL_SITES$WRITTEN, 6 /* removed[*]: short */, i); }
    $removed$p = $removed$each$e;
  }
  const $$p2 = $removed$p;
  return $$p2;
}
function $sizeRemovalBig(value: RemovalBig): number {
  requireObject(REMOVAL_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 9;
  $$size += utf8Length(value.key);
  const $removed$list = listOf(REMOVAL_SITES$WRITTEN, 5 /* removed: argument */, 0,
      value.removed) as readonly (RemovedValue)[];
  for (let i = 0; i < $removed$list.length; i++) {
    const $removed$each = $removed$list[i]!;
    try { $$size += $sizeRemovedValue($removed$each as RemovedValue);
    } catch (error) { throw inside(error, REMOVAL_SITES$WRITTEN, 6 /* removed[*]: short */, i); }
  }
  return $$size;
}

const REMOVED_VALUE_SITES: Sites = {
  format: "disk_removed_value",
  file: "disk/removal.ksy",
  sites: [
    ["short", "", 17, "at least 9 bytes"],
    ["short", "key", 20, ""],
    ["text", "key", 20, "ascii"],
  ],
};
const REMOVED_VALUE_SITES$WRITTEN: Sites = {
  format: "disk_removed_value",
  file: "disk/removal.ksy",
  sites: [
    ["argument", "", 17, "an object"],
    ["text", "key", 20, "ascii"],
    ["count", "key", 20, "at least 0 bytes"],
    ["range", "key", 19, "key_length of 0 to 255"],
    ["length", "salt", 21, "8 bytes"],
  ],
};
export interface RemovedValue {
  key: string;
  /** That of its file. A file of the same key with another salt was made later. */
  salt: Uint8Array;
}
function $takeRemovedValue(bytes: Uint8Array, at: number, end: number): RemovedValue | undefined {
  if (end - at < 9) return refuse(REMOVED_VALUE_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $keyLength = bytes[at]!;
  const $key$count = $keyLength;
  if ($key$count > end - at - 9)
    return refuse(REMOVED_VALUE_SITES, 1 /* key: short */, end, `${end - at - 9} of ${$key$count} bytes`);
  const $$p1 = at + 1 + $key$count;
  const $key = asciiAt(bytes, at + 1, $$p1);
  if ($key === undefined) return refuse(REMOVED_VALUE_SITES, 2 /* key: text */, at + 1);
  next.at = $$p1 + 8;
  return {
    key: $key,
    salt: new Uint8Array(next.buffer, next.base + $$p1, 8),
  };
}
function $putRemovedValue(value: RemovedValue, bytes: Uint8Array, at: number): number {
  requireObject(REMOVED_VALUE_SITES$WRITTEN, 0 /* argument */, at, value);
  const $key = asciiBytes(value.key);
  if ($key === undefined) fail(REMOVED_VALUE_SITES$WRITTEN, 1 /* key: text */, at);
  const $key$count = $key.length;
  if ($key$count < 0) fail(REMOVED_VALUE_SITES$WRITTEN, 2 /* key: count */, at, $key$count);
  const $keyLength = $key$count;
  if ($keyLength > 255) fail(REMOVED_VALUE_SITES$WRITTEN, 3 /* key: range */, at, $keyLength);
  bytes[at] = $keyLength;
  bytes.set($key, at + 1);
  const $$p1 = at + 1 + $key$count;
  const $salt = value.salt;
  if (lengthOf($salt) !== 8) failBytes(REMOVED_VALUE_SITES$WRITTEN, 4 /* salt: length */, $$p1, $salt);
  bytes[$$p1] = $salt[0]!; bytes[$$p1 + 1] = $salt[1]!; bytes[$$p1 + 2] = $salt[2]!; bytes[$$p1 + 3] = $salt[3]!;
  bytes[$$p1 + 4] = $salt[4]!; bytes[$$p1 + 5] = $salt[5]!; bytes[$$p1 + 6] = $salt[6]!; bytes[$$p1 + 7] = $salt[7]!;
  return $$p1 + 8;
}
function $sizeRemovedValue(value: RemovedValue): number {
  requireObject(REMOVED_VALUE_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 9;
  $$size += utf8Length(value.key);
  return $$size;
}

