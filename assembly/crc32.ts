/**
 * CRC-32 of IEEE 802.3 (the one of zlib), sixteen bytes a step. The tables are built when the module is
 * started: sixteen kilobytes of data would be larger than the code that makes them.
 *
 *   0x1000 TABLES  16 tables of 256 words; table k moves a byte past k further bytes
 *   0x5040 INPUT   one chunk of the message
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export { GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";

export const TABLES: usize = FIRST_REGION;
export const TABLES_BYTES: usize = 16 * 256 * 4;
export const INPUT: usize = TABLES + TABLES_BYTES + GUARD_LENGTH;
export const INPUT_BYTES: usize = 64 * 1024;

/** IEEE 802.3-2022 §3.2.9, the generating polynomial with its bits reversed. */
const POLYNOMIAL: u32 = 0xedb88320;

buildTables();

/** The CRC-32 of what `crc` already covers followed by the first `length` bytes of INPUT; `crc` starts at 0. */
export function update(crc: u32, length: u32): u32 {
  let at = INPUT;
  const end = at + length;
  const wide = at + (length & ~15);
  crc = ~crc;
  for (; at < wide; at += 16) {
    crc =
      word(12, crc ^ load<u32>(at)) ^
      word(8, load<u32>(at, 4)) ^
      word(4, load<u32>(at, 8)) ^
      word(0, load<u32>(at, 12));
  }
  for (; at < end; at++) crc = entry(0, (crc ^ load<u8>(at)) & 255) ^ (crc >> 8);
  return ~crc;
}

/** The remainder of four bytes that `after` further bytes of the step follow. */
// @ts-ignore: decorator
@inline
function word(after: usize, bytes: u32): u32 {
  return (
    entry(after + 3, bytes & 255) ^
    entry(after + 2, (bytes >> 8) & 255) ^
    entry(after + 1, (bytes >> 16) & 255) ^
    entry(after, bytes >> 24)
  );
}

// @ts-ignore: decorator
@inline
function entry(table: usize, byte: u32): u32 {
  return load<u32>(TABLES + (table << 10) + ((<usize>byte) << 2));
}

function buildTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
    store<u32>(TABLES + ((<usize>byte) << 2), remainder);
  }
  // Each further table is the one before it, moved on by one zero byte.
  for (let at = TABLES + 1024; at < TABLES + TABLES_BYTES; at += 4) {
    const crc = load<u32>(at - 1024);
    store<u32>(at, entry(0, crc & 255) ^ (crc >> 8));
  }
}
