/** CRC-32 of IEEE 802.3, as in zlib: four tables, four bytes a step. */
import { lengthOf, requireRange, requireUint32 } from "./checks.js";

/** Reflected polynomial. The initial value and the final XOR are all ones. */
const POLYNOMIAL = 0xedb88320;

const TABLES = /* @__PURE__ */ buildTables();

function buildTables(): readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? POLYNOMIAL ^ (remainder >>> 1) : remainder >>> 1;
    first[byte] = remainder;
  }
  // Each further table is the previous one, advanced by one zero byte.
  const advance = (table: Uint32Array) => table.map((crc) => first[crc & 255]! ^ (crc >>> 8));
  const second = advance(first);
  const third = advance(second);
  return [first, second, third, advance(third)];
}

/**
 * The CRC-32 of `bytes[at..end)` as an unsigned 32-bit number. `initial` is the CRC of preceding bytes: the result
 * covers both. @throws WireError `argument`
 */
export function crc32(bytes: Uint8Array, initial = 0, at = 0, end = lengthOf(bytes)): number {
  requireUint32("crc32", "initial", initial);
  requireRange("crc32", bytes, at, end);
  const [t0, t1, t2, t3] = TABLES;
  let crc = ~initial;
  for (; at + 4 <= end; at += 4) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc = t3[crc & 255]! ^ t2[(crc >>> 8) & 255]! ^ t1[(crc >>> 16) & 255]! ^ t0[crc >>> 24]!;
  }
  for (; at < end; at++) crc = t0[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
