/** Who computes: a module of assembly/, node:crypto and node:zlib, @noble, or TypeScript of our own. */
export type EngineName = "wasm" | "node" | "noble" | "js";

export type PrimitiveName = keyof typeof CROSSOVERS;

export interface Crossover {
  /** Serves sizes from here up to the next crossover. */
  readonly from: number;
  /** The first of these that this machine has. The last one is there everywhere. */
  readonly prefer: readonly EngineName[];
}

export interface Crossovers {
  /** What a size counts. */
  readonly unit: "bytes" | "messages" | "ids";
  readonly steps: readonly Crossover[];
}

/**
 * Which engine serves which size.
 */
export const CROSSOVERS = {
  "aes-ctr": { unit: "bytes", steps: [{ from: 0, prefer: ["noble"] }] },
  "aes-gcm": { unit: "bytes", steps: [{ from: 0, prefer: ["noble"] }] },
  "chacha20-poly1305": { unit: "bytes", steps: [{ from: 0, prefer: ["noble"] }] },
  crc32: { unit: "bytes", steps: [{ from: 0, prefer: ["js"] }] },
  "hmac-sha256": { unit: "bytes", steps: [{ from: 0, prefer: ["noble"] }] },
  md5: { unit: "bytes", steps: [{ from: 0, prefer: ["noble"] }] },
  "md5-pans": { unit: "messages", steps: [{ from: 0, prefer: ["wasm", "noble"] }] },
  sha1: { unit: "bytes", steps: [{ from: 0, prefer: ["noble"] }] },
  sha256: { unit: "bytes", steps: [{ from: 0, prefer: ["noble"] }] },
  "xor-distance": { unit: "ids", steps: [{ from: 0, prefer: ["js"] }] },
} as const satisfies Record<string, Crossovers>;
