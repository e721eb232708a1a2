/** Changed bytes and shortened ones, for fuzzing. */
import type { NewBytes } from "../bytes/new-bytes.js";
import { concatBytes } from "../bytes/index.js";
import type { Random } from "./random.js";

/** Bytes to begin with: given, or drawn anew for each run. */
export type Seeds = readonly Uint8Array[] | ((random: Random) => Uint8Array);

const MUTATIONS_MAX = 4;
/** The longest input of drawn bytes. */
const DRAWN_BYTES_MAX = 64;
/** Widths of integers, and so of length fields. */
const WIDTHS = [1, 2, 3, 4, 8];
/** Bytes at the edges of signed and unsigned numbers. */
const EDGES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];

/** One seed; drawn bytes if there are none. */
export function drawSeed(seeds: Seeds, random: Random): Uint8Array {
  if (typeof seeds === "function") return seeds(random);
  return seeds.length === 0 ? random.bytes(random.below(DRAWN_BYTES_MAX + 1)) : random.pick(seeds);
}

/**
 * A seed with one to four changes: bits flipped, bytes set to edges, lengths filled with zeros or ones, ranges removed,
 * inserted or repeated, the end cut off, or the end of another seed in its place. One in sixteen is drawn bytes.
 */
export function mutateBytes(seeds: Seeds, random: Random): Uint8Array {
  if (random.chance(1 / 16)) return random.bytes(random.below(DRAWN_BYTES_MAX + 1));
  let bytes = drawSeed(seeds, random).slice();
  for (let left = random.between(1, MUTATIONS_MAX); left > 0; left--) bytes = changed(bytes, seeds, random);
  return bytes;
}

function changed(bytes: NewBytes, seeds: Seeds, random: Random): NewBytes {
  const at = random.below(bytes.length + 1);
  const size = Math.min(bytes.length - at, random.chance(0.5) ? random.pick(WIDTHS) : random.below(32));
  const how = random.below(10);
  if (how <= 5) {
    for (let i = at; i < at + size; i++) {
      if (how <= 1) bytes[i]! ^= 1 << random.below(8);
      else if (how <= 3) bytes[i] = random.pick(EDGES);
      else bytes[i] = how === 4 ? 0xff : 0;
      if (how === 0) break;
    }
    return bytes;
  }
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (how === 6) return concatBytes(before, after.subarray(size));
  if (how === 7) return concatBytes(before, random.bytes(random.pick(WIDTHS)), after);
  if (how === 8) return concatBytes(before, after.subarray(0, size), after);
  if (random.chance(0.5)) return before.slice();
  const other = drawSeed(seeds, random);
  return concatBytes(before, other.subarray(random.below(other.length + 1)));
}

/** A shorter list that still fails: takes out ever smaller parts as long as that is so. @param triesMax of `fails` */
export function shrinkItems<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => boolean,
  triesMax = 1_000,
): readonly Item[] {
  let shortest = items;
  let tries = 0;
  for (let size = items.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < shortest.length && tries < triesMax;) {
      const without = [...shortest.slice(0, at), ...shortest.slice(at + size)];
      tries++;
      if (fails(without)) shortest = without;
      else at += size;
    }
  }
  return shortest;
}

/** Fewer and smaller bytes that still fail. */
export function shrinkBytes(bytes: Uint8Array, fails: (bytes: Uint8Array) => boolean): Uint8Array {
  const shortest = Uint8Array.from(shrinkItems([...bytes], (items) => fails(Uint8Array.from(items))));
  for (let i = 0; i < shortest.length; i++) {
    const was = shortest[i]!;
    shortest[i] = 0;
    if (was !== 0 && !fails(shortest.slice())) shortest[i] = was;
  }
  return shortest;
}
