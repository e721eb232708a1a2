/** The content of recordings: pieces of bytes, each of one format. */
import { readFileSync } from "node:fs";

/** Bytes of one format in a recording. */
export interface Piece {
  readonly format: string;
  readonly bytes: Uint8Array;
  readonly params: Readonly<Record<string, number>>;
}

/** The content of one recorded vector: bytes that a format describes, and names of values that no format describes. */
export interface Recorded {
  readonly pieces: readonly Piece[];
  readonly undescribed: readonly string[];
}

/** The recordings of one protocol, which its `recorded.ts` exports as `recordings`. */
export interface ProtocolRecordings {
  readonly vectors: readonly Recorded[];
  readonly expected: {
    /** For each recorded format, the number of its pieces and of those that the codec accepts. */
    readonly pieces: Readonly<Record<string, readonly [recorded: number, accepted: number]>>;
    /** For each value that no format describes, how often it occurs. */
    readonly undescribed: Readonly<Record<string, number>>;
    /** For each format, the number of packets with an excessive length or count: see `codec/claims.test.ts`. */
    readonly claims: Readonly<Record<string, number>>;
    /** Share of changed values that a format of several lengths accepts at least, where other formats accept more. */
    readonly accepted?: Readonly<Record<string, number>>;
  };
}

export function piece(format: string, bytes: Uint8Array, params: Readonly<Record<string, number>> = {}): Piece {
  return { format, bytes, params };
}

/** A file of `seeds/`, parsed. */
export function readSeed<T>(path: string): T {
  return JSON.parse(readFileSync(`seeds/${path}`, "utf8")) as T;
}
