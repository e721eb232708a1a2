/** What a spec of general types leaves to its users: processes, and types of foreign code. */
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { attempted, withInstances } from "../../../src/codec/index.js";
import { compileSpec, emitTypeScript } from "../../../src/gen/index.js";
import { loadModules, type Emitted } from "../../support/generate.js";
import { diagnose } from "../../support/strictest.js";

const SPEC = `
meta: {id: handed, ks-opaque-types: true}
seq:
  - {id: key, type: u1}
  - {id: data, size: 3, process: my.shift(key)}
  - {id: foreign, type: pair(key)}
  - {id: bounded, size: 2, type: pair(1)}
`;

/** A type of foreign code, as a user writes it. */
const PAIR = `
import type { ByteReader, ByteWriter, Frame } from ${JSON.stringify(resolve("src/codec/index.ts"))};
export interface Pair { first: number; second: number }
export function readPair(reader: ByteReader, _frame: Frame, args: readonly unknown[]): Pair {
  return { first: reader.int(1, false, false) - (args[0] as number), second: reader.int(1, false, false) };
}
export function writePair(writer: ByteWriter, _frame: Frame, args: readonly unknown[], value: Pair): void {
  writer.int(value.first + (args[0] as number), 1, false, false);
  writer.int(value.second, 1, false, false);
}
`;

const PROCESSORS = {
  myShift: (by: number) => ({
    decode: (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte - by),
    encode: (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte + by),
  }),
};

/** The emitted module of a spec. */
function textOf(id: string, spec: string): string {
  const { module, source } = compileSpec(`${id}.ksy`, () => spec)[0]!;
  const runtime = resolve("src/codec/index.ts");
  return emitTypeScript(module, { runtime, moduleFile: (other) => `./${other}.js`, source });
}

async function codecsOf(spec: string): Promise<Emitted> {
  return (await loadModules(new Map([["./a.js", textOf("a", spec)]]), 'export * from "./a.js";')) as Emitted;
}

describe("what is handed in", () => {
  let codecs: Emitted = {};
  let text = "";

  beforeAll(async () => {
    text = textOf("handed", SPEC);
    const files = new Map([
      ["./handed.js", text],
      ["./pair.js", PAIR],
    ]);
    codecs = (await loadModules(files, 'export * from "./handed.js";')) as Emitted;
  });

  it("reads and writes by functions of the user", () => {
    const bytes = Uint8Array.of(2, 3, 4, 5, 9, 8, 7, 6);
    const value = codecs["decodeHanded"]!(bytes, PROCESSORS);
    expect(value).toEqual({
      key: 2,
      data: Uint8Array.of(1, 2, 3),
      foreign: { first: 7, second: 8 },
      bounded: { first: 6, second: 6 },
    });
    expect(codecs["encodeHanded"]!(value, PROCESSORS)).toEqual(bytes);
  });

  it("asks for them by their types", () => {
    expect(text).toContain("export interface HandedProcessors");
    expect(text).toContain("myShift(arg0: number)");
    const files = new Map([
      [
        "handed",
        text.replace(
          /^import \{ type Pair .*$/m,
          'import { type Pair as $Pair, readPair as $readPair, writePair as $writePair } from "./pair.js";',
        ),
      ],
      ["pair", PAIR],
    ]);
    expect([...diagnose(files)]).toEqual([]);
  });
});

describe("a type of foreign code that a spec file beside it is called by", () => {
  const FILES: Readonly<Record<string, string>> = {
    "in/outer.ksy": "meta: {id: outer, ks-opaque-types: true}\nseq:\n- {id: a, type: pair(3)}\n- {id: b, type: other}",
    "in/pair.ksy": "meta: {id: pair}\nparams: [{id: n, type: u1}]\nseq: [{id: x, size: n}]",
    "in/other.ksy": "meta: {id: another}\nseq: [{id: x, type: u1}]",
  };

  it("is that of the file, as if it were imported; of another name, it is foreign code still", () => {
    const looked: string[] = [];
    const made = compileSpec("in/outer.ksy", (path) => {
      looked.push(path);
      if (FILES[path] === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
      return FILES[path];
    });
    expect(made.map(({ module }) => module.id)).toEqual(["outer", "pair"]);
    expect(made[0]!.module.general!.opaque).toEqual(["other"]);
    expect(looked).toContain("in/other.ksy");
  });
});

describe("what a writer of general types is given", () => {
  it.each([
    ["a terminator inside", "seq: [{id: a, type: strz}]", { a: "b\0c" }, "no terminator inside"],
    ["padding at the end", "seq: [{id: a, type: str, size: 4, pad-right: 0x2b}]", { a: "ab+" }, "a value that its own"],
    ["too long a text", "seq: [{id: a, type: strz, size: 2}]", { a: "abc" }, "at most 2 bytes"],
    ["a character of no encoding", "seq: [{id: a, type: strz, encoding: IBM437}]", { a: "€" }, "IBM437"],
    [
      "another number of items",
      "seq: [{id: n, type: u1}, {id: a, type: strz, repeat: expr, repeat-expr: n}]",
      { n: 2, a: ["b"] },
      "in what would be written",
    ],
    [
      "a value where none is",
      "seq: [{id: n, type: u1}, {id: a, type: strz, if: n == 1}]",
      { n: 0, a: "b" },
      "bytes are left over",
    ],
    ["bits that do not fit", "seq: [{id: a, type: b3}]", { a: 8 }, "an integer of 3 bits"],
    ["no object", "seq: [{id: a, type: b3}]", null, "an object"],
    ["no list", "seq: [{id: a, type: b3, repeat: eos}]", { a: 1 }, "a list"],
    ["no value of a rule", "seq: [{id: a, type: str, size: 1, valid: '\"x\"'}]", { a: "y" }, "x"],
    [
      "positions that overlap",
      "seq: [{id: a, type: u1}]\ninstances: {b: {pos: 0, type: u1}}",
      { a: 1, b: 2 },
      "a value that its own",
    ],
  ])("is refused: %s", async (_, spec, value, message) => {
    const codecs = await codecsOf(`meta: {id: a, encoding: UTF-8}\n${spec}`);
    expect(() => codecs["encodeA"]!(value)).toThrow(message);
  });
});

describe("a text with other bytes behind its end", () => {
  const bytes = Uint8Array.from(Buffer.from("ab\0cdef\0", "latin1"));
  const SEQ = "- {id: name, type: strz, size: 5}\n- {id: other, type: strz, size: 3}";
  const spec = (more: string): string => `meta: {id: a, encoding: ASCII}\n${more}\nseq:\n${SEQ}`;

  it("is read, and written when it was changed", async () => {
    const { decodeA, encodeA } = await codecsOf(spec(""));
    const value = decodeA!(bytes) as { name: string; other: string };
    expect(value).toEqual({ name: "ab", other: "ef" });
    expect(() => encodeA!(value)).toThrow(/^a\.name at byte 0: bytes are left over/);
    expect(Buffer.from(encodeA!({ ...value }) as Uint8Array).toString("latin1")).toBe("ab\0\0\0ef\0");
    value.name = "abc";
    expect(Buffer.from(encodeA!(value) as Uint8Array).toString("latin1")).toBe("abc\0\0ef\0");
  });

  it("is written without them where the type is open, and refused where it is not", async () => {
    const open = await codecsOf(spec("-open: true"));
    expect(Buffer.from(open["encodeA"]!(open["decodeA"]!(bytes)) as Uint8Array).toString("latin1")).toBe(
      "ab\0\0\0ef\0",
    );
    const closed = await codecsOf(spec("-open: false"));
    expect(() => closed["decodeA"]!(bytes)).toThrow(/^a\.name at byte 2: unused bits are not zero/);
  });
});

describe("a general type that costs more than its bytes", () => {
  it.each([
    [
      "items without bytes",
      "seq:\n- {id: n, type: u4}\n- {id: a, type: t, repeat: expr, repeat-expr: n}\ntypes: {t: {}}",
    ],
    [
      "types at each other's positions",
      "seq: [{id: a, type: t, size-eos: true}]\ntypes: {t: {instances: {x: {pos: 0, type: t}, y: {pos: 0, type: t}}}}",
    ],
    [
      "an instance that needs itself",
      "seq: [{id: a, size-eos: true}]\ninstances: {x: {pos: y.length, size: 1}, y: {pos: x.length, size: 1}}",
    ],
  ])("is refused: %s", async (_, spec) => {
    const codecs = await codecsOf(`meta: {id: a, endian: be}\n${spec}`);
    const read = attempted(() => withInstances(codecs["decodeA"]!(Uint8Array.of(255, 255, 255, 255))));
    expect(read.ok ? "read" : read.error.code).toMatch(/^(limit|range)$/);
  });
});
