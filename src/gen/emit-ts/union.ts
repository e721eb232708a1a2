/** Emits types whose tag decides between layouts. */
import type { Body, Field, IntField, Type } from "../ir.js";
import { camel, pascal, upper } from "../names.js";
import { type Code, pos, type SiteTable } from "./code.js";
import { valueType, visible, type Form, type Scope } from "./form.js";
import { readInteger, wideForm } from "./integers.js";
import { canPeek, emitRangeTest } from "./peek.js";
import { emitWrap } from "./reader.js";

type Union = Extract<Body, { shape: "union" }>;

/** Emits the functions of a type whose tag decides between layouts; each layout has functions of its own. */
export function emitUnion(
  type: Type,
  union: Union,
  forms: readonly Form[],
  scope: Scope,
  sites: SiteTable,
  code: Code,
  big: boolean,
): void {
  const name = pascal(type.name) + (big ? "Big" : "");
  const tag = union.tag;
  const tagEnd = tag.offset + tag.size;
  sites.add("short", camel(tag.name), tag, `at least ${tagEnd} bytes`);
  sites.add("trailing", "", type, "");
  const unknown = sites.add("kind", camel(tag.name), tag, `one of ${forms.map((form) => form.kind).join(", ")}`);
  const params = forms[0]!.paramList;
  const names = forms[0]!.paramNames;

  code.doc(type.doc);
  code.line(`export type ${name} = ${forms.map((form) => form.name).join(" | ")};`);
  code.line(`export const ${upper(type.name)}_MIN_SIZE = ${Math.min(...forms.map((form) => form.minSize))};`);

  const dispatch = (call: (form: Form) => string, otherwise: string): void => {
    code.line(`const tag = ${readInteger("bytes", tag, { base: "at", add: 0 }, "number")};`);
    code.block("switch (tag)", () => {
      for (const { values, form } of order(union, forms)) {
        if (values === "else") code.line(`default: return ${call(form)};`);
        else
          for (const [i, value] of values.entries())
            code.line(i < values.length - 1 ? `case ${value}:` : `case ${value}: return ${call(form)};`);
      }
      if (!union.variants.some((variant) => variant.values === "else")) code.line(`default: return ${otherwise};`);
    });
  };
  const guard = `if (end - at < ${tagEnd} || end > ${scope.use("lengthOf")}(bytes) || at >>> 0 !== at || end >>> 0 !== end) return ${scope.use("refuseRange")}(${sites.name}, 0, ${tagEnd}, bytes, at, end);`;
  const refusal = `${scope.use("refuse")}(${sites.name}, ${unknown}, ${pos({ base: "at", add: tag.offset })}, tag)`;

  code.block(`function read${name}(bytes: Uint8Array, ${params}at: number, end: number): ${name} | undefined`, () => {
    code.line(guard);
    dispatch((form) => `read${form.name}(bytes, ${names}at, end)`, refusal);
  });
  const hasReader = type.forms.includes("reader") && !forms.some((form) => form.isStreamed);
  if (hasReader) {
    code.block(`function check${name}(bytes: Uint8Array, ${params}at: number, end: number): true | undefined`, () => {
      code.line(guard);
      dispatch((form) => `check${form.name}(bytes, ${names}at, end)`, refusal);
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

  emitWriters(type, forms, scope, sites, code, name, unknown, big);
  if (forms.every(canPeek)) {
    code.doc(
      "How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value starts so.",
    );
    code.block(`export function peek${name}Length(bytes: Uint8Array, ${params}at: number, end: number): number`, () => {
      emitRangeTest(sites.name, scope, code);
      code.line(`if (end - at < ${tagEnd}) return 0;`);
      dispatch((form) => `peek${form.name}Length(bytes, ${names}at, end)`, "-1");
    });
  }
  if (hasReader) emitUnionReader(type, union, forms, scope, code, name);
}

/** The variants in the order of a switch: `else` last. */
function order(union: Union, forms: readonly Form[]): { values: readonly number[] | "else"; form: Form }[] {
  const all = union.variants.map((variant, i) => ({ values: variant.values, form: forms[i]! }));
  return [...all.filter((v) => v.values !== "else"), ...all.filter((v) => v.values === "else")];
}

function emitWriters(
  type: Type,
  forms: readonly Form[],
  scope: Scope,
  sites: SiteTable,
  code: Code,
  name: string,
  unknown: number,
  big: boolean,
): void {
  const suffix = big ? "Big" : "";
  const other = `return ${scope.use("fail")}(${sites.name}, ${unknown}, at, (value as { kind?: unknown } | undefined)?.kind);`;
  const byKind = (call: (form: Form) => string, otherwise: string): void => {
    code.block("switch (value?.kind)", () => {
      for (const form of forms) code.line(`case ${JSON.stringify(form.kind)}: return ${call(form)};`);
      code.line(`default: ${otherwise}`);
    });
  };
  code.doc("Bytes that a value takes on the wire.");
  const visibility = type.forms.includes("length") ? "export " : "";
  code.block(`${visibility}function ${camel(type.name)}${suffix}Length(value: ${name}): number`, () => {
    byKind((form) => `${camel(form.type.name)}${suffix}Length(value)`, "return 0;");
  });
  code.doc("@throws WireError when the value does not fit the format.");
  code.block(`export function encode${name}(value: ${name}): ${scope.use("NewBytes")}`, () => {
    code.line(`const bytes = new Uint8Array(${camel(type.name)}${suffix}Length(value));`);
    code.line(`encode${name}Into(value, bytes, 0);`);
    code.line("return bytes;");
  });
  code.doc("Writes a value at `at`. @returns the position behind it");
  code.block(`export function encode${name}Into(value: ${name}, bytes: Uint8Array, at = 0): number`, () => {
    byKind((form) => `encode${form.name}Into(value, bytes, at)`, other);
  });
  if (!type.forms.includes("view")) return;
  code.doc("The same into a view that the caller holds.");
  code.block(`export function encode${name}IntoView(value: ${name}, view: DataView, at: number): number`, () => {
    byKind((form) => `encode${form.name}IntoView(value, view, at)`, other);
  });
}

/** A reader of the fields that all layouts share; where their places differ, the tag is asked. */
function emitUnionReader(
  type: Type,
  union: Union,
  forms: readonly Form[],
  scope: Scope,
  code: Code,
  name: string,
): void {
  const leading = forms.map((form) => (form.blocks[0]?.block === "fixed" ? form.blocks[0].fields : []));
  code.doc(`Reads the fields that every kind of ${type.format} has where they lie; \`kind\` says which it is.`);
  code.block(`export class ${name}Reader`, () => {
    const kinds = forms.map((form) => JSON.stringify(form.kind)).join(" | ");
    code.line(`protected $kind: ${kinds} = ${JSON.stringify(forms[0]!.kind)};`);
    emitWrap(
      code,
      `${name}Reader`,
      forms[0]!,
      `check${name}`,
      () => {
        code.line(`this.$kind = kindOf${name}(${readInteger("bytes", union.tag, { base: "at", add: 0 }, "number")});`);
      },
      scope.use("raise"),
      scope.use("failure"),
      scope.use("Result"),
      scope.use("lengthOf"),
    );
    code.line(`get kind(): ${kinds} { return this.$kind; }`);
    for (const field of visible(leading[0]!)) {
      const places = leading.map((fields) =>
        fields.find((other) => other.name === field.name && sameValue(other, field)),
      );
      if (places.some((place) => place === undefined)) continue;
      emitSharedGetter(forms, places as Field[], field.name === union.tag.name ? union.tag : field, scope, code);
    }
  });
  code.block(
    `function kindOf${name}(tag: number): ${forms.map((form) => JSON.stringify(form.kind)).join(" | ")}`,
    () => {
      code.block("switch (tag)", () => {
        for (const { values, form } of order(union, forms)) {
          if (values === "else") continue;
          for (const [i, value] of values.entries())
            code.line(i < values.length - 1 ? `case ${value}:` : `case ${value}: return ${JSON.stringify(form.kind)};`);
        }
        const otherwise = order(union, forms).find((v) => v.values === "else")?.form ?? forms[0]!;
        code.line(`default: return ${JSON.stringify(otherwise.kind)};`);
      });
    },
  );
}

function sameValue(a: Field, b: Field): boolean {
  if (a.kind !== b.kind) return false;
  if (a.kind === "int")
    return a.size === b.size && a.signed === (b as IntField).signed && a.endian === (b as IntField).endian;
  return (a.kind === "bytes" || a.kind === "bits") && a.size === b.size;
}

/** @param field the one that all variants share */
function emitSharedGetter(
  forms: readonly Form[],
  places: readonly Field[],
  field: Field,
  scope: Scope,
  code: Code,
): void {
  const sameOffset = places.every((place) => place.offset === field.offset);
  const property = camel(field.name);
  code.doc(field.doc);
  if (field.kind === "int") {
    const read = (place: Field): string =>
      readInteger("bytes", place as IntField, { base: "this.$at", add: 0 }, wideForm(field, false));
    const chosen = places.reduceRight(
      (rest, place, i) =>
        i === places.length - 1
          ? read(place)
          : `this.$kind === ${JSON.stringify(forms[i]!.kind)} ? ${read(place)} : ${rest}`,
      "",
    );
    // The value has been tested.
    const cast = (value: string): string =>
      field.enum?.strict === true ? `(${value}) as ${valueType(field, false, scope)}` : value;
    code.line(
      `get ${property}(): ${valueType(field, false, scope)} { const bytes = this.$bytes; return ${cast(sameOffset ? read(field) : chosen)}; }`,
    );
  } else if (field.kind === "bytes") {
    const read = (place: Field): string =>
      `this.$bytes.subarray(${pos({ base: "this.$at", add: place.offset })}, ${pos({ base: "this.$at", add: place.offset + place.size })})`;
    const chosen = places.reduceRight(
      (rest, place, i) =>
        i === places.length - 1
          ? read(place)
          : `this.$kind === ${JSON.stringify(forms[i]!.kind)} ? ${read(place)} : ${rest}`,
      "",
    );
    code.line(`get ${property}(): Uint8Array { return ${sameOffset ? read(field) : chosen}; }`);
  }
}
