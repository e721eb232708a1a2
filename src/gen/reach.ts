/** What takes all bytes that are left, so that nothing behind it could be read. */
import type { Block, Content, PieceBlock, Type, TypeRef } from "./ir.js";

/** Whether values reach to the end of the bytes around them: all of them, some, or none. */
export type Reach = "always" | "sometimes" | "never";

/** Types that name each other are asked once each. */
const known = new WeakMap<Type, Reach>();

/** What a piece takes. */
export function reachOf(block: PieceBlock, find: (ref: TypeRef) => Type): Reach {
  const { condition, repeat, size, content } = block;
  const whole =
    repeat?.by === "end" || size === "rest" ? "always" : size === null ? contentReach(content, find) : "never";
  return whole === "always" && condition !== null ? "sometimes" : whole;
}

/** The same of a content whose size nothing gives. */
export function contentReach(content: Content, find: (ref: TypeRef) => Type): Reach {
  if (content.content === "type") return typeReach(find(content.type), find);
  return content.content === "choice" ? joined(content.cases.map((each) => contentReach(each.content, find))) : "never";
}

/**
 * How the writer of a piece sees that nothing is written behind a value that takes all that is left: the whole piece
 * takes it where it is there, or some of its values do, by the case of a choice or as the writer of their type tells.
 */
export function watchOf(
  block: PieceBlock,
  isLast: boolean,
  find: (ref: TypeRef) => Type,
): { readonly whole: boolean; readonly values: boolean } {
  const { condition, repeat, size, content } = block;
  const isBounded = size !== null || (isLast && repeat === null);
  const reaches = content.content === "choice" ? content.cases.map((each) => each.content) : [content];
  return {
    whole: condition !== null && !isLast && reachOf({ ...block, condition: null }, find) === "always",
    values: !isBounded && reaches.some((each) => isSeen(contentReach(each, find), content)),
  };
}

/** A piece whose values all take what is left is seen as a whole. */
function isSeen(reach: Reach, of: Content): boolean {
  return reach === "sometimes" || (reach === "always" && of.content === "choice");
}

/** Whether values of a type reach to the end of the bytes around them. */
export function typeReach(type: Type, find: (ref: TypeRef) => Type): Reach {
  const before = known.get(type);
  if (before !== undefined) return before;
  // One that stands inside itself ends where what it holds does.
  known.set(type, "never");
  const reach = bodyReach(type, find);
  known.set(type, reach);
  return reach;
}

function bodyReach({ body }: Type, find: (ref: TypeRef) => Type): Reach {
  if (body.shape === "union") return joined(body.variants.map((variant) => bodyReach(variant.type, find)));
  return blocksReach(body.blocks, find);
}

/** The same of a layout. */
export function blocksReach(blocks: readonly Block[], find: (ref: TypeRef) => Type): Reach {
  const isRest = blocks.some(
    (block) =>
      (block.block === "bytes" && block.length.from === "rest") ||
      ((block.block === "items" || block.block === "bits") && block.count.from === "rest"),
  );
  const last = blocks.at(-1);
  return isRest ? "always" : last?.block === "piece" ? reachOf(last, find) : "never";
}

function joined(all: readonly Reach[]): Reach {
  return all.every((one) => one === all[0]) ? all[0]! : "sometimes";
}
