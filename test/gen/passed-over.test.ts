/** What a spec says is understood or refused, never passed over. */
import { describe, expect, it } from "vitest";
import { compileSpec } from "../../src/gen/index.js";
import { REFUSED } from "../../src/gen/refused.js";
import { compile, META } from "./refusals.js";

/** What would be passed over, or taken for something else, were it not refused. */
const PASSED_OVER: [string, string, RegExp][] = [
  [
    "repeat-expr alone",
    "seq:\n- {id: x, type: u1, repeat-expr: 2}",
    /^a\.ksy:3 'repeat-expr' is not supported on an i/,
  ],
  [
    "a least number of a fixed number",
    "seq:\n- {id: x, type: u1, repeat: expr, repeat-expr: 2, -min: 1}",
    /3 '-min' has no/,
  ],
  ["a default of items", "seq:\n- {id: x, type: u1, repeat: eos, -default: 1}", /3 '-default' has no meaning on items/],
  [
    "-derive of items",
    "seq:\n- {id: x, type: u1, repeat: eos, -derive: sizeof(y)}",
    /3 '-derive' has no meaning on items/,
  ],
  [
    "a rule on text",
    "seq:\n- {id: x, type: str, size: 2, encoding: ASCII, valid: 5}",
    /3 a text is not compared with an integer/,
  ],
  [
    "a rule on bytes of any size",
    "seq:\n- {id: x, size-eos: true, valid: 5}",
    /3 a run of bytes is not compared with an/,
  ],
  ["a default of bytes", "seq:\n- {id: x, size: 1, -default: [1]}", /3 '-default' has no meaning on bytes/],
  ["a default of bytes of any size", "seq:\n- {id: x, size-eos: true, -default: [1]}", /3 '-default' has no meaning/],
  [
    "a secret text",
    "seq:\n- {id: x, type: str, size: 2, encoding: ASCII, -secret: true}",
    /3 '-secret' has no meaning on te/,
  ],
  [
    "a default text that does not fit",
    "seq:\n- {id: x, type: str, size: 2, encoding: ASCII, -default: aé}",
    /3 the default/,
  ],
  ["an encoding of bytes", "seq:\n- {id: x, size: 2, encoding: ASCII}", /3 'encoding' is not supported on bytes/],
  ["a type of a constant", "seq:\n- {id: x, type: u1, contents: [1]}", /3 'type' is not supported on constant bytes/],
  ["a constant of nothing", "seq:\n- {id: x, contents: []}", /3 'contents' of no bytes say nothing/],
  [
    "a secret of bits",
    "seq:\n- {id: x, type: b4, -secret: true}\n- {id: y, type: b4}",
    /3 '-secret' has no meaning on a bit/,
  ],
  [
    "-derive of bits",
    "seq:\n- {id: x, type: b4, -derive: sizeof(y)}\n- {id: y, type: b4}",
    /3 '-derive' has no meaning on a bit/,
  ],
  [
    "a rule on a group",
    "seq:\n- {id: x, type: t, valid: 1}\ntypes: {t: {seq: [{id: y, type: u1}]}}",
    /3 'valid' is not supp/,
  ],
  [
    "rules beside a choice",
    "seq:\n- {id: x, type: u1}\n- {id: y, -min: 1, type: {switch-on: x, cases: {1: t}}}\ntypes: {t: {seq: []}}",
    /^a\.ksy:4 '-min' has no meaning on a choice/,
  ],
  [
    "a choice with a safe integer",
    "seq:\n- {id: x, type: u1}\n- {id: y, type: {switch-on: x, cases: {1: t}}}\ntypes: {t: {seq: [{id: z, type: u8}]}}",
    /^a\.ksy:4 an integer of 8 bytes as a number.*make it '-u64: bigint'/,
  ],
  [
    "a choice on what has one value",
    "seq:\n- {id: x, type: u1, valid: 1}\n- {id: y, type: {switch-on: x, cases: {1: t}}}\ntypes: {t: {seq: []}}",
    /4 'x' has one value, which leaves no choice/,
  ],
  [
    "a case that looks like a number",
    "seq:\n- {id: x, type: u1}\n- {id: y, type: {switch-on: x, cases: {ff: t}}}\ntypes: {t: {seq: []}}",
    /4 'ff' is no integer/,
  ],
  [
    "a case that cannot be",
    "seq:\n- {id: x, type: u1}\n- {id: y, type: {switch-on: x, cases: {256: t}}}\ntypes: {t: {seq: []}}",
    /4 256 does not fit/,
  ],
  [
    "two cases of one value",
    "seq:\n- {id: x, type: u1}\n- {id: y, type: {switch-on: x, cases: {1: t, '0x1': t}}}\ntypes: {t: {seq: []}}",
    /4 the value 1 has a case already/,
  ],
  [
    "two types of one kind",
    "seq:\n- {id: x, type: u1}\n- {id: y, type: {switch-on: x, cases: {1: t, 2: k}}}\ntypes: {t: {-kind: k, seq: []}, k: {seq: []}}",
    /4 two types of this choice are of the kind 'k'/,
  ],
  [
    "a kind that is no name",
    "seq:\n- {id: x, type: u1}\n- {id: y, type: {switch-on: x, cases: {1: t}}}\ntypes: {t: {-kind: 'a b', seq: []}}",
    /5 'a b' is no name/,
  ],
  [
    "a kind of what closes no choice",
    "seq: [{id: x, type: u1}]\ntypes: {t: {-kind: k, seq: []}}",
    /3 '-kind' has no meaning/,
  ],
  [
    "columns of a choice",
    "seq:\n- {id: x, type: u1}\n- {id: y, type: {switch-on: x, cases: {1: t}}}\n-columns: true\ntypes: {t: {seq: []}}",
    /5 '-columns' has no meaning on a type with a choice/,
  ],
  [
    "a parameter that is no number",
    "params: [{id: n, type: str}]\nseq: [{id: x, size: n}]",
    /3 a number is needed here, not a text/,
  ],
  [
    "an unknown key of a type's meta",
    "seq: [{id: x, type: u1}]\ntypes: {t: {meta: {endien: le}, seq: []}}",
    /3 'endien' is not a key .*'endian' is/,
  ],
  [
    "meta of a file in a type",
    "seq: [{id: x, type: u1}]\ntypes: {t: {meta: {imports: [b]}, seq: []}}",
    /3 'imports' is not supported on/,
  ],
  [
    "a byte order that a field decides",
    "seq: [{id: x, type: u1}]\ntypes: {t: {meta: {endian: {switch-on: y, cases: {}}}, seq: []}}",
    /3 column 1 of the expression: 'y' is no attribute/,
  ],
  [
    "instances",
    "seq: [{id: x, type: u1}]\ninstances: {y: {type: u1}}",
    /3 an instance without 'value', 'pos' and 'io' that reads bytes is not supported/,
  ],
  ["text that ends with a zero", "seq:\n- {id: x, type: strz}", /^a\.ksy:3 a text needs an 'encoding'/],
  [
    "bits behind a bitmap",
    "seq:\n- {id: n, type: u1}\n- {id: x, type: b1, repeat: expr, repeat-expr: n}\n- {id: y, type: b8}",
    /5 a bit field right behind a bitmap is not supported, because .*; let a field/,
  ],
  [
    "a bitmap to the end",
    "seq:\n- {id: x, type: b1, repeat: eos}",
    /^a\.ksy:3 a bitmap that reaches to the end is not supported, because .*; give the number/,
  ],
  [
    "two words on half items",
    "seq:\n- {id: g, size: 0, valid: {expr: _io.size % 4 == 0}}\n- {id: h, size: 0, valid: {expr: _io.size % 2 == 0}}\n- {id: y, type: u4, repeat: eos}",
    /^a\.ksy:4 a type says once/,
  ],
  [
    "a rule with two rules",
    "seq:\n- {id: x, type: u1, valid: {eq: 1, min: 0}}",
    /^a\.ksy:3 'valid' with two rules is not supported, because .*; join them in/,
  ],
  [
    "a name that is asked of no enumeration",
    "seq:\n- {id: x, type: u1, valid: {in-enum: true}}",
    /3 'in-enum' is true, on an integer with an 'enum'/,
  ],
  [
    "-min beside one value",
    "seq:\n- {id: x, type: u1, valid: 5, -min: 3}",
    /^a\.ksy:3 'valid' leaves one value already/,
  ],
  [
    "a default against the rule",
    "seq:\n- {id: x, type: u1, valid: {max: 5}, -default: 6}",
    /3 the default 6 is not allowed/,
  ],
  [
    "a default of what is derived",
    "seq:\n- {id: n, type: u1, -default: 1}\n- {id: y, size: n}",
    /^a\.ksy:3 '-default' has no meaning on a field that is der/,
  ],
  [
    "a rule on a checksum",
    "seq:\n- {id: y, size: 4}\n- {id: c, type: u4, -derive: crc32(y), valid: 5}",
    /^a\.ksy:4 a checksum takes no rule/,
  ],
  [
    "nothing between least and greatest",
    "seq:\n- {id: x, size-eos: true, -min: 5, -max: 4}",
    /^a\.ksy:3 nothing is at least 5/,
  ],
  [
    "leading zeros",
    "seq:\n- {id: x, type: u1, valid: 010}",
    /^a\.ksy:3 '010' as an integer is not supported, because readers of YAML/,
  ],
  [
    "columns of constants",
    "seq:\n- {id: x, contents: [1]}\n-columns: true",
    /^a\.ksy:1 columns need a field that is no constant/,
  ],
  ["one value named twice", "seq: [{id: x, type: u1}]\nenums: {e: {1: a, '0x1': b}}", /3 the value 1 is named already/],
  [
    "named values that become one",
    "seq: [{id: x, type: u1}]\nenums: {e: {1: a_b, 2: a__b}}",
    /3 'a_b' and 'a__b' make the same name aB/,
  ],
  ["an enumeration without values", "seq: [{id: x, type: u1}]\nenums: {e: {}}", /3 'e' names no value/],
  ["an enumeration that is no name", "seq: [{id: x, type: u1}]\nenums: {'e; x': {1: a}}", /3 'e; x' is no name/],
  [
    "a member of every object",
    "seq:\n- {id: constructor, type: u1}",
    /^a\.ksy:3 the name 'constructor' is not supported/,
  ],
  ["a member of every reader", "seq:\n- {id: wrap, type: u1}", /^a\.ksy:3 'wrap' and 'wrap' make the same member/],
  [
    "fields that become one member",
    "seq:\n- {id: a, type: t}\n- {id: a_b, type: u1}\ntypes: {t: {seq: [{id: b, type: u1}]}}",
    /^a\.ksy:4 'a_b' and 'a\.b' make the same member aB/,
  ],
  [
    "a type that hides a global",
    "seq: [{id: x, type: u1}]\ntypes: {uint8_array: {seq: [{id: x, type: u1}]}}",
    /3 'uint8_array' makes the name Uint8Array/,
  ],
  [
    "a type of the language",
    "seq: [{id: x, type: u1}]\ntypes: {u4: {seq: [{id: x, type: u1}]}}",
    /3 'u4' is a type of the language/,
  ],
  [
    "types that become one name",
    "seq: [{id: x, type: u1}]\ntypes:\n  t: {seq: []}\n  t_reader: {seq: []}",
    /^a\.ksy:5 't_reader' and 't' of line 4 make the same name TReader/,
  ],
  ["rows of columns", "seq:\n- {id: length, type: u1}\n-columns: true", /^a\.ksy:3 'length' is the number of rows/],
];

describe("a feature that is refused", () => {
  it("has a reason and a way round, each a part of a sentence", () => {
    for (const [name, { what, because, instead }] of Object.entries(REFUSED))
      for (const text of [what, because, instead])
        expect([name, text]).toEqual([name, expect.stringMatching(/^(?![A-Z])[^\n|]{10,}[^.]$/)]);
  });

  it.each<[name: string, text: string, message: RegExp]>([
    ["a default id", "default-id: x", /'default-id' is not supported, because .*; give every field an 'id'/],
    ["a text of a float", "seq: [{id: x, type: f4}]\ninstances: {t: {value: 'f\"{x}\"'}}", /a float in a text is not/],
    [
      "the size of a text",
      "seq: [{id: x, type: strz, encoding: ASCII}]\ninstances: {s: {value: sizeof<a>}}",
      /the size of/,
    ],
    ["an integer that is rounded", "seq: [{id: x, type: u8, enum: e}]\nenums: {e: {9007199254740993: y}}", /2\^53-1/],
    [
      "two rules of a text",
      "seq: [{id: x, type: strz, encoding: ASCII, valid: {eq: '\"\"', expr: 'true'}}]",
      /two rules/,
    ],
    ["a process of a text", "seq: [{id: x, type: strz, encoding: ASCII, process: xor(1)}]", /put the text into a type/],
    [
      "a shift",
      "seq: [{id: n, type: u1}, {id: x, size: 1 << n}]",
      /'<<' by anything but 0 to 31 bits is not supported/,
    ],
  ])("is told with both: %s", (_, text, message) => {
    const told = compile({ "a.ksy": META + text });
    expect(told).toMatch(message);
    expect(told).toMatch(/^a\.ksy:\d .*is not supported, because .*; /);
  });
});

describe("a spec that says what nobody takes", () => {
  it.each(PASSED_OVER)("is refused: %s", (_, text, message) => {
    expect(compile({ "a.ksy": META + text })).toMatch(message);
  });

  it("is told with all of its mistakes", () => {
    const text =
      "seq:\n- {id: x, type: u1, process: zlib}\n- {id: n, type: u1}\n- {id: y, size: n, valid: 1}\n- {id: z, type: strz}";
    expect(
      compile({ "a.ksy": META + text })
        .split("\n")
        .map((line) => line.slice(0, 16)),
    ).toEqual(["a.ksy:3 this nee", "a.ksy:5 a run of", "a.ksy:6 a text n"]);
  });

  it("is found by its file as well", () => {
    const spec = "meta: {id: a}\nseq: []";
    expect(() => compileSpec("a\nb.ksy", () => spec)).toThrow(/characters that cannot be printed/);
  });

  it("imports one file by any way, and as often as it likes", () => {
    const files = {
      "a.ksy": "meta: {id: a, imports: [b, x/../b, c]}\nseq: [{id: t, type: b}, {id: u, type: c}]",
      "b.ksy": "meta: {id: b}\nseq: [{id: x, type: u1}]",
      "c.ksy": "meta: {id: c, imports: [x/../b]}\nseq: [{id: t, type: b}]",
    };
    expect(compile(files)).toBe("compiles");
  });
});
