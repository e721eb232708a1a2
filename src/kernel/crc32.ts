import { crc32 as tableCrc32 } from "../bytes/index.js";
import { nodeZlib } from "./builtin.js";
import { requireBytes, requireInteger } from "./checks.js";
import { instantiate } from "./instance.js";
import { Primitive } from "./primitive.js";
import { CRC32_WASM } from "./wasm/crc32.js";

/**
 * CRC-32 of IEEE 802.3, the one of zlib, as an unsigned 32-bit number. With `initial`, the CRC of earlier
 * bytes, it is the CRC of those followed by `bytes`.
 */
export function crc32(bytes: Uint8Array, initial = 0): number {
  requireBytes("crc32", "bytes", bytes);
  requireInteger("crc32", "initial", initial, 0xffffffff);
  return CRC32.engineFor(bytes.length)(bytes, initial);
}

type Crc32Engine = (bytes: Uint8Array, initial: number) => number;

export const CRC32 = /* @__PURE__ */ new Primitive<Crc32Engine>("crc32", {
  wasm: wasmEngine,
  node: nodeEngine,
  js: () => (bytes, initial) => tableCrc32(bytes, 0, bytes.length, initial),
});

function wasmEngine(): Crc32Engine | undefined {
  const kernel = instantiate<{ update(crc: number, length: number): number }>(CRC32_WASM);
  if (kernel === undefined) return undefined;
  const { update } = kernel.functions;
  const input = kernel.region("INPUT");
  return (bytes, initial) => {
    let crc = initial;
    for (let at = 0; at < bytes.length; at += input.length) {
      const chunk = bytes.length <= input.length ? bytes : bytes.subarray(at, at + input.length);
      input.set(chunk);
      crc = update(crc, chunk.length);
    }
    return crc >>> 0;
  };
}

/** zlib.crc32 came with Node 20.15 and 22.2. */
function nodeEngine(): Crc32Engine | undefined {
  return nodeZlib()?.crc32;
}
