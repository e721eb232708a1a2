/** The command `gen`: generates files from a spec. */
import { Option, type Command } from "commander";
import { CODEC_FORMS, type CodecForm } from "../gen/ir.js";
import { generateFiles, TARGETS, type Target } from "../gen/node/index.js";
import { addInclude } from "./own-spec.js";

interface Options {
  readonly target: Target;
  readonly out: string;
  readonly forms: readonly CodecForm[];
  readonly include: readonly string[];
}

/** Adds the command. */
export function addGen(program: Command): void {
  addInclude(program.command("gen"))
    .description("generate codecs, tables or layouts from a spec")
    .argument("<spec>", "a .ksy or .proto file")
    .addOption(
      new Option("--target <target>", "TypeScript codecs, Markdown tables, or the layout as JSON")
        .choices([...TARGETS])
        .default("ts"),
    )
    .option("--out <folder>", "where the files go", ".")
    .addOption(
      new Option("--forms <form...>", "forms of every codec beside decode and encode; -forms asks for single types")
        .choices([...CODEC_FORMS])
        .default([], "none"),
    )
    .action((spec: string, { target, out, forms, include }: Options) => {
      for (const file of generateFiles(spec, target, out, { forms, folders: include })) console.log(file);
    });
}
