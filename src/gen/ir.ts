/**
 * What a spec says, laid out: the one input of every emitter. It is plain JSON and knows no target
 * language. Fields of nested types that have a fixed layout are merged into the block around them.
 */
import type { Binary } from "./expression.js";
import type { General } from "./general.js";
import type { TypeRef } from "./type-ref.js";

export type * from "./general.js";
export type { TypeRef } from "./type-ref.js";

export const IR_VERSION = 2;

export interface Module {
  readonly irVersion: typeof IR_VERSION;
  /** The name in front of every format of the file, of the folder of its spec. */
  readonly package: string;
  /** The file as errors name it: `package/file.ksy`. */
  readonly file: string;
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  readonly types: readonly Type[];
  /** Types of imported files that its own types hold as pieces, so that a module stands for itself. */
  readonly uses: readonly { readonly module: string; readonly type: Type }[];
  readonly enums: readonly Enum[];
  /** What a `.proto` file declares; such a module has no `types`. */
  readonly proto?: Proto;
  /** The types of a spec that needs the whole language; such a module has no `types` either. */
  readonly general?: General;
}

/** The messages of a `.proto` file. */
export interface Proto {
  readonly messages: readonly Message[];
  /** Messages of imported files that its own hold, and what these hold, so that a module stands for itself. */
  readonly uses: readonly { readonly module: string; readonly message: Message }[];
}

/** A protobuf message: fields that each have a tag of their own, in any order. */
export interface Message {
  /** Inside its package, with `_` for each dot: `Outer_Inner`. */
  readonly name: string;
  /** With its package: `transport.Outer.Inner`. */
  readonly format: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
  /** In ascending order of their numbers. */
  readonly fields: readonly MessageField[];
}

export interface MessageField {
  /** As in the spec: `request_id`. */
  readonly name: string;
  /** In values: `requestId`. */
  readonly key: string;
  readonly number: number;
  readonly line: number;
  readonly doc: string;
  /** Where it is absent, a `singular` field has its default, an `optional` one is undefined, as every message is. */
  readonly label: "singular" | "optional" | "repeated" | "map";
  readonly value: MessageValue;
  /** Of a map. */
  readonly mapKey: Scalar | null;
  /** Whether a list of numbers is written as one run of bytes; both forms are read. */
  readonly packed: boolean;
  /** What values call the choice that the field is a case of. */
  readonly oneof: string | null;
}

/** What a field of a message, one of its items, or a value of a map is. */
export type MessageValue =
  | { readonly is: "scalar"; readonly scalar: Scalar }
  /** Open: a number without a name is kept. */
  | { readonly is: "enum"; readonly enum: TypeRef }
  | { readonly is: "message"; readonly message: TypeRef };

/** The scalar types of protobuf. */
export type Scalar =
  | ("int32" | "int64" | "uint32" | "uint64" | "sint32" | "sint64")
  | ("fixed32" | "fixed64" | "sfixed32" | "sfixed64" | "float" | "double" | "bool" | "string" | "bytes");

export interface Enum {
  readonly name: string;
  readonly line: number;
  readonly values: readonly EnumValue[];
}

export interface EnumValue {
  readonly value: number;
  readonly name: string;
  /** What people call it (`-display`): `PUBACK`; empty where that is its name. */
  readonly label: string;
  readonly doc: string;
}

/** How numbers are shown to people (`-display`); null: as decimals. */
export const DISPLAYS = ["hex", "binary"] as const;
export type Display = (typeof DISPLAYS)[number] | null;

export interface Type {
  /** As in the spec: `get_ticket_request`. */
  readonly name: string;
  /** Unique in a catalogue: `package_type`. */
  readonly format: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
  /** Where the facts come from (`-spec`). */
  readonly cite: string;
  /** Named by another type only; it gets no codec of its own unless it has columns. */
  readonly part: boolean;
  /** Bytes after the value are passed over instead of refused (`-open`). */
  readonly open: boolean;
  /** A batch codec is wanted (`-columns`). */
  readonly columns: boolean;
  /** Forms of its codec that are wanted beside decode and encode (`-forms`). */
  readonly forms: readonly CodecForm[];
  readonly params: readonly Param[];
  /** What its values say of themselves as `kind`, where it is a case of a choice inside another type. */
  readonly kind: string | null;
  /** Bytes of the shortest value. */
  readonly minSize: number;
  readonly body: Body;
}

/** A reader that decodes single fields, an encoder into a view that is held, the length of a value in bytes. */
export const CODEC_FORMS = ["reader", "view", "length"] as const;
export type CodecForm = (typeof CODEC_FORMS)[number];

/** What the reader of a type has to be told. */
export interface Param {
  readonly name: string;
  readonly doc: string;
  readonly type: "integer" | "boolean";
}

/** Either one layout, or one of several that a tag near the start decides. */
export type Body =
  | { readonly shape: "plain"; readonly blocks: readonly Block[] }
  | { readonly shape: "union"; readonly tag: IntField; readonly variants: readonly Variant[] };

export interface Variant {
  readonly kind: string;
  /** Values of the tag; `else` stands for all that no other variant names. */
  readonly values: readonly number[] | "else";
  /** The whole layout, the common part included. */
  readonly type: Type;
}

/** Blocks follow each other; only the size of a `fixed` one is known before the bytes are. */
export type Block = FixedBlock | ItemsBlock | BytesBlock | BitsBlock | PieceBlock;

export interface FixedBlock {
  readonly block: "fixed";
  readonly size: number;
  readonly fields: readonly Field[];
}

/** Items of one fixed size, as many as `count` says. */
export interface ItemsBlock {
  readonly block: "items";
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
  readonly count: Extent;
  readonly item: Item;
  readonly min: number;
  readonly max: number | null;
}

export interface Item {
  readonly size: number;
  /** The type's name when the item is an object, null when it is a single `field`. */
  readonly type: TypeRef | null;
  readonly fields: readonly Field[];
}

/** Bytes or text of a length that the bytes themselves decide. */
export interface BytesBlock {
  readonly block: "bytes";
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
  readonly length: Extent;
  readonly text: Encoding | null;
  readonly secret: boolean;
  readonly min: number;
  readonly max: number | null;
  readonly proto: string;
}

/** One bit an item, in whole bytes; unused bits are zero. */
export interface BitsBlock {
  readonly block: "bits";
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
  readonly order: "lsb" | "msb";
  /** Always a parameter or a field. */
  readonly count: Extent;
}

/** One attribute whose presence, kind or size is known only when what stands before it has been read. */
export interface PieceBlock {
  readonly block: "piece";
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
  /** It is there only if this holds. */
  readonly condition: Expr | null;
  readonly repeat: Repeat | null;
  /** Bytes of the value, or of each item, which must fill them unless it is `open`. `rest`: all that is left. */
  readonly size: Expr | "rest" | null;
  readonly open: boolean;
  readonly content: Content;
  /** The least and the greatest number of items; of bytes, where nothing is repeated. */
  readonly min: number;
  readonly max: number | null;
}

/** How often a piece stands there: a number of times, to the end, or until an item (`_`) is the last. */
export type Repeat =
  | { readonly by: "count"; readonly count: Expr }
  | { readonly by: "end" }
  | { readonly by: "until"; readonly until: Expr };

/** What a piece, one of its items, or a case of a choice is. */
export type Content =
  /** A field of fixed size; its offset is 0. */
  | { readonly content: "field"; readonly field: Field }
  /** All bytes of the piece. */
  | { readonly content: "bytes"; readonly text: Encoding | null; readonly secret: boolean }
  | VarintContent
  | { readonly content: "type"; readonly type: TypeRef; readonly args: readonly Expr[] }
  | ChoiceContent;

/** One of several contents. */
export interface ChoiceContent {
  readonly content: "choice";
  readonly on: Expr;
  readonly cases: readonly Case[];
  /** The field that alone it is on, where each case is of one value and a kind: a writer tells it from the kind. */
  readonly tag: string | null;
}

/** An integer in groups of seven bits, as long as it needs. */
export interface VarintContent {
  readonly content: "varint";
  /** `leb128`: the lowest group first; `vlq`: the highest first. The top bit of a byte says that another follows. */
  readonly order: "leb128" | "vlq";
  /** The longest form; a number of more than 53 bits is refused by the `number` form. */
  readonly maxBytes: number;
  readonly u64: "number" | "bigint";
  readonly rule: Rule | null;
  readonly derive: Derive | null;
  /** What a spec that reads the groups one by one calls the number: `len.value`. */
  readonly member: string | null;
}

/** One of the contents of a choice, and the values of its expression that choose it. */
export interface Case {
  readonly values: readonly (number | string | boolean)[] | "else";
  readonly content: Content;
}

/** An expression over what has been read. Integers are exact up to 2^53. */
export type Expr =
  | { readonly op: "int"; readonly value: number }
  | { readonly op: "bool"; readonly value: boolean }
  | { readonly op: "text"; readonly value: string }
  /** An earlier field of the type, and members of it. */
  | { readonly op: "field"; readonly path: readonly string[]; readonly is: Operand }
  | { readonly op: "param"; readonly name: string; readonly is: Operand }
  /** The item that `repeat-until` asks, or members of it. */
  | { readonly op: "item"; readonly path: readonly string[]; readonly is: Operand }
  | { readonly op: "not"; readonly value: Expr }
  | { readonly op: "negate" | "invert"; readonly value: Expr; readonly is: Operand }
  | { readonly op: "choose"; readonly test: Expr; readonly yes: Expr; readonly no: Expr; readonly is: Operand }
  | { readonly op: Binary; readonly left: Expr; readonly right: Expr; readonly is: Operand };

/** What is known of the value of an expression. */
export function operandOf(e: Expr): Operand {
  switch (e.op) {
    case "int":
      return { type: "int", min: e.value, max: e.value };
    case "bool":
    case "not":
      return { type: "bool" };
    case "text":
      return { type: "text" };
    default:
      return e.is;
  }
}

/** What is known of a value before it is read. */
export type Operand =
  | { readonly type: "int"; readonly min: number; readonly max: number }
  | { readonly type: "bool" }
  | { readonly type: "text" };

/**
 * How many items, or bytes. `rest`: all but the `after` bytes of fixed layout that close the type.
 * `field`: the value of an earlier integer field plus `plus`. `param`: a parameter plus `plus`.
 */
export type Extent =
  | { readonly from: "rest"; readonly after: number }
  | { readonly from: "field"; readonly field: string; readonly plus: number }
  | { readonly from: "param"; readonly param: string; readonly plus: number };

export type Encoding = "ascii" | "utf-8";

export type Field = IntField | FloatField | BitField | BytesField | TextField | ConstField | StructField | ArrayField;

interface Placed {
  readonly name: string;
  /** Bytes from the start of the block or item. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
  readonly file: string;
  readonly line: number;
  readonly doc: string;
}

export interface IntField extends Placed {
  readonly kind: "int";
  readonly signed: boolean;
  readonly endian: "be" | "le";
  readonly rule: Rule | null;
  readonly enum: EnumRef | null;
  readonly derive: Derive | null;
  readonly default: number | null;
  readonly secret: boolean;
  /** For 8 bytes: the form of `decodeT`; the bigint form exists beside it. */
  readonly u64: "number" | "bigint" | null;
  readonly display: Display;
}

/** An IEEE 754 number of 4 or 8 bytes. */
export interface FloatField extends Placed {
  readonly kind: "float";
  readonly endian: "be" | "le";
}

/** A few bits of an integer that is as long as `size` says. */
export interface BitField extends Placed {
  readonly kind: "bits";
  /** Byte order in which the bits are numbered. */
  readonly endian: "be" | "le";
  /** Of the lowest bit of the field, from the lowest bit of the integer. */
  readonly shift: number;
  readonly width: number;
  readonly rule: Rule | null;
  readonly enum: EnumRef | null;
  readonly derive: Derive | null;
  readonly default: number | null;
  readonly display: Display;
}

export interface BytesField extends Placed {
  readonly kind: "bytes";
  readonly secret: boolean;
  readonly default: readonly number[] | null;
}

export interface TextField extends Placed {
  readonly kind: "text";
  readonly encoding: Encoding;
  readonly default: string | null;
}

export interface ConstField extends Placed {
  readonly kind: "const";
  readonly bytes: readonly number[];
}

export interface StructField extends Placed {
  readonly kind: "struct";
  readonly type: TypeRef;
  readonly fields: readonly Field[];
}

export interface ArrayField extends Placed {
  readonly kind: "array";
  readonly count: number;
  readonly item: Item;
}

export interface Rule {
  readonly min: number | null;
  readonly max: number | null;
  readonly anyOf: readonly number[] | null;
}

export interface EnumRef {
  readonly name: string;
  readonly module: string;
  /** A value without a name is refused (`in-enum`). */
  readonly strict: boolean;
  readonly values: readonly number[];
}

export type Derive =
  /** The number of bytes or items of a later block, minus `minus`, divided by `times`. */
  | { readonly from: "extent"; readonly of: string; readonly minus: number; readonly times: number }
  /** CRC-32 of a bytes field or block. */
  | { readonly from: "crc32"; readonly of: string }
  /** A checksum from one field to another, both included; null is the start of the type, or where the field begins. */
  | { readonly from: "checksum"; readonly sum: Checksum; readonly first: string | null; readonly last: string | null };

/** How bytes become a checksum. */
export type Checksum =
  | { readonly name: "crc32" | "adler32" | "sum8" | "xor8" | "internet" }
  /** A CRC of 16 bits, as the catalogue of parametrised CRC algorithms describes it. */
  | {
      readonly name: "crc16";
      readonly poly: number;
      readonly init: number;
      readonly reflect: boolean;
      readonly xor: number;
    };

/** Fields that a value does not hold: they follow from the format or from other fields. */
export function isImplied(field: Field): boolean {
  if (field.kind === "const") return true;
  if (field.kind === "bits") return field.derive !== null;
  return field.kind === "int" && (field.derive !== null || isConstant(field.rule));
}

/** A rule that leaves one value. */
export function isConstant(rule: Rule | null): boolean {
  return rule !== null && rule.min !== null && rule.min === rule.max;
}

/** The least and the greatest integer of some bits. */
export function rangeOf(bits: number, signed: boolean): [low: number, high: number] {
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

/** The bytes of a block when its counts are as small as they may be. */
export function minSize(block: Block): number {
  switch (block.block) {
    case "fixed":
      return block.size;
    case "items":
      return block.min * block.item.size;
    case "bytes":
      return block.min;
    case "bits":
    case "piece":
      return 0;
  }
}

/** True when a type is read and written piece after piece, because places in it depend on what stands before. */
export function isStreamed(type: Type): boolean {
  const { body } = type;
  if (body.shape === "union") return body.variants.some((variant) => isStreamed(variant.type));
  return body.blocks.some(
    (block) =>
      block.block === "piece" ||
      (block.block === "fixed" && block.fields.some((field) => isDerivedFrom(field, "checksum"))),
  );
}

/** True when a field follows from others in this way. */
export function isDerivedFrom(field: Field, from: Derive["from"]): boolean {
  return (field.kind === "int" || field.kind === "bits") && field.derive?.from === from;
}

/** The size of a type when it is known without any bytes, otherwise null. */
export function fixedSize(type: Type): number | null {
  if (type.body.shape === "union") return null;
  let size = 0;
  for (const block of type.body.blocks) {
    if (block.block !== "fixed") return null;
    size += block.size;
  }
  return size;
}
