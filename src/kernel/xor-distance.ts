/** Kademlia's distance between 20-byte ids: their XOR, read as a big-endian number (seeds/dps). */
import { refuse, requireBytes, requireInteger, requireLength } from "./checks.js";
import { Primitive } from "./primitive.js";

export const ID_BYTES = 20;

/** `a` XOR `b`, 20 bytes. */
export function xorDistance(a: Uint8Array, b: Uint8Array): Uint8Array {
  requireId("a", a);
  requireId("b", b);
  return a.map((byte, i) => byte ^ b[i]!);
}

/** Below 0 where `a` is nearer to `target` than `b` is, above 0 where it is farther, 0 where `a` equals `b`. */
export function compareXorDistance(target: Uint8Array, a: Uint8Array, b: Uint8Array): number {
  requireId("target", target);
  requireId("a", a);
  requireId("b", b);
  return compareAt(target, a, 0, b, 0);
}

/**
 * How many leading bits `a` and `b` share: the index of the bucket in which the one keeps the other, and 160
 * where they are the same id, which belongs to no bucket.
 */
export function xorPrefixLength(a: Uint8Array, b: Uint8Array): number {
  requireId("a", a);
  requireId("b", b);
  let i = 0;
  while (i < ID_BYTES && a[i] === b[i]) i++;
  return i === ID_BYTES ? ID_BYTES * 8 : i * 8 + Math.clz32(a[i]! ^ b[i]!) - 24;
}

/**
 * The `k` of the ids nearest to `target`, as indices into `ids`, nearest first; of equal ids the first counts as
 * nearer. All of them where there are fewer than `k`. The ids lie one after the other in `ids`.
 * @throws WireError `argument`, `divisible`, `length`
 */
export function closestIds(ids: Uint8Array, target: Uint8Array, k: number): Uint32Array {
  requireBytes(XOR_DISTANCE.name, "ids", ids);
  requireId("target", target);
  requireInteger(XOR_DISTANCE.name, "k", k, Number.MAX_SAFE_INTEGER);
  if (ids.length % ID_BYTES !== 0)
    refuse(XOR_DISTANCE.name, "divisible", "ids", `ids of ${ID_BYTES} bytes`, ids.length);
  const count = ids.length / ID_BYTES;
  const nearest = new Uint32Array(Math.min(k, count));
  if (nearest.length > 0) XOR_DISTANCE.engineFor(count)(ids, target, nearest);
  return nearest;
}

/** Fills `nearest`, which has an element at least, and not more than there are ids. */
type ClosestEngine = (ids: Uint8Array, target: Uint8Array, nearest: Uint32Array) => void;

export const XOR_DISTANCE = /* @__PURE__ */ new Primitive<ClosestEngine>("xor-distance", { js: () => scan });

/** One pass with a binary heap of the nearest so far, the farthest of them on top; then a heap sort. */
function scan(ids: Uint8Array, target: Uint8Array, nearest: Uint32Array): void {
  const k = nearest.length;
  const farther = (i: number, j: number) => (compareAt(target, ids, i * ID_BYTES, ids, j * ID_BYTES) || i - j) > 0;
  /** Puts `id` into the heap of `length` at `hole` or below. */
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

function compareAt(target: Uint8Array, a: Uint8Array, aAt: number, b: Uint8Array, bAt: number): number {
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (a[aAt + i]! ^ target[i]!) - (b[bAt + i]! ^ target[i]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

function requireId(path: string, id: Uint8Array): void {
  requireLength(XOR_DISTANCE.name, path, id, ID_BYTES);
}
