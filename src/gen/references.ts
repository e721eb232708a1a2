/** Which types a layout holds as pieces. */
import type { Block, Content, Type, TypeRef } from "./ir.js";

/** The types that a layout holds as pieces, each once. */
export function referencesOf(type: Type): TypeRef[] {
  const found = new Map<string, TypeRef>();
  const visit = (content: Content): void => {
    if (content.content === "type") found.set(`${content.type.module}::${content.type.name}`, content.type);
    if (content.content === "choice") for (const each of content.cases) visit(each.content);
  };
  const blocks = (body: Type["body"]): readonly Block[] =>
    body.shape === "plain" ? body.blocks : body.variants.flatMap((variant) => blocks(variant.type.body));
  for (const block of blocks(type.body)) if (block.block === "piece") visit(block.content);
  return [...found.values()];
}
