/** CRC-32 of IEEE 802.3, as in zlib: eight tables, eight bytes a step. */
import { lengthOf, requireRange, requireUint32 } from "./checks.js";

/** Reflected polynomial. The initial value and the final XOR are all ones. */
const POLYNOMIAL = 0xedb88320;

/**
 * The CRC-32 of `bytes[at..end)` as an unsigned 32-bit number. `initial` is the CRC of preceding bytes: the result
 * covers both. @throws WireError `argument`
 */
export function crc32(bytes: Uint8Array, initial = 0, at = 0, end: number = lengthOf(bytes)): number {
  requireUint32("crc32", "initial", initial);
  requireRange("crc32", bytes, at, end);
  return advance(bytes, initial, at, end);
}

const advance = /* @__PURE__ */ makeAdvance();

/**
 * The same without checks. V8 takes the tables of a closure for constants, but those of a module for variables, to
 * which bundlers turn each `const`: a tenth of the cell of PNG. Steps of 12 bytes gain in a loop of CRCs, not there.
 */
function makeAdvance(): (bytes: Uint8Array, initial: number, at: number, end: number) => number {
  // A table for each of eight bytes, one after the other: the last for the first byte.
  const t = new Int32Array(8 * 256);
  for (let i = 0; i < t.length; i++) {
    // Each further table is the one before, advanced by one zero byte.
    let remainder = i < 256 ? i : t[i - 256]!;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? POLYNOMIAL ^ (remainder >>> 1) : remainder >>> 1;
    t[i] = remainder;
  }
  return (bytes, initial, at, end) => {
    let crc = ~initial;
    for (; at < end - 7; at += 8) {
      crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      crc =
        t[1792 + (crc & 255)]! ^
        t[1536 + ((crc >>> 8) & 255)]! ^
        t[1280 + ((crc >>> 16) & 255)]! ^
        t[1024 + (crc >>> 24)]! ^
        // What came before has no part in these four, so they need not wait for it.
        (t[768 + bytes[at + 4]!]! ^ t[512 + bytes[at + 5]!]! ^ t[256 + bytes[at + 6]!]! ^ t[bytes[at + 7]!]!);
    }
    for (; at < end; at++) crc = t[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}
