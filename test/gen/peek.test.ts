/** Peeks at values that are read piece after piece: a stream is cut without reading them. */
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";
import { loadModules, type Emitted } from "../support/generate.js";

const SPEC = `
meta: {id: peeked, endian: be, encoding: ASCII}
seq: []
types:
  message:
    seq:
      - {id: kind_code, type: b4}
      - {id: has_note, type: b1}
      - {id: level, type: b3}
      - {id: length, type: varint}
      - {id: body, type: body(level), size: length.value}
      - {id: note_length, type: u1, if: has_note}
      - {id: note, type: str, size: note_length, if: has_note}
      - {id: count, type: u1}
      - {id: pairs, type: pair, repeat: expr, repeat-expr: count}
      - {id: word_count, type: u1}
      - {id: words, type: u2, repeat: expr, repeat-expr: word_count * 2}
      - {id: marks, type: u1, repeat: until, repeat-until: _ >= 0x80}
      - id: last
        type: {switch-on: kind_code, cases: {1: pair, 2: u4}}
      - {id: sum, type: u1, -derive: xor8()}
  body:
    params: [{id: level, type: u1}]
    seq: [{id: extra, type: u1, if: level > 2}, {id: rest, size-eos: true}]
  pair:
    seq: [{id: key_length, type: u1}, {id: key, size: key_length}, {id: value, type: u2}]
  varint:
    -varint: leb128
    seq: [{id: groups, type: group, repeat: until, repeat-until: not _.has_next}]
    instances: {value: {value: "groups[0].value"}}
  group:
    seq: [{id: has_next, type: b1}, {id: value, type: b7}]
  tree:
    seq: [{id: count, type: u1}, {id: children, type: tree_holder, repeat: expr, repeat-expr: count}]
  tree_holder:
    seq: [{id: inner, type: tree}]
  forest:
    seq: [{id: first, type: tree}]
  framed:
    seq:
      - {id: magic, contents: [0x53, 0x57]}
      - {id: version, type: u1, valid: {min: 1, max: 3}}
      - {id: flags, type: flags}
      - {id: length, type: u2, -derive: sizeof(body)}
      - {id: body, size: length}
      - {id: trailer, contents: [0x3e]}
  flags:
    seq: [{id: zero, type: b7, valid: 0}, {id: urgent, type: b1}]
  endless:
    seq: [{id: length, type: u1}, {id: rest, type: pair, repeat: eos}]
`;

let codecs: Emitted;
beforeAll(async () => {
  const [{ module, source }] = compileSpec("peeked.ksy", () => SPEC) as [ReturnType<typeof compileSpec>[number]];
  const options = { runtime: resolve("src/codec/index.ts"), moduleFile: (id: string) => `./${id}.js`, source };
  const files = new Map([["./peeked.js", emitTypeScript(module, options)]]);
  codecs = (await loadModules(files, 'export * from "./peeked.js";')) as Emitted;
});

const peek = (bytes: Uint8Array, at = 0, end = bytes.length): unknown => codecs["peekMessageLength"]!(bytes, at, end);

const VALUE = {
  kindCode: 1,
  hasNote: true,
  level: 3,
  body: { extra: 9, rest: new Uint8Array(200).fill(7) },
  noteLength: 4,
  note: "note",
  pairs: [
    { key: Uint8Array.of(1, 2, 3), value: 5 },
    { key: new Uint8Array(0), value: 6 },
  ],
  words: [1, 2, 3, 4],
  marks: [1, 2, 0x80],
  last: { kind: "pair", key: Uint8Array.of(8), value: 1 },
};

describe("a peek at a value that is read piece after piece", () => {
  it("asks for more bytes, then tells the length, and stays with it", () => {
    const bytes = codecs["encodeMessage"]!(VALUE) as Uint8Array;
    const answers = Array.from({ length: bytes.length + 1 }, (_, end) => peek(bytes, 0, end));
    const known = answers.indexOf(bytes.length);
    // The last length stands two bytes of value, one of key and a sum before the end.
    expect(known).toBe(bytes.length - 4);
    expect(answers.slice(0, known)).toEqual(new Array(known).fill(0));
    expect(answers.slice(known)).toEqual(new Array(bytes.length + 1 - known).fill(bytes.length));
  });

  it("passes over the inside of what has a size", () => {
    const bytes = Uint8Array.of(0x20, 0x80, 0x80, 0x01);
    expect(peek(bytes)).toBe(0);
    const long = new Uint8Array(4 + 16_384);
    long.set(bytes);
    expect(peek(long)).toBe(0);
  });

  it("does not depend on what stands around", () => {
    const bytes = codecs["encodeMessage"]!({ ...VALUE, kindCode: 2, last: 77 }) as Uint8Array;
    const around = new Uint8Array(bytes.length + 20).fill(0xdb);
    around.set(bytes, 7);
    expect(peek(around, 7, around.length)).toBe(bytes.length);
  });

  it("refuses what no value starts with", () => {
    // No case of the choice is called 3.
    expect(peek(Uint8Array.of(0x30, 0, 0, 0, 0x80, 0, 0, 0))).toBe(-1);
    // A varint of more than ten bytes.
    expect(peek(Uint8Array.of(0x10, ...new Array<number>(10).fill(0x80), 1))).toBe(-1);
    expect(() => peek(Uint8Array.of(1), 0, 2)).toThrow(/a range within 1 bytes/);
  });

  it("refuses constants and rules of a header as soon as their bytes are there", () => {
    const peekFramed = (bytes: number[]): unknown =>
      codecs["peekFramedLength"]!(Uint8Array.from(bytes), 0, bytes.length);
    expect(peekFramed([])).toBe(0);
    expect(peekFramed([0x53])).toBe(0);
    expect(peekFramed([0x54])).toBe(-1);
    expect(peekFramed([0x53, 0x58])).toBe(-1);
    expect(peekFramed([0x53, 0x57, 3])).toBe(0);
    expect(peekFramed([0x53, 0x57, 4])).toBe(-1);
    expect(peekFramed([0x53, 0x57, 3, 2])).toBe(-1);
    expect(peekFramed([0x53, 0x57, 3, 1, 0])).toBe(0);
    // The length is known before the trailer has come.
    expect(peekFramed([0x53, 0x57, 3, 1, 0, 2])).toBe(9);
  });

  it("counts the depth of what stands inside itself", () => {
    const nested = (depth: number): Uint8Array => new Uint8Array(depth + 1).fill(1, 0, depth);
    const peekForest = codecs["peekForestLength"]!;
    expect(peekForest(nested(40), 0, 41)).toBe(41);
    expect(peekForest(nested(200_000), 0, 200_001)).toBe(-1);
    // A refusal leaves nothing behind.
    expect(peekForest(nested(40), 0, 41)).toBe(41);
  });

  it("is not there where a value reaches to the end", () => {
    expect(codecs["peekEndlessLength"]).toBeUndefined();
    expect(codecs["decodeEndless"]).toBeTypeOf("function");
  });
});
