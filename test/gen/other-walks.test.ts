/** What stands beside the codecs of a layout: its pictures, readers, columns, JSON and parsers of other libraries. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { concatBytes, fromHex } from "../../src/bytes/index.js";
import { annotate, type Annotation } from "../../src/gen/annotate.js";
import { compileSpec, emitTypeScript, type Module } from "../../src/gen/index.js";
import { CODEC_FORMS, type CodecForm } from "../../src/gen/ir.js";
import { fromJson } from "../../src/gen/json.js";
import { asBinaryParser, asRestructure } from "../../src/gen/node/index.js";
import { issueOf } from "../support/issue-of.js";
import { loadModules, type Emitted } from "../support/generate.js";
import { diagnose } from "../support/strictest.js";
import { META } from "./refusals.js";

function moduleOf(text: string): Module {
  return compileSpec("a.ksy", () => META + text)[0]!.module;
}

/** Rows of a picture of the type `a`, or of another one. */
function picture(text: string, bytes: Uint8Array, name = "a"): Annotation[] {
  const module = moduleOf(text);
  const find = (id: string, named: string): Module["enums"][number] | undefined =>
    id === module.id ? module.enums.find((each) => each.name === named) : undefined;
  return annotate(
    module,
    module.types.find((type) => type.name === name)!,
    bytes,
    find,
  );
}

function places(rows: readonly Annotation[]): string[] {
  return rows.map(({ path, offset, size }) => `${path} ${offset}+${size}`);
}

describe("a picture", () => {
  it("shows a byte order mark, as codecs read it", () => {
    const rows = picture("seq: [{id: x, type: str, size: 4, encoding: UTF-8}]", fromHex("efbbbf41"));
    expect(rows[0]!.value).toBe(JSON.stringify("\uFEFFA"));
  });

  it("ends where the bytes do", () => {
    const types = "types: {t: {seq: [{id: n, type: u1}, {id: f, type: u4}, {id: x, size: n}]}}";
    const rows = picture(`seq: [{id: a, type: t}, {id: b, type: u1}]\n${types}`, fromHex("0300"));
    expect(places(rows)).toEqual(["a 0+2"]);
    expect(places(rows[0]!.children)).toEqual(["a.n 0+1"]);
  });

  it("shows the fields of a group as far as they are there", () => {
    const types = "types: {t: {seq: [{id: n, type: u1}, {id: f, type: u4}]}}";
    const rows = picture(
      `seq: [{id: a, type: t}, {id: b, type: u2, repeat: expr, repeat-expr: 2}]\n${types}`,
      fromHex("03"),
    );
    expect(places(rows)).toEqual(["a 0+1"]);
    expect(places(rows[0]!.children)).toEqual(["a.n 0+1"]);
  });

  it("keeps what follows in its place behind more items than it shows", () => {
    const until = "{id: xs, type: u1, repeat: until, repeat-until: _ == 0}";
    const bytes = new Uint8Array(150_002).fill(1);
    bytes[150_000] = 0;
    bytes[150_001] = 9;
    const rows = picture(`seq: [${until}, {id: last, type: u1}]`, bytes);
    expect(places(rows)).toEqual(["xs 0+150001", "last 150001+1"]);
    expect(places(rows[0]!.children.slice(-2))).toEqual(["xs[99999] 99999+1", "xs[100000…] 100000+50001"]);
    const flat = picture("seq: [{id: xs, type: u1, repeat: eos}]", bytes);
    expect(places(flat[0]!.children.slice(-2))).toEqual(["xs[99999] 99999+1", "xs[100000…] 100000+50002"]);
  });

  it("shows items without bytes also where the bytes have ended", () => {
    const types = "types: {t: {seq: [{id: x, type: u1, if: 'false'}]}}";
    const rows = picture(
      `seq: [{id: n, type: u1}, {id: xs, type: t, repeat: expr, repeat-expr: n, -max: 9}]\n${types}`,
      fromHex("02"),
    );
    expect(places(rows[1]!.children)).toEqual(["xs[0] 1+0", "xs[1] 1+0"]);
  });

  it("goes as deep as codecs read, and counts types alone that can stand inside themselves", async () => {
    const text = `seq: [{id: r, type: node}, {id: end, type: u1}]
types:
  node: {seq: [{id: w, type: word}, {id: more, type: u1}, {id: next, type: node, if: more == 1}]}
  word: {seq: [{id: n, type: u1}, {id: x, size: n}]}`;
    const deep = concatBytes(...Array.from({ length: 99 }, () => fromHex("010701")), fromHex("010700"), fromHex("09"));
    const codecs = await codecsOf(text, ["length"]);
    expect(codecs.decodeA!(deep)).toMatchObject({ end: 9 });
    let rows = picture(text, deep);
    expect(places(rows)).toEqual(["r 0+300", "end 300+1"]);
    for (let n = 0; n < 100; n++) rows = rows.find(({ path }) => /(?:r|next)$/.test(path))!.children as Annotation[];
    expect(places(rows[0]!.children).map((row) => row.slice(-7))).toEqual(["n 297+1", "x 298+1"]);
    const deeper = concatBytes(fromHex("010701"), deep);
    expect(issueOf(() => codecs.decodeA!(deeper))).toMatchObject({ code: "limit" });
    expect(places(picture(text, deeper))).toEqual(["r 0+304"]);
  });

  it("tells what values of an enumeration are called in lists as well, and what is said of a list once", () => {
    const text =
      "seq: [{id: xs, type: u1, enum: e, repeat: eos, doc: Some.}]\nenums: {e: {1: {id: one, doc: First.}, 2: two}}";
    const [row] = picture(text, fromHex("010203"));
    expect(row!.meaning).toBe("Some.");
    expect(row!.children.map(({ meaning }) => meaning)).toEqual(["one: First.", "two", ""]);
  });
});

const READ = `seq:
- {id: f, type: f4}
- {id: bits, type: b3, enum: e, valid: {in-enum: true}}
- {id: low, type: b5}
- {id: t, type: part}
- {id: ts, type: part, repeat: expr, repeat-expr: 2}
- {id: ones, type: u2, valid: 1, repeat: expr, repeat-expr: 2}
types:
  part:
    seq:
    - {id: g, type: f8le}
    - {id: s, type: str, size: 2, encoding: ASCII}
    - {id: in, type: pair}
    - {id: k, type: u1, repeat: expr, repeat-expr: 3}
  pair: {seq: [{id: l, type: u1}, {id: r, size: 1}]}
enums: {e: {1: one, 2: two}}
`;
const PART = { g: 0.5, s: "ab", in: { l: 7, r: Uint8Array.of(8) }, k: [1, 2, 3] };

async function codecsOf(text: string, forms = CODEC_FORMS as readonly CodecForm[]): Promise<Emitted> {
  const [{ module, source }] = compileSpec("a.ksy", () => META + text) as [ReturnType<typeof compileSpec>[number]];
  const options = { runtime: resolve("src/codec/index.ts"), moduleFile: (id: string) => `./${id}.js`, source };
  const emitted = emitTypeScript(module, { ...options, forms });
  expect([...diagnose(new Map([["a", emitted]]))]).toEqual([]);
  return (await loadModules(new Map([["./a.js", emitted]]), 'export * from "./a.js";')) as Emitted;
}

describe("a reader", () => {
  it("has floats, bits of an enumeration, texts, and what stands in items", async () => {
    const codecs = await codecsOf(READ);
    const bytes = codecs.encodeA!({
      f: 1.5,
      bits: 2,
      low: 3,
      t: PART,
      ts: [PART, { ...PART, k: [4, 5, 6] }],
      ones: [1, 1],
    });
    const Reader = codecs.AReader as unknown as new () => { wrap(bytes: unknown): Record<string, never> };
    const reader = new Reader().wrap(bytes) as Record<string, unknown> & Record<string, (...at: number[]) => unknown>;
    expect([reader.f, reader.bits, reader.low, reader.tG, reader.tS, reader.tInL]).toEqual([1.5, 2, 3, 0.5, "ab", 7]);
    expect([reader.tsG!(1), reader.tsS!(0), reader.tsInR!(1), reader.tsK!(1, 2)]).toEqual([
      0.5,
      "ab",
      Uint8Array.of(8),
      6,
    ]);
    expect([reader.tK!(2), reader.ones!(1)]).toEqual([3, 1]);
    expect(issueOf(() => reader.tsK!(1, 3))).toMatchObject({ code: "argument", path: "tsK[3]" });
    expect(issueOf(() => reader.tsK!(2, 0))).toMatchObject({ code: "argument", path: "ts[2]" });
  });

  it("has all fields that the kinds of a choice share", async () => {
    const codecs = await codecsOf(`types:
  c:
    seq:
    - {id: f, type: f4}
    - {id: x, type: b3}
    - {id: y, type: b5}
    - {id: s, type: str, size: 1, encoding: ASCII}
    - {id: tag, type: u1}
    - {id: tail, type: {switch-on: tag, cases: {1: one, 2: two}}}
  one: {seq: [{id: n, type: u2}, {id: p, type: u1}]}
  two: {seq: [{id: p, type: u1}]}`);
    const Reader = codecs.CReader as unknown as new () => { wrap(bytes: unknown): unknown };
    const value = { kind: "two", f: 2, x: 5, y: 9, s: "z", tag: 2, p: 4 };
    expect(new Reader().wrap(codecs.encodeC!(value))).toMatchObject(value);
    const other = { kind: "one", f: 2, x: 5, y: 9, s: "z", tag: 1, n: 3, p: 6 };
    expect(new Reader().wrap(codecs.encodeC!(other))).toMatchObject({ kind: "one", tag: 1, p: 6 });
  });
});

describe("columns", () => {
  it("refuse a row whose constant is another", async () => {
    const codecs = await codecsOf("types: {c: {-columns: true, seq: [{id: n, type: u1}, {id: m, contents: [1, 2]}]}}");
    const read = (hex: string): unknown => {
      const columns = codecs.cColumns!(2);
      codecs.decodeCColumns!(new DataView(fromHex(hex).buffer), 0, 2, columns);
      return columns;
    };
    expect(read("070102080102")).toMatchObject({ length: 2, n: Uint8Array.of(7, 8) });
    expect(issueOf(() => read("070102080103"))).toMatchObject({ code: "constant", path: "m", offset: 4 });
  });
});

describe("a value from JSON", () => {
  it("may leave out what its kind tells", () => {
    const module = moduleOf(`types:
  c: {seq: [{id: tag, type: u1}, {id: tail, type: {switch-on: tag, cases: {1: one, 2: two}}}]}
  one: {seq: [{id: n, type: u2}]}
  two: {seq: [{id: p, type: u1}]}`);
    const type = module.types.find(({ name }) => name === "c")!;
    expect(fromJson(module, type, { kind: "two", p: 4 }, false)).toEqual({ kind: "two", tag: 2, p: 4 });
    expect(fromJson(module, type, { tag: 1, n: 4 }, false)).toEqual({ kind: "one", tag: 1, n: 4 });
    const refused = issueOf(() => fromJson(module, type, { kind: "no", p: 4 }, false));
    expect(refused).toMatchObject({ code: "argument", path: "kind", expected: "one of one, two" });
  });
});

describe("parsers of other libraries", () => {
  it("keep the bits of one part of a type apart from those of another, and from a field of any name", () => {
    const bits = (a: string, b: string): string => `{id: ${a}, type: b3}, {id: ${b}, type: b5}`;
    const module = moduleOf(
      `seq: [${bits("a", "b")}, {id: n, type: u1}, {id: x, size: n}, ${bits("c", "d")}, {id: bits0, type: u1}]`,
    );
    const value = { a: 1, b: 2, x: Uint8Array.of(9), c: 3, d: 4, bits0: 5 };
    const bytes = fromHex("2201096405");
    expect(asBinaryParser(module, "a").parse(bytes)).toEqual(value);
    expect(asRestructure(module, "a").fromBuffer(bytes)).toEqual(value);
  });

  it("read a byte order mark as codecs do", () => {
    const module = moduleOf("seq: [{id: x, type: str, size: 4, encoding: UTF-8}]");
    for (const value of [
      asBinaryParser(module, "a").parse(fromHex("efbbbf41")),
      asRestructure(module, "a").fromBuffer(fromHex("efbbbf41")),
    ])
      expect(value).toEqual({ x: "\uFEFFA" });
  });
});
