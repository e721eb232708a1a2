/** Content-defined chunking: bytes cut where a hash of what lies there says so, wherever they stand in a file. */
import { plain, refuse, requireBytes } from "../engine/checks.js";
import { CHUNK_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { cutPlan, type CutPlan } from "./cut-plan.js";
import { jsEngine, wasmEngine, type ChunkEngine } from "./gear.js";

/** Sizes of chunks in bytes: 1 ≤ `minBytes` ≤ `avgBytes` ≤ `maxBytes` ≤ 2^30, and `avgBytes` at least 64. */
export interface ChunkSizes {
  /** Of every chunk but the last. */
  readonly minBytes: number;
  /** The mean over random bytes, within a few percent, where `maxBytes` is twice as much or more. */
  readonly avgBytes: number;
  /** Of every chunk. */
  readonly maxBytes: number;
}

/** The engines of the gear hash. */
export const CHUNK = /* @__PURE__ */ new Primitive<ChunkEngine>("chunk", CHUNK_STEPS, {
  wasm: wasmEngine,
  js: () => jsEngine,
});

/**
 * Cuts bytes by their content: FastCDC (Xia et al., USENIX ATC 2016) with two levels of normalisation. Equal bytes have
 * equal cuts, on every engine. @returns the ends of the chunks, the last of them `bytes.length`; none for no bytes
 * @throws WireError `argument`
 */
export function chunk(bytes: Uint8Array, sizes: ChunkSizes): number[] {
  requireBytes("chunk", "bytes", bytes);
  const cutter = new Cutter(planOf(sizes), CHUNK.engineFor(bytes.length));
  const ends = cutter.cut(plain(bytes));
  if (cutter.openBytes > 0) ends.push(bytes.length);
  return ends;
}

/** {@link chunk} of bytes that come in parts of any length. @throws WireError `argument` */
export function chunkStream(sizes: ChunkSizes): ChunkStream {
  return new ChunkStream(sizes);
}

/** Bytes that come in parts; the cuts do not depend on how they are split. */
export class ChunkStream {
  readonly #cutter: Cutter;
  #isEnded = false;

  /** @internal Made by {@link chunkStream}. */
  constructor(sizes: ChunkSizes) {
    this.#cutter = new Cutter(planOf(sizes), CHUNK.engineFor(Infinity));
  }

  /**
   * Takes the next part. @returns the ends of the chunks that end in it, counted from the first byte of the stream
   * @throws WireError `argument` after the end
   */
  update(bytes: Uint8Array): number[] {
    requireBytes("chunk", "bytes", bytes);
    this.#requireOpen();
    return this.#cutter.cut(plain(bytes));
  }

  /** Ends the stream. @returns the end of the last chunk; none if a part ended it. @throws WireError `argument` */
  end(): number[] {
    this.#requireOpen();
    this.#isEnded = true;
    return this.#cutter.openBytes > 0 ? [this.#cutter.totalBytes] : [];
  }

  #requireOpen(): void {
    if (this.#isEnded) refuse("chunk", "argument", "", "an open stream", "one that has ended");
  }
}

/** Finds the cuts; between parts it keeps the length of the chunk that is open, and the hash. */
class Cutter {
  readonly #plan: CutPlan;
  readonly #engine: ChunkEngine;
  readonly #gear = { hash: 0 };
  totalBytes = 0;
  /** Length of the chunk that has begun. */
  openBytes = 0;

  constructor(plan: CutPlan, engine: ChunkEngine) {
    this.#plan = plan;
    this.#engine = engine;
  }

  cut(bytes: Uint8Array): number[] {
    const { minBytes, normalBytes, maxBytes, fewCuts, manyCuts } = this.#plan;
    const ends: number[] = [];
    for (let at = 0; at < bytes.length;) {
      const { openBytes } = this;
      if (openBytes < minBytes) {
        at += this.#take(Math.min(minBytes - openBytes, bytes.length - at));
      } else {
        const isEarly = openBytes < normalBytes;
        const length = Math.min((isEarly ? normalBytes : maxBytes) - openBytes, bytes.length - at);
        const mask = isEarly ? fewCuts : manyCuts;
        const found = this.#engine.scan(bytes, at, at + length, this.#gear, mask);
        const isCut = found < at + length;
        at += this.#take(found - at);
        if (isCut) this.#close(ends);
      }
      if (this.openBytes === maxBytes) this.#close(ends);
    }
    return ends;
  }

  #take(length: number): number {
    this.openBytes += length;
    this.totalBytes += length;
    return length;
  }

  #close(ends: number[]): void {
    ends.push(this.totalBytes);
    this.openBytes = 0;
    this.#gear.hash = 0;
  }
}

/** @throws WireError `argument` */
function planOf({ minBytes, avgBytes, maxBytes }: ChunkSizes): CutPlan {
  const demand = (path: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    refuse("chunk", "argument", path, `an integer from ${least} to ${most}`, value);
  };
  demand("maxBytes", maxBytes, AVG_BYTES_LEAST, MAX_BYTES_MOST);
  demand("avgBytes", avgBytes, AVG_BYTES_LEAST, maxBytes);
  demand("minBytes", minBytes, 1, avgBytes);
  return cutPlan(minBytes, avgBytes, maxBytes);
}

const AVG_BYTES_LEAST = 64;
const MAX_BYTES_MOST = 2 ** 30;
