/** What tests of RPC share. */
import { toHex } from "../../../src/bytes/index.js";
import type { RpcValues } from "../../../src/protocols/rpc/node.js";

/** Values in memory. */
export function memoryValues(): RpcValues {
  const values = new Map<string, Uint8Array>();
  return {
    has: (key) => values.has(toHex(key)),
    get: (key) => values.get(toHex(key)),
    put: (key, value) => void values.set(toHex(key), value),
  };
}
