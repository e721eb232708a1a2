/** The command `formats`: a list of the built-in formats. */
import type { Command } from "commander";
import { listFormats } from "../gen/catalogue/index.js";
import { fixedSize, minSize, type Type } from "../gen/ir.js";

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
      const width = Math.max(...rows.map((row) => row.format.length));
      for (const { format, bytes, params, spec } of rows) {
        const needs = params.length === 0 ? "" : `  --param ${params.join(" --param ")}`;
        console.log(`${format.padEnd(width)}  ${bytes.padStart(9)}  ${spec}${needs}`);
      }
    });
}

function sizeOf(type: Type): string {
  if (type.body.shape === "union") {
    return type.body.variants.map(({ type: variant }) => sizeOf(variant).replace(" B", "")).join(" | ") + " B";
  }
  const fixed = fixedSize(type);
  if (fixed !== null) return `${fixed} B`;
  return `≥ ${type.body.blocks.reduce((size, block) => size + minSize(block), 0)} B`;
}
