/** A chain as JSON, for people and programs; it is not read again. */
import { toHex } from "../../../bytes/index.js";
import type { Block } from "../blocks/block.js";

/** A block as it stands in JSON: integers as decimal text, bytes as hex. */
export interface BlockJson {
  readonly index: string;
  readonly hash: string;
  readonly prevHash: string;
  readonly timeNs: string;
  readonly nonce: string;
  readonly data: { readonly hash: string; readonly data: string; readonly iv: string };
}

/** A block as plain data that JSON holds exactly. */
export function blockJson({ index, hash, prevHash, timeNs, nonce, data }: Block): BlockJson {
  return {
    index: String(index),
    hash: toHex(hash),
    prevHash: toHex(prevHash),
    timeNs: String(timeNs),
    nonce: String(nonce),
    data: { hash: toHex(data.hash), data: toHex(data.data), iv: toHex(data.iv) },
  };
}

/** Blocks as a JSON list. */
export function toJson(blocks: Iterable<Block>): string {
  return JSON.stringify([...blocks].map(blockJson));
}
