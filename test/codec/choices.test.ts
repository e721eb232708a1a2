/** Formats that are a choice of variants, told apart by a tag. */
import { sample } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { listFormats } from "../../src/gen/catalogue/index.js";
import { camel, pascal, upper } from "../../src/gen/names.js";
import { ALL_FORMS } from "../support/all-forms.js";
import { arbitraryOf } from "../support/arbitrary.js";
import { loadEmitted, type Emitted } from "../support/generate.js";

/** Every built-in format that is a choice of variants. */
const CHOICES = listFormats().filter(({ type }) => type.body.shape === "union");

type Value = Record<string, unknown>;
type Encode = (value: unknown) => Uint8Array;
type Write = (value: unknown, target: unknown, at: number) => number;
type Decode = (bytes: Uint8Array) => Value;

const ROOM_BYTES = 4096;

describe.each(CHOICES.map(({ module, type }) => [type.format, ALL_FORMS[module.package]!, type] as const))(
  "%s",
  (_, emitted, type) => {
    const body = type.body as Extract<typeof type.body, { shape: "union" }>;
    const tag = camel(body.tag.name);
    const name = pascal(type.name);
    const drawn = sample(arbitraryOf(type, false), { numRuns: 200, seed: 12 }).map(({ value }) => value);
    const encode = emitted[`encode${name}`] as Encode;
    const decode = emitted[`decode${name}`] as Decode;

    it("has defaults that are read as the kind that they name", () => {
      for (const { kind, type: variant } of body.variants) {
        const defaults = emitted[`${upper(variant.name)}_DEFAULTS`] as Value;
        expect(defaults["kind"]).toBe(kind);
        const values = drawn.filter((value) => value["kind"] === kind);
        expect(values.length).toBeGreaterThan(20);
        for (const value of values) expect(decode(encode({ ...value, ...defaults }))["kind"]).toBe(kind);
      }
    });

    it("refuses the tag of another kind, to write it and to read it", () => {
      for (const value of drawn) {
        const variant = body.variants.find(({ kind }) => kind === value["kind"])!;
        const other = drawn.find(({ kind }) => kind !== value["kind"])!;
        const title = pascal(variant.type.name);
        const wrong = { ...value, [tag]: other[tag] };
        const refusal = expect.objectContaining({ name: "WireError", code: "kind", path: tag }) as Error;
        const view = new DataView(new ArrayBuffer(ROOM_BYTES));
        for (const each of [name, title]) {
          expect(() => (emitted[`encode${each}`] as Encode)(wrong)).toThrow(refusal);
          expect(() => (emitted[`encode${each}Into`] as Write)(wrong, new Uint8Array(ROOM_BYTES), 0)).toThrow(refusal);
          expect(() => (emitted[`encode${each}IntoView`] as Write)(wrong, view, 0)).toThrow(refusal);
        }
        const bytes = encode(value);
        bytes[body.tag.offset] = other[tag] as number;
        expect(() => (emitted[`decode${title}`] as Decode)(bytes)).toThrow(refusal);
        const Reader = emitted[`${title}Reader`] as new () => { wrap: Decode };
        expect(() => new Reader().wrap(bytes)).toThrow(refusal);
      }
    });
  },
);

it("there is a built-in choice to try", () => expect(CHOICES.length).toBeGreaterThan(0));

describe("a choice of a user's spec", () => {
  let codecs: Emitted;
  beforeAll(async () => ({ codecs } = await loadEmitted("test/gen/user.ksy")));

  it("has the only value of each tag among the defaults", () => {
    expect(codecs["COMMAND_START_DEFAULTS"]).toEqual({ kind: "start", kindCode: 1 });
    const halt = { kind: "halt", kindCode: 7, length: 3, reason: [9] };
    expect(codecs["decodeCommand"]!(codecs["encodeCommand"]!(halt))).toEqual(halt);
    expect(() => codecs["encodeCommand"]!({ ...halt, kindCode: 1 })).toThrow("one of 7, got 1");
  });
});
