/** Chains and blocks for tests, the same at every call. */
import {
  Chain,
  gobHashing,
  makeBlock,
  type Block,
  type BlockHashing,
  type GenesisOptions,
} from "../../../src/protocols/chain/index.js";

export const HASHINGS: readonly (readonly [string, BlockHashing])[] = [
  ["gob", gobHashing()],
  ["gob of older Go, SHA-1", gobHashing({ typeIdBase: 65, hashBytes: 20 })],
  ["canonical", { kind: "canonical" }],
];

export const START_NS = 1_771_200_000_123_456_789n;

export function genesis(hashing: BlockHashing = gobHashing()): GenesisOptions {
  return { hashing, timeNs: START_NS, nonce: 0x0123456789abcdefn };
}

/** The block behind `last`. @param bytes of its data */
export function nextBlock(last: Block, hashing: BlockHashing, bytes = 20, iv?: Uint8Array): Block {
  const index = last.index + 1n;
  const data = new Uint8Array(bytes).fill(Number(index & 0xffn));
  const init = { prevHash: last.hash, index, data, timeNs: START_NS + index, nonce: 1000n + index };
  return makeBlock({ ...init, ...(iv && { iv }) }, hashing);
}

/** A chain with its first block and `count` more. */
export function chainOf(count: number, hashing: BlockHashing = gobHashing(), bytes = 20): Chain {
  const chain = Chain.genesis(genesis(hashing));
  for (let i = 0; i < count; i++) chain.append(nextBlock(chain.tip, hashing, bytes));
  return chain;
}
