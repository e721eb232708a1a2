/** Rivals that the package does without: reported where they are installed, never gated. */

/** Its module; undefined where it is not installed. */
const optional = (name) =>
  import(name).catch((error) => {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    missing.push(name);
    return undefined;
  });

/** Names of those that are not installed. */
export const missing = [];

export const asChacha20Poly1305 = await optional("@chainsafe/as-chacha20poly1305");
export const grpc = await optional("@grpc/grpc-js");
export const microPacked = await optional("micro-packed");
export const typedBinary = await optional("typed-binary");
