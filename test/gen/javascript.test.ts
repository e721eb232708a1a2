/** Emitted code as JavaScript: stripped of types as another compiler does it, with the declarations of TypeScript. */
import { readdirSync } from "node:fs";
import { transform } from "esbuild";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { emitTypeScript } from "../../src/gen/index.js";
import { CODEC_FORMS } from "../../src/gen/ir.js";
import { compileFile } from "../../src/gen/node/index.js";
import { javaScriptOf, stripTypes } from "../../src/gen/node/javascript/index.js";

const specs = ["spec", "examples", "test/gen"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ksy|proto)$/.test(file))
    .map((file) => `${folder}/${file}`),
);

function emitted(path: string): string {
  const [{ module, source }] = compileFile(path) as [ReturnType<typeof compileFile>[number]];
  const moduleFile = (id: string): string => `./${id}.js`;
  return emitTypeScript(module, { runtime: "specwire/codec", moduleFile, source, forms: CODEC_FORMS });
}

/** The same code in one form: without types and comments, each expression with the brackets that it needs. */
async function normal(code: string, loader: "js" | "ts"): Promise<string> {
  const tsconfigRaw = { compilerOptions: { target: "ES2022", useDefineForClassFields: true } };
  return (await transform(code, { loader, tsconfigRaw, minifyWhitespace: true, legalComments: "none" })).code;
}

/** Declarations in one form: a statement a text, imports as the names that they bring. */
function declarations(text: string): string[] {
  const file = ts.createSourceFile("x.d.ts", text, ts.ScriptTarget.ES2022, true);
  const printer = ts.createPrinter({ removeComments: true });
  return file.statements.flatMap((statement) => {
    if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause !== undefined &&
      statement.moduleSpecifier === undefined
    )
      return [];
    const printed = printer.printNode(ts.EmitHint.Unspecified, statement, file).replace(/\s+/g, " ");
    return [printed.replace(/^import type \{/, "import {").replaceAll(/(?<=[{,] )type /g, "")];
  });
}

it("finds specs", () => expect(specs.length).toBeGreaterThan(30));

describe.each(specs)("of %s", (path) => {
  const text = emitted(path);

  it("is the code without types", async () => {
    const expected = await normal(text, "ts");
    expect(await normal(await stripTypes(text), "js")).toBe(expected);
    const { code } = await javaScriptOf(text);
    expect(await normal(code, "js")).toBe(expected);
    expect(code).not.toMatch(/[ \t]$|\n{3}/m);
  });

  it("has the declarations that TypeScript makes", async () => {
    const theirs = ts.transpileDeclaration(text, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
    const { typings } = await javaScriptOf(text);
    expect(declarations(typings)).toEqual(declarations(theirs.outputText));
    // Each with what the spec says of it.
    const docs = (of: string): number => of.match(/\/\*\*/g)?.length ?? 0;
    expect(docs(typings)).toBe(docs(theirs.outputText));
  });
});
