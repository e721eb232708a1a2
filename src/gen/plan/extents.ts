/** How many bytes, items or bits blocks have, and what they take. */
import type { BitsBlock, BytesBlock, Extent, ItemsBlock } from "../ir.js";
import type { Amount, Slot } from "./plan.js";

/** A block whose number of bytes, items or bits a field, a parameter or the end decides. */
export type CountedBlock = ItemsBlock | BytesBlock | BitsBlock;

/** How many bytes, items or bits a block has whose number the bytes themselves decide. */
export function extentOf(block: CountedBlock): Extent {
  return block.block === "bytes" ? block.length : block.count;
}

/** The bytes of one item, or of one byte. Bits share them. */
export function unitOf(block: CountedBlock): number {
  return block.block === "items" ? block.item.size : 1;
}

/** The bytes that so many items, bytes or bits take. */
export function bytesFor(block: CountedBlock, count: number): number {
  return block.block === "bits" ? Math.ceil(count / 8) : count * unitOf(block);
}

/** The same in a plan. @param count where their number is kept */
export function bytesBy(block: CountedBlock, count: Slot): Amount {
  return block.block === "bits" ? { is: "bits", slot: count } : { is: "slot", slot: count, times: unitOf(block) };
}
