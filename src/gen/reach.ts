/** What takes all bytes that are left, so that nothing behind it could be read. */
import type { Content, PieceBlock, Type, TypeRef } from "./ir.js";

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
 * takes it where it is there, or some cases of its choice do. What a type holds at its own end is not seen.
 */
export function watchOf(
  block: PieceBlock,
  isLast: boolean,
  find: (ref: TypeRef) => Type,
): { readonly whole: boolean; readonly cases: boolean } {
  const { condition, repeat, size, content } = block;
  const isGreedy = content.content === "choice" && size === null;
  return {
    whole: condition !== null && !isLast && reachOf({ ...block, condition: null }, find) === "always",
    cases:
      isGreedy &&
      (repeat !== null || !isLast) &&
      content.cases.some((each) => contentReach(each.content, find) === "always"),
  };
}

function typeReach(type: Type, find: (ref: TypeRef) => Type): Reach {
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
  const isRest = body.blocks.some(
    (block) =>
      (block.block === "bytes" && block.length.from === "rest") ||
      ((block.block === "items" || block.block === "bits") && block.count.from === "rest"),
  );
  const last = body.blocks.at(-1);
  return isRest ? "always" : last?.block === "piece" ? reachOf(last, find) : "never";
}

function joined(all: readonly Reach[]): Reach {
  return all.every((one) => one === all[0]) ? all[0]! : "sometimes";
}
