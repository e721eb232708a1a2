/** The manifest and the lockfile of the package, and its error codes. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { ERROR_TEXTS } from "../../src/errors.js";
import { filesOf, root } from "./tree.js";

describe("package.json", () => {
  test("exports subpaths that have a source", () => {
    for (const [subpath, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") continue;
      const source = target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts");
      expect(existsSync(new URL(source, root)), `${subpath} comes from ${source}`).toBe(true);
      expect(target.types).toBe(target.default.replace(/\.js$/, ".d.ts"));
    }
  });

  test("has no barrel", () => expect(Object.keys(manifest.exports)).not.toContain("."));

  test("has no dependencies but @noble packages", () => {
    expect(Object.keys(manifest.dependencies).filter((name) => !name.startsWith("@noble/"))).toEqual([]);
  });

  test("makes every peer dependency optional", () => {
    const optional = Object.entries(manifest.peerDependenciesMeta).filter(([, meta]) => meta.optional);
    expect(optional.map(([name]) => name)).toEqual(Object.keys(manifest.peerDependencies));
  });

  test("pins development tools", () => {
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d/.test(version));
    expect(loose).toEqual([]);
  });

  test("has a lockfile without registry addresses", () => {
    expect(readFileSync(new URL("package-lock.json", root), "utf8")).not.toMatch(/"resolved"/);
  });
});

test("declarations are read by TypeScript 5.4, to which Uint8Array is not generic", () => {
  const declarations = filesOf(new URL("dist/", root)).filter(({ pathname }) => pathname.endsWith(".d.ts"));
  expect(declarations.length).toBeGreaterThan(100);
  const generic = declarations.filter((file) => readFileSync(file, "utf8").includes("Uint8Array<"));
  expect(generic.map(({ pathname }) => pathname)).toEqual([]);
});

test("every error code is used somewhere", () => {
  const source = filesOf(new URL("src/", root))
    .filter(({ pathname }) => pathname.endsWith(".ts") && !pathname.endsWith("/errors.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  expect(Object.keys(ERROR_TEXTS).filter((code) => !source.includes(`"${code}"`))).toEqual([]);
});
