/** A sorted index of ids for queries by XOR distance. */
import { toHex } from "../../bytes/index.js";
import { refuse, requireInteger } from "../engine/checks.js";
import { XOR_INDEX_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { requireId, scan } from "./xor-distance.js";
import { ID_BYTES, XorKernel } from "./xor-kernel.js";
import { CAPACITY_MAX, nearestOf } from "./xor-set.js";

/**
 * Distinct ids in ascending order, in the memory of a module. A query walks around the place of the target, and the
 * walk hardly grows with the number of ids. An insertion or removal moves twelve bytes for each id behind it. Each id
 * has a slot, a number below `capacity` that it keeps while it is in the index; callers use it as an array index.
 */
export class XorIndex {
  readonly capacity: number;
  #size = 0;
  readonly #memory: IndexMemory;

  /** @throws WireError `argument` */
  constructor(capacity: number) {
    requireInteger(XOR_INDEX.name, "capacity", capacity, CAPACITY_MAX);
    this.capacity = capacity;
    this.#memory = XOR_INDEX.engineFor(capacity)(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Inserts `id` unless it is in the index; returns its slot. @throws WireError `argument`, `length`, `limit` */
  insert(id: Uint8Array): number {
    requireId(XOR_INDEX.name, "id", id);
    const found = this.#memory.find(id);
    if (found >= 0) return found;
    if (this.#size === this.capacity) {
      refuse(XOR_INDEX.name, "limit", "ids", `at most ${this.capacity} ids`, this.#size + 1);
    }
    this.#size++;
    return this.#memory.insert(id);
  }

  /** Removes `id`; returns its former slot, or undefined if it was missing. @throws WireError `argument`, `length` */
  remove(id: Uint8Array): number | undefined {
    requireId(XOR_INDEX.name, "id", id);
    const slot = this.#memory.remove(id);
    if (slot < 0) return undefined;
    this.#size--;
    return slot;
  }

  /** The slot of `id`, or undefined if it is missing. @throws WireError `argument`, `length` */
  find(id: Uint8Array): number | undefined {
    requireId(XOR_INDEX.name, "id", id);
    const slot = this.#memory.find(id);
    return slot < 0 ? undefined : slot;
  }

  /**
   * The slots of the `k` ids nearest to `target`, nearest first, or of all ids if there are fewer. Written to the
   * beginning of `out` if it is given. @throws WireError `argument`, `length`, `space`
   */
  closest(target: Uint8Array, k: number, out?: Uint32Array): Uint32Array {
    requireId(XOR_INDEX.name, "target", target);
    const nearest = nearestOf(XOR_INDEX.name, this.#size, k, out);
    if (nearest.length > 0) this.#memory.closest(target, nearest);
    return nearest;
  }
}

/** The ids of an index, and the queries over them. A slot of -1 means that the id is missing. */
interface IndexMemory {
  find(id: Uint8Array): number;
  /** Requires that `id` is missing and that there is room. */
  insert(id: Uint8Array): number;
  remove(id: Uint8Array): number;
  /** Fills `nearest`, which has at least one element and at most one per id. */
  closest(target: Uint8Array, nearest: Uint32Array): void;
}

/** The engines of {@link XorIndex}. */
export const XOR_INDEX = /* @__PURE__ */ new Primitive<(capacity: number) => IndexMemory>(
  "xor-index",
  XOR_INDEX_STEPS,
  {
    wasm: () => (XorKernel.make(0, {}) === undefined ? undefined : (capacity) => inModule(capacity) ?? inMap(capacity)),
    js: () => inMap,
  },
);

function inModule(capacity: number): IndexMemory | undefined {
  const regions = { KEYS: capacity * 8, SLOTS: capacity * 4, IDS: capacity * ID_BYTES };
  const kernel = XorKernel.make(capacity * 4, regions);
  if (kernel === undefined) return undefined;
  const { functions, instance, resultAt } = kernel;
  const [keys, slots, ids] = ["KEYS", "SLOTS", "IDS"].map((name) => instance.addressOf(name)) as [
    number,
    number,
    number,
  ];
  functions.beginIndex(keys, slots, ids, capacity);
  const about = (id: Uint8Array, answer: () => number) => {
    kernel.aimAt(id);
    return answer();
  };
  return {
    find: (id) => about(id, functions.find),
    insert: (id) => about(id, functions.insert),
    remove: (id) => about(id, functions.remove),
    closest(target, nearest) {
      kernel.aimAt(target);
      kernel.take(functions.closest(nearest.length, resultAt), nearest);
    },
  };
}

/** The engine without a module: a map of slots, and a scan. */
function inMap(capacity: number): IndexMemory {
  const slotOf = new Map<string, number>();
  const free = Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
  const idOf = new Map<number, Uint8Array>();
  return {
    find: (id) => slotOf.get(toHex(id)) ?? -1,
    insert(id) {
      const slot = free.pop()!;
      slotOf.set(toHex(id), slot);
      idOf.set(slot, id.slice());
      return slot;
    },
    remove(id) {
      const key = toHex(id);
      const slot = slotOf.get(key);
      if (slot === undefined) return -1;
      slotOf.delete(key);
      idOf.delete(slot);
      free.push(slot);
      return slot;
    },
    closest(target, nearest) {
      const ids = new Uint8Array(idOf.size * ID_BYTES);
      const slots = [...idOf.keys()];
      slots.forEach((slot, i) => ids.set(idOf.get(slot)!, i * ID_BYTES));
      scan(ids, target, nearest);
      nearest.forEach((place, i) => (nearest[i] = slots[place]!));
    },
  };
}
