/** The WASM module that scans and sorts ids by their XOR distance. */
import { type HostRegions, instantiate, type KernelInstance } from "../engine/instance.js";
import { XOR_DISTANCE_WASM } from "../wasm/xor-distance.js";

/** Length of an id. */
export const ID_BYTES = 20;

/** The exports of the module, documented in assembly/. They take addresses of regions; the target is in TARGET. */
export interface XorFunctions {
  begin(k: number): void;
  scan(ids: number, prefixes: number, count: number, first: number): void;
  finish(to: number): number;
  preparePrefixes(ids: number, count: number, prefixes: number): void;
  buckets(ids: number, prefixes: number, count: number, to: number): void;
  beginIndex(keys: number, slots: number, ids: number, capacity: number): void;
  find(): number;
  insert(): number;
  remove(): number;
  closest(k: number, to: number): number;
}

/** Most ids that a scan can return. */
export const NEAREST_MAX = 256;

/** An instance of the module, with a region for results. */
export class XorKernel {
  readonly functions: XorFunctions;
  readonly instance: KernelInstance<XorFunctions>;
  /** The region for results. */
  readonly result: Uint8Array;
  readonly #resultWords: Uint32Array;
  readonly resultAt: number;
  readonly #target: Uint8Array;

  static make(resultBytes: number, regions: HostRegions): XorKernel | undefined {
    const instance = instantiate<XorFunctions>(XOR_DISTANCE_WASM, { ...regions, RESULT: (resultBytes + 3) & ~3 });
    return instance === undefined ? undefined : new XorKernel(instance);
  }

  private constructor(instance: KernelInstance<XorFunctions>) {
    this.instance = instance;
    this.functions = instance.functions;
    this.result = instance.region("RESULT");
    this.#resultWords = new Uint32Array(this.result.buffer, this.result.byteOffset, this.result.length / 4);
    this.resultAt = instance.addressOf("RESULT");
    this.#target = instance.region("TARGET").subarray(0, ID_BYTES);
  }

  /** Sets the target of the next query. */
  aimAt(target: Uint8Array): void {
    // A call of `set` would take longer than this loop over 20 bytes.
    for (let i = 0; i < ID_BYTES; i++) this.#target[i] = target[i]!;
  }

  /** Copies the first words of the result to the beginning of `out`. */
  take(words: number, out: Uint32Array): void {
    for (let i = 0; i < words; i++) out[i] = this.#resultWords[i]!;
  }
}
