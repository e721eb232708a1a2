/** How a block is made. */
import { own } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";
import { sha1 } from "../../../kernel/index.js";
import { checkBlock, IV_BYTES, type Block, type BlockContent } from "./block.js";
import { blockHash, type BlockHashing } from "./hashing.js";

/** What {@link makeBlock} takes. */
export interface BlockInit extends Omit<BlockContent, "data"> {
  /** The bytes to store: the ciphertext of `encryptData` where there is an `iv`. */
  readonly data: Uint8Array;
  /** 12 bytes for encrypted data. Default empty. */
  readonly iv?: Uint8Array;
}

const NO_BYTES = new Uint8Array(0);

/** Makes a block: the checksum of its data, then its hash. Bytes are copied. @throws WireError `argument` */
export function makeBlock(init: BlockInit, hashing: BlockHashing): Block {
  const { prevHash, index, data, iv = NO_BYTES, timeNs, nonce } = init;
  const unhashed = { hash: NO_BYTES, prevHash, index, data: { hash: NO_BYTES, data, iv }, timeNs, nonce };
  checkBlock(unhashed);
  if (iv.length !== 0 && iv.length !== IV_BYTES) {
    throw argumentError("chain", "data.iv", `no or ${IV_BYTES} bytes`, String(iv.length));
  }
  const content = {
    prevHash: own(prevHash),
    index,
    data: { hash: sha1(data), data: own(data), iv: own(iv) },
    timeNs,
    nonce,
  };
  return { hash: blockHash(content, hashing), ...content };
}
