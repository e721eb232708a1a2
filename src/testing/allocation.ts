/** How much memory an action takes, as the heap of V8 tells it. */
import { nodeProcess } from "./runs.js";

const TRIES = 5;

/** The part of `node:v8` that is used. */
interface Heap {
  getHeapStatistics(): { readonly used_heap_size: number; readonly external_memory: number };
}

/**
 * Measures actions under Node.js: what the heap and the buffers outside of it have grown by when the action returns.
 * What is collected during the action is not counted; code that is compiled meanwhile is, so that a large figure is
 * only believed when it comes five times running.
 */
export class AllocationMeter {
  readonly #heap: Heap;

  private constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Undefined where the heap cannot be asked, as in a browser. */
  static open(): AllocationMeter | undefined {
    const heap = nodeProcess()?.getBuiltinModule?.("node:v8");
    return heap && new AllocationMeter(heap);
  }

  /** Bytes of one call; negative if a collection came in between. */
  once(action: () => void): number {
    const before = this.#bytes();
    action();
    return this.#bytes() - before;
  }

  /** The least of five calls in which nothing was collected, in bytes; 0 if there is none. */
  least(action: () => void): number {
    const figures = Array.from({ length: TRIES }, () => this.once(action)).filter((bytes) => bytes >= 0);
    return figures.length === 0 ? 0 : Math.min(...figures);
  }

  #bytes(): number {
    const { used_heap_size, external_memory } = this.#heap.getHeapStatistics();
    return used_heap_size + external_memory;
  }
}
