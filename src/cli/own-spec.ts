/** Formats of a spec of the user's own: compiled, and their codecs loaded, without a file being written. */
import type { Command } from "commander";
import * as runtime from "../codec/index.js";
import { argumentError } from "../errors.js";
import type { Compiled } from "../gen/compile.js";
import { emitTypeScript } from "../gen/emit-ts/index.js";
import { compileFile } from "../gen/node/index.js";
import { stripTypes } from "../gen/node/javascript/index.js";
import type { GeneralType, Module, Type } from "../gen/ir.js";
import { GENERAL_RUNTIME, generalCodec, requireNoCode } from "./general-codec.js";
import { codecFrom, codecOf, type Codec, type Format } from "./codecs.js";
import { repeatable } from "./options.js";

/** Where the runtime of emitted codecs is found by modules that are no files. */
const RUNTIME = Symbol.for("specwire.cli.runtime");
const ZLIB = Symbol.for("specwire.cli.zlib");

/** What says which type of which spec is meant. */
export interface SpecOptions {
  readonly spec?: string;
  readonly type?: string;
  readonly include: readonly string[];
}

/** Adds `--spec`, `--type` and `-I`. */
export function addSpecOptions(command: Command): Command {
  return addInclude(
    command
      .option("--spec <file>", "a .ksy or .proto file of your own, in the place of <format>")
      .option(
        "--type <name>",
        "a type or message of that file; otherwise its own sequence, or the only one that has a codec",
      ),
  );
}

/** The arguments of a command, the first of which, `<format>`, is absent beside `--spec`; ends the program otherwise. */
export function operandsOf(
  command: Command,
  given: readonly (string | undefined)[],
  { spec, type }: SpecOptions,
): string[] {
  const all = command.registeredArguments.map((argument) => argument.name());
  const names = spec === undefined ? all : all.slice(1);
  if (spec === undefined && type !== undefined) command.error("error: option '--type' needs '--spec'");
  if (given[names.length] !== undefined) command.error(`error: beside '--spec' there is no argument '${all[0]}'`);
  return names.map((name, i) => given[i] ?? command.error(`error: missing required argument '${name}'`));
}

/** The codec that a command means, and what it is about. */
export async function codecAndInput(
  command: Command,
  given: readonly (string | undefined)[],
  options: SpecOptions,
): Promise<{ codec: Codec; input: string }> {
  const operands = operandsOf(command, given, options);
  const { spec, type, include } = options;
  if (spec === undefined) return { codec: codecOf(operands[0]!), input: operands[1]! };
  return { codec: await ownCodecOf(spec, type, include), input: operands[0]! };
}

/** Adds `-I`. */
export function addInclude(command: Command): Command {
  return command.addOption(
    repeatable("-I, --include <folder>", "where imports that begin with / are looked for; repeatable"),
  );
}

/** The layouts of a spec file. @throws WireError `spec` for its mistakes, `argument` for a missing file */
export function ownModuleOf(file: string, folders: readonly string[]): Module {
  return compileFile(file, folders)[0]!.module;
}

/** The types of a file that have a codec. */
export function typesWithCodec({ types }: Module): Type[] {
  return types.filter(({ part }) => !part);
}

/** A type by its name, also one that stands inside others alone; undefined where there is none. */
export function partOf(module: Module, name: string): Format | undefined {
  const type = module.types.find((each) => each.name === name);
  if (type !== undefined) return { module, type };
  const general = module.general?.types.find((each) => each.name === name);
  return general === undefined ? undefined : { module, general };
}

/** The general types of a file that have a codec. */
export function generalTypesOf({ general }: Module): GeneralType[] {
  return (general?.types ?? []).filter(({ part }) => !part);
}

/**
 * The codec of a type of a spec file; without a name of the file's own sequence, else of the only type that has one.
 * @throws WireError `spec` for mistakes of the spec, `argument` for a missing file or type
 */
export async function ownCodecOf(file: string, name: string | undefined, folders: readonly string[]): Promise<Codec> {
  const compiled = compileFile(file, folders);
  const { module } = compiled[0]!;
  const format = name === undefined ? onlyFormat(module) : namedFormat(module, name);
  const modules = compiled.map((each) => each.module);
  if (module.general !== undefined) requireNoCode(module.general);
  const functions = await functionsOf(compiled[0]!);
  if (format.general === undefined) return codecFrom(format, functions, modules);
  return generalCodec(module, format.general, functions, modules);
}

/** The format that a file is about where none is named. @throws WireError `argument` for one of several */
export function onlyFormat(module: Module): Format {
  const types = typesWithCodec(module);
  const general = generalTypesOf(module);
  const messages = module.proto?.messages ?? [];
  const own = types.find((type) => type.name === module.id);
  if (own !== undefined) return { module, type: own };
  if (types.length === 1) return { module, type: types[0]! };
  if (messages.length === 1) return { module, message: messages[0]! };
  const whole = general.find((type) => type.name === module.id) ?? (general.length === 1 ? general[0] : undefined);
  if (whole !== undefined) return { module, general: whole };
  const names = [...types, ...general, ...messages].map(({ name }) => name).join(", ");
  throw argumentError("type", "", names === "" ? "a spec that has a type" : `--type, one of ${names}`, "nothing");
}

/** A type or message by its name, a variant of a choice included. @throws WireError `argument` for one without a codec */
export function namedFormat(module: Module, name: string): Format {
  const types = typesWithCodec(module);
  const messages = module.proto?.messages ?? [];
  const variants = types.flatMap(({ body }) => (body.shape === "union" ? body.variants.map(({ type }) => type) : []));
  const type = [...types, ...variants].find((each) => each.name === name || each.format === name);
  if (type !== undefined) return { module, type };
  // Inside its package a message is called after those that it stands in.
  const message = messages.find(
    (each) => [each.format, each.name].includes(name) || each.name === name.replaceAll(".", "_"),
  );
  if (message !== undefined) return { module, message };
  const wholes = generalTypesOf(module);
  const general = wholes.find((each) => each.name === name || each.format === name);
  if (general !== undefined) return { module, general };
  const isPart = [...module.types, ...(module.general?.types ?? [])].some((each) => each.name === name);
  const actual = isPart ? `${name}, which stands inside others alone` : name;
  throw argumentError(
    "type",
    "",
    `one of ${[...types, ...wholes, ...messages].map((each) => each.name).join(", ")}`,
    actual,
  );
}

/** Loads the emitted functions of a module. Of other modules it takes types alone, so it stands for itself. */
async function functionsOf({ module, source }: Compiled): Promise<Readonly<Record<string, unknown>>> {
  const [own, zlib] = [urlOf(RUNTIME, { ...runtime, ...GENERAL_RUNTIME }), await zlibUrl(module)];
  const text = emitTypeScript(module, { runtime: own, zlib, moduleFile: (id) => `./${id}.js`, source });
  // What goes wrong in it names the module, not its text.
  const named = `${await stripTypes(text)}\n//# sourceURL=specwire:${module.id}.js\n`;
  return (await import(`data:text/javascript,${encodeURIComponent(named)}`)) as Readonly<Record<string, unknown>>;
}

/**
 * A module that hands out functions of this program. A path would do where the program is installed, but not where it
 * is bundled into one file or runs from its source.
 */
function urlOf(key: symbol, functions: Readonly<Record<string, unknown>>): string {
  Object.defineProperty(globalThis, key, { value: functions, configurable: true });
  const names = Object.keys(functions).join(", ");
  const code = `export const { ${names} } = globalThis[Symbol.for(${JSON.stringify(key.description)})];`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** The same of what reads zlib, which other specs do not load. */
async function zlibUrl({ general }: Module): Promise<string> {
  const isAsked = general !== undefined && JSON.stringify(general.types).includes('"process":"zlib"');
  return isAsked ? urlOf(ZLIB, await import("../codec/zlib.js")) : "";
}
