/** Emits what `valid` asks of values of general types. */
import type { GeneralRule, Kind } from "../../general.js";
import type { Code } from "../code.js";
import { breachTest } from "../integers.js";
import { comparedKind, emitGeneralExpr, sameTest, type ExprPlace } from "./expressions.js";

/** What `valid` asks of a value. @param start where it begins, in emitted code */
export function emitRule(
  rule: GeneralRule,
  value: string,
  is: Kind,
  place: ExprPlace,
  start: string,
  code: Code,
): void {
  const { names } = place;
  const inner = { ...place, item: value };
  const refuse = (kind: string, expected: string): string =>
    `s.fail("${kind}", ${start}, ${expected}, ${names.kind(is) === "Uint8Array" ? "undefined" : value});`;
  const told = (text: string): string =>
    /^(?:-?[\d.]+|\(-[\d.]+\)|true|false)$/.test(text)
      ? JSON.stringify(text.replace(/[()]/g, ""))
      : text.startsWith('"')
        ? text
        : '"what the spec says"';
  switch (rule.rule) {
    case "eq": {
      const text = emitGeneralExpr(rule.value, inner);
      const test = sameTest(value, text, comparedKind(is, rule.value.is, names), names);
      code.line(`if (!(${test})) ${refuse("constant", told(text))}`);
      return;
    }
    case "any-of": {
      const all = rule.values.map((each) => emitGeneralExpr(each, inner));
      const tests = rule.values.map((each, i) => sameTest(value, all[i]!, comparedKind(is, each.is, names), names));
      const list = all.every((text) => /^-?[\d.]+$/.test(text))
        ? JSON.stringify(`one of ${all.join(", ")}`)
        : '"one of what the spec says"';
      code.line(`if (!(${tests.join(" || ")})) ${refuse("range", list)}`);
      return;
    }
    case "in-enum": {
      const list = `one of ${rule.values.join(", ")}`;
      const test = breachTest({ is: "unlisted", values: rule.values }, `(${value} as number)`);
      code.line(`if (${test}) ${refuse("enum", JSON.stringify(list))}`);
      return;
    }
    case "expr":
      code.line(`if (!${emitGeneralExpr(rule.test, inner)}) ${refuse("range", "\"what 'valid' asks\"")}`);
      return;
    case "range": {
      for (const [limit, op, word] of [
        [rule.min, ">=", "at least"],
        [rule.max, "<=", "at most"],
      ] as const) {
        if (limit === null) continue;
        const text = emitGeneralExpr(limit, inner);
        const shown = told(text);
        const expected = shown.startsWith('"what') ? shown : JSON.stringify(`${word} ${JSON.parse(shown) as string}`);
        const isNumber = is.kind === "float" || is.kind === "enum" || (is.kind === "int" && !names.isWide(is));
        const test = isNumber ? `${value} ${op} ${text}` : `${names.use("compared")}(${value}, ${text}) ${op} 0`;
        code.line(`if (!(${test})) ${refuse("range", expected)}`);
      }
      return;
    }
  }
}
