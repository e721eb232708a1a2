/** Specs that other compilers take, or refuse for another reason: each is told what is wrong with it, or works. */
import { describe, expect, it } from "vitest";
import { REFUSED } from "../../src/gen/refused.js";
import { compile } from "./refusals.js";

const head = (meta = ""): string => `meta: {id: a, endian: be${meta}}\n`;

describe("A spec", () => {
  it.each([
    ["names an instance in capitals", `${head()}instances: {BAD: {value: 1}}`, /^a\.ksy:2 'BAD' is no name/],
    ["has a text of no 'seq'", `${head()}to-string: '"all"'`, /compiles/],
    ["has a text that is a number", `${head()}to-string: 1 + 2`, /^a\.ksy:2 'to-string' is a text/],
    ["decides an order by nothing", "meta: {id: a, endian: {switch-on: q, cases: {1: be}}}", /'q' is no attribute/],
    ["decides by an unknown case", "meta: {id: a, endian: {switch-on: 1, cases: {q: be}}}", /'q' is no attribute/],
    ["has a rule that is a number", `${head()}seq: [{id: x, type: u1, valid: {expr: 5}}]`, /true or false is needed/],
    ["has a case of a text", choice('"x"'), /^a\.ksy:2 '"x"' is no integer, and no value of an enumeration/],
    ["says its size twice", `${head()}seq: [{id: x, contents: AB, size: 2}]`, /compiles/],
    ["says another size", `${head()}seq: [{id: x, contents: AB, size: 3}]`, /^a\.ksy:2 the 'contents' have 2 bytes/],
    [
      "joins by another sign",
      computed("x == 1 && x == 2"),
      /column 8 of the expression: '&&' is no operator; 'and' is/,
    ],
    ["chooses by another sign", computed("x == 1 || x == 2"), /'\|\|' is no operator; 'or' is/],
    ["denies by another sign", computed("!(x == 1)"), /'!' is no operator; 'not' is/],
    ["compares by another sign", computed("x = 1"), /'=' is no operator; '==' is/],
    [
      "chooses without quotes",
      `${head()}seq:\n- {id: x, type: u1}\ninstances:\n  y:\n    value: x == 1 ? 2 : 3`,
      /^a\.ksy:6 .*; an expression with ': ' or '\[' in it stands in quotes$/,
    ],
    [
      "asks for an item without quotes",
      `${head()}seq:\n- {id: x, type: u1, repeat: eos}\ninstances: {y: {value: x[0]}}`,
      /^a\.ksy:4 .*; an expression with ': ' or '\[' in it stands in quotes$/,
    ],
    ["is present by the size of its stream", `${head()}seq: [{id: x, type: u2, if: _io.size > 4}]`, /compiles/],
    [
      "limits an integer beside an instance",
      `${head()}seq: [{id: x, type: u1, -max: 8}]\ninstances: {y: {value: x}}`,
      /compiles/,
    ],
    [
      "limits bytes beside an instance",
      `${head()}seq: [{id: x, size-eos: true, -max: 8}]\ninstances: {y: {value: 1}}`,
      /'-max' has no meaning on an attribute of a general type/,
    ],
    [
      "measures what nothing takes its size from",
      `${head()}seq: [{id: n, type: u1, -derive: sizeof(x)}, {id: x, size: 4}]`,
      /'x' does not take its size from this field in this way; '-derive/,
    ],
  ])("%s", (_, text, expected) => {
    expect(compile({ "a.ksy": text })).toMatch(expected);
  });

  it.each(["0.11", "0.12", "0.9.1", "'0.10'"])("of version %s is read", (version) => {
    expect(compile({ "a.ksy": head(`, ks-version: ${version}`) })).toBe("compiles");
  });

  it("of another version is refused", () => {
    const told = (version: string): string => compile({ "a.ksy": head(`, ks-version: ${version}`) });
    expect(told("99.1")).toMatch(/^a\.ksy:1 'ks-version: 99\.1' is not supported, because/);
    expect(told("1.0.0")).toMatch(/^a\.ksy:1 'ks-version: 1\.0\.0' is not supported, because/);
    expect(told("0.7f")).toMatch(/^a\.ksy:1 '0\.7f' is no version/);
  });
});

describe("What other compilers take is refused with a way round", () => {
  it.each<[keyof typeof REFUSED, string]>([
    ["oneName", "seq: [{id: a_b, type: u1}, {id: a__b, type: u1}]"],
    ["oneName", "seq: [{id: x, type: u1}]\ntypes: {a: {seq: [{id: x, type: u1}]}}"],
    ["oneName", "types: {t: {types: {u: {}}, seq: [{id: x, type: u1}]}, t_u: {}}"],
    ["oneName", "seq: [{id: x, type: u1}]\nenums: {e: {1: a_b, 2: a__b}}"],
    ["neededName", "types: {uint8_array: {seq: [{id: x, type: u1}]}}\nseq: [{id: x, type: u1}]"],
    ["inherited", "seq: [{id: constructor, type: u1}]"],
    [
      "kindField",
      "seq: [{id: n, type: u1}, {id: x, type: {switch-on: n, cases: {1: t}}}]\ntypes: {t: {seq: [{id: kind, type: u1}]}}",
    ],
    ["impossible", "seq: [{id: x, type: u1, valid: 300}]"],
    ["impossible", "seq: [{id: n, type: u1}, {id: x, type: {switch-on: n, cases: {300: u1}}}]"],
    ["impossible", "seq: [{id: x, type: u1, valid: {min: 2, max: 1}}]"],
    ["endless", "seq: [{id: x, type: a}]"],
    ["emptyEnum", "enums: {e: {}}"],
    ["behindEnd", "seq: [{id: x, size-eos: true}, {id: y, type: u1}]"],
    ["whereStreamIs", "instances: {x: {type: u1}}"],
    ["noMeaning", "seq: [{id: x, size: 3, include: true}]"],
    ["noMeaning", "seq: [{id: x, terminator: 1, pad-right: 1}]"],
    ["noMeaning", "seq: [{id: x, type: u1, terminator: 1}]"],
  ])("%s: %s", (feature, text) => {
    const { because, instead } = REFUSED[feature];
    const plain = (part: string): string => part.replaceAll("`", "'");
    expect(compile({ "a.ksy": head() + text })).toMatch(/ is not supported, because /);
    expect(compile({ "a.ksy": head() + text })).toContain(`${plain(because)}; ${plain(instead)}`);
  });
});

function choice(key: string): string {
  return `${head()}seq: [{id: n, type: u1}, {id: x, type: {switch-on: n, cases: {'${key}': u1, 1: u2}}, if: n == 1}]`;
}

function computed(value: string): string {
  return `${head()}seq: [{id: x, type: u1}]\ninstances: {y: {value: '${value}'}}`;
}
