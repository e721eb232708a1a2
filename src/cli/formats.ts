/** The command `formats`: a list of the built-in formats. */
import type { Command } from "commander";
import { listFormats } from "../gen/catalogue/index.js";
import { fixedSize, type Type } from "../gen/ir.js";

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
      if (options.json === true) {
        console.log(JSON.stringify(rows, null, 2));
        return;
      }
      for (const line of typeLines(listFormats().map(({ type }) => [type.format, type]))) console.log(line);
    });
}

/** A line for each type: its name, bytes, place in its spec, and parameters. */
export function typeLines(types: readonly (readonly [name: string, type: Type])[]): string[] {
  const width = Math.max(0, ...types.map(([name]) => name.length));
  return types.map(([name, type]) => {
    const needs = type.params.map((param) => ` --param ${param.name}`).join("");
    return `${name.padEnd(width)}  ${sizeOf(type).padStart(9)}  ${type.file}:${type.line}${needs === "" ? "" : ` ${needs}`}`;
  });
}

function sizeOf(type: Type): string {
  if (type.body.shape === "union") {
    return type.body.variants.map(({ type: variant }) => sizeOf(variant).replace(" B", "")).join(" | ") + " B";
  }
  const fixed = fixedSize(type);
  return fixed === null ? `≥ ${type.minSize} B` : `${fixed} B`;
}
