/** The nearest ids of a scan so far, nearest first; of equal ones the first that came is the nearer. */
import { high, low, middle } from "./xor-id";
import { NEAREST, NEAREST_STRIDE, TARGET } from "./xor-memory";

let wanted: usize = 0;
let count: usize = 0;

/** Empties the list, which will hold `k` ids: from one to MOST_NEAREST. */
export function begin(k: usize): void {
  wanted = k;
  count = 0;
}

/** The first four bytes of the farthest distance that is still of interest. */
// @ts-ignore: decorator
@inline
export function farthestPrefix(): u32 {
  return count < wanted ? u32.MAX_VALUE : load<u32>(NEAREST + (count - 1) * NEAREST_STRIDE, 4);
}

/** Puts an id where it belongs, if it is one of the nearest. */
export function consider(id: usize, index: usize): void {
  const first = high(id) ^ high(TARGET);
  const second = middle(id) ^ middle(TARGET);
  const third = low(id) ^ low(TARGET);
  let at = NEAREST + count * NEAREST_STRIDE;
  if (count < wanted) count++;
  else {
    at -= NEAREST_STRIDE;
    if (!isBefore(first, second, third, at)) return;
  }
  for (; at > NEAREST && isBefore(first, second, third, at - NEAREST_STRIDE); at -= NEAREST_STRIDE) {
    v128.store(at, v128.load(at - NEAREST_STRIDE));
    store<u64>(at, load<u64>(at - NEAREST_STRIDE, 16), 16);
  }
  store<u64>(at, first);
  store<u64>(at, second, 8);
  store<u32>(at, third, 16);
  store<u32>(at, <u32>index, 20);
}

/** Writes the indices of the list to `to`, a word each; returns their number. */
export function finish(to: usize): usize {
  let at = NEAREST;
  for (const end = to + (count << 2); to < end; to += 4) {
    store<u32>(to, load<u32>(at, 20));
    at += NEAREST_STRIDE;
  }
  return count;
}

// @ts-ignore: decorator
@inline
function isBefore(first: u64, second: u64, third: u32, entry: usize): bool {
  const listed = load<u64>(entry);
  return first < listed || (first === listed && isBeforeInRest(second, third, entry));
}

function isBeforeInRest(second: u64, third: u32, entry: usize): bool {
  const listed = load<u64>(entry, 8);
  return second < listed || (second === listed && third < load<u32>(entry, 16));
}
