/** The command `formats`: a list of the built-in formats. */
import type { Command } from "commander";
import { listFormats, listMessages } from "../gen/catalogue/index.js";
import { fixedSize, type GeneralType, type Message, type Type } from "../gen/ir.js";

/** Adds the command. */
export function addFormats(program: Command): void {
  program
    .command("formats")
    .description("list the built-in formats")
    .option("--json", "as JSON")
    .action((options: { json?: boolean }) => {
      const rows = listFormats().map(({ type }) => ({
        format: type.format,
        bytes: sizeOf(type),
        params: type.params.map((param) => param.name),
        spec: `${type.file}:${type.line}`,
        doc: type.doc,
      }));
      const messages = listMessages().map(({ message }) => ({
        format: message.format,
        bytes: ANY_SIZE,
        params: [],
        spec: `${message.file}:${message.line}`,
        doc: message.doc,
      }));
      if (options.json === true) {
        console.log(JSON.stringify([...rows, ...messages], null, 2));
        return;
      }
      const lines = formatLines(
        listFormats().map(({ type }) => [type.format, type]),
        listMessages().map(({ message }) => [message.format, message]),
      );
      for (const line of lines) console.log(line);
    });
}

/** A message may have no field at all, and what a general type has is known when it is read. */
const ANY_SIZE = "≥ 0 B";

/** A line for each type and message: its name, bytes, place in its spec, and parameters. */
export function formatLines(
  types: readonly (readonly [name: string, type: Type | GeneralType])[],
  messages: readonly (readonly [name: string, message: Message])[],
): string[] {
  const rows = [
    ...types.map(([name, type]) => ({ name, size: sizeOf(type), place: type, params: type.params })),
    ...messages.map(([name, message]) => ({ name, size: ANY_SIZE, place: message, params: [] })),
  ];
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  return rows.map(({ name, size, place, params }) => {
    const needs = params.map((param) => ` --param ${param.name}`).join("");
    return `${name.padEnd(width)}  ${size.padStart(9)}  ${place.file}:${place.line}${needs === "" ? "" : ` ${needs}`}`;
  });
}

function sizeOf(type: Type | GeneralType): string {
  if (!("body" in type)) return ANY_SIZE;
  if (type.body.shape === "union") {
    return type.body.variants.map(({ type: variant }) => sizeOf(variant).replace(" B", "")).join(" | ") + " B";
  }
  const fixed = fixedSize(type);
  return fixed === null ? `≥ ${type.minSize} B` : `${fixed} B`;
}
