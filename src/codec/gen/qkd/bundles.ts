// Generated from qkd/bundles.ksy by `specwire gen`; do not edit. spec sha256 157553618462ff18631f6f4cd7156e2fdfa471e77510f9097d3983b4c6febe06
/**
 * The keys of a member for the levels 3 and 4. A public bundle is what others need to seal to a member and to check its
 * signatures; a secret one is what only the member itself has. In files they stand as base64 between lines that say
 * which of the two it is.
 */
import { type NewBytes, type Result, type Sites, fail, failBytes, failRange, failSpace, failure, lengthOf, raise,
    readUtf8, refuse, refuseRange, utf8Bytes } from "../../index.js";

const PUBLIC_BUNDLE_POST_QUANTUM_SITES: Sites = {
  format: "qkd_public_bundle_post_quantum",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 38, "at least 4175 bytes"],
    ["trailing", "", 38, ""],
    ["constant", "magic", 12, "53 57 51 50"],
    ["constant", "version", 13, "1"],
    ["range", "kindOfKeys", 14, "one of 3, 4"],
    ["kind", "kindOfKeys", 14, "one of 3"],
    ["range", "lenId", 15, "1 to 255"],
    ["short", "id", 16, ""],
    ["text", "id", 16, "utf-8"],
    ["count", "id", 16, "at least 0 bytes"],
    ["argument", "", 38, "an object"],
    ["range", "kindOfKeys", 14, "0 to 255"],
    ["range", "id", 15, "len_id of 1 to 255"],
    ["range", "createdMs", 17, "0 to 18446744073709551615"],
    ["length", "kemKey", 42, "1568 bytes"],
    ["length", "signatureKey", 43, "2592 bytes"],
  ],
};
const PUBLIC_BUNDLE_RSA_SITES: Sites = {
  format: "qkd_public_bundle_rsa",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 50, "at least 19 bytes"],
    ["trailing", "", 50, ""],
    ["constant", "magic", 12, "53 57 51 50"],
    ["constant", "version", 13, "1"],
    ["range", "kindOfKeys", 14, "one of 3, 4"],
    ["kind", "kindOfKeys", 14, "one of 4"],
    ["range", "lenId", 15, "1 to 255"],
    ["short", "id", 16, ""],
    ["text", "id", 16, "utf-8"],
    ["short", "encryptionKey", 55, ""],
    ["short", "signatureKey", 57, ""],
    ["count", "id", 16, "at least 0 bytes"],
    ["count", "encryptionKey", 55, "at least 0 bytes"],
    ["count", "signatureKey", 57, "at least 0 bytes"],
    ["argument", "", 50, "an object"],
    ["range", "kindOfKeys", 14, "0 to 255"],
    ["range", "id", 15, "len_id of 1 to 255"],
    ["range", "createdMs", 17, "0 to 18446744073709551615"],
    ["range", "encryptionKey", 54, "len_encryption_key of 0 to 65535"],
    ["range", "signatureKey", 56, "len_signature_key of 0 to 65535"],
  ],
};
const PUBLIC_BUNDLE_SITES: Sites = {
  format: "qkd_public_bundle",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "kindOfKeys", 14, "at least 6 bytes"],
    ["trailing", "", 10, ""],
    ["kind", "kindOfKeys", 14, "one of post_quantum, rsa"],
  ],
};
export interface PublicBundlePostQuantum {
  kind: "post_quantum";
  /** The level that the keys are for. A writer tells it from the kind. */
  kindOfKeys?: 3 | undefined;
  /** Whose keys they are, for example an address. */
  id: string;
  /** Milliseconds since 1970 in UTC. */
  createdMs: bigint;
  /** ML-KEM-1024 encapsulation key. */
  kemKey: Uint8Array;
  /** ML-DSA-87 public key. */
  signatureKey: Uint8Array;
}
export const PUBLIC_BUNDLE_POST_QUANTUM_MIN_SIZE = 4175;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const PUBLIC_BUNDLE_POST_QUANTUM_DEFAULTS = { kind: "post_quantum", kindOfKeys: 3 } as const;
function readPublicBundlePostQuantum(bytes: Uint8Array, at: number, end: number): PublicBundlePostQuantum | undefined {
  if (end - at < 4175 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 0 /* short */, 4175, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 80)) !== 0)
    return refuse(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 3 /* version: constant */, at + 4, $version);
  const $kindOfKeys = bytes[at + 5]!;
  if (($kindOfKeys < 3 || $kindOfKeys > 4))
    return refuse(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 4 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if ($kindOfKeys !== 3) return refuse(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 5 /* kindOfKeys: kind */, at + 5, $kindOfKeys);
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return refuse(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 6 /* lenId: range */, at + 6, $lenId);
  const $id$count = $lenId;
  if ($id$count > end - at - 4175)
    return refuse(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 7 /* id: short */, end, `${end - at - 4175} of ${$id$count} bytes`);
  const $$p1 = at + 7 + $id$count;
  const $id = readUtf8(bytes, at + 7, $$p1);
  if ($id === undefined) return refuse(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 8 /* id: text */, at + 7);
  if ($$p1 + 4168 !== end) return refuse(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 1 /* trailing */, $$p1 + 4168);
  return {
    kind: "post_quantum",
    kindOfKeys: $kindOfKeys as 3,
    id: $id,
    createdMs: ((BigInt((((bytes[$$p1]! << 24) | (bytes[$$p1 + 1]! << 16) | (bytes[$$p1 + 2]! << 8) |
        bytes[$$p1 + 3]!) >>> 0)) << 32n) |
        BigInt((((bytes[$$p1 + 4]! << 24) | (bytes[$$p1 + 5]! << 16) | (bytes[$$p1 + 6]! << 8) |
        bytes[$$p1 + 7]!) >>> 0))),
    kemKey: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 8, 1568),
    signatureKey: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 1576, 2592),
  };
}
/** @throws WireError when the bytes are no qkd_public_bundle_post_quantum. */
export function decodePublicBundlePostQuantum(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): PublicBundlePostQuantum {
  return readPublicBundlePostQuantum(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePublicBundlePostQuantum(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<PublicBundlePostQuantum> {
  const value = readPublicBundlePostQuantum(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function publicBundlePostQuantumLength(value: PublicBundlePostQuantum): number {
  return 4175 + (utf8Bytes(value?.id)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodePublicBundlePostQuantum(value: PublicBundlePostQuantum): NewBytes {
  const bytes = new Uint8Array(publicBundlePostQuantumLength(value));
  encodePublicBundlePostQuantumInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePublicBundlePostQuantumInto(value: PublicBundlePostQuantum, bytes: Uint8Array, at = 0): number {
  if (!value) fail(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 10 /* argument */, at, value);
  const $kindOfKeys$told = (value.kindOfKeys ?? 3) as number;
  const $id = utf8Bytes(value.id);
  if ($id === undefined) fail(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 8 /* id: text */, at);
  const $id$count = $id.length;
  if ($id$count < 0) fail(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 9 /* id: count */, at, $id$count);
  const need = 4175 + $id$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(PUBLIC_BUNDLE_POST_QUANTUM_SITES, need, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 80;
  const $version = 1;
  bytes[at + 4] = $version;
  const $kindOfKeys = $kindOfKeys$told;
  if (typeof $kindOfKeys !== "number" || ($kindOfKeys & 255) !== $kindOfKeys)
    fail(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 11 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if (($kindOfKeys < 3 || $kindOfKeys > 4))
    fail(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 4 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if ($kindOfKeys !== 3) fail(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 5 /* kindOfKeys: kind */, at + 5, $kindOfKeys);
  bytes[at + 5] = $kindOfKeys;
  const $lenId = $id$count;
  if ($lenId < 1 || $lenId > 255) fail(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 12 /* id: range */, at + 6, $lenId);
  bytes[at + 6] = $lenId;
  bytes.set($id, at + 7);
  const $$p1 = at + 7 + $id$count;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 13 /* createdMs: range */, $$p1, $createdMs);
  const $createdMs$high = (Number(BigInt.asIntN(32, $createdMs >> 32n))) | 0,
      $createdMs$low = Number(BigInt.asIntN(32, $createdMs));
  bytes[$$p1] = $createdMs$high >>> 24; bytes[$$p1 + 1] = $createdMs$high >>> 16;
  bytes[$$p1 + 2] = $createdMs$high >>> 8; bytes[$$p1 + 3] = $createdMs$high;
  bytes[$$p1 + 4] = $createdMs$low >>> 24; bytes[$$p1 + 5] = $createdMs$low >>> 16;
  bytes[$$p1 + 6] = $createdMs$low >>> 8; bytes[$$p1 + 7] = $createdMs$low;
  const $kemKey = value.kemKey;
  if (lengthOf($kemKey) !== 1568)
    failBytes(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 14 /* kemKey: length */, $$p1 + 8, $kemKey);
  bytes.set($kemKey, $$p1 + 8);
  const $signatureKey = value.signatureKey;
  if (lengthOf($signatureKey) !== 2592)
    failBytes(PUBLIC_BUNDLE_POST_QUANTUM_SITES, 15 /* signatureKey: length */, $$p1 + 1576, $signatureKey);
  bytes.set($signatureKey, $$p1 + 1576);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekPublicBundlePostQuantumLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(PUBLIC_BUNDLE_POST_QUANTUM_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 81) || (end > at + 3 && bytes[at + 3] !== 80)) return -1;
  if (end - at >= 5) {
    const $version = bytes[at + 4]!;
    if ($version !== 1) return -1;
  }
  if (end - at >= 6) {
    const $kindOfKeys = bytes[at + 5]!;
    if ((($kindOfKeys < 3 || $kindOfKeys > 4)) || ($kindOfKeys !== 3)) return -1;
  }
  if (end - at >= 7) {
    const $lenId = bytes[at + 6]!;
    if ($lenId < 1) return -1;
  }
  if (end - at < 7) return 0;
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return -1;
  const $id$count = $lenId;
  const $$p1 = at + 7 + $id$count;
  return $$p1 + 4168 - at;
}
export interface PublicBundleRsa {
  kind: "rsa";
  /** The level that the keys are for. A writer tells it from the kind. */
  kindOfKeys?: 4 | undefined;
  /** Whose keys they are, for example an address. */
  id: string;
  /** Milliseconds since 1970 in UTC. */
  createdMs: bigint;
  /** SPKI DER of an RSA-4096 key for RSA-OAEP. */
  encryptionKey: Uint8Array;
  /** SPKI DER of another one for RSA-PSS. */
  signatureKey: Uint8Array;
}
export const PUBLIC_BUNDLE_RSA_MIN_SIZE = 19;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const PUBLIC_BUNDLE_RSA_DEFAULTS = { kind: "rsa", kindOfKeys: 4 } as const;
function readPublicBundleRsa(bytes: Uint8Array, at: number, end: number): PublicBundleRsa | undefined {
  if (end - at < 19 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(PUBLIC_BUNDLE_RSA_SITES, 0 /* short */, 19, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 80)) !== 0)
    return refuse(PUBLIC_BUNDLE_RSA_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(PUBLIC_BUNDLE_RSA_SITES, 3 /* version: constant */, at + 4, $version);
  const $kindOfKeys = bytes[at + 5]!;
  if (($kindOfKeys < 3 || $kindOfKeys > 4))
    return refuse(PUBLIC_BUNDLE_RSA_SITES, 4 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if ($kindOfKeys !== 4) return refuse(PUBLIC_BUNDLE_RSA_SITES, 5 /* kindOfKeys: kind */, at + 5, $kindOfKeys);
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return refuse(PUBLIC_BUNDLE_RSA_SITES, 6 /* lenId: range */, at + 6, $lenId);
  const $id$count = $lenId;
  if ($id$count > end - at - 19)
    return refuse(PUBLIC_BUNDLE_RSA_SITES, 7 /* id: short */, end, `${end - at - 19} of ${$id$count} bytes`);
  const $$p1 = at + 7 + $id$count;
  const $id = readUtf8(bytes, at + 7, $$p1);
  if ($id === undefined) return refuse(PUBLIC_BUNDLE_RSA_SITES, 8 /* id: text */, at + 7);
  const $lenEncryptionKey = ((bytes[$$p1 + 8]! << 8) | bytes[$$p1 + 9]!);
  const $encryptionKey$count = $lenEncryptionKey;
  if ($encryptionKey$count > end - $$p1 - 12)
    return refuse(PUBLIC_BUNDLE_RSA_SITES, 9 /* encryptionKey: short */, end,
      `${end - $$p1 - 12} of ${$encryptionKey$count} bytes`);
  const $$p2 = $$p1 + 10 + $encryptionKey$count;
  const $lenSignatureKey = ((bytes[$$p2]! << 8) | bytes[$$p2 + 1]!);
  const $signatureKey$count = $lenSignatureKey;
  if ($signatureKey$count > end - $$p2 - 2)
    return refuse(PUBLIC_BUNDLE_RSA_SITES, 10 /* signatureKey: short */, end,
      `${end - $$p2 - 2} of ${$signatureKey$count} bytes`);
  const $$p3 = $$p2 + 2 + $signatureKey$count;
  if ($$p3 !== end) return refuse(PUBLIC_BUNDLE_RSA_SITES, 1 /* trailing */, $$p3);
  return {
    kind: "rsa",
    kindOfKeys: $kindOfKeys as 4,
    id: $id,
    createdMs: ((BigInt((((bytes[$$p1]! << 24) | (bytes[$$p1 + 1]! << 16) | (bytes[$$p1 + 2]! << 8) |
        bytes[$$p1 + 3]!) >>> 0)) << 32n) |
        BigInt((((bytes[$$p1 + 4]! << 24) | (bytes[$$p1 + 5]! << 16) | (bytes[$$p1 + 6]! << 8) |
        bytes[$$p1 + 7]!) >>> 0))),
    encryptionKey: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 10, $encryptionKey$count),
    signatureKey: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p2 + 2, $signatureKey$count),
  };
}
/** @throws WireError when the bytes are no qkd_public_bundle_rsa. */
export function decodePublicBundleRsa(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): PublicBundleRsa {
  return readPublicBundleRsa(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodePublicBundleRsa(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<PublicBundleRsa> {
  const value = readPublicBundleRsa(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function publicBundleRsaLength(value: PublicBundleRsa): number {
  const $encryptionKey = value?.encryptionKey;
  if (lengthOf($encryptionKey) < 0)
    failBytes(PUBLIC_BUNDLE_RSA_SITES, 12 /* encryptionKey: count */, 0, $encryptionKey);
  const $signatureKey = value?.signatureKey;
  if (lengthOf($signatureKey) < 0) failBytes(PUBLIC_BUNDLE_RSA_SITES, 13 /* signatureKey: count */, 0, $signatureKey);
  return 19 + (utf8Bytes(value?.id)?.length ?? 0) + $encryptionKey.length + $signatureKey.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodePublicBundleRsa(value: PublicBundleRsa): NewBytes {
  const bytes = new Uint8Array(publicBundleRsaLength(value));
  encodePublicBundleRsaInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodePublicBundleRsaInto(value: PublicBundleRsa, bytes: Uint8Array, at = 0): number {
  if (!value) fail(PUBLIC_BUNDLE_RSA_SITES, 14 /* argument */, at, value);
  const $kindOfKeys$told = (value.kindOfKeys ?? 4) as number;
  const $id = utf8Bytes(value.id);
  if ($id === undefined) fail(PUBLIC_BUNDLE_RSA_SITES, 8 /* id: text */, at);
  const $id$count = $id.length;
  if ($id$count < 0) fail(PUBLIC_BUNDLE_RSA_SITES, 11 /* id: count */, at, $id$count);
  const $encryptionKey = value.encryptionKey, $encryptionKey$count = lengthOf($encryptionKey);
  if ($encryptionKey$count < 0) failBytes(PUBLIC_BUNDLE_RSA_SITES, 12 /* encryptionKey: count */, at, $encryptionKey);
  const $signatureKey = value.signatureKey, $signatureKey$count = lengthOf($signatureKey);
  if ($signatureKey$count < 0) failBytes(PUBLIC_BUNDLE_RSA_SITES, 13 /* signatureKey: count */, at, $signatureKey);
  const need = 19 + $id$count + $encryptionKey$count + $signatureKey$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(PUBLIC_BUNDLE_RSA_SITES, need, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 80;
  const $version = 1;
  bytes[at + 4] = $version;
  const $kindOfKeys = $kindOfKeys$told;
  if (typeof $kindOfKeys !== "number" || ($kindOfKeys & 255) !== $kindOfKeys)
    fail(PUBLIC_BUNDLE_RSA_SITES, 15 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if (($kindOfKeys < 3 || $kindOfKeys > 4))
    fail(PUBLIC_BUNDLE_RSA_SITES, 4 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if ($kindOfKeys !== 4) fail(PUBLIC_BUNDLE_RSA_SITES, 5 /* kindOfKeys: kind */, at + 5, $kindOfKeys);
  bytes[at + 5] = $kindOfKeys;
  const $lenId = $id$count;
  if ($lenId < 1 || $lenId > 255) fail(PUBLIC_BUNDLE_RSA_SITES, 16 /* id: range */, at + 6, $lenId);
  bytes[at + 6] = $lenId;
  bytes.set($id, at + 7);
  const $$p1 = at + 7 + $id$count;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(PUBLIC_BUNDLE_RSA_SITES, 17 /* createdMs: range */, $$p1, $createdMs);
  const $createdMs$high = (Number(BigInt.asIntN(32, $createdMs >> 32n))) | 0,
      $createdMs$low = Number(BigInt.asIntN(32, $createdMs));
  bytes[$$p1] = $createdMs$high >>> 24; bytes[$$p1 + 1] = $createdMs$high >>> 16;
  bytes[$$p1 + 2] = $createdMs$high >>> 8; bytes[$$p1 + 3] = $createdMs$high;
  bytes[$$p1 + 4] = $createdMs$low >>> 24; bytes[$$p1 + 5] = $createdMs$low >>> 16;
  bytes[$$p1 + 6] = $createdMs$low >>> 8; bytes[$$p1 + 7] = $createdMs$low;
  const $lenEncryptionKey = $encryptionKey$count;
  if ($lenEncryptionKey > 65535)
    fail(PUBLIC_BUNDLE_RSA_SITES, 18 /* encryptionKey: range */, $$p1 + 8, $lenEncryptionKey);
  bytes[$$p1 + 8] = $lenEncryptionKey >>> 8; bytes[$$p1 + 9] = $lenEncryptionKey;
  bytes.set($encryptionKey, $$p1 + 10);
  const $$p2 = $$p1 + 10 + $encryptionKey$count;
  const $lenSignatureKey = $signatureKey$count;
  if ($lenSignatureKey > 65535) fail(PUBLIC_BUNDLE_RSA_SITES, 19 /* signatureKey: range */, $$p2, $lenSignatureKey);
  bytes[$$p2] = $lenSignatureKey >>> 8; bytes[$$p2 + 1] = $lenSignatureKey;
  bytes.set($signatureKey, $$p2 + 2);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekPublicBundleRsaLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(PUBLIC_BUNDLE_RSA_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 81) || (end > at + 3 && bytes[at + 3] !== 80)) return -1;
  if (end - at >= 5) {
    const $version = bytes[at + 4]!;
    if ($version !== 1) return -1;
  }
  if (end - at >= 6) {
    const $kindOfKeys = bytes[at + 5]!;
    if ((($kindOfKeys < 3 || $kindOfKeys > 4)) || ($kindOfKeys !== 4)) return -1;
  }
  if (end - at >= 7) {
    const $lenId = bytes[at + 6]!;
    if ($lenId < 1) return -1;
  }
  if (end - at < 7) return 0;
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return -1;
  const $id$count = $lenId;
  const $$p1 = at + 7 + $id$count;
  if (end - at < $$p1 + 10 - at) return 0;
  const $lenEncryptionKey = ((bytes[$$p1 + 8]! << 8) | bytes[$$p1 + 9]!);
  const $encryptionKey$count = $lenEncryptionKey;
  const $$p3 = $$p1 + 10 + $encryptionKey$count;
  if (end - at < $$p3 + 2 - at) return 0;
  const $lenSignatureKey = ((bytes[$$p3]! << 8) | bytes[$$p3 + 1]!);
  const $signatureKey$count = $lenSignatureKey;
  const $$p5 = $$p3 + 2 + $signatureKey$count;
  return $$p5 - at;
}

export type PublicBundle = PublicBundlePostQuantum | PublicBundleRsa;
export const PUBLIC_BUNDLE_MIN_SIZE = 19;
function readPublicBundle(bytes: Uint8Array, at: number, end: number): PublicBundle | undefined {
  if (end - at < 6 || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(PUBLIC_BUNDLE_SITES, 0 /* kindOfKeys: short */, 6, bytes, at, end);
  const tag = bytes[at + 5]!;
  switch (tag) {
    case 3: return readPublicBundlePostQuantum(bytes, at, end);
    case 4: return readPublicBundleRsa(bytes, at, end);
    default: return refuse(PUBLIC_BUNDLE_SITES, 2 /* kindOfKeys: kind */, at + 5, tag);
  }
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
/** Bytes that a value takes on the wire. */
function publicBundleLength(value: PublicBundle): number {
  switch (value?.kind) {
    case "post_quantum": return publicBundlePostQuantumLength(value);
    case "rsa": return publicBundleRsaLength(value);
    default: return 0;
  }
}
/** @throws WireError when the value does not fit the format. */
export function encodePublicBundle(value: PublicBundle): NewBytes {
  const bytes = new Uint8Array(publicBundleLength(value));
  encodePublicBundleInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it */
export function encodePublicBundleInto(value: PublicBundle, bytes: Uint8Array, at = 0): number {
  switch (value?.kind) {
    case "post_quantum": return encodePublicBundlePostQuantumInto(value, bytes, at);
    case "rsa": return encodePublicBundleRsaInto(value, bytes, at);
    default: return fail(PUBLIC_BUNDLE_SITES, 2 /* kindOfKeys: kind */, at,
        (value as { kind?: unknown } | undefined)?.kind);
  }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so.
 */
export function peekPublicBundleLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(PUBLIC_BUNDLE_SITES, bytes, at, end);
  if (end - at < 6) return 0;
  const tag = bytes[at + 5]!;
  switch (tag) {
    case 3: return peekPublicBundlePostQuantumLength(bytes, at, end);
    case 4: return peekPublicBundleRsaLength(bytes, at, end);
    default: return -1;
  }
}

const SECRET_BUNDLE_POST_QUANTUM_SITES: Sites = {
  format: "qkd_secret_bundle_post_quantum",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 44, "at least 111 bytes"],
    ["trailing", "", 44, ""],
    ["constant", "magic", 26, "53 57 51 53"],
    ["constant", "version", 27, "1"],
    ["range", "kindOfKeys", 28, "one of 3, 4"],
    ["kind", "kindOfKeys", 28, "one of 3"],
    ["range", "lenId", 29, "1 to 255"],
    ["short", "id", 30, ""],
    ["text", "id", 30, "utf-8"],
    ["count", "id", 30, "at least 0 bytes"],
    ["argument", "", 44, "an object"],
    ["range", "kindOfKeys", 28, "0 to 255"],
    ["range", "id", 29, "len_id of 1 to 255"],
    ["range", "createdMs", 31, "0 to 18446744073709551615"],
    ["length", "kemSeed", 48, "64 bytes"],
    ["length", "signatureSeed", 49, "32 bytes"],
  ],
};
const SECRET_BUNDLE_RSA_SITES: Sites = {
  format: "qkd_secret_bundle_rsa",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "", 58, "at least 19 bytes"],
    ["trailing", "", 58, ""],
    ["constant", "magic", 26, "53 57 51 53"],
    ["constant", "version", 27, "1"],
    ["range", "kindOfKeys", 28, "one of 3, 4"],
    ["kind", "kindOfKeys", 28, "one of 4"],
    ["range", "lenId", 29, "1 to 255"],
    ["short", "id", 30, ""],
    ["text", "id", 30, "utf-8"],
    ["short", "encryptionKey", 63, ""],
    ["short", "signatureKey", 65, ""],
    ["count", "id", 30, "at least 0 bytes"],
    ["count", "encryptionKey", 63, "at least 0 bytes"],
    ["count", "signatureKey", 65, "at least 0 bytes"],
    ["argument", "", 58, "an object"],
    ["range", "kindOfKeys", 28, "0 to 255"],
    ["range", "id", 29, "len_id of 1 to 255"],
    ["range", "createdMs", 31, "0 to 18446744073709551615"],
    ["range", "encryptionKey", 62, "len_encryption_key of 0 to 65535"],
    ["range", "signatureKey", 64, "len_signature_key of 0 to 65535"],
  ],
};
const SECRET_BUNDLE_SITES: Sites = {
  format: "qkd_secret_bundle",
  file: "qkd/bundles.ksy",
  sites: [
    ["short", "kindOfKeys", 28, "at least 6 bytes"],
    ["trailing", "", 24, ""],
    ["kind", "kindOfKeys", 28, "one of post_quantum, rsa"],
  ],
};
export interface SecretBundlePostQuantum {
  kind: "post_quantum";
  /** The level that the keys are for. A writer tells it from the kind. */
  kindOfKeys?: 3 | undefined;
  id: string;
  /** Milliseconds since 1970 in UTC. */
  createdMs: bigint;
  /** d and z of ML-KEM-1024. */
  kemSeed: Uint8Array;
  /** ξ of ML-DSA-87. */
  signatureSeed: Uint8Array;
}
export const SECRET_BUNDLE_POST_QUANTUM_MIN_SIZE = 111;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const SECRET_BUNDLE_POST_QUANTUM_DEFAULTS = { kind: "post_quantum", kindOfKeys: 3 } as const;
function readSecretBundlePostQuantum(bytes: Uint8Array, at: number, end: number): SecretBundlePostQuantum | undefined {
  if (end - at < 111 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SECRET_BUNDLE_POST_QUANTUM_SITES, 0 /* short */, 111, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 83)) !== 0)
    return refuse(SECRET_BUNDLE_POST_QUANTUM_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(SECRET_BUNDLE_POST_QUANTUM_SITES, 3 /* version: constant */, at + 4, $version);
  const $kindOfKeys = bytes[at + 5]!;
  if (($kindOfKeys < 3 || $kindOfKeys > 4))
    return refuse(SECRET_BUNDLE_POST_QUANTUM_SITES, 4 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if ($kindOfKeys !== 3) return refuse(SECRET_BUNDLE_POST_QUANTUM_SITES, 5 /* kindOfKeys: kind */, at + 5, $kindOfKeys);
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return refuse(SECRET_BUNDLE_POST_QUANTUM_SITES, 6 /* lenId: range */, at + 6, $lenId);
  const $id$count = $lenId;
  if ($id$count > end - at - 111)
    return refuse(SECRET_BUNDLE_POST_QUANTUM_SITES, 7 /* id: short */, end, `${end - at - 111} of ${$id$count} bytes`);
  const $$p1 = at + 7 + $id$count;
  const $id = readUtf8(bytes, at + 7, $$p1);
  if ($id === undefined) return refuse(SECRET_BUNDLE_POST_QUANTUM_SITES, 8 /* id: text */, at + 7);
  if ($$p1 + 104 !== end) return refuse(SECRET_BUNDLE_POST_QUANTUM_SITES, 1 /* trailing */, $$p1 + 104);
  return {
    kind: "post_quantum",
    kindOfKeys: $kindOfKeys as 3,
    id: $id,
    createdMs: ((BigInt((((bytes[$$p1]! << 24) | (bytes[$$p1 + 1]! << 16) | (bytes[$$p1 + 2]! << 8) |
        bytes[$$p1 + 3]!) >>> 0)) << 32n) |
        BigInt((((bytes[$$p1 + 4]! << 24) | (bytes[$$p1 + 5]! << 16) | (bytes[$$p1 + 6]! << 8) |
        bytes[$$p1 + 7]!) >>> 0))),
    kemSeed: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 8, 64),
    signatureSeed: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 72, 32),
  };
}
/** @throws WireError when the bytes are no qkd_secret_bundle_post_quantum. */
export function decodeSecretBundlePostQuantum(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): SecretBundlePostQuantum {
  return readSecretBundlePostQuantum(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSecretBundlePostQuantum(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SecretBundlePostQuantum> {
  const value = readSecretBundlePostQuantum(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. */
function secretBundlePostQuantumLength(value: SecretBundlePostQuantum): number {
  return 111 + (utf8Bytes(value?.id)?.length ?? 0);
}
/** @throws WireError when the value does not fit the format. */
export function encodeSecretBundlePostQuantum(value: SecretBundlePostQuantum): NewBytes {
  const bytes = new Uint8Array(secretBundlePostQuantumLength(value));
  encodeSecretBundlePostQuantumInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSecretBundlePostQuantumInto(value: SecretBundlePostQuantum, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SECRET_BUNDLE_POST_QUANTUM_SITES, 10 /* argument */, at, value);
  const $kindOfKeys$told = (value.kindOfKeys ?? 3) as number;
  const $id = utf8Bytes(value.id);
  if ($id === undefined) fail(SECRET_BUNDLE_POST_QUANTUM_SITES, 8 /* id: text */, at);
  const $id$count = $id.length;
  if ($id$count < 0) fail(SECRET_BUNDLE_POST_QUANTUM_SITES, 9 /* id: count */, at, $id$count);
  const need = 111 + $id$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SECRET_BUNDLE_POST_QUANTUM_SITES, need, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 83;
  const $version = 1;
  bytes[at + 4] = $version;
  const $kindOfKeys = $kindOfKeys$told;
  if (typeof $kindOfKeys !== "number" || ($kindOfKeys & 255) !== $kindOfKeys)
    fail(SECRET_BUNDLE_POST_QUANTUM_SITES, 11 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if (($kindOfKeys < 3 || $kindOfKeys > 4))
    fail(SECRET_BUNDLE_POST_QUANTUM_SITES, 4 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if ($kindOfKeys !== 3) fail(SECRET_BUNDLE_POST_QUANTUM_SITES, 5 /* kindOfKeys: kind */, at + 5, $kindOfKeys);
  bytes[at + 5] = $kindOfKeys;
  const $lenId = $id$count;
  if ($lenId < 1 || $lenId > 255) fail(SECRET_BUNDLE_POST_QUANTUM_SITES, 12 /* id: range */, at + 6, $lenId);
  bytes[at + 6] = $lenId;
  bytes.set($id, at + 7);
  const $$p1 = at + 7 + $id$count;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(SECRET_BUNDLE_POST_QUANTUM_SITES, 13 /* createdMs: range */, $$p1, $createdMs);
  const $createdMs$high = (Number(BigInt.asIntN(32, $createdMs >> 32n))) | 0,
      $createdMs$low = Number(BigInt.asIntN(32, $createdMs));
  bytes[$$p1] = $createdMs$high >>> 24; bytes[$$p1 + 1] = $createdMs$high >>> 16;
  bytes[$$p1 + 2] = $createdMs$high >>> 8; bytes[$$p1 + 3] = $createdMs$high;
  bytes[$$p1 + 4] = $createdMs$low >>> 24; bytes[$$p1 + 5] = $createdMs$low >>> 16;
  bytes[$$p1 + 6] = $createdMs$low >>> 8; bytes[$$p1 + 7] = $createdMs$low;
  const $kemSeed = value.kemSeed;
  if (lengthOf($kemSeed) !== 64)
    failBytes(SECRET_BUNDLE_POST_QUANTUM_SITES, 14 /* kemSeed: length */, $$p1 + 8, $kemSeed);
  bytes.set($kemSeed, $$p1 + 8);
  const $signatureSeed = value.signatureSeed;
  if (lengthOf($signatureSeed) !== 32)
    failBytes(SECRET_BUNDLE_POST_QUANTUM_SITES, 15 /* signatureSeed: length */, $$p1 + 72, $signatureSeed);
  bytes.set($signatureSeed, $$p1 + 72);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSecretBundlePostQuantumLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    failRange(SECRET_BUNDLE_POST_QUANTUM_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 81) || (end > at + 3 && bytes[at + 3] !== 83)) return -1;
  if (end - at >= 5) {
    const $version = bytes[at + 4]!;
    if ($version !== 1) return -1;
  }
  if (end - at >= 6) {
    const $kindOfKeys = bytes[at + 5]!;
    if ((($kindOfKeys < 3 || $kindOfKeys > 4)) || ($kindOfKeys !== 3)) return -1;
  }
  if (end - at >= 7) {
    const $lenId = bytes[at + 6]!;
    if ($lenId < 1) return -1;
  }
  if (end - at < 7) return 0;
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return -1;
  const $id$count = $lenId;
  const $$p1 = at + 7 + $id$count;
  return $$p1 + 104 - at;
}
export interface SecretBundleRsa {
  kind: "rsa";
  /** The level that the keys are for. A writer tells it from the kind. */
  kindOfKeys?: 4 | undefined;
  id: string;
  /** Milliseconds since 1970 in UTC. */
  createdMs: bigint;
  /** PKCS 8 DER. */
  encryptionKey: Uint8Array;
  /** PKCS 8 DER. */
  signatureKey: Uint8Array;
}
export const SECRET_BUNDLE_RSA_MIN_SIZE = 19;
/** What a sender writes who has nothing to say: spread it before the fields that matter. */
export const SECRET_BUNDLE_RSA_DEFAULTS = { kind: "rsa", kindOfKeys: 4 } as const;
function readSecretBundleRsa(bytes: Uint8Array, at: number, end: number): SecretBundleRsa | undefined {
  if (end - at < 19 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(SECRET_BUNDLE_RSA_SITES, 0 /* short */, 19, bytes, at, end);
  }
  if (((bytes[at]! ^ 83) | (bytes[at + 1]! ^ 87) | (bytes[at + 2]! ^ 81) | (bytes[at + 3]! ^ 83)) !== 0)
    return refuse(SECRET_BUNDLE_RSA_SITES, 2 /* magic: constant */, at);
  const $version = bytes[at + 4]!;
  if ($version !== 1) return refuse(SECRET_BUNDLE_RSA_SITES, 3 /* version: constant */, at + 4, $version);
  const $kindOfKeys = bytes[at + 5]!;
  if (($kindOfKeys < 3 || $kindOfKeys > 4))
    return refuse(SECRET_BUNDLE_RSA_SITES, 4 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if ($kindOfKeys !== 4) return refuse(SECRET_BUNDLE_RSA_SITES, 5 /* kindOfKeys: kind */, at + 5, $kindOfKeys);
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return refuse(SECRET_BUNDLE_RSA_SITES, 6 /* lenId: range */, at + 6, $lenId);
  const $id$count = $lenId;
  if ($id$count > end - at - 19)
    return refuse(SECRET_BUNDLE_RSA_SITES, 7 /* id: short */, end, `${end - at - 19} of ${$id$count} bytes`);
  const $$p1 = at + 7 + $id$count;
  const $id = readUtf8(bytes, at + 7, $$p1);
  if ($id === undefined) return refuse(SECRET_BUNDLE_RSA_SITES, 8 /* id: text */, at + 7);
  const $lenEncryptionKey = ((bytes[$$p1 + 8]! << 8) | bytes[$$p1 + 9]!);
  const $encryptionKey$count = $lenEncryptionKey;
  if ($encryptionKey$count > end - $$p1 - 12)
    return refuse(SECRET_BUNDLE_RSA_SITES, 9 /* encryptionKey: short */, end,
      `${end - $$p1 - 12} of ${$encryptionKey$count} bytes`);
  const $$p2 = $$p1 + 10 + $encryptionKey$count;
  const $lenSignatureKey = ((bytes[$$p2]! << 8) | bytes[$$p2 + 1]!);
  const $signatureKey$count = $lenSignatureKey;
  if ($signatureKey$count > end - $$p2 - 2)
    return refuse(SECRET_BUNDLE_RSA_SITES, 10 /* signatureKey: short */, end,
      `${end - $$p2 - 2} of ${$signatureKey$count} bytes`);
  const $$p3 = $$p2 + 2 + $signatureKey$count;
  if ($$p3 !== end) return refuse(SECRET_BUNDLE_RSA_SITES, 1 /* trailing */, $$p3);
  return {
    kind: "rsa",
    kindOfKeys: $kindOfKeys as 4,
    id: $id,
    createdMs: ((BigInt((((bytes[$$p1]! << 24) | (bytes[$$p1 + 1]! << 16) | (bytes[$$p1 + 2]! << 8) |
        bytes[$$p1 + 3]!) >>> 0)) << 32n) |
        BigInt((((bytes[$$p1 + 4]! << 24) | (bytes[$$p1 + 5]! << 16) | (bytes[$$p1 + 6]! << 8) |
        bytes[$$p1 + 7]!) >>> 0))),
    encryptionKey: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p1 + 10, $encryptionKey$count),
    signatureKey: new Uint8Array(bytes.buffer, bytes.byteOffset + $$p2 + 2, $signatureKey$count),
  };
}
/** @throws WireError when the bytes are no qkd_secret_bundle_rsa. */
export function decodeSecretBundleRsa(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): SecretBundleRsa {
  return readSecretBundleRsa(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeSecretBundleRsa(bytes: Uint8Array, at = 0,
    end: number = lengthOf(bytes)): Result<SecretBundleRsa> {
  const value = readSecretBundleRsa(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function secretBundleRsaLength(value: SecretBundleRsa): number {
  const $encryptionKey = value?.encryptionKey;
  if (lengthOf($encryptionKey) < 0)
    failBytes(SECRET_BUNDLE_RSA_SITES, 12 /* encryptionKey: count */, 0, $encryptionKey);
  const $signatureKey = value?.signatureKey;
  if (lengthOf($signatureKey) < 0) failBytes(SECRET_BUNDLE_RSA_SITES, 13 /* signatureKey: count */, 0, $signatureKey);
  return 19 + (utf8Bytes(value?.id)?.length ?? 0) + $encryptionKey.length + $signatureKey.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeSecretBundleRsa(value: SecretBundleRsa): NewBytes {
  const bytes = new Uint8Array(secretBundleRsaLength(value));
  encodeSecretBundleRsaInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeSecretBundleRsaInto(value: SecretBundleRsa, bytes: Uint8Array, at = 0): number {
  if (!value) fail(SECRET_BUNDLE_RSA_SITES, 14 /* argument */, at, value);
  const $kindOfKeys$told = (value.kindOfKeys ?? 4) as number;
  const $id = utf8Bytes(value.id);
  if ($id === undefined) fail(SECRET_BUNDLE_RSA_SITES, 8 /* id: text */, at);
  const $id$count = $id.length;
  if ($id$count < 0) fail(SECRET_BUNDLE_RSA_SITES, 11 /* id: count */, at, $id$count);
  const $encryptionKey = value.encryptionKey, $encryptionKey$count = lengthOf($encryptionKey);
  if ($encryptionKey$count < 0) failBytes(SECRET_BUNDLE_RSA_SITES, 12 /* encryptionKey: count */, at, $encryptionKey);
  const $signatureKey = value.signatureKey, $signatureKey$count = lengthOf($signatureKey);
  if ($signatureKey$count < 0) failBytes(SECRET_BUNDLE_RSA_SITES, 13 /* signatureKey: count */, at, $signatureKey);
  const need = 19 + $id$count + $encryptionKey$count + $signatureKey$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(SECRET_BUNDLE_RSA_SITES, need, bytes, at);
  bytes[at] = 83; bytes[at + 1] = 87; bytes[at + 2] = 81; bytes[at + 3] = 83;
  const $version = 1;
  bytes[at + 4] = $version;
  const $kindOfKeys = $kindOfKeys$told;
  if (typeof $kindOfKeys !== "number" || ($kindOfKeys & 255) !== $kindOfKeys)
    fail(SECRET_BUNDLE_RSA_SITES, 15 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if (($kindOfKeys < 3 || $kindOfKeys > 4))
    fail(SECRET_BUNDLE_RSA_SITES, 4 /* kindOfKeys: range */, at + 5, $kindOfKeys);
  if ($kindOfKeys !== 4) fail(SECRET_BUNDLE_RSA_SITES, 5 /* kindOfKeys: kind */, at + 5, $kindOfKeys);
  bytes[at + 5] = $kindOfKeys;
  const $lenId = $id$count;
  if ($lenId < 1 || $lenId > 255) fail(SECRET_BUNDLE_RSA_SITES, 16 /* id: range */, at + 6, $lenId);
  bytes[at + 6] = $lenId;
  bytes.set($id, at + 7);
  const $$p1 = at + 7 + $id$count;
  const $createdMs = value.createdMs;
  if (typeof $createdMs !== "bigint" || BigInt.asUintN(64, $createdMs) !== $createdMs)
    fail(SECRET_BUNDLE_RSA_SITES, 17 /* createdMs: range */, $$p1, $createdMs);
  const $createdMs$high = (Number(BigInt.asIntN(32, $createdMs >> 32n))) | 0,
      $createdMs$low = Number(BigInt.asIntN(32, $createdMs));
  bytes[$$p1] = $createdMs$high >>> 24; bytes[$$p1 + 1] = $createdMs$high >>> 16;
  bytes[$$p1 + 2] = $createdMs$high >>> 8; bytes[$$p1 + 3] = $createdMs$high;
  bytes[$$p1 + 4] = $createdMs$low >>> 24; bytes[$$p1 + 5] = $createdMs$low >>> 16;
  bytes[$$p1 + 6] = $createdMs$low >>> 8; bytes[$$p1 + 7] = $createdMs$low;
  const $lenEncryptionKey = $encryptionKey$count;
  if ($lenEncryptionKey > 65535)
    fail(SECRET_BUNDLE_RSA_SITES, 18 /* encryptionKey: range */, $$p1 + 8, $lenEncryptionKey);
  bytes[$$p1 + 8] = $lenEncryptionKey >>> 8; bytes[$$p1 + 9] = $lenEncryptionKey;
  bytes.set($encryptionKey, $$p1 + 10);
  const $$p2 = $$p1 + 10 + $encryptionKey$count;
  const $lenSignatureKey = $signatureKey$count;
  if ($lenSignatureKey > 65535) fail(SECRET_BUNDLE_RSA_SITES, 19 /* signatureKey: range */, $$p2, $lenSignatureKey);
  bytes[$$p2] = $lenSignatureKey >>> 8; bytes[$$p2 + 1] = $lenSignatureKey;
  bytes.set($signatureKey, $$p2 + 2);
  return at + need;
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so, by its constants and the rules of its header as far as they are there. @throws WireError `argument`
 */
export function peekSecretBundleRsaLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SECRET_BUNDLE_RSA_SITES, bytes, at, end);
  if ((end > at && bytes[at] !== 83) || (end > at + 1 && bytes[at + 1] !== 87) ||
      (end > at + 2 && bytes[at + 2] !== 81) || (end > at + 3 && bytes[at + 3] !== 83)) return -1;
  if (end - at >= 5) {
    const $version = bytes[at + 4]!;
    if ($version !== 1) return -1;
  }
  if (end - at >= 6) {
    const $kindOfKeys = bytes[at + 5]!;
    if ((($kindOfKeys < 3 || $kindOfKeys > 4)) || ($kindOfKeys !== 4)) return -1;
  }
  if (end - at >= 7) {
    const $lenId = bytes[at + 6]!;
    if ($lenId < 1) return -1;
  }
  if (end - at < 7) return 0;
  const $lenId = bytes[at + 6]!;
  if ($lenId < 1) return -1;
  const $id$count = $lenId;
  const $$p1 = at + 7 + $id$count;
  if (end - at < $$p1 + 10 - at) return 0;
  const $lenEncryptionKey = ((bytes[$$p1 + 8]! << 8) | bytes[$$p1 + 9]!);
  const $encryptionKey$count = $lenEncryptionKey;
  const $$p3 = $$p1 + 10 + $encryptionKey$count;
  if (end - at < $$p3 + 2 - at) return 0;
  const $lenSignatureKey = ((bytes[$$p3]! << 8) | bytes[$$p3 + 1]!);
  const $signatureKey$count = $lenSignatureKey;
  const $$p5 = $$p3 + 2 + $signatureKey$count;
  return $$p5 - at;
}

export type SecretBundle = SecretBundlePostQuantum | SecretBundleRsa;
export const SECRET_BUNDLE_MIN_SIZE = 19;
function readSecretBundle(bytes: Uint8Array, at: number, end: number): SecretBundle | undefined {
  if (end - at < 6 || end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end)
    return refuseRange(SECRET_BUNDLE_SITES, 0 /* kindOfKeys: short */, 6, bytes, at, end);
  const tag = bytes[at + 5]!;
  switch (tag) {
    case 3: return readSecretBundlePostQuantum(bytes, at, end);
    case 4: return readSecretBundleRsa(bytes, at, end);
    default: return refuse(SECRET_BUNDLE_SITES, 2 /* kindOfKeys: kind */, at + 5, tag);
  }
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
/** Bytes that a value takes on the wire. */
function secretBundleLength(value: SecretBundle): number {
  switch (value?.kind) {
    case "post_quantum": return secretBundlePostQuantumLength(value);
    case "rsa": return secretBundleRsaLength(value);
    default: return 0;
  }
}
/** @throws WireError when the value does not fit the format. */
export function encodeSecretBundle(value: SecretBundle): NewBytes {
  const bytes = new Uint8Array(secretBundleLength(value));
  encodeSecretBundleInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it */
export function encodeSecretBundleInto(value: SecretBundle, bytes: Uint8Array, at = 0): number {
  switch (value?.kind) {
    case "post_quantum": return encodeSecretBundlePostQuantumInto(value, bytes, at);
    case "rsa": return encodeSecretBundleRsaInto(value, bytes, at);
    default: return fail(SECRET_BUNDLE_SITES, 2 /* kindOfKeys: kind */, at,
        (value as { kind?: unknown } | undefined)?.kind);
  }
}
/**
 * How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value
 * starts so.
 */
export function peekSecretBundleLength(bytes: Uint8Array, at: number, end: number): number {
  if (end > lengthOf(bytes) || at >>> 0 !== at || end >>> 0 !== end) failRange(SECRET_BUNDLE_SITES, bytes, at, end);
  if (end - at < 6) return 0;
  const tag = bytes[at + 5]!;
  switch (tag) {
    case 3: return peekSecretBundlePostQuantumLength(bytes, at, end);
    case 4: return peekSecretBundleRsaLength(bytes, at, end);
    default: return -1;
  }
}

