/** How vectors of BittrRt are played: results, and what all kinds share. */
import { FrameKey, type Frame, type FrameKeyOptions } from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import type { Field } from "../field.js";
import { shortened } from "../verdict.js";

/** The result of a vector: a verdict, or a line for each difference; no line means equal. */
export type PlayResult = "client" | "refused" | readonly string[];
/** A function for each kind of vectors, which plays one. */
export type Players = Readonly<Record<string, (vector: Field) => PlayResult>>;

/** A line for two different values, as JSON; none for equal ones. */
export function valueDifferences(what: string, expected: unknown, actual: unknown): readonly string[] {
  const [theirs, ours] = [expected, actual].map((value) => JSON.stringify(value) ?? "nothing") as [string, string];
  return theirs === ours ? [] : [`${what}: expected ${shortened(theirs)}, got ${shortened(ours)}`];
}

/** `refused`, or a difference where ours accepts what the reference refuses. */
export function refusal(isRefused: boolean, what: string): PlayResult {
  return isRefused ? "refused" : [`${what}: accepted, but refused by the reference`];
}

/** {@link refusal} for a vector that must hold the error of the reference. */
export function refusalOf(vector: Field, isRefused: boolean, what: string): PlayResult {
  vector.get("decoded").get("error").text();
  return refusal(isRefused, what);
}

/** A key of the profile `reference` that draws the recorded nonces in order. */
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

/** The fields of a frame as recordings write them. */
export function fieldsOf({ flags, channel, sequence, offset, plaintext }: Frame): object {
  return { flags, channel, sequence: `${sequence}`, offset: `${offset}`, plaintext_hex: toHex(plaintext) };
}

/** The same fields of a recorded frame. */
export function recordedFields(decoded: Field): object {
  const names = ["flags", "channel", "sequence", "offset", "plaintext_hex"];
  return Object.fromEntries(names.map((name) => [name, decoded.get(name).value]));
}
