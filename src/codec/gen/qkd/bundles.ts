// Generated from qkd/bundles.ksy by `specwire gen`; do not edit. spec sha256 5a9b6072d01ea3a4af114c2e772e545786a62febf3264f4aaa6ede786f8fcdea
/**
 * The keys of a member for the levels 3 and 4. A public bundle is what others need to seal to a member and to check its
 * signatures; a secret one is what only the member itself has. In files they stand as base64 between lines that say
 * which of the two it is.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigUnsigned, bytesLength, enter, fail, failBytes, failRange,
    failSpace, failure, foreign, inside, leave, lengthOf, next, putSafe, raise, refuse, refuseRange, requireObject,
    textAt, uint32At, utf8Bytes, utf8Length, within } from "../../index.js";

const PUBLIC_BUNDLE_SITES: Sites = {
  format: "qkd_public_bundle",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 10, "at least 19 bytes"],
    ["trailing", "", 10, ""],
    ["constant", "magic", 12, "53 57 51 50"],
    ["constant", "version", 13, "1"],
    ["range", "level", 14, "one of 3, 4"],
    ["range", "lenId", 15, "1 to 255"],
    ["short", "id", 16, ""],
    ["text", "id", 16, "utf-8"],
    ["unsafe-integer", "createdMs", 17, "at most 2^53-1"],
    ["short", "keys", 18, ""],
  ],
};
const PUBLIC_BUNDLE_SITES$WRITTEN: Sites = {
  format: "qkd_public_bundle",
  file: "qkd/bundles.ksy",
  sites: [
    ["argument", "", 10, "an object"],
    ["text", "id", 16, "utf-8"],
    ["count", "id", 16, "at least 0 bytes"],
    ["range", "level", 14, "0 to 255"],
    ["range", "level", 14, "one of 3, 4"],
    ["range", "id", 15, "len_id of 1 to 255"],
    ["range", "createdMs", 17, "0 to 2^53-1"],
    ["short", "keys", 18, ""],
  ],
};
const PUBLIC_BUNDLE_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_public_bundle",
  file: "qkd/bundles.ksy",
  sites: [
    ["range", "createdMs", 17, "0 to 18446744073709551615"],
  ],
};
export interface PublicBundle {
  /** The level that the keys are for. */
  level: number;
  /** Whose keys they are, for example an address. */
  id: string;
  /** Milliseconds since 1970 in UTC. */
  createdMs: number;
  keys: PublicKeys;
}
export const PUBLIC_BUNDLE_MIN_SIZE = 19;
function readPublicBundle(bytes: Uint8Array, at: number, end: number): PublicBundle | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(PUBLIC_BUNDLE_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takePublicBundle(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(PUBLIC_BUNDLE_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_public_bundle. */
export function decodePublicBundle(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PublicBundle {
  return readPublicBundle(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePublicBundle(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<PublicBundle> {
  const value = readPublicBundle(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodePublicBundle(value: PublicBundle): NewBytes {
  try {
    const bytes = new Uint8Array($sizePublicBundle(value));
    $putPublicBundle(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, PUBLIC_BUNDLE_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePublicBundleInto(value: PublicBundle, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizePublicBundle(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(PUBLIC_BUNDLE_SITES$WRITTEN, need, bytes, at);
    return $putPublicBundle(value, bytes, at);
  } catch (error) { throw foreign(error, PUBLIC_BUNDLE_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekPublicBundleLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(PUBLIC_BUNDLE_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 81) || (end > at + 3 && bytes[at + 3] !== 80)) return -1;
  if (end - at >= 5) {
    const $version = bytes[at + 4]!;
    if ($version !== 1) return -1;
  }
  if (end - at >= 6) {
    const $level = bytes[at + 5]!;
    if (($level < 3 || $level > 4)) return -1;
  }
  if (end - at >= 7) {
    const $lenId = bytes[at + 6]!;
    if ($lenId < 1) return -1;
  }
  next.depth = 0;
  const behind = $skipPublicBundle(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipPublicBundle(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 7) return -1;
  const $level = bytes[at + 5]!;
  if (($level < 3 || $level > 4)) return -2;
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return -2;
  const $id$count = $lenId;
  const $$p1 = at + 7 + $id$count;
  let $$p2 = $$p1 + 8;
  $$p2 = $skipPublicKeys(bytes, $level, $$p2, end);
  if ($$p2 < 0) return $$p2;
  return $$p2;
}
function $takePublicBundle(bytes: Uint8Array, at: number, end: number): PublicBundle | undefined {
  if (end - at < 15) return refuse(PUBLIC_BUNDLE_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 80)) !== 0)
    return refuse(PUBLIC_BUNDLE_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(PUBLIC_BUNDLE_SITES, 3 /* version: constant */, at + 4, $version);
  const $level = bytes[at + 5]!;
  if (($level < 3 || $level > 4)) return refuse(PUBLIC_BUNDLE_SITES, 4 /* level: range */, at + 5, $level);
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return refuse(PUBLIC_BUNDLE_SITES, 5 /* lenId: range */, at + 6, $lenId);
  const $id$count = $lenId;
  if ($id$count > end - at - 15)
    return refuse(PUBLIC_BUNDLE_SITES, 6 /* id: short */, end, `${end - at - 15} of ${$id$count} bytes`);
  const $$p1 = at + 7 + $id$count;
  const $id = textAt(bytes, at + 7, $$p1);
  if ($id === undefined) return refuse(PUBLIC_BUNDLE_SITES, 7 /* id: text */, at + 7);
  const $createdMs$high = uint32At(bytes, $$p1);
  if ($createdMs$high > 0x1fffff) return refuse(PUBLIC_BUNDLE_SITES, 8 /* createdMs: unsafe-integer */, $$p1);
  const $keys$v = $takePublicKeys(bytes, $level, $$p1 + 8, end);
  if ($keys$v === undefined) return within(PUBLIC_BUNDLE_SITES, 9 /* keys: short */);
  const $keys$e = next.at;
  const $keys$is = $keys$v;
  const $$p2 = $keys$e;
  next.at = $$p2;
  return {
    level: $level,
    id: $id,
    createdMs: $createdMs$high * 4294967296 + uint32At(bytes, $$p1 + 4),
    keys: $keys$is,
  };
}
function $putPublicBundle(value: PublicBundle, bytes: Uint8Array, at: number): number {
  requireObject(PUBLIC_BUNDLE_SITES$WRITTEN, 0 /* argument */, at, value);
  const $id = utf8Bytes(value.id);
  if ($id === undefined) fail(PUBLIC_BUNDLE_SITES$WRITTEN, 1 /* id: text */, at);
  const $id$count = $id.length;
  if ($id$count < 0) fail(PUBLIC_BUNDLE_SITES$WRITTEN, 2 /* id: count */, at, $id$count);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 80;
  const $version = 1;
  bytes[at + 4] = $version;
  const $level = value.level;
  if (typeof $level !== "number" || ($level & 255) !== $level)
    fail(PUBLIC_BUNDLE_SITES$WRITTEN, 3 /* level: range */, at + 5, $level);
  if (($level < 3 || $level > 4)) fail(PUBLIC_BUNDLE_SITES$WRITTEN, 4 /* level: range */, at + 5, $level);
  bytes[at + 5] = $level;
  const $lenId = $id$count;
  if ($lenId < 1 || $lenId > 255) fail(PUBLIC_BUNDLE_SITES$WRITTEN, 5 /* id: range */, at + 6, $lenId);
  bytes[at + 6] = $lenId;
  bytes.set($id, at + 7);
  const $$p1 = at + 7 + $id$count;
  const $createdMs = value.createdMs;
  if (!Number.isSafeInteger($createdMs) || $createdMs < 0)
    fail(PUBLIC_BUNDLE_SITES$WRITTEN, 6 /* createdMs: range */, $$p1, $createdMs);
  putSafe(bytes, $$p1, $createdMs);
  let $keys$e: number;
  try { $keys$e = $putPublicKeys(value.keys, value.level, bytes, $$p1 + 8);
  } catch (error) { throw inside(error, PUBLIC_BUNDLE_SITES$WRITTEN, 7 /* keys: short */); }
  const $$p2 = $keys$e;
  return $$p2;
}
function $sizePublicBundle(value: PublicBundle): number {
  requireObject(PUBLIC_BUNDLE_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 15;
  $$size += utf8Length(value.id);
  try { $$size += $sizePublicKeys(value.keys as PublicKeys, value.level);
  } catch (error) { throw inside(error, PUBLIC_BUNDLE_SITES$WRITTEN, 7 /* keys: short */); }
  return $$size;
}
/** 64-bit integers as bigint. */
export interface PublicBundleBig {
  /** The level that the keys are for. */
  level: number;
  /** Whose keys they are, for example an address. */
  id: string;
  /** Milliseconds since 1970 in UTC. */
  createdMs: bigint;
  keys: PublicKeys;
}
function readPublicBundleBig(bytes: Uint8Array, at: number, end: number): PublicBundleBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(PUBLIC_BUNDLE_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takePublicBundleBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(PUBLIC_BUNDLE_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_public_bundle. */
export function decodePublicBundleBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PublicBundleBig {
  return readPublicBundleBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePublicBundleBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<PublicBundleBig> {
  const value = readPublicBundleBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodePublicBundleBig(value: PublicBundleBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizePublicBundleBig(value));
    $putPublicBundleBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, PUBLIC_BUNDLE_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePublicBundleBigInto(value: PublicBundleBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizePublicBundleBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(PUBLIC_BUNDLE_SITES$WRITTEN, need, bytes, at);
    return $putPublicBundleBig(value, bytes, at);
  } catch (error) { throw foreign(error, PUBLIC_BUNDLE_SITES$WRITTEN); }
}
function $takePublicBundleBig(bytes: Uint8Array, at: number, end: number): PublicBundleBig | undefined {
  if (end - at < 15) return refuse(PUBLIC_BUNDLE_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 80)) !== 0)
    return refuse(PUBLIC_BUNDLE_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(PUBLIC_BUNDLE_SITES, 3 /* version: constant */, at + 4, $version);
  const $level = bytes[at + 5]!;
  if (($level < 3 || $level > 4)) return refuse(PUBLIC_BUNDLE_SITES, 4 /* level: range */, at + 5, $level);
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return refuse(PUBLIC_BUNDLE_SITES, 5 /* lenId: range */, at + 6, $lenId);
  const $id$count = $lenId;
  if ($id$count > end - at - 15)
    return refuse(PUBLIC_BUNDLE_SITES, 6 /* id: short */, end, `${end - at - 15} of ${$id$count} bytes`);
  const $$p1 = at + 7 + $id$count;
  const $id = textAt(bytes, at + 7, $$p1);
  if ($id === undefined) return refuse(PUBLIC_BUNDLE_SITES, 7 /* id: text */, at + 7);
  const $keys$v = $takePublicKeys(bytes, $level, $$p1 + 8, end);
  if ($keys$v === undefined) return within(PUBLIC_BUNDLE_SITES, 9 /* keys: short */);
  const $keys$e = next.at;
  const $keys$is = $keys$v;
  const $$p2 = $keys$e;
  next.at = $$p2;
  return {
    level: $level,
    id: $id,
    createdMs: bigUnsigned(bytes, $$p1),
    keys: $keys$is,
  };
}
function $putPublicBundleBig(value: PublicBundleBig, bytes: Uint8Array, at: number): number {
  requireObject(PUBLIC_BUNDLE_SITES$WRITTEN, 0 /* argument */, at, value);
  const $id = utf8Bytes(value.id);
  if ($id === undefined) fail(PUBLIC_BUNDLE_SITES$WRITTEN, 1 /* id: text */, at);
  const $id$count = $id.length;
  if ($id$count < 0) fail(PUBLIC_BUNDLE_SITES$WRITTEN, 2 /* id: count */, at, $id$count);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 80;
  const $version = 1;
  bytes[at + 4] = $version;
  const $level = value.level;
  if (typeof $level !== "number" || ($level & 255) !== $level)
    fail(PUBLIC_BUNDLE_SITES$WRITTEN, 3 /* level: range */, at + 5, $level);
  if (($level < 3 || $level > 4)) fail(PUBLIC_BUNDLE_SITES$WRITTEN, 4 /* level: range */, at + 5, $level);
  bytes[at + 5] = $level;
  const $lenId = $id$count;
  if ($lenId < 1 || $lenId > 255) fail(PUBLIC_BUNDLE_SITES$WRITTEN, 5 /* id: range */, at + 6, $lenId);
  bytes[at + 6] = $lenId;
  bytes.set($id, at + 7);
  const $$p1 = at + 7 + $id$count;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(PUBLIC_BUNDLE_SITES$WRITTEN$BIG, 0 /* createdMs: range */, $$p1, $createdMs);
  bigPut(bytes, $$p1, $createdMs);
  let $keys$e: number;
  try { $keys$e = $putPublicKeys(value.keys, value.level, bytes, $$p1 + 8);
  } catch (error) { throw inside(error, PUBLIC_BUNDLE_SITES$WRITTEN, 7 /* keys: short */); }
  const $$p2 = $keys$e;
  return $$p2;
}
function $sizePublicBundleBig(value: PublicBundleBig): number {
  requireObject(PUBLIC_BUNDLE_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 15;
  $$size += utf8Length(value.id);
  try { $$size += $sizePublicKeys(value.keys as PublicKeys, value.level);
  } catch (error) { throw inside(error, PUBLIC_BUNDLE_SITES$WRITTEN, 7 /* keys: short */); }
  return $$size;
}

const PUBLIC_KEYS_SITES: Sites = {
  format: "qkd_public_keys",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "pairs", 23, ""],
    ["kind", "pairs", 23, "a case of 3, 4"],
  ],
};
const PUBLIC_KEYS_SITES$WRITTEN: Sites = {
  format: "qkd_public_keys",
  file: "qkd/bundles.ksy",
  sites: [
    ["argument", "", 19, "an object"],
    ["short", "pairs", 23, ""],
    ["kind", "pairs", 23, "a case of the choice"],
  ],
};
export interface PublicKeys {
  pairs: PostQuantumPublic | RsaKeys;
}
function $skipPublicKeys(bytes: Uint8Array, level: number, at: number, end: number): number {
  let $$p1 = at;
  switch (level as number) {
    case 3: {
      $$p1 = $skipPostQuantumPublic(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    case 4: {
      $$p1 = $skipRsaKeys(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    default: return -2;
  }
  return $$p1;
}
function $takePublicKeys(bytes: Uint8Array, level: number, at: number, end: number): PublicKeys | undefined {
  const $pairs$tag = level as number;
  let $pairs$c: PostQuantumPublic | RsaKeys;
  let $pairs$ce: number;
  switch ($pairs$tag) {
    case 3: {
      const $pairs$0$v = $takePostQuantumPublic(bytes, at, end);
      if ($pairs$0$v === undefined) return within(PUBLIC_KEYS_SITES, 0 /* pairs: short */);
      const $pairs$0$e = next.at;
      $pairs$c = $pairs$0$v;
      $pairs$ce = $pairs$0$e;
      break;
    }
    case 4: {
      const $pairs$1$v = $takeRsaKeys(bytes, at, end);
      if ($pairs$1$v === undefined) return within(PUBLIC_KEYS_SITES, 0 /* pairs: short */);
      const $pairs$1$e = next.at;
      $pairs$c = $pairs$1$v;
      $pairs$ce = $pairs$1$e;
      break;
    }
    default: {
      return refuse(PUBLIC_KEYS_SITES, 1 /* pairs: kind */, at, $pairs$tag);
    }
  }
  const $pairs$is = $pairs$c;
  const $$p1 = $pairs$ce;
  next.at = $$p1;
  return {
    pairs: $pairs$is,
  };
}
function $putPublicKeys(value: PublicKeys, level: number, bytes: Uint8Array, at: number): number {
  requireObject(PUBLIC_KEYS_SITES$WRITTEN, 0 /* argument */, at, value);
  let $pairs$ce: number;
  const $pairs$tag = level as number;
  switch ($pairs$tag) {
    case 3: {
      let $pairs$0$e: number;
      try { $pairs$0$e = $putPostQuantumPublic((value.pairs as PostQuantumPublic), bytes, at);
      } catch (error) { throw inside(error, PUBLIC_KEYS_SITES$WRITTEN, 1 /* pairs: short */); }
      $pairs$ce = $pairs$0$e;
      break;
    }
    case 4: {
      let $pairs$1$e: number;
      try { $pairs$1$e = $putRsaKeys((value.pairs as RsaKeys), bytes, at);
      } catch (error) { throw inside(error, PUBLIC_KEYS_SITES$WRITTEN, 1 /* pairs: short */); }
      $pairs$ce = $pairs$1$e;
      break;
    }
    default: fail(PUBLIC_KEYS_SITES$WRITTEN, 2 /* pairs: kind */, at, $pairs$tag);
  }
  const $$p1 = $pairs$ce;
  return $$p1;
}
function $sizePublicKeys(value: PublicKeys, level: number): number {
  requireObject(PUBLIC_KEYS_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 0;
  switch (level as number) {
    case 3:
    try { $$size += $sizePostQuantumPublic(value.pairs as PostQuantumPublic);
    } catch (error) { throw inside(error, PUBLIC_KEYS_SITES$WRITTEN, 1 /* pairs: short */); }
    break;
    case 4:
    try { $$size += $sizeRsaKeys(value.pairs as RsaKeys);
    } catch (error) { throw inside(error, PUBLIC_KEYS_SITES$WRITTEN, 1 /* pairs: short */); }
    break;
  }
  return $$size;
}

const SECRET_BUNDLE_SITES: Sites = {
  format: "qkd_secret_bundle",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 29, "at least 19 bytes"],
    ["trailing", "", 29, ""],
    ["constant", "magic", 31, "53 57 51 53"],
    ["constant", "version", 32, "1"],
    ["range", "level", 33, "one of 3, 4"],
    ["range", "lenId", 34, "1 to 255"],
    ["short", "id", 35, ""],
    ["text", "id", 35, "utf-8"],
    ["unsafe-integer", "createdMs", 36, "at most 2^53-1"],
    ["short", "keys", 37, ""],
  ],
};
const SECRET_BUNDLE_SITES$WRITTEN: Sites = {
  format: "qkd_secret_bundle",
  file: "qkd/bundles.ksy",
  sites: [
    ["argument", "", 29, "an object"],
    ["text", "id", 35, "utf-8"],
    ["count", "id", 35, "at least 0 bytes"],
    ["range", "level", 33, "0 to 255"],
    ["range", "level", 33, "one of 3, 4"],
    ["range", "id", 34, "len_id of 1 to 255"],
    ["range", "createdMs", 36, "0 to 2^53-1"],
    ["short", "keys", 37, ""],
  ],
};
const SECRET_BUNDLE_SITES$WRITTEN$BIG: Sites = {
  format: "qkd_secret_bundle",
  file: "qkd/bundles.ksy",
  sites: [
    ["range", "createdMs", 36, "0 to 18446744073709551615"],
  ],
};
export interface SecretBundle {
  /** The level that the keys are for. */
  level: number;
  id: string;
  /** Milliseconds since 1970 in UTC. */
  createdMs: number;
  keys: SecretKeys;
}
export const SECRET_BUNDLE_MIN_SIZE = 19;
function readSecretBundle(bytes: Uint8Array, at: number, end: number): SecretBundle | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(SECRET_BUNDLE_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeSecretBundle(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(SECRET_BUNDLE_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_secret_bundle. */
export function decodeSecretBundle(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SecretBundle {
  return readSecretBundle(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSecretBundle(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<SecretBundle> {
  const value = readSecretBundle(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSecretBundle(value: SecretBundle): NewBytes {
  try {
    const bytes = new Uint8Array($sizeSecretBundle(value));
    $putSecretBundle(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, SECRET_BUNDLE_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSecretBundleInto(value: SecretBundle, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeSecretBundle(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SECRET_BUNDLE_SITES$WRITTEN, need, bytes, at);
    return $putSecretBundle(value, bytes, at);
  } catch (error) { throw foreign(error, SECRET_BUNDLE_SITES$WRITTEN); }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSecretBundleLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SECRET_BUNDLE_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 81) || (end > at + 3 && bytes[at + 3] !== 83)) return -1;
  if (end - at >= 5) {
    const $version = bytes[at + 4]!;
    if ($version !== 1) return -1;
  }
  if (end - at >= 6) {
    const $level = bytes[at + 5]!;
    if (($level < 3 || $level > 4)) return -1;
  }
  if (end - at >= 7) {
    const $lenId = bytes[at + 6]!;
    if ($lenId < 1) return -1;
  }
  next.depth = 0;
  const behind = $skipSecretBundle(bytes, at, end);
  return behind >= 0 ? behind - at : behind + 1;
}
function $skipSecretBundle(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 7) return -1;
  const $level = bytes[at + 5]!;
  if (($level < 3 || $level > 4)) return -2;
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return -2;
  const $id$count = $lenId;
  const $$p1 = at + 7 + $id$count;
  let $$p2 = $$p1 + 8;
  $$p2 = $skipSecretKeys(bytes, $level, $$p2, end);
  if ($$p2 < 0) return $$p2;
  return $$p2;
}
function $takeSecretBundle(bytes: Uint8Array, at: number, end: number): SecretBundle | undefined {
  if (end - at < 15) return refuse(SECRET_BUNDLE_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 83)) !== 0)
    return refuse(SECRET_BUNDLE_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(SECRET_BUNDLE_SITES, 3 /* version: constant */, at + 4, $version);
  const $level = bytes[at + 5]!;
  if (($level < 3 || $level > 4)) return refuse(SECRET_BUNDLE_SITES, 4 /* level: range */, at + 5, $level);
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return refuse(SECRET_BUNDLE_SITES, 5 /* lenId: range */, at + 6, $lenId);
  const $id$count = $lenId;
  if ($id$count > end - at - 15)
    return refuse(SECRET_BUNDLE_SITES, 6 /* id: short */, end, `${end - at - 15} of ${$id$count} bytes`);
  const $$p1 = at + 7 + $id$count;
  const $id = textAt(bytes, at + 7, $$p1);
  if ($id === undefined) return refuse(SECRET_BUNDLE_SITES, 7 /* id: text */, at + 7);
  const $createdMs$high = uint32At(bytes, $$p1);
  if ($createdMs$high > 0x1fffff) return refuse(SECRET_BUNDLE_SITES, 8 /* createdMs: unsafe-integer */, $$p1);
  const $keys$v = $takeSecretKeys(bytes, $level, $$p1 + 8, end);
  if ($keys$v === undefined) return within(SECRET_BUNDLE_SITES, 9 /* keys: short */);
  const $keys$e = next.at;
  const $keys$is = $keys$v;
  const $$p2 = $keys$e;
  next.at = $$p2;
  return {
    level: $level,
    id: $id,
    createdMs: $createdMs$high * 4294967296 + uint32At(bytes, $$p1 + 4),
    keys: $keys$is,
  };
}
function $putSecretBundle(value: SecretBundle, bytes: Uint8Array, at: number): number {
  requireObject(SECRET_BUNDLE_SITES$WRITTEN, 0 /* argument */, at, value);
  const $id = utf8Bytes(value.id);
  if ($id === undefined) fail(SECRET_BUNDLE_SITES$WRITTEN, 1 /* id: text */, at);
  const $id$count = $id.length;
  if ($id$count < 0) fail(SECRET_BUNDLE_SITES$WRITTEN, 2 /* id: count */, at, $id$count);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 83;
  const $version = 1;
  bytes[at + 4] = $version;
  const $level = value.level;
  if (typeof $level !== "number" || ($level & 255) !== $level)
    fail(SECRET_BUNDLE_SITES$WRITTEN, 3 /* level: range */, at + 5, $level);
  if (($level < 3 || $level > 4)) fail(SECRET_BUNDLE_SITES$WRITTEN, 4 /* level: range */, at + 5, $level);
  bytes[at + 5] = $level;
  const $lenId = $id$count;
  if ($lenId < 1 || $lenId > 255) fail(SECRET_BUNDLE_SITES$WRITTEN, 5 /* id: range */, at + 6, $lenId);
  bytes[at + 6] = $lenId;
  bytes.set($id, at + 7);
  const $$p1 = at + 7 + $id$count;
  const $createdMs = value.createdMs;
  if (!Number.isSafeInteger($createdMs) || $createdMs < 0)
    fail(SECRET_BUNDLE_SITES$WRITTEN, 6 /* createdMs: range */, $$p1, $createdMs);
  putSafe(bytes, $$p1, $createdMs);
  let $keys$e: number;
  try { $keys$e = $putSecretKeys(value.keys, value.level, bytes, $$p1 + 8);
  } catch (error) { throw inside(error, SECRET_BUNDLE_SITES$WRITTEN, 7 /* keys: short */); }
  const $$p2 = $keys$e;
  return $$p2;
}
function $sizeSecretBundle(value: SecretBundle): number {
  requireObject(SECRET_BUNDLE_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 15;
  $$size += utf8Length(value.id);
  try { $$size += $sizeSecretKeys(value.keys as SecretKeys, value.level);
  } catch (error) { throw inside(error, SECRET_BUNDLE_SITES$WRITTEN, 7 /* keys: short */); }
  return $$size;
}
/** 64-bit integers as bigint. */
export interface SecretBundleBig {
  /** The level that the keys are for. */
  level: number;
  id: string;
  /** Milliseconds since 1970 in UTC. */
  createdMs: bigint;
  keys: SecretKeys;
}
function readSecretBundleBig(bytes: Uint8Array, at: number, end: number): SecretBundleBig | undefined {
  if (at > end || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(SECRET_BUNDLE_SITES, 0 /* short */, 0, bytes, at, end);
  enter(bytes);
  const value = $takeSecretBundleBig(bytes, at, end);
  leave();
  if (value === undefined || next.at === end) return value;
  return refuse(SECRET_BUNDLE_SITES, 1 /* trailing */, next.at, `${end - next.at} bytes`);
}
/** @throws WireError when the bytes are no qkd_secret_bundle. */
export function decodeSecretBundleBig(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SecretBundleBig {
  return readSecretBundleBig(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSecretBundleBig(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SecretBundleBig> {
  const value = readSecretBundleBig(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** @throws WireError when the value does not fit the format. */
export function encodeSecretBundleBig(value: SecretBundleBig): NewBytes {
  try {
    const bytes = new Uint8Array($sizeSecretBundleBig(value));
    $putSecretBundleBig(value, bytes, 0);
    return bytes;
  } catch (error) { throw foreign(error, SECRET_BUNDLE_SITES$WRITTEN); }
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSecretBundleBigInto(value: SecretBundleBig, bytes: Uint8Array, at = 0): number {
  try {
    const need = $sizeSecretBundleBig(value);
    if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SECRET_BUNDLE_SITES$WRITTEN, need, bytes, at);
    return $putSecretBundleBig(value, bytes, at);
  } catch (error) { throw foreign(error, SECRET_BUNDLE_SITES$WRITTEN); }
}
function $takeSecretBundleBig(bytes: Uint8Array, at: number, end: number): SecretBundleBig | undefined {
  if (end - at < 15) return refuse(SECRET_BUNDLE_SITES, 0 /* short */, at, `${end - at} bytes`);
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 83)) !== 0)
    return refuse(SECRET_BUNDLE_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(SECRET_BUNDLE_SITES, 3 /* version: constant */, at + 4, $version);
  const $level = bytes[at + 5]!;
  if (($level < 3 || $level > 4)) return refuse(SECRET_BUNDLE_SITES, 4 /* level: range */, at + 5, $level);
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return refuse(SECRET_BUNDLE_SITES, 5 /* lenId: range */, at + 6, $lenId);
  const $id$count = $lenId;
  if ($id$count > end - at - 15)
    return refuse(SECRET_BUNDLE_SITES, 6 /* id: short */, end, `${end - at - 15} of ${$id$count} bytes`);
  const $$p1 = at + 7 + $id$count;
  const $id = textAt(bytes, at + 7, $$p1);
  if ($id === undefined) return refuse(SECRET_BUNDLE_SITES, 7 /* id: text */, at + 7);
  const $keys$v = $takeSecretKeys(bytes, $level, $$p1 + 8, end);
  if ($keys$v === undefined) return within(SECRET_BUNDLE_SITES, 9 /* keys: short */);
  const $keys$e = next.at;
  const $keys$is = $keys$v;
  const $$p2 = $keys$e;
  next.at = $$p2;
  return {
    level: $level,
    id: $id,
    createdMs: bigUnsigned(bytes, $$p1),
    keys: $keys$is,
  };
}
function $putSecretBundleBig(value: SecretBundleBig, bytes: Uint8Array, at: number): number {
  requireObject(SECRET_BUNDLE_SITES$WRITTEN, 0 /* argument */, at, value);
  const $id = utf8Bytes(value.id);
  if ($id === undefined) fail(SECRET_BUNDLE_SITES$WRITTEN, 1 /* id: text */, at);
  const $id$count = $id.length;
  if ($id$count < 0) fail(SECRET_BUNDLE_SITES$WRITTEN, 2 /* id: count */, at, $id$count);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 83;
  const $version = 1;
  bytes[at + 4] = $version;
  const $level = value.level;
  if (typeof $level !== "number" || ($level & 255) !== $level)
    fail(SECRET_BUNDLE_SITES$WRITTEN, 3 /* level: range */, at + 5, $level);
  if (($level < 3 || $level > 4)) fail(SECRET_BUNDLE_SITES$WRITTEN, 4 /* level: range */, at + 5, $level);
  bytes[at + 5] = $level;
  const $lenId = $id$count;
  if ($lenId < 1 || $lenId > 255) fail(SECRET_BUNDLE_SITES$WRITTEN, 5 /* id: range */, at + 6, $lenId);
  bytes[at + 6] = $lenId;
  bytes.set($id, at + 7);
  const $$p1 = at + 7 + $id$count;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(SECRET_BUNDLE_SITES$WRITTEN$BIG, 0 /* createdMs: range */, $$p1, $createdMs);
  bigPut(bytes, $$p1, $createdMs);
  let $keys$e: number;
  try { $keys$e = $putSecretKeys(value.keys, value.level, bytes, $$p1 + 8);
  } catch (error) { throw inside(error, SECRET_BUNDLE_SITES$WRITTEN, 7 /* keys: short */); }
  const $$p2 = $keys$e;
  return $$p2;
}
function $sizeSecretBundleBig(value: SecretBundleBig): number {
  requireObject(SECRET_BUNDLE_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 15;
  $$size += utf8Length(value.id);
  try { $$size += $sizeSecretKeys(value.keys as SecretKeys, value.level);
  } catch (error) { throw inside(error, SECRET_BUNDLE_SITES$WRITTEN, 7 /* keys: short */); }
  return $$size;
}

const SECRET_KEYS_SITES: Sites = {
  format: "qkd_secret_keys",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "pairs", 42, ""],
    ["kind", "pairs", 42, "a case of 3, 4"],
  ],
};
const SECRET_KEYS_SITES$WRITTEN: Sites = {
  format: "qkd_secret_keys",
  file: "qkd/bundles.ksy",
  sites: [
    ["argument", "", 38, "an object"],
    ["short", "pairs", 42, ""],
    ["kind", "pairs", 42, "a case of the choice"],
  ],
};
export interface SecretKeys {
  pairs: PostQuantumSecret | RsaSecret;
}
function $skipSecretKeys(bytes: Uint8Array, level: number, at: number, end: number): number {
  let $$p1 = at;
  switch (level as number) {
    case 3: {
      $$p1 = $skipPostQuantumSecret(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    case 4: {
      $$p1 = $skipRsaSecret(bytes, $$p1, end);
      if ($$p1 < 0) return $$p1;
      break;
    }
    default: return -2;
  }
  return $$p1;
}
function $takeSecretKeys(bytes: Uint8Array, level: number, at: number, end: number): SecretKeys | undefined {
  const $pairs$tag = level as number;
  let $pairs$c: PostQuantumSecret | RsaSecret;
  let $pairs$ce: number;
  switch ($pairs$tag) {
    case 3: {
      const $pairs$0$v = $takePostQuantumSecret(bytes, at, end);
      if ($pairs$0$v === undefined) return within(SECRET_KEYS_SITES, 0 /* pairs: short */);
      const $pairs$0$e = next.at;
      $pairs$c = $pairs$0$v;
      $pairs$ce = $pairs$0$e;
      break;
    }
    case 4: {
      const $pairs$1$v = $takeRsaSecret(bytes, at, end);
      if ($pairs$1$v === undefined) return within(SECRET_KEYS_SITES, 0 /* pairs: short */);
      const $pairs$1$e = next.at;
      $pairs$c = $pairs$1$v;
      $pairs$ce = $pairs$1$e;
      break;
    }
    default: {
      return refuse(SECRET_KEYS_SITES, 1 /* pairs: kind */, at, $pairs$tag);
    }
  }
  const $pairs$is = $pairs$c;
  const $$p1 = $pairs$ce;
  next.at = $$p1;
  return {
    pairs: $pairs$is,
  };
}
function $putSecretKeys(value: SecretKeys, level: number, bytes: Uint8Array, at: number): number {
  requireObject(SECRET_KEYS_SITES$WRITTEN, 0 /* argument */, at, value);
  let $pairs$ce: number;
  const $pairs$tag = level as number;
  switch ($pairs$tag) {
    case 3: {
      let $pairs$0$e: number;
      try { $pairs$0$e = $putPostQuantumSecret((value.pairs as PostQuantumSecret), bytes, at);
      } catch (error) { throw inside(error, SECRET_KEYS_SITES$WRITTEN, 1 /* pairs: short */); }
      $pairs$ce = $pairs$0$e;
      break;
    }
    case 4: {
      let $pairs$1$e: number;
      try { $pairs$1$e = $putRsaSecret((value.pairs as RsaSecret), bytes, at);
      } catch (error) { throw inside(error, SECRET_KEYS_SITES$WRITTEN, 1 /* pairs: short */); }
      $pairs$ce = $pairs$1$e;
      break;
    }
    default: fail(SECRET_KEYS_SITES$WRITTEN, 2 /* pairs: kind */, at, $pairs$tag);
  }
  const $$p1 = $pairs$ce;
  return $$p1;
}
function $sizeSecretKeys(value: SecretKeys, level: number): number {
  requireObject(SECRET_KEYS_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 0;
  switch (level as number) {
    case 3:
    try { $$size += $sizePostQuantumSecret(value.pairs as PostQuantumSecret);
    } catch (error) { throw inside(error, SECRET_KEYS_SITES$WRITTEN, 1 /* pairs: short */); }
    break;
    case 4:
    try { $$size += $sizeRsaSecret(value.pairs as RsaSecret);
    } catch (error) { throw inside(error, SECRET_KEYS_SITES$WRITTEN, 1 /* pairs: short */); }
    break;
  }
  return $$size;
}

const POST_QUANTUM_PUBLIC_SITES: Sites = {
  format: "qkd_post_quantum_public",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 48, "4160 bytes"],
  ],
};
const POST_QUANTUM_PUBLIC_SITES$WRITTEN: Sites = {
  format: "qkd_post_quantum_public",
  file: "qkd/bundles.ksy",
  sites: [
    ["argument", "", 48, "an object"],
    ["length", "kemKey", 52, "1568 bytes"],
    ["length", "signatureKey", 53, "2592 bytes"],
  ],
};
/** Source: FIPS 203 and FIPS 204. */
export interface PostQuantumPublic {
  kind: "post_quantum";
  /** ML-KEM-1024 encapsulation key. */
  kemKey: Uint8Array;
  /** ML-DSA-87 public key. */
  signatureKey: Uint8Array;
}
function $skipPostQuantumPublic(_bytes: Uint8Array, at: number, _end: number): number {
  return at + 4160;
}
function $takePostQuantumPublic(_bytes: Uint8Array, at: number, end: number): PostQuantumPublic | undefined {
  if (end - at < 4160) return refuse(POST_QUANTUM_PUBLIC_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 4160;
  return {
    kind: "post_quantum",
    kemKey: new Uint8Array(next.buffer, next.base + at, 1568),
    signatureKey: new Uint8Array(next.buffer, next.base + at + 1568, 2592),
  };
}
function $putPostQuantumPublic(value: PostQuantumPublic, bytes: Uint8Array, at: number): number {
  requireObject(POST_QUANTUM_PUBLIC_SITES$WRITTEN, 0 /* argument */, at, value);
  const $kemKey = value.kemKey;
  if (lengthOf($kemKey) !== 1568) failBytes(POST_QUANTUM_PUBLIC_SITES$WRITTEN, 1 /* kemKey: length */, at, $kemKey);
  bytes.set($kemKey, at);
  const $signatureKey = value.signatureKey;
  if (lengthOf($signatureKey) !== 2592)
    failBytes(POST_QUANTUM_PUBLIC_SITES$WRITTEN, 2 /* signatureKey: length */, at + 1568, $signatureKey);
  bytes.set($signatureKey, at + 1568);
  return at + 4160;
}
function $sizePostQuantumPublic(_value: PostQuantumPublic): number { return 4160; }

const POST_QUANTUM_SECRET_SITES: Sites = {
  format: "qkd_post_quantum_secret",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 54, "96 bytes"],
  ],
};
const POST_QUANTUM_SECRET_SITES$WRITTEN: Sites = {
  format: "qkd_post_quantum_secret",
  file: "qkd/bundles.ksy",
  sites: [
    ["argument", "", 54, "an object"],
    ["length", "kemSeed", 58, "64 bytes"],
    ["length", "signatureSeed", 59, "32 bytes"],
  ],
};
/** Source: FIPS 203 and FIPS 204. */
export interface PostQuantumSecret {
  kind: "post_quantum";
  /** d and z of ML-KEM-1024. */
  kemSeed: Uint8Array;
  /** ξ of ML-DSA-87. */
  signatureSeed: Uint8Array;
}
function $skipPostQuantumSecret(_bytes: Uint8Array, at: number, _end: number): number {
  return at + 96;
}
function $takePostQuantumSecret(_bytes: Uint8Array, at: number, end: number): PostQuantumSecret | undefined {
  if (end - at < 96) return refuse(POST_QUANTUM_SECRET_SITES, 0 /* short */, at, `${end - at} bytes`);
  next.at = at + 96;
  return {
    kind: "post_quantum",
    kemSeed: new Uint8Array(next.buffer, next.base + at, 64),
    signatureSeed: new Uint8Array(next.buffer, next.base + at + 64, 32),
  };
}
function $putPostQuantumSecret(value: PostQuantumSecret, bytes: Uint8Array, at: number): number {
  requireObject(POST_QUANTUM_SECRET_SITES$WRITTEN, 0 /* argument */, at, value);
  const $kemSeed = value.kemSeed;
  if (lengthOf($kemSeed) !== 64) failBytes(POST_QUANTUM_SECRET_SITES$WRITTEN, 1 /* kemSeed: length */, at, $kemSeed);
  bytes.set($kemSeed, at);
  const $signatureSeed = value.signatureSeed;
  if (lengthOf($signatureSeed) !== 32)
    failBytes(POST_QUANTUM_SECRET_SITES$WRITTEN, 2 /* signatureSeed: length */, at + 64, $signatureSeed);
  bytes.set($signatureSeed, at + 64);
  return at + 96;
}
function $sizePostQuantumSecret(_value: PostQuantumSecret): number { return 96; }

const RSA_KEYS_SITES: Sites = {
  format: "qkd_rsa_keys",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 60, "at least 4 bytes"],
    ["short", "encryptionKey", 65, ""],
    ["short", "signatureKey", 67, ""],
  ],
};
const RSA_KEYS_SITES$WRITTEN: Sites = {
  format: "qkd_rsa_keys",
  file: "qkd/bundles.ksy",
  sites: [
    ["argument", "", 60, "an object"],
    ["count", "encryptionKey", 65, "at least 0 bytes"],
    ["count", "signatureKey", 67, "at least 0 bytes"],
    ["range", "encryptionKey", 64, "len_encryption_key of 0 to 65535"],
    ["range", "signatureKey", 66, "len_signature_key of 0 to 65535"],
  ],
};
/** Source: RFC 5280. */
export interface RsaKeys {
  kind: "rsa";
  /** SPKI DER of an RSA-4096 key for RSA-OAEP. */
  encryptionKey: Uint8Array;
  /** SPKI DER of another one for RSA-PSS. */
  signatureKey: Uint8Array;
}
function $skipRsaKeys(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 2) return -1;
  const $lenEncryptionKey = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $encryptionKey$count = $lenEncryptionKey;
  const $$p1 = at + 2 + $encryptionKey$count;
  if (end - $$p1 < 2) return -1;
  const $lenSignatureKey = ((bytes[$$p1]! << 8) | bytes[$$p1 + 1]!);
  const $signatureKey$count = $lenSignatureKey;
  const $$p2 = $$p1 + 2 + $signatureKey$count;
  return $$p2;
}
function $takeRsaKeys(bytes: Uint8Array, at: number, end: number): RsaKeys | undefined {
  if (end - at < 4) return refuse(RSA_KEYS_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $lenEncryptionKey = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $encryptionKey$count = $lenEncryptionKey;
  if ($encryptionKey$count > end - at - 4)
    return refuse(RSA_KEYS_SITES, 1 /* encryptionKey: short */, end,
      `${end - at - 4} of ${$encryptionKey$count} bytes`);
  const $$p1 = at + 2 + $encryptionKey$count;
  const $lenSignatureKey = ((bytes[$$p1]! << 8) | bytes[$$p1 + 1]!);
  const $signatureKey$count = $lenSignatureKey;
  if ($signatureKey$count > end - $$p1 - 2)
    return refuse(RSA_KEYS_SITES, 2 /* signatureKey: short */, end,
      `${end - $$p1 - 2} of ${$signatureKey$count} bytes`);
  const $$p2 = $$p1 + 2 + $signatureKey$count;
  next.at = $$p2;
  return {
    kind: "rsa",
    encryptionKey: new Uint8Array(next.buffer, next.base + at + 2, $encryptionKey$count),
    signatureKey: new Uint8Array(next.buffer, next.base + $$p1 + 2, $signatureKey$count),
  };
}
function $putRsaKeys(value: RsaKeys, bytes: Uint8Array, at: number): number {
  requireObject(RSA_KEYS_SITES$WRITTEN, 0 /* argument */, at, value);
  const $encryptionKey = value.encryptionKey, $encryptionKey$count = lengthOf($encryptionKey);
  if ($encryptionKey$count < 0) failBytes(RSA_KEYS_SITES$WRITTEN, 1 /* encryptionKey: count */, at, $encryptionKey);
  const $signatureKey = value.signatureKey, $signatureKey$count = lengthOf($signatureKey);
  if ($signatureKey$count < 0) failBytes(RSA_KEYS_SITES$WRITTEN, 2 /* signatureKey: count */, at, $signatureKey);
  const $lenEncryptionKey = $encryptionKey$count;
  if ($lenEncryptionKey > 65535) fail(RSA_KEYS_SITES$WRITTEN, 3 /* encryptionKey: range */, at, $lenEncryptionKey);
  bytes[at] = $lenEncryptionKey >>> 8; bytes[at + 1] = $lenEncryptionKey;
  bytes.set($encryptionKey, at + 2);
  const $$p1 = at + 2 + $encryptionKey$count;
  const $lenSignatureKey = $signatureKey$count;
  if ($lenSignatureKey > 65535) fail(RSA_KEYS_SITES$WRITTEN, 4 /* signatureKey: range */, $$p1, $lenSignatureKey);
  bytes[$$p1] = $lenSignatureKey >>> 8; bytes[$$p1 + 1] = $lenSignatureKey;
  bytes.set($signatureKey, $$p1 + 2);
  const $$p2 = $$p1 + 2 + $signatureKey$count;
  return $$p2;
}
function $sizeRsaKeys(value: RsaKeys): number {
  requireObject(RSA_KEYS_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 4;
  $$size += bytesLength(value.encryptionKey);
  $$size += bytesLength(value.signatureKey);
  return $$size;
}

const RSA_SECRET_SITES: Sites = {
  format: "qkd_rsa_secret",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 68, "at least 4 bytes"],
    ["short", "encryptionKey", 73, ""],
    ["short", "signatureKey", 75, ""],
  ],
};
const RSA_SECRET_SITES$WRITTEN: Sites = {
  format: "qkd_rsa_secret",
  file: "qkd/bundles.ksy",
  sites: [
    ["argument", "", 68, "an object"],
    ["count", "encryptionKey", 73, "at least 0 bytes"],
    ["count", "signatureKey", 75, "at least 0 bytes"],
    ["range", "encryptionKey", 72, "len_encryption_key of 0 to 65535"],
    ["range", "signatureKey", 74, "len_signature_key of 0 to 65535"],
  ],
};
/** Source: RFC 5208. */
export interface RsaSecret {
  kind: "rsa";
  /** PKCS 8 DER. */
  encryptionKey: Uint8Array;
  /** PKCS 8 DER. */
  signatureKey: Uint8Array;
}
function $skipRsaSecret(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 2) return -1;
  const $lenEncryptionKey = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $encryptionKey$count = $lenEncryptionKey;
  const $$p1 = at + 2 + $encryptionKey$count;
  if (end - $$p1 < 2) return -1;
  const $lenSignatureKey = ((bytes[$$p1]! << 8) | bytes[$$p1 + 1]!);
  const $signatureKey$count = $lenSignatureKey;
  const $$p2 = $$p1 + 2 + $signatureKey$count;
  return $$p2;
}
function $takeRsaSecret(bytes: Uint8Array, at: number, end: number): RsaSecret | undefined {
  if (end - at < 4) return refuse(RSA_SECRET_SITES, 0 /* short */, at, `${end - at} bytes`);
  const $lenEncryptionKey = ((bytes[at]! << 8) | bytes[at + 1]!);
  const $encryptionKey$count = $lenEncryptionKey;
  if ($encryptionKey$count > end - at - 4)
    return refuse(RSA_SECRET_SITES, 1 /* encryptionKey: short */, end,
      `${end - at - 4} of ${$encryptionKey$count} bytes`);
  const $$p1 = at + 2 + $encryptionKey$count;
  const $lenSignatureKey = ((bytes[$$p1]! << 8) | bytes[$$p1 + 1]!);
  const $signatureKey$count = $lenSignatureKey;
  if ($signatureKey$count > end - $$p1 - 2)
    return refuse(RSA_SECRET_SITES, 2 /* signatureKey: short */, end,
      `${end - $$p1 - 2} of ${$signatureKey$count} bytes`);
  const $$p2 = $$p1 + 2 + $signatureKey$count;
  next.at = $$p2;
  return {
    kind: "rsa",
    encryptionKey: new Uint8Array(next.buffer, next.base + at + 2, $encryptionKey$count),
    signatureKey: new Uint8Array(next.buffer, next.base + $$p1 + 2, $signatureKey$count),
  };
}
function $putRsaSecret(value: RsaSecret, bytes: Uint8Array, at: number): number {
  requireObject(RSA_SECRET_SITES$WRITTEN, 0 /* argument */, at, value);
  const $encryptionKey = value.encryptionKey, $encryptionKey$count = lengthOf($encryptionKey);
  if ($encryptionKey$count < 0) failBytes(RSA_SECRET_SITES$WRITTEN, 1 /* encryptionKey: count */, at, $encryptionKey);
  const $signatureKey = value.signatureKey, $signatureKey$count = lengthOf($signatureKey);
  if ($signatureKey$count < 0) failBytes(RSA_SECRET_SITES$WRITTEN, 2 /* signatureKey: count */, at, $signatureKey);
  const $lenEncryptionKey = $encryptionKey$count;
  if ($lenEncryptionKey > 65535) fail(RSA_SECRET_SITES$WRITTEN, 3 /* encryptionKey: range */, at, $lenEncryptionKey);
  bytes[at] = $lenEncryptionKey >>> 8; bytes[at + 1] = $lenEncryptionKey;
  bytes.set($encryptionKey, at + 2);
  const $$p1 = at + 2 + $encryptionKey$count;
  const $lenSignatureKey = $signatureKey$count;
  if ($lenSignatureKey > 65535) fail(RSA_SECRET_SITES$WRITTEN, 4 /* signatureKey: range */, $$p1, $lenSignatureKey);
  bytes[$$p1] = $lenSignatureKey >>> 8; bytes[$$p1 + 1] = $lenSignatureKey;
  bytes.set($signatureKey, $$p1 + 2);
  const $$p2 = $$p1 + 2 + $signatureKey$count;
  return $$p2;
}
function $sizeRsaSecret(value: RsaSecret): number {
  requireObject(RSA_SECRET_SITES$WRITTEN, 0 /* argument */, 0, value);
  let $$size = 4;
  $$size += bytesLength(value.encryptionKey);
  $$size += bytesLength(value.signatureKey);
  return $$size;
}

