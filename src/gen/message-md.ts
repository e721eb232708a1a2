/** Markdown tables of protobuf messages. */
import { cell } from "./text.js";
import type { Message, MessageField, MessageValue } from "./ir.js";

/** The section of one message. */
export function messageSection(message: Message): string[] {
  const lines = [`## ${message.format}`, ""];
  if (message.doc !== "") lines.push(message.doc, "");
  lines.push("| number | field | type | meaning |", "|---:|---|---|---|");
  for (const field of message.fields) {
    lines.push(`| ${field.number} | \`${field.name}\` | ${typeOf(field)} | ${cell(field.doc)} |`);
  }
  return [...lines, ""];
}

function typeOf(field: MessageField): string {
  const value = nameOf(field.value);
  if (field.label === "map") return `map of ${field.mapKey} to ${value}`;
  if (field.label === "repeated") return `list of ${value}${field.packed ? ", packed" : ""}`;
  if (field.oneof !== null) return `${value}, case of \`${field.oneof}\``;
  return field.label === "optional" && field.value.is !== "message" ? `${value}, optional` : value;
}

function nameOf(value: MessageValue): string {
  if (value.is === "scalar") return value.scalar;
  return value.is === "enum" ? value.enum.name : value.message.name;
}
