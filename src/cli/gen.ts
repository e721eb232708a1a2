import { Option, type Command } from "commander";
import { generateFiles, TARGETS, type Target } from "../gen/files.js";

export function addGen(program: Command): void {
  program
    .command("gen")
    .description("generate from a spec of your own")
    .argument("<spec>", "a .ksy file")
    .addOption(
      new Option("--target <target>", "TypeScript codecs, Markdown tables, or the layout as JSON")
        .choices([...TARGETS])
        .default("ts"),
    )
    .option("--out <folder>", "where the files go", ".")
    .action((spec: string, options: { target: Target; out: string }) => {
      for (const file of generateFiles(spec, options.target, options.out)) console.log(file);
    });
}
