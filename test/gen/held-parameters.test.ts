/** Types that stand inside others, with parameters that give their counts; and bits that have one value. */
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { fromHex } from "../../src/bytes/index.js";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";
import { loadModules, type Emitted } from "../support/generate.js";
import { compile, META } from "./refusals.js";

/** The codecs of a spec whose first line is `meta`. */
async function codecsOf(text: string): Promise<Emitted> {
  const [{ module, source }] = compileSpec("a.ksy", () => META + text) as [ReturnType<typeof compileSpec>[number]];
  const runtime = resolve("src/codec/index.ts");
  const emitted = emitTypeScript(module, { runtime, moduleFile: (id) => `./${id}.js`, source });
  return (await loadModules(new Map([["./a.js", emitted]]), 'export * from "./a.js";')) as Emitted;
}

it.each([
  ["items", "{id: x, type: u2, repeat: expr, repeat-expr: n}", [1, 2], "0200010002"],
  ["bytes", "{id: x, size: n + 1}", Uint8Array.of(7, 8, 9), "02070809"],
  ["bits", "{id: x, type: b1, repeat: expr, repeat-expr: n}", [true, false], "0280"],
])("writes %s as many as a parameter says, and refuses others", async (_, attribute, x, hex) => {
  const codecs = await codecsOf(`
seq:
- {id: n, type: u1}
- {id: t, type: t(n), if: n > 0}
types: {t: {params: [{id: n, type: u1}], seq: [${attribute}]}}`);
  expect(codecs.encodeA!({ n: 2, t: { x } })).toEqual(fromHex(hex));
  expect(codecs.decodeA!(fromHex(hex))).toEqual({ n: 2, t: { x } });
  expect(() => codecs.encodeA!({ n: 3, t: { x } })).toThrow(/^a\.t\.x at byte 1: too few or too many items/);
});

it("gives the file's own sequence a codec although it stands inside itself", async () => {
  const codecs = await codecsOf("seq:\n- {id: more, type: u1}\n- {id: next, type: a, if: more == 1}");
  const value = { more: 1, next: { more: 0 } };
  expect(codecs.decodeA!(fromHex("0100"))).toEqual(value);
  expect(codecs.encodeA!(value)).toEqual(fromHex("0100"));
});

it("takes one bit for true or false, as other compilers do", async () => {
  const codecs = await codecsOf("seq:\n- {id: on, type: b1, valid: true}\n- {id: x, type: b7}");
  expect(codecs.encodeA!({ on: true, x: 1 })).toEqual(fromHex("81"));
  expect(() => codecs.decodeA!(fromHex("01"))).toThrow("on");
  expect(compile({ "a.ksy": `${META}seq: [{id: x, type: u1, valid: true}]` })).toMatch(/2 an integer is needed/);
});

it("tells a mistake in bits without others that follow from it", () => {
  const text = "seq:\n- {id: x, type: b1}\n- {id: y, type: b7, valid: no}\n- {id: z, type: u1, if: x}";
  expect(compile({ "a.ksy": META + text })).toBe(
    "a.ksy:4 column 1 of the expression: 'no' is no attribute, instance or parameter of the type",
  );
});
