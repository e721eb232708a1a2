/** Markdown tables of general types. */
import type { Attribute, GeneralType, Instance } from "./general.js";
import {
  generalContentText,
  generalExprText,
  generalRuleText,
  generalSizeText,
  kindText,
  regionNotes,
} from "./general-text.js";
import type { Module } from "./ir.js";
import { GeneralPlan } from "./plan/general.js";
import { cell } from "./text.js";

/** The sections of a module of general types. */
export function generalSections(module: Module): string[] {
  const { general } = module;
  if (general === undefined) return [];
  const plan = new GeneralPlan(general);
  return general.types.flatMap((type) => section(type, plan));
}

function section(type: GeneralType, plan: GeneralPlan): string[] {
  const lines = [`## ${type.format}`, ""];
  if (type.doc !== "") lines.push(type.doc, "");
  if (type.cite !== "") lines.push(`Source: ${type.cite}.`, "");
  for (const { name, doc, is } of type.params)
    lines.push(`Takes \`${name}\` (${kindText(is)})${doc === "" ? "." : `: ${doc}`}`, "");
  if (type.endian !== null) lines.push(`Its byte order follows from \`${generalExprText(type.endian.on)}\`.`, "");
  const readOnly = plan.readOnly(type);
  if (readOnly !== null) lines.push(`Read and not written: ${readOnly.why} (${readOnly.place}).`, "");
  lines.push("| bytes | field | type | rule | meaning |", "|---:|---|---|---|---|");
  for (const attribute of type.attributes) lines.push(row(attribute));
  lines.push("");
  if (type.instances.length === 0) return lines;
  lines.push("| instance | is | meaning |", "|---|---|---|");
  for (const instance of type.instances) lines.push(instanceRow(instance));
  return [...lines, ""];
}

function row(attribute: Attribute): string {
  const { name, doc } = attribute;
  const [size, type, rules] = described(attribute);
  return `| ${cell(size)} | \`${name}\` | ${cell(type)} | ${cell(rules)} | ${cell(doc)} |`;
}

/** Its bytes, what it is, and what is asked of it. */
function described({ content, repeat, condition, rule, is }: Attribute): [string, string, string] {
  const times =
    repeat === null
      ? ""
      : repeat.by === "count"
        ? `${generalExprText(repeat.count)} × `
        : repeat.by === "end"
          ? "n × "
          : "1… × ";
  const named = is.kind === "enum" ? ` (${is.enum.name})` : "";
  const rules = [
    condition === null ? "" : `if ${generalExprText(condition)}`,
    repeat?.by === "until" ? `until ${generalExprText(repeat.until)}` : "",
    ...regionNotes(content),
    ...generalRuleText(rule),
  ];
  return [
    times + generalSizeText(content),
    generalContentText(content) + named,
    rules.filter((text) => text !== "").join("; "),
  ];
}

function instanceRow(instance: Instance): string {
  if (instance.instance === "value") {
    const { name, doc, value, condition, rule } = instance;
    const parts = [
      generalExprText(value),
      condition === null ? "" : `if ${generalExprText(condition)}`,
      ...generalRuleText(rule),
    ].filter((text) => text !== "");
    return `| \`${name}\` | ${cell(parts.join("; "))} | ${cell(doc)} |`;
  }
  const { attribute, pos, io } = instance;
  const [size, type, rules] = described(attribute);
  const where = [
    pos === null ? "" : `at ${generalExprText(pos)}`,
    io === null ? "" : `of ${generalExprText(io)}`,
    `${size} bytes`,
    type,
    rules,
  ].filter((text) => text !== "");
  return `| \`${attribute.name}\` | ${cell(where.join("; "))} | ${cell(attribute.doc)} |`;
}
