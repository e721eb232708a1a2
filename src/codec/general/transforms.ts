/** How the bytes of a value are transformed: the ways of `process` that need no code of a user, in both directions. */
import { adler32 } from "../../bytes/checksums.js";
import { inflate } from "./inflate.js";
import type { Session } from "./session.js";

/** Each byte with the key, or with the byte of the key whose turn it is. Its own inverse. */
export function xorBytes(bytes: Uint8Array, key: number | Uint8Array): Uint8Array {
  if (typeof key === "number") return bytes.map((byte) => byte ^ key);
  if (key.length === 0) return bytes;
  return bytes.map((byte, i) => byte ^ key[i % key.length]!);
}

/** The bits of each byte, turned to the left; by a negative number to the right. */
export function rotateBytes(bytes: Uint8Array, by: number): Uint8Array {
  const n = ((by % 8) + 8) % 8;
  return bytes.map((byte) => (byte << n) | (byte >> (8 - n)));
}

/** Bytes behind the output of one input byte: what DEFLATE can reach at best (RFC 1951) is 1032. */
const RATIO_MAX = 1032;

/** The bytes inside a zlib stream (RFC 1950). */
export function unzlibBytes(session: Session, bytes: Uint8Array): Uint8Array {
  const method = bytes[0] ?? 0;
  const isHeader = bytes.length >= 6 && (method & 15) === 8 && (method * 256 + bytes[1]!) % 31 === 0;
  if (!isHeader || (bytes[1]! & 32) !== 0) session.fail("constant", 0, "a zlib stream without a dictionary");
  const end = bytes.length - 4;
  const inner = inflate(bytes.subarray(2, end), RATIO_MAX * bytes.length, (n) => session.step(n / 16));
  if (inner === undefined) return session.fail("short", 0, "a whole DEFLATE stream");
  const sum = adler32(inner, 0, inner.length);
  const told = ((bytes[end]! << 24) | (bytes[end + 1]! << 16) | (bytes[end + 2]! << 8) | bytes[end + 3]!) >>> 0;
  if (sum !== told) session.fail("crc", 0, String(told), sum);
  return inner;
}

/** A zlib stream of stored blocks: 11 bytes and 5 for each further 65,535 more than what is inside. */
export function zlibBytes(inner: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(inner.length / 0xffff));
  const bytes = new Uint8Array(6 + 5 * blocks + inner.length);
  bytes.set([0x78, 0x01]);
  let at = 2;
  for (let i = 0; i < blocks; i++) {
    const block = inner.subarray(i * 0xffff, (i + 1) * 0xffff);
    const { length } = block;
    bytes.set([i === blocks - 1 ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255], at);
    bytes.set(block, at + 5);
    at += 5 + length;
  }
  const sum = adler32(inner, 0, inner.length);
  bytes.set([sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255], at);
  return bytes;
}
