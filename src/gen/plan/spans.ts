/** Finds the bytes that checksums cover. */
import type { Block, Derive } from "../ir.js";
import { behind } from "./fields.js";
import type { Place } from "./plan.js";

/** Where each block starts and ends. */
export interface Layout {
  readonly blocks: readonly Block[];
  readonly starts: readonly Place[];
  readonly ends: readonly Place[];
}

/** Where a field or block starts and ends. */
export function spanOf({ blocks, starts, ends }: Layout, name: string): [start: Place, end: Place] {
  const index = blocks.findIndex((block) =>
    block.block === "fixed" ? block.fields.some((each) => each.name === name) : block.name === name,
  );
  const block = blocks[index]!;
  const start = starts[index]!;
  if (block.block !== "fixed") return [start, ends[index]!];
  const inner = block.fields.find((each) => each.name === name)!;
  return [behind(start, inner.offset), behind(start, inner.offset + inner.size)];
}

/** The range that a checksum covers. @param name of its own field */
export function coveredBy(
  layout: Layout,
  { first, last }: Extract<Derive, { from: "checksum" }>,
  name: string,
): [start: Place, end: Place] {
  const start: Place = first === null ? { from: "start", plus: 0 } : spanOf(layout, first)[0];
  return [start, last === null ? spanOf(layout, name)[0] : spanOf(layout, last)[1]];
}
