/** Compares results of ours with the fields of a vector. */
import { isWireError } from "../../errors.js";
import type { Field } from "../field.js";
import type { Outcome } from "../verdict.js";

/** A field of a vector, and our result for it. */
export type Comparison = readonly [name: string, ours: string | number | bigint | boolean];

/** The verdict on results that must all be the recorded ones. Integers may be recorded as text. */
export function compared(vector: Field, ours: readonly Comparison[]): Outcome {
  const found = ours.flatMap(([name, value]) => {
    const field = vector.get(name);
    const recorded = typeof value === "bigint" ? field.bigint() : field.value;
    return recorded === value ? [] : [`${name}: expected ${String(recorded)}, got ${value}`];
  });
  return found.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: found };
}

/** The code of the error with which `action` fails; undefined if it does not. */
export function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (isWireError(error)) return error.code;
    throw error;
  }
}
