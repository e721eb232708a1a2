/** Malformed vectors, made from sound ones. */
import { expect } from "vitest";
import { verdictsOf, type Ended } from "./harness.js";

/** A text that is longer than any field of a recording. */
export const HUGE = "9".repeat(140_000);
const MALFORMED: readonly unknown[] = [undefined, null, -1.5, "zz", HUGE, [null], { a: 1 }];

/** Every vector that differs from `sound` in one member, at any depth; of lists in their first two items. */
export function* malformedVectors(sound: unknown): Generator<unknown> {
  yield* MALFORMED;
  if (typeof sound !== "object" || sound === null) return;
  const names = Object.keys(sound).slice(0, Array.isArray(sound) ? 2 : undefined);
  for (const name of names) {
    for (const value of malformedVectors((sound as Record<string, unknown>)[name])) {
      const copy = (Array.isArray(sound) ? [...(sound as unknown[])] : { ...sound }) as Record<string, unknown>;
      copy[name] = value;
      yield copy;
    }
  }
}

/** The verdicts on malformed vectors between two copies of a sound one, whose verdict they must not change. */
export async function verdictsBetween(malformed: readonly unknown[], sound: object): Promise<readonly Ended[]> {
  const ended = await verdictsOf([sound, ...malformed, sound]);
  expect(ended).toHaveLength(malformed.length + 2);
  expect(ended.at(-1)).toEqual(ended[0]);
  expect(ended[0]!.verdict).not.toBe("failed");
  return ended.slice(1, -1);
}
