/** The recorded vectors of BittrRt, for tests of frames. */
import { readFileSync } from "node:fs";
import { fromHex } from "../../../src/bytes/index.js";
import { FrameKey, type FrameKeyOptions } from "../../../src/protocols/bittrrt/index.js";

/** A recorded vector, with the members that tests of frames read. */
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

/** The vectors of a kind. */
export function vectorsOf(kind: string): readonly Vector[] {
  return vectors.filter((vector) => vector.kind === kind);
}

/** The key of a vector. It draws the recorded nonce. */
export function keyOf({ key_hex, nonce_hex }: Vector, options: Partial<FrameKeyOptions> = {}): FrameKey {
  return new FrameKey(fromHex(key_hex), { random: () => fromHex(nonce_hex), ...options });
}

/** The bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
