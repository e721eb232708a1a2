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

/** True when a type can stand inside itself. @param find the layout of a type */
export function holdsItself(ref: TypeRef, find: (ref: TypeRef) => Type): boolean {
  const seen = new Set<string>();
  const reaches = (from: TypeRef): boolean =>
    referencesOf(find(from)).some((to) => {
      const key = keyOf(to);
      if (key === keyOf(ref)) return true;
      if (seen.has(key)) return false;
      seen.add(key);
      return reaches(to);
    });
  return reaches(ref);
}

/** A reference as the key of a map. */
export function keyOf({ name, module }: TypeRef): string {
  return `${module}::${name}`;
}

function referencesIn(type: Type, isMeant: (piece: PieceBlock) => boolean): TypeRef[] {
  const found = new Map<string, TypeRef>();
  const visit = (content: Content): void => {
    if (content.content === "type") found.set(keyOf(content.type), content.type);
    if (content.content === "choice") for (const each of content.cases) visit(each.content);
  };
  const blocks = (body: Type["body"]): readonly Block[] =>
    body.shape === "plain" ? body.blocks : body.variants.flatMap((variant) => blocks(variant.type.body));
  for (const block of blocks(type.body)) if (block.block === "piece" && isMeant(block)) visit(block.content);
  return [...found.values()];
}
