/** Emits types whose tag decides between layouts. */
import type { BitField, IntField, Type } from "../ir.js";
import { camel, pascal, upper } from "../names.js";
import type { ChoicePlan, Way } from "../plan/choice.js";
import { emitKindSwitch, emitTagSwitch, OTHER_KIND } from "./choices.js";
import { type Code, type Cursor, type FormatTables, pos } from "./code.js";
import { siteOf } from "./paths.js";
import type { Form, Scope } from "./form.js";
import { readInteger } from "./integers.js";
import { canPeek, emitRangeTest } from "./peek.js";
import { emitMember, emitWrap, membersOf, readMember, returned, type Member } from "./reader.js";

/** Emits the functions of a type whose tag decides between layouts; each layout has functions of its own. */
export function emitUnion(
  type: Type,
  plan: ChoicePlan,
  forms: readonly Form[],
  scope: Scope,
  tables: FormatTables,
  code: Code,
  big: boolean,
): void {
  const name = pascal(type.name) + (big ? "Big" : "");
  const { tag, need } = plan;
  const reading = tables.reading(big);
  const params = forms[0]!.paramList;
  const names = forms[0]!.paramNames;

  code.doc(type.doc);
  code.line(`export type ${name} = ${forms.map((form) => form.name).join(" | ")};`);
  code.line(`export const ${upper(type.name)}_MIN_SIZE = ${Math.min(...forms.map((form) => form.minSize))};`);

  const nameOf = ({ type: { name: own } }: Way): string => pascal(own) + (big ? "Big" : "");
  const dispatch = (call: (name: string) => string, otherwise: string): void => {
    code.line(`const tag = ${readInteger("bytes", tag, { base: "at", add: 0 }, "number")};`);
    emitTagSwitch(plan, "tag", code, (way) => call(nameOf(way)), otherwise);
  };
  const guard = `if (end - at < ${need} || end > ${scope.use("lengthOf")}(bytes) || at >>> 0 !== at || end >>> 0 !== end) return ${scope.use("refuseRange")}(${siteOf(reading, plan.short)}, ${need}, bytes, at, end);`;
  const refusal = `${scope.use("refuse")}(${siteOf(reading, plan.unknown)}, ${pos({ base: "at", add: tag.offset })}, tag)`;

  code.block(`function read${name}(bytes: Uint8Array, ${params}at: number, end: number): ${name} | undefined`, () => {
    code.line(guard);
    dispatch((way) => `read${way}(bytes, ${names}at, end)`, refusal);
  });
  const hasReader = type.forms.includes("reader") && !forms.some((form) => form.isStreamed);
  if (hasReader) {
    code.block(`function check${name}(bytes: Uint8Array, ${params}at: number, end: number): true | undefined`, () => {
      code.line(guard);
      dispatch((way) => `check${way}(bytes, ${names}at, end)`, refusal);
    });
  }
  code.doc(`@throws WireError when the bytes are no ${type.format}.`);
  code.block(
    `export function decode${name}(bytes: Uint8Array, ${params}at = 0, end: number = ${scope.use("lengthOf")}(bytes)): ${name}`,
    () => {
      code.line(`return read${name}(bytes, ${names}at, end) ?? ${scope.use("raise")}();`);
    },
  );
  code.doc("The same without throwing, for hot and hostile paths.");
  code.block(
    `export function tryDecode${name}(bytes: Uint8Array, ${params}at = 0, end: number = ${scope.use("lengthOf")}(bytes)): ${scope.use("Result")}<${name}>`,
    () => {
      code.line(`const value = read${name}(bytes, ${names}at, end);`);
      code.line(`return value === undefined ? ${scope.use("failure")}() : { ok: true, value };`);
    },
  );

  const other = `${scope.use("fail")}(${siteOf(tables.writing(big), plan.unknown)}, at, ${OTHER_KIND})`;
  emitWriters(type, plan, scope, code, other, nameOf, big);
  if (forms.every(canPeek)) {
    code.doc(
      "How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value starts so.",
    );
    code.block(`export function peek${name}Length(bytes: Uint8Array, ${params}at: number, end: number): number`, () => {
      emitRangeTest(tables.reading(false).name, scope, code);
      code.line(`if (end - at < ${need}) return 0;`);
      dispatch((way) => `peek${way}Length(bytes, ${names}at, end)`, "-1");
    });
  }
  if (hasReader) emitUnionReader(type, plan, forms, scope, code, name);
}

function emitWriters(
  type: Type,
  plan: ChoicePlan,
  scope: Scope,
  code: Code,
  otherwise: string,
  nameOf: (way: Way) => string,
  big: boolean,
): void {
  const suffix = big ? "Big" : "";
  const name = pascal(type.name) + suffix;
  const lengthName = (of: string): string => `${camel(of)}${suffix}Length`;
  const byKind = (call: (way: Way) => string, other = otherwise): void => emitKindSwitch(plan, code, call, other);
  code.doc("Bytes that a value takes on the wire.");
  const visibility = type.forms.includes("length") ? "export " : "";
  code.block(`${visibility}function ${lengthName(type.name)}(value: ${name}): number`, () => {
    byKind((way) => `${lengthName(way.type.name)}(value)`, "0");
  });
  code.doc("@throws WireError when the value does not fit the format.");
  code.block(`export function encode${name}(value: ${name}): ${scope.use("NewBytes")}`, () => {
    code.line(`const bytes = new Uint8Array(${lengthName(type.name)}(value));`);
    code.line(`encode${name}Into(value, bytes, 0);`);
    code.line("return bytes;");
  });
  code.doc("Writes a value at `at`. @returns the position behind it");
  code.block(`export function encode${name}Into(value: ${name}, bytes: Uint8Array, at = 0): number`, () => {
    byKind((way) => `encode${nameOf(way)}Into(value, bytes, at)`);
  });
  if (!type.forms.includes("view")) return;
  code.doc("The same into a view that the caller holds.");
  code.block(`export function encode${name}IntoView(value: ${name}, view: DataView, at: number): number`, () => {
    byKind((way) => `encode${nameOf(way)}IntoView(value, view, at)`);
  });
}

/** A reader of the fields that all layouts share; where their places differ, the tag is asked. */
function emitUnionReader(
  type: Type,
  plan: ChoicePlan,
  forms: readonly Form[],
  scope: Scope,
  code: Code,
  name: string,
): void {
  const kinds = forms.map((form) => JSON.stringify(form.kind)).join(" | ");
  const tag: Member = { name: camel(plan.tag.name), path: plan.tag.name, field: plan.tag, lists: [] };
  const [leading, ...others] = forms.map(({ blocks: [first] }) =>
    first?.block === "fixed" ? membersOf(first.fields) : [],
  );
  code.doc(`Reads the fields that every kind of ${type.format} has where they lie; \`kind\` says which it is.`);
  code.block(`export class ${name}Reader`, () => {
    code.line(`protected $kind: ${kinds} = ${JSON.stringify(forms[0]!.kind)};`);
    const keepKind = (): void => {
      code.line(`this.$kind = kindOf${name}(${readInteger("bytes", plan.tag, { base: "at", add: 0 }, "number")});`);
    };
    emitWrap(code, `${name}Reader`, forms[0]!, `check${name}`, keepKind, scope);
    code.line(`get kind(): ${kinds} { return this.$kind; }`);
    for (const member of leading!) {
      const alike = others.map((all) => all.find((other) => isSameMember(other, member)));
      if (member.name === tag.name) emitShared(forms, [tag], code);
      else if (alike.every((other) => other !== undefined)) emitShared(forms, [member, ...alike], code);
    }
  });
  code.block(`function kindOf${name}(tag: number): ${kinds}`, () => {
    emitTagSwitch(plan, "tag", code, (way) => JSON.stringify(way.kind), JSON.stringify(forms[0]!.kind));
  });
}

/** Fields of one name that hold the same kind of value, wherever they lie. Items are shared where all of a list is. */
function isSameMember(a: Member, b: Member): boolean {
  if (a.name !== b.name || a.field.kind !== b.field.kind || a.field.size !== b.field.size) return false;
  if (!isDeepEqual(a.lists, b.lists) || (a.lists.length > 0 && a.field.offset !== b.field.offset)) return false;
  if (a.field.kind === "bits") return a.field.width === (b.field as BitField).width;
  return a.field.kind !== "int" || a.field.signed === (b.field as IntField).signed;
}

function isDeepEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** @param members one of each layout, or one that lies in the same place in all of them */
function emitShared(forms: readonly Form[], members: readonly Member[], code: Code): void {
  const [{ big, scope }] = forms as readonly [Form];
  const [member] = members as readonly [Member];
  if (member.lists.length > 0) return emitMember(forms[0]!, code, member, START);
  const reads = members.map((each) => readMember(each, START, big, scope));
  const type = [...new Set(reads.map((read) => read.type))].join(" | ");
  const isOne = new Set(reads.map((read) => read.value)).size === 1;
  // Where the layouts differ, the kind says where the field lies.
  const value = reads.reduceRight((rest, read, i) => {
    if (isOne || i === reads.length - 1) return read.value;
    return `this.$kind === ${JSON.stringify(forms[i]!.kind)} ? ${read.value} : ${rest}`;
  }, "");
  code.doc(member.field.doc).line(`get ${member.name}(): ${type} { ${returned(member, value)} }`);
}

const START: Cursor = { base: "this.$at", add: 0 };
