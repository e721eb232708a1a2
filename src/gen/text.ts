/** Expressions, contents and numbers as people read them. */
import type { Content, Display, Expr } from "./ir.js";

/** An expression, written as the language writes it. */
export function exprText(e: Expr): string {
  switch (e.op) {
    case "int":
    case "bool":
      return String(e.value);
    case "text":
      return JSON.stringify(e.value);
    case "field":
      return e.path.join(".");
    case "item":
      return ["_", ...e.path].join(".");
    case "param":
      return e.name;
    case "not":
      return `not ${exprText(e.value)}`;
    case "negate":
      return `-${exprText(e.value)}`;
    case "invert":
      return `~${exprText(e.value)}`;
    case "choose":
      return `(${exprText(e.test)} ? ${exprText(e.yes)} : ${exprText(e.no)})`;
    default:
      return `(${exprText(e.left)} ${e.op} ${exprText(e.right)})`;
  }
}

/** The same without the outermost brackets. */
export function plainExprText(e: Expr): string {
  const text = exprText(e);
  return "left" in e ? text.slice(1, -1) : text;
}

/** The name of a content. @param field names a field of fixed size */
export function contentText(
  content: Content,
  field: (content: Extract<Content, { content: "field" }>) => string,
): string {
  switch (content.content) {
    case "field":
      return field(content);
    case "bytes":
      return content.text === null ? "bytes" : `${content.text} text`;
    case "varint":
      return `${content.order} integer of up to ${content.maxBytes} bytes`;
    case "type":
      return content.type.name + (content.args.length === 0 ? "" : `(${content.args.map(plainExprText).join(", ")})`);
    case "choice":
      return `by \`${plainExprText(content.on)}\`: ${content.cases
        .map(
          ({ values, content: each }) =>
            `${values === "else" ? "else" : values.join(", ")} → ${contentText(each, field)}`,
        )
        .join("; ")}`;
  }
}

/** A number as its field shows it: `0x1f`, `0b101`. */
export function numberText(value: number | bigint, display: Display): string {
  if (display === null) return String(value);
  const [mark, base] = display === "hex" ? ["0x", 16] : ["0b", 2];
  const digits = value.toString(Number(base));
  return value < 0 ? `-${mark}${digits.slice(1)}` : `${mark}${digits}`;
}

/** A text as the cell of a Markdown table. */
export function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|");
}

/** Code or an expression without what stands in quotes, by one walk over it: a pattern would look for each end anew. */
export function withoutTexts(code: string): string {
  let rest = "";
  let quote = "";
  for (let i = 0; i < code.length; i++) {
    const char = code[i]!;
    if (quote === "") {
      rest += char;
      if (char === '"' || char === "'") quote = char;
    } else if (char === "\\" && quote === '"') i++;
    else if (char === quote) {
      rest += char;
      quote = "";
    }
  }
  return rest;
}
