import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { ERROR_TEXTS } from "../../src/errors.js";
import { filesOf, root } from "./tree.js";

describe("package.json", () => {
  test("exports nothing without a source", () => {
    for (const [subpath, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") continue;
      const source = target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts");
      expect(existsSync(new URL(source, root)), `${subpath} comes from ${source}`).toBe(true);
      expect(target.types).toBe(target.default.replace(/\.js$/, ".d.ts"));
    }
  });

  test("has no barrel", () => expect(Object.keys(manifest.exports)).not.toContain("."));

  test("needs @noble packages alone at run time", () => {
    expect(Object.keys(manifest.dependencies).filter((name) => !name.startsWith("@noble/"))).toEqual([]);
  });

  test("asks for every peer only of those who want it", () => {
    const optional = Object.entries(manifest.peerDependenciesMeta).filter(([, meta]) => meta.optional);
    expect(optional.map(([name]) => name)).toEqual(Object.keys(manifest.peerDependencies));
  });

  test("pins its tools", () => {
    const loose = Object.entries(manifest.devDependencies).filter(([, version]) => !/^\d/.test(version));
    expect(loose).toEqual([]);
  });

  test("has a lockfile that names no registry", () => {
    expect(readFileSync(new URL("package-lock.json", root), "utf8")).not.toMatch(/"resolved"/);
  });
});

test("every error code is raised somewhere", () => {
  const source = filesOf(new URL("src/", root))
    .filter(({ pathname }) => pathname.endsWith(".ts") && !pathname.endsWith("/errors.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  expect(Object.keys(ERROR_TEXTS).filter((code) => !source.includes(`"${code}"`))).toEqual([]);
});
