/** Attributes that depend on what stands before them: what is read, the bytes that are written, what is refused. */
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../src/bytes/index.js";
import { isWireError, type WireIssue } from "../../src/errors.js";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";
import { loadModules, type Emitted } from "../support/generate.js";
import { resolve } from "node:path";
import { compile } from "./refusals.js";

const META = "meta: {id: a, endian: be, bit-endian: be, encoding: ASCII}\n";

async function load(text: string): Promise<Emitted> {
  const [compiled] = compileSpec("a.ksy", () => META + text);
  const runtime = resolve("src/codec/index.ts");
  const code = emitTypeScript(compiled!.module, { runtime, moduleFile: (id) => `./${id}.js`, source: text });
  return (await loadModules(new Map([["./a.js", code]]), 'export * from "./a.js";')) as Emitted;
}

/** Reads bytes, and writes the value again as they were. */
function read(codec: Emitted, hex: string): unknown {
  const value = codec["decodeA"]!(fromHex(hex));
  expect(toHex(codec["encodeA"]!(value) as Uint8Array)).toBe(hex);
  return value;
}

/** Code, path and offset of a refusal to read. */
function refusal(codec: Emitted, hex: string): string {
  const result = codec["tryDecodeA"]!(fromHex(hex)) as { ok: boolean; error: WireIssue };
  expect(result.ok).toBe(false);
  return `${result.error.code} ${result.error.path} ${result.error.offset}`;
}

/** Code and path of a refusal to write. */
function mistake(codec: Emitted, value: unknown): string {
  try {
    codec["encodeA"]!(value);
  } catch (error) {
    if (!isWireError(error)) throw error;
    return `${error.code} ${error.path}`;
  }
  return "is written";
}

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);

describe("an attribute with 'if'", () => {
  it("is there where its condition holds, and nowhere else", async () => {
    const a = await load(
      "seq:\n- {id: flag, type: b1}\n- {id: rest, type: b7}\n- {id: n, type: u2, if: flag and rest < 9}",
    );
    expect(read(a, "810203")).toEqual({ flag: true, rest: 1, n: 0x0203 });
    expect(read(a, "01")).toEqual({ flag: false, rest: 1, n: undefined });
    expect(refusal(a, "8102")).toBe("short n 1");
    expect(refusal(a, "0102")).toBe("trailing  1");
    expect(mistake(a, { flag: true, rest: 1 })).toBe("argument n");
    expect(mistake(a, { flag: false, rest: 1, n: 5 })).toBe("argument n");
  });

  it("has operators that bind as in Python", async () => {
    const a = await load("seq:\n- {id: n, type: u1}\n- {id: x, type: u1, if: n & 2 == 2 and not n >> 4 != 0 | 0}");
    expect(read(a, "0207")).toEqual({ n: 2, x: 7 });
    expect(read(a, "01")).toEqual({ n: 1, x: undefined });
    expect(read(a, "12")).toEqual({ n: 0x12, x: undefined });
  });

  it("may ask of what may be absent itself", async () => {
    const type = "types: {hdr: {seq: [{id: n, type: u1}, {id: x, size: 1, if: n > 1}]}}";
    const a = await load(
      `seq:\n- {id: f, type: u1}\n- {id: h, type: hdr, if: f == 1}\n- {id: y, type: u1, if: h.n == 3}\n${type}`,
    );
    expect(read(a, "00")).toEqual({ f: 0, h: undefined, y: undefined });
    expect(read(a, "01030a04")).toEqual({ f: 1, h: { n: 3, x: bytes(10) }, y: 4 });
    const wide = await load(
      "seq:\n- {id: f, type: u1}\n- {id: n, type: u4, if: f == 1}\n- {id: y, type: u1, if: (n & 0x1_0000_0000) == 0}",
    );
    expect(read(wide, "01ffffffff07")).toEqual({ f: 1, n: 0xffff_ffff, y: 7 });
    expect(read(wide, "00")).toEqual({ f: 0, n: undefined, y: undefined });
    const inner = `seq:\n- {id: h, type: hdr}\n- {id: y, type: u1, if: h.x.z == 3}\n`;
    const types =
      "types: {hdr: {seq: [{id: n, type: u1}, {id: x, type: in, if: n > 1}]}, in: {seq: [{id: z, type: u1}]}}";
    expect(compile({ "a.ksy": META + inner + types.replaceAll("in", "inn").replaceAll("innn", "inn") })).toMatch(
      /always there/,
    );
  });
});

describe("a list", () => {
  it("goes on until an item is the last", async () => {
    const a = await load("seq:\n- {id: xs, type: u1, repeat: until, repeat-until: _ == 0}\n- {id: end, type: u1}");
    expect(read(a, "03020009")).toEqual({ xs: [3, 2, 0], end: 9 });
    expect(refusal(a, "0302")).toBe("short xs[2] 2");
    expect(mistake(a, { xs: [1], end: 1 })).toBe("argument xs[0]");
    expect(mistake(a, { xs: [0, 1, 0], end: 1 })).toBe("argument xs[0]");
    expect(mistake(a, { xs: [], end: 1 })).toBe("count xs");
  });

  it("is as long as a number says, which follows from it", async () => {
    const t = "types: {t: {seq: [{id: n, type: u1}, {id: x, size: n}]}}";
    const a = await load(`seq:\n- {id: n, type: u1}\n- {id: xs, type: t, repeat: expr, repeat-expr: n}\n${t}`);
    expect(read(a, "02010a00")).toEqual({ xs: [{ x: bytes(10) }, { x: bytes() }] });
    expect(refusal(a, "ff010a00")).toBe("short xs 4");
    expect(refusal(a, "0201")).toMatch(/^short xs/);
    expect(refusal(a, "01020a")).toBe("short xs[0].x 3");
  });

  it("has as many items as a number says that something else asks for too", async () => {
    const a = await load(
      "seq:\n- {id: n, type: u1}\n- {id: list, type: b, repeat: expr, repeat-expr: n}\n- {id: more, type: u1, if: n > 2}\n" +
        "types:\n  b: {seq: [{id: s, type: u1}, {id: data, size: s}]}",
    );
    const item = { data: bytes(7) };
    expect(read(a, "010107")).toEqual({ n: 1, list: [item], more: undefined });
    expect(mistake(a, { n: 2, list: [item], more: undefined })).toBe("count list");
    expect(mistake(a, { n: 1, list: [item, item], more: undefined })).toBe("count list");
  });

  it("of 2^32-1 items is refused at once where there are few bytes", async () => {
    const t = "types: {t: {seq: [{id: n, type: u1}, {id: x, size: n}]}}";
    for (const piece of [
      "type: t, repeat: expr, repeat-expr: n",
      "type: f8, repeat: expr, repeat-expr: n",
      "size: n * 3",
    ]) {
      const a = await load(`seq:\n- {id: n, type: u4}\n- {id: xs, ${piece}}\n${t}`);
      const start = performance.now();
      expect(refusal(a, "ffffffff0000")).toBe("short xs 6");
      expect(performance.now() - start).toBeLessThan(50);
    }
    expect(
      compile({
        "a.ksy": `${META}seq:\n- {id: n, type: u4}\n- {id: xs, type: t, repeat: expr, repeat-expr: n}\ntypes: {t: {seq: [{id: x, type: u1, if: false}]}}`,
      }),
    ).toMatch(/nothing limits their number/);
  });
});

describe("bytes of their own", () => {
  it("are filled by what stands in them", async () => {
    const t = "types: {t: {seq: [{id: x, type: u1}, {id: rest, size-eos: true}]}}";
    const a = await load(`seq:\n- {id: n, type: u1}\n- {id: body, type: t, size: n}\n- {id: end, type: u1}\n${t}`);
    expect(read(a, "03010203ff")).toEqual({ body: { x: 1, rest: bytes(2, 3) }, end: 255 });
    expect(refusal(a, "04010203")).toBe("short body 4");
    expect(refusal(a, "00ff")).toBe("short body 1");
    const fixed = await load(
      "seq:\n- {id: n, type: u1}\n- {id: body, type: t, size: n}\ntypes: {t: {seq: [{id: x, type: u1}]}}",
    );
    expect(refusal(fixed, "020102")).toBe("trailing body 2");
  });

  it("are filled up where what stands in them may be shorter", async () => {
    const t = "types: {t: {seq: [{id: x, type: u1}]}}";
    const a = await load(`seq:\n- {id: n, type: u1}\n- {id: body, type: t, size: n, -open: true}\n${t}`);
    expect(a["decodeA"]!(fromHex("03010203"))).toEqual({ n: 3, body: { x: 1 } });
    expect(a["encodeA"]!({ n: 3, body: { x: 1 } })).toEqual(bytes(3, 1, 0, 0));
    expect(mistake(a, { n: 0, body: { x: 1 } })).toBe("length body");
  });

  it("take no type that has a size of its own, as other readers go by that one", () => {
    for (const type of ["u1", "f4", "{switch-on: 1, cases: {1: u2}}"])
      expect(compile({ "a.ksy": `${META}seq:\n- {id: x, type: ${type}, size: 4}` })).toMatch(/has a size of its own/);
  });
});

describe("a choice", () => {
  it("is bytes where no case fits and the size is known", async () => {
    const t = "types: {t: {seq: [{id: x, type: u2}]}}";
    const a = await load(
      `seq:\n- {id: tag, type: u1}\n- {id: n, type: u1}\n- {id: body, size: n, type: {switch-on: tag, cases: {1: t, 2: str}}}\n${t}`,
    );
    expect(read(a, "01020304")).toEqual({ tag: 1, body: { kind: "t", x: 0x0304 } });
    expect(read(a, "02026162")).toEqual({ tag: 2, body: "ab" });
    expect(read(a, "0903010203")).toEqual({ tag: 9, body: bytes(1, 2, 3) });
    expect(refusal(a, "0103010203")).toBe("trailing body 4");
    expect(mistake(a, { tag: 1, body: "ab" })).toBe("argument body");
  });

  it("on texts and truths names its cases as they are written", async () => {
    const a = await load(
      `seq:\n- {id: t, type: str, size: 2}\n- {id: x, type: {switch-on: t, cases: {'"ab"': u1, '"cd"': u2}}}\n- {id: y, type: {switch-on: x == 1, cases: {true: u1, false: u2}}, if: t == "ab"}`.replace(
        "switch-on: x == 1",
        "switch-on: t == 'ab'",
      ),
    );
    expect(read(a, "61620102")).toEqual({ t: "ab", x: 1, y: 2 });
    expect(read(a, "63640102")).toEqual({ t: "cd", x: 0x0102, y: undefined });
    expect(refusal(a, "65660102")).toBe("kind x 2");
  });

  it("tells the number that chooses, where each case is of one kind", async () => {
    const types = "types: {t: {seq: [{id: x, type: u1}]}, u: {seq: [{id: y, type: u2}]}}";
    const of = (cases: string): string =>
      `seq:\n- {id: tag, type: u1, enum: e}\n- {id: n, type: u1}\n- {id: body, type: {switch-on: tag, cases: ${cases}}}\n- {id: z, type: u1, if: tag == e::one}\n${types}\nenums: {e: {1: one, 2: two}}`;
    const a = await load(of("{e::one: t, e::two: u}"));
    expect(read(a, "01000708")).toEqual({ tag: 1, n: 0, body: { kind: "t", x: 7 }, z: 8 });
    const encode = (value: unknown): string => toHex(a["encodeA"]!(value) as Uint8Array);
    expect(encode({ n: 0, body: { kind: "t", x: 7 }, z: 8 })).toBe("01000708");
    expect(encode({ n: 0, body: { kind: "u", y: 7 } })).toBe("02000007");
    expect(mistake(a, { tag: 2, n: 0, body: { kind: "t", x: 7 } })).toBe("range body.y");
    expect(mistake(a, { n: 0, body: { kind: "v", x: 7 } })).toBe("range tag");
    expect(mistake(a, { n: 0 })).toBe("range tag");
    // Where bytes of no kind may stand there, the number has to be said.
    const b = await load(of("{e::one: t, _: u2}"));
    expect(mistake(b, { n: 0, body: { kind: "t", x: 7 }, z: 8 })).toBe("range tag");
  });

  it("may be of one type that is told different things", async () => {
    const t = "types: {t: {params: [{id: n, type: u1}], seq: [{id: x, size: n}, {id: y, type: u1}]}}";
    const a = await load(
      `seq:\n- {id: tag, type: u1}\n- {id: body, type: {switch-on: tag, cases: {1: t(1), 2: t(2), 3: u2}}}\n${t}`,
    );
    expect(read(a, "010a0b")).toEqual({ tag: 1, body: { kind: "t", x: bytes(10), y: 11 } });
    expect(read(a, "020a0b0c")).toEqual({ tag: 2, body: { kind: "t", x: bytes(10, 11), y: 12 } });
    expect(mistake(a, { tag: 2, body: { kind: "t", x: bytes(10), y: 11 } })).toBe("count body.x");
  });

  it("says what its cases are wherever they stand", async () => {
    const t = "types: {t: {seq: [{id: x, type: u1}]}}";
    const a = await load(
      `seq:\n- {id: n, type: u1}\n- {id: one, type: {switch-on: n * 1, cases: {1: t, _: u1}}}\n- {id: two, type: t}\n- {id: all, type: t, repeat: eos}\n${t}`,
    );
    expect(read(a, "01020304")).toEqual({
      n: 1,
      one: { kind: "t", x: 2 },
      two: { kind: "t", x: 3 },
      all: [{ kind: "t", x: 4 }],
    });
  });
});

describe("what takes all bytes that are left", () => {
  const types = "types:\n  r: {seq: [{id: x, size-eos: true}]}\n  s: {seq: [{id: n, type: u1}, {id: r, type: r}]}";

  it.each([
    ["in a type", "seq:\n- {id: a, type: r}\n- {id: b, type: u1}"],
    ["in a type of a type", "seq:\n- {id: a, type: s}\n- {id: b, type: u1, repeat: eos}"],
    ["by items", "seq:\n- {id: a, type: s, repeat: eos, size: 2}\n- {id: b, type: u1}"],
    ["in every case", "seq:\n- {id: a, type: {switch-on: 1, cases: {1: r, _: s}}}\n- {id: b, type: u1, if: 1 == 1}"],
    ["of its own size", "seq:\n- {id: a, type: s, size-eos: true}\n- {id: b, type: u1}"],
  ])("%s is refused with something behind it", (_, text) => {
    expect(compile({ "a.ksy": `${META}${text}\n${types}` })).toMatch(
      /^a\.ksy:3 'b' behind 'a', which takes all .* is not supported, because/,
    );
  });

  it("is no item of others", () => {
    for (const repeat of ["repeat: eos", "repeat: expr, repeat-expr: 2", "repeat: until, repeat-until: true"])
      expect(compile({ "a.ksy": `${META}seq:\n- {id: a, type: s, ${repeat}}\n${types}` })).toMatch(
        /^a\.ksy:3 an item of 'a' behind/,
      );
  });

  it("is no item of itself", () => {
    const text = `${META}seq:\n- {id: n, type: u1}\n- {id: a, type: a, repeat: eos}`;
    expect(compile({ "a.ksy": text })).toMatch(/^a\.ksy:4 an item of 'a' behind one that takes all/);
  });

  it("may stand in bytes of its own, at the end, and where a condition or a case says so", async () => {
    const c = "{switch-on: n, cases: {2: c, _: u1}}";
    const a = await load(
      `seq:\n- {id: n, type: u1}\n- {id: a, size: 2, type: s}\n- {id: b, type: s, if: n == 1}\n- {id: c, type: ${c}, repeat: eos}\n${types}\n  c: {seq: [{id: x, size-eos: true}]}`,
    );
    const s = { n: 7, r: { x: bytes(8) } };
    expect(read(a, "010708070809")).toEqual({ n: 1, a: s, b: { n: 7, r: { x: bytes(8, 9) } }, c: [] });
    expect(read(a, "0207080708")).toEqual({ n: 2, a: s, b: undefined, c: [{ kind: "c", x: bytes(7, 8) }] });
    expect(read(a, "0307080708")).toEqual({ n: 3, a: s, b: undefined, c: [7, 8] });
    expect(mistake(a, { n: 1, a: s, b: s, c: [1] })).toBe("argument b");
    const one = { kind: "c", x: bytes(1) };
    expect(mistake(a, { n: 2, a: s, c: [one, one] })).toBe("argument c[1]");
    expect(mistake(a, { n: 2, a: s, c: [one, { kind: "c", x: bytes() }] })).toBe("argument c[1]");
  });

  it("is seen behind types whose values do so sometimes, however deep", async () => {
    const inner =
      "types:\n  q: {seq: [{id: m, type: u1}, {id: r, type: r, if: m > 1}]}\n  r: {seq: [{id: x, size-eos: true}]}";
    const c = "{switch-on: n, cases: {1: q, 2: u1}}";
    const a = await load(
      `seq:\n- {id: n, type: u1}\n- {id: o, type: o}\n- {id: c, type: ${c}}\n- {id: l, type: q, repeat: expr, repeat-expr: n}\n- {id: e, type: u1, if: n > 2}\n${inner}\n  o: {seq: [{id: s, size: 2, type: q}, {id: q, type: q}]}\n`,
    );
    const short = { kind: "q", m: 1 };
    const [empty, long] = [bytes(), bytes(7)].map((x) => ({ kind: "q", m: 2, r: { x } }));
    const o = { s: long, q: short };
    // What fills bytes of its own tells nothing of what stands behind them.
    expect(read(a, "010207010101")).toEqual({ n: 1, o, c: short, l: [short], e: undefined });
    expect(read(a, "01020701010207")).toEqual({ n: 1, o, c: short, l: [long], e: undefined });
    const value = { n: 1, o, c: short, l: [short] };
    expect(mistake(a, { ...value, o: { ...o, q: empty } })).toBe("argument o");
    expect(mistake(a, { ...value, c: long })).toBe("argument c");
    expect(mistake(a, { ...value, n: 2, c: 3, l: [empty, short] })).toBe("argument l[1]");
    expect(mistake(a, { ...value, n: 3, l: [short, short, long], e: 1 })).toBe("kind c");
  });
});

describe("types", () => {
  it("inside others are found from inside, and are called after both", async () => {
    const a = await load(
      "seq:\n- {id: b, type: b}\ntypes:\n  b:\n    seq: [{id: n, type: u1}, {id: c, type: c, size: n}]\n    types: {c: {seq: [{id: x, type: u1}]}}",
    );
    expect(read(a, "0107")).toEqual({ b: { c: { x: 7 } } });
    expect(refusal(a, "010708")).toBe("trailing  2");
    expect(refusal(a, "0207")).toBe("short b.c 2");
    expect(
      compile({
        "a.ksy": `${META}seq:\n- {id: b, type: c}\ntypes:\n  b:\n    seq: []\n    types: {c: {seq: [{id: x, type: u1}]}}`,
      }),
    ).toMatch(/there is no type 'c'/);
  });

  it("take parameters, also where their layout is flat", async () => {
    const a = await load(
      "seq:\n- {id: n, type: u1}\n- {id: one, type: t(n + 1)}\n- {id: two, type: t(0), if: n > 1}\ntypes: {t: {params: [{id: count, type: u1}], seq: [{id: xs, type: u1, repeat: expr, repeat-expr: count}]}}".replaceAll(
        "count",
        "how_many",
      ),
    );
    expect(read(a, "010203")).toEqual({ n: 1, one: { xs: [2, 3] }, two: undefined });
    expect(mistake(a, { n: 1, one: { xs: [2] } })).toBe("count one.xs");
    expect(
      compile({
        "a.ksy": `${META}seq:\n- {id: x, type: t(1)}\ntypes: {t: {params: [{id: let, type: u1}], seq: [{id: y, size: let}]}}`,
      }),
    ).toBe("compiles");
  });

  it("that stand inside themselves have a codec, and end at a depth", async () => {
    const a = await load("seq:\n- {id: more, type: u1}\n- {id: next, type: a, if: more == 1}");
    expect(read(a, "010100")).toEqual({ more: 1, next: { more: 1, next: { more: 0, next: undefined } } });
    expect(refusal(a, "01".repeat(200))).toMatch(/^limit next(\.next)+ 100$/);
    const round: Record<string, unknown> = { more: 1 };
    round["next"] = round;
    expect(mistake(a, round)).toMatch(/^limit next/);
    const types =
      "types:\n  one: {seq: [{id: n, type: u1}, {id: x, type: two, if: n > 0}]}\n  two: {seq: [{id: y, type: one}]}";
    const circle = await load(types);
    expect(circle["decodeOne"]!(fromHex("0100"))).toEqual({ n: 1, x: { y: { n: 0, x: undefined } } });
    expect(circle["decodeTwo"]).toBeUndefined();
  });
});

describe("numbers", () => {
  it("that say a length are no part of a value, of bits as well", async () => {
    const a = await load("seq:\n- {id: kind_code, type: b4}\n- {id: n, type: b4}\n- {id: x, size: n * 3 + 1}");
    expect(read(a, "51aabbccdd")).toEqual({ kindCode: 5, x: bytes(0xaa, 0xbb, 0xcc, 0xdd) });
    expect(mistake(a, { kindCode: 5, x: bytes(1, 2) })).toBe("range x");
    expect(mistake(a, { kindCode: 5, x: new Uint8Array(49) })).toBe("range x");
  });

  it("that say two lengths follow from the first, and the second is checked", async () => {
    const a = await load("seq:\n- {id: n, type: u1}\n- {id: x, size: n}\n- {id: y, size: n}");
    expect(read(a, "020a0b0c0d")).toEqual({ x: bytes(10, 11), y: bytes(12, 13) });
    expect(mistake(a, { x: bytes(1, 2), y: bytes(1) })).toBe("length y");
  });

  it("of 64 bits may say a length in both forms", async () => {
    const a = await load("seq:\n- {id: n, type: u8}\n- {id: x, size: n * 2}\n- {id: y, type: u8}");
    expect(read(a, "000000000000000141420000000000000007")).toEqual({ x: bytes(0x41, 0x42), y: 7 });
    const big = { x: bytes(0x41, 0x42), y: 2n ** 64n - 1n };
    const written = fromHex("00000000000000014142ffffffffffffffff");
    expect(a["encodeABig"]!(big)).toEqual(written);
    expect(a["decodeABig"]!(written)).toEqual(big);
  });

  it("in groups that say how long deep values are cost each level once", async () => {
    const a = await load(
      `seq:\n- {id: n, type: v}\n- {id: kids, type: list, size: n.value}\ntypes:
  list: {seq: [{id: all, type: a, repeat: eos}]}
  v: {-varint: leb128, seq: [{id: g, type: u1, repeat: until, repeat-until: (_ & 128) == 0}],
    instances: {value: {value: 1}}}`,
    );
    let value: unknown = { kids: { all: [] } };
    for (let depth = 0; depth < 40; depth++) value = { kids: { all: [value] } };
    const start = performance.now();
    expect(a["decodeA"]!(a["encodeA"]!(value) as Uint8Array)).toEqual(value);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it("of bits have names", async () => {
    const a = await load(
      "seq:\n- {id: m, type: b3, enum: mode, valid: {in-enum: true}}\n- {id: r, type: b5}\n- {id: x, type: u1, if: m == mode::fast}\nenums: {mode: {1: slow, 5: fast}}",
    );
    expect(read(a, "a107")).toEqual({ m: 5, r: 1, x: 7 });
    expect(read(a, "21")).toEqual({ m: 1, r: 1, x: undefined });
    expect(refusal(a, "41")).toBe("enum m 0");
  });

  it("with a point are exact", async () => {
    const a = await load("seq:\n- {id: x, type: f4}\n- {id: y, type: f8le}");
    expect(read(a, "3fc00000000000000000f0bf")).toEqual({ x: 1.5, y: -1 });
    expect(read(a, "7f800000000000000000f0ff")).toEqual({ x: Infinity, y: -Infinity });
    expect((read(a, "7fc00000000000000000f87f") as { x: number }).x).toBeNaN();
    expect(refusal(a, "3fc000000000")).toBe("short  0");
    const piece = await load("seq:\n- {id: n, type: u1}\n- {id: x, type: f4, if: n > 0}");
    expect(mistake(piece, { n: 1, x: 5n })).toBe("argument x");
    expect(mistake(piece, { n: 1n, x: 5 })).toBe("range n");
  });

  it("in groups of seven bits have one form", async () => {
    const seq = "seq: [{id: groups, type: u1, repeat: until, repeat-until: (_ & 128) == 0}]";
    const of = (form: string, more = ""): Promise<Emitted> =>
      load(`seq:\n- {id: n, type: v}\ntypes: {v: {-varint: ${form}${more}, ${seq}}}`);
    const leb = await of("leb128");
    expect(read(leb, "ac02")).toEqual({ n: 300 });
    expect(read(leb, "ffffffffffffff0f")).toEqual({ n: 2 ** 53 - 1 });
    expect(refusal(leb, "ffffffffffffff1f")).toBe("range n 0");
    expect(refusal(leb, "ac8200")).toBe("range n 0");
    expect(refusal(leb, "ac")).toBe("short n 0");
    expect(leb["decodeABig"]!(fromHex("ffffffffffffffffff01"))).toEqual({ n: 2n ** 64n - 1n });
    const vlq = await of("vlq");
    expect(read(vlq, "822c")).toEqual({ n: 300 });
    expect(refusal(vlq, "80822c")).toBe("range n 0");
    const big = await of("leb128", ", -u64: bigint");
    expect(read(big, "ffffffffffffffffff01")).toEqual({ n: 2n ** 64n - 1n });
    expect(refusal(big, "ffffffffffffffffff03")).toBe("range n 0");
    const mqtt = await of("mqtt");
    expect(read(mqtt, "ffffff7f")).toEqual({ n: 268_435_455 });
    expect(refusal(mqtt, "ffffffff01")).toBe("range n 0");
    expect(mistake(mqtt, { n: 268_435_456 })).toBe("range n");
    expect(mistake(mqtt, { n: Symbol("s") })).toBe("range n");
  });
});

describe("a checksum", () => {
  const digits = toHex(new TextEncoder().encode("123456789"));
  it.each([
    ["{crc16: 0x1021, over: [x]}", "u2", "31c3"],
    ["{crc16: 0x1021, init: 0xffff, over: [x]}", "u2", "29b1"],
    ["{crc16: 0x8005, init: 0xffff, reflect: true, over: [x]}", "u2", "4b37"],
    ["{crc16: 0x1021, init: 0xffff, reflect: true, xor: 0xffff}", "u2", "906e"],
    ["adler32(x)", "u4", "091e01de"],
    ["crc32(x, x)", "u4", "cbf43926"],
    ["crc32()", "u4", "cbf43926"],
    ["sum8(x)", "u1", "dd"],
    ["xor8(x)", "u1", "31"],
    ["internet(x)", "u2", "f62a"],
  ])("%s of 123456789 is known", async (derive, type, sum) => {
    const a = await load(
      `seq:\n- {id: x, size: 9}\n- {id: sum, type: ${type}, -derive: "${derive}"}`
        .replace('"{', "{")
        .replace('}"', "}"),
    );
    expect(read(a, digits + sum)).toEqual({ x: fromHex(digits) });
    expect(refusal(a, `00${digits.slice(2)}${sum}`)).toBe("crc sum 9");
  });

  it("of bytes is taken wherever their length comes from, and stands in every value", async () => {
    for (const size of ["n * 2", "n"]) {
      const more = size === "n" ? ", if: n > 0" : "";
      const a = await load(
        `seq:\n- {id: n, type: u1}\n- {id: x, size: ${size}${more}}\n- {id: sum, type: u4, -derive: crc32(x)}`,
      );
      expect(refusal(a, "020a0b0c0d00000000")).toMatch(size === "n" ? /^trailing|^crc/ : /^crc sum 5/);
      expect(read(a, `00${"00".repeat(4)}`)).toHaveProperty("x");
    }
    const absent = "seq:\n- {id: n, type: u1}\n- {id: sum, type: u1, if: n > 1, -derive: sum8(n)}";
    expect(compile({ "a.ksy": META + absent })).toMatch(/needs a field that is always there/);
  });

  it("may stand before what it covers, and cover what is of any length", async () => {
    const a = await load(
      "seq:\n- {id: n, type: u1}\n- {id: sum, type: u1, -derive: 'sum8(x, y)'}\n- {id: x, size: n}\n- {id: y, type: u1, if: n > 1}".replace(
        "if: n > 1",
        "repeat: until, repeat-until: _ == 0",
      ),
    );
    expect(read(a, "020a01020700")).toEqual({ x: bytes(1, 2), y: [7, 0] });
    expect(refusal(a, "020b01020700")).toBe("crc sum 1");
  });
});
