/** The command `gen`: generates files from a spec. */
import { Option, type Command } from "commander";
import { generateFiles, TARGETS, type Target } from "../gen/files.js";

/** Adds the command. */
export function addGen(program: Command): void {
  program
    .command("gen")
    .description("generate codecs, tables or layouts from a spec")
    .argument("<spec>", "a .ksy file")
    .addOption(
      new Option("--target <target>", "TypeScript codecs, Markdown tables, or the layout as JSON")
        .choices([...TARGETS])
        .default("ts"),
    )
    .option("--out <folder>", "the folder of the generated files", ".")
    .action((spec: string, options: { target: Target; out: string }) => {
      for (const file of generateFiles(spec, options.target, options.out)) console.log(file);
    });
}
