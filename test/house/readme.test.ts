/** READMEs of `src/`: their JavaScript examples print what they say; the one of the package lists every subpath. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { filesOf, root } from "./tree.js";

/** An example, directly followed by what it prints. */
const EXAMPLE = /```js\n([\s\S]*?)```\s*```text\n([\s\S]*?)```/;
const LINES_MAX = 40;

const readmes = filesOf(new URL("src/", root))
  .filter(({ pathname }) => pathname.endsWith("/README.md"))
  .map((file) => ({ name: file.pathname.slice(root.pathname.length), text: readFileSync(file, "utf8") }));
const examples = readmes.flatMap(({ name, text }) => {
  const [, code, output] = EXAMPLE.exec(text) ?? [];
  return code === undefined ? [] : [{ name, code, output }];
});

describe("an example", () => {
  it("stands in the README of a protocol", () => {
    expect(examples.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^src\/protocols\/\w+\/README\.md$/));
  });

  it.each(examples)("in $name is short, runs and prints what it says", ({ code, output }) => {
    expect(code.split("\n").length).toBeLessThan(LINES_MAX);
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
    expect(printed).toBe(output);
  });
});

it("the README of the package lists every subpath", () => {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Record<string, unknown> };
  const readme = readFileSync("README.md", "utf8");
  for (const subpath of Object.keys(exports).filter((name) => name !== "./package.json")) {
    expect(readme).toContain(`\`specwire/${subpath.slice(2)}\``);
  }
});
