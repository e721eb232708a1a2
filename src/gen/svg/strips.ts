/** A layout as strips, one below the other: runs of fields whose places are known, and parts of any length. */
import { Layouts } from "../emit-ts/layouts.js";
import {
  isConstant,
  type Block,
  type Content,
  type Derive,
  type Extent,
  type Field,
  type FixedBlock,
  type Item,
  type Module,
  type PieceBlock,
  type Type,
  type TypeRef,
} from "../ir.js";
import { extentOf } from "../plan/extents.js";
import { plainExprText } from "../text.js";

/** A field in a picture; what it is stands below its name where there is room. */
export interface Label {
  readonly name: string;
  readonly note: string;
  readonly doc: string;
}

/** Bits beside each other that belong to one field; null for bits that none has. */
export interface Run {
  readonly label: Label | null;
  bits: number;
}

/** What is drawn across the picture. `isOptional`: it may be absent. */
export type Strip =
  | { readonly strip: "runs"; readonly runs: Run[]; readonly isOptional: boolean }
  | {
      readonly strip: "open";
      readonly name: string;
      readonly lines: readonly string[];
      readonly doc: string;
      readonly isOptional: boolean;
    };

/** A type, or one of the kinds of a type, with a heading of its own. */
export interface Section {
  readonly title: string;
  readonly strips: readonly Strip[];
}

/** The sections of a type: itself, or its kinds, then what it holds. */
export function sectionsOf(module: Module, type: Type): Section[] {
  return new Sections(module, type).all;
}

class Sections {
  readonly all: Section[] = [];
  readonly #layouts: Layouts;
  readonly #seen = new Set<string>();
  /** What was met and has no section yet. */
  readonly #waiting: (() => void)[] = [];

  constructor(module: Module, type: Type) {
    this.#layouts = new Layouts(module);
    this.#seen.add(type.name);
    this.#add(type, type.format);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
  }

  #add({ body }: Type, title: string): void {
    if (body.shape === "plain") {
      this.all.push({ title, strips: this.#strips(body.blocks) });
      return;
    }
    for (const { kind, values, type } of body.variants) {
      const when = values === "else" ? "any other" : values.join(", ");
      this.#add(type, `${title}, ${kind}: ${body.tag.name} ${when}`);
    }
  }

  #meet({ name }: TypeRef, add: () => void): void {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    this.#waiting.push(add);
  }

  #strips(blocks: readonly Block[]): Strip[] {
    const strips: Strip[] = [];
    for (const block of blocks) {
      const runs = block.block === "fixed" ? runsOf(block.fields, block.size) : runsOfPiece(block);
      const last = strips.at(-1);
      if (runs === null) strips.push(this.#open(block as Exclude<Block, FixedBlock>));
      else if (last?.strip === "runs" && !last.isOptional && !isOptional(block)) last.runs.push(...runs);
      else strips.push({ strip: "runs", runs, isOptional: isOptional(block) });
    }
    return strips;
  }

  #open(block: Exclude<Block, FixedBlock>): Strip {
    if (block.block === "piece") {
      for (const type of typesIn(block.content)) this.#meet(type, () => this.#add(this.#layouts.get(type), type.name));
      return openPiece(block);
    }
    if (block.block === "items" && block.item.type !== null) {
      const { type, size, fields } = block.item;
      // Its fields are at hand, those of a type of another file included.
      const strips = (): Strip[] => this.#strips([{ block: "fixed", size, fields }]);
      this.#meet(type, () => this.all.push({ title: type.name, strips: strips() }));
    }
    const unit =
      block.block === "items"
        ? `× ${itemText(block.item)}`
        : block.block === "bits"
          ? "bits"
          : `bytes${block.text === null ? "" : ` of ${block.text} text`}`;
    const lines = [`${amountText(extentOf(block), block.block === "items")} ${unit}`];
    return { strip: "open", name: block.name, lines, doc: block.doc, isOptional: false };
  }
}

function isOptional(block: Block): boolean {
  return block.block === "piece" && block.condition !== null;
}

/** The runs of a piece of a fixed size, null for one of another. */
function runsOfPiece(block: Block): Run[] | null {
  if (block.block !== "piece" || block.content.content !== "field") return null;
  const { content, condition, repeat, size, name, doc } = block;
  if (repeat !== null || size !== null) return null;
  const { field } = content;
  return runsOf([{ ...field, name, doc }], field.size, condition === null ? "" : `if ${plainExprText(condition)}`);
}

/**
 * The fields of a block in the order of its bits, the highest of each byte first.
 * @param note stands in the place of what is told of each
 */
function runsOf(fields: readonly Field[], size: number, note = ""): Run[] {
  const owners = new Array<Label | null>(8 * size).fill(null);
  const place = (field: Field, prefix: string): void => {
    const name = prefix + field.name;
    if (field.kind === "struct") {
      for (const inner of field.fields) place(inner, `${name}.`);
      return;
    }
    const label = { name, note: note === "" ? noteOf(field) : note, doc: field.doc };
    for (let bit = 0; bit < 8 * field.size; bit++) if (holds(field, bit)) owners[8 * field.offset + bit] = label;
  };
  for (const field of fields) place(field, "");
  const runs: Run[] = [];
  for (const label of owners) {
    const last = runs.at(-1);
    if (last !== undefined && last.label === label) last.bits++;
    else runs.push({ label, bits: 1 });
  }
  return runs;
}

/** Whether a bit of the bytes of a field is one of its own. */
function holds(field: Field, bit: number): boolean {
  if (field.kind !== "bits") return true;
  const [byte, down] = [Math.floor(bit / 8), 7 - (bit % 8)];
  const power = 8 * (field.endian === "be" ? field.size - 1 - byte : byte) + down;
  return power >= field.shift && power < field.shift + field.width;
}

function noteOf(field: Field): string {
  if (field.kind === "const") return `= ${field.bytes.map(hex).join(" ")}`;
  if (field.kind === "array") return `${field.count} × ${itemText(field.item)}`;
  if (field.kind === "bytes") return field.secret ? `secret, ${bytesText(field.size)}` : bytesText(field.size);
  if (field.kind === "text") return `${field.encoding}, ${bytesText(field.size)}`;
  if (field.kind !== "int" && field.kind !== "bits") return typeText(field);
  if (field.derive !== null) return deriveText(field.derive);
  if (isConstant(field.rule)) return `= ${field.rule!.min}`;
  if (field.enum !== null && field.enum.name !== field.name) return field.enum.name;
  return field.kind === "int" && field.size > 1 ? typeText(field) : "";
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

function bytesText(count: number): string {
  return `${count} byte${count === 1 ? "" : "s"}`;
}

function typeText(field: Field): string {
  const order = (endian: "be" | "le"): string => (endian === "be" ? "" : " little-endian");
  switch (field.kind) {
    case "int":
      if (field.size === 3) return `b24${order(field.endian)}`;
      return `${field.signed ? "s" : "u"}${field.size}${field.size === 1 ? "" : order(field.endian)}`;
    case "float":
      return `f${field.size}${order(field.endian)}`;
    case "struct":
      return field.type.name;
    default:
      return bytesText(field.size);
  }
}

function deriveText(derive: Derive): string {
  if (derive.from === "crc32") return `CRC-32 of ${derive.of}`;
  if (derive.from === "checksum") {
    const { sum, first, last } = derive;
    const over = last === null ? "all before" : first === last ? last : `${first} to ${last}`;
    return `${sum.name} of ${over}`;
  }
  const { of, minus, times } = derive;
  const length = `length of ${of}${minus === 0 ? "" : minus > 0 ? ` − ${minus}` : ` + ${-minus}`}`;
  return times === 1 ? length : `(${length}) / ${times}`;
}

function amountText(extent: Extent, isItems: boolean): string {
  if (extent.from === "rest") return isItems ? "n" : `all${extent.after === 0 ? "" : ` but the last ${extent.after}`}`;
  const name = extent.from === "field" ? extent.field : extent.param;
  return extent.plus === 0 ? name : `${name} ${extent.plus > 0 ? "+" : "−"} ${Math.abs(extent.plus)}`;
}

function itemText(item: Item): string {
  return item.type === null ? typeText(item.fields[0]!) : `${item.type.name} of ${bytesText(item.size)}`;
}

function openPiece({ name, doc, condition, repeat, size, content }: PieceBlock): Strip {
  const cases = content.content === "choice" ? content.cases : [];
  const own = content.content === "choice" ? `by ${plainExprText(content.on)}:` : contentText(content);
  const isBytes = content.content === "bytes" && content.text === null;
  const sized = size === null ? "" : size === "rest" ? "all that is left" : `${plainExprText(size)} bytes`;
  const times = repeat === null ? "" : repeat.by === "count" ? `${plainExprText(repeat.count)} × ` : "n × ";
  const lines = [
    isBytes && sized !== "" ? `${times}${sized}` : [sized, `${times}${own}`].filter((part) => part !== "").join(", "),
    ...cases.map(({ values, content: each }) => {
      const when = values === "else" ? "any other" : values.join(", ");
      return `${when} → ${contentText(each)}`;
    }),
    ...(repeat?.by === "until" ? [`until ${plainExprText(repeat.until)}`] : []),
    ...(condition === null ? [] : [`if ${plainExprText(condition)}`]),
  ];
  return { strip: "open", name, lines, doc, isOptional: condition !== null };
}

function contentText(content: Content): string {
  switch (content.content) {
    case "field":
      return typeText(content.field);
    case "bytes":
      return content.text === null ? "bytes" : `${content.text} text`;
    case "varint":
      return `${content.order}, 1 to ${bytesText(content.maxBytes)}`;
    case "type": {
      const { type, args } = content;
      return type.name + (args.length === 0 ? "" : `(${args.map(plainExprText).join(", ")})`);
    }
    case "choice":
      return `by ${plainExprText(content.on)}`;
  }
}

/** The types that a content may be. */
function typesIn(content: Content): TypeRef[] {
  if (content.content === "type") return [content.type];
  return content.content === "choice" ? content.cases.flatMap((each) => typesIn(each.content)) : [];
}
