/** Mistakes in specs are found, with file and line. */
import { describe, expect, it } from "vitest";
import { compile, META } from "./refusals.js";

/** What stands after `meta`, and what the first mistake says. Line 1 is `meta`, line 2 `seq`. */
const MISTAKES: [string, string, RegExp][] = [
  ["an unknown key", "seq:\n- {id: x, type: u1, tipe: u1}", /^a\.ksy:3 'tipe' is not a key of an integer; 'type' is/],
  [
    "a near miss of a key of ours",
    "seq:\n- {id: x, type: u1, -drive: x}",
    /^a\.ksy:3 '-drive' is no key; '-derive' is/,
  ],
  ["a key of other tools", "seq:\n- {id: x, type: u1, -orig-id: X, -webide-parse-mode: eager}", /compiles/],
  ["a process", "seq:\n- {id: x, size: 4, process: xor(1)}", /compiles/],
  ["a name in capitals", "seq:\n- {id: Xy, type: u1}", /^a\.ksy:3 'Xy' is no name/],
  ["a name twice", "seq:\n- {id: x, type: u1}\n- {id: x, type: u1}", /^a\.ksy:4 the name 'x' is taken/],
  [
    "names that become one",
    "seq:\n- {id: x_y, type: u1}\n- {id: x__y, type: u1}",
    /^a\.ksy:4 the name 'x__y' is taken/,
  ],
  ["bits that do not fill a byte", "seq:\n- {id: x, type: b3}\n- {id: y, type: u1}", /compiles/],
  ["bits that end the type", "seq:\n- {id: x, type: b7}", /compiles/],
  [
    "two bit orders in a byte",
    "seq:\n- {id: x, type: b3be}\n- {id: y, type: b5le}",
    /^a\.ksy:4 a byte of bits of both orders is not supported, because/,
  ],
  [
    "parentheses without end",
    `seq:\n- {id: x, type: u1}\n- {id: y, size: "${"(".repeat(5_000)}x${")".repeat(5_000)}"}`,
    /^a\.ksy:4 an expression has at most 4096 characters$/,
  ],
  [
    "operators without end",
    `seq:\n- {id: x, type: u1}\n- {id: y, size: "x${"+x".repeat(2_000)}"}`,
    /^a\.ksy:4 an expression has at most 500 operators$/,
  ],
  ["lists without end", `seq: ${"[".repeat(5_000)}${"]".repeat(5_000)}`, /^a\.ksy:2 nests too deeply$/],
  ["a type that is not there", "seq:\n- {id: x, type: thing}", /^a\.ksy:3 there is no type 'thing'/],
  [
    "an enumeration that is not there",
    "seq:\n- {id: x, type: u1, enum: thing}",
    /^a\.ksy:3 there is no enumeration 'thing'/,
  ],
  ["a file that is not there", "seq: []", /./],
  [
    "a type inside itself",
    "seq:\n- {id: x, type: t}\ntypes:\n  t:\n    seq:\n    - {id: y, type: t}",
    /stands inside itself/,
  ],
  [
    "a wrong sum of what stands around",
    "seq:\n- {id: x, type: u1}\n- {id: y, size: _io.size - 2}",
    /^a\.ksy:4 1 bytes stand around this, not 2/,
  ],
  [
    "a wrong size of items",
    "seq:\n- {id: y, type: u4, repeat: expr, repeat-expr: _io.size / 5}",
    /^a\.ksy:3 an item has 4 bytes, not 5/,
  ],
  [
    "no word on half items",
    "seq:\n- {id: y, type: u4, repeat: expr, repeat-expr: _io.size / 4}",
    /^a\.ksy:3 put an attribute of size 0 .*\(_io\.size - 0\) % 4 == 0/,
  ],
  [
    "a wrong word on half items",
    "seq:\n- {id: g, size: 0, valid: {expr: (_io.size - 1) % 4 == 0}}\n- {id: y, type: u4, repeat: expr, repeat-expr: _io.size / 4}",
    /^a\.ksy:3 this must say/,
  ],
  [
    "a word on half items without items",
    "seq:\n- {id: g, size: 0, valid: {expr: (_io.size - 1) % 4 == 0}}\n- {id: y, type: u4}",
    /^a\.ksy:3 no attribute of this type reaches to the end/,
  ],
  [
    "a count of what is not there",
    "seq:\n- {id: y, type: u4, repeat: expr, repeat-expr: n}",
    /^a\.ksy:3 'n' is no earlier field/,
  ],
  [
    "two that reach to the end",
    "seq:\n- {id: y, size-eos: true}\n- {id: z, size-eos: true}",
    /^a\.ksy:4 a second attribute that takes all .*; bound the first by a 'size'/,
  ],
  ["something behind the end", "seq:\n- {id: y, size-eos: true}\n- {id: z, type: u1}", /^a\.ksy:3 1 bytes follow/],
  [
    "something of any size behind the end",
    "seq:\n- {id: n, type: u1}\n- {id: y, size: _io.size - 1}\n- {id: z, size: n}",
    /^a\.ksy:4 an attribute of no fixed size behind one that reaches .*, because/,
  ],
  ["a checksum of nothing", "seq:\n- {id: c, type: u4, -derive: crc32(x)}", /^a\.ksy:3 'x' is no bytes attribute/],
  [
    "a checksum that is too short",
    "seq:\n- {id: x, size: 4}\n- {id: c, type: u2, -derive: crc32(x)}",
    /^a\.ksy:4 a CRC-32 has 4 bytes/,
  ],
  ["a derivation that is none", "seq:\n- {id: c, type: u4, -derive: x + 1}", /^a\.ksy:3 '-derive' is sizeof/],
  [
    "a derivation that the size contradicts",
    "seq:\n- {id: n, type: u1, -derive: sizeof(y) + 1}\n- {id: y, size: n}",
    /^a\.ksy:3 'y' does not take its size/,
  ],
  [
    "a default that does not fit",
    "seq:\n- {id: x, type: u1, -default: 256}",
    /^a\.ksy:3 256 does not fit into 0 to 255/,
  ],
  [
    "a range of nothing",
    "seq:\n- {id: x, type: u1, valid: {min: 5, max: 4}}",
    /^a\.ksy:3 no number is at least 5 and at most 4/,
  ],
  ["a rule on bytes", "seq:\n- {id: x, size: 2, valid: 5}", /^a\.ksy:3 a run of bytes is not compared with an integer/],
  [
    "a rule nobody knows",
    "seq:\n- {id: x, type: u1, valid: {expr: _ + 1}}",
    /^a\.ksy:3 true or false is needed here, not an integer/,
  ],
  ["no byte order", "seq:\n- {id: x, type: u2}", /compiles/],
  ["a text without encoding", "seq:\n- {id: x, type: str, size: 3}", /^a\.ksy:3 a text needs 'encoding/],
  [
    "a text of unknown encoding",
    "seq:\n- {id: x, type: str, size: 3, encoding: EBCDIC}",
    /^a\.ksy:3 the encoding 'EBCDIC' is not supported, because .*ASCII, UTF-8/,
  ],
  [
    "a parent that is no value of a type",
    "seq:\n- {id: n, type: u1}\n- {id: x, type: t, parent: n}\ntypes:\n  t: {seq: [{id: x, type: u1}]}",
    /^a\.ksy:4 a value of a type is needed here, or 'false', not an integer/,
  ],
  ["bytes without a size", "seq:\n- {id: x}", /^a\.ksy:3 bytes need either/],
  [
    "an unknown key that another mistake follows from",
    "seq:\n- {id: x, typ: u2}",
    /^a\.ksy:3 'typ' is no key; 'type' is/,
  ],
  [
    "a key that flat types alone have, where another line made them general",
    "seq:\n- {id: x, type: u1, -default: 0}\n- {id: y, type: strz, encoding: UTF-8}",
    /^a\.ksy:3 '-default' has no meaning on an attribute of a general type; .* because of 'strz' \(a\.ksy:4\)$/,
  ],
  ["an unknown form", "seq:\n- {id: x, type: u1}\n-forms: [writer]", /4 a form is one of reader, view, length/],
  [
    "forms of a type inside others",
    "seq:\n- {id: x, type: t}\ntypes:\n  t:\n    -forms: [reader]\n    seq: [{id: w, type: u1}]",
    /'-forms' has no meaning on a type that stands inside others/,
  ],
  [
    "columns with a group",
    "seq:\n- {id: x, type: t}\n-columns: true\ntypes:\n  t:\n    seq: [{id: w, type: u1}]",
    /3 a column of 'x' is not supported, because/,
  ],
  [
    "columns of no fixed size",
    "seq:\n- {id: x, size-eos: true}\n-columns: true",
    /'-columns' of 'a' is not supported, because/,
  ],
  ["no sequence", "types:\n  t:\n    doc: nothing", /compiles/],
];

describe("a mistake in a spec", () => {
  it.each(MISTAKES)("is found: %s", (_, text, message) => {
    if (text === "seq: []")
      expect(compile({ "a.ksy": "meta: {id: a, imports: [b]}\nseq: []" })).toBe(
        "a.ksy:1 'b' cannot be read: there is no b.ksy",
      );
    else expect(compile({ "a.ksy": META + text })).toMatch(message);
  });

  it("is found in what is not even YAML, or no spec", () => {
    expect(compile({ "a.ksy": "meta: {id: a\nseq: [" })).toMatch(/^a\.ksy:\d(?!.* at line)/);
    expect(compile({ "a.ksy": "- 1" })).toMatch(/^a\.ksy:1 a spec is a map/);
    expect(compile({ "a.ksy": "seq: []" })).toMatch(/^a\.ksy:1 'meta' is missing/);
    expect(compile({ "a.ksy": "meta: {id: a}\nseq:\n- {id: x, type: u2}" })).toMatch(
      /^a\.ksy:3 the byte order of 'u2' is not said/,
    );
  });

  it("is found in imports: files that call themselves otherwise, and mistakes in circles", () => {
    const circle = { "a.ksy": "meta: {id: a, imports: [b]}\nseq: []", "b.ksy": "meta: {id: b, imports: [a]}\nseq: []" };
    expect(compile(circle)).toBe("compiles");
    expect(compile({ ...circle, "b.ksy": `${circle["b.ksy"].replace("[]", "[{id: x, type: 'a::y'}]")}` })).toMatch(
      /^b\.ksy:2 /,
    );
    expect(compile({ "a.ksy": circle["a.ksy"], "b.ksy": "meta: {id: c}\nseq: []" })).toBe(
      "a.ksy:1 'b' calls itself 'c'; file and id must agree",
    );
  });
});
