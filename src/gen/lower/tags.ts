/** Finds the fields that say nothing but of what kind a choice is. */
import { isConstant, type Block, type Content, type Field, type TypeRef } from "../ir.js";

/** Notes at each choice the field that its cases tell. @param kindOf what values of a type say of themselves */
export function withTags(blocks: readonly Block[], kindOf: (type: TypeRef) => string | null): Block[] {
  const seen = new Set<string>();
  return blocks.map((block) => {
    if (block.block !== "piece" || block.condition !== null || block.repeat !== null) return block;
    const tag = tagOf(blocks, block.content, kindOf);
    // The first of two choices on one field tells it.
    if (tag === null || block.content.content !== "choice" || seen.has(tag)) return block;
    seen.add(tag);
    return { ...block, content: { ...block.content, tag } };
  });
}

function tagOf(blocks: readonly Block[], content: Content, kindOf: (type: TypeRef) => string | null): string | null {
  if (content.content !== "choice" || content.on.op !== "field" || content.on.path.length !== 1) return null;
  const kinds = content.cases.map(({ values, content: each }) =>
    values !== "else" && values.length === 1 && each.content === "type" ? kindOf(each.type) : null,
  );
  if (kinds.some((kind, i) => kind === null || kinds.indexOf(kind) < i)) return null;
  const [name] = content.on.path;
  const field = blocks.flatMap((block) => (block.block === "fixed" ? block.fields : [])).find((f) => f.name === name);
  return field !== undefined && isFree(field) ? field.name : null;
}

/** A number that nothing else tells. */
function isFree(field: Field): boolean {
  if (field.kind === "int" && field.size === 8) return false;
  if (field.kind === "bits" && field.width === 1) return false;
  const isNumber = field.kind === "int" || field.kind === "bits";
  return isNumber && field.derive === null && field.default === null && !isConstant(field.rule);
}
