/** Enumerations: what their values are compared with, and the type of integers that they may say. */
import { describe, expect, it } from "vitest";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";
import { compile, META } from "./refusals.js";

const PETS = "enums: {pet: {1: cat, 2: dog}, size: {1: small}}\n";
const READ = "seq:\n- {id: x, type: u1, enum: pet}\n";

const told = (text: string): string => compile({ "a.ksy": META + text });

describe("An enumerated value is compared", () => {
  it.each([
    ["its own", "x == pet::dog", /compiles/],
    ["itself", "x != x", /compiles/],
    ["a number", "x == 2", /^a\.ksy:4 '==' compares a value of an enumeration with what is none of it/],
    ["one of another enumeration", "x == size::small", /^a\.ksy:4 '==' compares a value of an enumeration/],
    ["what it is less than", "x < pet::dog", /^a\.ksy:4 '<' does not order values of an enumeration/],
    ["its number", "x.to_i < 2", /compiles/],
  ])("with %s", (_, test, expected) => {
    expect(told(`${READ}- {id: y, type: u1, if: '${test}'}\n${PETS}`)).toMatch(expected);
  });

  it.each([
    ["its own", "x == pet::dog", /compiles/],
    ["a number", "x == 2", /^a\.ksy:4 .*does not compare a value of 'pet' with an integer/],
    ["one of another enumeration", "x == size::small", /^a\.ksy:4 .*a value of 'pet' with a value of 'size'/],
    ["what it is less than", "x < pet::dog", /^a\.ksy:4 .*'<' does not order enumerated values; compare their 'to_i'/],
  ])("with %s, in an instance", (_, test, expected) => {
    expect(told(`${READ}instances: {y: {value: '${test}'}}\n${PETS}`)).toMatch(expected);
  });

  it("with cases and rules of its enumeration", () => {
    const choice = (key: string): string =>
      told(`${READ}- {id: y, type: {switch-on: x, cases: {'${key}': strz}}, encoding: ASCII}\n${PETS}`);
    expect(choice("pet::cat")).toBe("compiles");
    expect(choice("size::small")).toMatch(/^a\.ksy:4 a case of a value of 'pet' is not a value of 'size'/);
    expect(choice("1")).toMatch(/^a\.ksy:4 a case of a value of 'pet' is not an integer/);
  });
});

describe("An enumeration", () => {
  it.each([
    ["a float", "instances: {y: {value: 1.5, enum: pet}}", /^a\.ksy:2 an 'enum' names integers, and a float is none/],
    ["bytes", "seq: [{id: y, terminator: 0, enum: pet}]", /^a\.ksy:2 an 'enum' names integers, and a run of bytes/],
    ["a type", "seq: [{id: y, type: t, enum: pet}]\ntypes: {t: {}}", /^a\.ksy:2 an 'enum' names integers, and 't'/],
  ])("does not name %s", (_, text, expected) => {
    expect(told(`${text}\n${PETS}`)).toMatch(expected);
  });

  it("says the type of its values, and emits the same", () => {
    const emitted = (enums: string): string => {
      const read = (): string => `${META}${READ}enums: {pet: ${enums}}`;
      const [{ module, source }] = compileSpec("a.ksy", read) as [ReturnType<typeof compileSpec>[0]];
      const text = emitTypeScript(module, { runtime: "r", moduleFile: (id) => id, source });
      // The first line has the sum of the spec.
      return text.slice(text.indexOf("\n"));
    };
    expect(emitted("{doc: Animals at home, type: u1, values: {1: cat, 2: dog}}")).toBe(emitted("{1: cat, 2: dog}"));
  });

  it.each([
    ["integers that it holds", "u1", "{type: b9, values: {1: cat}}", /compiles/],
    ["signed integers", "s1", "{type: u1, values: {1: cat}}", /^a\.ksy:3 .*not all 'u1', which 'pet' is of/],
    ["more bits", "u1", "{type: b7, values: {1: cat}}", /^a\.ksy:3 .*not all 'b7', which 'pet' is of/],
    ["a value beyond its type", "b1", "{type: b1, values: {2: cat}}", /^a\.ksy:4 2 is no 'b1', which 'pet' is of/],
    ["a negative one", "u1", "{type: u1, values: {-1: cat}}", /^a\.ksy:4 -1 is no 'u1'/],
    ["a float", "u1", "{type: f4, values: {1: cat}}", /^a\.ksy:4 'f4' is no integer without a byte order/],
    ["a byte order", "u1", "{type: u4le, values: {1: cat}}", /^a\.ksy:4 'u4le' is no integer without a byte order/],
    ["no type", "u1", "{values: {1: cat}}", /^a\.ksy:4 'type' is missing/],
    ["no values", "u1", "{type: u1}", /^a\.ksy:4 'values' is missing/],
    ["a key that it has not", "u1", "{type: u1, values: {1: cat}, foo: 1}", /^a\.ksy:4 'foo' is not a key/],
  ])("with a type takes %s", (_, type, text, expected) => {
    const spec = `seq:\n- {id: x, type: ${type}, enum: pet}\nenums: {pet: ${text}}`;
    expect(told(spec)).toMatch(expected);
    expect(told(`${spec}\ninstances: {y: {value: 1}}`)).toMatch(expected);
  });
});
