/** Formats of a user's own spec on the command line: decode, encode, inspect, and what is said of mistakes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addDecode } from "../../src/cli/decode.js";
import { addEncode } from "../../src/cli/encode.js";
import { addGen } from "../../src/cli/gen.js";
import { addInspect } from "../../src/cli/inspect.js";
import { listFormats } from "../../src/gen/catalogue/index.js";
import { bundleProgram, Program } from "../support/program.js";

const folder = mkdtempSync(join(tmpdir(), "specwire-own-"));

/** A list of tagged values, one of them secret, with what it imports from beside it and from elsewhere. */
const FILES = {
  "tags.ksy": `
meta: {id: tags, endian: be, encoding: UTF-8, imports: [parts/place, /common/number]}
doc: Tagged values.
seq:
  - {id: entries, type: entry, repeat: eos}
enums:
  tag: {1: {id: name, doc: What it is called.}, 2: key, 3: place, 4: size}
types:
  entry:
    seq:
      - {id: tag, type: u1, enum: tag}
      - {id: length, type: u1}
      - id: body
        size: length
        type: {switch-on: tag, cases: {"tag::name": name, "tag::key": key, "tag::place": place, "tag::size": size}}
  name: {seq: [{id: text, type: str, size-eos: true}]}
  key: {seq: [{id: bytes, size-eos: true, -secret: true}]}
  size: {seq: [{id: size, type: number}]}
`,
  "parts/place.ksy":
    "meta: {id: place, endian: be}\nseq:\n  - {id: zone, type: u1, enum: zone}\nenums: {zone: {7: north, 8: south}}\n",
  "shared/common/number.ksy": `
meta: {id: number, endian: be}
-varint: leb128
seq: [{id: groups, type: u1, repeat: until, repeat-until: (_ & 0x80) == 0}]
`,
  "two.ksy": `
meta: {id: two, endian: be}
types:
  list:
    params: [{id: n, type: u1}, {id: is_long, type: bool}]
    seq:
      - {id: first, type: u1, if: is_long}
      - {id: items, type: u2, repeat: expr, repeat-expr: n}
  point: {seq: [{id: x, type: s8, -u64: number}, {id: inner, type: part}]}
  part: {seq: [{id: y, type: u1}]}
`,
  "one.ksy": "meta: {id: one}\ntypes:\n  only: {seq: [{id: x, type: u1}]}\n",
  "wrong.ksy": "meta: {id: wrong}\nseq:\n  - {id: x, type: u1, process: zlib}\n  - {id: y, type: nowhere}\n",
};

let specwire: string;

beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text.trimStart());
  }
  specwire = await bundleProgram();
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
    output += typeof chunk === "string" ? chunk : `raw ${Buffer.from(chunk).toString("hex")}`;
    return true;
  });
  const program = new Command().exitOverride().configureOutput({ writeErr: (text) => void (errors += text) });
  for (const add of [addDecode, addEncode, addGen, addInspect]) add(program);
  try {
    await program.parseAsync(args, { from: "user" });
    return { output, errors, code: process.exitCode ?? 0 };
  } finally {
    vi.restoreAllMocks();
  }
}

const file = (name: string): string => join(folder, name);
const TAGS = ["--spec", file("tags.ksy"), "-I", file("nothing"), "-I", file("shared")];
const BYTES = "01026162 0202c0de 030107 0402ac02";
const VALUE = {
  entries: [
    { tag: 1, body: { kind: "name", text: "ab" } },
    { tag: 2, body: { kind: "key", bytes: "c0de" } },
    { tag: 3, body: { kind: "place", zone: 7 } },
    { tag: 4, body: { kind: "size", size: 300 } },
  ],
};

describe("decode --spec", () => {
  it("shows the fields, those of imported types too, and hides secrets", async () => {
    const { output, code } = await run("decode", ...TAGS, BYTES);
    expect(output).toBe(`tags, 15 bytes
 0  01    entries[0].tag = 1           name: What it is called.
 1  02    entries[0].length = 2
 2  6162  entries[0].body.text = "ab"
 4  02    entries[1].tag = 2           key
 5  02    entries[1].length = 2
 6  ····  entries[1].body.bytes
 8  03    entries[2].tag = 3           place
 9  01    entries[2].length = 1
10  07    entries[2].body.zone = 7     north
11  04    entries[3].tag = 4           size
12  02    entries[3].length = 2
13  ac02  entries[3].body.size = 300
`);
    expect(code).toBe(0);
    expect((await run("decode", ...TAGS, "--show-secrets", BYTES)).output).toContain("c0de");
  });

  it("prints JSON, from a path below the working directory", async () => {
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    const { output } = await run("decode", "--json", "--spec", "tags.ksy", "-I", "shared", BYTES);
    expect(JSON.parse(output)).toMatchObject({ format: "tags", ok: true, value: VALUE });
  });

  it("shows what the codec refuses, and where in the spec the rule is", async () => {
    const { output, errors, code } = await run("decode", ...TAGS, "0105 61");
    expect(output).toContain("entries[0].length = 5");
    expect(errors).toMatch(/^tags\.entries\[0\]\.body at byte 3: .*\(tags\.ksy:12\)\n$/);
    expect(code).toBe(1);
  });

  it("shows no field that would lie behind the bytes", async () => {
    const { output, errors } = await run("decode", "--spec", "test/gen/user.ksy", "544c4d01");
    expect(
      output
        .trim()
        .split("\n")
        .map((line) => line.split(/ {2,}/)[2]),
    ).toEqual([undefined, "magic", "format = 1"]);
    expect(errors).toContain("the bytes end before the value does");
  });

  it("takes parameters, and the bytes behind them", async () => {
    const list = ["--spec", file("two.ksy"), "--type", "list"];
    const { output } = await run("decode", "--json", ...list, "--param", "n=2", "--param", "isLong=1", "0500010002");
    expect(JSON.parse(output)).toMatchObject({ format: "two_list", value: { first: 5, items: [1, 2] } });
    expect((await run("decode", ...list, "--param", "n=1", "--param", "is_long=0", "0009")).output).toContain("= 9");
    await expect(run("decode", ...list, "--param", "n=1", "00")).rejects.toThrow("expected --param is_long=NUMBER");
    await expect(run("decode", ...list, "--param", "n=1", "--param", "is_long=2", "00")).rejects.toThrow("0 or 1");
    await expect(run("decode", ...list, "--param", "m=1", "00")).rejects.toThrow("one of n, is_long, got m");
  });
});

describe("encode --spec", () => {
  it("prints hex, or the bytes themselves", async () => {
    const hex = BYTES.replaceAll(" ", "");
    expect((await run("encode", ...TAGS, JSON.stringify(VALUE))).output).toBe(`${hex}\n`);
    expect((await run("encode", "--raw", ...TAGS, JSON.stringify(VALUE))).output).toBe(`raw ${hex}`);
  });

  it("is exact above 2^53", async () => {
    const value = '{"x":"-9223372036854775808","inner":{"y":1}}';
    const { output } = await run("encode", "--spec", file("two.ksy"), "--type", "point", value);
    expect(output).toBe("800000000000000001\n");
  });

  it("takes the parameters that the writer goes by", async () => {
    const list = ["--spec", file("two.ksy"), "--type", "list", "--param", "is_long=1"];
    const value = '{"first":1,"items":[2]}';
    expect((await run("encode", ...list, "--param", "n=1", value)).output).toBe("010002\n");
    await expect(run("encode", ...list, "--param", "n=2", value)).rejects.toThrow("two_list.items");
    await expect(run("encode", ...list, value)).rejects.toThrow("expected --param n=NUMBER");
  });
});

describe("the type", () => {
  it("is the only one where the file has no sequence of its own", async () => {
    expect((await run("decode", "--spec", file("one.ksy"), "2a")).output).toContain("x = 42");
  });

  it("has to be named where there are several, and has to have a codec", async () => {
    const two = ["--spec", file("two.ksy")];
    await expect(run("decode", ...two, "00")).rejects.toThrow("expected --type, one of list, point, got nothing");
    await expect(run("decode", ...two, "--type", "nix", "00")).rejects.toThrow("one of list, point, got nix");
    await expect(run("encode", ...two, "--type", "part", "{}")).rejects.toThrow("part, which stands inside others");
  });

  it("is named by --type beside --spec alone, where no format stands", async () => {
    await expect(run("decode", "--type", "list", "a", "00")).rejects.toThrow("'--type' needs '--spec'");
    await expect(run("decode", ...TAGS, "tags", "00")).rejects.toThrow("beside '--spec' there is no argument 'format'");
    await expect(run("decode", ...TAGS)).rejects.toThrow("missing required argument 'bytes'");
    await expect(run("encode", "tags")).rejects.toThrow("missing required argument 'json'");
  });
});

describe("inspect", () => {
  it("lists the types of a spec, and shows all layouts", async () => {
    const { output } = await run("inspect", "--spec", file("two.ksy"));
    expect(output.split("\n").slice(0, 4)).toEqual([
      "list       ≥ 0 B  two.ksy:3  --param n --param is_long",
      "point        9 B  two.ksy:8",
      "",
      "# two",
    ]);
    expect(output).toContain("## two_list\n\nTakes `n`.");
    expect(output).toContain("| 8 | 1 | `inner.y` | unsigned 8-bit |");
  });

  it("shows one type with those that it holds and what its values are called", async () => {
    const { output } = await run("inspect", ...TAGS, "--type", "entry");
    expect(output.match(/^#+ .*$/gm)).toEqual([
      "# tags",
      "## tags_entry",
      "## tags_name",
      "## tags_key",
      "## tags_size",
      "## tag",
    ]);
    expect((await run("inspect", "--spec", file("two.ksy"), "--type", "part")).output).toContain("| 0 | 1 | `y` |");
    await expect(run("inspect", ...TAGS, "--type", "nix")).rejects.toThrow("one of tags, got nix");
  });

  it("shows a built-in format", async () => {
    const { format } = listFormats().find(({ type }) => type.body.shape === "plain")!.type;
    expect((await run("inspect", format)).output).toMatch(new RegExp(`^# .*(?:\n.*)*?\n## ${format}\n`));
    await expect(run("inspect", format.slice(1))).rejects.toThrow(format);
    await expect(run("inspect")).rejects.toThrow("missing required argument 'format'");
  });
});

describe("imports from folders that are named", () => {
  it("are looked for in their order", async () => {
    mkdirSync(file("other/common"), { recursive: true });
    writeFileSync(file("other/common/number.ksy"), "meta: {id: other}\nseq: [{id: x, type: u1}]\n");
    const spec = file("tags.ksy");
    const other = ["-I", file("other")];
    await expect(run("inspect", "--spec", spec, ...other, "-I", file("shared"))).rejects.toThrow(
      "calls itself 'other'",
    );
    expect((await run("inspect", ...TAGS, ...other)).code).toBe(0);
    await expect(run("inspect", "--spec", spec)).rejects.toThrow("no folder was given to look for it in");
    await expect(run("inspect", "--spec", spec, "-I", file("parts"))).rejects.toThrow("cannot be read");
  });

  it("are told apart from a file of the same name beside the spec", async () => {
    const small = (type: string): string => `meta: {id: twin, endian: be}\nseq: [{id: x, type: ${type}, valid: 5}]\n`;
    mkdirSync(file("near"), { recursive: true });
    mkdirSync(file("far/lib"), { recursive: true });
    writeFileSync(file("near/twin.ksy"), small("u1"));
    writeFileSync(file("far/lib/twin.ksy"), small("u2"));
    const seq = '[{id: a, type: "near::twin"}, {id: b, type: "lib::twin"}, {id: c, type: u1}]';
    writeFileSync(file("near/pair.ksy"), `meta: {id: pair, imports: [twin, /lib/twin]}\nseq: ${seq}\n`);
    const own = ["--spec", file("near/pair.ksy"), "-I", file("far")];
    expect((await run("decode", ...own, "05 0005 07")).output).toBe(
      "pair, 4 bytes\n0  05    a.x = 5\n1  0005  b.x = 5\n3  07    c = 7\n",
    );
    expect((await run("decode", ...own, "05 0006 07")).errors).toContain("(lib/twin.ksy:2)");
    const { output } = await run("gen", file("near/pair.ksy"), "-I", file("far"), "--target", "json", "--out", folder);
    expect(output.trim().split("\n")).toEqual(["pair", "twin", "lib_twin"].map((name) => file(`${name}.json`)));
  });

  it("are generated beside the spec", async () => {
    const { output } = await run("gen", file("tags.ksy"), "-I", file("shared"), "--target", "md", "--out", file("out"));
    expect(output.trim().split("\n")).toEqual(["tags", "place", "number"].map((name) => file(`out/${name}.md`)));
  });
});

describe("the program", () => {
  it("tells every mistake of a spec as file:line, and ends with 1", async () => {
    const program = new Program(specwire, ["decode", "--spec", file("wrong.ksy"), "00"]);
    expect(await program.ended()).toBe(1);
    expect(program.errors).toMatch(/^wrong\.ksy:3 this needs 'size'.*\nwrong\.ksy:4 .*'nowhere'.*\n$/);
    const gen = new Program(specwire, ["gen", file("wrong.ksy"), "--out", folder]);
    expect(await gen.ended()).toBe(1);
    expect(gen.errors).toBe(program.errors);
  });

  it("tells a spec that is not there, in one line", async () => {
    const program = new Program(specwire, ["inspect", "--spec", file("none.ksy")]);
    expect(await program.ended()).toBe(2);
    expect(program.errors).toMatch(/^specwire: spec: expected a file, got .*none\.ksy\n$/);
  });

  it.each(["docs/program.md", "examples/README.md"])("runs the commands of formats that %s shows", async (readme) => {
    const command = /^npx specwire ((?:formats|decode|encode|inspect|svg|explain)\b.*?)(?: > \S+)?(?: {2,}#.*)?$/gm;
    const shown = Array.from(readFileSync(readme, "utf8").matchAll(command), ([, args]) => args!);
    expect(shown.length).toBeGreaterThan(2);
    for (const line of shown) {
      const args = line.match(/'[^']*'|\S+/g)!.map((arg) => arg.replace(/^'|'$/g, ""));
      const program = new Program(specwire, args);
      expect([line, await program.ended(), program.errors]).toEqual([line, 0, ""]);
      expect(program.output).not.toBe("");
    }
  });

  it("shows in its help how a spec is given", async () => {
    const program = new Program(specwire, ["decode", "--help"]);
    expect(await program.ended()).toBe(0);
    expect(program.output).toContain("specwire decode [options] --spec <file> <bytes>");
  });
});
