/** Which fields a value may leave out, because its kind or that of a piece tells them. */
import type { Block, Type, TypeRef } from "../ir.js";
import { choiceOf } from "./rules.js";
import type { Told } from "./write-plan.js";

/** By the name of the field. @param find the layout of a type */
export function toldIn(blocks: readonly Block[], find: (ref: TypeRef) => Type): ReadonlyMap<string, Told> {
  const all = new Map<string, Told>();
  for (const block of blocks) {
    if (block.block === "fixed")
      for (const field of block.fields) {
        const choice = field.kind === "int" ? choiceOf(field) : null;
        if (choice?.isListed === true && choice.values.length === 1)
          all.set(field.name, { by: "number", value: choice.values[0]! });
      }
    if (block.block !== "piece" || block.content.content !== "choice" || block.content.tag === null) continue;
    const kinds = block.content.cases.flatMap(({ values, content }) =>
      content.content === "type" && values !== "else" ? [{ kind: find(content.type).kind!, value: values[0]! }] : [],
    );
    all.set(block.content.tag, { by: "kind", of: block.name, kinds });
  }
  return all;
}
