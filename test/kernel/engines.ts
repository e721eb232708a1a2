/** Helpers of the kernel tests: engines, inputs, guards and a matcher for bytes. */
import { describe, expect } from "vitest";
import { toHex } from "../../src/bytes/index.js";
import { type EngineName, kernelReport, type PrimitiveName, withEngine } from "../../src/kernel/index.js";
import { brokenGuards as brokenGuardsOf, instances } from "../../src/kernel/engine/instance.js";

/** Runs the same tests for every engine of a primitive that this machine has. */
export function describeEngines(primitive: PrimitiveName, tests: (engine: EngineName) => void): void {
  const row = kernelReport().find((candidate) => candidate.primitive === primitive)!;
  describe.each(row.engines)(`${primitive} by %s`, (engine) => {
    tests(engine);
  });
}

/** `action`, run by `engine`. */
export function by<Arguments extends unknown[], T>(
  engine: EngineName,
  action: (...values: Arguments) => T,
): (...values: Arguments) => T {
  return (...values) => withEngine(engine, () => action(...values));
}

/** Pseudorandom bytes that are equal in every run (mulberry32). */
export function noise(length: number, run = 1): Uint8Array {
  let state = Math.imul(run, 0x9e3779b1) + length;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    bytes[i] = mixed ^ (mixed >>> 14);
  }
  return bytes;
}

export const ALIGNMENTS = [0, 1, 3, 8, 13];

/** Every message of 0 to 300 bytes at each alignment, and a few longer ones. */
export function* messages(): Generator<Uint8Array> {
  const block = noise(320);
  for (let length = 0; length <= 300; length++) {
    for (const at of ALIGNMENTS) yield block.subarray(at, at + length);
  }
  for (const length of [1023, 1024, 4097, 65_535, 65_536, 65_553, 200_000]) yield noise(length + 3).subarray(3);
}

/** Messages of 0 to 512 bytes at 16 alignments, of up to 4,096 bytes at a drawn one, and some of up to 4 MiB. */
export function* allMessages(): Generator<Uint8Array> {
  const bytes = noise(4 * 1024 * 1024 + 16);
  const drawn = noise(8192, 2);
  for (let length = 0; length <= 512; length++) {
    for (let at = 0; at < 16; at++) yield bytes.subarray(at, at + length);
  }
  for (let length = 513; length <= 4096; length++) {
    const at = drawn[length]! % 16;
    yield bytes.subarray(at, at + length);
  }
  // Equally many of each magnitude.
  for (let i = 0; i < 24; i++) {
    const length = Math.floor(2 ** (12 + (i + drawn[i]! / 256) / 2.4));
    const at = drawn[i + 24]! % 16;
    yield bytes.subarray(at, at + length);
  }
  yield bytes.subarray(0, 4 * 1024 * 1024);
}

/** The names of all regions with an overwritten guard, in any module. */
export function brokenGuards(): string[] {
  return instances().flatMap((instance) => brokenGuardsOf(instance));
}

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

declare module "vitest" {
  interface Matchers {
    /** Like `toEqual` for plain Uint8Arrays, and a hundred times as fast if they are equal. */
    toBeBytes(expected: Uint8Array): void;
  }
}

expect.extend({
  toBeBytes(actual: Uint8Array, expected: Uint8Array) {
    if (Object.getPrototypeOf(actual) !== Uint8Array.prototype) {
      return { pass: false, message: () => "not a plain Uint8Array" };
    }
    if (Buffer.compare(actual, expected) === 0) return { pass: true, message: () => "the bytes are the same" };
    return { pass: false, message: () => "the bytes differ", actual: toHex(actual), expected: toHex(expected) };
  },
});
