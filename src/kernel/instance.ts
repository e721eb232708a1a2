/**
 * Modules of assembly/, instantiated synchronously on first use. A module that this machine cannot run
 * (no WebAssembly, no SIMD, a policy against it, a limit on synchronous compilation) is not there; its
 * primitive is then served by another engine.
 */
export function instantiate<Functions extends object>(base64: string): KernelInstance<Functions> | undefined {
  if (typeof WebAssembly === "undefined" || !isLittleEndian()) return undefined;
  const binary = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (!WebAssembly.validate(binary)) return undefined;
  try {
    const instance = new KernelInstance<Functions>(new WebAssembly.Instance(new WebAssembly.Module(binary)).exports);
    instances.push(instance);
    return instance;
  } catch {
    return undefined;
  }
}

/** Every module instantiated so far: tests look for broken guards and forgotten secrets in them. */
export const instances: KernelInstance<object>[] = [];

export interface Region {
  readonly name: string;
  readonly at: number;
  readonly length: number;
}

/** The functions of a module and its linear memory, as drawn in assembly/memory.ts. */
export class KernelInstance<Functions extends object> {
  readonly functions: Functions;
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly regions: readonly Region[];
  readonly #guardLength: number;
  readonly #guardValue: number;

  constructor(exports: WebAssembly.Exports) {
    const number = (name: string) => (exports[name] as WebAssembly.Global).value as number;
    this.functions = exports as Functions;
    this.memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer as ArrayBuffer);
    this.regions = Object.keys(exports)
      .filter((name) => `${name}_BYTES` in exports)
      .map((name) => ({ name, at: number(name), length: number(`${name}_BYTES`) }));
    this.#guardLength = number("GUARD_LENGTH");
    this.#guardValue = number("GUARD_VALUE");
    for (const region of this.regions) for (const guard of this.#guards(region)) guard.fill(this.#guardValue);
    // What a module does at its start, it does between guards like everything else.
    (exports.start as () => void)();
  }

  /** The bytes of a region; a view, valid for good, since memory never grows. */
  region(name: string): Uint8Array<ArrayBuffer> {
    const { at, length } = this.regions.find((region) => region.name === name)!;
    return this.memory.subarray(at, at + length);
  }

  /** The names of regions with a guard that was written to. */
  brokenGuards(): string[] {
    const broken = (guard: Uint8Array) => guard.some((byte) => byte !== this.#guardValue);
    return this.regions.filter((region) => this.#guards(region).some(broken)).map((region) => region.name);
  }

  /** In front of the region and behind it. */
  #guards({ at, length }: Region): Uint8Array[] {
    const guard = (from: number) => this.memory.subarray(from, from + this.#guardLength);
    return [guard(at - this.#guardLength), guard(at + length)];
  }
}

/** WebAssembly memory is little-endian, a typed array has the order of the machine. */
function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
