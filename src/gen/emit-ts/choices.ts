/** Emits how the functions of a type call those of its layouts. */
import type { ChoicePlan, Way } from "../plan/choice.js";
import type { Code } from "./code.js";

/** A switch over the values of the tag. @param call what is returned @param otherwise the same for any other value */
export function emitTagSwitch(
  { ways }: ChoicePlan,
  on: string,
  code: Code,
  call: (way: Way) => string,
  otherwise: string,
): void {
  code.block(`switch (${on})`, () => {
    for (const way of ways) {
      if (way.values === "else") continue;
      for (const value of way.values.slice(0, -1)) code.line(`case ${value}:`);
      code.line(`case ${way.values.at(-1)!}: return ${call(way)};`);
    }
    const other = ways.find(({ values }) => values === "else");
    code.line(`default: return ${other === undefined ? otherwise : call(other)};`);
  });
}

/** A switch over the kind of a value that is written. */
export function emitKindSwitch({ ways }: ChoicePlan, code: Code, call: (way: Way) => string, otherwise: string): void {
  code.block("switch (value?.kind)", () => {
    for (const way of ways) code.line(`case ${JSON.stringify(way.kind)}: return ${call(way)};`);
    code.line(`default: return ${otherwise};`);
  });
}

/** What a switch over kinds refuses. */
export const OTHER_KIND = "(value as { kind?: unknown } | undefined)?.kind";

/** The labels of a case: all but the last, and that. */
export function labelsOf(values: readonly (number | string | boolean)[] | "else"): [others: string[], last: string] {
  const labels = values === "else" ? ["default:"] : values.map((one) => `case ${JSON.stringify(one)}:`);
  return [labels.slice(0, -1), labels.at(-1)!];
}
