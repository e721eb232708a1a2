/** Pieces of recordings. */
import { readFileSync } from "node:fs";

/** Bytes of one format, out of a recording. */
export interface Piece {
  readonly format: string;
  readonly bytes: Uint8Array;
  readonly params: Readonly<Record<string, number>>;
}

/** What one recorded vector holds: the bytes that our formats describe, and by name what none of them does. */
export interface Recorded {
  readonly pieces: readonly Piece[];
  readonly undescribed: readonly string[];
}

export function piece(format: string, bytes: Uint8Array, params: Readonly<Record<string, number>> = {}): Piece {
  return { format, bytes, params };
}

export function readSeed<T>(path: string): T {
  return JSON.parse(readFileSync(`seeds/${path}`, "utf8")) as T;
}
