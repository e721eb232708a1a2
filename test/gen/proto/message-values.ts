/** Drawn values of protobuf messages, by their layouts. */
import * as fc from "fast-check";
import type { Message, MessageField, MessageValue, Module, Scalar, TypeRef } from "../../../src/gen/ir.js";
import { Messages } from "../../../src/gen/messages.js";

const INT32: readonly number[] = [0, 1, -1, 127, 128, 2 ** 31 - 1, -(2 ** 31)];
const UINT32: readonly number[] = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 - 1];
const INT64: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n ** 31n,
  -(2n ** 31n),
  2n ** 53n,
  -(2n ** 53n),
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const UINT64: readonly bigint[] = [0n, 1n, 2n ** 32n, 2n ** 35n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

const bytes = fc.uint8Array({ maxLength: 6 });
const text = fc.string({ unit: "grapheme", maxLength: 5 }).filter((drawn) => !/\p{Surrogate}|^__proto__$/u.test(drawn));

/** Values of one scalar, those at its limits more often. */
function scalarOf(scalar: Scalar): fc.Arbitrary<unknown> {
  switch (scalar) {
    case "bool":
      return fc.boolean();
    case "string":
      return fc.oneof(text, fc.string({ minLength: 120, maxLength: 140 }));
    case "bytes":
      return fc.oneof(bytes, fc.uint8Array({ minLength: 120, maxLength: 140 }));
    case "float":
      return fc.oneof(fc.constantFrom(0, -0, 1.5, Infinity), fc.float({ noNaN: true }));
    case "double":
      return fc.oneof(fc.constantFrom(0, -0, NaN, -Infinity), fc.double());
    case "uint32":
    case "fixed32":
      return fc.oneof(fc.constantFrom(...UINT32), fc.nat({ max: 0x7fffffff }));
    case "uint64":
    case "fixed64":
      return fc.oneof(fc.constantFrom(...UINT64), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
    case "int64":
    case "sint64":
    case "sfixed64":
      return fc.oneof(fc.constantFrom(...INT64), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
    default:
      return fc.oneof(fc.constantFrom(...INT32), fc.integer());
  }
}

/** Values of a message in the form with bigints: all of their fields, as a decoder gives them. */
export function messageValues(module: Module, ref: TypeRef, depth = 3): fc.Arbitrary<Record<string, unknown>> {
  return messageOf(new Messages(module), ref, depth);
}

function messageOf(messages: Messages, ref: TypeRef, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const { fields } = messages.get(ref);
  const members: Record<string, fc.Arbitrary<unknown>> = { $unknown: fc.constant(undefined) };
  for (const field of fields) {
    if (field.oneof === null) members[field.key] = fieldOf(messages, field, depth);
    else members[field.oneof] ??= choiceOf(messages, fields, field.oneof, depth);
  }
  return fc.record(members, { noNullPrototype: true });
}

function choiceOf(messages: Messages, fields: Message["fields"], oneof: string, depth: number): fc.Arbitrary<unknown> {
  const cases = fields
    .filter((field) => field.oneof === oneof && (field.value.is !== "message" || depth > 0))
    .map(({ key, value }) =>
      fc.record({ case: fc.constant(key), value: valueOf(messages, value, depth) }, { noNullPrototype: true }),
    );
  return fc.oneof(fc.constant(undefined), ...cases);
}

function fieldOf(messages: Messages, field: MessageField, depth: number): fc.Arbitrary<unknown> {
  const isDeep = field.value.is === "message" && depth === 0;
  switch (field.label) {
    case "map":
      if (isDeep) return fc.constant(new Map());
      return fc
        .array(fc.tuple(scalarOf(field.mapKey!), valueOf(messages, field.value, depth)), { maxLength: 3 })
        .map((entries) => new Map(entries));
    case "repeated":
      return isDeep ? fc.constant([]) : fc.array(valueOf(messages, field.value, depth), { maxLength: 3 });
    case "optional":
      return isDeep ? fc.constant(undefined) : fc.option(valueOf(messages, field.value, depth), { nil: undefined });
    case "singular":
      return valueOf(messages, field.value, depth);
  }
}

function valueOf(messages: Messages, value: MessageValue, depth: number): fc.Arbitrary<unknown> {
  if (value.is === "enum") return fc.oneof(fc.constantFrom(0, 7, -1, 99), fc.integer());
  return value.is === "scalar" ? scalarOf(value.scalar) : messageOf(messages, value.message, depth - 1);
}
