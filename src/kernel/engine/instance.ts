/**
 * WASM modules of assembly/, compiled on first use and instantiated synchronously. If this machine cannot run a module
 * (no WebAssembly, no SIMD, a policy against it, a limit on synchronous compilation), another engine serves its
 * primitive.
 */

import type { NewBytes } from "../../bytes/new-bytes.js";

/** Sizes of regions that the host adds to the memory of a module, by name. */
export type HostRegions = Readonly<Record<string, number>>;

/**
 * Makes an instance with a memory of its own; undefined if this machine cannot. `regions` are added behind those of the
 * module, each at a multiple of 64; the functions of the module take their addresses.
 */
export function instantiate<Functions extends object>(
  hex: string,
  regions: HostRegions = {},
): KernelInstance<Functions> | undefined {
  const module = compiled(hex);
  if (module === undefined) return undefined;
  try {
    const instance = new KernelInstance<Functions>(new WebAssembly.Instance(module).exports, regions);
    remember(instance);
    return instance;
  } catch {
    // Also if the regions do not fit in memory.
    return undefined;
  }
}

/** All instances in use: tests search them for broken guards and leftover secrets. */
export function instances(): KernelInstance<object>[] {
  return made.map((reference) => reference.deref()).filter((instance) => instance !== undefined);
}

let made: WeakRef<KernelInstance<object>>[] = [];
let pruneAt = 64;

/** Drops what was collected whenever the list has doubled, so that an instance costs the same with any number alive. */
function remember(instance: KernelInstance<object>): void {
  made.push(new WeakRef(instance));
  if (made.length < pruneAt) return;
  made = made.filter((reference) => reference.deref() !== undefined);
  pruneAt = Math.max(64, 2 * made.length);
}

const modules = /* @__PURE__ */ new Map<string, WebAssembly.Module | undefined>();

function compiled(hex: string): WebAssembly.Module | undefined {
  if (!modules.has(hex)) modules.set(hex, compile(hex));
  return modules.get(hex);
}

function compile(hex: string): WebAssembly.Module | undefined {
  if (typeof WebAssembly === "undefined" || !isLittleEndian()) return undefined;
  const binary = Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
  if (!WebAssembly.validate(binary)) return undefined;
  try {
    return new WebAssembly.Module(binary);
  } catch {
    return undefined;
  }
}

/** A region of linear memory. */
export interface Region {
  readonly name: string;
  readonly at: number;
  readonly length: number;
}

const PAGE_BYTES = 65_536;

/** An instance of a module: its functions and its linear memory, as drawn in assembly/memory.ts. */
export class KernelInstance<Functions extends object> {
  readonly functions: Functions;
  readonly memory: NewBytes;
  readonly regions: readonly Region[];
  /** A multiple of 4. */
  readonly guardLength: number;
  readonly guardValue: number;

  constructor(exports: WebAssembly.Exports, hostRegions: HostRegions) {
    const number = (name: string) => (exports[name] as WebAssembly.Global).value as number;
    this.functions = exports as Functions;
    this.guardLength = number("GUARD_LENGTH");
    this.guardValue = number("GUARD_VALUE");
    const regions: Region[] = Object.keys(exports)
      .filter((name) => `${name}_BYTES` in exports)
      .map((name) => ({ name, at: number(name), length: number(`${name}_BYTES`) }));
    for (const [name, length] of Object.entries(hostRegions)) {
      const end = Math.max(...regions.map((region) => region.at + region.length));
      regions.push({ name, at: roundUp(end + this.guardLength), length });
    }
    this.regions = regions;
    const end = Math.max(...regions.map((region) => region.at + region.length)) + this.guardLength;
    this.memory = grown(exports.memory as WebAssembly.Memory, end);
    // One guard before each region and one behind it.
    for (const { at, length } of regions) {
      this.memory.fill(this.guardValue, at - this.guardLength, at);
      this.memory.fill(this.guardValue, at + length, at + length + this.guardLength);
    }
    // The start function runs after the guards are set, so that they watch it too.
    (exports.start as () => void)();
  }

  /** A view of a region; it stays valid, because the memory no longer grows. */
  region(name: string): NewBytes {
    const { at, length } = this.#find(name);
    return this.memory.subarray(at, at + length);
  }

  /** The address of a region. */
  addressOf(name: string): number {
    return this.#find(name).at;
  }

  #find(name: string): Region {
    return this.regions.find((region) => region.name === name)!;
  }
}

/** The names of regions of an instance with an overwritten guard; all of them if its memory has grown. */
export function brokenGuards({
  guardLength,
  guardValue,
  memory,
  regions,
}: Pick<KernelInstance<object>, "guardLength" | "guardValue" | "memory" | "regions">): string[] {
  // Growth detaches the view, whose length is 0 then.
  if (memory.length === 0) return regions.map(({ name }) => name);
  // By words: tests look after every call, and with `every` two thirds of a sweep over lengths went into this.
  const words = new DataView(memory.buffer, memory.byteOffset, memory.length);
  const painted = 0x01_01_01_01 * guardValue;
  const isPainted = (from: number): boolean => {
    for (let at = from; at < from + guardLength; at += 4) if (words.getUint32(at) !== painted) return false;
    return true;
  };
  return regions
    .filter(({ at, length }) => !isPainted(at - guardLength) || !isPainted(at + length))
    .map(({ name }) => name);
}

/** Grows a memory up to `end` and returns a view of it. It must come before other views: growth detaches them. */
function grown(memory: WebAssembly.Memory, end: number): NewBytes {
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES);
  if (missing > 0) memory.grow(missing);
  return new Uint8Array(memory.buffer as ArrayBuffer);
}

/** Rounds up to a cache line, so that no aligned vector of a region crosses one. */
function roundUp(address: number): number {
  return (address + 63) & ~63;
}

/** Whether typed arrays are little-endian, like WebAssembly memory. */
function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
