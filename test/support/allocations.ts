/** Measures the largest allocation of an action. */
import { vi } from "vitest";

/** No test needs more at once; to refuse it keeps a run alive that would die. */
const LARGEST_MAX = 2 ** 26;
const KINDS = ["Array", "ArrayBuffer", "Uint8Array"] as const;

/** The most that one `new Array(n)`, `new ArrayBuffer(n)` or `new Uint8Array(n)` of an action asks for. */
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
