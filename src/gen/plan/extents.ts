/** How many bytes, items or bits blocks have. */
import type { BitsBlock, BytesBlock, Extent, ItemsBlock } from "../ir.js";

/** How many bytes, items or bits a block has whose number the bytes themselves decide. */
export function extentOf(block: ItemsBlock | BytesBlock | BitsBlock): Extent {
  return block.block === "bytes" ? block.length : block.count;
}
