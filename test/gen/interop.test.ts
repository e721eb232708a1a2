/** Layouts as parsers of other libraries: what these read is what we read, or they are refused by name. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { fromHex } from "../../src/bytes/index.js";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";
import { asBinaryParser, asRestructure } from "../../src/gen/node/index.js";
import { issueOf } from "../support/issue-of.js";
import { loadModules, type Emitted } from "../support/generate.js";

const FLOATS = `meta: {id: a, endian: be}
seq:
- {id: n, type: u1}
- {id: single, type: f4}
- {id: little, type: f4le}
- {id: double, type: f8}
- {id: inner, type: point}
- {id: list, type: f8le, repeat: expr, repeat-expr: n}
- {id: fixed, type: f4, repeat: expr, repeat-expr: 2}
types:
  point: {seq: [{id: x, type: f4}, {id: y, type: f8le}]}
`;

describe("parsers of other libraries", () => {
  it("read floats of both sizes and orders", async () => {
    const [{ module }] = compileSpec("a.ksy", () => FLOATS) as [ReturnType<typeof compileSpec>[number]];
    const runtime = resolve("src/codec/index.ts");
    const code = emitTypeScript(module, { runtime, moduleFile: (id) => `./${id}.js`, source: FLOATS });
    const codec = (await loadModules(new Map([["./a.js", code]]), 'export * from "./a.js";')) as Emitted;
    const value = {
      single: 1.5,
      little: -0.25,
      double: Math.PI,
      inner: { x: 2 ** 100, y: -1e-300 },
      list: [0.1, -Infinity],
      fixed: [0, 65504],
    };
    const bytes = codec["encodeA"]!(value) as Uint8Array;
    const ours = codec["decodeA"]!(bytes);
    expect(ours).toEqual(value);
    expect(asBinaryParser(module, "a").parse(bytes)).toEqual(ours);
    expect(asRestructure(module, "a").fromBuffer(bytes)).toEqual(ours);
  });

  it("are not made of attributes that depend on what was read, which are named", () => {
    const text = "meta: {id: a}\nseq:\n- {id: n, type: u1}\n- {id: maybe, type: u1, if: n > 1}";
    const [{ module }] = compileSpec("a.ksy", () => text) as [ReturnType<typeof compileSpec>[number]];
    for (const make of [asBinaryParser, asRestructure]) {
      expect(issueOf(() => make(module, "a"))).toMatchObject({ code: "argument", path: "maybe" });
      expect(issueOf(() => make(module, "b"))).toMatchObject({ code: "argument", path: "type", actual: "b" });
    }
    expect(() => asRestructure(compileSpec("a.ksy", () => FLOATS)[0]!.module, "a").fromBuffer(fromHex("01"))).toThrow(
      RangeError,
    );
  });
});
