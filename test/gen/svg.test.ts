/** Pictures of layouts: every field is told at its place, by well-formed text, and the same each time. */
import { readdirSync, readFileSync } from "node:fs";
import { Command } from "commander";
import { describe, expect, it, vi } from "vitest";
import { addSvg } from "../../src/cli/svg.js";
import { compileSpec, emitSvg, listFormats } from "../../src/gen/index.js";
import type { Field, Type } from "../../src/gen/ir.js";

/** The picture of a spec's own sequence. */
function pictureOf(spec: string, width?: number): string {
  const [{ module }] = compileSpec("t.ksy", () => spec) as [ReturnType<typeof compileSpec>[number]];
  return emitSvg(
    module,
    module.types.find(({ name }) => name === "t")!,
    width === undefined ? {} : { width },
  );
}

const spec = (...attributes: string[]): string =>
  ["meta: {id: t, endian: le, encoding: UTF-8}", "seq:", ...attributes.map((each) => `  - {${each}}`), ""].join("\n");

/** The texts of a picture with their places. */
function textsOf(svg: string): { text: string; x: number; y: number }[] {
  const found = svg.matchAll(/<text(?: class="\w+")? x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<\/text>/g);
  return Array.from(found, ([, x, y, text]) => ({ text: text!, x: Number(x), y: Number(y) }));
}

/** The numbers of bits, and of bytes at the left, left out. */
const words = (svg: string): string[] => textsOf(svg).flatMap(({ text }) => (/^\d+$/.test(text) ? [] : [text]));

/** The elements of XML that are not closed in their order, and characters that stand for no text. */
function faultsOf(xml: string): string[] {
  const open: string[] = [];
  const faults: string[] = [];
  const rest = xml.replace(
    /<(\/?)(\w+)((?: [\w:-]+="[^"<&]*(?:&\w+;[^"<&]*)*")*)(\/?)>/g,
    (_, end: string, name: string, _a, self) => {
      if (end === "/") faults.push(...(open.pop() === name ? [] : [`</${name}>`]));
      else if (self === "") open.push(name);
      return "";
    },
  );
  return [...faults, ...open, ...(rest.match(/[<>]|&(?!(?:amp|lt|gt|quot);)/g) ?? [])];
}

/** The names of all fields, those inside types of fixed layout after what holds them. */
function namesOf({ body }: Type): string[] {
  if (body.shape === "union") return body.variants.flatMap(({ type }) => namesOf(type));
  const named = (field: Field, before: string): string[] =>
    field.kind === "struct"
      ? field.fields.flatMap((inner) => named(inner, `${before}${field.name}.`))
      : [before + field.name];
  return body.blocks.flatMap((block) =>
    block.block === "fixed" ? block.fields.flatMap((field) => named(field, "")) : [block.name],
  );
}

const examples = readdirSync("examples/specs").filter((name) => name.endsWith(".ksy"));
const formats = [
  ...listFormats(),
  ...examples.flatMap((name) => {
    const [{ module }] = compileSpec(name, () => readFileSync(`examples/specs/${name}`, "utf8")) as [
      ReturnType<typeof compileSpec>[number],
    ];
    return module.types.map((type) => ({ module, type }));
  }),
];

describe("a picture", () => {
  it.each(formats.map(({ module, type }) => ({ format: `${module.id}/${type.name}`, module, type })))(
    "of $format tells every field, at any width",
    ({ module, type }) => {
      for (const width of [8, 32, 128]) {
        const svg = emitSvg(module, type, { width });
        expect(faultsOf(svg)).toEqual([]);
        expect(emitSvg(module, type, { width })).toBe(svg);
        // A note may follow in the same text; a letter goes before the names of the legend.
        const told = new Set(words(svg).flatMap((text) => text.split(/[ ,]+/)));
        expect(namesOf(type).filter((name) => !told.has(name))).toEqual([]);
      }
    },
  );

  it("has bits where they lie: the highest of a byte at the left, also where others count from the lowest", () => {
    const svg = pictureOf(
      spec("id: low, type: b3le", "id: middle, type: b6le", "id: high, type: b7le", "id: all, type: u2"),
    );
    const at = (text: string): number[] => textsOf(svg).flatMap((one) => (one.text === text ? [one.x] : []));
    // Byte 0 is 5 bits of the middle one and the low one; byte 1 is the high one and the last bit of the middle one.
    expect(at("middle")).toEqual([40 + 20 * 2.5]);
    expect(at("low")).toEqual([40 + 20 * 6.5]);
    expect(at("high")).toEqual([40 + 20 * 11.5]);
    expect(at("all")).toEqual([40 + 20 * 24]);
    expect(svg).toContain(`M${40 + 20 * 5} `);
    expect(svg).toContain(`M${40 + 20 * 15} `);
  });

  it("has a letter for a name that does not fit, explained below", () => {
    const svg = pictureOf(spec("id: is_very_long, type: b1", "id: rest_of_it, type: b7"));
    expect(words(svg)).toEqual(["t", "a", "rest_of_it", "a is_very_long"]);
  });

  it("leaves rows of a long field out, and says at which byte it goes on", () => {
    const svg = pictureOf(spec("id: head, type: u2", "id: long, size: 64", "id: tail, type: u2"));
    expect(words(svg).filter((text) => text !== "⋮")).toEqual([
      "t",
      "head",
      "u2 little-endian",
      "long, 64 bytes",
      "tail",
      "u2 little-endian",
    ]);
    expect(
      textsOf(svg)
        .flatMap(({ text, x }) => (x < 40 ? [text] : []))
        .slice(1),
    ).toEqual(["0", "4", "60", "64"]);
  });

  it("says what a part of any length depends on", () => {
    const svg = pictureOf(
      spec(
        "id: n, type: u1",
        "id: kind, type: u1",
        "id: body, size: n, type: {switch-on: kind, cases: {1: str}}",
        "id: more, type: u2, if: kind == 2",
        "id: items, type: u2, repeat: until, repeat-until: _ < 3",
        "id: rest, size-eos: true",
      ),
    );
    expect(words(svg).slice(1).join("; ")).toBe(
      "n; length of body; kind; body; n bytes, by kind:; 1 → utf-8 text; any other → bytes; more; if kind == 2; " +
        "items; n × u2 little-endian; until _ &lt; 3; rest; all bytes",
    );
    expect(svg.match(/class="line optional"/g)).toHaveLength(1);
  });

  it("holds what a spec says as text alone", () => {
    const svg = pictureOf(spec(`id: x, type: u1, doc: '<script>&"'`));
    expect(svg).toContain("<title>&lt;script&gt;&amp;&quot;</title>");
    expect(faultsOf(svg)).toEqual([]);
    expect(faultsOf("<a><b></a></b>&x")).not.toEqual([]);
  });

  it.each([0, 7, 12, 136, 32.5, Number.NaN])("is not %d bits wide", (width) => {
    expect(() => pictureOf(spec("id: x, type: u1"), width)).toThrow("a multiple of 8 from 8 to 128");
  });
});

describe("the command svg", () => {
  async function run(...args: string[]): Promise<string> {
    let output = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => (output += String(text)) !== "");
    const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    addSvg(program);
    try {
      await program.parseAsync(["svg", ...args], { from: "user" });
    } finally {
      vi.restoreAllMocks();
    }
    return output;
  }

  it("draws a type of a spec of the user's own, one that stands inside others too", async () => {
    const dns = ["--spec", "examples/specs/dns.ksy"];
    expect(words(await run(...dns))).toContain("question_count");
    const svg = await run(...dns, "--type", "exchange", "--width", "16");
    expect(words(svg).slice(0, 3)).toEqual(
      ["exchange", "preference", "u2"].map((text, i) => (i === 0 ? "dns_exchange" : text)),
    );
    expect(svg).toContain('width="380"');
  });

  it("refuses a message, which has no layout, an unknown format and a width that is none", async () => {
    await expect(run("transport.RPC")).rejects.toThrow("a message has none");
    await expect(run("nix")).rejects.toThrow("nix");
    await expect(run("rpc_frame_u16", "--width", "20")).rejects.toThrow("a multiple of 8");
  });
});
