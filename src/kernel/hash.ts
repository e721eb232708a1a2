/** What all hashes share: their engines from noble and Node, and the forms in which they are offered. */
import type { CHash } from "@noble/hashes/utils.js";
import { nodeCrypto } from "./builtin.js";
import { apartFrom, refuse, requireBytes, requireInteger, requireSpace, succeeds } from "./checks.js";
import type { PrimitiveName } from "./crossovers.js";
import { type EngineLoaders, Primitive } from "./primitive.js";

export interface HashEngine {
  /** Writes the digest of `message` to `out` at `at`, where there is room for it. */
  digestInto(message: Uint8Array, out: Uint8Array, at: number): void;
  start(): HashState;
}

export interface HashState {
  update(bytes: Uint8Array): void;
  /** Writes the digest and ends the state. */
  digestInto(out: Uint8Array, at: number): void;
}

export class Hash extends Primitive<HashEngine> {
  readonly digestBytes: number;

  constructor(name: PrimitiveName, digestBytes: number, loaders: EngineLoaders<HashEngine>) {
    super(name, loaders);
    this.digestBytes = digestBytes;
  }
}

export function digest(hash: Hash, message: Uint8Array): Uint8Array {
  requireBytes(hash.name, "message", message);
  const out = new Uint8Array(hash.digestBytes);
  hash.engineFor(message.length).digestInto(message, out, 0);
  return out;
}

export function digestInto(hash: Hash, message: Uint8Array, out: Uint8Array, at: number): number {
  requireBytes(hash.name, "message", message);
  requireSpace(hash.name, out, at, hash.digestBytes);
  hash.engineFor(message.length).digestInto(message, out, at);
  return hash.digestBytes;
}

export function digestBatch(hash: Hash, messages: Uint8Array, messageBytes: number, out?: Uint8Array): Uint8Array {
  requireBytes(hash.name, "messages", messages);
  requireInteger(hash.name, "messageBytes", messageBytes, Number.MAX_SAFE_INTEGER);
  const count = messages.length / messageBytes;
  if (!Number.isInteger(count)) {
    refuse(hash.name, "divisible", "messages", `messages of ${messageBytes} bytes`, messages.length);
  }
  const length = count * hash.digestBytes;
  if (out !== undefined) requireSpace(hash.name, out, 0, length);
  const digests = out === undefined ? new Uint8Array(length) : out.subarray(0, length);
  const source = apartFrom(digests, messages);
  const engine = hash.engineFor(messageBytes);
  for (let i = 0; i < count; i++) {
    engine.digestInto(source.subarray(i * messageBytes, (i + 1) * messageBytes), digests, i * hash.digestBytes);
  }
  return digests;
}

/** A message that comes in parts. Its engine is the one for long messages. */
export class HashStream {
  readonly #hash: Hash;
  #state: HashState | undefined;

  /** @internal Made by `sha256Stream()` and its like. */
  constructor(hash: Hash) {
    this.#hash = hash;
    this.#state = hash.engineFor(Infinity).start();
  }

  /** Takes the next part. @throws WireError `argument` after the digest */
  update(bytes: Uint8Array): this {
    requireBytes(this.#hash.name, "bytes", bytes);
    this.#open().update(bytes);
    return this;
  }

  /** The digest of all parts; ends the stream. @throws WireError `argument` after the digest */
  digest(): Uint8Array {
    const out = new Uint8Array(this.#hash.digestBytes);
    this.digestInto(out);
    return out;
  }

  /** As {@link digest}, written to `out` at `at`; returns how many bytes. @throws WireError `argument`, `space` */
  digestInto(out: Uint8Array, at = 0): number {
    requireSpace(this.#hash.name, out, at, this.#hash.digestBytes);
    this.#open().digestInto(out, at);
    this.#state = undefined;
    return this.#hash.digestBytes;
  }

  #open(): HashState {
    return this.#state ?? refuse(this.#hash.name, "argument", "", "a stream without a digest", "one that has ended");
  }
}

export function nobleHash(hash: CHash): HashEngine {
  const finish = (state: ReturnType<CHash["create"]>, out: Uint8Array, at: number) => {
    state.digestInto(at === 0 ? out : out.subarray(at));
    state.destroy();
  };
  return {
    digestInto: (message, out, at) => finish(hash.create().update(message), out, at),
    start() {
      const state = hash.create();
      return { update: (bytes) => void state.update(bytes), digestInto: (out, at) => finish(state, out, at) };
    },
  };
}

export function nodeHash(name: string): HashEngine | undefined {
  const crypto = nodeCrypto();
  // A FIPS build has no MD5.
  if (crypto === undefined || !succeeds(() => crypto.createHash(name))) return undefined;
  // crypto.hash came with Node 20.12 and 21.7; it spares the object.
  const digestOf = crypto.hash
    ? (message: Uint8Array) => crypto.hash(name, message, "buffer")
    : (message: Uint8Array) => crypto.createHash(name).update(message).digest();
  return {
    digestInto: (message, out, at) => out.set(digestOf(message), at),
    start() {
      const state = crypto.createHash(name);
      return { update: (bytes) => void state.update(bytes), digestInto: (out, at) => out.set(state.digest(), at) };
    },
  };
}
