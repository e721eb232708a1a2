import { own, wipe } from "../../bytes/index.js";
import { refuse, requireBytes } from "./checks.js";
import type { Primitive } from "./engine-choice.js";

/** An operation that works with a secret key. */
export interface KeyedEngine<Prepared extends PreparedKey> {
  /** `key` is borrowed and stays unchanged until the result is wiped. */
  prepare(key: Uint8Array): Prepared;
  /** For one message, where that is done faster. */
  prepareOnce?(key: Uint8Array): Prepared;
}

/** A key in the form in which an engine uses it. */
export interface PreparedKey {
  /** Overwrites what was made from the key, but not the key. */
  wipe(): void;
}

/** One use of a key, in the engine for `size`. */
export function withKey<Prepared extends PreparedKey, T>(
  primitive: Primitive<KeyedEngine<Prepared>>,
  key: Uint8Array,
  size: number,
  use: (prepared: Prepared) => T,
): T {
  const engine = primitive.engineFor(size);
  const prepared = engine.prepareOnce?.(key) ?? engine.prepare(key);
  try {
    return use(prepared);
  } finally {
    prepared.wipe();
  }
}

// Older browsers have no Symbol.dispose; there, `using` is compiled away and calls what a polyfill defines.
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** What holds secrets: printed redacted, and wiped at the end of the block that holds it with `using`. */
export abstract class Secret {
  readonly #title: string;

  /** @param title what it is printed as */
  constructor(title: string) {
    this.#title = title;
  }

  /** Overwrites the secrets. */
  abstract wipe(): void;

  [DISPOSE](): void {
    this.wipe();
  }

  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    return `[${this.#title}, redacted]`;
  }

  [INSPECT](): string {
    return this.toString();
  }
}

/**
 * A secret key that is used more than once, prepared once for each engine. Node's own copies, in its KeyObjects, are
 * freed and not wiped.
 */
export abstract class KeyHandle<Prepared extends PreparedKey> extends Secret {
  readonly #primitive: Primitive<KeyedEngine<Prepared>>;
  readonly #key: Uint8Array;
  readonly #prepared = new Map<KeyedEngine<Prepared>, Prepared>();
  /** The last use, which the next one is mostly like; undefined once it was wiped. */
  #last: { readonly engine: KeyedEngine<Prepared>; readonly prepared: Prepared } | undefined;
  #wiped = false;

  /** Copies `key`; the caller may wipe its own. */
  constructor(primitive: Primitive<KeyedEngine<Prepared>>, key: Uint8Array) {
    super(`${primitive.name} key`);
    requireBytes(primitive.name, "key", key);
    this.#primitive = primitive;
    this.#key = own(key);
  }

  /** The key in the engine for `size`. @throws WireError `argument` when it was wiped */
  protected preparedFor(size: number): Prepared {
    const engine = this.#primitive.engineFor(size);
    if (this.#last?.engine === engine) return this.#last.prepared;
    if (this.#wiped) refuse(this.#primitive.name, "argument", "key", "a key", "one that was wiped");
    let prepared = this.#prepared.get(engine);
    if (prepared === undefined) this.#prepared.set(engine, (prepared = engine.prepare(this.#key)));
    this.#last = { engine, prepared };
    return prepared;
  }

  /** Overwrites the key. Any later use of the handle is an error. */
  override wipe(): void {
    this.#wiped = true;
    this.#last = undefined;
    for (const prepared of this.#prepared.values()) prepared.wipe();
    this.#prepared.clear();
    wipe(this.#key);
  }
}
