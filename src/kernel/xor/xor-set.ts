/** An unordered set of ids for queries by XOR distance. */
import type { NewBytes } from "../../bytes/index.js";
import { isTypedArray } from "../../bytes/checks.js";
import { refuse, requireInteger, requireSpace } from "../engine/checks.js";
import type { PrimitiveName } from "../engine/crossovers.js";
import { XOR_SET_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { prefixLengths, requireId, requireIds, scan } from "./xor-distance.js";
import { ID_BYTES, NEAREST_MAX, XorKernel } from "./xor-kernel.js";

/**
 * Ids in any order, in the memory of a module, for many queries: the nearest ids, the bucket of each id. A query reads
 * all ids, sixteen at a time; a change costs O(1). Equal ids may occur more than once. For many queries and few
 * changes, {@link XorIndex} is faster: it does not read all ids.
 */
export class XorSet {
  readonly capacity: number;
  #size = 0;
  readonly #memory: SetMemory;

  /** @throws WireError `argument` */
  constructor(capacity: number) {
    requireInteger(XOR_SET.name, "capacity", capacity, CAPACITY_MAX);
    this.capacity = capacity;
    this.#memory = XOR_SET.engineFor(capacity)(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The ids, one after the other; a view that callers must not write to. */
  get ids(): Uint8Array {
    return this.#memory.ids.subarray(0, this.#size * ID_BYTES);
  }

  /** Replaces all ids by the concatenated `ids`. @throws WireError `argument`, `divisible`, `limit` */
  assign(ids: Uint8Array): void {
    const count = requireIds(XOR_SET.name, ids);
    this.#requireRoom(count);
    this.#memory.ids.set(ids);
    this.#memory.changed(0, count);
    this.#size = count;
  }

  /** Adds `id`; returns its index, the last. @throws WireError `argument`, `length`, `limit` */
  push(id: Uint8Array): number {
    requireId(XOR_SET.name, "id", id);
    this.#requireRoom(this.#size + 1);
    this.#write(id, this.#size);
    return this.#size++;
  }

  /** Replaces the id at `index`. @throws WireError `argument`, `length` */
  replace(index: number, id: Uint8Array): void {
    requireInteger(XOR_SET.name, "index", index, this.#size - 1);
    requireId(XOR_SET.name, "id", id);
    this.#write(id, index);
  }

  /** Removes the id at `index`; the last id takes that index. @throws WireError `argument` */
  remove(index: number): void {
    requireInteger(XOR_SET.name, "index", index, this.#size - 1);
    this.#size--;
    const last = this.#size * ID_BYTES;
    this.#write(this.#memory.ids.subarray(last, last + ID_BYTES), index);
  }

  /**
   * The indices of the `k` ids nearest to `target`, nearest first, or of all ids if there are fewer; the first of equal
   * ids counts as nearer. Written to the beginning of `out` if it is given.
   * @throws WireError `argument`, `length`, `space`
   */
  closest(target: Uint8Array, k: number, out?: Uint32Array): Uint32Array {
    requireId(XOR_SET.name, "target", target);
    const nearest = nearestOf(XOR_SET.name, this.#size, k, out);
    if (nearest.length > 0) this.#memory.closest(this.#size, target, nearest);
    return nearest;
  }

  /**
   * How many leading bits each id shares with `target`, one byte per id; 160 for `target` itself. Written to the
   * beginning of `out` if it is given. @throws WireError `argument`, `length`, `space`
   */
  prefixLengths<Out extends Uint8Array = NewBytes>(target: Uint8Array, out?: Out): Out {
    requireId(XOR_SET.name, "target", target);
    if (out !== undefined) requireSpace(XOR_SET.name, out, 0, this.#size);
    const lengths = beginningOf(out ?? new Uint8Array(this.#size), this.#size);
    this.#memory.prefixLengths(this.#size, target, lengths);
    return lengths as Out;
  }

  #write(id: Uint8Array, index: number): void {
    this.#memory.ids.set(id, index * ID_BYTES);
    this.#memory.changed(index, 1);
  }

  #requireRoom(size: number): void {
    if (size > this.capacity) refuse(XOR_SET.name, "limit", "ids", `at most ${this.capacity} ids`, size);
  }
}

/** Most ids of a set or an index. A set has 25 bytes per id, at most 210 of the 256 MB of a module. */
export const CAPACITY_MAX = 8 * 1024 * 1024;

/** An array for the nearest `k` of `size` ids: the beginning of `out`, or a new one. */
export function nearestOf(
  primitive: PrimitiveName,
  size: number,
  k: number,
  out: Uint32Array | undefined,
): Uint32Array {
  requireInteger(primitive, "k", k, Number.MAX_SAFE_INTEGER);
  const count = Math.min(k, size);
  if (out === undefined) return new Uint32Array(count);
  if (!isTypedArray(out, "Uint32Array")) refuse(primitive, "argument", "out", "a Uint32Array", typeof out);
  if (out.length < count) refuse(primitive, "space", "out", `room for ${count} indices`, out.length);
  return beginningOf(out, count);
}

/** The first `length` elements. `out` itself if it has no more: making a view takes as long as a short query. */
function beginningOf<Target extends Uint8Array | Uint32Array>(out: Target, length: number): Target {
  return out.length === length ? out : (out.subarray(0, length) as Target);
}

/** The ids of a set, and the queries over them. */
interface SetMemory {
  readonly ids: Uint8Array;
  /** Call this after every write to `ids`. */
  changed(first: number, count: number): void;
  /** Fills `nearest`, which has 1 to `count` elements, from the first `count` ids. */
  closest(count: number, target: Uint8Array, nearest: Uint32Array): void;
  prefixLengths(count: number, target: Uint8Array, lengths: Uint8Array): void;
}

/** The engines of {@link XorSet}. */
export const XOR_SET = /* @__PURE__ */ new Primitive<(capacity: number) => SetMemory>("xor-set", XOR_SET_STEPS, {
  wasm: () => (XorKernel.make(0, {}) === undefined ? undefined : (capacity) => inModule(capacity) ?? inArray(capacity)),
  js: () => inArray,
});

function inModule(capacity: number): SetMemory | undefined {
  const resultBytes = Math.max(capacity, 4 * NEAREST_MAX);
  const kernel = XorKernel.make(resultBytes, { IDS: capacity * ID_BYTES, PREFIXES: capacity * 4 });
  if (kernel === undefined) return undefined;
  const { functions, instance, result, resultAt } = kernel;
  const ids = instance.region("IDS");
  const [idsAt, prefixesAt] = [instance.addressOf("IDS"), instance.addressOf("PREFIXES")];
  let buckets = result.subarray(0, 0);
  return {
    ids,
    changed: (first, count) => functions.preparePrefixes(idsAt + first * ID_BYTES, count, prefixesAt + first * 4),
    closest(count, target, nearest) {
      if (nearest.length > NEAREST_MAX) return scan(ids.subarray(0, count * ID_BYTES), target, nearest);
      kernel.aimAt(target);
      functions.begin(nearest.length);
      functions.scan(idsAt, prefixesAt, count, 0);
      kernel.take(functions.finish(resultAt), nearest);
    },
    prefixLengths(count, target, lengths) {
      kernel.aimAt(target);
      functions.buckets(idsAt, prefixesAt, count, resultAt);
      if (buckets.length !== count) buckets = result.subarray(0, count);
      lengths.set(buckets);
    },
  };
}

function inArray(capacity: number): SetMemory {
  const ids = new Uint8Array(capacity * ID_BYTES);
  return {
    ids,
    changed() {},
    closest: (count, target, nearest) => scan(ids.subarray(0, count * ID_BYTES), target, nearest),
    prefixLengths: (_count, target, lengths) => prefixLengths(ids, target, lengths),
  };
}
