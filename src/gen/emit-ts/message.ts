/** Emits the codecs of the protobuf messages of a module. */
import type { Message, Module, TypeRef } from "../ir.js";
import { Messages } from "../messages.js";
import { decapitalised, pascal } from "../names.js";
import { Code, type RuleArguments, type SiteTable } from "./code.js";
import type { Scope } from "./form.js";
import { MessageForm } from "./message-form.js";
import { MessageReader } from "./message-reader.js";
import { MessageWriter } from "./message-writer.js";

/** What the emitter of a module offers beside the scope of its types. */
export interface MessageScope extends Scope {
  siteTable(name: string, file: string, label?: (rule: RuleArguments) => string): SiteTable;
}

/** The codecs of all messages of a module, and the functions of those of other modules that they hold. */
export function emitMessages(module: Module, scope: MessageScope, code: Code): void {
  const { messages = [], uses = [] } = module.proto ?? {};
  const all = new Messages(module);
  for (const message of messages)
    emitMessage(message, { name: message.name, module: module.id }, all, scope, code, true);
  for (const { module: id, message } of uses)
    emitMessage(message, { name: message.name, module: id }, all, scope, code, false);
}

/** @param isOwn whether the message is declared by the module, so that it has an interface and a codec of its own */
function emitMessage(
  message: Message,
  ref: TypeRef,
  all: Messages,
  scope: MessageScope,
  code: Code,
  isOwn: boolean,
): void {
  const from = ref.module === scope.module ? "" : `${ref.module}_`;
  const sites = scope.siteTable(`$${from}${pascal(message.name)}_SITES`, message.file, fieldOf);
  const functions = new Code();
  const forms = [false, ...(all.isWide(ref) ? [true] : [])].map(
    (big) => new MessageForm(message, ref, big, scope, all, sites),
  );
  forms[0]!.registerSites();
  for (const form of forms) {
    if (isOwn) emitInterface(form, functions);
    new MessageReader(form, functions).emit();
    new MessageWriter(form, functions).emit();
    if (isOwn) emitCodec(form, functions);
  }
  emitPredicate(forms[0]!, functions);
  emitTable(forms[0]!, code);
  code.line(functions.toString());
  for (const field of message.fields) if (field.label === "map") emitEntry(forms, field, scope, code);
}

function emitTable(form: MessageForm, code: Code): void {
  form.sites.emit(code, form.message.format, form.scope.use("Sites"));
  code.line(
    `const ${form.numbers}: readonly number[] = [${form.message.fields.map(({ number }) => number).join(", ")}];`,
  );
}

/** A rule stands for all that can be wrong with a field. */
function fieldOf([, path]: RuleArguments): string {
  return path === "" ? "message" : path;
}

/** An entry of a map is a message of a key and a value. */
function emitEntry(
  holders: readonly MessageForm[],
  field: Message["fields"][number],
  scope: MessageScope,
  code: Code,
): void {
  const [holder] = holders;
  const { message, ref } = holder!.entry(field);
  const sites = scope.siteTable(
    holder!.sites.name.replace(/_SITES$/, `$${pascal(field.name)}_SITES`),
    message.file,
    fieldOf,
  );
  const functions = new Code();
  const bigs = [...new Set(holders.map((each) => each.isBigEntry(field)))];
  // A form of bigints alone is one whose holder is written in both.
  const forms = bigs.map((big) => new MessageForm(message, ref, big, scope, holder!.messages, sites, true));
  forms[0]!.registerSites();
  for (const form of forms) {
    emitInterface(form, functions);
    new MessageReader(form, functions).emit();
    new MessageWriter(form, functions).emit();
  }
  emitPredicate(forms[0]!, functions);
  emitTable(forms[0]!, code);
  code.line(functions.toString());
}

function emitPredicate(form: MessageForm, code: Code): void {
  const tags = form.message.fields.flatMap((field) => form.tags(field).map(({ tag }) => `tag === ${tag}`));
  code.block(`function ${form.knows}(tag: number): boolean`, () => {
    code.line(`return ${tags.length === 0 ? "tag < 0" : tags.join(" || ")};`);
  });
}

function emitInterface(form: MessageForm, code: Code): void {
  const { message } = form;
  code.doc(message.doc, form.big && !form.isEntry ? "64-bit integers as bigint." : "");
  code.block(`${form.isEntry ? "" : "export "}interface ${form.typeText}`, () => {
    const told = new Set<string>();
    for (const field of message.fields) {
      if (field.oneof !== null) {
        if (told.has(field.oneof)) continue;
        told.add(field.oneof);
        const cases = message.fields.filter(({ oneof }) => oneof === field.oneof);
        const types = cases.map(
          (each) => `{ readonly case: ${JSON.stringify(each.key)}; readonly value: ${form.fieldType(each)} }`,
        );
        code.line(`readonly ${field.oneof}?:`);
        for (const type of types) code.line(`  | ${type}`);
        code.line("  | undefined;");
        continue;
      }
      const type = form.fieldType(field);
      const isOptional = field.label === "optional";
      code
        .doc(field.doc)
        .line(`readonly ${field.key}${isOptional ? "?" : ""}: ${type}${isOptional ? " | undefined" : ""};`);
    }
    code.doc("Fields that the message does not know, as they were.");
    code.line("readonly $unknown?: Uint8Array | undefined;");
  });
}

function emitCodec(form: MessageForm, code: Code): void {
  const { scope, typeText: type, message } = form;
  const sites = form.sites.name;
  const use = (helper: string): string => scope.use(helper);
  const name = pascal(message.name) + (form.big ? "Big" : "");
  const range = `bytes: Uint8Array, at = 0, end: number = ${use("lengthOf")}(bytes), limits?: ${use("MessageLimits")}`;
  const read = `$read${name}`;
  code.block(
    `function ${read}(bytes: Uint8Array, at: number, end: number, limits: ${use("MessageLimits")} | undefined): ${type} | undefined`,
    () => {
      code.line(
        `if (end > ${use("lengthOf")}(bytes) || at > end || at >>> 0 !== at || end >>> 0 !== end) return ${use("refuseRange")}(${sites}, 0, 0, bytes, at, end);`,
      );
      code.line(`if (!${use("enterMessage")}(${sites}, bytes, limits)) return undefined;`);
      code.line(`const value = ${form.functionOf("take")}(bytes, at, end);`);
      code.line(`${use("leaveMessage")}();`).line("return value;");
    },
  );
  code.doc(`@throws WireError when the bytes are no ${message.format}.`);
  code.block(`export function decode${name}(${range}): ${type}`, () => {
    code.line(`return ${read}(bytes, at, end, limits) ?? ${use("raise")}();`);
  });
  code.doc("The same without throwing, for hot and hostile paths.");
  code.block(`export function tryDecode${name}(${range}): ${use("Result")}<${type}>`, () => {
    code.line(`const value = ${read}(bytes, at, end, limits);`);
    code.line(`return value === undefined ? ${use("failure")}() : { ok: true, value };`);
  });
  const init = `${use("MessageInit")}<${type}>`;
  const length = `${lengthName(message)}${form.big ? "Big" : ""}Length`;
  const put = form.functionOf("put");
  /** Writes into room that is there, and does with the length what `end` says. */
  const written = (end: string): void => {
    code.line(`const room = ${use("beginMessage")}();`);
    code.block(
      "try",
      () => code.line(`return ${end}`),
      ` catch (error) { throw ${use("abandonMessage")}(error, room, ${sites}); }`,
    );
  };
  const measured = `${put}(value, room, 0)`;
  code.doc("Bytes that a value takes on the wire. @throws WireError when the value does not fit the message.");
  code.block(`export function ${length}(value: ${init}): number`, () =>
    written(`${use("endMessage")}(room, ${measured});`),
  );
  code.doc("@throws WireError when the value does not fit the message.");
  code.block(`export function encode${name}(value: ${init}): ${use("NewBytes")}`, () =>
    written(`${use("newMessage")}(${sites}, room, ${measured}, value, ${put});`),
  );
  code.doc(
    "Writes a value at `at`. @returns the position behind it @throws WireError `space` when there is too little room",
  );
  code.block(`export function encode${name}Into(value: ${init}, bytes: Uint8Array, at = 0): number`, () =>
    written(`${use("placeMessage")}(${sites}, room, ${measured}, value, ${put}, bytes, at);`),
  );
}

/** What the function that measures a message is called after. */
export function lengthName(message: Message): string {
  return decapitalised(pascal(message.name));
}
