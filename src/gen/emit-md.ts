import {
  isConstant,
  isImplied,
  type Block,
  type Extent,
  type Field,
  type IntField,
  type Item,
  type Module,
  type Type,
} from "./ir.js";

/** Markdown tables of the layouts of one spec file. */
export function emitMarkdown(module: Module): string {
  const lines: string[] = [`# ${module.title === "" ? module.id : module.title}`, ""];
  if (module.doc !== "") lines.push(module.doc, "");
  for (const type of module.types) {
    if (type.part && !type.columns) continue;
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
  if (field.kind === "int" && field.derive !== null) parts.push(derived(field));
  const r = field.rule;
  if (r !== null && isConstant(r)) parts.push(`= ${r.min}`);
  else if (r !== null) parts.push(limits(r.min ?? 0, r.max), r.anyOf === null ? "" : `one of ${r.anyOf.join(", ")}`);
  if (field.kind === "int" && field.enum?.strict === true) parts.push("named values only");
  if (field.default !== null && !isImplied(field)) parts.push(`default ${field.default}`);
  return parts.filter((part) => part !== "").join("; ");
}

function derived(field: IntField): string {
  if (field.derive?.from === "crc32") return `CRC-32 of \`${field.derive.of}\``;
  const minus = field.derive?.minus ?? 0;
  return `length of \`${field.derive!.of}\`${minus === 0 ? "" : minus > 0 ? ` − ${minus}` : ` + ${-minus}`}`;
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
