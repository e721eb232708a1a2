/** Which types a layout holds as pieces. */
import type { Block, Content, PieceBlock, Type, TypeRef } from "./ir.js";

/** The types that a layout holds as pieces, each once. */
export function referencesOf(type: Type): TypeRef[] {
  return referencesIn(type, () => true);
}

/** Those of them whose bytes nothing else bounds, so that only their own reader knows where they end. */
export function unsizedReferencesOf(type: Type): TypeRef[] {
  return referencesIn(type, ({ size }) => size === null);
}

function referencesIn(type: Type, isMeant: (piece: PieceBlock) => boolean): TypeRef[] {
  const found = new Map<string, TypeRef>();
  const visit = (content: Content): void => {
    if (content.content === "type") found.set(`${content.type.module}::${content.type.name}`, content.type);
    if (content.content === "choice") for (const each of content.cases) visit(each.content);
  };
  const blocks = (body: Type["body"]): readonly Block[] =>
    body.shape === "plain" ? body.blocks : body.variants.flatMap((variant) => blocks(variant.type.body));
  for (const block of blocks(type.body)) if (block.block === "piece" && isMeant(block)) visit(block.content);
  return [...found.values()];
}
