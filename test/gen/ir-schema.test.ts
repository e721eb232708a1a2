/** The published schema of layouts, held against the layouts of built-in formats and of the examples. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { compileSpec, MODULES } from "../../src/gen/index.js";

const root = new URL("../../", import.meta.url);
const schema = JSON.parse(readFileSync(new URL("spec/ir.schema.json", root), "utf8")) as object;
const validate = new Ajv().compile(schema);

describe("the schema of layouts", () => {
  it.each(MODULES.map((module) => [module.file, module] as const))("holds for %s", (_, module) => {
    validate(module);
    expect(validate.errors).toBeNull();
  });

  const examples = readdirSync(new URL("examples/specs/", root)).filter((name) => name.endsWith(".ksy"));
  it.each(examples)("holds for the example %s", (name) => {
    const read = (): string => readFileSync(new URL(`examples/specs/${name}`, root), "utf8");
    // Through text, as other programs read it.
    for (const { module } of compileSpec(name, read)) validate(JSON.parse(JSON.stringify(module)));
    expect(validate.errors).toBeNull();
  });

  it("refuses what is no layout", () => {
    expect(validate({ ...MODULES[0], irVersion: 1 })).toBe(false);
    expect(validate({ ...MODULES[0], extra: 1 })).toBe(false);
  });
});
