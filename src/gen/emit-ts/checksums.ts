/** Emits calls of checksums, and finds the bytes that they cover. */
import type { Block, Checksum, Derive, IntField } from "../ir.js";
import { advance, type Cursor } from "./code.js";
import type { Scope } from "./form.js";

/** The value of a checksum over `[start, end)`. @param field where the checksum itself lies */
export function checksumOf(sum: Checksum, scope: Scope, start: string, end: string, field: string): string {
  if (sum.name === "crc16")
    return `${scope.use("crc16")}(bytes, ${start}, ${end}, ${sum.poly}, ${sum.init}, ${sum.reflect}, ${sum.xor})`;
  if (sum.name === "internet") return `${scope.use("internetChecksum")}(bytes, ${start}, ${end}, ${field})`;
  if (sum.name === "crc32") return `${scope.use("crc32")}(bytes, 0, ${start}, ${end})`;
  return `${scope.use(sum.name)}(bytes, ${start}, ${end})`;
}

/** The range that a checksum covers, from where each block starts and ends. */
export function spanOf(
  blocks: readonly Block[],
  { first, last }: Extract<Derive, { from: "checksum" }>,
  field: IntField,
  starts: readonly Cursor[],
  ends: readonly Cursor[],
): [start: Cursor, end: Cursor] {
  const place = (name: string): [start: Cursor, end: Cursor] => {
    const index = blocks.findIndex((block) =>
      block.block === "fixed" ? block.fields.some((each) => each.name === name) : block.name === name,
    );
    const block = blocks[index]!;
    const start = starts[index]!;
    if (block.block !== "fixed") return [start, ends[index]!];
    const inner = block.fields.find((each) => each.name === name)!;
    return [advance(start, inner.offset), advance(start, inner.offset + inner.size)];
  };
  const start: Cursor = first === null ? { base: "at", add: 0 } : place(first)[0];
  const end = last === null ? place(field.name)[0] : place(last)[1];
  return [start, end];
}
