/** Records of the file of a chain: of blocks, of its header, of its index. */
import { own, type NewBytes } from "../../../bytes/index.js";
import {
  encodeChainRecord,
  HashKind,
  RecordType,
  type BlockRecord,
  type ChainHeader,
} from "../../../codec/gen/chain/index.js";
import { argumentError } from "../../../errors.js";
import type { Block } from "../blocks/block.js";
import { gobHashing, hashBytesOf, type BlockHashing } from "../blocks/hashing.js";

/** Blocks between two indexes in the file. */
export const INDEX_BLOCKS = 1024;
/** Bytes of a hash in an index. */
const INDEX_HASH_BYTES = 8;
/** Bytes of the id of a chain, the first of the hash of its first block. */
const CHAIN_ID_BYTES = 16;

/** The first record. @throws WireError `argument` for a pair of type ids that it has no room for */
export function headerRecord(hashing: BlockHashing, first: Block): NewBytes {
  const header = {
    kind: "header",
    hashKind: hashing.kind === "gob" ? HashKind.gob : HashKind.canonical,
    typeIdBase: hashing.kind === "gob" ? hashing.ids.block : 0,
    hashBytes: hashBytesOf(hashing),
    chainId: chainIdOf(first.hash),
  } as const;
  if (hashing.kind === "gob" && hashing.ids.data !== hashing.ids.block + 1) {
    throw argumentError("chain", "hashing.ids", "the id of BlockData behind that of Block", String(hashing.ids.data));
  }
  return encodeChainRecord({ recordType: RecordType.header, body: header });
}

/** The id of a chain, 16 bytes. */
export function chainIdOf(firstHash: Uint8Array): NewBytes {
  const id = new Uint8Array(CHAIN_ID_BYTES);
  id.set(firstHash.subarray(0, CHAIN_ID_BYTES));
  return id;
}

/** How the blocks of a file are hashed. @throws WireError `argument` for what no version of ours has written */
export function hashingOfHeader({ hashKind, typeIdBase, hashBytes }: ChainHeader): BlockHashing {
  return hashKind === HashKind.canonical ? { kind: "canonical" } : gobHashing({ typeIdBase, hashBytes });
}

/** A block as a record. @param isNote whether a note of the log of Raft tells of it */
export function blockRecord(block: Block, isNote: boolean): NewBytes {
  const { hash, prevHash, index, data, timeNs, nonce } = block;
  const body = {
    kind: "block",
    isNote,
    isEncrypted: data.iv.length > 0,
    index,
    timeNs,
    nonce,
    hash,
    prevHash,
    dataHash: data.hash,
    iv: data.iv,
    data: data.data,
  } as const;
  return encodeChainRecord({ recordType: RecordType.block, body: { reserved: 0, ...body } });
}

/** The block of a record. Its bytes are borrowed. */
export function blockOfRecord({ hash, prevHash, index, dataHash, data, iv, timeNs, nonce }: BlockRecord): Block {
  return { hash, prevHash, index, data: { hash: dataHash, data, iv }, timeNs, nonce };
}

/** A copy of a block whose bytes are borrowed. */
export function ownBlock({ hash, prevHash, index, data, timeNs, nonce }: Block): Block {
  const owned = { hash: own(data.hash), data: own(data.data), iv: own(data.iv) };
  return { hash: own(hash), prevHash: own(prevHash), index, data: owned, timeNs, nonce };
}

/** An entry of an index. */
export interface PlacedHash {
  readonly offset: number;
  readonly hash: Uint8Array;
}

/** The index of the blocks from `first` on. */
export function indexRecord(first: number, blocks: readonly PlacedHash[]): NewBytes {
  const entries = blocks.map(({ offset, hash }) => ({ offset: BigInt(offset), hash: startOf(hash) }));
  return encodeChainRecord({ recordType: RecordType.index, body: { kind: "index", first: BigInt(first), entries } });
}

function startOf(hash: Uint8Array): NewBytes {
  const start = new Uint8Array(INDEX_HASH_BYTES);
  start.set(hash.subarray(0, INDEX_HASH_BYTES));
  return start;
}
