/** Built-in modules of Node.js, looked up at run time: a bundle for browsers neither contains nor needs them. */

/** node:crypto; undefined outside Node.js. */
export function nodeCrypto() {
  return globalThis.process?.getBuiltinModule?.("crypto");
}

/** node:zlib; undefined outside Node.js. */
export function nodeZlib() {
  return globalThis.process?.getBuiltinModule?.("zlib");
}
