/** Which blocks are part of a value. */
import { isImplied, type Block, type PieceBlock } from "./ir.js";

/** True when values have a member for a block: not where it is constant, or a length that follows from a piece. */
export function isShown(block: Block): boolean {
  if (block.block !== "piece") return true;
  const { content, repeat, condition } = block;
  if (content.content === "varint") return repeat !== null || condition !== null || content.derive === null;
  return !isConstantPiece(block);
}

/** A piece of constant bytes, whose presence follows from its condition. */
export function isConstantPiece({ content, repeat }: PieceBlock): boolean {
  return repeat === null && content.content === "field" && isImplied(content.field);
}
