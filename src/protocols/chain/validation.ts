/** Validation: whether blocks follow each other, and have the hashes that they should. */
import { equalBytes, toHex } from "../../bytes/index.js";
import { sha1 } from "../../kernel/index.js";
import { isWireError, WireError } from "../../errors.js";
import { checkBlock, IV_BYTES, type Block } from "./blocks/block.js";
import { hasOwnHash, verifyBlock, type BlockHashing } from "./blocks/hashing.js";

/** How strictly a chain is validated. */
export type ChainProfile =
  /** Everything: the first block too, indexes, checksums of data, IVs, one way of hashing. */
  | "strict"
  /** As Go does: from index 1 on, the hash of the block before and the own one. */
  | "reference";

/** A block that is known from elsewhere, for example as the newest one of another member. */
export interface ChainHead {
  readonly index: bigint;
  readonly hash: Uint8Array;
}

/** What is validated, and how. */
export interface ValidateOptions {
  /** Default `strict`. */
  readonly profile?: ChainProfile;
  /** A block that the chain must have: without one, a chain that was cut at its end is a whole, shorter one. */
  readonly head?: ChainHead;
}

/** The first block of a chain that is wrong. */
export interface BadBlock {
  readonly index: bigint;
  /** Its field, for example `data.hash`; empty for a block that is missing or cannot be read. */
  readonly path: string;
  readonly reason: string;
}

/** What validation found. */
export interface Validation {
  readonly ok: boolean;
  /** Index of the newest block; -1 where there is none. */
  readonly height: bigint;
  readonly firstBad?: BadBlock;
}

/** Takes the blocks of a chain in their order, from the first one on. */
export class ChainValidator {
  readonly #profile: ChainProfile;
  readonly #head: ChainHead | undefined;
  #hashing: BlockHashing | undefined;
  #last: Block | undefined;
  #count = 0n;
  #firstBad: BadBlock | undefined;

  /** @param hashing that of the chain. By default it follows from the first block that is checked, for all others */
  constructor({ profile = "strict", head }: ValidateOptions = {}, hashing?: BlockHashing) {
    this.#profile = profile;
    this.#head = head;
    this.#hashing = hashing;
  }

  /** How the blocks are hashed, once one was checked. */
  get hashing(): BlockHashing | undefined {
    return this.#hashing;
  }

  /** Takes the next block, which is kept until the one after it was taken. @returns whether all is well so far */
  take(block: Block): boolean {
    const index = this.#count++;
    if (this.#firstBad === undefined) {
      const flaw = this.#flawOf(block, index);
      if (flaw !== undefined) this.#firstBad = { index, ...flaw };
    }
    this.#last = block;
    return this.#firstBad === undefined;
  }

  /** Says that the next block, and all behind it, cannot be read. */
  fail(reason: string): void {
    this.#firstBad ??= { index: this.#count, path: "", reason };
  }

  /** What was found, when the last block was taken. */
  finish(): Validation {
    const height = this.#count - 1n;
    if (this.#count === 0n) this.fail("the chain has no block");
    if (this.#head !== undefined && this.#head.index > height) {
      this.fail(`missing: the chain is known to have block ${this.#head.index}`);
    }
    if (this.#firstBad === undefined) return { ok: true, height };
    return { ok: false, height, firstBad: this.#firstBad };
  }

  #flawOf(block: Block, index: bigint): Flaw | undefined {
    const isStrict = this.#profile === "strict";
    const isFirst = this.#last === undefined;
    const flaw = isStrict ? (flawOfShape(block) ?? flawOfOrder(block, index)) : undefined;
    if (flaw !== undefined) return flaw;
    if (!isFirst && !equalBytes(block.prevHash, this.#last!.hash)) return flawOfPrevHash(this.#last!);
    if (isFirst && !isStrict) return this.#flawOfHead(block, index);
    return this.#flawOfHash(block) ?? this.#flawOfHead(block, index);
  }

  #flawOfHash(block: Block): Flaw | undefined {
    if (this.#hashing === undefined) this.#hashing = verifyBlock(block);
    else if (!hasOwnHash(block, this.#hashing)) return HASH_FLAW;
    return this.#hashing === undefined ? HASH_FLAW : undefined;
  }

  #flawOfHead(block: Block, index: bigint): Flaw | undefined {
    if (this.#head?.index !== index || equalBytes(this.#head.hash, block.hash)) return undefined;
    return { path: "hash", reason: `expected ${toHex(this.#head.hash)}, as it is known elsewhere` };
  }
}

/** What is wrong with a block. */
export type Flaw = Omit<BadBlock, "index">;

const HASH_FLAW: Flaw = { path: "hash", reason: "is not the hash of the content" };

/** The error of a block that cannot be appended. */
export function flawError({ path, reason }: Flaw): WireError {
  return new WireError({ code: "argument", format: "chain", path, actual: reason });
}

/** Why a block cannot be the next one after `last`; undefined if it can. */
export function flawOfNext(block: Block, last: Block, hashing: BlockHashing): Flaw | undefined {
  const flaw = flawOfShape(block) ?? flawOfOrder(block, last.index + 1n);
  if (flaw !== undefined) return flaw;
  if (!equalBytes(block.prevHash, last.hash)) return flawOfPrevHash(last);
  return hasOwnHash(block, hashing) ? undefined : HASH_FLAW;
}

function flawOfPrevHash(last: Block): Flaw {
  return { path: "prevHash", reason: `expected ${toHex(last.hash)}, the hash of the block before` };
}

function flawOfOrder({ index }: Block, expected: bigint): Flaw | undefined {
  return index === expected ? undefined : { path: "index", reason: `expected ${expected}, got ${index}` };
}

/** What is wrong with a block alone: types, ranges, the IV, the checksum of its data. */
export function flawOfShape(block: Block): Flaw | undefined {
  try {
    checkBlock(block);
  } catch (error) {
    if (!isWireError(error)) throw error;
    return { path: error.path, reason: `expected ${error.expected}, got ${error.actual}` };
  }
  const { data, hash, iv } = block.data;
  if (iv.length !== 0 && iv.length !== IV_BYTES) {
    return { path: "data.iv", reason: `expected no or ${IV_BYTES} bytes, got ${iv.length}` };
  }
  if (!equalBytes(sha1(data), hash)) return { path: "data.hash", reason: "is not the SHA-1 of the data" };
  return undefined;
}
