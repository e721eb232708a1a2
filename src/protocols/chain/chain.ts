/** A chain of blocks in memory. */
import { argumentError } from "../../errors.js";
import type { Block } from "./blocks/block.js";
import { gobHashing, verifyBlock, type BlockHashing } from "./blocks/hashing.js";
import { makeBlock } from "./blocks/make-block.js";
import { keysOfBackup } from "./backup/data.js";
import { ChainIndex } from "./chain-index.js";
import { ChainValidator, flawError, flawOfNext, type ValidateOptions, type Validation } from "./validation.js";

/** The first block of a chain; members of a cluster give the same, so that their chains begin alike. */
export interface GenesisOptions {
  /** How all blocks of the chain are hashed. Default as Go does since 1.21, with 32 bytes. */
  readonly hashing?: BlockHashing;
  /** Default the ASCII of `genesis_hash`, as the Go program has it. */
  readonly prevHash?: Uint8Array;
  /** Default the ASCII of `Genesis Block Data`. */
  readonly data?: Uint8Array;
  /** Default 0. */
  readonly timeNs?: bigint;
  /** Default 0. */
  readonly nonce?: bigint;
}

/** Options of {@link Chain.append}. */
export interface AppendOptions {
  /** The time on this machine's clock: a local block may be at most 60 s ahead of it. */
  readonly nowNs?: bigint;
  /** Keys of chunks by which the block is found. Default those of a backup that is not encrypted. */
  readonly keys?: readonly Uint8Array[];
}

/** How far the time of a local block may lie before the block in front, and after the clock. */
const TIME_TOLERANCE_NS = 60_000_000_000n;

/** The first block of a chain. @throws WireError `argument` */
export function genesisBlock(options: GenesisOptions = {}): Block {
  const { hashing = gobHashing(), timeNs = 0n, nonce = 0n } = options;
  const { prevHash = ascii("genesis_hash"), data = ascii("Genesis Block Data") } = options;
  return makeBlock({ prevHash, index: 0n, data, timeNs, nonce }, hashing);
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Blocks of which each has the hash of the one before. It has at least one. */
export class Chain {
  readonly hashing: BlockHashing;
  readonly #blocks: Block[] = [];
  readonly #index = new ChainIndex();
  /** A validation that goes on at the next call of {@link validateSome}. */
  #walk: { readonly validator: ChainValidator; next: number } | undefined;

  private constructor(first: Block, hashing: BlockHashing) {
    this.hashing = hashing;
    this.#add(first);
  }

  /** A chain with its first block alone. @throws WireError `argument` */
  static genesis(options: GenesisOptions = {}): Chain {
    return new Chain(genesisBlock(options), options.hashing ?? gobHashing());
  }

  /**
   * A chain of blocks that were made elsewhere, which need not be valid: {@link validate} tells.
   * @param hashing default that of the first block, else of the second, else Go's
   * @throws WireError `argument` without a block
   */
  static of(blocks: Iterable<Block>, hashing?: BlockHashing): Chain {
    const [first, ...others] = blocks;
    if (first === undefined) throw argumentError("chain", "blocks", "at least one block", "none");
    const found = hashing ?? verifyBlock(first) ?? (others[0] && verifyBlock(others[0])) ?? gobHashing();
    const chain = new Chain(first, found);
    for (const block of others) chain.#add(block);
    return chain;
  }

  /** The newest block. */
  get tip(): Block {
    return this.#blocks.at(-1)!;
  }

  /** Index of the newest block. */
  get height(): bigint {
    return BigInt(this.#blocks.length - 1);
  }

  /** The block of an index. */
  at(index: bigint): Block | undefined {
    return index < 0n ? undefined : this.#blocks[Number(index)];
  }

  [Symbol.iterator](): IterableIterator<Block> {
    return this.#blocks[Symbol.iterator]();
  }

  /**
   * Adds a block, which must have the hash of the tip, the next index, and the hashes of its content. It is kept as it
   * is: do not change it. @throws WireError `argument` with the field in `path`
   */
  append(block: Block, { nowNs, keys }: AppendOptions = {}): void {
    const flaw = flawOfNext(block, this.tip, this.hashing);
    if (flaw !== undefined) throw flawError(flaw);
    if (nowNs !== undefined) checkTime(block.timeNs, this.tip.timeNs, nowNs);
    this.#add(block, keys);
  }

  /**
   * The block with a hash of 32 bytes, or the newest one whose backup has a key of 20 bytes.
   * @throws WireError `argument` for another length
   */
  find(hashOrKey: Uint8Array): Block | undefined {
    const place = this.#index.find(hashOrKey);
    return place === undefined ? undefined : this.#blocks[place];
  }

  /** Checks all blocks, from the first one on. It never throws, whatever they hold. */
  validate(options: ValidateOptions = {}): Validation {
    const validator = new ChainValidator(options, this.hashing);
    for (const block of this.#blocks) if (!validator.take(block)) break;
    return { ...validator.finish(), height: this.height };
  }

  /**
   * Goes on with one validation, strict, by blocks of at least `dataBytes` bytes, or the next one.
   * @returns what was found; undefined while there are blocks left
   */
  validateSome(dataBytes: number): Validation | undefined {
    const walk = (this.#walk ??= { validator: new ChainValidator({}, this.hashing), next: 0 });
    for (let bytes = 0; walk.next < this.#blocks.length && bytes < dataBytes;) {
      const block = this.#blocks[walk.next++]!;
      bytes += block.data.data.length;
      if (!walk.validator.take(block)) walk.next = this.#blocks.length;
    }
    if (walk.next < this.#blocks.length) return undefined;
    this.#walk = undefined;
    return { ...walk.validator.finish(), height: this.height };
  }

  #add(block: Block, keys: readonly Uint8Array[] = keysOfBackup(block)): void {
    this.#blocks.push(block);
    this.#index.add(block.hash, keys);
  }
}

/** Checks the time of a local block. @throws WireError `argument` */
export function checkTime(timeNs: bigint, tipNs: bigint, nowNs: bigint): void {
  if (timeNs < tipNs - TIME_TOLERANCE_NS) throw argumentError("chain", "timeNs", `${tipNs} or later`, String(timeNs));
  if (timeNs > nowNs + TIME_TOLERANCE_NS) throw argumentError("chain", "timeNs", `${nowNs} or before`, String(timeNs));
}
