/**
 *   0x1000 TARGET   20 bytes: the id to which distances are taken, or that is looked for
 *   0x1060 NEAREST  the list of the nearest, 24 bytes each: their distance as two words of 64 bits and one of 32, then
 *                   their index
 *   0x28a0 LEAF_DISTANCES  words of 64 bits while a few ids are sorted
 *   0x2940 LEAF_SLOTS      their slots
 *
 * Ids and what is computed of them lie wherever the host has added regions for them. Nothing is read past them.
 */
import { FIRST_REGION, GUARD_LENGTH } from "./memory";

export const ID_BYTES: usize = 20;
export const PREFIX_BYTES: usize = 4;

/** Bytes of an entry of the list. */
export const NEAREST_STRIDE: usize = 24;
/** Ids that the list can hold. */
export const MOST_NEAREST: usize = 256;

/** How many ids of a sorted index are sorted by their distances at once, rather than split further. */
export const LEAF_IDS: usize = 12;

export const TARGET: usize = FIRST_REGION;
export const TARGET_BYTES: usize = 32;
export const NEAREST: usize = TARGET + TARGET_BYTES + GUARD_LENGTH;
export const NEAREST_BYTES: usize = MOST_NEAREST * NEAREST_STRIDE;
export const LEAF_DISTANCES: usize = NEAREST + NEAREST_BYTES + GUARD_LENGTH;
export const LEAF_DISTANCES_BYTES: usize = LEAF_IDS * 8;
export const LEAF_SLOTS: usize = LEAF_DISTANCES + LEAF_DISTANCES_BYTES + GUARD_LENGTH;
export const LEAF_SLOTS_BYTES: usize = LEAF_IDS * 4;
