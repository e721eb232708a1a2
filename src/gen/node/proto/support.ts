/** What of the language of `.proto` files is understood, and what is refused: `spec/PROTO.md` has these tables. */

/** What is refused by name, and the way round. */
export const REFUSED = {
  proto2:
    'files begin with syntax = "proto3"; messages of proto2 files have presence, groups and extensions of their own',
  edition: 'files begin with syntax = "proto3"',
  required: "proto3 has no required fields; test for the field where the message is used",
  group: "declare a nested message with a field of its type; groups in bytes are kept as unknown fields",
  extensions: "proto3 has no extensions; reserve the numbers, and take what they carry from the unknown fields",
  extend: "extensions are for options of google.protobuf alone; add the field to the message",
  // Without the brackets it would be no property.
  ["__proto__"]:
    "objects of JavaScript cannot have a member of that name; call it otherwise, names are not on the wire",
} as const;
export type Refused = keyof typeof REFUSED;

/** What is understood, and what becomes of it. */
export const UNDERSTOOD: Readonly<Record<string, string>> = {
  "`int32`, `sint32`, `sfixed32`": "`number`, −2³¹ to 2³¹−1",
  "`uint32`, `fixed32`": "`number`, 0 to 2³²−1",
  "`int64`, `uint64`, `sint64`, `fixed64`, `sfixed64`":
    "`number` in `decodeT`, which refuses what is not exact; `bigint` in `decodeTBig`",
  "`float`, `double`, `bool`": "`number`, `number`, `boolean`",
  "`string`": "`string`; bytes that are no UTF-8 are refused, and so is half a surrogate pair",
  "`bytes`": "`Uint8Array`, a view of the bytes that were decoded",
  "`enum`": "a union of its numbers, open: unknown numbers are kept; a const object has the names",
  message: "an object, `undefined` where it is absent; two on the wire are merged",
  "`optional`": "the value, `undefined` where it is absent",
  "`repeated`": "a list; packed numbers are read where they are declared unpacked, and the reverse",
  "`map`": "a `ReadonlyMap`, written in its order",
  "`oneof`": "`{ case, value }`, `undefined` where none is set; the last one on the wire wins",
  "`import`":
    "files beside the first, below `-I`, and those of `google/protobuf` for Any, Duration, Empty, FieldMask, Struct, Timestamp and wrappers",
  "`reserved`": "fields may not take what is reserved",
  "`service`, options": "passed over",
  "unknown fields": "kept in `$unknown` and written again behind the known ones",
};
