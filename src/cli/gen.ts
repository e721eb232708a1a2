/** The command `gen`: generates files from specs, once or whenever they change. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Option, type Command } from "commander";
import { isWireError } from "../errors.js";
import { CODEC_FORMS, type CodecForm } from "../gen/ir.js";
import { generateFiles, TARGETS, type Target } from "../gen/node/index.js";
import { describeError } from "./describe-error.js";
import { addInclude } from "./own-spec.js";
import { ReadFiles } from "./watch.js";

interface Options {
  readonly target: Target;
  readonly out: string;
  readonly forms: readonly CodecForm[];
  readonly include: readonly string[];
  readonly watch?: boolean;
}

const HELP_OF_TARGETS = `
Targets:
  ts    TypeScript codecs
  js    the same as ES modules that run as they are, with a .d.ts beside each for the completion of editors
  mjs   the same as .mjs and .d.mts: ES modules also where package.json does not say "type": "module"
  md    Markdown tables of the layouts
  json  the layouts as data, in the form of specwire/ir.schema.json`;

/** Adds the command. */
export function addGen(program: Command): void {
  addInclude(program.command("gen"))
    .description("generate codecs, tables or layouts from specs and what they import")
    .argument("<spec...>", "files that end in .ksy or .proto")
    .addOption(new Option("--target <target>", "what to generate").choices([...TARGETS]).default("ts"))
    .option("--out <folder>", "where the files go", ".")
    .addOption(
      new Option("--forms <form...>", "forms of every codec beside decode and encode; -forms asks for single types")
        .choices([...CODEC_FORMS])
        .default([], "none"),
    )
    .option("--watch", "go on, and generate again whenever a spec or what it imports changes")
    .addHelpText("after", HELP_OF_TARGETS)
    .action(async (specs: string[], options: Options) => {
      if (options.watch === true) await watch(specs, options);
      else {
        for (const { path } of await generate(specs, options)) console.log(path);
        if (options.target === "js") tellOfCommonJs(options.out);
      }
    });
}

/** Says so where Node.js takes .js files for CommonJS: those that were made are ES modules, and cannot be imported. */
function tellOfCommonJs(out: string): void {
  const manifest = manifestOf(resolve(out));
  if (manifest !== undefined && /"type"\s*:\s*"module"/.test(readFileSync(manifest, "utf8"))) return;
  const where = manifest === undefined ? "no package.json says" : `${manifest} does not say`;
  const what = `${where} "type": "module", so that Node.js takes .js files there for CommonJS`;
  console.error(`specwire: ${what}; --target mjs makes files that it does not`);
}

/** The package.json that Node.js goes by in a folder. */
function manifestOf(folder: string): string | undefined {
  const manifest = join(folder, "package.json");
  if (existsSync(manifest)) return manifest;
  return folder === dirname(folder) ? undefined : manifestOf(dirname(folder));
}

function generate(
  specs: readonly string[],
  { target, out, forms, include }: Options,
  onRead?: (path: string) => void,
): ReturnType<typeof generateFiles> {
  return generateFiles(specs, target, out, { forms, folders: include, ...(onRead === undefined ? {} : { onRead }) });
}

/** Generates after each change until the process ends; mistakes are told, and waited upon. */
async function watch(specs: readonly string[], options: Options): Promise<void> {
  for (;;) {
    const files = new ReadFiles();
    try {
      const generated = await generate(specs, options, (path) => files.add(path));
      for (const { path, isChanged } of generated) if (isChanged) console.log(path);
    } catch (error) {
      if (!isWireError(error)) throw error;
      for (const line of describeError(error)) console.error(line);
    }
    console.error(`watching ${files.count} ${files.count === 1 ? "file" : "files"}`);
    await files.change();
  }
}
