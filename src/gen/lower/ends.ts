/** What reaches to the end of its type: it must be alone, and agree with the arithmetic that the spec writes out. */
import { affine, type Affine, type Expression } from "../expression.js";
import { minSize, type Block, type Extent } from "../ir.js";
import type { Source } from "../source.js";
import { refusal, refusedAs } from "../refused.js";

/** An attribute that reaches to the end: the block it became, and its arithmetic where the spec writes it out. */
export interface Rest {
  readonly source: Source;
  readonly at: number;
  readonly affine: Affine | null;
  /** Bytes of one item. */
  readonly divide: number;
}

/** The attribute of size 0 that says how the stream divides into whole items. */
export interface Guard {
  readonly source: Source;
  readonly subtract: number;
  readonly divide: number;
}

/** What reaches to the end must be alone, with fixed layout behind it, and agree with its arithmetic. */
export function closeRests(blocks: Block[], rests: readonly Rest[], guard: Guard | null): void {
  const [rest, second] = rests;
  if (second !== undefined)
    second.source.fail(refusal("behindEnd", "a second attribute that takes all bytes that are left"));
  if (rest === undefined) {
    guard?.source.fail("no attribute of this type reaches to the end");
    return;
  }
  const after = blocks.slice(rest.at + 1);
  if (after.some((block) => block.block !== "fixed"))
    rest.source.fail(refusal("behindEnd", "an attribute of no fixed size behind one that reaches to the end"));
  const tail = after.reduce((size, block) => size + minSize(block), 0);
  const block = blocks[rest.at]!;
  const extent: Extent = { from: "rest", after: tail };
  blocks[rest.at] =
    block.block === "items"
      ? { ...block, count: extent }
      : { ...(block as Block & { block: "bytes" }), length: extent };
  if (rest.affine === null) {
    if (tail > 0)
      rest.source.fail(refusedAs("behindEnd", `${tail} bytes follow, so this does not reach to the end: use _io.size`));
    return;
  }
  const before = blocks.slice(0, rest.at);
  if (before.some((b) => b.block !== "fixed"))
    rest.source.fail("with attributes of variable size before it, use 'size-eos' or 'repeat: eos'");
  const around = before.reduce((size, b) => size + minSize(b), tail);
  if (rest.affine.subtract !== around)
    rest.source.fail(`${around} bytes stand around this, not ${rest.affine.subtract}`);
  if (rest.affine.divide !== rest.divide)
    rest.source.fail(`an item has ${rest.divide} bytes, not ${rest.affine.divide}`);
  if (rest.divide === 1) return;
  if (guard === null) {
    return rest.source.fail(
      `put an attribute of size 0 with 'valid: {expr: (_io.size - ${around}) % ${rest.divide} == 0}' first, so that every reader refuses half an item`,
    );
  }
  if (guard.subtract !== around || guard.divide !== rest.divide)
    guard.source.fail(`this must say '(_io.size - ${around}) % ${rest.divide} == 0'`);
}

/** How an attribute of size 0 says that the stream divides into whole items: `(_io.size - a) % k == 0`. */
export function guardOf(e: Expression): Omit<Guard, "source"> | undefined {
  if (e.op !== "==" || e.left.op !== "%" || e.right.op !== "int" || e.right.value !== 0) return undefined;
  const { left: stream, right: divisor } = e.left;
  if (divisor.op !== "int") return undefined;
  const size = affine(stream);
  return size?.of === "size" && size.divide === 1 ? { subtract: size.subtract, divide: divisor.value } : undefined;
}
