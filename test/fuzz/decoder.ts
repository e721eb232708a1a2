/** What the tests of decoders are given. */
import type { FuzzedCodec } from "../../src/testing/index.js";

/** A decoder with valid bytes. */
export interface Decoder {
  readonly name: string;
  readonly codec: FuzzedCodec<unknown>;
  readonly seeds: readonly Uint8Array[];
  /** Share of the inputs, for a decoder that takes many times as long as others; default 1. */
  readonly share?: number;
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A reader that answers undefined for bytes that it refuses. */
export function reading(read: (bytes: Uint8Array) => unknown): FuzzedCodec<unknown> {
  return {
    tryDecode: (bytes) => {
      const value = read(bytes);
      return value === undefined ? { ok: false, error: { code: "text", format: "", path: "" } } : { ok: true, value };
    },
  };
}
