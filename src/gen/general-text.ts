/** Expressions, contents and rules of general types in words, for people. */
import { isPartial, type GeneralContent, type GeneralExpr, type GeneralRule } from "./general.js";
import type { Kind, Process, Region } from "./general.js";

/** An expression as the language writes it. */
export function generalExprText(e: GeneralExpr): string {
  switch (e.op) {
    case "int":
    case "float":
    case "bool":
      return String(e.value);
    case "big":
      return e.value;
    case "text":
      return JSON.stringify(e.value);
    case "bytes":
      return `[${e.value.join(", ")}]`;
    case "list":
      return `[${e.items.map(generalExprText).join(", ")}]`;
    case "head":
      return e.head === "root" ? "_root" : Array.from({ length: e.head.up }, () => "_parent").join(".");
    case "param":
      return e.name;
    case "local":
      return { item: "_", index: "_index", little: "_is_le" }[e.name];
    case "get":
      return member(e.of, e.name);
    case "io":
      return member(e.of, "_io");
    case "stream":
      return member(e.of, e.name);
    case "parent":
      return member(e.of, "_parent");
    case "index":
      return `${generalExprText(e.of)}[${generalExprText(e.index)}]`;
    case "method": {
      const args = e.args.length === 0 ? "" : `(${e.args.map(generalExprText).join(", ")})`;
      return `${member(e.of, e.name)}${args}`;
    }
    case "cast":
      return `${generalExprText(e.of)}.as<${kindText(e.is)}>`;
    case "not":
      return `not ${inner(e.value)}`;
    case "negate":
      return `-${inner(e.value)}`;
    case "invert":
      return `~${inner(e.value)}`;
    case "choose":
      return `${inner(e.test)} ? ${inner(e.yes)} : ${inner(e.no)}`;
    default:
      return `${inner(e.left)} ${e.op} ${inner(e.right)}`;
  }
}

function member(of: GeneralExpr, name: string): string {
  const text = generalExprText(of);
  return text === "" ? name : `${/ /.test(text) ? `(${text})` : text}.${name}`;
}

/** A part of an expression, in brackets where it has operators of its own. */
function inner(e: GeneralExpr): string {
  const text = generalExprText(e);
  return "left" in e || e.op === "choose" ? `(${text})` : text;
}

export function kindText(kind: Kind): string {
  switch (kind.kind) {
    case "int":
      return kind.wide === null ? "integer" : "integer of 64 bits";
    case "text":
      return "str";
    case "io":
      return "stream";
    case "enum":
      return kind.enum.name;
    case "list":
      return `${kindText(kind.of)}[]`;
    case "type":
      return kind.type.name;
    case "opaque":
      return kind.name;
    case "any":
      return kind.of.length === 0 ? "any" : kind.of.map(kindText).join(" or ");
    default:
      return kind.kind;
  }
}

/** What a content is: `u2le`, `UTF-8`, the name of a type. */
export function generalContentText(content: GeneralContent): string {
  switch (content.content) {
    case "int":
      return `${content.signed ? "s" : "u"}${content.size}${orderText(content)}`;
    case "float":
      return `f${content.size}${orderText(content)}`;
    case "bits":
      return `b${content.width}${content.order}`;
    case "const":
      return content.bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    case "bytes":
      return content.text ?? "bytes";
    case "opaque":
      return `${content.name} (foreign code)`;
    case "type":
      return `${content.type.name}${content.args.length === 0 ? "" : `(${content.args.map(generalExprText).join(", ")})`}`;
    case "choice": {
      const cases = content.cases.map(({ values, content: each }) => {
        const when = values === "else" ? "else" : values.map(generalExprText).join(", ");
        return `${when}: ${generalContentText(each)}`;
      });
      if (isPartial(content)) cases.push("else: nothing");
      return `by ${generalExprText(content.on)}: ${cases.join("; ")}`;
    }
  }
}

function orderText({ size, order }: { readonly size: number; readonly order: string }): string {
  if (size === 1) return "";
  return order === "frame" ? ", in the order that the value says" : order;
}

/** How many bytes a content has: a number, an expression, or words. */
export function generalSizeText(content: GeneralContent): string {
  switch (content.content) {
    case "int":
    case "float":
      return String(content.size);
    case "bits":
      return content.width === 1 ? "1 bit" : `${content.width} bits`;
    case "const":
      return String(content.bytes.length);
    case "bytes":
      return regionText(content.region);
    case "type":
    case "opaque":
      return content.region === null ? "its own" : regionText(content.region);
    case "choice": {
      const sizes = [...new Set(content.cases.map((each) => generalSizeText(each.content)))];
      return sizes.length === 1 ? sizes[0]! : "its own";
    }
  }
}

function regionText({ size, terminator }: Region): string {
  if (size === "rest") return "rest";
  if (size === null) return `up to ${terminator!.join(" ")}`;
  return generalExprText(size);
}

/** What is said of bytes beside their number. */
export function regionNotes(content: GeneralContent): string[] {
  if (content.content === "choice") return [...new Set(content.cases.flatMap((each) => regionNotes(each.content)))];
  const region = "region" in content ? content.region : null;
  if (region === null) return [];
  const { size, terminator, include, consume, eosError, pad, process } = region;
  const ends =
    terminator === null ? [] : [`ends with ${terminator.join(" ")}${include ? ", which is part of it" : ""}`];
  if (terminator === null) ends.length = 0;
  if (size === null && !consume) ends.push("what ends it is left");
  if (size === null && !eosError) ends.push("or with the stream");
  if (pad !== null) ends.push(`padded with ${pad}`);
  if (process !== null) ends.push(processText(process));
  return ends;
}

function processText(process: Process): string {
  switch (process.process) {
    case "zlib":
      return "zlib";
    case "xor":
      return `xor with ${generalExprText(process.key)}`;
    case "rol":
      return `bits turned ${process.isLeft ? "left" : "right"} by ${generalExprText(process.by)}`;
    case "custom":
      return `${process.name}(${process.args.map(generalExprText).join(", ")})`;
  }
}

export function generalRuleText(rule: GeneralRule | null): string[] {
  switch (rule?.rule) {
    case undefined:
      return [];
    case "eq":
      return [generalExprText(rule.value)];
    case "range": {
      const [min, max] = [rule.min, rule.max].map((limit) => (limit === null ? "" : generalExprText(limit)));
      return [min === "" ? `at most ${max}` : max === "" ? `at least ${min}` : `${min} to ${max}`];
    }
    case "any-of":
      return [`one of ${rule.values.map(generalExprText).join(", ")}`];
    case "in-enum":
      return ["a value that has a name"];
    case "expr":
      return [generalExprText(rule.test)];
  }
}
