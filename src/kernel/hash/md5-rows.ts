/** MD5 of many messages of 22 bytes that share a prefix and a suffix; columns hold the rest. */
import type { NewBytes } from "../../bytes/index.js";
import { md5 } from "@noble/hashes/legacy.js";
import { isTypedArray } from "../../bytes/checks.js";
import { apartFrom, overlap, refuse, requireInteger, requireLength, requireSpace } from "../engine/checks.js";
import { type HashEngine, nobleHash, nodeHash } from "./hash.js";
import { instantiate } from "../engine/instance.js";
import { MD5_ROWS_STEPS } from "../engine/crossovers.js";
import { Primitive } from "../engine/engine-choice.js";
import { MD5_ROWS_WASM } from "../wasm/md5-rows.js";

/** Messages `prefix u8 | byte i8 | word u32 BE | suffix`, one per row; all share prefix and suffix. */
export interface Md5Columns {
  /** The first byte of all messages, 0 to 255. */
  readonly prefix: number;
  /** The second byte of each message. */
  readonly bytes: Int8Array;
  /** The next four bytes of each message, in the order of `bytes`. */
  readonly words: Uint32Array;
  /** The last 16 bytes of all messages. They may be secret: no copy stays in memory. */
  readonly suffix: Uint8Array;
}

/**
 * The MD5 digests of the rows, 16 bytes each, as a view of the beginning of `out` if it is given.
 * @throws WireError `argument`, `count`, `length`, `space`
 */
export function md5Rows<Out extends Uint8Array = NewBytes>(columns: Md5Columns, out?: Out): Out {
  requireColumns(columns);
  const count = columns.words.length;
  const length = count * DIGEST_BYTES;
  if (out !== undefined) requireSpace("md5-rows", out, 0, length);
  const digests = out === undefined ? new Uint8Array(length) : out.subarray(0, length);
  MD5_ROWS.engineFor(count)(columnsApartFrom(digests, columns), digests);
  return digests as Out;
}

function requireColumns({ prefix, bytes, words, suffix }: Md5Columns): void {
  const isColumn = (value: unknown, type: "Int8Array" | "Uint32Array", path: string) => {
    if (!isTypedArray(value, type)) refuse("md5-rows", "argument", path, `a ${type}`, typeof value);
  };
  requireInteger("md5-rows", "prefix", prefix, 255);
  isColumn(bytes, "Int8Array", "bytes");
  isColumn(words, "Uint32Array", "words");
  if (bytes.length !== words.length) {
    refuse("md5-rows", "count", "bytes", `${words.length}, one for each word`, bytes.length);
  }
  requireLength("md5-rows", "suffix", suffix, SUFFIX_BYTES);
}

function columnsApartFrom(digests: Uint8Array, { prefix, bytes, words, suffix }: Md5Columns): Md5Columns {
  // Plain arrays: `subarray` of a subclass runs code of the caller.
  return {
    prefix,
    bytes: overlap(digests, bytes)
      ? Int8Array.from(bytes)
      : new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    words: overlap(digests, words)
      ? Uint32Array.from(words)
      : new Uint32Array(words.buffer, words.byteOffset, words.length),
    suffix: apartFrom(digests, suffix),
  };
}

/** Fills `digests` with 16 bytes per row; it shares no memory with the columns. */
type RowsEngine = (columns: Md5Columns, digests: Uint8Array) => void;

const SUFFIX_BYTES = 16;
const DIGEST_BYTES = 16;
const MESSAGE_BYTES = 22;

/** The engines of MD5 by rows. */
export const MD5_ROWS = /* @__PURE__ */ new Primitive<RowsEngine>("md5-rows", MD5_ROWS_STEPS, {
  wasm: wasmEngine,
  node: () => oneByOne(nodeHash("md5")),
  noble: () => oneByOne(nobleHash(md5)),
});

/** The exports of the module. */
interface RowsFunctions {
  /** Call this after every change of the suffix. */
  prepareStepConstants(): void;
  /** Digests the first `count` rows of the columns. */
  run(prefix: number, count: number): void;
}

function wasmEngine(): RowsEngine | undefined {
  const kernel = instantiate<RowsFunctions>(MD5_ROWS_WASM);
  if (kernel === undefined) return undefined;
  const { prepareStepConstants, run } = kernel.functions;
  const stepConstants = kernel.region("STEP_CONSTANTS");
  const suffixBytes = kernel.region("SUFFIX");
  const byteRegion = kernel.region("BYTE_COLUMN");
  const wordRegion = kernel.region("WORD_COLUMN");
  const digestRegion = kernel.region("DIGESTS");
  const byteColumn = new Int8Array(byteRegion.buffer, byteRegion.byteOffset, byteRegion.length);
  const wordColumn = new Uint32Array(wordRegion.buffer, wordRegion.byteOffset, wordRegion.length / 4);
  const capacity = wordColumn.length;

  return ({ prefix, bytes, words, suffix }, digests) => {
    suffixBytes.set(suffix);
    prepareStepConstants();
    for (let from = 0; from < words.length; from += capacity) {
      const to = Math.min(from + capacity, words.length);
      byteColumn.set(bytes.subarray(from, to));
      wordColumn.set(words.subarray(from, to));
      run(prefix, to - from);
      const written = (to - from) * DIGEST_BYTES;
      digests.set(to - from === capacity ? digestRegion : digestRegion.subarray(0, written), from * DIGEST_BYTES);
    }
    // Suffix and digests are secret. The last step has written the digests of up to eleven further rows.
    suffixBytes.fill(0);
    stepConstants.fill(0);
    digestRegion.fill(0, 0, (Math.min(words.length, capacity) + 11) * DIGEST_BYTES);
  };
}

function oneByOne(hash: HashEngine | undefined): RowsEngine | undefined {
  if (hash === undefined) return undefined;
  return ({ prefix, bytes, words, suffix }, digests) => {
    const message = new Uint8Array(MESSAGE_BYTES);
    const view = new DataView(message.buffer);
    message[0] = prefix;
    message.set(suffix, MESSAGE_BYTES - SUFFIX_BYTES);
    for (let i = 0; i < words.length; i++) {
      view.setInt8(1, bytes[i]!);
      view.setUint32(2, words[i]!);
      hash.digestInto(message, digests, i * DIGEST_BYTES);
    }
    message.fill(0);
  };
}
