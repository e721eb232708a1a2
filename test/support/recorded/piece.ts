/** What a recording holds: pieces of bytes, each of one format. */
import { readFileSync } from "node:fs";

/** Bytes of one format, out of a recording. */
export interface Piece {
  readonly format: string;
  readonly bytes: Uint8Array;
  readonly params: Readonly<Record<string, number>>;
}

/** What one recorded vector holds: the bytes that our formats describe, and the names of values that none describes. */
export interface Recorded {
  readonly pieces: readonly Piece[];
  readonly undescribed: readonly string[];
}

/** The recordings of one protocol, which its `recorded.ts` exports as `recordings`. */
export interface ProtocolRecordings {
  readonly vectors: readonly Recorded[];
  readonly expected: {
    /** Pieces of each recorded format: how many there are, and how many of them the codec accepts. */
    readonly pieces: Readonly<Record<string, readonly [recorded: number, accepted: number]>>;
    /** How often each value occurs that no format describes. */
    readonly undescribed: Readonly<Record<string, number>>;
    /** Packets that claim to be large which can be composed of each format: see `codec/claims.test.ts`. */
    readonly claims: Readonly<Record<string, number>>;
  };
}

export function piece(format: string, bytes: Uint8Array, params: Readonly<Record<string, number>> = {}): Piece {
  return { format, bytes, params };
}

/** A file of `seeds/`, parsed. */
export function readSeed<T>(path: string): T {
  return JSON.parse(readFileSync(`seeds/${path}`, "utf8")) as T;
}
