/** Emits types whose tag decides between layouts. */
import type { Field, IntField, Type } from "../ir.js";
import { camel, pascal, upper } from "../names.js";
import type { ChoicePlan, Way } from "../plan/choice.js";
import { emitKindSwitch, emitTagSwitch, OTHER_KIND } from "./choices.js";
import { type Code, type Cursor, pos, type SiteTable } from "./code.js";
import { siteOf } from "./paths.js";
import { valueType, visible, type Form, type Scope } from "./form.js";
import { readInteger, wideForm } from "./integers.js";
import { canPeek, emitRangeTest } from "./peek.js";
import { emitWrap } from "./reader.js";

/** Emits the functions of a type whose tag decides between layouts; each layout has functions of its own. */
export function emitUnion(
  type: Type,
  plan: ChoicePlan,
  forms: readonly Form[],
  scope: Scope,
  sites: SiteTable,
  code: Code,
  big: boolean,
): void {
  const name = pascal(type.name) + (big ? "Big" : "");
  const { tag, need } = plan;
  siteOf(sites, plan.short);
  sites.add("trailing", "", type, "");
  const unknown = siteOf(sites, plan.unknown);
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
  const guard = `if (end - at < ${need} || end > ${scope.use("lengthOf")}(bytes) || at >>> 0 !== at || end >>> 0 !== end) return ${scope.use("refuseRange")}(${sites.name}, 0, ${need}, bytes, at, end);`;
  const refusal = `${scope.use("refuse")}(${sites.name}, ${unknown}, ${pos({ base: "at", add: tag.offset })}, tag)`;

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

  const other = `${scope.use("fail")}(${sites.name}, ${unknown}, at, ${OTHER_KIND})`;
  emitWriters(type, plan, scope, code, other, nameOf, big);
  if (forms.every(canPeek)) {
    code.doc(
      "How long the value that starts here is: above 0 its length, 0 when more bytes are needed to tell, -1 when no value starts so.",
    );
    code.block(`export function peek${name}Length(bytes: Uint8Array, ${params}at: number, end: number): number`, () => {
      emitRangeTest(sites.name, scope, code);
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
  const { tag } = plan;
  const kinds = forms.map((form) => JSON.stringify(form.kind)).join(" | ");
  const leading = forms.map((form) => (form.blocks[0]?.block === "fixed" ? form.blocks[0].fields : []));
  code.doc(`Reads the fields that every kind of ${type.format} has where they lie; \`kind\` says which it is.`);
  code.block(`export class ${name}Reader`, () => {
    code.line(`protected $kind: ${kinds} = ${JSON.stringify(forms[0]!.kind)};`);
    emitWrap(
      code,
      `${name}Reader`,
      forms[0]!,
      `check${name}`,
      () => {
        code.line(`this.$kind = kindOf${name}(${readInteger("bytes", tag, { base: "at", add: 0 }, "number")});`);
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
      emitSharedGetter(forms, places as Field[], field.name === tag.name ? tag : field, scope, code);
    }
  });
  code.block(`function kindOf${name}(tag: number): ${kinds}`, () => {
    emitTagSwitch(plan, "tag", code, (way) => JSON.stringify(way.kind), JSON.stringify(forms[0]!.kind));
  });
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
  /** Where the layouts differ, the kind says where the field lies. */
  const chosen = (read: (place: Field) => string): string =>
    sameOffset
      ? read(field)
      : places.reduceRight((rest, place, i) => {
          const own = read(place);
          return i === places.length - 1 ? own : `this.$kind === ${JSON.stringify(forms[i]!.kind)} ? ${own} : ${rest}`;
        }, "");
  code.doc(field.doc);
  if (field.kind === "int") {
    const start: Cursor = { base: "this.$at", add: 0 };
    const value = chosen((place) => readInteger("bytes", place as IntField, start, wideForm(field, false)));
    const type = valueType(field, false, scope);
    // The value has been tested.
    const cast = field.enum?.strict === true ? `(${value}) as ${type}` : value;
    code.line(`get ${property}(): ${type} { const bytes = this.$bytes; return ${cast}; }`);
  } else if (field.kind === "bytes") {
    const at = (add: number): string => pos({ base: "this.$at", add });
    const value = chosen(({ offset, size }) => `this.$bytes.subarray(${at(offset)}, ${at(offset + size)})`);
    code.line(`get ${property}(): Uint8Array { return ${value}; }`);
  }
}
