/**
 *   0x1000 STATE     8 words: the hash of the blocks so far
 *   0x1060 SCHEDULE  16 words of the message schedule, each with its constant added
 *   0x10e0 TAIL      four times two blocks: what is left of a message, padded
 *   0x1320 LANES     8 vectors: the states of four messages, lane by lane
 *   0x13e0 KEY       two states of HMAC: after the inner and after the outer padded key
 *
 * Messages and digests lie wherever the host has added regions for them. Up to 63 bytes behind a message are read,
 * which do not count.
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export const BLOCK_BYTES: usize = 64;
export const STATE_BYTES: usize = 32;

export const STATE: usize = FIRST_REGION;
export const SCHEDULE: usize = STATE + STATE_BYTES + GUARD_LENGTH;
export const SCHEDULE_BYTES: usize = 64;
export const TAIL: usize = SCHEDULE + SCHEDULE_BYTES + GUARD_LENGTH;
export const TAIL_BYTES: usize = 4 * 2 * BLOCK_BYTES;
export const LANES: usize = TAIL + TAIL_BYTES + GUARD_LENGTH;
export const LANES_BYTES: usize = 4 * STATE_BYTES;
export const KEY: usize = LANES + LANES_BYTES + GUARD_LENGTH;
export const KEY_BYTES: usize = 2 * STATE_BYTES;
