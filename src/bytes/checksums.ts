/** Checksums of protocols, beside CRC-32. Ranges are the caller's to check. */

const ADLER_MOD = 65_521;
/** Sums stay below 2^31 for so many bytes, as in RFC 1950's own implementation. */
const ADLER_RUN = 5552;

/** Adler-32 (RFC 1950) of the bytes from `at` to `end`. */
export function adler32(bytes: Uint8Array, at: number, end: number): number {
  let [a, b] = [1, 0];
  while (at < end) {
    const stop = Math.min(end, at + ADLER_RUN);
    for (; at < stop; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= ADLER_MOD;
    b %= ADLER_MOD;
  }
  return ((b << 16) | a) >>> 0;
}

/** The sum of the bytes from `at` to `end`, of which eight bits are kept. */
export function sum8(bytes: Uint8Array, at: number, end: number): number {
  let sum = 0;
  for (; at < end; at++) sum = (sum + bytes[at]!) & 0xff;
  return sum;
}

/** The exclusive or of the bytes from `at` to `end`. */
export function xor8(bytes: Uint8Array, at: number, end: number): number {
  let sum = 0;
  for (; at < end; at++) sum ^= bytes[at]!;
  return sum;
}

/**
 * The internet checksum (RFC 1071) of the bytes from `at` to `end`: the complement of the sum of big-endian words, an odd
 * byte padded with zeros. The two bytes at `field` count as zero, because there the checksum itself lies.
 */
export function internetChecksum(bytes: Uint8Array, at: number, end: number, field: number): number {
  let sum = 0;
  for (let i = at; i < end; i++) {
    if (i === field || i === field + 1) continue;
    sum += ((i - at) & 1) === 0 ? bytes[i]! << 8 : bytes[i]!;
    if (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  }
  return ~sum & 0xffff;
}

/** One table for each polynomial and direction that was asked for. */
const crc16Tables = new Map<number, Uint16Array>();

/**
 * A CRC of 16 bits from `at` to `end`, by the parameters that catalogues of CRCs give.
 * @param poly the polynomial without its highest term, not reflected
 * @param reflect bytes and result have their lowest bit first
 */
export function crc16(
  bytes: Uint8Array,
  at: number,
  end: number,
  poly: number,
  init: number,
  reflect: boolean,
  xor: number,
): number {
  const key = reflect ? poly + 0x10000 : poly;
  let table = crc16Tables.get(key);
  if (table === undefined) crc16Tables.set(key, (table = crc16Table(poly, reflect)));
  let crc = reflect ? reversed16(init) : init;
  if (reflect) for (; at < end; at++) crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 0xff]!;
  else for (; at < end; at++) crc = ((crc << 8) & 0xffff) ^ table[(crc >>> 8) ^ bytes[at]!]!;
  return crc ^ xor;
}

function crc16Table(poly: number, reflect: boolean): Uint16Array {
  const reflected = reversed16(poly);
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = reflect ? byte : byte << 8;
    for (let bit = 0; bit < 8; bit++) {
      if (reflect) crc = (crc & 1) === 1 ? (crc >>> 1) ^ reflected : crc >>> 1;
      else crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ poly) & 0xffff : (crc << 1) & 0xffff;
    }
    return crc;
  });
}

function reversed16(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 16; bit++) reversed |= ((value >>> bit) & 1) << (15 - bit);
  return reversed;
}
