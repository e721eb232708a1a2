/** The TypeScript of one spec file. */
import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../bytes/index.js";
import {
  isStreamed,
  type CodecForm,
  type Enum,
  type Field,
  type FixedBlock,
  type Module,
  type Type,
  type TypeRef,
} from "../ir.js";
import { camel, pascal, upper } from "../names.js";
import { Code, FormatTables, SiteTable, type RuleArguments } from "./code.js";
import { emitColumns } from "./columns.js";
import { emitDecode, emitRead } from "./decode.js";
import { emitEncode } from "./encode.js";
import { Form, itemType, listOf, pieceType, valueType, visible, type PieceAction, type Scope } from "./form.js";
import { emitHeld, emitHeldUnion, emitStreamedRead } from "./held.js";
import { isShown } from "../shown.js";
import { Layouts } from "./layouts.js";
import { wrapped, withRuleNames } from "./layout-text.js";
import { emitGeneral } from "./general/module.js";
import { emitMessages } from "./message.js";
import { canPeek, emitPeek } from "./peek.js";
import { emitReader } from "./reader.js";
import { declaredNames, globalsOf } from "./naming.js";
import { names as isNamed } from "./paths.js";
import { unsizedReferencesOf } from "../references.js";
import { namesIn, pruned } from "./pruning.js";
import { ReadEmitter } from "./read-emitter.js";
import { planChoice, type Way } from "../plan/choice.js";
import { tellsItsEnd } from "../plan/end.js";
import { emitUnion } from "./union.js";
import { emitLength } from "./write-emitter.js";

/** What an emitted file names beside its codecs. */
export interface EmitOptions {
  /** Where the emitted file imports the runtime from. */
  readonly runtime: string;
  /** Where it imports what `process: zlib` needs; without it, `zlib` below the runtime. */
  readonly zlib?: string;
  /** Where the emitted file of another module lies, by the module's id. */
  readonly moduleFile: (id: string) => string;
  /** The text of the spec; its hash stands in the emitted file. */
  readonly source: string;
  /** Forms that every codec gets, beside those that its type asks for by `-forms`. */
  readonly forms?: readonly CodecForm[];
}

/** What stands in a module of its own. */
const ZLIB_HELPERS = new Set(["unzlibBytes", "zlibBytes"]);

const TYPE_HELPERS = new Set([
  "Places",
  "Block",
  "RegionRule",
  "Result",
  "BytesColumn",
  "NewBytes",
  "Sites",
  "MessageInit",
  "MessageLimits",
]);

/** The TypeScript of one spec file. */
export function emitTypeScript(asked: Module, options: EmitOptions): string {
  const module = withForms(asked, options.forms ?? []);
  const scope = new ModuleScope(module);
  const body = new Code();
  // Names of protobuf stay as they are, as users of other generators know them.
  for (const each of module.enums) emitEnum(each, body, module.proto === undefined ? camel : (name) => name);
  for (const type of module.types) emitType(module, type, scope, body);
  for (const { module: id, type } of module.uses) emitUse(id, type, scope, body);
  if (module.proto !== undefined) emitMessages(module, scope, body);
  const general = new Set<string>();
  const foreign = new Code();
  if (module.general !== undefined) emitGeneral(module, general, options.moduleFile, foreign, body);

  const text = pruned(body.toString());
  // What turned out to be unused has asked for helpers as well.
  const named = namesIn(text);
  const helpers = [...scope.helpers].filter((helper) => named.has(scope.nameOf(helper))).sort();
  const aliased = [...general].filter((helper) => named.has(`$${helper}`)).sort();
  const [zlib, others] = [true, false].map((isZlib) => aliased.filter((each) => ZLIB_HELPERS.has(each) === isZlib));
  const imports = others!.map((helper) => `${TYPE_HELPERS.has(helper) ? "type " : ""}${helper} as $${helper}`);
  imports.push(
    ...helpers.map((helper) => {
      const name = scope.nameOf(helper);
      return `${TYPE_HELPERS.has(helper) ? "type " : ""}${name === helper ? helper : `${helper} as ${name}`}`;
    }),
  );
  const head = new Code();
  head.line(
    `// Generated from ${module.file.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")} by \`specwire gen\`; do not edit. spec sha256 ${toHex(sha256(new TextEncoder().encode(options.source)))}`,
  );
  if (module.title !== "") head.doc(`${module.title}.`, module.doc);
  if (imports.length > 0) head.line(`import { ${imports.join(", ")} } from ${JSON.stringify(options.runtime)};`);
  if (zlib!.length > 0) {
    const names = zlib!.map((helper) => `${helper} as $${helper}`).join(", ");
    head.line(`import { ${names} } from ${JSON.stringify(options.zlib ?? `${options.runtime}/zlib`)};`);
  }
  head.text(String(foreign));
  for (const [id, names] of scope.imports) {
    head.line(`import type { ${[...names].sort().join(", ")} } from ${JSON.stringify(options.moduleFile(id))};`);
  }
  if (/^ *protected \$bytes: Uint8Array = EMPTY;$/m.test(text)) head.line().line("const EMPTY = new Uint8Array(0);");
  return wrapped(withRuleNames(`${head}\n${text}`, scope.tables));
}

/** The same module, each codec with further forms. */
function withForms(module: Module, forms: readonly CodecForm[]): Module {
  if (forms.length === 0) return module;
  const add = (type: Type): Type => {
    const { body } = type;
    const variants = body.shape === "union" ? body.variants.map((one) => ({ ...one, type: add(one.type) })) : [];
    return {
      ...type,
      forms: [...new Set([...type.forms, ...forms])],
      body: body.shape === "union" ? { ...body, variants } : body,
    };
  };
  return { ...module, types: module.types.map(add) };
}

class ModuleScope implements Scope {
  readonly module: string;
  readonly layouts: Layouts;
  readonly helpers = new Set<string>();
  readonly tables: SiteTable[] = [];
  readonly imports = new Map<string, Set<string>>();
  readonly #id: string;
  #skipped: ReadonlySet<string> | undefined;
  /** Types of other modules whose functions stand in this one. */
  readonly #uses: ReadonlyMap<string, Type>;
  /** What the module declares itself. */
  readonly #declared: ReadonlySet<string>;
  /** The module that an imported name without a prefix is from. */
  readonly #owners = new Map<string, string>();
  readonly #globals: readonly string[];

  constructor(module: Module) {
    this.#id = module.id;
    this.module = module.id;
    this.layouts = new Layouts(module);
    this.#uses = new Map(module.uses.map(({ module: id, type }) => [`${id}::${type.name}`, type]));
    this.#globals = globalsOf(module);
    this.#declared = new Set(declaredNames(module).map(({ name }) => name));
  }

  /** A helper under its own name, or under one that no spec can make. */
  nameOf(helper: string): string {
    return this.#declared.has(helper) ? `$${helper}` : helper;
  }

  typeName(ref: TypeRef, big: boolean, isCase = false): string {
    const name = this.#from(ref.module, pascal(ref.name) + (big ? "Big" : ""));
    // Its own file may not know that it is a case.
    const kind = isCase ? (this.#uses.get(`${ref.module}::${ref.name}`)?.kind ?? null) : null;
    return kind === null ? name : `({ kind: ${JSON.stringify(kind)} } & ${name})`;
  }

  layout(ref: TypeRef): Type {
    return this.layouts.get(ref);
  }

  isSkipped(ref: TypeRef): boolean {
    this.#skipped ??= skippedIn(this.layouts);
    return this.#skipped.has(`${ref.module}::${ref.name}`);
  }

  isWide(ref: TypeRef): boolean {
    return this.layouts.isWide(ref);
  }

  /** A table of rules, whose names stand where they are checked. */
  siteTable(name: string, file: string, label?: (rule: RuleArguments) => string): SiteTable {
    const table = new SiteTable(name, file, label);
    this.tables.push(table);
    return table;
  }

  /** The tables of a type. @param from the other module that it is from */
  tablesOf(type: Type, from?: string): FormatTables {
    const prefix = from === undefined ? "" : `$${from}_`;
    const tables = new FormatTables(`${prefix}${upper(type.name)}_SITES`, type.file, type.format);
    this.tables.push(...tables.all);
    return tables;
  }

  functionOf(action: PieceAction, { name, module }: TypeRef, big: boolean): string {
    const from = module === this.#id ? "" : `$${module}_`;
    return `$${action}${from}${pascal(name)}${big ? "Big" : ""}`;
  }

  enumName(ref: { name: string; module: string }): string {
    return this.#from(ref.module, pascal(ref.name));
  }

  use(helper: string): string {
    this.helpers.add(helper);
    return this.nameOf(helper);
  }

  #from(module: string, name: string): string {
    if (module === this.#id) return name;
    const local = this.#isFree(module, name) ? name : `$${module}_${name}`;
    const names = this.imports.get(module) ?? new Set<string>();
    this.imports.set(module, names.add(local === name ? name : `${name} as ${local}`));
    return local;
  }

  /** True when an imported name hides nothing and nothing hides it. */
  #isFree(module: string, name: string): boolean {
    if (this.#declared.has(name) || TYPE_HELPERS.has(name) || this.#globals.includes(name)) return false;
    const owner = this.#owners.get(name) ?? module;
    this.#owners.set(name, owner);
    return owner === module;
  }
}

/** A const object with the values and a union of them, and what each value means. */
function emitEnum(each: Enum, code: Code, nameOf: (name: string) => string): void {
  const name = pascal(each.name);
  // A number may have several names; the first one is shown.
  const shown = each.values.filter(({ value }, i) => each.values.findIndex((other) => other.value === value) === i);
  code.block(
    `export const ${name} =`,
    () => {
      for (const { value, name: key, doc } of each.values) code.doc(doc).line(`${nameOf(key)}: ${value},`);
    },
    " as const;",
  );
  code.line(`export type ${name} = (typeof ${name})[keyof typeof ${name}];`);
  code.doc(`Name and meaning of each ${name}.`);
  code.block(
    `export const ${upper(each.name)}_INFO: { readonly [value: number]: { readonly name: string; readonly doc: string } } =`,
    () => {
      for (const { value, name: key, doc } of shown)
        code.line(`${keyOf(value)}: { name: ${JSON.stringify(nameOf(key))}, doc: ${JSON.stringify(doc)} },`);
    },
    ";",
  );
  code.line();
}

/** A number as a key of an object. */
function keyOf(value: number): string {
  return value < 0 ? JSON.stringify(String(value)) : String(value);
}

function emitType(module: Module, type: Type, scope: ModuleScope, code: Code): void {
  if (type.body.shape === "union") {
    emitUnionType(type, scope, code);
    return;
  }
  if (isTail(module, type) && !scope.layouts.isHeld({ name: type.name, module: module.id })) {
    // Other files may hold it by its name.
    for (const make of formsOf(type, scope)) emitInterface(make(new FormatTables("", type.file, type.format)), code);
    code.line();
    return;
  }
  const forms = formsOf(type, scope);
  const tables = scope.tablesOf(type);
  const functions = new Code();
  const ref = { name: type.name, module: module.id };
  const isHeld = scope.layouts.isHeld(ref) || (isStreamed(type) && !type.part);
  for (const form of forms.map((make) => make(tables))) {
    emitForm(form, functions, type.part);
    if (isHeld) emitHeld(form, ref, scope.layouts.isRecursive(ref), functions);
  }
  if (!type.part || type.columns || isHeld) tables.emit(code, scope.use("Sites"));
  code.line(functions.toString());
}

/** The types whose end is looked for, because they or what holds them can be peeked at. */
function skippedIn(layouts: Layouts): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (ref: TypeRef): void => {
    const key = `${ref.module}::${ref.name}`;
    if (found.has(key)) return;
    found.add(key);
    const type = layouts.get(ref);
    if (type.body.shape === "union")
      for (const variant of type.body.variants) visit({ name: variant.type.name, module: ref.module });
    unsizedReferencesOf(type).forEach(visit);
  };
  for (const ref of layouts.own) {
    const type = layouts.get(ref);
    if (!type.part && isStreamed(type) && tellsItsEnd(type, (held) => layouts.get(held))) visit(ref);
  }
  return found;
}

/** The name of a type, as a case of a choice or where it stands otherwise. */
type TypeNameOf = (isCase: boolean) => string;

/** The functions of a type of another module that types of this one hold. */
function emitUse(module: string, type: Type, scope: ModuleScope, code: Code): void {
  const ref = { name: type.name, module };
  const bigs = [false, ...(scope.isWide(ref) ? [true] : [])];
  const functions = new Code();
  const emit = (of: Type, way: Way | null, tables: FormatTables, big: boolean, typeName: TypeNameOf): Form => {
    const form = new Form(of, big, scope, tables, way, typeName(true), typeName(false));
    emitHeld(form, { name: of.name, module }, scope.layouts.isRecursive(ref), functions);
    return form;
  };
  const own = scope.tablesOf(type, module);
  if (type.body.shape === "plain") {
    for (const big of bigs) emit(type, null, own, big, (isCase) => scope.typeName(ref, big, isCase));
  } else {
    const plan = planChoice(type, true);
    const tables = plan.ways.map((way) => scope.tablesOf(way.type, module));
    for (const big of bigs) {
      plan.ways.forEach((way, i) =>
        emit(way.type, way, tables[i]!, big, () => scope.typeName({ name: way.type.name, module }, big)),
      );
      emitHeldUnion(plan, ref, scope, own, functions, big, scope.typeName(ref, big));
    }
    for (const table of tables) table.emit(code, scope.use("Sites"));
  }
  own.emit(code, scope.use("Sites"));
  code.line(functions.toString());
}

/** A type that only closes the variants of a union has no life of its own. */
function isTail(module: Module, type: Type): boolean {
  const tails = new Set<number>();
  for (const { body } of module.types)
    if (body.shape === "union") for (const variant of body.variants) tails.add(variant.type.line);
  return type.part && tails.has(type.line);
}

function formsOf(type: Type, scope: Scope): ((tables: FormatTables) => Form)[] {
  const forms = [false, ...(scope.isWide({ name: type.name, module: scope.module }) ? [true] : [])];
  return forms.map((big) => (tables: FormatTables) => new Form(type, big, scope, tables));
}

function emitForm(form: Form, code: Code, part: boolean): void {
  emitInterface(form, code);
  if (part && !form.type.columns) return;
  if (!form.big) emitConstants(form, code);
  if (!part) {
    if (form.isStreamed) emitStreamedRead(form, { name: form.type.name, module: form.scope.module }, code);
    else emitRead(form, code);
    emitDecode(form, code);
    // A choice asks each of its variants.
    if (form.isVariant || form.has("length") || (form.size === null && !form.isStreamed)) emitLength(form, code);
    emitEncode(form, code);
    if (canPeek(form) && !form.big) emitPeek(form, code);
  }
  if (!part && form.has("reader") && !form.isStreamed) emitReader(form, code);
  if (form.type.columns && form.size !== null) emitColumns(form, code);
  // Decoders of fixed size test as they read; the others, readers and columns with rules test first.
  if (isNamed(code.toString(), `check${form.name}`)) new ReadEmitter(form, code).emitCheck();
}

function emitInterface(form: Form, code: Code): void {
  const { type, scope, big } = form;
  code.doc(type.doc, type.cite === "" ? "" : `Source: ${type.cite}.`, big ? "64-bit integers as bigint." : "");
  code.block(`export interface ${form.name}`, () => {
    if (form.kind !== null) code.line(`kind: ${JSON.stringify(form.kind)};`);
    for (const block of form.blocks) {
      if (block.block === "fixed") {
        for (const field of visible(block.fields)) {
          const text = valueType(field, big, scope);
          const name = camel(field.name);
          if (!form.tags.has(field.name)) code.doc(field.doc).line(`${name}: ${text};`);
          else code.doc(field.doc, "A writer tells it from the kind.").line(`${name}?: ${text} | undefined;`);
        }
        continue;
      }
      if (block.block === "piece") {
        if (!isShown(block)) continue;
        const whole = pieceType(block, big, scope);
        const name = camel(block.name);
        code.doc(block.doc).line(block.condition === null ? `${name}: ${whole};` : `${name}?: ${whole} | undefined;`);
        continue;
      }
      const value =
        block.block === "items"
          ? listOf(itemType(block.item, big, scope))
          : block.block === "bits"
            ? "boolean[]"
            : block.text === null
              ? "Uint8Array"
              : "string";
      code.doc(block.doc).line(`${camel(block.name)}: ${value};`);
    }
  });
}

/** Sizes, and the values that a sender may leave to the format. */
function emitConstants(form: Form, code: Code): void {
  if (form.size === null) code.line(`export const ${form.constant}_MIN_SIZE = ${form.minSize};`);
  else code.line(`export const ${form.constant}_SIZE = ${form.size};`);
  const defaults = form.blocks
    .filter((block): block is FixedBlock => block.block === "fixed")
    .flatMap((block) => visible(block.fields))
    .flatMap((field) => defaultOf(field));
  if (defaults.length === 0) return;
  code.doc(`What a sender writes who has nothing to say: spread it before the fields that matter.`);
  code.line(
    `export const ${form.constant}_DEFAULTS = { ${[...(form.kind === null ? [] : [`kind: ${JSON.stringify(form.kind)}`]), ...defaults].join(", ")} } as const;`,
  );
}

function defaultOf(field: Field): string[] {
  if (field.kind === "int" && field.default !== null) {
    return [`${camel(field.name)}: ${field.default}${field.u64 === "bigint" ? "n" : ""}`];
  }
  if (field.kind === "bits" && field.default !== null)
    return [`${camel(field.name)}: ${field.width === 1 ? field.default === 1 : field.default}`];
  if (field.kind === "text" && field.default !== null)
    return [`${camel(field.name)}: ${JSON.stringify(field.default)}`];
  return [];
}

function emitUnionType(type: Type, scope: ModuleScope, code: Code): void {
  const plan = planChoice(type, false);
  const ref = { name: type.name, module: scope.module };
  const big = scope.isWide(ref);
  const isHeld = scope.layouts.isHeld(ref);
  const tables = plan.ways.map((way) => scope.tablesOf(way.type));
  const functions = new Code();
  const formsOfWays = (isBig: boolean): Form[] =>
    plan.ways.map((way, i) => new Form(way.type, isBig, scope, tables[i]!, way));
  const forms = formsOfWays(false);
  const bigForms = formsOfWays(true);
  for (const form of [...forms, ...(big ? bigForms : [])]) {
    emitForm(form, functions, false);
    if (isHeld || form.isStreamed)
      emitHeld(form, { name: form.type.name, module: scope.module }, scope.layouts.isRecursive(ref), functions);
  }
  const own = scope.tablesOf(type);
  const whole = new Code();
  emitUnion(type, plan, forms, scope, own, whole, false);
  if (big) emitUnion(type, plan, bigForms, scope, own, whole, true);
  if (isHeld) {
    const held = planChoice(type, true);
    emitHeldUnion(held, ref, scope, own, whole, false, pascal(type.name));
    if (big) emitHeldUnion(held, ref, scope, own, whole, true, `${pascal(type.name)}Big`);
  }
  for (const table of [...tables, own]) table.emit(code, scope.use("Sites"));
  code.line(functions.toString()).line(whole.toString());
}
