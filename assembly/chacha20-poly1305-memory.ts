/**
 *   0x1000 STATE        the last three rows of ChaCha20's matrix: key 32 bytes | block counter u32 | nonce 12 bytes
 *   0x1070 KEYSTREAM    four blocks
 *   0x11b0 ACCUMULATOR  five words of Poly1305, of 32 bits each but the last, which has a few
 *   0x1210 ONE_TIME_KEY r and s of Poly1305, 16 bytes each
 *
 * Texts and additional data lie wherever the host has added regions for them, and are worked on in place. 16 bytes
 * behind each of them are written to, too.
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export const STATE: usize = FIRST_REGION;
export const STATE_BYTES: usize = 48;
export const KEYSTREAM: usize = STATE + STATE_BYTES + GUARD_LENGTH;
export const KEYSTREAM_BYTES: usize = 4 * 64;
export const ACCUMULATOR: usize = KEYSTREAM + KEYSTREAM_BYTES + GUARD_LENGTH;
export const ACCUMULATOR_BYTES: usize = 32;
export const ONE_TIME_KEY: usize = ACCUMULATOR + ACCUMULATOR_BYTES + GUARD_LENGTH;
export const ONE_TIME_KEY_BYTES: usize = 32;
