/**
 * Node's own modules, undefined where there is no Node. They are asked for at run time and never imported,
 * so that a bundle for the browser neither contains nor misses them.
 */
export function nodeCrypto() {
  return globalThis.process?.getBuiltinModule?.("crypto");
}

export function nodeZlib() {
  return globalThis.process?.getBuiltinModule?.("zlib");
}
