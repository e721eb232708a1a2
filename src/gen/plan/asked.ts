/** What expressions ask for. */
import type { Block, Content, Expr } from "../ir.js";
import { extentOf } from "./extents.js";

/** The parts of an expression that expressions are. */
export function partsOf(e: Expr): readonly Expr[] {
  switch (e.op) {
    case "int":
    case "bool":
    case "text":
    case "field":
    case "param":
    case "item":
      return [];
    case "not":
    case "negate":
    case "invert":
      return [e.value];
    case "choose":
      return [e.test, e.yes, e.no];
    default:
      return [e.left, e.right];
  }
}

/** True when something holds of an expression, or of a part of it. */
export function someOf(e: Expr, holds: (part: Expr) => boolean): boolean {
  return holds(e) || partsOf(e).some((part) => someOf(part, holds));
}

/** The expressions of a content, those inside it included. */
export function expressionsIn(content: Content): Expr[] {
  if (content.content === "type") return [...content.args];
  if (content.content !== "choice") return [];
  return [content.on, ...content.cases.flatMap((each) => expressionsIn(each.content))];
}

/** Every expression that blocks ask, in their order. */
export function expressionsOf(blocks: readonly Block[]): Expr[] {
  return blocks.flatMap((block): Expr[] => {
    if (block.block !== "piece") return [];
    const { condition, repeat, size, content } = block;
    return [
      ...(condition === null ? [] : [condition]),
      ...(repeat?.by === "count" ? [repeat.count] : repeat?.by === "until" ? [repeat.until] : []),
      ...(size === null || size === "rest" ? [] : [size]),
      ...expressionsIn(content),
    ];
  });
}

/** The paths of the fields and pieces that blocks ask for: `header.length`. */
export function pathsAskedBy(blocks: readonly Block[]): ReadonlySet<string> {
  const paths = new Set<string>();
  const visit = (e: Expr): void => {
    if (e.op === "field") paths.add(e.path.join("."));
    partsOf(e).forEach(visit);
  };
  expressionsOf(blocks).forEach(visit);
  for (const block of blocks) {
    if (block.block === "fixed" || block.block === "piece") continue;
    const extent = extentOf(block);
    if (extent.from === "field") paths.add(extent.field);
  }
  return paths;
}
