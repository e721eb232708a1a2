/** Memory in which a hash works without copies. */
import { wipe } from "../../bytes/index.js";
import { requireInteger, requireSpace } from "../engine/checks.js";
import type { ArenaMemory, HashBatch } from "./hash.js";
import { Secret } from "../engine/key.js";

/** A module has at most 256 MB of memory, and its own regions take less than 2 MB: half of the rest for each region. */
const BYTES_MAX = 127 * 1024 * 1024;

/**
 * Memory in which a hash works without copies: the caller writes messages to `input` and reads digests from `output`.
 * Both are views of the memory of a module, which no other arena shares. They keep their bytes until these are
 * overwritten or cleared, by `wipe()` or at the end of a block that holds the arena with `using`. If another engine is
 * faster for a message, it hashes that message from the same memory.
 */
export abstract class HashArena extends Secret {
  /** The caller writes messages here. */
  readonly input: Uint8Array;
  /** Digests are written to its beginning. */
  readonly output: Uint8Array;
  readonly #batch: HashBatch;
  readonly #digest: Uint8Array;
  /** The memory of a module of its own, where there is one. */
  readonly #memory: ArenaMemory | undefined;

  /** @throws WireError `argument` */
  protected constructor(batch: HashBatch, inputBytes: number, digests: number) {
    const { hash } = batch;
    super(`${hash.name} arena`);
    requireInteger(hash.name, "inputBytes", inputBytes, BYTES_MAX);
    requireInteger(hash.name, "digests", digests, Math.floor(BYTES_MAX / hash.digestBytes));
    const outputBytes = digests * hash.digestBytes;
    this.#batch = batch;
    this.#memory = batch.engine("wasm")?.arena?.(inputBytes, outputBytes);
    this.input = this.#memory?.input ?? new Uint8Array(inputBytes);
    this.output = this.#memory?.output ?? new Uint8Array(outputBytes);
    this.#digest = this.output.subarray(0, hash.digestBytes);
  }

  /**
   * Hashes the first `length` bytes of the input; returns the beginning of the output.
   * @throws WireError `argument`, `space`
   */
  digest(length = this.input.length): Uint8Array {
    const { hash } = this.#batch;
    requireInteger(hash.name, "length", length, this.input.length);
    requireSpace(hash.name, this.output, 0, hash.digestBytes);
    const engine = hash.engineFor(length);
    if (this.#memory !== undefined && engine === hash.engine("wasm")) this.#memory.digest(length);
    else engine.digestInto(this.input.subarray(0, length), this.output, 0);
    return this.#digest;
  }

  /**
   * Hashes `count` messages of `messageBytes` bytes each, at least 1, one after the other at the beginning of the
   * input. Returns the beginning of the output with the digests in the same order.
   * @throws WireError `argument`, `space`
   */
  digestBatch(messageBytes: number, count: number): Uint8Array {
    const { hash } = this.#batch;
    requireInteger(hash.name, "count", count, this.input.length);
    requireInteger(hash.name, "messageBytes", messageBytes, Math.floor(this.input.length / Math.max(count, 1)));
    const length = count * hash.digestBytes;
    requireSpace(hash.name, this.output, 0, length);
    const digests = this.output.subarray(0, length);
    const engine = this.#batch.batchEngineFor(messageBytes, count);
    if (this.#memory !== undefined && engine === this.#batch.engine("wasm"))
      this.#memory.digestBatch(messageBytes, count);
    else engine.digestBatch(this.input, messageBytes, digests);
    return digests;
  }

  /** Clears input and output; the arena stays usable. */
  override wipe(): void {
    wipe(this.input);
    wipe(this.output);
  }
}
