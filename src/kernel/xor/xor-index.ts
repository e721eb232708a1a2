import { toHex } from "../../bytes/index.js";
import { refuse, requireInteger } from "../engine/checks.js";
import { Primitive } from "../engine/engine-choice.js";
import { requireId, scan } from "./xor-distance.js";
import { ID_BYTES, XorKernel } from "./xor-kernel.js";
import { MOST_CAPACITY, nearestOf } from "./xor-set.js";

/**
 * Different ids in the order of their numbers, in the memory of the kernel. The nearest are found by a walk around the
 * place of the target, whose length hardly depends on how many there are; to insert or remove one moves twelve bytes
 * for each id behind it. Each id has a slot, a number below `capacity` that it keeps as long as it is there: an index
 * into arrays of the caller's.
 */
export class XorIndex {
  readonly capacity: number;
  #size = 0;
  readonly #memory: IndexMemory;

  /** @throws WireError `argument` */
  constructor(capacity: number) {
    requireInteger(XOR_INDEX.name, "capacity", capacity, MOST_CAPACITY);
    this.capacity = capacity;
    this.#memory = XOR_INDEX.engineFor(capacity)(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** Puts `id` in, unless it is there; returns its slot. @throws WireError `argument`, `length`, `limit` */
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

  /** Takes `id` out; returns the slot that it had, undefined where it was not there. @throws WireError `length` */
  remove(id: Uint8Array): number | undefined {
    requireId(XOR_INDEX.name, "id", id);
    const slot = this.#memory.remove(id);
    if (slot < 0) return undefined;
    this.#size--;
    return slot;
  }

  /** The slot of `id`, undefined where it is not there. @throws WireError `argument`, `length` */
  find(id: Uint8Array): number | undefined {
    requireId(XOR_INDEX.name, "id", id);
    const slot = this.#memory.find(id);
    return slot < 0 ? undefined : slot;
  }

  /**
   * The slots of the `k` ids nearest to `target`, nearest first; all where there are fewer. Written to the beginning of
   * `out` where that is given. @throws WireError `argument`, `length`, `space`
   */
  closest(target: Uint8Array, k: number, out?: Uint32Array): Uint32Array {
    requireId(XOR_INDEX.name, "target", target);
    const nearest = nearestOf(XOR_INDEX.name, this.#size, k, out);
    if (nearest.length > 0) this.#memory.closest(target, nearest);
    return nearest;
  }
}

/** Where a slot is an answer, -1 says that there is none. */
interface IndexMemory {
  find(id: Uint8Array): number;
  /** `id` is not there, and there is room. */
  insert(id: Uint8Array): number;
  remove(id: Uint8Array): number;
  /** Fills `nearest`, which has an element at least, and not more than there are ids. */
  closest(target: Uint8Array, nearest: Uint32Array): void;
}

export const XOR_INDEX = /* @__PURE__ */ new Primitive<(capacity: number) => IndexMemory>("xor-index", {
  wasm: () => (XorKernel.make(0, {}) === undefined ? undefined : (capacity) => inModule(capacity) ?? inMap(capacity)),
  js: () => inMap,
});

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

/** Where there is no module: a map of slots, and a scan. */
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
