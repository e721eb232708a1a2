/**
 *   0x1000 STATE     5 words: the hash of the blocks so far
 *   0x1060 SCHEDULE  80 words of the message schedule, or 80 vectors of four messages
 *   0x15a0 TAIL      four times two blocks: what is left of a message, padded
 *   0x17e0 LANES     5 vectors: the states of four messages, lane by lane
 *
 * Messages and digests lie wherever the host has added regions for them. Up to 63 bytes behind a message are read,
 * which do not count.
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export const BLOCK_BYTES: usize = 64;
export const DIGEST_BYTES: usize = 20;

/** Whole vectors; what lies behind the five words does not count. */
export const STATE_BYTES: usize = 32;
export const STATE: usize = FIRST_REGION;
export const SCHEDULE: usize = STATE + STATE_BYTES + GUARD_LENGTH;
export const SCHEDULE_BYTES: usize = 80 * 16;
/** What one message alone uses of it. */
export const WORDS_BYTES: usize = 80 * 4;
export const TAIL: usize = SCHEDULE + SCHEDULE_BYTES + GUARD_LENGTH;
export const TAIL_BYTES: usize = 4 * 2 * BLOCK_BYTES;
export const LANES: usize = TAIL + TAIL_BYTES + GUARD_LENGTH;
export const LANES_BYTES: usize = 5 * 16;
