/** The JSON Schema of spec files, by which editors complete and check them: which key stands where, with what value. */
import { CODEC_FORMS, DISPLAYS } from "./ir.js";
import { OWN_KEYS, UNDERSTOOD, UNSUPPORTED } from "./keys.js";

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: "string" };
const TEXTS: Schema = { type: ["string", "array"], items: TEXT };
const FLAG: Schema = { type: "boolean" };
const INTEGER: Schema = { type: "integer" };
const BYTE: Schema = { type: "integer", minimum: 0, maximum: 255 };
const EXPRESSION: Schema = { type: ["string", "number", "boolean"] };
const ID: Schema = { type: "string", pattern: "^[a-z][a-z0-9_]*$" };
const ORDER: Schema = { enum: ["be", "le"] };
const ref = (place: string): Schema => ({ $ref: `#/$defs/${place}` });
const listOf = (items: Schema): Schema => ({ type: "array", items });
const mapOf = (value: Schema): Schema => ({
  type: "object",
  propertyNames: { pattern: "^[a-z][a-z0-9_]*$" },
  additionalProperties: value,
});
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });

/** What every map of a spec may say about itself. */
const DOC = { doc: TEXT, "doc-ref": TEXTS, "-spec": TEXT };

/** What attributes and instances have in common. */
const VALUE = {
  type: { anyOf: [TEXT, ref("choice")] },
  contents: { anyOf: [TEXT, BYTE, listOf({ anyOf: [TEXT, BYTE] })] },
  size: EXPRESSION,
  "size-eos": FLAG,
  repeat: oneOf("expr", "eos", "until"),
  "repeat-expr": EXPRESSION,
  "repeat-until": EXPRESSION,
  if: EXPRESSION,
  encoding: TEXT,
  enum: TEXT,
  valid: { anyOf: [EXPRESSION, ref("valid")] },
  process: TEXT,
  terminator: { anyOf: [BYTE, listOf(BYTE)] },
  consume: FLAG,
  include: FLAG,
  "eos-error": FLAG,
  "pad-right": BYTE,
  parent: { type: ["string", "boolean"] },
  io: EXPRESSION,
  ...DOC,
};

/** The keys of a type, and of the file, which is one as well. */
const TYPE = {
  params: listOf(ref("param")),
  seq: listOf(ref("attribute")),
  types: mapOf(ref("type")),
  enums: mapOf(ref("enum")),
  instances: mapOf(ref("instance")),
  "to-string": EXPRESSION,
  "-varint": oneOf("leb128", "protobuf", "mqtt", "vlq"),
  "-u64": oneOf("number", "bigint"),
  "-columns": FLAG,
  "-forms": { type: "array", items: oneOf(...CODEC_FORMS), uniqueItems: true },
  "-open": FLAG,
  "-kind": ID,
  ...DOC,
};

const ORDERS = { endian: { anyOf: [ORDER, ref("choice")] }, "bit-endian": ORDER, encoding: TEXT };

/** The values of all keys, at each place that has some. Keys that are not supported are left out of the schema. */
const PLACES: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  spec: { meta: ref("meta"), ...TYPE },
  meta: {
    id: ID,
    title: TEXT,
    application: TEXTS,
    "file-extension": TEXTS,
    xref: { type: "object" },
    tags: listOf(TEXT),
    license: TEXT,
    "ks-version": { type: ["string", "number"] },
    "ks-debug": FLAG,
    "ks-opaque-types": FLAG,
    imports: listOf(TEXT),
    ...ORDERS,
    "-spec": TEXT,
  },
  type: { meta: ref("orders"), ...TYPE },
  orders: ORDERS,
  param: { id: ID, type: TEXT, enum: TEXT, ...DOC },
  attribute: {
    id: ID,
    "default-id": ID,
    ...VALUE,
    "-derive": { anyOf: [TEXT, ref("crc16")] },
    "-default": { type: ["integer", "string", "boolean", "array"], items: BYTE },
    "-min": INTEGER,
    "-max": INTEGER,
    "-display": oneOf(...DISPLAYS),
    "-secret": FLAG,
    "-u64": oneOf("number", "bigint"),
    "-open": FLAG,
    "-proto": TEXT,
  },
  instance: {
    value: EXPRESSION,
    pos: EXPRESSION,
    ...VALUE,
    "-secret": FLAG,
    "-u64": oneOf("number", "bigint"),
    "-open": FLAG,
  },
  choice: { "switch-on": EXPRESSION, cases: { type: "object", additionalProperties: TEXT } },
  valid: {
    eq: EXPRESSION,
    min: EXPRESSION,
    max: EXPRESSION,
    "any-of": listOf(EXPRESSION),
    "in-enum": FLAG,
    expr: EXPRESSION,
  },
  value: { id: ID, "-display": TEXT, ...DOC },
  enumeration: { type: { type: "string", pattern: "^(?:[us][1248]|b[0-9]{1,2})$" }, values: ref("values"), ...DOC },
};

/** The keys that a map cannot do without. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  spec: ["meta"],
  meta: ["id"],
  param: ["id"],
  choice: ["switch-on", "cases"],
  value: ["id"],
  enumeration: ["type", "values"],
};

/**
 * The schema, of draft 7, as editors take it.
 * @throws TypeError for a key of the language that stands at no place here
 */
export function specSchema(): object {
  const placed = new Set(Object.values(PLACES).flatMap((keys) => Object.keys(keys)));
  const missing = [...Object.keys(OWN_KEYS), ...UNDERSTOOD].filter((key) => !placed.has(key));
  if (missing.length > 0) throw new TypeError(`the schema of specs says nothing of ${missing.join(", ")}`);
  const defs = Object.entries(PLACES).map(([place, keys]) => [place, mapSchema(place, keys)] as const);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A spec of specwire",
    description: "A Kaitai Struct file with the keys that specwire understands (KEYS.md).",
    ...ref("spec"),
    $defs: {
      ...Object.fromEntries(defs),
      // Its names are those of parameters of an algorithm, and no keys of the language.
      crc16: {
        type: "object",
        properties: { crc16: INTEGER, init: INTEGER, xor: INTEGER, reflect: FLAG, over: listOf(TEXT) },
        required: ["crc16"],
        additionalProperties: false,
      },
      enum: { anyOf: [ref("values"), ref("enumeration")] },
      values: {
        type: "object",
        propertyNames: { pattern: "^-?(?:0|[1-9][0-9]*|0x[0-9a-fA-F]+)$" },
        additionalProperties: { anyOf: [ID, ref("value")] },
      },
    },
  };
}

function mapSchema(place: string, keys: Readonly<Record<string, Schema>>): Schema {
  const entries = Object.entries(keys).filter(([key]) => !Object.hasOwn(UNSUPPORTED, key));
  const required = REQUIRED[place];
  // Keys of other tools begin with a dash as ours do; a typing mistake in one of ours is none of theirs.
  const foreign = `^-(?!${mistaken(Object.keys(OWN_KEYS).map((key) => key.slice(1)))}$)`;
  return {
    type: "object",
    properties: Object.fromEntries(entries.map(([key, value]) => [key, described(key, value)])),
    patternProperties: { [foreign]: true },
    ...(required === undefined ? {} : { required }),
    additionalProperties: false,
  };
}

function described(key: string, value: Schema): Schema {
  const own = OWN_KEYS[key];
  return own === undefined ? value : { description: `${own.says}. For example: ${own.example}`, ...value };
}

/** A pattern of words, and of those that one letter more, less, other or swapped makes of them. */
function mistaken(words: readonly string[]): string {
  const near = words.flatMap((word) =>
    [...word].flatMap((letter, i) => {
      const [before, after] = [word.slice(0, i), word.slice(i + 1)];
      return [
        `${before}.?${after}`,
        `${before}.${letter}${after}`,
        `${before}${after[0] ?? ""}${letter}${after.slice(1)}`,
      ];
    }),
  );
  return `(?:${[...new Set(near), ...words.map((word) => `${word}.`)].join("|")})`;
}
