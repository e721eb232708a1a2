/** The engines of the gear hash, which assembly/chunk.ts defines. */
import { instantiate } from "../engine/instance.js";
import { CHUNK_WASM } from "../wasm/chunk.js";

/** The hash of the byte before those that come next. */
export interface GearState {
  hash: number;
}

/** Searches for bytes that begin a chunk. */
export interface ChunkEngine {
  /**
   * The place of the first byte of `bytes[at..end)` whose hash has none of the bits of `mask`, or `end`; then `gear` has
   * the hash of the last byte.
   */
  scan(bytes: Uint8Array, at: number, end: number, gear: GearState, mask: number): number;
}

/** SHA-256 of the byte 0 and of 1, as little-endian words; {@link HIGH} of 2 and of 3. */
const LOW = [
  0x9c0b346e, 0x987ab3ff, 0xe644a59c, 0x2c0a78bb, 0x3f1d9078, 0x763837b3, 0x06a31185, 0x1da0af17, 0x2f12f54b,
  0xc5544534, 0xbb2ede3b, 0xe3b7d28c, 0xd60a60d1, 0xa585c331, 0x3ce2ccd7, 0x9a458577,
];
const HIGH = [
  0xc9b4c1db, 0x8de4ff00, 0xa55d5b57, 0x010438c6, 0xb05df625, 0x49243efe, 0x98ea764b, 0x86d95764, 0x08ed4f08,
  0x4daf78b9, 0x746a197d, 0x586ba846, 0x6b639e00, 0x62b11d61, 0x9a5ab611, 0xc529ffad,
];

/** What a byte adds to the hash. */
let gearTable: Int32Array | undefined;

function gears(): Int32Array {
  return (gearTable ??= Int32Array.from({ length: 256 }, (_, byte) => LOW[byte & 15]! ^ HIGH[byte >> 4]!));
}

/** Byte by byte. */
export const jsEngine: ChunkEngine = {
  scan(bytes, at, end, gear, mask) {
    const table = gears();
    let { hash } = gear;
    for (let i = at; i < end; i++) {
      hash = ((hash << 1) + table[bytes[i]!]!) | 0;
      if ((hash & mask) === 0) return i;
    }
    gear.hash = hash;
    return end;
  },
};

/** The exports of the module. */
interface ChunkFunctions {
  /** The place among `length` bytes of linear memory of the first whose hash has none of the bits of `mask`. */
  scan(from: number, length: number, before: number, mask: number): number;
  /** The hash after a scan that found nothing. */
  hashed(): number;
}

/** By vectors; undefined if this machine cannot. */
export function wasmEngine(): ChunkEngine | undefined {
  const kernel = instantiate<ChunkFunctions>(CHUNK_WASM);
  if (kernel === undefined) return undefined;
  const { scan, hashed } = kernel.functions;
  const input = kernel.region("INPUT");
  const from = kernel.addressOf("INPUT");
  return {
    scan(bytes, at, end, gear, mask) {
      // Short parts: a search ends long before the end of the bytes.
      for (let part = at; part < end; part += input.length) {
        const length = Math.min(input.length, end - part);
        input.set(bytes.subarray(part, part + length));
        const found = scan(from, length, gear.hash, mask);
        if (found < length) return part + found;
        gear.hash = hashed();
      }
      return end;
    },
  };
}
