/** The XOR distance of Kademlia between 20-byte ids, read as a big-endian number (seeds/dps). */
import type { NewBytes } from "../../bytes/index.js";
import { plain, refuse, requireBytes, requireInteger, requireLength, requireSpace } from "../engine/checks.js";
import type { PrimitiveName } from "../engine/crossovers.js";
import { XOR_BUCKETS_STEPS, XOR_DISTANCE_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { ID_BYTES, NEAREST_MAX, XorKernel } from "./xor-kernel.js";

export { ID_BYTES };

/** `a` XOR `b`, 20 bytes. */
export function xorDistance(a: Uint8Array, b: Uint8Array): NewBytes {
  requireId("xor-distance", "a", a);
  requireId("xor-distance", "b", b);
  return plain(a).map((byte, i) => byte ^ b[i]!);
}

/** Negative if `a` is nearer to `target` than `b`, positive if it is farther, 0 if `a` equals `b`. */
export function compareXorDistance(target: Uint8Array, a: Uint8Array, b: Uint8Array): number {
  requireId("xor-distance", "target", target);
  requireId("xor-distance", "a", a);
  requireId("xor-distance", "b", b);
  return compareAt(target, a, 0, b, 0);
}

/**
 * How many leading bits `a` and `b` share: the index of the bucket in which one keeps the other. Equal ids share 160
 * and belong to no bucket.
 */
export function xorPrefixLength(a: Uint8Array, b: Uint8Array): number {
  requireId("xor-distance", "a", a);
  requireId("xor-distance", "b", b);
  return prefixLengthAt(b, a, 0);
}

/**
 * {@link xorPrefixLength} of each of the concatenated `ids` with `target`, one byte per id, written to the beginning of
 * `out` if it is given. For many queries over the same ids, {@link XorSet} is faster.
 * @throws WireError `argument`, `divisible`, `length`, `space`
 */
export function xorPrefixLengths<Out extends Uint8Array = NewBytes>(
  ids: Uint8Array,
  target: Uint8Array,
  out?: Out,
): Out {
  const count = requireIds("xor-buckets", ids);
  requireId("xor-buckets", "target", target);
  if (out !== undefined) requireSpace("xor-buckets", out, 0, count);
  const lengths = out === undefined ? new Uint8Array(count) : out.subarray(0, count);
  XOR_BUCKETS.engineFor(count)(ids, target, lengths);
  return lengths as Out;
}

/**
 * The indices of the `k` ids nearest to `target`, nearest first, or of all ids if there are fewer; the first of equal
 * ids counts as nearer. `ids` holds them one after the other. For many queries over the same ids, {@link XorSet} and
 * {@link XorIndex} are faster.
 * @throws WireError `argument`, `divisible`, `length`
 */
export function closestIds(ids: Uint8Array, target: Uint8Array, k: number): Uint32Array {
  const count = requireIds("xor-distance", ids);
  requireId("xor-distance", "target", target);
  requireInteger("xor-distance", "k", k, Number.MAX_SAFE_INTEGER);
  const nearest = new Uint32Array(Math.min(k, count));
  if (nearest.length > 0) XOR_DISTANCE.engineFor(count)(ids, target, nearest);
  return nearest;
}

/** Fills `nearest`, which has at least one element and at most one per id. */
type ClosestEngine = (ids: Uint8Array, target: Uint8Array, nearest: Uint32Array) => void;

/** The engines of {@link closestIds}. */
export const XOR_DISTANCE = /* @__PURE__ */ new Primitive<ClosestEngine>("xor-distance", XOR_DISTANCE_STEPS, {
  wasm: wasmClosest,
  js: () => scan,
});

/** Fills `lengths`, one byte per id. */
type BucketsEngine = (ids: Uint8Array, target: Uint8Array, lengths: Uint8Array) => void;

/** The engines of {@link xorPrefixLengths}. */
export const XOR_BUCKETS = /* @__PURE__ */ new Primitive<BucketsEngine>("xor-buckets", XOR_BUCKETS_STEPS, {
  wasm: wasmBuckets,
  js: () => prefixLengths,
});

/** Number of ids that are copied into the module at a time; with their prefixes they fill half of an L1 cache. */
const PART_IDS = 1024;

function wasmClosest(): ClosestEngine | undefined {
  const parts = partsKernel(4 * NEAREST_MAX);
  if (parts === undefined) return undefined;
  const { forEach, kernel } = parts;
  const { functions, resultAt } = kernel;
  return (ids, target, nearest) => {
    if (nearest.length > NEAREST_MAX) return scan(ids, target, nearest);
    kernel.aimAt(target);
    functions.begin(nearest.length);
    forEach(ids, functions.scan);
    kernel.take(functions.finish(resultAt), nearest);
  };
}

function wasmBuckets(): BucketsEngine | undefined {
  const parts = partsKernel(PART_IDS);
  if (parts === undefined) return undefined;
  const { forEach, kernel } = parts;
  const { functions, result, resultAt } = kernel;
  return (ids, target, lengths) => {
    kernel.aimAt(target);
    forEach(ids, (at, prefixes, count, first) => {
      functions.buckets(at, prefixes, count, resultAt);
      lengths.set(count === PART_IDS ? result : result.subarray(0, count), first);
    });
  };
}

/** A kernel for any number of ids: `forEach` calls `action` with each part of them and the index of its first id. */
function partsKernel(resultBytes: number) {
  const kernel = XorKernel.make(resultBytes, { IDS: PART_IDS * ID_BYTES, PREFIXES: PART_IDS * 4 });
  if (kernel === undefined) return undefined;
  const { functions, instance } = kernel;
  const part = instance.region("IDS");
  const [idsAt, prefixesAt] = [instance.addressOf("IDS"), instance.addressOf("PREFIXES")];
  const forEach = (
    ids: Uint8Array,
    action: (ids: number, prefixes: number, count: number, first: number) => void,
  ): void => {
    const view = plain(ids);
    for (let from = 0; from < view.length; from += part.length) {
      const bytes = view.length <= part.length ? view : view.subarray(from, from + part.length);
      const count = bytes.length / ID_BYTES;
      part.set(bytes);
      functions.preparePrefixes(idsAt, count, prefixesAt);
      action(idsAt, prefixesAt, count, from / ID_BYTES);
    }
  };
  return { forEach, kernel };
}

/** Finds the nearest ids in one pass, with a binary heap of the nearest so far, the farthest on top; then sorts it. */
export function scan(ids: Uint8Array, target: Uint8Array, nearest: Uint32Array): void {
  const k = nearest.length;
  const farther = (i: number, j: number) => (compareAt(target, ids, i * ID_BYTES, ids, j * ID_BYTES) || i - j) > 0;
  /** Puts `id` into the heap of `length` elements, at `hole` or below. */
  const sink = (id: number, hole: number, length: number) => {
    for (let child = 2 * hole + 1; child < length; child = 2 * hole + 1) {
      if (child + 1 < length && farther(nearest[child + 1]!, nearest[child]!)) child++;
      if (!farther(nearest[child]!, id)) break;
      nearest[hole] = nearest[child]!;
      hole = child;
    }
    nearest[hole] = id;
  };
  for (let i = 0; i < k; i++) nearest[i] = i;
  for (let i = (k >> 1) - 1; i >= 0; i--) sink(nearest[i]!, i, k);
  for (let id = k; id < ids.length / ID_BYTES; id++) if (farther(nearest[0]!, id)) sink(id, 0, k);
  for (let last = k - 1; last > 0; last--) {
    const id = nearest[last]!;
    nearest[last] = nearest[0]!;
    sink(id, 0, last);
  }
}

/** Fills `lengths` with the shared leading bits of each id and `target`. */
export function prefixLengths(ids: Uint8Array, target: Uint8Array, lengths: Uint8Array): void {
  for (let i = 0; i < lengths.length; i++) lengths[i] = prefixLengthAt(target, ids, i * ID_BYTES);
}

function prefixLengthAt(target: Uint8Array, ids: Uint8Array, at: number): number {
  let i = 0;
  while (i < ID_BYTES && ids[at + i] === target[i]) i++;
  return i === ID_BYTES ? ID_BYTES * 8 : i * 8 + Math.clz32(ids[at + i]! ^ target[i]!) - 24;
}

function compareAt(target: Uint8Array, a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (a[aAt + i]! ^ target[i]!) - (b[bAt + i]! ^ target[i]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @throws WireError `argument`, `length` */
export function requireId(primitive: PrimitiveName, path: string, id: Uint8Array): void {
  requireLength(primitive, path, id, ID_BYTES);
}

/** @returns the number of ids @throws WireError `argument`, `divisible` */
export function requireIds(primitive: PrimitiveName, ids: Uint8Array): number {
  requireBytes(primitive, "ids", ids);
  if (ids.length % ID_BYTES !== 0) refuse(primitive, "divisible", "ids", `ids of ${ID_BYTES} bytes`, ids.length);
  return ids.length / ID_BYTES;
}
