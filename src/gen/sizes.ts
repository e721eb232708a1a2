/** How short the values of types can be. */
import { minSize, type Block, type Content, type Type, type TypeRef } from "./ir.js";

interface Placed {
  readonly module: string;
  readonly type: Type;
}

/**
 * The bytes of the shortest value of each type; Infinity for one that stands inside itself whatever the bytes say.
 * Sizes start there and shrink until nothing changes, so that types may name each other in circles.
 */
export function leastSizes(types: readonly Placed[]): (ref: TypeRef) => number {
  const sizes = new Map<string, number>();
  const key = ({ name, module }: TypeRef): string => `${module}::${name}`;
  const find = (ref: TypeRef): number => sizes.get(key(ref)) ?? Infinity;
  const all = types.flatMap(({ module, type }) => [
    { module, type },
    ...(type.body.shape === "union" ? type.body.variants.map((variant) => ({ module, type: variant.type })) : []),
  ]);
  for (let changed = true; changed;) {
    changed = false;
    for (const { module, type } of all) {
      const size = leastSize(type, find);
      const ref = key({ name: type.name, module });
      if (size < (sizes.get(ref) ?? Infinity)) changed = sizes.set(ref, size) !== undefined;
    }
  }
  return find;
}

function leastSize({ body }: Type, find: (ref: TypeRef) => number): number {
  if (body.shape === "union") return Math.min(...body.variants.map((variant) => leastSize(variant.type, find)));
  return body.blocks.reduce((sum, block) => sum + leastOf(block, find), 0);
}

function leastOf(block: Block, find: (ref: TypeRef) => number): number {
  if (block.block !== "piece") return minSize(block);
  const { condition, repeat, size, content, min } = block;
  if (condition !== null) return 0;
  const item = size === null ? leastContent(content, find) : size !== "rest" && size.op === "int" ? size.value : 0;
  if (repeat === null) return content.content === "bytes" ? Math.max(item, min) : item;
  const least = repeat.by === "until" ? 1 : repeat.by === "count" && repeat.count.op === "int" ? repeat.count.value : 0;
  const count = Math.max(least, min);
  return count === 0 ? 0 : count * item;
}

/** The least bytes of one content where no size is given. */
export function leastContent(content: Content, find: (ref: TypeRef) => number): number {
  switch (content.content) {
    case "field":
      return content.field.size;
    case "bytes":
      return 0;
    case "varint":
      return 1;
    case "type":
      return find(content.type);
    case "choice":
      return Math.min(...content.cases.map((each) => leastContent(each.content, find)));
  }
}
