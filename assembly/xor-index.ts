/**
 * Ids in the order of their numbers. Those that share a prefix stand side by side in it, and the more of its bits an
 * id shares with the target, the nearer it is; so the nearest ids stand around the place where the target would be:
 *
 *   shares  0 0 0 1 1 3 | 5 2 2 2 2      bits with the target, whose place is |
 *   nearer  3     2   1   0 1…           the order in which such blocks of one side are taken: 5, 3, 2, 1, 0
 *
 * A block is split at the first bit in which its ids differ: the half that has the target's bit is the nearer one.
 *
 *   KEYS   the first eight bytes of each id, in order
 *   SLOTS  the slot of each id in the same order; then the slots that are free
 *   IDS    20 bytes a slot
 */
import { bitOf, high, isLess, isNearer, sharedBits } from "./xor-id";
import { ID_BYTES, LEAF_DISTANCES, LEAF_IDS, LEAF_SLOTS, TARGET } from "./xor-memory";

let keys: usize = 0;
let slots: usize = 0;
let ids: usize = 0;
let count: usize = 0;

/** Begins an empty index of `capacity` ids, for which the host has added three regions. */
export function beginIndex(keysAt: usize, slotsAt: usize, idsAt: usize, capacity: usize): void {
  keys = keysAt;
  slots = slotsAt;
  ids = idsAt;
  count = 0;
  for (let slot: usize = 0; slot < capacity; slot++) store<u32>(slotAddress(slot), <u32>slot);
}

/** The slot of TARGET, or -1. */
export function find(): i32 {
  const place = placeOfTarget();
  return isTarget(place) ? <i32>slotAt(place) : -1;
}

/** Puts TARGET in, if it is not there and there is room; returns its slot. */
export function insert(): i32 {
  const place = placeOfTarget();
  if (isTarget(place)) return <i32>slotAt(place);
  const slot = slotAt(count);
  memory.copy(keyAddress(place + 1), keyAddress(place), (count - place) << 3);
  memory.copy(slotAddress(place + 1), slotAddress(place), (count - place) << 2);
  store<u64>(keyAddress(place), high(TARGET));
  store<u32>(slotAddress(place), <u32>slot);
  memory.copy(idOf(slot), TARGET, ID_BYTES);
  count++;
  return <i32>slot;
}

/** Takes TARGET out; returns the slot that it had, or -1. */
export function remove(): i32 {
  const place = placeOfTarget();
  if (!isTarget(place)) return -1;
  const slot = slotAt(place);
  count--;
  memory.copy(keyAddress(place), keyAddress(place + 1), (count - place) << 3);
  memory.copy(slotAddress(place), slotAddress(place + 1), (count - place) << 2);
  store<u32>(slotAddress(count), <u32>slot);
  return <i32>slot;
}

/** Writes the slots of the `k` ids nearest to TARGET to `to`, a word each, nearest first; returns their number. */
export function closest(k: usize, to: usize): usize {
  let left = <i32>placeOfTarget();
  let right = left;
  const end = to + (min<usize>(k, count) << 2);
  for (let at = to; at < end; ) {
    const sharedLeft = left > 0 ? <i32>sharedWithTarget(left - 1) : -1;
    const sharedRight = right < <i32>count ? <i32>sharedWithTarget(right) : -1;
    if (sharedLeft > sharedRight) {
      const length = blockLength(left - 1, -1, sharedLeft, left);
      at = emit(left - length, left, at, end);
      left -= length;
    } else {
      const length = blockLength(right, 1, sharedRight, <i32>count - right);
      at = emit(right, right + length, at, end);
      right += length;
    }
  }
  return (end - to) >> 2;
}

/** How many of the `most` ids from `place` on to one side share `bits` bits with the target; the first does. */
function blockLength(place: i32, side: i32, bits: i32, most: i32): i32 {
  let length = 1;
  let step = 1;
  while (length + step <= most && <i32>sharedWithTarget(place + side * (length + step - 1)) >= bits) {
    length += step;
    step <<= 1;
  }
  for (; step > 0; step >>= 1) {
    if (length + step > most) continue;
    if (<i32>sharedWithTarget(place + side * (length + step - 1)) >= bits) length += step;
  }
  return length;
}

/** Writes the slots of a block to `to`, nearest first, and not beyond `end`; returns where the next one goes. */
function emit(first: usize, next: usize, to: usize, end: usize): usize {
  if (next - first <= LEAF_IDS) return emitSorted(first, next, to, end);
  const bit = sharedByPlaces(first, next - 1);
  const middle = firstWithBit(bit, first, next);
  const isUpperNearer = bitOf(TARGET, bit) !== 0;
  to = isUpperNearer ? emit(middle, next, to, end) : emit(first, middle, to, end);
  if (to === end) return to;
  return isUpperNearer ? emit(first, middle, to, end) : emit(middle, next, to, end);
}

/** As {@link emit}, of at most LEAF_IDS ids. */
function emitSorted(first: usize, next: usize, to: usize, end: usize): usize {
  const target = high(TARGET);
  for (let place = first; place < next; place++) {
    const distance = keyAt(place) ^ target;
    const slot = slotAt(place);
    let hole = place - first;
    for (; hole > 0; hole--) {
      const before = load<u64>(LEAF_DISTANCES + ((hole - 1) << 3));
      const slotBefore: usize = load<u32>(LEAF_SLOTS + ((hole - 1) << 2));
      if (before < distance || (before === distance && isNearer(idOf(slotBefore), idOf(slot)))) break;
      store<u64>(LEAF_DISTANCES + (hole << 3), before);
      store<u32>(LEAF_SLOTS + (hole << 2), <u32>slotBefore);
    }
    store<u64>(LEAF_DISTANCES + (hole << 3), distance);
    store<u32>(LEAF_SLOTS + (hole << 2), <u32>slot);
  }
  for (let at = LEAF_SLOTS; at < LEAF_SLOTS + ((next - first) << 2) && to < end; at += 4) {
    store<u32>(to, load<u32>(at));
    to += 4;
  }
  return to;
}

/** Where TARGET is or belongs. */
function placeOfTarget(): usize {
  const target = high(TARGET);
  let from: usize = 0;
  let to = count;
  while (from < to) {
    const half = (from + to) >> 1;
    const key = keyAt(half);
    if (key < target || (key === target && isLess(idAt(half), TARGET))) from = half + 1;
    else to = half;
  }
  return from;
}

/** The first place from `from` on whose id has bit `bit` set; before it, none of the block has. */
function firstWithBit(bit: u32, from: usize, to: usize): usize {
  while (from < to) {
    const half = (from + to) >> 1;
    const isSet = bit < 64 ? ((keyAt(half) >> (63 - bit)) & 1) !== 0 : bitOf(idAt(half), bit) !== 0;
    if (isSet) to = half;
    else from = half + 1;
  }
  return from;
}

// @ts-ignore: decorator
@inline
function isTarget(place: usize): bool {
  return place < count && keyAt(place) === high(TARGET) && sharedBits(idAt(place), TARGET) === 160;
}

// @ts-ignore: decorator
@inline
function sharedWithTarget(place: usize): u32 {
  const distance = keyAt(place) ^ high(TARGET);
  return distance !== 0 ? <u32>clz<u64>(distance) : sharedBits(idAt(place), TARGET);
}

// @ts-ignore: decorator
@inline
function sharedByPlaces(a: usize, b: usize): u32 {
  const distance = keyAt(a) ^ keyAt(b);
  return distance !== 0 ? <u32>clz<u64>(distance) : sharedBits(idAt(a), idAt(b));
}

// @ts-ignore: decorator
@inline
function keyAddress(place: usize): usize {
  return keys + (place << 3);
}

// @ts-ignore: decorator
@inline
function keyAt(place: usize): u64 {
  return load<u64>(keyAddress(place));
}

// @ts-ignore: decorator
@inline
function slotAddress(place: usize): usize {
  return slots + (place << 2);
}

// @ts-ignore: decorator
@inline
function slotAt(place: usize): usize {
  return load<u32>(slotAddress(place));
}

// @ts-ignore: decorator
@inline
function idOf(slot: usize): usize {
  return ids + slot * ID_BYTES;
}

// @ts-ignore: decorator
@inline
function idAt(place: usize): usize {
  return idOf(slotAt(place));
}
