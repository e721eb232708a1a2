/** The command `inspect`: the layout of a format. */
import type { Command } from "commander";
import { emitMarkdown } from "../gen/emit-md.js";
import type { GeneralType, Message, Module, Type, TypeRef } from "../gen/ir.js";
import { messageReferences, Messages } from "../gen/messages.js";
import { contentsIn, keyOf } from "../gen/plan/general.js";
import { referencesOf } from "../gen/references.js";
import { formatOf, type Format } from "./codecs.js";
import { formatLines } from "./formats.js";
import {
  addSpecOptions,
  generalTypesOf,
  namedFormat,
  operandsOf,
  ownModuleOf,
  partOf,
  typesWithCodec,
  type SpecOptions,
} from "./own-spec.js";

/** Adds the command. */
export function addInspect(program: Command): void {
  const command = program
    .command("inspect")
    .description("show the layout of a format, or of all of a spec with the types that it has")
    .argument("[format]", "a name that `specwire formats` lists; absent with --spec")
    .usage("[options] <format>\n       specwire inspect [options] --spec <file>");
  addSpecOptions(command).action((format: string | undefined, options: SpecOptions) => {
    const [name] = operandsOf(command, [format], options);
    process.stdout.write(name === undefined ? inspectSpec(options) : inspectFormat(name));
  });
}

function inspectFormat(format: string): string {
  return emitMarkdown(moduleOfFormat(formatOf(format)));
}

function inspectSpec({ spec, type: name, include }: SpecOptions): string {
  const module = ownModuleOf(spec!, include);
  if (name === undefined) {
    const types = typesWithCodec(module).map((type) => [type.name, type] as const);
    const lines = formatLines(
      [...types, ...generalTypesOf(module).map((type) => [type.name, type] as const)],
      (module.proto?.messages ?? []).map((message) => [message.name, message]),
    );
    return `${lines.join("\n")}\n\n${emitMarkdown(module)}`;
  }
  // One that stands inside others has no codec, but a layout.
  return emitMarkdown(moduleOfFormat(partOf(module, name) ?? namedFormat(module, name)));
}

function moduleOfFormat({ module, type, message, general }: Format): Module {
  if (general !== undefined) return moduleOfGeneral(module, general);
  return message === undefined ? moduleOf(module, { ...type, part: false }) : moduleOfMessage(module, message);
}

/** A module of one general type, what that holds, and the enumerations that are named. */
function moduleOfGeneral(module: Module, general: GeneralType): Module {
  const all = module.general!.types;
  const held = new Set<GeneralType>();
  const visit = (type: GeneralType): void => {
    if (held.has(type)) return;
    held.add(type);
    for (const content of contentsIn(type))
      if (content.content === "type") visit(all.find((each) => keyOf(each) === keyOf(content.type))!);
  };
  visit(general);
  const types = [...held];
  const named = enumsNamed(types, module.id);
  const enums = module.enums.filter(({ name }) => named.has(name));
  return { ...module, doc: "", enums, general: { ...module.general!, types } };
}

/** A module of one message, what that holds, and the enumerations that its fields name. */
function moduleOfMessage(module: Module, message: Message): Module {
  const all = new Messages(module);
  const held = new Set<Message>();
  const visit = (one: Message): void => {
    if (held.has(one)) return;
    held.add(one);
    for (const ref of messageReferences(one)) visit(all.get(ref));
  };
  visit(message);
  const messages = [...held];
  const named = enumsNamed(messages, module.id);
  const enums = module.enums.filter(({ name }) => named.has(name));
  return { ...module, doc: "", enums, proto: { messages, uses: [] } };
}

/** A module of one type, what that holds, and the enumerations that its fields name. */
function moduleOf(module: Module, type: Type): Module {
  const types = new Map([[type.name, type]]);
  const uses = new Map<string, Module["uses"][number]>();
  const visit = ({ module: id, name }: TypeRef): void => {
    const isOwn = id === module.id;
    const held = isOwn
      ? module.types.find((each) => each.name === name)
      : module.uses.find((each) => each.module === id && each.type.name === name)?.type;
    if (held === undefined || (isOwn ? types.has(name) : uses.has(`${id}::${name}`))) return;
    if (isOwn) types.set(name, held);
    else uses.set(`${id}::${name}`, { module: id, type: held });
    referencesOf(held).forEach(visit);
  };
  referencesOf(type).forEach(visit);
  const named = enumsNamed([...types.values()], module.id);
  const enums = module.enums.filter(({ name }) => named.has(name));
  return { ...module, doc: "", types: [...types.values()], uses: [...uses.values()], enums };
}

/** Names of the enumerations of a module that layouts name, wherever in them. */
function enumsNamed(value: unknown, module: string, found = new Set<string>()): Set<string> {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "enum" && isReference(inner) && inner.module === module) found.add(inner.name);
    enumsNamed(inner, module, found);
  }
  return found;
}

function isReference(value: unknown): value is TypeRef {
  return typeof value === "object" && value !== null && "module" in value && "name" in value;
}
