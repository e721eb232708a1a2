/**
 * What a spec says, laid out: the one input of every emitter. It is plain JSON and knows no target
 * language. Fields of nested types that have a fixed layout are merged into the block around them.
 */
export const IR_VERSION = 1;

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
  readonly enums: readonly Enum[];
}

export interface Enum {
  readonly name: string;
  readonly line: number;
  readonly values: readonly { readonly value: number; readonly name: string; readonly doc: string }[];
}

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
  readonly body: Body;
}

/** A reader that decodes single fields, an encoder into a view that is held, the length of a value in bytes. */
export const CODEC_FORMS = ["reader", "view", "length"] as const;
export type CodecForm = (typeof CODEC_FORMS)[number];

export interface Param {
  readonly name: string;
  readonly doc: string;
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
export type Block = FixedBlock | ItemsBlock | BytesBlock | BitsBlock;

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
  readonly type: { readonly name: string; readonly module: string } | null;
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

/**
 * How many items, or bytes. `rest`: all but the `after` bytes of fixed layout that close the type.
 * `field`: the value of an earlier integer field plus `plus`. `param`: a parameter plus `plus`.
 */
export type Extent =
  | { readonly from: "rest"; readonly after: number }
  | { readonly from: "field"; readonly field: string; readonly plus: number }
  | { readonly from: "param"; readonly param: string; readonly plus: number };

export type Encoding = "ascii" | "utf-8";

export type Field = IntField | BitField | BytesField | TextField | ConstField | StructField | ArrayField;

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
  readonly default: number | null;
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
  readonly type: { readonly name: string; readonly module: string };
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
  /** The number of bytes or items of a later block, minus `minus`. */
  | { readonly from: "extent"; readonly of: string; readonly minus: number }
  /** CRC-32 of a bytes field or block. */
  | { readonly from: "crc32"; readonly of: string };

/** Fields that a value does not hold: they follow from the format or from other fields. */
export function isImplied(field: Field): boolean {
  return field.kind === "const" || (field.kind === "int" && (field.derive !== null || isConstant(field.rule)));
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
      return 0;
  }
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
