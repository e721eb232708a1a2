/** Emits the codecs of general types: interfaces, readers, writers, and the functions that users call. */
import { isMissable, mayBeAbsent, nameOfInstance, type Attribute, type GeneralType, type Kind } from "../../general.js";
import type { Module } from "../../ir.js";
import { camel, pascal } from "../../names.js";
import { GeneralPlan } from "../../plan/general.js";
import { withoutTexts } from "../../text.js";
import { Code } from "../code.js";
import { behind, paramLocal } from "../paths.js";
import { GeneralNames, refOf } from "./names.js";
import { GeneralReader, isShown } from "./reader.js";
import { GeneralTables } from "./tables.js";
import { GeneralWriter } from "./writer.js";

/** @param imports gets the import of each type of foreign code */
export function emitGeneral(
  module: Module,
  helpers: Set<string>,
  moduleFile: (id: string) => string,
  imports: Code,
  code: Code,
): void {
  const general = module.general!;
  const plan = new GeneralPlan(general);
  const tables = new GeneralTables(module.file);
  const functions = new Code();
  tables.place({ name: "", file: module.file, line: general.types[0]?.line ?? 1 });
  const forms = (plan.isWide ? [false, true] : [false]).map((isBig) => new GeneralNames(module, plan, isBig, helpers));
  for (const names of forms) {
    for (const type of general.types) emitInterfaces(type, names, functions);
    for (const type of general.types) emitFunctions(type, names, tables, functions);
  }
  if (general.processors.length > 0) emitProcessors(forms[0]!, code);
  code.line("type $Mutable<T> = { -readonly [K in keyof T]: T[K] };");
  tables.emit(code, (helper) => forms[0]!.use(helper));
  code.text(String(functions));
  for (const name of general.opaque) {
    const title = pascal(name);
    const file = JSON.stringify(moduleFile(name));
    imports.line(
      `import { type ${title} as $${title}, read${title} as $read${title}, write${title} as $write${title} } from ${file};`,
    );
  }
}

function emitProcessors(names: GeneralNames, code: Code): void {
  code.doc(
    "Functions that transform bytes, by the names that the spec gives them; the arguments are those of the spec.",
  );
  code.block(`export interface ${processorsOf(names)}`, () => {
    for (const name of names.general.processors) {
      const result = "{ decode(bytes: Uint8Array): Uint8Array; encode(bytes: Uint8Array): Uint8Array }";
      code.line(`${camel(name)}(${argumentsOf(names, name)}): ${result};`);
    }
  });
  code.line(`type $Processors = ${processorsOf(names)};`);
}

/** What a process is given: numbers and bytes, of the first place that names it. */
function argumentsOf(names: GeneralNames, name: string): string {
  let kinds: readonly Kind[] | undefined;
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const process = value as { process?: unknown; name?: string; args?: readonly { is: Kind }[] };
    if (process.process === "custom" && process.name === name) kinds ??= process.args!.map(({ is }) => is);
    Object.values(value).forEach(visit);
  };
  visit(names.general.types);
  return (kinds ?? []).map((kind, i) => `arg${i}: ${names.kind(kind)}`).join(", ");
}

function processorsOf(names: GeneralNames): string {
  return `${pascal(names.module.id)}Processors`;
}

function emitInterfaces(type: GeneralType, names: GeneralNames, code: Code): void {
  const ref = refOf(type);
  const { readOnly, isComputed } = names.plan.of(type);
  const note = readOnly === null ? "" : `It is read and not written, because ${readOnly.why} (${readOnly.place}).`;
  const emit = (name: string, isInput: boolean): void => {
    code.doc(
      isInput ? `What is written of ${names.type(ref)}: all but what is computed.` : type.doc,
      isInput || type.cite === "" ? "" : `Source: ${type.cite}.`,
      isInput ? "" : note,
      names.isBig && !isInput ? "64-bit integers as bigint." : "",
    );
    code.block(`export interface ${name}`, () => {
      if (type.kind !== null) code.line(`kind: ${JSON.stringify(type.kind)};`);
      for (const attribute of type.attributes) emitMember(attribute, names, isInput, code);
      for (const instance of type.instances.filter(isShown)) {
        if (instance.instance === "position")
          emitMember(instance.attribute, names, isInput, code, isInput ? "" : "readonly ");
        else if (!isInput) {
          const text = names.kind(instance.is);
          const key = camel(nameOfInstance(instance));
          code.doc(instance.doc, "Computed.");
          code.line(`readonly ${isMissable(instance) ? `${key}?: ${text} | undefined` : `${key}: ${text}`};`);
        }
      }
    });
  };
  emit(names.type(ref), false);
  if (isComputed && readOnly === null) emit(names.input(ref), true);
}

function emitMember(attribute: Attribute, names: GeneralNames, isInput: boolean, code: Code, access = ""): void {
  const { content, repeat, is, name, doc } = attribute;
  if (content.content === "const") return;
  const text = names.kind(repeat === null ? is : { kind: "list", of: is }, isInput);
  const key = camel(name);
  code.doc(doc).line(`${access}${mayBeAbsent(attribute) ? `${key}?: ${text} | undefined;` : `${key}: ${text};`}`);
}

function emitFunctions(type: GeneralType, names: GeneralNames, tables: GeneralTables, code: Code): void {
  const { readOnly } = names.plan.of(type);
  const own = new Code();
  new GeneralReader(type, names, tables, own).emit();
  if (readOnly === null) new GeneralWriter(type, names, tables, own).emit();
  code.text(tidied(String(own)));
  if (!type.part) emitCodec(type, names, tables, code);
}

/** Functions without the locals that nothing in them asks for. */
function tidied(text: string): string {
  const functions = text.split(/^(?=function )/m);
  return functions
    .map((body) => {
      const words = withoutTexts(body);
      const isUsed = (name: string): boolean =>
        (words.match(new RegExp(`(?<![\\w$.])${name}(?![\\w$:])`, "g")) ?? []).length > 1;
      return body
        .replace(/^ *const (s|v|r) = .*;\n/gm, (line, name: string) => (isUsed(name) ? line : ""))
        .replace(/^( *)const f = /gm, (line, space: string) => (isUsed("f") ? line : space));
    })
    .join("");
}

/** `decodeT`, `tryDecodeT`, `encodeT`, `encodeTInto`. */
function emitCodec(type: GeneralType, names: GeneralNames, tables: GeneralTables, code: Code): void {
  const ref = refOf(type);
  const [title, input] = [names.type(ref), names.input(ref)];
  const format = JSON.stringify(type.format);
  const hasProcessors = names.general.processors.length > 0;
  const params = [
    ...(hasProcessors ? [{ local: "$processors", type: processorsOf(names) }] : []),
    ...type.params.map(({ name, is }) => ({ local: paramLocal(name), type: names.kind(is) })),
  ];
  const list = params.map(({ local, type: text }) => `${local}: ${text}, `).join("");
  const given = params.map(({ local }) => `${local}, `).join("");
  const args = names.args(type.params.map(({ name }) => paramLocal(name)));
  const place = tables.place({ ...type, name: "" });
  const lengthOf = names.use("lengthOf");
  const guarded = (body: () => void): void => {
    code.block("try", body);
    code.block("catch (error)", () => code.line(`throw ${names.use("wireErrorOf")}(${format}, error);`));
  };
  const open = `$open${title}`;
  const session = (bytes: string, rest: string): string =>
    `new ${names.use("Session")}($PLACES, ${format}, ${bytes}${rest})`;
  code.block(`function ${open}(bytes: Uint8Array, ${list}at: number, end: number, isBare: boolean): ${title}`, () => {
    code.line(`const s = ${session("bytes", ", isBare")};`);
    if (hasProcessors) code.line("s.processors = $processors;");
    code.line(`s.place = ${place};`);
    code.line("s.requireRange(at, end);");
    code.line(`const r = new ${names.use("ByteReader")}(s, bytes, at, end);`);
    code.line(`const value = ${names.function("read", ref)}(r, null, null, ${args});`);
    code.line(`s.place = ${place};`);
    if (!type.open && !names.plan.isScattered(type)) code.line("r.close(false);");
    code.line("s.finish();").line("return value;");
  });
  const bounds = `at = 0, end: number = ${lengthOf}(bytes)`;
  code.doc(`@throws WireError when the bytes are no ${type.format}.`);
  code.block(`export function decode${title}(bytes: Uint8Array, ${list}${bounds}): ${title}`, () => {
    guarded(() => code.line(`return ${open}(bytes, ${given}at, end, false);`));
  });
  code.doc("The same without throwing.");
  code.block(
    `export function tryDecode${title}(bytes: Uint8Array, ${list}${bounds}): ${names.use("Result")}<${title}>`,
    () => {
      code.line(`return ${names.use("attempted")}(() => decode${title}(bytes, ${given}at, end));`);
    },
  );
  const { readOnly } = names.plan.of(type);
  if (readOnly !== null) return void code.line(`// There is no encode${title}: ${readOnly.why} (${readOnly.place}).`);
  code.doc("@throws WireError when the value does not fit the format.");
  code.block(`export function encode${title}(value: ${input}${behind(list)}): ${names.use("NewBytes")}`, () => {
    guarded(() => {
      code.line(`const s = ${session("null", "")};`);
      if (hasProcessors) code.line("s.processors = $processors;");
      code.line(`const w = new ${names.use("ByteWriter")}(s);`);
      code.line(`${names.function("write", ref)}(w, null, null, ${args}, value);`);
      code.line("const bytes = w.toBytes();");
      code.line(
        `${names.use("requireReadable")}(${format}, value, () => ${open}(bytes, ${given}0, bytes.length, true));`,
      );
      code.line("return bytes;");
    });
  });
  code.doc(
    "Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room",
  );
  code.block(`export function encode${title}Into(value: ${input}, ${list}bytes: Uint8Array, at = 0): number`, () => {
    code.line(`return ${names.use("putInto")}(${format}, encode${title}(value${behind(given)}), bytes, at);`);
  });
}
