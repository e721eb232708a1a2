/** Measures the largest allocation of an action. */
import { vi } from "vitest";

/** Larger allocations throw, so that a faulty codec fails its test instead of killing the run. */
const LARGEST_MAX = 2 ** 26;
const KINDS = ["Array", "ArrayBuffer", "Uint8Array"] as const;

/** The largest `n` of `new Array(n)`, `new ArrayBuffer(n)` and `new Uint8Array(n)` during an action. */
export function largestAllocation(action: () => void): number {
  let largest = 0;
  for (const kind of KINDS) {
    vi.stubGlobal(
      kind,
      new Proxy(globalThis[kind] as unknown as new (...args: unknown[]) => object, {
        construct(target, args, newTarget) {
          if (typeof args[0] === "number") largest = Math.max(largest, args[0]);
          if (largest > LARGEST_MAX) throw new RangeError(`${kind} of ${largest}`);
          return Reflect.construct(target, args, newTarget) as object;
        },
      }),
    );
  }
  try {
    action();
  } finally {
    vi.unstubAllGlobals();
  }
  return largest;
}
