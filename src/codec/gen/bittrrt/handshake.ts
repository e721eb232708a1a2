// Generated from bittrrt/handshake.ksy by `specwire gen`; do not edit. spec sha256 b5d399ff7e20181d213b2bf78117b540bd06dec757a628cd681b5d23d1b39b24
/**
 * BittrRt, what a handshake datagram holds. A handshake datagram is base64url, with padding, of a Fernet token under a
 * key that everybody knows: AES-128-CBC with PKCS 7 of the content, then HMAC-SHA256 of all before it.
 */
import { type NewBytes, type Result, type Sites, bigPut, bigUnsigned, fail, failBytes, failSpace, failure, lengthOf,
    raise, refuse, refuseRange } from "../../index.js";

const TOKEN_SITES: Sites = {
  format: "bittrrt_token",
  file: "bittrrt/handshake.ksy",
  sites: [
    ["short", "", 10, "at least 57 bytes"],
    ["constant", "version", 13, "80"],
  ],
};
const TOKEN_SITES$WRITTEN: Sites = {
  format: "bittrrt_token",
  file: "bittrrt/handshake.ksy",
  sites: [
    ["count", "ciphertext", 16, "at least 0 bytes"],
    ["argument", "", 10, "an object"],
    ["range", "unixSeconds", 14, "0 to 18446744073709551615"],
    ["length", "iv", 15, "16 bytes"],
    ["length", "hmac", 17, "32 bytes"],
  ],
};
/** Source: seeds/bittrrt, handshake. */
export interface Token {
  /** When it was made; any time is accepted. */
  unixSeconds: bigint;
  iv: Uint8Array;
  /** Whole blocks of 16 bytes. */
  ciphertext: Uint8Array;
  hmac: Uint8Array;
}
export const TOKEN_MIN_SIZE = 57;
function readToken(bytes: Uint8Array, at: number, end: number): Token | undefined {
  if (end - at < 57 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(TOKEN_SITES, 0 /* short */, 57, bytes, at, end);
  }
  if (bytes[at] !== 128) return refuse(TOKEN_SITES, 1 /* version: constant */, at);
  const $ciphertext$count = end - at - 57;
  return {
    unixSeconds: bigUnsigned(bytes, at + 1),
    iv: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 9, 16),
    ciphertext: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 25, $ciphertext$count),
    hmac: new Uint8Array(bytes.buffer, bytes.byteOffset + end - 32, 32),
  };
}
/** @throws WireError when the bytes are no bittrrt_token. */
export function decodeToken(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Token {
  return readToken(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeToken(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<Token> {
  const value = readToken(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function tokenLength(value: Token): number {
  const $ciphertext = value?.ciphertext;
  if (lengthOf($ciphertext) < 0) failBytes(TOKEN_SITES$WRITTEN, 0 /* ciphertext: count */, 0, $ciphertext);
  return 57 + $ciphertext.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeToken(value: Token): NewBytes {
  const bytes = new Uint8Array(tokenLength(value));
  encodeTokenInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeTokenInto(value: Token, bytes: Uint8Array, at = 0): number {
  if (!value) fail(TOKEN_SITES$WRITTEN, 1 /* argument */, at, value);
  const $ciphertext = value.ciphertext, $ciphertext$count = lengthOf($ciphertext);
  if ($ciphertext$count < 0) failBytes(TOKEN_SITES$WRITTEN, 0 /* ciphertext: count */, at, $ciphertext);
  const need = 57 + $ciphertext$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(TOKEN_SITES$WRITTEN, need, bytes, at);
  bytes[at] = 128;
  const $unixSeconds = value.unixSeconds;
  if (typeof $unixSeconds !== "bigint" || BigInt.asUintN(64, $unixSeconds) !== $unixSeconds)
    fail(TOKEN_SITES$WRITTEN, 2 /* unixSeconds: range */, at + 1, $unixSeconds);
  bigPut(bytes, at + 1, $unixSeconds);
  const $iv = value.iv;
  if (lengthOf($iv) !== 16) failBytes(TOKEN_SITES$WRITTEN, 3 /* iv: length */, at + 9, $iv);
  bytes[at + 9] = $iv[0]!; bytes[at + 10] = $iv[1]!; bytes[at + 11] = $iv[2]!; bytes[at + 12] = $iv[3]!;
  bytes[at + 13] = $iv[4]!; bytes[at + 14] = $iv[5]!; bytes[at + 15] = $iv[6]!; bytes[at + 16] = $iv[7]!;
  bytes[at + 17] = $iv[8]!; bytes[at + 18] = $iv[9]!; bytes[at + 19] = $iv[10]!; bytes[at + 20] = $iv[11]!;
  bytes[at + 21] = $iv[12]!; bytes[at + 22] = $iv[13]!; bytes[at + 23] = $iv[14]!; bytes[at + 24] = $iv[15]!;
  bytes.set($ciphertext, at + 25);
  const $$p1 = at + 25 + $ciphertext$count;
  const $hmac = value.hmac;
  if (lengthOf($hmac) !== 32) failBytes(TOKEN_SITES$WRITTEN, 4 /* hmac: length */, $$p1, $hmac);
  bytes.set($hmac, $$p1);
  return at + need;
}

const TOKEN_CONTENT_SITES: Sites = {
  format: "bittrrt_token_content",
  file: "bittrrt/handshake.ksy",
  sites: [
    ["short", "", 18, "at least 8 bytes"],
  ],
};
const TOKEN_CONTENT_SITES$WRITTEN: Sites = {
  format: "bittrrt_token_content",
  file: "bittrrt/handshake.ksy",
  sites: [
    ["count", "text", 22, "at least 0 bytes"],
    ["argument", "", 18, "an object"],
    ["range", "counter", 21, "0 to 18446744073709551615"],
  ],
};
/** Source: seeds/bittrrt, handshake. */
export interface TokenContent {
  /** Encryptions of the sender before this one; receivers do not look. */
  counter: bigint;
  /** JSON in UTF-8. */
  text: Uint8Array;
}
export const TOKEN_CONTENT_MIN_SIZE = 8;
function readTokenContent(bytes: Uint8Array, at: number, end: number): TokenContent | undefined {
  if (end - at < 8 || end >>> 0 !== end || end > lengthOf(bytes) || at >>> 0 !== at) {
    return refuseRange(TOKEN_CONTENT_SITES, 0 /* short */, 8, bytes, at, end);
  }
  const $text$count = end - at - 8;
  return {
    counter: bigUnsigned(bytes, at),
    text: new Uint8Array(bytes.buffer, bytes.byteOffset + at + 8, $text$count),
  };
}
/** @throws WireError when the bytes are no bittrrt_token_content. */
export function decodeTokenContent(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): TokenContent {
  return readTokenContent(bytes, at, end) ?? raise();
}
/** The same without throwing, for hot and hostile paths. */
export function tryDecodeTokenContent(bytes: Uint8Array, at = 0, end: number = lengthOf(bytes)): Result<TokenContent> {
  const value = readTokenContent(bytes, at, end);
  return value === undefined ? failure() : { ok: true, value };
}
/** Bytes that a value takes on the wire. @throws WireError where it has no length */
function tokenContentLength(value: TokenContent): number {
  const $text = value?.text;
  if (lengthOf($text) < 0) failBytes(TOKEN_CONTENT_SITES$WRITTEN, 0 /* text: count */, 0, $text);
  return 8 + $text.length;
}
/** @throws WireError when the value does not fit the format. */
export function encodeTokenContent(value: TokenContent): NewBytes {
  const bytes = new Uint8Array(tokenContentLength(value));
  encodeTokenContentInto(value, bytes, 0);
  return bytes;
}
/** Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room */
export function encodeTokenContentInto(value: TokenContent, bytes: Uint8Array, at = 0): number {
  if (!value) fail(TOKEN_CONTENT_SITES$WRITTEN, 1 /* argument */, at, value);
  const $text = value.text, $text$count = lengthOf($text);
  if ($text$count < 0) failBytes(TOKEN_CONTENT_SITES$WRITTEN, 0 /* text: count */, at, $text);
  const need = 8 + $text$count;
  if (lengthOf(bytes) - at < need || at >>> 0 !== at) failSpace(TOKEN_CONTENT_SITES$WRITTEN, need, bytes, at);
  const $counter = value.counter;
  if (typeof $counter !== "bigint" || BigInt.asUintN(64, $counter) !== $counter)
    fail(TOKEN_CONTENT_SITES$WRITTEN, 2 /* counter: range */, at, $counter);
  bigPut(bytes, at, $counter);
  bytes.set($text, at + 8);
  return at + need;
}

