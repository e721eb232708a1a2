/** Drawn `.proto` files, each as its text and as the descriptor that the judge takes: two writings of one drawing. */
import { create } from "@bufbuild/protobuf";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
  type FileDescriptorProto,
} from "@bufbuild/protobuf/wkt";
import * as fc from "fast-check";

/** A drawn file. */
export interface DrawnProto {
  readonly id: string;
  readonly text: string;
  readonly descriptor: FileDescriptorProto;
}

const SCALARS = {
  int32: Type.INT32,
  int64: Type.INT64,
  uint32: Type.UINT32,
  uint64: Type.UINT64,
  sint32: Type.SINT32,
  sint64: Type.SINT64,
  fixed32: Type.FIXED32,
  fixed64: Type.FIXED64,
  sfixed32: Type.SFIXED32,
  sfixed64: Type.SFIXED64,
  bool: Type.BOOL,
  float: Type.FLOAT,
  double: Type.DOUBLE,
  string: Type.STRING,
  bytes: Type.BYTES,
} as const;
const SCALAR_NAMES = Object.keys(SCALARS) as (keyof typeof SCALARS)[];
const KEY_NAMES = SCALAR_NAMES.filter((name) => !["float", "double", "bytes"].includes(name));

/** Messages and enumerations that a field may name: some of the file, one nested. */
const MESSAGES = ["M0", "M1", "M0.Inner"];
const ENUMS = ["E0", "M1.E1"];

interface DrawnField {
  readonly kind: "plain" | "optional" | "repeated" | "unpacked" | "map" | "oneof";
  readonly number: number;
  readonly type: string;
  readonly key: string;
  readonly name: string;
}

const fieldNumber = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom(2_047, 2_048, 18_999, 20_000, 2 ** 29 - 1),
);
const fieldType = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<string>(...SCALAR_NAMES) },
  { weight: 2, arbitrary: fc.constantFrom(...MESSAGES) },
  { weight: 1, arbitrary: fc.constantFrom(...ENUMS) },
);
const stem = fc.constantFrom(
  "name",
  "Value",
  "ID",
  "at",
  "bytes",
  "case",
  "URLPath",
  "x_1",
  "constructor",
  "end",
  "tag",
);

const field: fc.Arbitrary<DrawnField> = fc.record({
  kind: fc.constantFrom<DrawnField["kind"]>("plain", "plain", "optional", "repeated", "unpacked", "map", "oneof"),
  number: fieldNumber,
  type: fieldType,
  key: fc.constantFrom<string>(...KEY_NAMES),
  name: stem,
});

const fields = fc
  .uniqueArray(field, { maxLength: 7, selector: ({ number }) => number })
  .map((drawn) => drawn.map((each, i) => ({ ...each, name: `${each.name}${i}` })));

/** Draws files of three messages, which hold each other, and two enumerations. */
export function protosOf(): fc.Arbitrary<(index: number) => DrawnProto> {
  return fc.tuple(fields, fields, fields, fc.boolean()).map(([m0, m1, inner, hasPackage]) => (index) => {
    const id = `drawn_${index}`;
    const packageName = hasPackage ? `drawn.p${index}` : "";
    const lines = [
      'syntax = "proto3";',
      ...(hasPackage ? [`package ${packageName};`] : []),
      ...textOf("M0", m0, [...textOf("Inner", inner, [])]),
      ...textOf("M1", m1, ["enum E1 { ZERO = 0; MINUS = -5; }"]),
      "enum E0 { option allow_alias = true; NIL = 0; NONE = 0; LARGE = 2147483647; }",
    ];
    const prefix = packageName === "" ? "" : `${packageName}.`;
    const descriptor = create(FileDescriptorProtoSchema, {
      name: `${id}.proto`,
      package: packageName,
      syntax: "proto3",
      messageType: [
        {
          ...messageOf("M0", m0, prefix, "M0"),
          nestedType: [...entriesOf(m0, prefix), messageOf("Inner", inner, prefix, "M0.Inner", true)],
        },
        {
          ...messageOf("M1", m1, prefix, "M1"),
          nestedType: entriesOf(m1, prefix),
          enumType: [
            {
              name: "E1",
              value: [
                { name: "ZERO", number: 0 },
                { name: "MINUS", number: -5 },
              ],
            },
          ],
        },
      ],
      enumType: [
        {
          name: "E0",
          options: { allowAlias: true },
          value: [
            { name: "NIL", number: 0 },
            { name: "NONE", number: 0 },
            { name: "LARGE", number: 2 ** 31 - 1 },
          ],
        },
      ],
    });
    return { id, text: `${lines.join("\n")}\n`, descriptor };
  });
}

function textOf(name: string, drawn: readonly DrawnField[], more: readonly string[]): string[] {
  const declared = drawn.map(({ kind, type, number, key, name: called }) => {
    switch (kind) {
      case "optional":
        return `optional ${type} ${called} = ${number};`;
      case "repeated":
        return `repeated ${type} ${called} = ${number};`;
      case "unpacked":
        return `repeated ${type} ${called} = ${number}${isPackable(type) ? " [packed = false]" : ""};`;
      case "map":
        return `map<${key}, ${type}> ${called} = ${number};`;
      default:
        return `${type} ${called} = ${number};`;
    }
  });
  const [inside, outside] = [
    declared.filter((_, i) => drawn[i]!.kind === "oneof"),
    declared.filter((_, i) => drawn[i]!.kind !== "oneof"),
  ];
  const choice = inside.length === 0 ? [] : ["oneof one_of_them {", ...inside.map((line) => `  ${line}`), "}"];
  return [`message ${name} { // ${name}`, ...[...more, ...outside, ...choice].map((line) => `  ${line}`), "}"];
}

function isPackable(type: string): boolean {
  return type !== "string" && type !== "bytes" && !MESSAGES.includes(type);
}

function typeOf(type: string, prefix: string): { type: Type; typeName?: string } {
  if (MESSAGES.includes(type)) return { type: Type.MESSAGE, typeName: `.${prefix}${type}` };
  if (ENUMS.includes(type)) return { type: Type.ENUM, typeName: `.${prefix}${type}` };
  return { type: SCALARS[type as keyof typeof SCALARS] };
}

function entryName(name: string): string {
  const words = name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Entry`;
}

function entriesOf(drawn: readonly DrawnField[], prefix: string): object[] {
  return drawn
    .filter(({ kind }) => kind === "map")
    .map(({ name, key, type }) => ({
      name: entryName(name),
      options: { mapEntry: true },
      field: [
        { name: "key", number: 1, label: Label.OPTIONAL, ...typeOf(key, prefix) },
        { name: "value", number: 2, label: Label.OPTIONAL, ...typeOf(type, prefix) },
      ],
    }));
}

function messageOf(
  name: string,
  drawn: readonly DrawnField[],
  prefix: string,
  path: string,
  hasEntries = false,
): object {
  const hasChoice = drawn.some(({ kind }) => kind === "oneof");
  const optionals = drawn.filter(({ kind }) => kind === "optional");
  return {
    name,
    field: drawn.map(({ kind, number, name: called, type }) => {
      const common = { name: called, number, label: Label.OPTIONAL, ...typeOf(type, prefix) };
      switch (kind) {
        case "optional": {
          const oneofIndex = (hasChoice ? 1 : 0) + optionals.findIndex((each) => each.name === called);
          return { ...common, proto3Optional: true, oneofIndex };
        }
        case "repeated":
          return { ...common, label: Label.REPEATED };
        case "unpacked":
          return { ...common, label: Label.REPEATED, ...(isPackable(type) ? { options: { packed: false } } : {}) };
        case "map":
          return {
            ...common,
            label: Label.REPEATED,
            type: Type.MESSAGE,
            typeName: `.${prefix}${path}.${entryName(called)}`,
          };
        case "oneof":
          return { ...common, oneofIndex: 0 };
        default:
          return common;
      }
    }),
    oneofDecl: [
      ...(hasChoice ? [{ name: "one_of_them" }] : []),
      ...optionals.map((each) => ({ name: `_${each.name}` })),
    ],
    nestedType: hasEntries ? entriesOf(drawn, prefix) : [],
  };
}
