/** The chain: blocks, their hashes, and what keeps them. */
export {
  BLOCK_BYTES_MAX,
  IV_BYTES,
  makeBlock,
  type Block,
  type BlockContent,
  type BlockData,
  type BlockInit,
} from "./blocks/block.js";
export { decryptBlock, encryptData } from "./blocks/encryption.js";
export { GOB_TYPE_ID_BASE, gobStream, type GobTypeIds } from "./blocks/gob.js";
export {
  blockHash,
  canonicalHash,
  gobHash,
  gobHashing,
  KNOWN_TYPE_IDS,
  verifyBlock,
  type BlockHashing,
  type GobHashOptions,
} from "./blocks/hashing.js";
