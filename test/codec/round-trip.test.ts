/** Round trips of drawn values through every form of every codec. */
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalBytes } from "../../src/bytes/index.js";
import { isImplied, type Block, type Field, type Item } from "../../src/gen/ir.js";
import { camel, pascal } from "../../src/gen/names.js";
import type { Drawn } from "../support/arbitrary.js";
import { FUNCTIONS, refusalOf, type Functions, type Reader } from "../support/functions.js";

const RUNS = { numRuns: 200, seed: 1 };
const GUARD = 0xa5;

/** The blocks of the variant that a value is of. */
function blocksOf({ type }: Functions, value: Drawn["value"]): readonly Block[] {
  if (type.body.shape === "plain") return type.body.blocks;
  const body = type.body.variants.find(({ kind }) => kind === value["kind"])!.type.body;
  return body.shape === "plain" ? body.blocks : [];
}

/** What a reader gives of one block, in the shape that it has in a value. */
function readBlock(reader: Reader, block: Block): Drawn["value"] {
  if (block.block === "fixed") return readFields(reader, "", block.fields);
  if (block.block === "piece") throw new TypeError("no reader reads pieces");
  const name = camel(block.name);
  if (block.block === "bytes") return { [name]: reader[name] };
  const count = reader[`countOf${pascal(block.name)}`] as number;
  return { [name]: readItems(reader, name, block.block === "bits" ? undefined : block.item, count) };
}

/** Fields that a reader has: nested ones have the names of their groups before their own. */
function readFields(reader: Reader, group: string, fields: readonly Field[]): Drawn["value"] {
  const entries = fields.map((field): [string, unknown] => {
    const own = camel(field.name);
    const name = group === "" ? own : group + pascal(field.name);
    if (field.kind === "struct") return [own, readFields(reader, name, field.fields)];
    return [own, field.kind === "array" ? readItems(reader, name, field.item, field.count) : reader[name]];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function readItems(reader: Reader, name: string, item: Item | undefined, count: number): unknown[] {
  const read = (getter: string, i: number): unknown => (reader[getter] as (i: number) => unknown).call(reader, i);
  return Array.from({ length: count }, (_, i) => {
    if (item === undefined || item.type === null) return read(name, i);
    const held = item.fields.filter((field) => !isImplied(field));
    return Object.fromEntries(held.map((field) => [camel(field.name), read(name + pascal(field.name), i)]));
  });
}

describe.each(FUNCTIONS)("$name", (functions) => {
  const { type, values, tryDecode, decode, length, encode, encodeInto, encodeIntoView, peek, Reader } = functions;
  const paramsOf = ({ params }: Drawn): number[] => type.params.map(({ name }) => params[name]!);

  it("reads what it has written, and writes that again to the byte", () => {
    fc.assert(
      fc.property(values, (drawn) => {
        const bytes = encode(drawn.value);
        const read = decode(bytes, ...paramsOf(drawn));
        expect(isDeepStrictEqual(read, drawn.value)).toBe(true);
        expect(equalBytes(encode(read), bytes)).toBe(true);
        expect(length(drawn.value)).toBe(bytes.length);
      }),
      RUNS,
    );
  });

  it("does the same at any place of a larger buffer, and touches nothing else", () => {
    fc.assert(
      fc.property(values, fc.nat(9), fc.nat(9), (drawn, before, after) => {
        const bytes = encode(drawn.value);
        const end = before + bytes.length;
        const around = new Uint8Array(end + after).fill(GUARD);
        around.set(bytes, before);
        const [into, viewed] = [0, 1].map(() => new Uint8Array(around.length).fill(GUARD)) as [Uint8Array, Uint8Array];
        expect(encodeInto(drawn.value, into, before)).toBe(end);
        expect(encodeIntoView(drawn.value, new DataView(viewed.buffer), before)).toBe(end);
        expect(equalBytes(into, around) && equalBytes(viewed, around)).toBe(true);
        const params = paramsOf(drawn);
        expect(tryDecode(around, ...params, before, end)).toEqual(tryDecode(bytes, ...params));
        if (peek !== undefined) expect(peek(around, ...params, before, end)).toBe(bytes.length);
        expect(refusalOf(() => encodeInto(drawn.value, into.subarray(0, end), before + 1))).toBe("space");
      }),
      RUNS,
    );
  });

  it("has a reader that gives what the decoder gives", () => {
    fc.assert(
      fc.property(values, (drawn) => {
        const wrapped = new Reader().tryWrap(encode(drawn.value), ...paramsOf(drawn));
        if (!wrapped.ok) return expect.fail(JSON.stringify(wrapped.error));
        const read: Drawn["value"] = {};
        for (const block of blocksOf(functions, drawn.value)) {
          Object.assign(read, readBlock(wrapped.value, block));
        }
        const { kind, nonce, ...others } = drawn.value;
        if (type.body.shape === "union") {
          // The reader of a choice has what its variants have alike; the sizes of this one differ.
          expect(wrapped.value["kind"]).toBe(kind);
          expect(read).toEqual(others);
        } else {
          expect(read).toEqual(nonce === undefined ? others : { ...others, nonce });
        }
      }),
      RUNS,
    );
  });
});
