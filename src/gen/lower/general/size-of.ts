/** The size of a type that `sizeof` and `bitsizeof` ask for, where it is known without any bytes. */
import { parseExpression } from "../../expression.js";
import type { Source } from "../../source.js";
import { contentsOf } from "../fields.js";
import { expressionOf, primitiveOf, type TypeScope } from "./scope.js";
import { refusal } from "../../refused.js";

/** Types nest no deeper than this where their size is asked for. */
const DEPTH_MAX = 64;

/** Bits of every value of a type. @throws WireError `spec` where they depend on the bytes */
export function sizeOfType(scope: TypeScope, text: string, near: Source, depth = 0): number {
  const primitive = primitiveOf(text);
  if (primitive !== undefined) return primitive.is === "bits" ? primitive.size : 8 * primitive.size;
  if (depth > DEPTH_MAX) near.fail(`'${text}' stands inside itself and has no one size`);
  return bitsOf(scope.typeNamed(text, near), near, depth);
}

/** The same of a type that is known. */
export function bitsOf(type: TypeScope, near: Source, depth = 0): number {
  if (depth > DEPTH_MAX) near.fail(`'${type.name}' stands inside itself and has no one size`);
  let bits = 0;
  for (const attribute of type.attributes) {
    const own = sizeOfMember(type, attribute, near, depth);
    const name = attribute.get("type");
    const isBits = name !== undefined && !name.isMap && primitiveOf(String(name.scalar))?.is === "bits";
    if (!isBits) bits = Math.ceil(bits / 8) * 8;
    bits += own;
  }
  return bits;
}

/** Bits of an attribute. @throws WireError `spec` where they depend on the bytes */
export function sizeOfMember(type: TypeScope, attribute: Source, near: Source, depth = 0): number {
  const unknown = (): never => near.fail(refusal("size", `the size of '${type.name}'`));
  if (attribute.get("if") !== undefined) return unknown();
  const repeat = attribute.get("repeat");
  const count = repeat === undefined ? 1 : numberIn(attribute.get("repeat-expr"));
  if (count === undefined) return unknown();
  const contents = attribute.get("contents");
  if (contents !== undefined) return 8 * count * contentsOf(contents).length;
  const size = attribute.get("size");
  if (size !== undefined) return 8 * count * (numberIn(size) ?? unknown());
  const name = attribute.get("type");
  if (name === undefined || name.isMap) return unknown();
  if (name.text === "str" || name.text === "strz") return unknown();
  return count * sizeOfType(type, name.text.split("(")[0]!.trim(), near, depth + 1);
}

function numberIn(source: Source | undefined): number | undefined {
  if (source === undefined) return undefined;
  const e = parseExpression(source, expressionOf(source));
  return e.op === "int" ? e.value : undefined;
}
