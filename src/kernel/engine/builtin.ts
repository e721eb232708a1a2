/** Built-in modules of Node.js, looked up at run time: a bundle for browsers neither contains nor needs them. */

/** node:crypto; undefined outside Node.js. */
export function nodeCrypto() {
  return globalThis.process?.getBuiltinModule?.("crypto");
}

/** node:zlib; undefined outside Node.js. */
export function nodeZlib() {
  return globalThis.process?.getBuiltinModule?.("zlib");
}

/** Node.js refuses 2^31 bytes or more in one call with a RangeError of its own. */
export const NODE_PART_BYTES = 2 ** 30;

/** Calls `use` with all of `bytes`, in parts that one call of Node.js takes. */
export function inNodeParts(bytes: Uint8Array, use: (part: Uint8Array) => void): void {
  if (bytes.length <= NODE_PART_BYTES) {
    use(bytes);
    return;
  }
  const { buffer, byteOffset, length } = bytes;
  for (let at = 0; at < length; at += NODE_PART_BYTES) {
    use(new Uint8Array(buffer, byteOffset + at, Math.min(NODE_PART_BYTES, length - at)));
  }
}
