/** The shared parts of all hashes: engines of noble and Node.js, and digests of messages, batches and streams. */
import type { CHash } from "@noble/hashes/utils.js";
import type { NewBytes } from "../../bytes/index.js";
import { inNodeParts, NODE_PART_BYTES, nodeCrypto } from "../engine/builtin.js";
import { apartFrom, plain, refuse, requireBytes, requireInteger, requireSpace, succeeds } from "../engine/checks.js";
import type { Crossovers, PrimitiveName } from "../engine/crossovers.js";
import { type EngineLoaders, Primitive } from "../engine/engine-choice.js";

/** An engine of a hash. Its arguments are checked. */
export interface HashEngine {
  /** Writes the digest of `message` to `out` at `at`. */
  digestInto(message: Uint8Array, out: Uint8Array, at: number): void;
  start(): HashState;
}

/** An engine for many messages of one length. Its arguments are checked. */
export interface BatchEngine {
  /** Fills `digests` with those of the first messages in `messages`, of `messageBytes` bytes each, at least 1. */
  digestBatch(messages: Uint8Array, messageBytes: number, digests: Uint8Array): void;
  /** Memory in which this engine works without copies; undefined if it cannot be allocated. */
  arena?(inputBytes: number, outputBytes: number): ArenaMemory | undefined;
}

/** The state of a message that comes in parts. */
export interface HashState {
  update(bytes: Uint8Array): void;
  /** Writes the digest and ends the state. */
  digestInto(out: Uint8Array, at: number): void;
}

/** The memory of a {@link HashArena}. Messages begin `input`; their digests go to the beginning of `output`. */
export interface ArenaMemory {
  readonly input: Uint8Array;
  readonly output: Uint8Array;
  digest(length: number): void;
  digestBatch(messageBytes: number, count: number): void;
}

/** A hash: its engines, and the choice between them for one message. */
export class Hash extends Primitive<HashEngine> {
  readonly digestBytes: number;

  constructor(name: PrimitiveName, crossovers: Crossovers, digestBytes: number, loaders: EngineLoaders<HashEngine>) {
    super(name, crossovers, loaders);
    this.digestBytes = digestBytes;
  }
}

/**
 * A hash of many messages: the engines, chosen by the size of each message. It stands apart from the {@link Hash}, so
 * that a bundle that hashes one message has no module for many.
 */
export class HashBatch extends Primitive<BatchEngine> {
  readonly hash: Hash;

  constructor(name: PrimitiveName, crossovers: Crossovers, hash: Hash, wasm: () => BatchEngine | undefined) {
    const oneByOneOn = (engine: HashEngine | undefined) => engine && oneByOne(engine, hash.digestBytes);
    super(name, crossovers, {
      wasm,
      node: () => oneByOneOn(hash.engine("node")),
      noble: () => oneByOneOn(hash.engine("noble")),
    });
    this.hash = hash;
  }

  /** The engine for `count` messages of `messageBytes` bytes. Fewer than four do not fill a vector. */
  batchEngineFor(messageBytes: number, count: number): BatchEngine {
    if (count >= 4) return this.engineFor(messageBytes);
    const engine = this.hash.engineFor(messageBytes);
    return (engine === this.hash.engine("wasm") && this.engine("wasm")) || oneByOne(engine, this.hash.digestBytes);
  }
}

/** The digest of `message`. @throws WireError `argument` */
export function digest(hash: Hash, message: Uint8Array): NewBytes {
  requireBytes(hash.name, "message", message);
  const out = new Uint8Array(hash.digestBytes);
  hash.engineFor(message.length).digestInto(message, out, 0);
  return out;
}

/** Writes the digest of `message` to `out` at `at`; returns its length. @throws WireError `argument`, `space` */
export function digestInto(hash: Hash, message: Uint8Array, out: Uint8Array, at: number): number {
  requireBytes(hash.name, "message", message);
  requireSpace(hash.name, out, at, hash.digestBytes);
  hash.engineFor(message.length).digestInto(message, out, at);
  return hash.digestBytes;
}

/**
 * The digests of the messages in `messages`, of `messageBytes` bytes each; written to `out` if it is given.
 * @throws WireError `argument`, `divisible`, `space`
 */
export function digestBatch<Out extends Uint8Array = NewBytes>(
  batch: HashBatch,
  messages: Uint8Array,
  messageBytes: number,
  out?: Out,
): Out {
  const { hash } = batch;
  requireBytes(hash.name, "messages", messages);
  requireInteger(hash.name, "messageBytes", messageBytes, Number.MAX_SAFE_INTEGER);
  const count = messages.length / messageBytes;
  if (!Number.isInteger(count)) {
    refuse(hash.name, "divisible", "messages", `messages of ${messageBytes} bytes`, messages.length);
  }
  const length = count * hash.digestBytes;
  if (out !== undefined) requireSpace(hash.name, out, 0, length);
  const digests = out === undefined ? new Uint8Array(length) : out.subarray(0, length);
  batch.batchEngineFor(messageBytes, count).digestBatch(apartFrom(digests, plain(messages)), messageBytes, digests);
  return digests as Out;
}

/** A message that comes in parts, hashed by the engine for long messages. */
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
  digest(): NewBytes {
    const out = new Uint8Array(this.#hash.digestBytes);
    this.digestInto(out);
    return out;
  }

  /** Writes {@link digest} to `out` at `at`; returns its length. @throws WireError `argument`, `space` */
  digestInto(out: Uint8Array, at = 0): number {
    requireSpace(this.#hash.name, out, at, this.#hash.digestBytes);
    this.#open().digestInto(out, at);
    this.#state = undefined;
    return this.#hash.digestBytes;
  }

  #open(): HashState {
    return this.#state ?? refuse(this.#hash.name, "argument", "", "an open stream", "one that has ended");
  }
}

/** The engine of a hash of noble. */
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

/** The engine of a hash of node:crypto; undefined where it is missing. */
export function nodeHash(name: string): HashEngine | undefined {
  const crypto = nodeCrypto();
  // A FIPS build has no MD5.
  if (crypto === undefined || !succeeds(() => crypto.createHash(name))) return undefined;
  // crypto.hash exists since Node.js 20.12 and 21.7; it needs no Hash object.
  const inParts = (message: Uint8Array) => {
    const state = crypto.createHash(name);
    inNodeParts(message, (part) => void state.update(part));
    return state.digest();
  };
  const digestOf = crypto.hash
    ? (message: Uint8Array) =>
        message.length <= NODE_PART_BYTES ? crypto.hash(name, message, "buffer") : inParts(message)
    : inParts;
  return {
    digestInto: (message, out, at) => out.set(digestOf(message), at),
    start() {
      const state = crypto.createHash(name);
      return {
        update: (bytes) => inNodeParts(bytes, (part) => void state.update(part)),
        digestInto: (out, at) => out.set(state.digest(), at),
      };
    },
  };
}

/** A batch by an engine for one message. */
function oneByOne({ digestInto: digestOne }: HashEngine, digestBytes: number): BatchEngine {
  return {
    digestBatch(messages, messageBytes, digests) {
      for (let from = 0, at = 0; at < digests.length; from += messageBytes, at += digestBytes) {
        digestOne(messages.subarray(from, from + messageBytes), digests, at);
      }
    },
  };
}
