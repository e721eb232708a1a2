/** Markdown tables of layouts. */
import {
  fixedSize,
  isConstant,
  isImplied,
  type Block,
  type Content,
  type Derive,
  type Display,
  type Extent,
  type Field,
  type Item,
  type Module,
  type PieceBlock,
  type Type,
} from "./ir.js";
import { extentOf } from "./plan/extents.js";
import { generalSections } from "./general-md.js";
import { messageSection } from "./message-md.js";
import { Layouts } from "./emit-ts/layouts.js";
import { planEnd, tellsItsEnd } from "./plan/end.js";
import { endText } from "./plan/text.js";
import { cell, contentText, numberText, plainExprText } from "./text.js";

/** Markdown tables of the layouts of one spec file. */
export function emitMarkdown(module: Module): string {
  const layouts = new Layouts(module);
  const lines: string[] = [`# ${module.title === "" ? module.id : module.title}`, ""];
  if (module.doc !== "") lines.push(module.doc, "");
  for (const type of module.types) {
    // One of a fixed size stands in the tables of those that hold it, but not where a choice holds it.
    if (type.part && !type.columns && type.kind === null && fixedSize(type) !== null) continue;
    if (type.body.shape === "plain") lines.push(...section(type, type.body.blocks, "##"), ...ending(type, layouts));
    else {
      lines.push(
        `## ${type.format}`,
        "",
        ...paragraph(type.doc),
        `One of these, by \`${type.body.tag.name}\` at byte ${type.body.tag.offset}:`,
        "",
      );
      for (const { kind, values, type: variant } of type.body.variants) {
        const when = values === "else" ? "any other value" : values.join(", ");
        const blocks = variant.body.shape === "plain" ? variant.body.blocks : [];
        lines.push(...section(variant, blocks, "###", `${kind}: ${when}`), ...ending(variant, layouts));
      }
    }
  }
  lines.push(...generalSections(module));
  for (const message of module.proto?.messages ?? []) lines.push(...messageSection(message));
  for (const each of module.enums) {
    lines.push(`## ${each.name}`, "", "| value | name | meaning |", "|---:|---|---|");
    const display = displayIn(module, each.name);
    for (const { value, name, label, doc } of each.values) {
      const named = label === "" ? name : `${name} (${cell(label)})`;
      lines.push(`| ${numberText(value, display)} | ${named} | ${cell(doc)} |`);
    }
    lines.push("");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

function section(type: Type, blocks: readonly Block[], mark: string, title = type.format): string[] {
  const lines = [`${mark} ${title}`, "", ...paragraph(type.doc)];
  if (type.cite !== "") lines.push(`Source: ${type.cite}.`, "");
  for (const param of type.params)
    lines.push(`Takes \`${param.name}\`${param.doc === "" ? "." : `: ${param.doc}`}`, "");
  lines.push("| offset | bytes | field | type | rule | meaning |", "|---:|---:|---|---|---|---|");
  let place: Place = { base: "", offset: 0 };
  for (const block of blocks) {
    if (block.block === "fixed") {
      for (const field of block.fields) lines.push(...rows(field, place, "", tellerOf(field, blocks)));
      place = { ...place, offset: place.offset + block.size };
      continue;
    }
    if (block.block === "piece") {
      lines.push(pieceRow(block, place));
      place = { base: `behind ${block.name}`, offset: 0 };
      continue;
    }
    const unit = block.block === "items" ? block.item.size : 1;
    const extent = extentOf(block);
    const kind =
      block.block === "items"
        ? itemName(block.item)
        : block.block === "bits"
          ? `bits, ${block.order} first`
          : (block.text ?? "bytes");
    const size =
      block.block === "bits"
        ? `ceil(${count(extent)} / 8)`
        : unit === 1
          ? count(extent)
          : `${unit} × ${extent.from === "rest" ? "n" : count(extent)}`;
    const limit = block.block === "bits" ? "" : limits(block.min, block.max);
    lines.push(`| ${at(place)} | ${size} | \`${block.name}\` | ${kind} | ${limit} | ${cell(block.doc)} |`);
    if (block.block === "items" && block.item.type !== null)
      for (const field of block.item.fields) lines.push(...rows(field, { base: "item", offset: 0 }, block.name));
    place =
      extent.from === "rest" ? { base: "end", offset: -extent.after } : { base: `behind ${block.name}`, offset: 0 };
  }
  return [...lines, ""];
}

/** How a reader of a stream finds where a value ends, where its bytes say that. */
function ending(type: Type, layouts: Layouts): string[] {
  if (type.body.shape !== "plain" || fixedSize(type) !== null) return [];
  if (!tellsItsEnd(type, (ref) => layouts.get(ref))) return [];
  return ["Its bytes tell where it ends:", "", "```text", endText(planEnd(type.body.blocks)), "```", ""];
}

interface Place {
  readonly base: string;
  readonly offset: number;
}

function at({ base, offset }: Place): string {
  if (base === "") return String(offset);
  if (offset === 0) return base === "item" ? "item + 0" : base;
  return offset > 0 ? `${base} + ${offset}` : `${base} − ${-offset}`;
}

function pieceRow(block: PieceBlock, place: Place): string {
  const { repeat, size, condition, content } = block;
  const times =
    repeat === null
      ? ""
      : repeat.by === "count"
        ? `${plainExprText(repeat.count)} × `
        : repeat.by === "end"
          ? "n × "
          : "1… × ";
  const own = size === null ? contentSize(content) : size === "rest" ? "rest" : plainExprText(size);
  const parts = [
    condition === null ? "" : `if ${plainExprText(condition)}`,
    repeat?.by === "until" ? `until ${plainExprText(repeat.until)}` : "",
    limits(block.min, block.max),
    content.content === "field" ? rule(content.field) : "",
  ].filter((part) => part !== "");
  const name = contentText(content, ({ field }) => (field.kind === "struct" ? field.type.name : typeName(field)));
  return `| ${at(place)} | ${times}${own} | \`${block.name}\` | ${cell(name)} | ${cell(parts.join("; "))} | ${cell(block.doc)} |`;
}

function contentSize(content: Content): string {
  return content.content === "field" ? String(content.field.size) : "its own";
}

/** The choice whose kind tells a field. */
function tellerOf(field: Field, blocks: readonly Block[]): string | null {
  const choice = blocks.find(
    (block) => block.block === "piece" && block.content.content === "choice" && block.content.tag === field.name,
  );
  return choice?.block === "piece" ? choice.name : null;
}

function rows(field: Field, place: Place, prefix: string, teller: string | null = null): string[] {
  const name = prefix === "" ? field.name : `${prefix}.${field.name}`;
  const here = at({ base: place.base, offset: place.offset + field.offset });
  if (field.kind === "struct") return field.fields.flatMap((inner) => rows(inner, place, name));
  const told = teller === null ? "" : `the kind of \`${teller}\``;
  return [
    `| ${here} | ${field.size} | \`${name}\` | ${typeName(field)} | ${[rule(field), told].filter((part) => part !== "").join("; ")} | ${cell(field.doc)} |`,
  ];
}

function typeName(field: Field): string {
  switch (field.kind) {
    case "int":
      return `${field.signed ? "signed" : "unsigned"} ${8 * field.size}-bit${field.size === 1 ? "" : ` ${field.endian}`}${field.enum === null ? "" : `, ${field.enum.name}`}`;
    case "bits":
      return `${field.width} bit${field.width === 1 ? "" : "s"} from bit ${field.shift}`;
    case "array":
      return `${field.count} × ${itemName(field.item)}`;
    case "float":
      return `${8 * field.size}-bit float ${field.endian}`;
    case "text":
      return `${field.encoding} text`;
    default:
      return "bytes";
  }
}

function itemName(item: Item): string {
  return item.type?.name ?? typeName(item.fields[0]!);
}

function rule(field: Field): string {
  if (field.kind === "const") return `= ${field.bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`;
  if (field.kind === "bytes") return field.secret ? "secret" : "";
  if (field.kind !== "int" && field.kind !== "bits") return "";
  const parts: string[] = [];
  if (field.derive !== null) parts.push(derived(field.derive));
  const r = field.rule;
  const number = (value: number): string => numberText(value, field.display);
  if (r !== null && isConstant(r)) parts.push(`= ${number(r.min!)}`);
  else if (r !== null) {
    const isOpen = r.min === null && field.kind === "int" && field.signed;
    const range = isOpen && r.max !== null ? `at most ${number(r.max)}` : limits(r.min ?? 0, r.max, number);
    parts.push(range, r.anyOf === null ? "" : `one of ${r.anyOf.map(number).join(", ")}`);
  }
  if (field.enum?.strict === true) parts.push("named values only");
  if (field.default !== null && !isImplied(field)) parts.push(`default ${number(field.default)}`);
  return parts.filter((part) => part !== "").join("; ");
}

function derived(derive: Derive): string {
  if (derive.from === "crc32") return `CRC-32 of \`${derive.of}\``;
  if (derive.from === "checksum") {
    const { first, last, sum } = derive;
    const over = last === null ? "all before" : first === last ? `\`${last}\`` : `\`${first}\` to \`${last}\``;
    return `${sum.name} of ${over}`;
  }
  const { of, minus, times } = derive;
  const length = `length of \`${of}\`${minus === 0 ? "" : minus > 0 ? ` − ${minus}` : ` + ${-minus}`}`;
  return times === 1 ? length : `(${length}) / ${times}`;
}

function count(extent: Extent): string {
  if (extent.from === "rest") return "rest";
  const name = `\`${extent.from === "field" ? extent.field : extent.param}\``;
  return extent.plus === 0 ? name : extent.plus > 0 ? `${name} + ${extent.plus}` : `${name} − ${-extent.plus}`;
}

function limits(min: number, max: number | null, number: (value: number) => string = String): string {
  if (max !== null) return `${number(min)} to ${number(max)}`;
  return min > 0 ? `at least ${number(min)}` : "";
}

/** How the first field that an enumeration names shows its numbers. */
function displayIn(module: Module, name: string): Display {
  const find = (fields: readonly Field[]): Display => {
    for (const field of fields) {
      const isNamed = field.kind === "int" || field.kind === "bits";
      if (isNamed && field.enum?.name === name && field.enum.module === module.id && field.display !== null)
        return field.display;
      const inner =
        field.kind === "struct" ? find(field.fields) : field.kind === "array" ? find(field.item.fields) : null;
      if (inner !== null) return inner;
    }
    return null;
  };
  const inType = ({ body }: Type): Display => {
    if (body.shape === "union") return firstOf(body.variants.map((variant) => inType(variant.type)));
    return firstOf(
      body.blocks.map((block) => {
        if (block.block === "fixed") return find(block.fields);
        if (block.block === "items") return find(block.item.fields);
        return block.block === "piece" && block.content.content === "field" ? find([block.content.field]) : null;
      }),
    );
  };
  return firstOf(module.types.map(inType));
}

function firstOf(all: readonly Display[]): Display {
  return all.find((one) => one !== null) ?? null;
}

function paragraph(text: string): string[] {
  return text === "" ? [] : [text, ""];
}
