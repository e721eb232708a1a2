/**
 * General types, laid out: what is read step by step through a cursor, in the whole language of expressions, streams
 * and instances. Plain JSON like the rest of the IR, for specs that flat and streamed layouts cannot say.
 */
import type { Binary } from "./expression.js";
import type { TypeRef } from "./type-ref.js";

/** The types of a spec that needs the whole language; such a module has no other `types`. */
export interface General {
  /** What asks for it, for people: `instances`, `spec.ksy:12`. */
  readonly because: { readonly what: string; readonly place: string };
  /** Its own types first, then those of imported files that they hold, so that a module stands for itself. */
  readonly types: readonly GeneralType[];
  /** Functions that a caller hands in, by the names that `process` gives them. */
  readonly processors: readonly string[];
  /** Types of foreign code (`ks-opaque-types`), by name. */
  readonly opaque: readonly string[];
}

export interface GeneralType {
  /** As in the spec, with the types around it: `packet_header`. */
  readonly name: string;
  readonly module: string;
  /** Unique in a catalogue: `package_type`. */
  readonly format: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
  /** Where the facts come from (`-spec`). */
  readonly cite: string;
  /** Named by another type only, or of another file; it gets no codec of its own. */
  readonly part: boolean;
  /** Bytes after the value, and bits and padding that no value has, are passed over instead of refused (`-open`). */
  readonly open: boolean;
  /** What its values say of themselves as `kind`, where it is a case of a choice. */
  readonly kind: string | null;
  readonly params: readonly GeneralParam[];
  /** How a value says in which byte order it is, where the spec leaves that to it. */
  readonly endian: EndianChoice | null;
  readonly attributes: readonly Attribute[];
  readonly instances: readonly Instance[];
}

export interface GeneralParam {
  readonly name: string;
  readonly doc: string;
  readonly is: Kind;
}

/** A byte order that an expression decides; without a case for its value, bytes are refused. */
export interface EndianChoice {
  readonly on: GeneralExpr;
  readonly cases: readonly { readonly values: readonly GeneralExpr[] | "else"; readonly endian: "be" | "le" }[];
}

/** What has a name and a place in the spec. */
export interface Spot {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
}

/** One attribute, with all that the language can say of it. */
export interface Attribute extends Spot {
  readonly condition: GeneralExpr | null;
  readonly repeat: GeneralRepeat | null;
  readonly content: GeneralContent;
  readonly rule: GeneralRule | null;
  /** The value, or one item where it is repeated. */
  readonly is: Kind;
  readonly secret: boolean;
}

export type GeneralRepeat =
  | { readonly by: "count"; readonly count: GeneralExpr }
  | { readonly by: "end" }
  | { readonly by: "until"; readonly until: GeneralExpr };

/** A value that is computed, or an attribute that lies at a position of its own. */
export type Instance =
  | (Spot & {
      readonly instance: "value";
      readonly condition: GeneralExpr | null;
      readonly value: GeneralExpr;
      readonly rule: GeneralRule | null;
      readonly is: Kind;
    })
  | {
      readonly instance: "position";
      readonly attribute: Attribute;
      /** Null: where the stream is. */
      readonly pos: GeneralExpr | null;
      /** Null: the stream of the type. */
      readonly io: GeneralExpr | null;
    };

/** What `valid` asks of a value, which is `_` in expressions. */
export type GeneralRule =
  | { readonly rule: "eq"; readonly value: GeneralExpr }
  | { readonly rule: "range"; readonly min: GeneralExpr | null; readonly max: GeneralExpr | null }
  | { readonly rule: "any-of"; readonly values: readonly GeneralExpr[] }
  | { readonly rule: "in-enum"; readonly values: readonly number[] }
  | { readonly rule: "expr"; readonly test: GeneralExpr };

/** A byte order: fixed, or that of the frame, which the bytes decide. */
export type Order = "be" | "le" | "frame";

/** What an attribute, one of its items, or a case of a choice is. */
export type GeneralContent =
  | { readonly content: "int"; readonly size: number; readonly signed: boolean; readonly order: Order }
  | { readonly content: "bits"; readonly width: number; readonly order: "be" | "le"; readonly isTruth: boolean }
  | { readonly content: "float"; readonly size: 4 | 8; readonly order: Order }
  | { readonly content: "const"; readonly bytes: readonly number[] }
  | { readonly content: "bytes"; readonly region: Region; readonly text: string | null }
  | {
      readonly content: "type";
      readonly type: TypeRef;
      readonly args: readonly GeneralExpr[];
      /** Its own stream; null: that of the type around it. */
      readonly region: Region | null;
      /** What it calls `_parent`; null: the value around it. `none`: nothing. */
      readonly parent: GeneralExpr | "none" | null;
      /** Of another file, where `_root` begins anew. */
      readonly isForeign: boolean;
    }
  | {
      readonly content: "opaque";
      readonly name: string;
      readonly args: readonly GeneralExpr[];
      readonly region: Region | null;
    }
  | {
      readonly content: "choice";
      readonly on: GeneralExpr;
      readonly cases: readonly {
        readonly values: readonly GeneralExpr[] | "else";
        readonly content: GeneralContent;
        readonly is: Kind;
      }[];
    };

/** Bytes that a value has for itself, and what is around and done to them. */
export interface Region {
  /** `rest`: all that are left. Null: up to the terminator. */
  readonly size: GeneralExpr | "rest" | null;
  readonly terminator: readonly number[] | null;
  /** The terminator lies at a multiple of so many bytes. */
  readonly unit: number;
  /** The terminator is a part of the value. */
  readonly include: boolean;
  /** What follows begins behind the terminator. */
  readonly consume: boolean;
  /** The end of the stream is no terminator. */
  readonly eosError: boolean;
  readonly pad: number | null;
  readonly process: Process | null;
  /** Bytes that no value has are passed over: behind a terminator, and what a type leaves. */
  readonly open: boolean;
  /** What a type leaves is refused; otherwise it is passed over, and the value is not written. */
  readonly closed: boolean;
}

/** How bytes are transformed before they are read. */
export type Process =
  | { readonly process: "xor"; readonly key: GeneralExpr }
  | { readonly process: "rol"; readonly by: GeneralExpr; readonly isLeft: boolean }
  | { readonly process: "zlib" }
  /** By a function that the caller hands in. */
  | { readonly process: "custom"; readonly name: string; readonly args: readonly GeneralExpr[] };

/** What kind of value an expression has. */
export type Kind =
  /** @param wide of 8 bytes: the form of `decodeT`, where it is no number of an expression */
  | { readonly kind: "int"; readonly wide: "number" | "bigint" | null }
  | { readonly kind: "float" | "bool" | "text" | "bytes" | "io" }
  /** A number by its names. */
  | { readonly kind: "enum"; readonly enum: TypeRef; readonly strict: boolean }
  | { readonly kind: "list"; readonly of: Kind }
  | { readonly kind: "type"; readonly type: TypeRef }
  | { readonly kind: "opaque"; readonly name: string }
  /** One of several, or (of none) any value of a type. */
  | { readonly kind: "any"; readonly of: readonly Kind[] };

/** Whose members an expression asks for: types around the one that is read, the last one being the root. */
export type Head = { readonly up: number } | "root";

/** An expression over what was read, or over a value that is written. */
export type GeneralExpr = { readonly is: Kind } & (
  | { readonly op: "int" | "float"; readonly value: number }
  /** An integer beyond 2^53-1, in decimal. */
  | { readonly op: "big"; readonly value: string }
  | { readonly op: "bool"; readonly value: boolean }
  | { readonly op: "text"; readonly value: string }
  | { readonly op: "bytes"; readonly value: readonly number[] }
  | { readonly op: "list"; readonly items: readonly GeneralExpr[] }
  /** The value around, or one further up. */
  | { readonly op: "head"; readonly head: Head }
  | { readonly op: "param"; readonly name: string }
  /** The item of `repeat-until` or the value of `valid`; the number of an item; the byte order of the frame. */
  | { readonly op: "local"; readonly name: "item" | "index" | "little" }
  /** @param optional it may not be there, and then asking is refused */
  | {
      readonly op: "get";
      readonly of: GeneralExpr;
      readonly name: string;
      readonly member: "attribute" | "value" | "position" | "param";
      readonly optional: boolean;
    }
  /** The stream of a value, and what it tells. */
  | { readonly op: "io"; readonly of: GeneralExpr }
  | { readonly op: "stream"; readonly of: GeneralExpr; readonly name: "pos" | "size" | "eof" }
  /** The value around a value. */
  | { readonly op: "parent"; readonly of: GeneralExpr }
  | { readonly op: "index"; readonly of: GeneralExpr; readonly index: GeneralExpr }
  | { readonly op: "method"; readonly of: GeneralExpr; readonly name: string; readonly args: readonly GeneralExpr[] }
  | { readonly op: "cast"; readonly of: GeneralExpr }
  | { readonly op: "not" | "negate" | "invert"; readonly value: GeneralExpr }
  | { readonly op: "choose"; readonly test: GeneralExpr; readonly yes: GeneralExpr; readonly no: GeneralExpr }
  | { readonly op: Binary; readonly left: GeneralExpr; readonly right: GeneralExpr }
);

/** The expressions that stand directly inside one. */
export function partsOf(e: GeneralExpr): readonly GeneralExpr[] {
  switch (e.op) {
    case "int":
    case "big":
    case "float":
    case "bool":
    case "text":
    case "bytes":
    case "head":
    case "param":
    case "local":
      return [];
    case "list":
      return e.items;
    case "get":
    case "io":
    case "stream":
    case "parent":
    case "cast":
      return [e.of];
    case "index":
      return [e.of, e.index];
    case "method":
      return [e.of, ...e.args];
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

/** The choice has no case for some of the values that it is on; there is nothing then. */
export function isPartial(content: GeneralContent): boolean {
  if (content.content !== "choice" || content.cases.some(({ values }) => values === "else")) return false;
  const told = new Set(content.cases.flatMap(({ values }) => values as readonly GeneralExpr[]).map(truthOf));
  return content.on.is.kind !== "bool" || !(told.has(true) && told.has(false));
}

function truthOf(value: GeneralExpr): boolean | undefined {
  return value.op === "bool" ? value.value : undefined;
}

/** A value may be without this attribute. Items are there: a list does not say which of them would be none. */
export function mayBeAbsent({ condition, repeat, content }: Attribute): boolean {
  return condition !== null || (repeat === null && isPartial(content));
}

/** An expression whose result may be that nothing is there: it names what may be absent, or chooses it. */
export function mayBeNothing(e: GeneralExpr): boolean {
  switch (e.op) {
    case "get":
      return e.optional;
    case "choose":
      return [e.yes, e.no].some(isNothingChosen);
    case "cast":
      return e.is.kind === "type" && mayBeNothing(e.of);
    default:
      return false;
  }
}

/** The same of what is chosen: integers of 64 bits become numbers there, for which nothing stands. */
export function isNothingChosen(e: GeneralExpr): boolean {
  return !(e.is.kind === "int" && e.is.wide !== null) && mayBeNothing(e);
}

/** A value may be without this instance. One with a rule is there. */
export function isMissable(instance: Instance): boolean {
  if (instance.instance === "position") return mayBeAbsent(instance.attribute);
  return instance.condition !== null || (instance.rule === null && mayBeNothing(instance.value));
}

/** The name of an instance. */
export function nameOfInstance(instance: Instance): string {
  return instance.instance === "value" ? instance.name : instance.attribute.name;
}
