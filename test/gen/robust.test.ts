/** Specs that are made to break the generator: large, deep, self-referring, or of names that emitted code uses. */
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isWireError } from "../../src/errors.js";
import { compileSpec, emitMarkdown, emitTypeScript } from "../../src/gen/index.js";
import { loadModules } from "../support/generate.js";
import { diagnose } from "../support/strictest.js";
import { META } from "./refusals.js";

/** The emitted module of a spec, or the refusal with its place. */
function emitted(text: string): { code: string } | { refusal: string } {
  try {
    const [compiled] = compileSpec("a.ksy", () => text);
    const { module } = compiled!;
    emitMarkdown(module);
    const runtime = resolve("src/codec/index.ts");
    const moduleFile = (id: string): string => `./${id}.js`;
    return { code: emitTypeScript(module, { runtime, moduleFile, source: text, forms: ["view", "length"] }) };
  } catch (error) {
    if (!isWireError(error) || error.code !== "spec") throw error;
    expect(error.spec).toMatch(/^a\.ksy:\d+$/);
    return { refusal: error.actual ?? "" };
  }
}

/** How much of the processor it takes, in milliseconds: others may be at work on the same machine. */
function timeOf(text: string): number {
  const start = process.cpuUsage();
  emitted(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Lines of the same form, with their number in the place of `#`. */
function lines(count: number, line: string): string {
  return Array.from({ length: count }, (_, i) => line.replaceAll("#", String(i))).join("\n");
}

/** What grows with a power of the depth takes hours. */
const DEEP_MS = 10_000;
/** Four times as many lines take four times as long; if each looked at all others, it would be sixteen times. */
const GROWTH_MAX = 10;

describe("a large spec", () => {
  it.each<[string, (count: number) => string]>([
    ["fields", (n) => `seq:\n${lines(n, "- {id: f_#, type: u2}")}`],
    ["pieces", (n) => `seq:\n- {id: n, type: u1}\n${lines(n, "- {id: f_#, type: u2, if: n == #}")}`],
    ["lengths", (n) => `seq:\n${lines(n, "- {id: n_#, type: u1}\n- {id: f_#, size: n_# * 2}")}`],
    ["types", (n) => `types:\n${lines(n, "  t_#: {seq: [{id: x, type: u1}]}")}`],
    ["types of pieces", (n) => `types:\n${lines(n, "  t_#: {seq: [{id: n, type: u1}, {id: x, size: n * 2}]}")}`],
    ["cases", (n) => `seq:\n- {id: n, type: u2}\n- {id: x, type: {switch-on: n + 0, cases: {${cases(n)}}}}\n`],
    [
      "enumerated values",
      (n) => `enums:\n  e:\n${lines(n, "    #: v_#")}\ntypes: {}\nseq:\n- {id: x, type: u2, enum: e}`,
    ],
  ])("of 1,000 %s is compiled in a time that grows with their number", (_, textOf) => {
    const [few, many] = [META + textOf(250), META + textOf(1_000)];
    expect(emitted(many)).toHaveProperty("code");
    let growth = Infinity;
    for (let i = 0; i < 3 && growth >= GROWTH_MAX; i++) growth = timeOf(many) / timeOf(few);
    expect(growth).toBeLessThan(GROWTH_MAX);
  });
});

function cases(count: number): string {
  return Array.from({ length: count }, (_, i) => `${i}: ${i % 2 === 0 ? "u1" : "u2"}`).join(", ");
}

describe("a deep spec", () => {
  const nested = (depth: number): string => {
    let text = "seq: [{id: x, type: u1}]";
    for (let i = 0; i < depth; i++)
      text = `seq: [{id: x, type: t}]\ntypes:\n  t:\n    ${text.replaceAll("\n", "\n    ")}`;
    return text;
  };

  it("of types in types is compiled or refused", () => {
    expect(emitted(META + nested(20))).toHaveProperty("code");
    expect(emitted(META + nested(60))).toEqual({ refusal: expect.stringMatching(/nest deeper than/) as string });
  });

  it.each([
    ["brackets", `${"(".repeat(2000)}n${")".repeat(2000)}`],
    ["unclosed brackets", "(".repeat(4000)],
    ["signs", `${"-".repeat(4000)}n`],
    ["negations", `${"not ".repeat(1000)}n`],
    ["questions", `${"n == 1 ? ".repeat(400)}n${" : n".repeat(400)}`],
    ["sums", `n${" + n".repeat(1300)}`],
    ["members", `n${".a".repeat(1300)}`],
  ])("of %s is refused or compiled", (_, expression) => {
    for (const key of ["if", "size", "repeat-expr"]) {
      const more = key === "repeat-expr" ? ", type: u1, repeat: expr" : key === "if" ? ", type: u1" : "";
      const text = `${META}seq:\n- {id: n, type: u1}\n- {id: x${more}, ${key}: ${JSON.stringify(expression)}}`;
      expect(timeOf(text)).toBeLessThan(DEEP_MS);
    }
  });

  it("whose fields multiply takes no more room than it has lines", () => {
    const doubled = (i: number): string => `  t_${i}: {seq: [{id: a, type: t_${i + 1}}, {id: b, type: t_${i + 1}}]}`;
    const text = `types:\n${Array.from({ length: 30 }, (_, i) => doubled(i)).join("\n")}\n  t_30: {seq: [{id: x, type: u1}]}`;
    const result = emitted(META + text);
    if ("code" in result) expect(result.code.length).toBeLessThan(1_000_000);
    expect(timeOf(META + text)).toBeLessThan(DEEP_MS);
  });

  it("of shifts that leave the numbers does not break the codec", async () => {
    const shifts = "<< 31 ".repeat(50);
    const text = `seq:\n- {id: n, type: u4}\n- {id: x, type: u1, if: ((n ${shifts}) & 1) == 1}`;
    const result = emitted(META + text);
    if ("refusal" in result) return;
    const codec = await loadModules(new Map([["./a.js", result.code]]), 'export * from "./a.js";');
    const decode = codec["tryDecodeA"] as (bytes: Uint8Array) => { ok: boolean };
    expect(() => decode(new Uint8Array([255, 255, 255, 255, 0]))).not.toThrow();
  });
});

describe("a type that stands inside itself", () => {
  it.each([
    ["always", "seq:\n- {id: x, type: a}"],
    ["by another", "seq:\n- {id: x, type: b}\ntypes:\n  b: {seq: [{id: y, type: a}]}"],
    ["in a fixed number", "seq:\n- {id: x, type: a, repeat: expr, repeat-expr: 2}"],
    ["until", "seq:\n- {id: x, type: a, repeat: until, repeat-until: true}"],
  ])("%s is refused", (_, text) => {
    expect(emitted(META + text)).toEqual({ refusal: expect.stringMatching(/stands inside itself/) as string });
  });

  it.each([
    ["where a condition holds", "seq:\n- {id: n, type: u1}\n- {id: x, type: a, if: n > 0}"],
    ["as often as a number says", "seq:\n- {id: n, type: u1}\n- {id: x, type: a, repeat: expr, repeat-expr: n}"],
    ["in its own bytes", "seq:\n- {id: n, type: u1}\n- {id: x, type: a, size: n}"],
    ["to the end", "seq:\n- {id: n, type: u1}\n- {id: x, type: a, size: n, repeat: eos}"],
    ["in a case", "seq:\n- {id: n, type: u1}\n- {id: x, type: {switch-on: n, cases: {0: u1, 1: a}}}"],
  ])("%s is compiled, and its reader ends", async (_, text) => {
    const result = emitted(META + text);
    expect(result).toHaveProperty("code");
    const { code } = result as { code: string };
    expect(diagnose(new Map([["a", code]]))).toEqual(new Map());
    const codec = await loadModules(new Map([["./a.js", code]]), 'export * from "./a.js";');
    const decode = codec["tryDecodeA"] as (bytes: Uint8Array) => { ok: boolean; error?: { code: string } };
    for (const byte of [1, 0, 255]) expect(() => decode(new Uint8Array(100_000).fill(byte))).not.toThrow();
  });
});

describe("what nothing asks for", () => {
  it("is no part of the functions that find where a value ends", () => {
    const text = `doc: On 5" disks.
types:
  within:
    params: [{id: flag, type: u4}]
    seq:
    - {id: opt, type: u1, repeat: expr, repeat-expr: flag, -max: 9}
    - {id: end, size: flag, type: str}
  still: {seq: [{id: n, size: 0, if: 1 == 1}]}
  const: {seq: [{id: x, type: str, size: flag, if: flag == 9}], params: [{id: flag, type: u4}]}
  long:
    -varint: leb128
    seq: [{id: groups, type: u1, repeat: until, repeat-until: _ < 128}]
    instances: {value: {value: 'groups[0]'}}
  whole:
    seq:
    - {id: n, type: u1}
    - {id: x, type: within(n)}
    - {id: s, type: still}
    - {id: t, type: const(n)}
    - {id: v, type: long}
    - {id: d, size: 4, type: {switch-on: v.value, cases: {1: str, 2: within(1)}}}
`;
    const result = emitted(`meta: {id: a, endian: be, encoding: ASCII}\n${text}`) as { code: string };
    expect(result).toHaveProperty("code");
    expect(diagnose(new Map([["a", result.code]]))).toEqual(new Map());
  });
});

describe("names that emitted code uses", () => {
  const HOSTILE = `next within inside foreign size value item items list each length_of list_of constructor prototype
    to_string has_own_property value_of proto await async yield let static arguments eval undefined nan infinity
    bytes at end view need tag p q i k c b e code fail refuse raise failure result sites number boolean string object
    symbol array uint8_array data_view math big_int crc32 adler32 read_float write_varint decode encode kind length
    byte position global_this process require module exports this super new delete`.split(/\s+/);
  const specs: [string, string][] = HOSTILE.flatMap((name): [string, string][] => [
    [
      `${name} as a field`,
      `seq:\n- {id: ${name}, type: u1}\n- {id: x_1, size: ${name}}\n- {id: x_2, type: u1, if: ${name} > 1}`,
    ],
    [
      `${name} as a list`,
      `seq:\n- {id: x_1, type: u1}\n- {id: ${name}, type: b, repeat: expr, repeat-expr: x_1}\ntypes: {b: {seq: [{id: n, type: u1}, {id: y, size: n}]}}`,
    ],
    [
      `${name} as a type`,
      `seq:\n- {id: x_1, type: ${name}}\n- {id: x_2, type: {switch-on: 1, cases: {1: ${name}, 2: u1}}}\ntypes: {${name}: {seq: [{id: n, type: u1}, {id: y, size: n}]}}`,
    ],
    [
      `${name} as a parameter`,
      `seq:\n- {id: x_1, type: b(1)}\ntypes: {b: {params: [{id: ${name}, type: u1}], seq: [{id: y, size: ${name} + 1}, {id: z, type: u1, if: ${name} > 1}]}}`,
    ],
    [
      `${name} as an enumeration`,
      `seq:\n- {id: x_1, type: u1, enum: ${name}, valid: {in-enum: true}}\n- {id: x_2, type: u1, if: x_1 == ${name}::${name}}\nenums: {${name}: {1: ${name}, 2: other}}`,
    ],
  ]);

  it("make code that the strictest compiler takes, or are refused", () => {
    const modules = new Map<string, string>();
    for (const [i, [, text]] of specs.entries()) {
      const result = emitted(META + text);
      if ("code" in result) modules.set(`hostile_${i}`, result.code);
    }
    expect(modules.size).toBeGreaterThan(specs.length / 2);
    const told = [...diagnose(modules)].map(([id, what]) => `${specs[Number(id.slice(8))]![0]}: ${what}`);
    expect(told.slice(0, 5)).toEqual([]);
  }, 120_000);

  it("hold what was read, and are written again", async () => {
    const files = new Map<string, string>();
    for (const [i, [, text]] of specs.entries()) {
      const result = emitted(META + text);
      if ("code" in result) files.set(`./h_${i}.js`, result.code);
    }
    const entry = [...files.keys()].map((file) => `export * as ${file.slice(2, -3)} from "${file}";`).join("\n");
    const codecs = await loadModules(files, entry);
    for (const [name, codec] of Object.entries(codecs)) {
      const { decodeA, encodeA } = codec as Record<string, (value: unknown) => unknown>;
      const bytes = Uint8Array.from([1, 2, 3, 4]);
      const lengths = [4, 3, 2, 1].map((n) => bytes.subarray(0, n));
      const read = lengths.flatMap((some) => {
        try {
          return [[some, decodeA!(some)] as const];
        } catch (error) {
          if (!isWireError(error)) throw error;
          return [];
        }
      });
      expect(read.length, specs[Number(name.slice(2))]![0]).toBeGreaterThan(0);
      for (const [some, value] of read) expect(encodeA!(value)).toEqual(some);
    }
  }, 60_000);
});
