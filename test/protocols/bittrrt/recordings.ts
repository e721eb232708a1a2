import { readFileSync } from "node:fs";
import { fromHex } from "../../../src/bytes/index.js";
import { FrameKey, type FrameKeyOptions } from "../../../src/protocols/bittrrt/index.js";

/** A recorded vector, as far as tests of frames read it. */
export interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly key_hex: string;
  readonly nonce_hex: string;
  readonly output_hex: string;
  readonly decoded: Readonly<Record<string, string | number>>;
}

const { vectors } = JSON.parse(readFileSync("seeds/bittrrt/vectors.json", "utf8")) as { vectors: Vector[] };

export function vectorsOf(kind: string): readonly Vector[] {
  return vectors.filter((vector) => vector.kind === kind);
}

/** The key of a vector, which draws the recorded nonce. */
export function keyOf({ key_hex, nonce_hex }: Vector, options: Partial<FrameKeyOptions> = {}): FrameKey {
  return new FrameKey(fromHex(key_hex), { random: () => fromHex(nonce_hex), ...options });
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
