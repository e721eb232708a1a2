/** The command `gen`: what it generates, from many specs at once, and again whenever one of them changes. */
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProgram, Program, runProgram } from "../support/program.js";

const root = new URL("../../", import.meta.url).pathname;

/** A folder from which the package is found, as from that of a user. */
let folder: string;
let specwire: string;

beforeAll(async () => {
  mkdirSync(join(root, "build"), { recursive: true });
  folder = mkdtempSync(join(root, "build/gen-"));
  specwire = await bundleProgram();
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string): string => join(folder, name);

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(file(name.replace(/[^/]*$/, "")), { recursive: true });
    // At once, so that a watch sees no half of it.
    writeFileSync(file("whole"), text);
    renameSync(file("whole"), file(name));
  }
}

const specOf = (id: string, type = "u1"): string => `meta: {id: ${id}, endian: be}\nseq: [{id: x, type: ${type}}]\n`;

describe("gen", () => {
  it("writes JavaScript that runs as it is, with declarations beside it", async () => {
    const args = ["gen", "examples/specs/dns.ksy", "--target", "js", "--out", file("js")];
    expect(runProgram(specwire, args)).toEqual({
      code: 0,
      errors: "",
      output: ["dns.js", "dns.d.ts"].map((name) => `${file(`js/${name}`)}\n`).join(""),
    });
    const codecs = (await import(pathToFileURL(file("js/dns.js")).href)) as { decodeDns(bytes: Uint8Array): unknown };
    const hex = readFileSync("examples/specs/dns-query.hex", "utf8").replace(/\s/g, "");
    const value = codecs.decodeDns(Uint8Array.from(Buffer.from(hex, "hex")));
    expect(value).toEqual(JSON.parse(readFileSync("examples/specs/dns-query.json", "utf8")));
    expect(readFileSync(file("js/dns.d.ts"), "utf8")).toContain("export declare function decodeDns(");
  });

  it("writes modules of .mjs, which import each other in a package of CommonJS too", () => {
    write({
      "common/package.json": '{ "type": "commonjs" }',
      "common/a.ksy": "meta: {id: a, imports: [b]}\nseq: [{id: b, type: b}]\n",
      "common/b.ksy": specOf("b"),
    });
    mkdirSync(file("common/node_modules"));
    symlinkSync(root, file("common/node_modules/specwire"));
    const out = file("common");
    const { output } = runProgram(specwire, ["gen", file("common/a.ksy"), "--target", "mjs", "--out", out]);
    expect(output.split("\n").filter(Boolean)).toEqual(
      ["a.mjs", "a.d.mts", "b.mjs", "b.d.mts"].map((name) => join(out, name)),
    );
    const program = 'import { decodeA } from "./a.mjs"; console.log(decodeA(Uint8Array.of(7)).b.x);';
    writeFileSync(file("common/use.mjs"), program);
    expect(execFileSync(process.execPath, [file("common/use.mjs")], { encoding: "utf8" })).toBe("7\n");

    const { code, errors } = runProgram(specwire, [
      "gen",
      file("common/a.ksy"),
      "--target",
      "js",
      "--out",
      join(out, "js"),
    ]);
    expect([code, errors]).toEqual([0, expect.stringContaining(`${join(out, "package.json")} does not say "type"`)]);
  });

  it("writes layouts as JSON that the published schema describes", () => {
    expect(
      runProgram(specwire, ["gen", "examples/specs/tlv.ksy", "--target", "json", "--out", file("json")]).code,
    ).toBe(0);
    const validate = new Ajv().compile(JSON.parse(readFileSync("spec/ir.schema.json", "utf8")) as object);
    expect(validate(JSON.parse(readFileSync(file("json/tlv.json"), "utf8")))).toBe(true);
  });

  it("takes many specs, each module once", () => {
    write({
      "many/a.ksy": "meta: {id: a, imports: [b]}\nseq: [{id: b, type: b}]\n",
      "many/b.ksy": specOf("b"),
      "many/c.proto": 'syntax = "proto3";\nmessage C { int32 x = 1; }\n',
    });
    const specs = ["a.ksy", "b.ksy", "c.proto"].map((name) => file(`many/${name}`));
    const { code, output } = runProgram(specwire, ["gen", ...specs, "--out", file("many/out")]);
    expect(code).toBe(0);
    expect(output.trim().split("\n")).toEqual(["a.ts", "b.ts", "c.ts"].map((name) => file(`many/out/${name}`)));
  });

  it("tells the mistakes of all specs, and writes nothing", () => {
    write({
      "wrong/good.ksy": specOf("good"),
      "wrong/one.ksy": specOf("one", "nowhere"),
      "wrong/two.ksy": "meta: {id: two}\nseq:\n  - {id: x, type: u2}\n  - {id: y, type: u1, sice: 1}\n",
    });
    const specs = ["good", "one", "two"].map((id) => file(`wrong/${id}.ksy`));
    const { code, errors } = runProgram(specwire, ["gen", ...specs, "--out", file("wrong/out")]);
    expect(code).toBe(1);
    expect(errors).toMatch(/^one\.ksy:2 .*'nowhere'.*\ntwo\.ksy:3 .*\ntwo\.ksy:4 'sice' .*\n$/);
    expect(readdirSync(file("wrong"))).not.toContain("out");
  });

  it("calls two specs of one id after their folders, also where another imports one of them", () => {
    write({
      "same/a/x.ksy": specOf("x"),
      "same/b/x.ksy": specOf("x", "u2"),
      "same/y.ksy": "meta: {id: y, imports: [b/x]}\nseq: [{id: x, type: x}]\n",
    });
    const specs = ["a/x", "b/x", "y"].map((name) => file(`same/${name}.ksy`));
    const { code, output } = runProgram(specwire, ["gen", ...specs, "--out", file("same/out")]);
    expect(code).toBe(0);
    expect(output).toBe(["a_x", "b_x", "y"].map((id) => `${file(`same/out/${id}.ts`)}\n`).join(""));
    expect(readFileSync(file("same/out/y.ts"), "utf8")).toContain('import type { BX } from "./b_x.js";');
  });

  it("refuses a spec and a protobuf file of one id", () => {
    write({ "same/z.ksy": specOf("z"), "same/z.proto": 'syntax = "proto3";\nmessage Z { uint32 a = 1; }\n' });
    const { code, errors } = runProgram(specwire, ["gen", file("same/z.ksy"), file("same/z.proto"), "--out", folder]);
    expect(code).toBe(2);
    expect(errors).toContain("specs of different ids");
  });
});

describe("gen --watch", () => {
  it("generates what has changed again, tells mistakes and goes on", async () => {
    write({ "watch/a.ksy": "meta: {id: a, imports: [b]}\nseq: [{id: b, type: b}]\n", "watch/b.ksy": specOf("b") });
    const args = ["gen", file("watch/a.ksy"), "--watch", "--out", file("watch/out")];
    const program = new Program(specwire, args);
    try {
      let [printed, told] = [0, 0];
      /** What it has said since the last time, once it waits again. */
      const said = async (): Promise<{ output: string; errors: string }> => {
        while (!/watching \d+ files?\n/.test(program.errors.slice(told)))
          await new Promise((resolve) => program.child.stderr!.once("data", resolve));
        const both = { output: program.output.slice(printed), errors: program.errors.slice(told) };
        [printed, told] = [program.output.length, program.errors.length];
        return both;
      };
      expect((await said()).errors).toBe("watching 2 files\n");
      expect(readFileSync(file("watch/out/b.ts"), "utf8")).toContain("B_SIZE = 1;");

      // What is imported. The other file stays as it is.
      write({ "watch/b.ksy": specOf("b", "u2") });
      await said();
      expect(readFileSync(file("watch/out/b.ts"), "utf8")).toContain("B_SIZE = 2;");

      rmSync(file("watch/b.ksy"));
      expect((await said()).errors).toBe(
        `a.ksy:1 'b' cannot be read: there is no ${file("watch/b.ksy")}\nwatching 2 files\n`,
      );

      // One that was looked for in vain.
      write({ "watch/b.ksy": specOf("b", "u4") });
      await said();
      expect(readFileSync(file("watch/out/b.ts"), "utf8")).toContain("B_SIZE = 4;");
    } finally {
      expect(await program.stop()).toBe("SIGTERM");
    }
  });
});
