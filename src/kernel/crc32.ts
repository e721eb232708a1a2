/** CRC-32 of IEEE 802.3. */
import { lengthOf } from "../bytes/checks.js";
import { crc32 as tableCrc32 } from "../bytes/index.js";
import { inNodeParts, nodeZlib } from "./engine/builtin.js";
import { plain, requireBytes, requireInteger } from "./engine/checks.js";
import { instantiate } from "./engine/instance.js";
import { CRC32_STEPS } from "./engine/crossovers.js";
import { Primitive } from "./engine/engine-choice.js";
import { CRC32_WASM } from "./wasm/crc32.js";

/**
 * CRC-32 of IEEE 802.3, the one of zlib, of `bytes[at..end)`, an unsigned 32-bit number. If `initial` is the CRC of
 * earlier bytes, the result covers those and these. @throws WireError `argument`
 */
export function crc32(bytes: Uint8Array, initial = 0, at = 0, end = lengthOf(bytes)): number {
  requireBytes("crc32", "bytes", bytes);
  requireInteger("crc32", "initial", initial, 0xffffffff);
  requireInteger("crc32", "end", end, bytes.length);
  requireInteger("crc32", "at", at, end);
  const part = end - at === bytes.length ? bytes : plain(bytes).subarray(at, end);
  return CRC32.engineFor(part.length)(part, initial);
}

/**
 * Memory in which CRC-32 works without copies: the caller writes to {@link Crc32Arena.bytes}. Each arena has a memory
 * of its own.
 */
export class Crc32Arena {
  /** The caller writes here; a view that is valid as long as the arena. */
  readonly bytes: Uint8Array;
  readonly #crc: (length: number, initial: number) => number;

  /** @throws WireError `argument` */
  constructor(sizeBytes: number) {
    requireInteger("crc32", "sizeBytes", sizeBytes, ARENA_BYTES_MAX);
    const kernel = instantiate<Crc32Functions>(CRC32_WASM, { ARENA: sizeBytes });
    if (kernel === undefined) {
      const bytes = new Uint8Array(sizeBytes);
      this.bytes = bytes;
      this.#crc = (length, initial) => CRC32.engineFor(length)(bytes.subarray(0, length), initial);
      return;
    }
    const { update } = kernel.functions;
    const from = kernel.addressOf("ARENA");
    this.bytes = kernel.region("ARENA");
    this.#crc = (length, initial) => update(initial, from, length) >>> 0;
  }

  /** {@link crc32} of the first `length` bytes. @throws WireError `argument` */
  crc32(length = this.bytes.length, initial = 0): number {
    requireInteger("crc32", "length", length, this.bytes.length);
    requireInteger("crc32", "initial", initial, 0xffffffff);
    return this.#crc(length, initial);
  }
}

/** A module has at most 256 MB of memory; its tables and scratch take less than 2 MB. */
const ARENA_BYTES_MAX = 254 * 1024 * 1024;

/** Computes the CRC of `bytes` that follow those of `initial`. */
type Crc32Engine = (bytes: Uint8Array, initial: number) => number;

/** The engines of CRC-32. */
export const CRC32 = /* @__PURE__ */ new Primitive<Crc32Engine>("crc32", CRC32_STEPS, {
  wasm: wasmEngine,
  node: nodeEngine,
  js: () => tableCrc32,
});

/** The exports of the module. */
interface Crc32Functions {
  /** Continues `crc` with `length` bytes of linear memory; signed. */
  update(crc: number, from: number, length: number): number;
}

function wasmEngine(): Crc32Engine | undefined {
  const kernel = instantiate<Crc32Functions>(CRC32_WASM);
  if (kernel === undefined) return undefined;
  const { update } = kernel.functions;
  const input = kernel.region("INPUT");
  const from = kernel.addressOf("INPUT");
  return (bytes, initial) => {
    let crc = initial;
    for (let at = 0; at < bytes.length; at += input.length) {
      const chunk = bytes.length <= input.length ? bytes : bytes.subarray(at, at + input.length);
      input.set(chunk);
      crc = update(crc, from, chunk.length);
    }
    return crc >>> 0;
  };
}

/** zlib.crc32 exists since Node.js 20.15 and 22.2. */
function nodeEngine(): Crc32Engine | undefined {
  const crc32Of = nodeZlib()?.crc32;
  if (crc32Of === undefined) return undefined;
  return (bytes, initial) => {
    let crc = initial;
    inNodeParts(bytes, (part) => void (crc = crc32Of(part, crc)));
    return crc;
  };
}
