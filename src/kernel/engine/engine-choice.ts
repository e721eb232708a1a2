/** The choice of an engine for an input, by its size and by what the machine has. */
import { WireError } from "../../errors.js";
import type { Crossovers, EngineName, PrimitiveName } from "./crossovers.js";

/** Functions that make the engines, each on first use; undefined if this machine lacks what the engine needs. */
export type EngineLoaders<Engine> = Readonly<Partial<Record<EngineName, () => Engine | undefined>>>;

/** The same loaders, each called at most once: for primitives that share engines. */
export function onceEach<Engine>(loaders: EngineLoaders<Engine>): EngineLoaders<Engine> {
  return Object.fromEntries(Object.entries(loaders).map(([name, load]) => [name, once(load)]));
}

/** Calls `load` on first use and keeps its result. */
export function once<T>(load: () => T): () => T {
  let loaded: { readonly value: T } | undefined;
  return () => (loaded ??= { value: load() }).value;
}

/** A cryptographic or numeric operation, with the engines that compute it and the choice between them by size. */
export class Primitive<Engine> {
  readonly name: PrimitiveName;
  readonly crossovers: Crossovers;
  readonly #loaders: EngineLoaders<Engine>;
  readonly #loaded = new Map<EngineName, Engine | undefined>();
  /** The engine of each step that was used. */
  readonly #chosen: Engine[] = [];

  constructor(name: PrimitiveName, crossovers: Crossovers, loaders: EngineLoaders<Engine>) {
    this.name = name;
    this.crossovers = crossovers;
    this.#loaders = loaders;
  }

  /** The engine for an input of `size`, in the unit of the crossovers. */
  engineFor(size: number): Engine {
    if (forced !== undefined) {
      const engine = this.engine(forced);
      if (engine !== undefined) return engine;
    }
    const { steps } = this.crossovers;
    let step = steps.length - 1;
    while (size < steps[step]!.from) step--;
    return (this.#chosen[step] ??= this.engine(this.preferred(steps[step]!.prefer))!);
  }

  /** The engines that this machine has. */
  available(): EngineName[] {
    return (Object.keys(this.#loaders) as EngineName[]).filter((name) => this.engine(name) !== undefined);
  }

  /** The first of `names` that this machine has. */
  preferred(names: readonly EngineName[]): EngineName {
    const name = names.find((candidate) => this.engine(candidate) !== undefined);
    if (name !== undefined) return name;
    throw new WireError({ code: "fault", format: `kernel.${this.name}`, path: "", actual: `no ${names}` });
  }

  /** The engine of that name; undefined if this machine lacks it. */
  engine(name: EngineName): Engine | undefined {
    if (!this.#loaded.has(name)) this.#loaded.set(name, this.#loaders[name]?.());
    return this.#loaded.get(name);
  }
}

let forced: EngineName | undefined;

/**
 * Runs `action` while every primitive that has the engine `name` uses it at every size; the others choose as usual. For
 * tests and measurements. `action` must be synchronous.
 */
export function withEngine<T>(name: EngineName, action: () => T): T {
  const before = forced;
  forced = name;
  try {
    return action();
  } finally {
    forced = before;
  }
}
