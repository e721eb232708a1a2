import { FrameKey, type Frame, type FrameKeyOptions } from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import type { Field } from "../fields.js";
import { shortened } from "../verdict.js";

/** What a vector ends in: a verdict, or the lines that say how it differs; none where it is equal. */
export type Played = "client" | "refused" | readonly string[];
/** How the vectors of each kind are played. */
export type Kinds = Readonly<Record<string, (vector: Field) => Played>>;

/** A line where two values are not the same; they are shown as JSON, long ones cut. */
export function sameness(what: string, expected: unknown, actual: unknown): readonly string[] {
  const [theirs, ours] = [expected, actual].map((value) => JSON.stringify(value) ?? "nothing") as [string, string];
  return theirs === ours ? [] : [`${what}: expected ${shortened(theirs)}, got ${shortened(ours)}`];
}

/** `refused`, unless ours takes what the reference refuses. */
export function refusal(isRefused: boolean, what: string): Played {
  return isRefused ? "refused" : [`${what}: taken, and the reference refuses it`];
}

/** {@link refusal} by a vector that holds the error of the reference. */
export function refusalOf(vector: Field, isRefused: boolean, what: string): Played {
  vector.get("decoded").get("error").text();
  return refusal(isRefused, what);
}

/** A key under the `reference` profile, which draws the recorded nonces in their order. */
export function referenceKey(
  key: Uint8Array,
  nonces: readonly Uint8Array[],
  options?: Partial<FrameKeyOptions>,
): FrameKey {
  const drawn = nonces.values();
  return new FrameKey(key, {
    random: (n) => drawn.next().value ?? new Uint8Array(n),
    overflow: "mask",
    plaintextBytesMax: Infinity,
    ...options,
  });
}

/** A frame as the recordings show frames. */
export function shown({ flags, channel, sequence, offset, plaintext }: Frame): object {
  return { flags, channel, sequence: `${sequence}`, offset: `${offset}`, plaintext_hex: toHex(plaintext) };
}

/** The members of a recorded frame that {@link shown} has. */
export function recordedFrame(decoded: Field): object {
  const names = ["flags", "channel", "sequence", "offset", "plaintext_hex"];
  return Object.fromEntries(names.map((name) => [name, decoded.get(name).value]));
}
