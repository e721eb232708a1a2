/** Secret keys: their prepared forms, their handles, and how they are wiped. */

/// <reference lib="esnext.disposable" preserve="true" />
import { own, wipe } from "../../bytes/index.js";
import { refuse, requireBytes } from "./checks.js";
import type { Primitive } from "./engine-choice.js";

/** An engine that needs a secret key. */
export interface KeyedEngine<Prepared extends PreparedKey> {
  /** `key` is borrowed, and stays unchanged until the result is wiped. */
  prepare(key: Uint8Array): Prepared;
  /** A faster way to prepare a key for one message. */
  prepareOnce?(key: Uint8Array): Prepared;
}

/** A key in the form in which an engine uses it. */
export interface PreparedKey {
  /** Overwrites everything derived from the key, but not the key itself. */
  wipe(): void;
}

/** Uses a key once, in the engine for `size`. */
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

/** `Symbol.dispose`, or its polyfill for older browsers, which a compiled `using` calls. */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
/** The method by which Node.js prints an object. */
export const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** An object that holds secrets: it prints redacted, and `using` wipes it at the end of its block. */
export abstract class Secret {
  readonly #title: string;

  /** @param title the name that is printed */
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
 * A secret key for many messages, prepared once for each engine. Copies inside a KeyObject of Node.js are freed, not
 * wiped.
 */
export abstract class KeyHandle<Prepared extends PreparedKey> extends Secret {
  readonly #primitive: Primitive<KeyedEngine<Prepared>>;
  readonly #key: Uint8Array;
  readonly #prepared = new Map<KeyedEngine<Prepared>, Prepared>();
  /** The engine used last, most likely the next one too; undefined once wiped. */
  #last: { readonly engine: KeyedEngine<Prepared>; readonly prepared: Prepared } | undefined;
  #wiped = false;

  /** Copies `key`; the caller may wipe its own. */
  constructor(primitive: Primitive<KeyedEngine<Prepared>>, key: Uint8Array) {
    super(`${primitive.name} key`);
    requireBytes(primitive.name, "key", key);
    this.#primitive = primitive;
    this.#key = own(key);
  }

  /** The key prepared for the engine for `size`. @throws WireError `argument` if it was wiped */
  protected preparedFor(size: number): Prepared {
    const engine = this.#primitive.engineFor(size);
    if (this.#last?.engine === engine) return this.#last.prepared;
    if (this.#wiped) refuse(this.#primitive.name, "argument", "key", "a key in use", "a wiped one");
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
