/** `dps demo`, and what the recipes say that it prints. */
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { bundleProgram, Program } from "../../support/program.js";

/** The demo in the recipes, followed by a sentence and what it prints. */
const EXAMPLE = /```sh\nnpx specwire dps demo\n```\n\n[^`]+```text\n([\s\S]*?)```/;

/** Lines without what differs from run to run: hashes, numbers, and which member leads. */
function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/\b[0-9a-f]{16}\b/g, "HASH").replace(/\d+(\.\d+)?/g, "N"));
}

const foldersOfDemos = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("specwire-dps-demo-"));

it("prints what the recipes say, ends with 0 and leaves nothing", async () => {
  const [, printed] = EXAMPLE.exec(readFileSync("docs/recipes.md", "utf8"))!;
  const before = foldersOfDemos();
  const demo = new Program(await bundleProgram(), ["dps", "demo", "--mib", "5"]);
  expect(await demo.ended(), demo.errors).toBe(0);
  expect(linesOf(demo.output)).toEqual(linesOf(printed!));
  expect(demo.output).toContain(": equal\n");
  expect(new Set(demo.output.match(/tip [0-9a-f]{16}/g)).size).toBe(1);
  expect(foldersOfDemos().filter((name) => !before.includes(name))).toEqual([]);
}, 300_000);
