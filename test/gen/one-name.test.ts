/** Several files of one base name in one spec: which is meant, what their types are called, and where errors point. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../src/bytes/index.js";
import { compileSpec, emitMarkdown, emitTypeScript } from "../../src/gen/index.js";
import { loadModules, type Emitted } from "../support/generate.js";
import { diagnose } from "../support/strictest.js";
import { compile } from "./refusals.js";

type Files = Readonly<Record<string, string>>;

const A = `
meta: {id: common, endian: be}
seq: [{id: x, type: u2}]
types:
  coin: {seq: [{id: a, type: u1, valid: 7}, {id: n, type: u1}]}
  item: {seq: [{id: n, type: u1}, {id: text, size: n}]}
enums:
  kind: {1: gold}
`;
const B = `
meta: {id: common, endian: le}
seq: [{id: y, type: u4}]
types:
  note: {seq: [{id: b, type: u1}]}
  item: {seq: [{id: m, type: u1}]}
  again: {seq: [{id: root, type: common}, {id: own, type: "common::note"}]}
enums:
  kind: {1: paper}
`;
const MAIN = `
meta: {id: main, endian: le, imports: [a/common, lib/b/common]}
seq:
  - {id: coin, type: "common::coin"}
  - {id: note, type: "common::note"}
  - {id: x, type: "a::common"}
  - {id: y, type: "b::common"}
  - {id: kind, type: u1, enum: "a::common::kind"}
  - {id: other, type: u1, enum: "lib::b::common::kind"}
  - {id: again, type: "common::again"}
  - {id: tag, type: u1}
  - {id: body, type: {switch-on: tag, cases: {1: "a::common", 2: "b::common", 3: "a::common::item"}}}
`;
const BYTES = "0709 05 0102 04030201 01 01 08070605 06 03 02 6869";
const VALUE = {
  coin: { n: 9 },
  note: { b: 5 },
  x: { kind: "a_common", x: 0x102 },
  y: { kind: "lib_b_common", y: 0x1020304 },
  kind: 1,
  other: 1,
  again: { root: { y: 0x5060708 }, own: { b: 6 } },
  tag: 3,
  body: { kind: "item", text: new Uint8Array([0x68, 0x69]) },
};

const read = (files: Files) => (path: string) => {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error(path), { code: "ENOENT" });
  return text;
};

const SPEC: Files = { "main.ksy": MAIN, "a/common.ksy": A, "lib/b/common.ksy": B };

function emitted(files: Files, runtime = resolve("src/codec/index.ts")): Map<string, string> {
  return new Map(
    compileSpec("main.ksy", read(files)).map(({ module, source }) => [
      `./${module.id}.js`,
      emitTypeScript(module, { runtime, moduleFile: (id) => `./${id}.js`, source }),
    ]),
  );
}

async function codecsOf(files: Files): Promise<Emitted> {
  return (await loadModules(emitted(files), 'export * from "./main.js";')) as Emitted;
}

/** Makes the spec general: an instance needs the whole language. */
const GENERAL = `${MAIN}instances:\n  sum: {value: "x.x + y.y"}\n`;

describe("files of one name", () => {
  it("are modules of their own, called after their folders", () => {
    const compiled = compileSpec("main.ksy", read(SPEC));
    expect(compiled.map(({ module, path }) => [module.id, module.file, path])).toEqual([
      ["main", "main.ksy", "main.ksy"],
      ["a_common", "a/common.ksy", "a/common.ksy"],
      ["lib_b_common", "lib/b/common.ksy", "lib/b/common.ksy"],
    ]);
    expect(compiled.map(({ source }) => source)).toEqual([MAIN, A, B]);
    expect(compiled[1]!.module.types.map(({ name, format }) => [name, format])).toEqual([
      ["a_common", "a_common"],
      ["coin", "a_common_coin"],
      ["item", "a_common_item"],
    ]);
    expect(JSON.stringify(compiled[0]!.module)).toContain('"module":"lib_b_common"');
    expect(emitMarkdown(compiled[1]!.module)).toMatch(/^# a_common$/m);
  });

  it("are called the same in whatever order they are imported, and by no more than one file", () => {
    const ids = (imports: string): string[] =>
      compileSpec("main.ksy", read({ ...SPEC, "main.ksy": `meta: {id: main, imports: [${imports}]}\nseq: []` }))
        .map(({ module }) => module.id)
        .sort();
    expect(ids("a/common, lib/b/common")).toEqual(["a_common", "lib_b_common", "main"]);
    expect(ids("lib/b/common, a/common, ./a/common")).toEqual(["a_common", "lib_b_common", "main"]);
    expect(ids("a/common")).toEqual(["common", "main"]);
  });

  it("are read, written and typed each as itself", async () => {
    expect(diagnose(emitted(SPEC, "specwire/codec"))).toEqual(new Map());
    const codecs = await codecsOf(SPEC);
    const bytes = fromHex(BYTES.replaceAll(" ", ""));
    expect(codecs.decodeMain!(bytes)).toEqual(VALUE);
    expect(toHex(codecs.encodeMain!(VALUE) as Uint8Array)).toBe(toHex(bytes));
  });

  it("are read as general types as well", async () => {
    const files = { ...SPEC, "main.ksy": GENERAL };
    expect(diagnose(emitted(files, "specwire/codec"))).toEqual(new Map());
    const codecs = await codecsOf(files);
    const bytes = fromHex(BYTES.replaceAll(" ", ""));
    const value = codecs.decodeMain!(bytes) as Record<string, unknown>;
    expect(value).toMatchObject({ x: { x: 0x102 }, y: { y: 0x1020304 }, sum: 0x1020304 + 0x102, tag: 3 });
    expect(toHex(codecs.encodeMain!(value) as Uint8Array)).toBe(toHex(bytes));
  });

  it("say in errors which of them it is", async () => {
    const codecs = await codecsOf(SPEC);
    const bytes = fromHex(BYTES.replaceAll(" ", ""));
    bytes[0] = 8;
    expect(() => codecs.decodeMain!(bytes)).toThrow(
      expect.objectContaining({ spec: "a/common.ksy:5", path: "coin.a" }),
    );
    const wrong = { "a.ksy": MAIN.replace("id: main", "id: a"), "a/common.ksy": A, "lib/b/common.ksy": `${B}odd: 1\n` };
    expect(compile(wrong)).toMatch(/^lib\/b\/common\.ksy:10 /);
    const broken = { ...wrong, "lib/b/common.ksy": "meta: {id: common\n" };
    expect(compile(broken)).toMatch(/^lib\/b\/common\.ksy:2 /);
  });

  it("have to be told apart where both declare a name", () => {
    const from = (type: string): string =>
      compile({
        ...SPEC,
        "a.ksy": `meta: {id: a, imports: [a/common, lib/b/common]}\nseq: [{id: t, type: "${type}"}]`,
      });
    const both = "a/common.ksy ('a::common') and lib/b/common.ksy ('b::common'): say which, with its folder in front";
    expect(from("common::item")).toBe(`a.ksy:2 'common::item' may be of ${both}`);
    expect(from("common")).toBe(`a.ksy:2 'common' may be of ${both}`);
    for (const type of ["a::common::item", "b::common::item", "common::coin"]) expect(from(type)).toBe("compiles");
    expect(from("a::common::note")).toBe("a.ksy:2 there is no type 'a::common::note'");
    expect(from("c::common::item")).toBe("a.ksy:2 'c' is not imported");
  });

  it("leave its name to the spec that imports them, and theirs to other files", () => {
    const small = (id: string): string => `meta: {id: ${id}, endian: be}\nseq: [{id: x, type: u1}]`;
    const ids = (files: Files): string[] => compileSpec("main.ksy", read(files)).map(({ module }) => module.id);
    const own = "meta: {id: main, imports: [a/main]}\nseq: [{id: m, type: 'a::main'}]";
    expect(ids({ "main.ksy": own, "a/main.ksy": small("main") })).toEqual(["main", "a_main"]);
    const three = "meta: {id: main, imports: [a/b, c/b, a_b, 3D-x/b]}\nseq: []";
    const files = { "a/b.ksy": small("b"), "c/b.ksy": small("b"), "a_b.ksy": small("a_b"), "3D-x/b.ksy": small("b") };
    expect(ids({ "main.ksy": three, ...files })).toEqual(["main", "a_b_2", "c_b", "a_b", "in_3d_x_b"]);
    const above = { "main.ksy": "meta: {id: main, imports: [../b, ../../b]}\nseq: []", "../b.ksy": small("b") };
    expect(ids({ ...above, "../../b.ksy": small("b") })).toEqual(["main", "b", "b_2"]);
  });

  it("are found in folders that are named", () => {
    const files: Files = {
      "main.ksy": "meta: {id: main, imports: [common, /common]}\nseq: [{id: c, type: 'common::coin'}]",
      "common.ksy": B,
      "inc/common.ksy": A,
    };
    const compiled = compileSpec("main.ksy", read(files), undefined, ["none", "inc"]);
    expect(compiled.map(({ module }) => [module.id, module.file])).toEqual([
      ["main", "main.ksy"],
      ["common", "common.ksy"],
      ["common_2", "inc/common.ksy"],
    ]);
  });
});
