/** The linear memory of modules: regions, guards and leftover secrets. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { crc32, md5Rows, withEngine } from "../../../src/kernel/index.js";
import { brokenGuards, instances, instantiate, type KernelInstance } from "../../../src/kernel/engine/instance.js";
import { noise } from "../engines.js";

const GUARD_BYTES = 64;

/** The embedded modules, by name. */
const wasm = new URL("../../../src/kernel/wasm/", import.meta.url);
const MODULES = await Promise.all(
  readdirSync(wasm).map(async (name) => {
    const [hex] = Object.values((await import(new URL(name, wasm).href)) as Record<string, string>);
    return [name, hex!] as const;
  }),
);

test("the modules are found", () => {
  expect(MODULES.length).toBeGreaterThan(0);
});

describe.each(MODULES)("the memory of %s", (_, hex) => {
  const instance = instantiate<{ staticEnd(): number }>(hex, { HOST: 70_000, SMALL: 1 })!;
  const regions = instance.regions.toSorted((a, b) => a.at - b.at);

  test("has separate regions between guards, behind its static data and within its size", () => {
    let end = instance.functions.staticEnd();
    for (const { at, length } of regions) {
      expect(at - end).toBeGreaterThanOrEqual(GUARD_BYTES);
      end = at + length;
    }
    expect(regions.length).toBeGreaterThan(0);
    expect(instance.memory.length - end).toBeGreaterThanOrEqual(GUARD_BYTES);
  });

  test("aligns regions to vectors", () => {
    for (const { at } of regions) expect(at % 16).toBe(0);
  });

  test("reveals a write past either end of a region", () => {
    for (const { name, at, length } of regions) {
      for (const place of [at - GUARD_BYTES, at - 1, at + length, at + length + GUARD_BYTES - 1]) {
        const held = instance.memory[place]!;
        expect(brokenGuards(instance)).toEqual([]);
        instance.memory[place] = held ^ 1;
        expect(brokenGuards(instance)).toContain(name);
        instance.memory[place] = held;
      }
    }
  });

  test("does not grow, or reveals it: growth detaches every view", () => {
    const { memory } = instance.functions as unknown as { memory: WebAssembly.Memory };
    const grows = growOnce(memory);
    expect(brokenGuards(instance)).toEqual(grows ? instance.regions.map(({ name }) => name) : []);
  });
});

function growOnce(memory: WebAssembly.Memory): boolean {
  try {
    memory.grow(1);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return false;
  }
}

/** The instance that `use` runs on, found by the name of a region. */
function serving(use: () => void, region: string): KernelInstance<object> {
  withEngine("wasm", use);
  return instances().findLast((instance) => instance.regions.some(({ name }) => name === region))!;
}

function contains(memory: Uint8Array, secret: Uint8Array): boolean {
  return Buffer.from(memory.buffer).includes(Buffer.from(secret));
}

test.each([1, 5, 12, 700, 1200, 1208])("no suffix and no digest of %i rows stay in memory", (count) => {
  const suffix = noise(16, 3);
  let digests: Uint8Array = new Uint8Array(0);
  const { memory } = serving(() => {
    const bytes = new Int8Array(count);
    digests = md5Rows({ prefix: 3, bytes, words: Uint32Array.from({ length: count }, (_, i) => i), suffix });
  }, "DIGESTS");
  expect(contains(memory, suffix.subarray(0, 6))).toBe(false);
  for (let i = 0; i < count; i += 97) expect(contains(memory, digests.subarray(16 * i, 16 * i + 8))).toBe(false);
  const instance = instances().findLast((candidate) => candidate.memory === memory)!;
  for (const region of ["SUFFIX", "STEP_CONSTANTS", "DIGESTS"]) {
    expect(instance.region(region).every((byte) => byte === 0)).toBe(true);
  }
});

test("the search finds a planted secret", () => {
  const { memory } = serving(() => void crc32(noise(300, 4)), "TABLES");
  expect(contains(memory, noise(300, 4).subarray(100, 116))).toBe(true);
});
