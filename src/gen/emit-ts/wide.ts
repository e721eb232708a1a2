/** Which layouts have 64-bit integers in number form: a bigint form of their codecs stands beside it. */
import { isConstant, type Block, type Content, type Field, type TypeRef } from "../ir.js";
import { isWide } from "./integers.js";

/** True when some value of the fields is a 64-bit integer in number form, so that a bigint form stands beside it. */
export function hasNumberWide(fields: readonly Field[]): boolean {
  return fields.some((field) => {
    if (field.kind === "int") return isWide(field) && field.u64 === "number" && !isConstant(field.rule);
    if (field.kind === "struct") return hasNumberWide(field.fields);
    return field.kind === "array" && hasNumberWide(field.item.fields);
  });
}

/** The same of blocks. @param isWideType whether it is true of a type that they name */
export function blocksHaveNumberWide(blocks: readonly Block[], isWideType: (ref: TypeRef) => boolean): boolean {
  const content = (c: Content): boolean => {
    switch (c.content) {
      case "field":
        return hasNumberWide([c.field]);
      case "varint":
        return c.u64 === "number" && c.derive === null && c.maxBytes > VARINT_SAFE_BYTES;
      case "type":
        return isWideType(c.type);
      case "choice":
        return c.cases.some((each) => content(each.content));
      case "bytes":
        return false;
    }
  };
  return blocks.some((block) => {
    if (block.block === "fixed") return hasNumberWide(block.fields);
    if (block.block === "piece") return content(block.content);
    return block.block === "items" && hasNumberWide(block.item.fields);
  });
}

/** A varint of so many bytes is below 2^53. */
export const VARINT_SAFE_BYTES = 7;
