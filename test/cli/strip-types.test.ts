/** Types are stripped from emitted code as another compiler strips them. */
import { readdirSync, readFileSync } from "node:fs";
import { transform } from "esbuild";
import { expect, it } from "vitest";
import { stripTypes } from "../../src/cli/own-spec.js";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";
import { CODEC_FORMS } from "../../src/gen/ir.js";

const specs = ["spec", "examples", "test/gen"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ksy"))
    .map((file) => `${folder}/${file}`),
);

/** The same code in one form: without types and comments, each expression with the brackets that it needs. */
async function normal(code: string, loader: "js" | "ts"): Promise<string> {
  const tsconfigRaw = { compilerOptions: { target: "ES2022", useDefineForClassFields: true } };
  return (await transform(code, { loader, tsconfigRaw, minifyWhitespace: true, legalComments: "none" })).code;
}

it("finds specs", () => expect(specs.length).toBeGreaterThan(15));

it.each(specs)("of %s", async (path) => {
  const [{ module, source }] = compileSpec(path, (file) => readFileSync(file, "utf8")) as [
    ReturnType<typeof compileSpec>[number],
  ];
  const moduleFile = (id: string): string => `./${id}.js`;
  const text = emitTypeScript(module, { runtime: "specwire/codec", moduleFile, source, forms: CODEC_FORMS });
  expect(await normal(await stripTypes(text), "js")).toBe(await normal(text, "ts"));
});
