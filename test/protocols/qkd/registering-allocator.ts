/** An allocator of keys that keeps every buffer it made, so that a test can prove that all of them are zero again. */
import { expect } from "vitest";
import type { AllocateKey } from "../../../src/protocols/qkd/reply/index.js";

/** What a {@link registeringAllocator} knows. */
export interface RegisteringAllocator {
  readonly allocate: AllocateKey;
  /** Every buffer that was made. */
  readonly made: readonly Uint8Array[];
  /** Fails unless at least `count` buffers were made and all bytes of all of them are zero. */
  expectZero(count?: number): void;
}

export function registeringAllocator(): RegisteringAllocator {
  const made: Uint8Array[] = [];
  return {
    made,
    allocate: (sizeBytes) => {
      const bytes = new Uint8Array(sizeBytes);
      made.push(bytes);
      return bytes;
    },
    expectZero(count = 1) {
      expect(made.length).toBeGreaterThanOrEqual(count);
      expect(made.filter((bytes) => bytes.some((byte) => byte !== 0))).toEqual([]);
    },
  };
}
