/** Odd vectors: sound ones of which one member has another type or value. */
import { expect } from "vitest";
import { verdictsOf, type Ended } from "./harness.js";

/** A text of digits that is far longer than any number. */
export const HUGE = "9".repeat(140_000);
/** Values that no member of a vector has. */
const ODD: readonly unknown[] = [undefined, null, -1.5, "zz", HUGE, [null], { a: 1 }];

/** Every vector that differs from `whole` in one member, at any depth, in the first two items of each list. */
export function* oddOnes(whole: unknown): Generator<unknown> {
  yield* ODD;
  if (typeof whole !== "object" || whole === null) return;
  const names = Object.keys(whole).slice(0, Array.isArray(whole) ? 2 : undefined);
  for (const name of names) {
    for (const value of oddOnes((whole as Record<string, unknown>)[name])) {
      const copy = (Array.isArray(whole) ? [...(whole as unknown[])] : { ...whole }) as Record<string, unknown>;
      copy[name] = value;
      yield copy;
    }
  }
}

/** How odd vectors end in a file where a sound one stands before and behind them, whose verdict they do not change. */
export function endOf(odd: readonly unknown[], sound: object): readonly Ended[] {
  const ended = verdictsOf([sound, ...odd, sound]);
  expect(ended).toHaveLength(odd.length + 2);
  expect(ended.at(-1)).toEqual(ended[0]);
  expect(ended[0]!.verdict).not.toBe("failed");
  return ended.slice(1, -1);
}
