/** Types that are cases of a choice in one file and stand plainly in another. */
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { fromHex, toHex } from "../../src/bytes/index.js";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";
import { pascal } from "../../src/gen/names.js";
import { loadModules, type Emitted } from "../support/generate.js";
import { diagnose } from "../support/strictest.js";

const FILES: Readonly<Record<string, string>> = {
  common: `
meta: {id: common, endian: be}
types:
  item: {seq: [{id: a, type: u1}]}
  other: {seq: [{id: n, type: u1}, {id: b, size: n}]}
  own_case: {seq: [{id: a, type: u1}]}
  own_long: {seq: [{id: n, type: u1}, {id: b, size: n}]}
  variant: {seq: [{id: c, type: u2}]}
  chooser:
    seq:
      - {id: tag, type: u1}
      - {id: body, type: {switch-on: tag, cases: {1: own_case, 2: own_long}}}
      - {id: end, type: u1}
  merged:
    seq:
      - {id: tag, type: u1}
      - {id: body, type: {switch-on: tag, cases: {1: variant, 2: item}}}
`,
  chosen: `
meta: {id: chosen, endian: be, imports: [common]}
seq:
  - {id: tag, type: u1}
  - {id: body, type: {switch-on: tag, cases: {1: "common::item", 2: "common::other"}}}
`,
  plain: `
meta: {id: plain, endian: be, imports: [common, chosen]}
seq:
  - {id: item, type: "common::item"}
  - {id: other, type: "common::other"}
  - {id: items, type: "common::item", repeat: expr, repeat-expr: 2}
  - {id: maybe, type: "common::other", if: item.a == 1}
  - {id: chosen, type: chosen}
`,
  own: `
meta: {id: own, endian: be, imports: [common]}
seq:
  - {id: n, type: u1}
  - {id: case, type: "common::own_case"}
  - {id: long, type: "common::own_long"}
  - {id: variant, type: "common::variant"}
  - {id: cases, type: "common::own_case", repeat: expr, repeat-expr: n}
  - {id: variants, type: "common::variant", repeat: expr, repeat-expr: 2}
`,
  both: `
meta: {id: both, endian: be, imports: [common, plain, own]}
seq:
  - {id: merged, type: "common::merged"}
  - {id: item, type: "common::item"}
  - {id: plain, type: plain}
  - {id: tag, type: u1}
  - {id: body, type: {switch-on: tag, cases: {1: "common::item", 2: plain, 3: "common::variant", 4: own}}}
`,
};

const PLAIN = "01 0155 0203 020102 01 09";
const OWN = "01 07 0166 0102 08 00010002";
const BYTES: readonly (readonly [spec: string, hex: string])[] = [
  ["chosen", "01 09"],
  ["chosen", "02 020304"],
  ["plain", PLAIN],
  ["plain", "02 00 0203 02 00"],
  ["own", OWN],
  ["both", `02 05 06 ${PLAIN} 01 07`],
  ["both", `01 0506 07 ${PLAIN} 02 ${PLAIN}`],
  ["both", `01 0506 07 ${PLAIN} 03 0102`],
  ["both", `01 0506 07 ${PLAIN} 04 ${OWN}`],
];

const texts = new Map<string, string>();
let codecs: Record<string, Emitted> = {};

beforeAll(async () => {
  const read = (path: string): string => FILES[path.replace(/\.ksy$/, "")]!;
  for (const { module, source } of compileSpec("both.ksy", read)) {
    const options = { runtime: resolve("src/codec/index.ts"), moduleFile: (id: string) => `./${id}.js`, source };
    texts.set(module.id, emitTypeScript(module, options));
  }
  const files = new Map([...texts].map(([id, text]) => [`./${id}.js`, text]));
  const entry = [...texts.keys()].map((id) => `export * as ${id} from "./${id}.js";`).join("\n");
  codecs = (await loadModules(files, entry)) as Record<string, Emitted>;
});

describe("cases of a choice in another file", () => {
  it("become modules that satisfy the strictest compiler", () => {
    const named = [...texts].map(
      ([id, text]) => [id, text.replaceAll(/from "\.\/(\w+)\.js"/g, 'from "./$1.ts"')] as const,
    );
    expect([...diagnose(new Map(named))]).toEqual([]);
  }, 60_000);

  it.each(BYTES)("are read and written by %s: %s", (spec, hex) => {
    const bytes = fromHex(hex.replaceAll(" ", ""));
    const value = codecs[spec]![`decode${pascal(spec)}`]!(bytes);
    expect(toHex(codecs[spec]![`encode${pascal(spec)}`]!(value) as Uint8Array)).toBe(toHex(bytes));
  });

  it("say their kind as cases of their own file wherever they stand", () => {
    const value = codecs["own"]!["decodeOwn"]!(fromHex(OWN.replaceAll(" ", "")));
    expect(value).toMatchObject({ case: { kind: "own_case", a: 7 }, cases: [{ kind: "own_case", a: 8 }] });
  });
});
