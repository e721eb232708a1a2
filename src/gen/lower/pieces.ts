/** Lays out attributes whose presence, kind or size depends on what has been read before. */
import { refusedAs } from "../refused.js";
import { parseExpression, parseTypeReference, type Expression } from "../expression.js";
import {
  isImplied,
  operandOf,
  type Case,
  type Content,
  type Expr,
  type Operand,
  type PieceBlock,
  type Repeat,
} from "../ir.js";
import { Keys } from "../keys.js";
import type { SpecFile } from "../load.js";
import { integerIn, type Source } from "../source.js";
import { BITS, contentsOf, FLOAT, INTEGER, limitsOf, placed, type FieldReader } from "./fields.js";
import { resolve, type Names } from "./resolve.js";

/** What a piece needs of the type that it stands in. */
export interface PieceHost {
  readonly spec: SpecFile;
  readonly reader: FieldReader;
  /** What stands before the piece, for its expressions. */
  readonly names: Names;
  /** Members of a content, for `_`. */
  membersOf(content: Content): NonNullable<Names["item"]>;
  /** A type by its name, with what it takes. @param kind it is a case of a choice, and says so in its values */
  reference(name: string, near: Source, isCase: boolean): Reference;
}

/** What a type is to those that hold it. */
export interface Reference {
  readonly content: Content;
  readonly params: readonly Operand[];
}

/** Lays a piece out. The keys that it takes are those of the attribute. */
export function lowerPiece(keys: Keys, name: string, host: PieceHost): PieceBlock {
  const place = { name, file: keys.file, line: keys.line, doc: keys.take("doc")?.text ?? "" };
  keys.pass("id", "doc-ref", "-spec");
  const condition = keys.take("if");
  const repeat = keys.take("repeat");
  const size = sizeOf(keys, host);
  const open = keys.take("-open")?.boolean ?? false;
  const content = contentOf(keys, name, host, size !== null, repeat !== undefined);
  if (open && (size === null || content.content === "bytes"))
    keys.fail("'-open' needs a 'size' and a type: bytes behind the type's own are passed over");
  const limits = repeat !== undefined || content.content === "bytes" ? limitsOf(keys) : { min: 0, max: null };
  if (content.content === "field" && isImplied(content.field) && repeat !== undefined)
    keys.fail("a constant cannot be repeated; put it into a type");
  if (content.content === "field" && content.field.kind === "int" && content.field.derive !== null)
    keys.fail("'-derive' needs a field that is always there; put it into a type with what it follows from");
  return {
    block: "piece",
    ...place,
    condition: condition === undefined ? null : boolean(condition, host.names),
    repeat: repeat === undefined ? null : repeatOf(repeat, keys, host, content),
    size,
    open,
    content,
    ...limits,
  };
}

function sizeOf(keys: Keys, host: PieceHost): Expr | "rest" | null {
  const size = keys.take("size");
  const toEnd = keys.take("size-eos");
  if (size !== undefined && toEnd?.boolean === true) keys.fail("'size' and 'size-eos' exclude each other");
  if (size !== undefined) return integer(size, host.names);
  return toEnd?.boolean === true ? "rest" : null;
}

function repeatOf(how: Source, keys: Keys, host: PieceHost, content: Content): Repeat {
  switch (how.text) {
    case "expr":
      return { by: "count", count: integer(keys.need("repeat-expr"), host.names) };
    case "eos":
      return { by: "end" };
    case "until": {
      const until = keys.need("repeat-until");
      return { by: "until", until: boolean(until, { ...host.names, item: host.membersOf(content) }) };
    }
    default:
      return how.fail(`'${how.text}' is no way to repeat: 'repeat' is 'expr', 'eos' or 'until'`);
  }
}

function boolean(source: Source, names: Names): Expr {
  const expr = resolve(parseExpression(source), names, source);
  if (operandOf(expr).type !== "bool") source.fail("a condition is true or false");
  return expr;
}

function integer(source: Source, names: Names): Expr {
  const expr = resolve(parseExpression(source), names, source);
  if (operandOf(expr).type !== "int") source.fail("a size or count is a number");
  return expr;
}

function contentOf(keys: Keys, name: string, host: PieceHost, isSized: boolean, isItem: boolean): Content {
  const contents = keys.take("contents");
  if (contents !== undefined) {
    const bytes = contentsOf(contents);
    return { content: "field", field: { kind: "const", bytes, ...placed(keys, name, bytes.length) } };
  }
  const type = keys.take("type");
  if (type?.isMap === true) return choiceOf(type, keys, host, isSized);
  if (type !== undefined && type.text !== "str")
    return namedContent(type, keys, isItem ? "" : name, host, false, isSized);
  if (!isSized) keys.fail("bytes need either 'size' or 'size-eos: true'");
  const text = type === undefined ? null : host.reader.encodingOf(keys);
  return { content: "bytes", text, secret: keys.take("-secret")?.boolean ?? false };
}

/** What a name of a type stands for. */
function namedContent(
  type: Source,
  keys: Keys,
  name: string,
  host: PieceHost,
  isCase: boolean,
  isSized: boolean,
): Content {
  // Other readers take no notice of the size, or refuse it.
  if (isSized && (INTEGER.test(type.text) || FLOAT.test(type.text) || BITS.test(type.text)))
    type.fail(`'${type.text}' has a size of its own; put it into a type to give it more bytes`);
  const match = INTEGER.exec(type.text);
  if (match !== null) return { content: "field", field: host.reader.integer(keys, name, match) };
  const float = FLOAT.exec(type.text);
  if (float !== null) return { content: "field", field: host.reader.float(keys, name, float) };
  const bits = BITS.exec(type.text);
  if (bits !== null && Number(bits[1]) % 8 === 0)
    return {
      content: "field",
      field: host.reader.wideBits(keys, name, Number(bits[1]), bits[2] as "be" | "le" | undefined),
    };
  const { name: target, args } = parseTypeReference(type);
  const { content, params } = host.reference(target, type, isCase);
  if (content.content !== "type") {
    if (args.length > 0) type.fail(`'${target}' takes no parameters`);
    return content;
  }
  if (args.length !== params.length) type.fail(`'${target}' takes ${params.length} parameters, not ${args.length}`);
  return { ...content, args: args.map((arg, i) => argument(arg, params[i]!, type, host)) };
}

function argument(arg: Expression, param: Operand, near: Source, host: PieceHost): Expr {
  const expr = resolve(arg, host.names, near);
  if (operandOf(expr).type !== param.type)
    near.fail(`a parameter is ${param.type === "bool" ? "true or false" : "a number"}`);
  return expr;
}

/** A choice at any place: what an expression over what was read decides. */
function choiceOf(source: Source, keys: Keys, host: PieceHost, isSized: boolean): Content {
  const choice = new Keys(source);
  const on = choice.need("switch-on");
  const cases = choice.need("cases");
  choice.close("a choice");
  const tag = resolve(parseExpression(on), host.names, on);
  const byContent = new Map<string, { content: Content; values: Case["values"] }>();
  const seen = new Set<unknown>();
  for (const [key, target] of cases.entries()) {
    const value = key === "_" ? "else" : caseValue(key, tag, target, host);
    if (value !== "else") {
      if (seen.has(value)) target.fail(`the value ${String(value)} has a case already`);
      seen.add(value);
    }
    const known = byContent.get(target.text);
    if (known !== undefined) {
      known.values = value === "else" || known.values === "else" ? "else" : [...known.values, value];
      continue;
    }
    byContent.set(target.text, {
      content: caseContent(target, keys, host, isSized),
      values: value === "else" ? "else" : [value],
    });
  }
  keys.pass("encoding");
  const all = [...byContent.values()];
  if (all.length === 0) cases.fail("a choice needs cases");
  // What no case is for is bytes where the size is known, as everywhere in the language.
  if (isSized && !all.some(({ values }) => values === "else"))
    all.push({ content: { content: "bytes", text: null, secret: false }, values: "else" });
  return { content: "choice", on: tag, cases: all, tag: null };
}

function caseContent(target: Source, keys: Keys, host: PieceHost, isSized: boolean): Content {
  if (target.text === "str" || target.text === "bytes") {
    if (!isSized) target.fail(`'${target.text}' needs a 'size' on the attribute`);
    return { content: "bytes", text: target.text === "str" ? host.reader.encodingOf(keys) : null, secret: false };
  }
  // A case has no keys of its own: rules stand in the type that it names.
  return namedContent(target, Keys.none(target), "", host, true, isSized);
}

function enumerated(key: string, near: Source, host: PieceHost): number {
  if (!/^[a-z0-9_]+(?:::[a-z0-9_]+)+$/.test(key)) near.fail(`'${key}' is no integer, and no value of an enumeration`);
  return host.names.enumValue(key, near).value;
}

function caseValue(key: string, tag: Expr, near: Source, host: PieceHost): number | string | boolean {
  const is = operandOf(tag);
  if (is.type === "bool")
    return key === "true" || (key === "false" ? false : near.fail(`'${key}' is not true or false`));
  if (is.type === "text") {
    const text = parseExpression(near, key);
    return text.op === "text" ? text.value : near.fail(`a text stands in quotes: '"${key}"'`);
  }
  const value = integerIn(key) ?? enumerated(key, near, host);
  if (value < is.min || value > is.max)
    near.fail(refusedAs("impossible", `${value} does not fit into ${is.min} to ${is.max}`));
  return value;
}
