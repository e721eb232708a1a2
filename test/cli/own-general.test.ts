/** Specs that need general types on the command line: decode, encode, inspect and pictures, as for others. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addDecode } from "../../src/cli/decode.js";
import { addEncode } from "../../src/cli/encode.js";
import { addInspect } from "../../src/cli/inspect.js";
import { addSvg } from "../../src/cli/svg.js";

const folder = mkdtempSync(join(tmpdir(), "specwire-general-"));

const FILES = {
  "box.ksy": `
meta: {id: box, endian: be, encoding: UTF-8}
seq:
  - {id: magic, contents: [0xb0, 0x78]}
  - {id: is_hot, type: b1}
  - {id: rank, type: b7, enum: rank}
  - {id: entry_count, type: u1}
  - {id: entries, type: entry, repeat: expr, repeat-expr: entry_count}
  - {id: pin, size: 2, -secret: true}
instances:
  total: {value: entries.size + 1}
  note_text: {pos: 40, type: strz}
enums: {rank: {1: {id: low, doc: Of little use.}, 2: high}}
types:
  entry:
    seq:
      - {id: tag, type: u1}
      - id: body
        type: {switch-on: tag, cases: {1: strz, 2: raw, 3: u8, 4: f8, _: pair}}
        doc: What it holds.
  raw: {seq: [{id: n, type: u1}, {id: data, size: n, process: xor(7)}]}
  pair: {seq: [{id: x, type: u1}, {id: y, type: s2}]}
`,
  "blob.ksy": `
meta: {id: blob, endian: le, encoding: ASCII}
seq:
  - {id: tag, type: strz}
  - {id: body, size: 2, type: {switch-on: tag, cases: {'"a"': text}}}
types:
  text: {seq: [{id: kind, type: strz}]}
`,
  "loose.ksy": `
meta: {id: loose, encoding: ASCII}
seq:
  - {id: tag, type: strz}
  - {id: body, size: 2, if: tag == "c"}
  - id: value
    type: {switch-on: tag, cases: {'"a"': strz, '"b"': piece, _: u8le}}
types:
  piece: {seq: [{id: data, size: 2}]}
`,
  "tail.ksy": "meta: {id: tail}\nseq: [{id: a, type: u1}]\ninstances: {end: {pos: _io.size - 1, type: u1}}\n",
  "packed.ksy": `
meta: {id: packed}
seq: [{id: a, size-eos: true, process: zlib}]
instances: {whole: {value: _root}}
`,
  "code.ksy": "meta: {id: code}\nseq: [{id: a, size: 2, process: my_way(1)}]\n",
  "param.ksy": `
meta: {id: param}
types:
  list:
    params: [{id: n, type: u1}, {id: is_long, type: bool}]
    seq:
      - {id: first, type: b3, if: is_long}
      - {id: items, type: b4, repeat: expr, repeat-expr: n}
  named:
    params: [{id: name, type: str}]
    seq: [{id: a, size: name.length}]
`,
};

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text.trimStart());
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs a command in this process: what it prints, its exit code, and what it says of mistakes. */
async function run(...args: string[]): Promise<{ output: string; errors: string; code: unknown }> {
  let [output, errors] = ["", ""];
  vi.spyOn(console, "log").mockImplementation((line: string) => void (output += `${line}\n`));
  vi.spyOn(console, "error").mockImplementation((line: string) => void (errors += `${line}\n`));
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
  const program = new Command().exitOverride();
  for (const add of [addDecode, addEncode, addInspect, addSvg]) add(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return { output, errors, code: process.exitCode ?? 0 };
  } finally {
    vi.restoreAllMocks();
  }
}

const file = (name: string): string => join(folder, name);
const BOX = ["--spec", file("box.ksy")];
const FRONT = "b078 81 05 01616200 02020706 03ffffffffffffffff 047ff0000000000000 0905fffe c0de".replaceAll(" ", "");
const BYTES = `${FRONT.padEnd(80, "0")}686900`;

const VALUE = {
  isHot: true,
  rank: 1,
  entryCount: 5,
  entries: [
    { tag: 1, body: "ab" },
    { tag: 2, body: { kind: "raw", n: 2, data: "0001" } },
    { tag: 3, body: "18446744073709551615" },
    { tag: 4, body: "Infinity" },
    { tag: 9, body: { kind: "pair", x: 5, y: -2 } },
  ],
  pin: "c0de",
  total: 6,
  noteText: "hi",
};

describe("decode --spec of general types", () => {
  it("shows where the fields lie, what they mean, and hides secrets", async () => {
    const { output, code } = await run("decode", ...BOX, BYTES);
    const lines = output.split("\n").map((line) => line.trim().replace(/ {2,}/g, "  "));
    expect(lines).toEqual([
      "box, 43 bytes",
      "0  b078  magic  constant",
      "2  81  isHot = true",
      "2  81  rank = 1  low: Of little use.",
      "3  05  entryCount = 5",
      "4  01  entries[0].tag = 1",
      '5  616200  entries[0].body = "ab"  What it holds.',
      "8  02  entries[1].tag = 2",
      "9  02  entries[1].body.n = 2",
      "10  0706  entries[1].body.data",
      "12  03  entries[2].tag = 3",
      "13  ffffffff ffffffff  entries[2].body = 18446744073709551615  What it holds.",
      "21  04  entries[3].tag = 4",
      "22  7ff00000 00000000  entries[3].body = Infinity  What it holds.",
      "30  09  entries[4].tag = 9",
      "31  05  entries[4].body.x = 5",
      "32  fffe  entries[4].body.y = -2",
      "34  ····  pin",
      '40  686900  noteText = "hi"',
      "",
    ]);
    expect(code).toBe(0);
    expect((await run("decode", ...BOX, "--show-secrets", BYTES)).output).toContain("c0de");
  });

  it("prints the value as JSON, and the tree of its fields", async () => {
    const { output } = await run("decode", "--json", ...BOX, BYTES);
    const json = JSON.parse(output) as { fields: { path: string; offset: number; size: number }[] };
    expect(json).toMatchObject({ format: "box", ok: true, value: VALUE });
    expect(json.fields.find(({ path }) => path === "entries")).toMatchObject({ offset: 4, size: 30 });
  });

  it("shows what the codec refuses, with path, offset and place in the spec", async () => {
    const { output, errors, code } = await run("decode", ...BOX, "b07881 02 016100 0205 00");
    expect(output).toContain("entries[1].body.n = 5");
    expect(errors).toMatch(/^box\.entries\[1\]\.body\.data at byte 9: .*\(box\.ksy:20\)\n$/);
    expect(code).toBe(1);
  });

  it("takes parameters that are numbers", async () => {
    const list = ["--spec", file("param.ksy"), "--type", "list"];
    const { output } = await run("decode", "--json", ...list, "--param", "n=2", "--param", "isLong=1", "a240");
    expect(JSON.parse(output)).toMatchObject({ format: "param_list", value: { first: 5, items: [1, 2] } });
    await expect(run("decode", ...list, "--param", "n=1", "00")).rejects.toThrow("expected --param is_long=NUMBER");
    const named = ["--spec", file("param.ksy"), "--type", "named"];
    await expect(run("decode", ...named, "00")).rejects.toThrow("a parameter that is a number");
  });

  it("reads what is compressed, and prints no value inside itself", async () => {
    const { output } = await run("decode", "--json", "--spec", file("packed.ksy"), "789c6364484c4a060002540128");
    expect(JSON.parse(output)).toMatchObject({ ok: true, value: { a: "0100616263" } });
    const { value } = JSON.parse(output) as { value: object };
    expect(Object.keys(value)).toEqual(["a"]);
  });

  it("refuses what only a program can hand in", async () => {
    await expect(run("decode", "--spec", file("code.ksy"), "0000")).rejects.toThrow("foreign code, got my_way");
  });
});

describe("encode --spec of general types", () => {
  it("makes the bytes of the value that was decoded", async () => {
    expect((await run("encode", ...BOX, JSON.stringify(VALUE))).output).toBe(`${BYTES}\n`);
  });

  it("makes of a text in JSON what the case that is written asks for", async () => {
    const loose = ["--spec", file("loose.ksy")];
    const write = async (value: object): Promise<string> =>
      (await run("encode", ...loose, JSON.stringify(value))).output.trim();
    expect(await write({ tag: "a", value: "12" })).toBe("6100313200");
    expect(await write({ tag: "x", value: "12" })).toBe("78000c00000000000000");
    expect(await write({ tag: "x", value: 12 })).toBe("78000c00000000000000");
    expect(await write({ tag: "b", value: { data: "c0de", kind: "piece" } })).toBe("6200c0de");
    const blob = ["--spec", file("blob.ksy")];
    expect((await run("encode", ...blob, '{"tag":"a","body":{"kind":"z"}}')).output).toBe("61007a00\n");
    expect((await run("encode", ...blob, '{"tag":"b","body":"0102"}')).output).toBe("62000102\n");
    await expect(run("encode", ...blob, '{"tag":"b","body":"xy"}')).rejects.toThrow("blob.body: expected bytes as hex");
  });

  it.each([
    ["a stranger", { ...VALUE, other: 1 }, "box.other: expected a field of the format"],
    ["nothing", { ...VALUE, pin: undefined }, "box.pin: expected a value"],
    ["no bytes", { ...VALUE, pin: 7 }, "box.pin: expected bytes as hex"],
    ["no kind", { ...VALUE, entries: [{ tag: 2, body: { kind: "nix" } }] }, "one of raw, pair"],
    ["another case", { ...VALUE, entryCount: 1, entries: [{ tag: 2, body: { kind: "pair", x: 1, y: 2 } }] }, "box"],
    ["true for a text", { ...VALUE, entries: [{ tag: 1, body: true }] }, "a value of a case of the choice"],
  ])("refuses %s", async (_, value, message) => {
    await expect(run("encode", ...BOX, JSON.stringify(value))).rejects.toThrow(message);
  });

  it("says why a type is only read", async () => {
    const tail = ["--spec", file("tail.ksy")];
    const { output } = await run("decode", "--json", ...tail, "0102");
    expect(JSON.parse(output)).toMatchObject({ value: { a: 1, end: 2 } });
    await expect(run("encode", ...tail, '{"a":1,"end":2}')).rejects.toThrow(
      "one that is only read: the position of 'end' asks for '_io.size', which is known only when all is written",
    );
  });
});

describe("layouts of general types", () => {
  it("are listed and shown by inspect", async () => {
    const { output } = await run("inspect", "--spec", file("param.ksy"));
    expect(output.split("\n").slice(0, 3)).toEqual([
      "list       ≥ 0 B  param.ksy:3  --param n --param is_long",
      "named      ≥ 0 B  param.ksy:8  --param name",
      "",
    ]);
    const entry = await run("inspect", ...BOX, "--type", "entry");
    expect(entry.output.match(/^#+ .*$/gm)).toEqual(["# box", "## box_entry", "## box_raw", "## box_pair"]);
  });

  it("are drawn", async () => {
    const { output } = await run("svg", ...BOX);
    for (const text of [">box<", ">magic<", ">entries<", ">entry_count × entry<", ">at 40<", ">pair<", ">y<"])
      expect(output).toContain(text);
    expect((await run("svg", ...BOX, "--type", "pair")).output).toContain(">box_pair<");
  });
});
