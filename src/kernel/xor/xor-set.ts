import { isTypedArray } from "../../bytes/checks.js";
import { refuse, requireInteger, requireSpace } from "../engine/checks.js";
import type { PrimitiveName } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { prefixLengths, requireId, requireIds, scan } from "./xor-distance.js";
import { ID_BYTES, MOST_NEAREST, XorKernel } from "./xor-kernel.js";

/**
 * Ids in any order, in the memory of the kernel, for many questions: which are the nearest, which bucket is whose. What
 * is asked reads all of them, sixteen at a time; what is changed costs next to nothing. Equal ids may be in it more
 * than once. Where questions are many and changes few, {@link XorIndex} answers without reading all.
 */
export class XorSet {
  readonly capacity: number;
  #size = 0;
  readonly #memory: SetMemory;

  /** @throws WireError `argument` */
  constructor(capacity: number) {
    requireInteger(XOR_SET.name, "capacity", capacity, MOST_CAPACITY);
    this.capacity = capacity;
    this.#memory = XOR_SET.engineFor(capacity)(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The ids, one after the other; a view of them, not to be written to. */
  get ids(): Uint8Array {
    return this.#memory.ids.subarray(0, this.#size * ID_BYTES);
  }

  /** Replaces all by `ids`, which lie one after the other. @throws WireError `argument`, `divisible`, `limit` */
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

  /** Puts `id` in place of the one at `index`. @throws WireError `argument`, `length` */
  replace(index: number, id: Uint8Array): void {
    requireInteger(XOR_SET.name, "index", index, this.#size - 1);
    requireId(XOR_SET.name, "id", id);
    this.#write(id, index);
  }

  /** Takes the id at `index` out; the last one then has its index. @throws WireError `argument` */
  remove(index: number): void {
    requireInteger(XOR_SET.name, "index", index, this.#size - 1);
    this.#size--;
    const last = this.#size * ID_BYTES;
    this.#write(this.#memory.ids.subarray(last, last + ID_BYTES), index);
  }

  /**
   * The indices of the `k` ids nearest to `target`, nearest first, of equal ids the first; all where there are fewer.
   * Written to the beginning of `out` where that is given. @throws WireError `argument`, `length`, `space`
   */
  closest(target: Uint8Array, k: number, out?: Uint32Array): Uint32Array {
    requireId(XOR_SET.name, "target", target);
    const nearest = nearestOf(XOR_SET.name, this.#size, k, out);
    if (nearest.length > 0) this.#memory.closest(this.#size, target, nearest);
    return nearest;
  }

  /**
   * How many leading bits each id shares with `target`, a byte an id, 160 for `target` itself. Written to the beginning
   * of `out` where that is given. @throws WireError `argument`, `length`, `space`
   */
  prefixLengths(target: Uint8Array, out?: Uint8Array): Uint8Array {
    requireId(XOR_SET.name, "target", target);
    if (out !== undefined) requireSpace(XOR_SET.name, out, 0, this.#size);
    const lengths = beginningOf(out ?? new Uint8Array(this.#size), this.#size);
    this.#memory.prefixLengths(this.#size, target, lengths);
    return lengths;
  }

  #write(id: Uint8Array, index: number): void {
    this.#memory.ids.set(id, index * ID_BYTES);
    this.#memory.changed(index, 1);
  }

  #requireRoom(size: number): void {
    if (size > this.capacity) refuse(XOR_SET.name, "limit", "ids", `at most ${this.capacity} ids`, size);
  }
}

/** With 25 bytes an id, this is most of the 256 MB of a module. */
export const MOST_CAPACITY = 8 * 1024 * 1024;

/** Room for the nearest `k` of `size`: the beginning of `out`, or new. */
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

/** The same where it is all that is meant: a view takes as long to make as a short list. */
function beginningOf<Target extends Uint8Array | Uint32Array>(out: Target, length: number): Target {
  return out.length === length ? out : (out.subarray(0, length) as Target);
}

/** Ids and what is computed of them. */
interface SetMemory {
  readonly ids: Uint8Array;
  /** Must follow every write to `ids`. */
  changed(first: number, count: number): void;
  /** Fills `nearest`, which has an element at least, from the first `count` ids, which are not fewer. */
  closest(count: number, target: Uint8Array, nearest: Uint32Array): void;
  prefixLengths(count: number, target: Uint8Array, lengths: Uint8Array): void;
}

export const XOR_SET = /* @__PURE__ */ new Primitive<(capacity: number) => SetMemory>("xor-set", {
  wasm: () => (XorKernel.make(0, {}) === undefined ? undefined : (capacity) => inModule(capacity) ?? inArray(capacity)),
  js: () => inArray,
});

function inModule(capacity: number): SetMemory | undefined {
  const resultBytes = Math.max(capacity, 4 * MOST_NEAREST);
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
      if (nearest.length > MOST_NEAREST) return scan(ids.subarray(0, count * ID_BYTES), target, nearest);
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
