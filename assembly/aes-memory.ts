/**
 *   0x1000 KEY           the key: 16, 24 or 32 bytes
 *   0x1060 COUNTER       the counter block; once begun, the same number with its low half first
 *   0x10b0 SCHEDULE      round keys as the standard has them, 16 bytes each
 *   0x11e0 PREPARED_KEY  what GHASH looks up, and round keys as the two ciphers have them
 *                          | 16 x 32 HASH_TABLE | 15 x 16 ROUND_KEYS | 16 FIRST_SLICED_KEY | 13 x 128 SLICED_KEYS |
 *   0x1ba0 BLOCKS        eight counter blocks, which become eight blocks of the key stream
 *   0x1c60 SUM           of GHASH, with its bytes reversed
 *   0x1cb0 MASK          what a tag is encrypted with: the first block of the key stream
 *
 * Texts lie wherever the host has added a region for them and are worked on in place, in steps of up to 128 bytes: what
 * lies behind a text, up to there, is written to.
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export const BLOCK_BYTES: usize = 16;
/** What the bitsliced cipher takes at once. */
export const SLICED_BYTES: usize = 8 * BLOCK_BYTES;
/** FIPS 197 table 3: AES-256 has 14 rounds, and a key more than rounds. */
const MOST_ROUNDS: usize = 14;

export const KEY: usize = FIRST_REGION;
export const KEY_BYTES: usize = 32;
export const COUNTER: usize = KEY + KEY_BYTES + GUARD_LENGTH;
export const COUNTER_BYTES: usize = BLOCK_BYTES;
export const SCHEDULE: usize = COUNTER + COUNTER_BYTES + GUARD_LENGTH;
export const SCHEDULE_BYTES: usize = (MOST_ROUNDS + 1) * BLOCK_BYTES;
export const PREPARED_KEY: usize = SCHEDULE + SCHEDULE_BYTES + GUARD_LENGTH;
export const HASH_TABLE_LENGTH: usize = BLOCK_BYTES * 2 * BLOCK_BYTES;
export const PREPARED_KEY_BYTES: usize =
  HASH_TABLE_LENGTH + SCHEDULE_BYTES + BLOCK_BYTES + (MOST_ROUNDS - 1) * SLICED_BYTES;
export const BLOCKS: usize = PREPARED_KEY + PREPARED_KEY_BYTES + GUARD_LENGTH;
export const BLOCKS_BYTES: usize = SLICED_BYTES;
export const SUM: usize = BLOCKS + BLOCKS_BYTES + GUARD_LENGTH;
export const SUM_BYTES: usize = BLOCK_BYTES;
export const MASK: usize = SUM + SUM_BYTES + GUARD_LENGTH;
export const MASK_BYTES: usize = BLOCK_BYTES;

export const HASH_TABLE: usize = PREPARED_KEY;
/** What of PREPARED_KEY encrypts: the rest of it and, for a text of few blocks, the first of that. */
export const ROUND_KEYS: usize = HASH_TABLE + HASH_TABLE_LENGTH;
export const ROUND_KEYS_LENGTH: usize = SCHEDULE_BYTES;
export const ALL_KEYS_LENGTH: usize = PREPARED_KEY_BYTES - HASH_TABLE_LENGTH;
export const FIRST_SLICED_KEY: usize = ROUND_KEYS + ROUND_KEYS_LENGTH;
export const SLICED_KEYS: usize = FIRST_SLICED_KEY + BLOCK_BYTES;
