/**
 * CRC-32 of IEEE 802.3 (the one of zlib). A long message is first *folded*: made shorter, with the same CRC, sixteen
 * bytes a step and without a table; what is left goes through tables, sixteen bytes a step as well.
 *
 * Folding. Bytes are polynomials over GF(2), and the CRC is the remainder modulo P, so that a message may be changed
 * by any multiple of P. Where P divides x^8a + x^8b + x^8c + 1, a byte may be cleared if it is added to the bytes a, b
 * and c behind it. Seen from where the bytes arrive,
 *
 *   y[i] = d[i] ^ y[i - a] ^ y[i - b] ^ y[i - c]
 *
 * and once all d[i] are read, only the last max(a, b, c) bytes still await what is added to them: these are a message
 * with the CRC of the whole. The farther the distances, the fewer of them it takes, and the longer what is left: folds
 * follow one another, each over what the one before left. The distances were found by search; a test computes that P
 * divides the polynomial of each row.
 *
 *   fold      distances of a byte               vectors of history
 *   near      53, 57, 67, 108, 129, 137           9, in registers
 *   far       140, 791, 3006                    188, in FOLDED
 *   farthest  280, 1582, 6012                   376, in FOLDED: those of far doubled, since f(x)^2 = f(x^2)
 *
 *   0x001000 TABLES  16 tables of 256 words; table k moves a byte past k further bytes
 *   0x005040 FOLDED  the y that still matter, then a block of them, then zeros in place of those that never come
 *   0x017fc0 REST    what a fold leaves
 *   0x0197c0 INPUT   the message, or a part of it
 *
 * A message is read in whole vectors: up to 15 bytes behind it, which do not count.
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export { GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";

/** Bytes that a turn of a fold through memory takes: four vectors. */
const TURN: usize = 64;
/** How many y are made before those that still matter move to the front: half of a first cache, and of a second. */
const FAR_BLOCK: usize = 16 * 1024;
const FARTHEST_BLOCK: usize = 64 * 1024;
/** The farthest distances in whole vectors. */
const NEAR_HISTORY: usize = 144;
const FAR_HISTORY: usize = 3008;
const FARTHEST_HISTORY: usize = 6016;

const TABLE_BYTES: usize = 256 * 4;

export const TABLES: usize = FIRST_REGION;
export const TABLES_BYTES: usize = 16 * TABLE_BYTES;
export const FOLDED: usize = TABLES + TABLES_BYTES + GUARD_LENGTH;
export const FOLDED_BYTES: usize = FARTHEST_HISTORY + FARTHEST_BLOCK + FARTHEST_HISTORY + TURN;
export const REST: usize = FOLDED + FOLDED_BYTES + GUARD_LENGTH;
export const REST_BYTES: usize = FARTHEST_HISTORY + TURN;
export const INPUT: usize = REST + REST_BYTES + GUARD_LENGTH;
export const INPUT_BYTES: usize = 1024 * 1024;

/** IEEE 802.3-2022 §3.2.9, the generating polynomial with its bits reversed. */
const POLYNOMIAL: u32 = 0xedb88320;

/** From which length on a fold is faster than what comes after it; measured. */
const NEAR_FROM: usize = 200;
const FAR_FROM: usize = 11_000;
const FARTHEST_FROM: usize = 36_000;

buildTables();

/** The CRC-32 of what `crc` already covers followed by the `length` bytes at `from`; `crc` starts at 0. */
export function update(crc: u32, from: usize, length: usize): u32 {
  let state = ~crc;
  if (length >= FARTHEST_FROM) {
    length = foldThroughMemory(true, state, from, length);
    from = REST;
    state = 0;
  }
  if (length >= FAR_FROM) {
    length = foldThroughMemory(false, state, from, length);
    from = REST;
    state = 0;
  }
  if (length >= NEAR_FROM) {
    length = foldNear(state, from, length);
    from = REST;
    state = 0;
  }
  return ~byTables(state, from, length);
}

/**
 * Writes a message of the same remainder as `state` and the `length` bytes at `from` to REST, where those may already
 * lie; returns its length. The vectors a to i are the last nine, i the latest.
 */
function foldNear(state: u32, from: usize, length: usize): usize {
  const rest = length - ((length - NEAR_HISTORY) & ~15);
  const zero = i32x4.splat(0);
  let a = zero, b = zero, c = zero, d = zero, e = zero, f = zero, g = zero, h = zero, i = zero;
  let next = i32x4.replace_lane(zero, 0, state);
  for (const end = from + length - rest; from < end; from += 16) {
    next = v128.xor(v128.xor(next, v128.load(from)), added(a, b, c, d, e, f, g, h, i));
    a = b; b = c; c = d; d = e; e = f; f = g; g = h; h = i; i = next;
    next = zero;
  }
  for (let at: usize = 0; at < rest; at += 16) {
    v128.store(REST + at, v128.xor(v128.load(from + at), added(a, b, c, d, e, f, g, h, i)));
    a = b; b = c; c = d; d = e; e = f; f = g; g = h; h = i; i = zero;
  }
  return rest;
}

/** What the last nine vectors add to the next: those that begin 137, 129, 108, 67, 57 and 53 bytes before it. */
// @ts-ignore: decorator
@inline
function added(a: v128, b: v128, c: v128, d: v128, e: v128, f: v128, g: v128, h: v128, i: v128): v128 {
  const farther = xor3(
    i8x16.shuffle(a, b, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22),
    i8x16.shuffle(a, b, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30),
    i8x16.shuffle(c, d, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19),
  );
  const nearer = xor3(
    i8x16.shuffle(e, f, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28),
    i8x16.shuffle(f, g, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22),
    i8x16.shuffle(f, g, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26),
  );
  return v128.xor(farther, nearer);
}

/** As {@link foldNear}, by distances too far for registers. */
// @ts-ignore: decorator
@inline
function foldThroughMemory(farthest: bool, state: u32, from: usize, length: usize): usize {
  const history = farthest ? FARTHEST_HISTORY : FAR_HISTORY;
  const block = farthest ? FARTHEST_BLOCK : FAR_BLOCK;
  const rest = length - ((length - history) & ~(TURN - 1));
  const farthestDistance: usize = farthest ? 6012 : 3006;
  memory.fill(FOLDED, 0, history);
  // What came before counts as if added to the first four bytes: as an early y that only the farthest distance reaches.
  store<u32>(FOLDED + history - farthestDistance, state);
  let y = FOLDED;
  for (const end = from + length - rest; from < end; from += TURN) {
    if (y === FOLDED + block) {
      memory.copy(FOLDED, y, history);
      y = FOLDED;
    }
    v128.store(y + history, folded(farthest, from, y));
    v128.store(y + history + 16, folded(farthest, from + 16, y + 16));
    v128.store(y + history + 32, folded(farthest, from + 32, y + 32));
    v128.store(y + history + 48, folded(farthest, from + 48, y + 48));
    y += TURN;
  }
  memory.fill(y + history, 0, history + TURN);
  for (let at: usize = 0; at < rest; at += 16) v128.store(REST + at, folded(farthest, from + at, y + at));
  return rest;
}

/** Sixteen bytes of the message with the earlier y that are added to them; `y` is a history before their own place. */
// @ts-ignore: decorator
@inline
function folded(farthest: bool, from: usize, y: usize): v128 {
  const added = farthest
    ? xor3(v128.load(y, 6016 - 280), v128.load(y, 6016 - 1582), v128.load(y, 6016 - 6012))
    : xor3(v128.load(y, 3008 - 140), v128.load(y, 3008 - 791), v128.load(y, 3008 - 3006));
  return v128.xor(v128.load(from), added);
}

// @ts-ignore: decorator
@inline
function xor3(a: v128, b: v128, c: v128): v128 {
  return v128.xor(a, v128.xor(b, c));
}

/** The remainder of what `state` covers followed by the `length` bytes at `from`. */
function byTables(state: u32, from: usize, length: usize): u32 {
  const end = from + length;
  const wide = from + (length & ~15);
  for (; from < wide; from += 16) {
    state =
      word(12, state ^ load<u32>(from)) ^
      word(8, load<u32>(from, 4)) ^
      word(4, load<u32>(from, 8)) ^
      word(0, load<u32>(from, 12));
  }
  for (; from < end; from++) state = entry(0, (state ^ load<u8>(from)) & 255) ^ (state >> 8);
  return state;
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
  return load<u32>(TABLES + table * TABLE_BYTES + ((<usize>byte) << 2));
}

function buildTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
    store<u32>(TABLES + ((<usize>byte) << 2), remainder);
  }
  // Each further table is the one before it, moved on by one zero byte.
  for (let at = TABLES + TABLE_BYTES; at < TABLES + TABLES_BYTES; at += 4) {
    const crc = load<u32>(at - TABLE_BYTES);
    store<u32>(at, entry(0, crc & 255) ^ (crc >> 8));
  }
}
