/** Instances of values that were read: when they are worked out, and how values with them behave as plain objects. */
import { deepStrictEqual } from "node:assert";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { attempted, withInstances } from "../../../src/codec/index.js";
import { compileSpec, emitTypeScript } from "../../../src/gen/index.js";
import { loadModules, type Emitted } from "../../support/generate.js";

const SPEC = `
meta: {id: table, endian: be, encoding: ASCII}
seq:
  - {id: at, type: u1}
  - {id: count, type: u1}
  - {id: divisor, type: u1}
instances:
  rows: {pos: at, type: row, repeat: expr, repeat-expr: count}
  total: {value: rows.first.size + count}
  share: {value: 100 / divisor}
  note: {pos: 3, type: u1, if: count > 2}
types:
  row:
    seq:
      - {id: ofs, type: u1}
      - {id: size, type: u1}
    instances:
      text: {io: _root._io, pos: ofs, type: str, size: size}
`;
const RULED = `
meta: {id: ruled, endian: be}
seq: [{id: n, type: u1}]
instances:
  twice: {value: n * 2, valid: {max: 10}}
  next: {pos: 1, type: u1, valid: 7}
`;
/** Two rows at 4, their texts behind them. */
const BYTES = Uint8Array.of(4, 2, 5, 0, 8, 2, 10, 1, 0x41, 0x42, 0x43);
const ROWS = [
  { ofs: 8, size: 2, text: "AB" },
  { ofs: 10, size: 1, text: "C" },
];
const TABLE = { at: 4, count: 2, divisor: 5, rows: ROWS, total: 4, share: 20, note: undefined };

interface Table {
  readonly [key: string]: unknown;
  readonly rows: readonly { readonly text: string }[];
}

let codecs: Emitted;
let ruled: Emitted;

beforeAll(async () => {
  const runtime = resolve("src/codec/index.ts");
  const sources = { table: SPEC, ruled: RULED };
  const files = Object.entries(sources).map(([id, text]): [string, string] => {
    const { module, source } = compileSpec(`${id}.ksy`, () => text)[0]!;
    return [`./${id}.js`, emitTypeScript(module, { runtime, moduleFile: (other) => `./${other}.js`, source })];
  });
  const entry = 'export * as table from "./table.js"; export * as ruled from "./ruled.js";';
  const all = (await loadModules(new Map(files), entry)) as Record<string, Emitted>;
  [codecs, ruled] = [all["table"]!, all["ruled"]!];
});

const decode = (bytes = BYTES): Table => codecs["decodeTable"]!(bytes) as Table;
const encode = (value: unknown): Uint8Array => codecs["encodeTable"]!(value) as Uint8Array;

/** BYTES with one byte changed. */
const withByte = (at: number, byte: number): Uint8Array<ArrayBuffer> => BYTES.with(at, byte);

describe("a value with instances", () => {
  it("is a plain object with them, however it is looked at", () => {
    deepStrictEqual(decode(), TABLE);
    deepStrictEqual(decode(), decode());
    deepStrictEqual({ ...decode() }, TABLE);
    deepStrictEqual(structuredClone(decode()), TABLE);
    expect(Object.keys(decode())).toEqual(Object.keys(TABLE));
    expect(JSON.parse(JSON.stringify(decode()))).toEqual(JSON.parse(JSON.stringify(TABLE)));
  });

  it("differs from another in an instance alone", () => {
    const other = withByte(10, 0x44);
    expect(() => deepStrictEqual(decode(), decode(other))).toThrow("'D'");
    expect(decode()).not.toEqual(decode(other));
  });

  it("works them out once, when they are asked for", () => {
    const bytes = BYTES.slice();
    const value = decode(bytes);
    bytes[1] = 9;
    bytes[10] = 0x5a;
    // The count was read before, the text is read now.
    expect(value.rows.map(({ text }) => text)).toEqual(["AB", "Z"]);
    expect(value.rows).toBe(value.rows);
    bytes[10] = 0x59;
    expect(value.rows[1]!.text).toBe("Z");
  });

  it("is written as it was read, also with an instance that is replaced", () => {
    expect(encode(decode())).toEqual(BYTES);
    const [first, second] = decode().rows;
    expect(encode({ ...decode(), rows: [first, { ...second, text: "D" }] })).toEqual(withByte(10, 0x44));
    expect(() => Object.assign(decode(), { rows: [] })).toThrow(TypeError);
  });

  it("is not written without one that is read", () => {
    const { rows: _, ...rest } = decode();
    expect(attempted(() => encode(rest))).toMatchObject({ ok: false, error: { format: "table", path: "rows" } });
  });
});

describe("an instance that cannot be had", () => {
  it("is refused when it is asked for, each time alike, and nothing else is", () => {
    const value = decode(withByte(6, 11));
    for (let n = 0; n < 3; n++) {
      expect(attempted(() => value.rows[1]!.text)).toMatchObject({
        ok: false,
        error: { code: "short", path: "rows[1].text", offset: 11, spec: "table.ksy:18" },
      });
      expect(value.rows[0]!.text).toBe("AB");
    }
    expect(attempted(() => decode(withByte(2, 0))["share"])).toMatchObject({
      ok: false,
      error: { code: "range", path: "share" },
    });
  });

  it("is refused by withInstances, however deep it lies", () => {
    expect(withInstances(decode())).toEqual(TABLE);
    expect(attempted(() => withInstances(decode(withByte(7, 9))))).toMatchObject({
      ok: false,
      error: { code: "short", path: "rows[1].text" },
    });
  });

  it("is asked for once by withInstances where a value is a part of itself", () => {
    const value: Record<string, unknown> = { list: [1] };
    value["self"] = value;
    (value["list"] as unknown[]).push(value["list"], value);
    expect(withInstances(value)).toBe(value);
  });

  it("does not keep a value from being written, if it is computed", () => {
    const bytes = withByte(2, 0);
    expect(encode(decode(bytes))).toEqual(bytes);
  });
});

describe("an instance with a rule", () => {
  it.each([
    ["that is computed", [6, 7], "range", "twice"],
    ["that is read", [5, 8], "constant", "next"],
    ["that is not there", [5], "short", "next"],
  ])("is refused with the value: one %s", (_, bytes, code, path) => {
    expect(ruled["tryDecodeRuled"]!(Uint8Array.from(bytes))).toMatchObject({ ok: false, error: { code, path } });
  });

  it("is refused when it is written", () => {
    const encodeRuled = (value: unknown): unknown => ruled["encodeRuled"]!(value);
    expect(encodeRuled({ n: 5, next: 7 })).toEqual(Uint8Array.of(5, 7));
    expect(attempted(() => encodeRuled({ n: 6, next: 7 }))).toMatchObject({ ok: false, error: { path: "twice" } });
  });
});
