/** Lays out enumerations: names of numbers, with or without the type of integers that the numbers are of. */
import type { Enum, EnumValue } from "../ir.js";
import { Keys } from "../keys.js";
import { nameOf } from "../load.js";
import { camel } from "../names.js";
import { refusedAs } from "../refused.js";
import { integerIn, Mistakes, type Source } from "../source.js";

const enums = new WeakMap<Source, Enum>();

/** Lays out an enumeration. @throws WireError `spec` */
export function lowerEnum(name: string, source: Source): Enum {
  const known = enums.get(source);
  if (known !== undefined) return known;
  const { within, entries } = partsOf(source);
  const mistakes = new Mistakes();
  const values: EnumValue[] = [];
  const names = new Map<string, string>();
  const taken = new Set<number>();
  for (const [key, entry] of entries) {
    mistakes.attempt(() => {
      const value = integerIn(key) ?? entry.fail(`'${key}' is no integer`);
      if (within !== null && !contains(within, { least: BigInt(value), most: BigInt(value) }))
        entry.fail(`${value} is no '${within.type}', which '${name}' is of`);
      if (taken.has(value)) entry.fail(`the value ${value} is named already`);
      const named = enumValue(entry);
      taken.add(value);
      const other = names.get(camel(named.name));
      if (other === named.name) entry.fail(`two values of '${name}' share the name '${other}'`);
      if (other !== undefined)
        entry.fail(refusedAs("oneName", `'${other}' and '${named.name}' make the same name ${camel(other)}`));
      names.set(camel(named.name), named.name);
      values.push({ value, ...named });
    });
  }
  mistakes.tell();
  if (values.length === 0) source.fail(refusedAs("emptyEnum", `'${name}' names no value`));
  const lowered = { name, line: source.line, values };
  enums.set(source, lowered);
  return lowered;
}

function enumValue(source: Source): Omit<EnumValue, "value"> {
  if (!source.isMap) {
    // `true` and `false` are names here, as every other word is.
    const { scalar } = source;
    return { name: typeof scalar === "boolean" ? String(scalar) : nameOf(source), label: "", doc: "" };
  }
  const keys = new Keys(source);
  const name = nameOf(keys.need("id"));
  const value = { name, label: keys.take("-display")?.text ?? "", doc: keys.take("doc")?.text ?? "" };
  keys.pass("doc-ref", "-spec");
  keys.close("an enumerated value");
  return value;
}

/** An enumeration by one word, for comparisons. */
export function enumKeyOf({ module, name }: { readonly module: string; readonly name: string }): string {
  return `${module}::${name}`;
}

/** Integers from one to another, both included. */
interface Span {
  readonly least: bigint;
  readonly most: bigint;
}

interface Parts {
  /** The type that all values are of, where the enumeration says one. */
  readonly within: (Span & { readonly type: string }) | null;
  readonly entries: readonly [string, Source][];
}

/** Names of numbers alone; or, as a newer form of the language has it, a map with the `type` of the `values`. */
function partsOf(source: Source): Parts {
  if (source.get("values") === undefined && source.get("type") === undefined)
    return { within: null, entries: source.entries() };
  const keys = new Keys(source);
  const type = keys.need("type");
  const span =
    spanOf(type.text) ?? type.fail(`'${type.text}' is no integer without a byte order, such as 'u4' or 'b3'`);
  const entries = keys.need("values").entries();
  keys.pass("doc", "doc-ref", "-spec");
  keys.close("an enumeration");
  return { within: { ...span, type: type.text }, entries };
}

/** Refuses an `enum` on integers of so many bits that are not all of the type of the enumeration. */
export function checkFits(name: string, source: Source, bits: number, signed: boolean, near: Source): void {
  const { within } = partsOf(source);
  if (within !== null && !contains(within, spanOfBits(bits, signed)))
    near.fail(`the integers here are not all '${within.type}', which '${name}' is of`);
}

function contains(outer: Span, { least, most }: Span): boolean {
  return outer.least <= least && most <= outer.most;
}

/** The integers of a type that says no byte order. */
function spanOf(type: string): Span | undefined {
  const match = /^(?:([us])([1248])|b([0-9]{1,2}))$/.exec(type);
  if (match === null) return undefined;
  return match[3] === undefined
    ? spanOfBits(8 * Number(match[2]), match[1] === "s")
    : spanOfBits(Number(match[3]), false);
}

function spanOfBits(bits: number, signed: boolean): Span {
  const count = 1n << BigInt(bits);
  return signed ? { least: -count / 2n, most: count / 2n - 1n } : { least: 0n, most: count - 1n };
}
