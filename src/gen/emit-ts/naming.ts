/** Names that an emitted module declares, and those that would break it. */
import type { Block, General, Message, Module, Type } from "../ir.js";
import { Messages } from "../messages.js";
import { camel, decapitalised, pascal, upper } from "../names.js";
import { GeneralPlan } from "../plan/general.js";
import { Mistakes, specError } from "../source.js";
import { GeneralNames, refOf } from "./general/names.js";
import { Layouts } from "./layouts.js";
import { membersOf, membersOfItems, type Member } from "./reader.js";

/** What emitted code takes from the language; a declaration of such a name would hide it. */
const GLOBALS: readonly string[] = [
  "Array",
  "BigInt",
  "DataView",
  "Math",
  "Number",
  "Uint8Array",
  ...["Uint8", "Uint16", "Uint32", "Int8", "Int16", "Int32", "Float64", "BigInt64", "BigUint64"].map(
    (n) => `${n}Array`,
  ),
];

/** Of these, what it names as types: an interface of another's name hides nothing. */
const GLOBAL_TYPES = new Set(GLOBALS.filter((name) => /View$|.Array$/.test(name)));

/** {@link GLOBALS} of a module. Messages of protobuf alone have maps, and types of that name are common elsewhere. */
export function globalsOf(module: Module): readonly string[] {
  return module.proto === undefined ? GLOBALS : [...GLOBALS, "Map"];
}

interface Declared {
  readonly name: string;
  readonly of: string;
  readonly line: number;
  /** An interface, which is no name of a value. */
  readonly isType?: true;
}

/** Every name that the emitted module of a spec declares, with the type or enumeration that it comes from. */
export function declaredNames(module: Module): Declared[] {
  const layouts = new Layouts(module);
  const names: Declared[] = [];
  for (const { name, line } of module.enums)
    for (const each of [pascal(name), `${upper(name)}_INFO`]) names.push({ name: each, of: name, line });
  for (const type of module.types) {
    names.push(...namesOf(type, layouts, module.id));
    if (type.body.shape === "union")
      for (const { type: variant } of type.body.variants)
        names.push(...namesOf(variant, layouts, module.id).map((each) => ({ ...each, line: variant.line })));
  }
  if (module.general !== undefined) names.push(...namesOfGeneral(module, module.general));
  const messages = new Messages(module);
  for (const message of module.proto?.messages ?? [])
    names.push(...namesOfMessage(message, messages.isWide({ name: message.name, module: module.id })));
  return names;
}

/** Types of other files stand in the module with the name of their file in front. */
function namesOfGeneral(module: Module, general: General): Declared[] {
  const plan = new GeneralPlan(general);
  const names: Declared[] = [];
  for (const type of general.types) {
    for (const isBig of plan.isWide ? [false, true] : [false]) {
      const form = new GeneralNames(module, plan, isBig, new Set());
      const title = form.type(refOf(type));
      const own = type.part ? [] : ["decode", "tryDecode", "encode"].map((verb) => `${verb}${title}`);
      if (!type.part) own.push(`encode${title}Into`);
      const input = form.input(refOf(type));
      for (const name of [title, ...(input === title ? [] : [input])])
        names.push({ name, of: type.name, line: type.line, isType: true });
      for (const name of own) names.push({ name, of: type.name, line: type.line });
    }
  }
  if (general.processors.length > 0)
    names.push({ name: `${pascal(module.id)}Processors`, of: module.id, line: general.types[0]!.line });
  return names;
}

function namesOfMessage(message: Message, isWide: boolean): Declared[] {
  const title = pascal(message.name);
  const names = (isWide ? ["", "Big"] : [""]).flatMap((big) => [
    ...["", "decode", "tryDecode", "encode"].map((verb) => `${verb}${title}${big}`),
    `encode${title}${big}Into`,
    `${decapitalised(title)}${big}Length`,
  ]);
  return names.map((name) => ({ name, of: message.name, line: message.line }));
}

function namesOf(type: Type, layouts: Layouts, module: string): Declared[] {
  const title = pascal(type.name);
  const constant = upper(type.name);
  const names = ["SIZE", "MIN_SIZE", "DEFAULTS", "SITES"].map((end) => `${constant}_${end}`);
  names.push(`peek${title}Length`, `kindOf${title}`);
  for (const big of layouts.isWide({ name: type.name, module }) ? ["", "Big"] : [""]) {
    const form = title + big;
    names.push(form, `${form}Reader`, `read${form}`, `check${form}`, `decode${form}`, `tryDecode${form}`);
    for (const end of ["", "Into", "IntoView"]) names.push(`encode${form}${end}`);
    names.push(`${camel(type.name)}${big}Length`);
    if (!type.columns) continue;
    names.push(
      `${form}Columns`,
      `${camel(type.name)}${big}Columns`,
      `decode${form}Columns`,
      `encode${form}Columns`,
      `require${form}Columns`,
    );
  }
  const interfaces = [title, `${title}Big`];
  return names.map((name) => ({
    name,
    of: type.name,
    line: type.line,
    ...(interfaces.includes(name) ? { isType: true as const } : {}),
  }));
}

/** Refuses names that would break the emitted module. @throws WireError `spec` with file and line of each */
export function checkNames(module: Module): void {
  const mistakes = new Mistakes();
  const known = new Map<string, Declared>();
  const refuse = (line: number, message: string): void => {
    mistakes.attempt(() => {
      throw specError(`${module.file}:${line}`, message);
    });
  };
  const told = new Set<string>();
  const globals = globalsOf(module);
  for (const declared of declaredNames(module)) {
    const { name, of, line, isType } = declared;
    const other = known.get(name);
    known.set(name, declared);
    const isHiding = globals.includes(name) && (isType !== true || GLOBAL_TYPES.has(name) || name === "Map");
    const problem = isHiding
      ? `'${of}' makes the name ${name}, which emitted code needs for itself`
      : other === undefined
        ? undefined
        : `'${of}' and '${other.of}' of line ${other.line} make the same name ${name}`;
    const pair = `${of} ${other?.of}`;
    if (problem === undefined || told.has(pair)) continue;
    told.add(pair);
    refuse(line, problem);
  }
  const variants = module.types.flatMap(({ body }) => (body.shape === "union" ? body.variants.map((v) => v.type) : []));
  for (const type of [...module.types, ...variants]) {
    for (const param of type.params) {
      const name = camel(param.name);
      if (known.has(name))
        refuse(type.line, `the parameter '${param.name}' has a name that emitted functions use for themselves`);
    }
    checkReader(type, refuse);
    if (type.columns)
      for (const block of blocksOf(type))
        if (block.block === "fixed")
          for (const field of block.fields)
            if (field.name === "length") refuse(field.line, "'length' is the number of rows in columns");
  }
  mistakes.tell();
}

/** The members of a reader: the fields of structs and items are members of their own. */
function checkReader(type: Type, refuse: (line: number, message: string) => void): void {
  if (type.part) return;
  const members = new Map<string, string>([
    ["wrap", "wrap"],
    ["tryWrap", "tryWrap"],
  ]);
  const add = (member: string, path: string, line: number): void => {
    const other = members.get(member);
    if (other !== undefined)
      refuse(line, `'${path}' and '${other}' make the same member ${member} of ${pascal(type.name)}Reader`);
    members.set(member, path);
  };
  const addAll = (all: readonly Member[]): void => {
    for (const { name, path, field } of all) add(name, path, field.line);
  };
  for (const block of blocksOf(type)) {
    if (block.block === "fixed") {
      addAll(membersOf(block.fields));
      continue;
    }
    for (const word of ["countOf", "startOf", "endOf"]) add(word + pascal(block.name), block.name, block.line);
    if (block.block === "items") addAll(membersOfItems(block));
    else add(camel(block.name), block.name, block.line);
  }
}

function blocksOf(type: Type): readonly Block[] {
  return type.body.shape === "plain" ? type.body.blocks : [];
}
