/** Markdown tables of layouts. */
import {
  fixedSize,
  isConstant,
  isImplied,
  type Block,
  type Content,
  type Derive,
  type Extent,
  type Field,
  type Item,
  type Module,
  type PieceBlock,
  type Type,
} from "./ir.js";
import { messageSection } from "./message-md.js";
import { contentText, plainExprText } from "./text.js";

/** Markdown tables of the layouts of one spec file. */
export function emitMarkdown(module: Module): string {
  const lines: string[] = [`# ${module.title === "" ? module.id : module.title}`, ""];
  if (module.doc !== "") lines.push(module.doc, "");
  for (const type of module.types) {
    // One of a fixed size stands in the tables of those that hold it, but not where a choice holds it.
    if (type.part && !type.columns && type.kind === null && fixedSize(type) !== null) continue;
    if (type.body.shape === "plain") lines.push(...section(type, type.body.blocks, "##"));
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
        lines.push(
          ...section(variant, variant.body.shape === "plain" ? variant.body.blocks : [], "###", `${kind}: ${when}`),
        );
      }
    }
  }
  for (const message of module.proto?.messages ?? []) lines.push(...messageSection(message));
  for (const each of module.enums) {
    lines.push(`## ${each.name}`, "", "| value | name | meaning |", "|---:|---|---|");
    for (const { value, name, doc } of each.values) lines.push(`| ${value} | ${name} | ${cell(doc)} |`);
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
      for (const field of block.fields) lines.push(...rows(field, place, ""));
      place = { ...place, offset: place.offset + block.size };
      continue;
    }
    if (block.block === "piece") {
      lines.push(pieceRow(block, place));
      place = { base: `behind ${block.name}`, offset: 0 };
      continue;
    }
    const unit = block.block === "items" ? block.item.size : 1;
    const extent = block.block === "bytes" ? block.length : block.count;
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

function rows(field: Field, place: Place, prefix: string): string[] {
  const name = prefix === "" ? field.name : `${prefix}.${field.name}`;
  const here = at({ base: place.base, offset: place.offset + field.offset });
  if (field.kind === "struct") return field.fields.flatMap((inner) => rows(inner, place, name));
  return [`| ${here} | ${field.size} | \`${name}\` | ${typeName(field)} | ${rule(field)} | ${cell(field.doc)} |`];
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
  if (r !== null && isConstant(r)) parts.push(`= ${r.min}`);
  else if (r !== null) parts.push(limits(r.min ?? 0, r.max), r.anyOf === null ? "" : `one of ${r.anyOf.join(", ")}`);
  if (field.enum?.strict === true) parts.push("named values only");
  if (field.default !== null && !isImplied(field)) parts.push(`default ${field.default}`);
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

function limits(min: number, max: number | null): string {
  if (max !== null) return `${min} to ${max}`;
  return min > 0 ? `at least ${min}` : "";
}

function paragraph(text: string): string[] {
  return text === "" ? [] : [text, ""];
}

function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|");
}
