/** The README and the documents: their programs and commands print what they say, and programs of examples are told. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { filesOf, root } from "./tree.js";

const documents = [new URL("README.md", root), ...filesOf(new URL("docs/", root))].map((file) => ({
  name: file.pathname.slice(root.pathname.length),
  text: readFileSync(file, "utf8"),
}));

mkdirSync("build", { recursive: true });
// Inside the package, so that imports resolve.
const folder = mkdtempSync(join(root.pathname, "build", "documents-"));
afterAll(() => rmSync(folder, { recursive: true }));

const execute = promisify(execFile);

/** A fence of code, with the comment before it and the output after it. */
interface Fence {
  readonly language: string;
  readonly code: string;
  /** The file of `examples/` that a program has put there. */
  readonly example: string | undefined;
  readonly output: string | undefined;
}

const FENCE =
  /(?:<!-- (examples\/\S+) -->\n)?^```(\w+)\n([\s\S]*?)^```\n(?:<!-- \/examples\/\S+ -->\n)?(?:\n?```text\n([\s\S]*?)^```)?/gm;

function fencesOf(text: string): Fence[] {
  return Array.from(text.matchAll(FENCE), ([, example, language, code, output]) => ({
    language: language!,
    code: code!,
    example,
    output,
  }));
}

/** Runs a program of Node.js. @returns all that it prints, what is printed to standard error last */
function outputOf(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (status === null) throw new Error(`${args.join(" ")} was killed`);
  return stdout + stderr;
}

/** Carries out a fence as a reader would: a named file is written, and what has an output is run. */
function follow({ language, code, example, output }: Fence, cwd: string): string | undefined {
  if (example !== undefined) return output === undefined ? undefined : outputOf(cwd, join(root.pathname, example));
  const [, name] = /^(?:#|\/\/) ([\w-]+\.\w+)\n/.exec(code) ?? [];
  if (name !== undefined) writeFileSync(join(cwd, name), code);
  if (output === undefined) return undefined;
  if (language === "js") {
    const program = join(cwd, name ?? "program.mjs");
    writeFileSync(program, code);
    return outputOf(cwd, program);
  }
  const commands = Array.from(code.matchAll(/^npx specwire (.*?)(?: {2,}#.*)?$/gm), ([, args]) => args!.split(" "));
  expect(commands.length).toBe(code.trim().split("\n").length);
  return commands.map((args) => outputOf(cwd, join(root.pathname, "dist/cli/main.js"), ...args)).join("");
}

describe.each(documents.filter(({ text }) => /^```text$/m.test(text) && !text.startsWith("# Events")))(
  "$name",
  (document) => {
    const fences = fencesOf(document.text);
    const cwd = join(folder, document.name.replaceAll("/", "-"));

    it("prints what it says", () => {
      mkdirSync(cwd);
      expect(fences.filter(({ output }) => output !== undefined).length).toBeGreaterThan(1);
      for (const fence of fences) expect(follow(fence, cwd)).toBe(fence.output);
    });
  },
);

/** Rows of tables that say how a command ends: its own cell, and that of the last line it prints. */
const ENDS = Array.from(
  documents
    .map(({ text }) => text)
    .join("\n")
    .matchAll(/^\| `npx specwire (.+?)` \| `(.+?)` \|/gm),
  ([, command, end]) => [command!, end!] as const,
);

it("commands in tables end as they say", async () => {
  expect(ENDS.length).toBeGreaterThan(3);
  const printed = await Promise.all(
    ENDS.map(async ([command]) => {
      const { stdout } = await execute(process.execPath, ["dist/cli/main.js", ...command.split(" ")]);
      return [command, stdout.trimEnd().split("\n").at(-1)];
    }),
  );
  expect(printed).toEqual(ENDS);
});

it("the README has at most 150 lines", () => {
  expect(documents[0]!.text.split("\n").length - 1).toBeLessThanOrEqual(150);
});

it("every program of examples stands in a document with what it prints, or is imported by one that does", () => {
  const shown = new Set(documents.flatMap(({ text }) => fencesOf(text).map(({ example }) => example)));
  const programs = filesOf(new URL("examples/", root))
    .map(({ pathname }) => pathname.slice(root.pathname.length))
    .filter((name) => name.endsWith(".mjs") && !name.includes("/codec/"));
  expect(programs.length).toBeGreaterThan(5);
  expect(programs.filter((name) => !shown.has(name))).toEqual([]);
});

it("every document is listed by the table of documents", () => {
  const names = documents
    .map(({ name }) => name)
    .filter((name) => name.startsWith("docs/") && name !== "docs/README.md");
  const index = documents.find(({ name }) => name === "docs/README.md")!.text;
  expect(names.filter((name) => !index.includes(`](${name.slice("docs/".length)})`))).toEqual([]);
});

/** The names by which links reach the headings of a document, as GitHub and npm make them. */
function anchorsOf(file: URL): string[] {
  const headings = readFileSync(file, "utf8").matchAll(/^#{1,6} (.+)$/gm);
  return Array.from(headings, ([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

it("links lead to files, and their anchors to headings", () => {
  const links = documents.flatMap(({ name, text }) =>
    Array.from(text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g), ([link, target, anchor]) => {
      const file = new URL(target === "" ? name.replace(/.*\//, "") : target!, new URL(name, root));
      const isThere = existsSync(file) && (anchor === undefined || anchorsOf(file).includes(anchor));
      return { place: `${name}: ${link}`, isThere };
    }),
  );
  expect(links.length).toBeGreaterThan(50);
  expect(links.filter(({ isThere }) => !isThere).map(({ place }) => place)).toEqual([]);
});
