/** The form of files: length, lines, white space, and the sentence that each opens with. */
import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { filesOf, root } from "./tree.js";

const FOLDERS = ["src/", "test/", "bench/", "scripts/", "assembly/", "spec/", "examples/"];
const WRITTEN_BY_HAND = /\.(ts|mjs|ksy)$/;
const CODE = /\.(ts|mjs)$/;
const WRITTEN_BY_PROGRAMS =
  /\/(node_modules|dist|build)\/|\/src\/codec\/gen\/|\/src\/kernel\/wasm\/|\/examples\/\w+\/codec\//;

const LINES_MAX = 500;
const COLUMNS_MAX = 120;

const files = FOLDERS.flatMap((folder) => filesOf(new URL(folder, root)))
  .filter(({ pathname }) => WRITTEN_BY_HAND.test(pathname) && !WRITTEN_BY_PROGRAMS.test(pathname))
  .map(read);

function read(file: URL): { readonly name: string; readonly text: string } {
  return { name: file.pathname.slice(root.pathname.length), text: readFileSync(file, "utf8") };
}

/** Whether a file opens with a comment that is its own: an import, a re-export or a blank line follows. */
function opensWithSubject(text: string): boolean {
  const [, rest] = /^(?:#!.*\n)?\/\*\*(?:[^*]|\*(?!\/))*\*\/([\s\S]*)$/.exec(text) ?? [];
  return rest !== undefined && /^\n(?:\n|$|import\b|export (?:type )?(?:\*|\{[^}]*\}) from\b)/.test(rest);
}

/** The places, as `file:line`, where `isWrong` holds for a line. */
function linesWhere(isWrong: (line: string) => boolean, among = files): string[] {
  return among.flatMap(({ name, text }) =>
    text.split("\n").flatMap((line, index) => (isWrong(line) ? [`${name}:${index + 1}`] : [])),
  );
}

describe("files written by hand", () => {
  test("are found", () => expect(files.length).toBeGreaterThan(50));

  test(`have at most ${LINES_MAX} lines`, () => {
    expect(files.filter(({ text }) => text.split("\n").length - 1 > LINES_MAX).map(({ name }) => name)).toEqual([]);
  });

  test(`have lines of at most ${COLUMNS_MAX} characters where they are code, strings not counted`, () => {
    const code = files.filter(({ name }) => CODE.test(name));
    const withoutText = (line: string) => line.replace(/(["'`])(?:\\.|(?!\1).)+\1/g, "$1$1");
    expect(linesWhere((line) => line.length > COLUMNS_MAX && withoutText(line).length > COLUMNS_MAX, code)).toEqual([]);
  });

  test("have no tab, no carriage return and no white space at the end of a line", () => {
    expect(linesWhere((line) => /[\t\r]|\s$/.test(line))).toEqual([]);
  });

  test("open with a comment that names their subject", () => {
    const inScope = ({ name }: { readonly name: string }): boolean =>
      CODE.test(name) && /^(src|test|bench|scripts)\//.test(name);
    const without = files.filter((file) => inScope(file) && !opensWithSubject(file.text)).map(({ name }) => name);
    expect(without).toEqual([]);
  });

  test.each([
    ['/** Checksums. */\nimport a from "b";\n', true],
    ['#!/usr/bin/env node\n/** The program. */\nimport a from "b";\n', true],
    ['/** Formats. */\nexport * from "./a.js";\n', true],
    ["/**\n * Checksums\n * of all kinds.\n */\n\nexport const SIZE = 4;\n", true],
    ["/** How many. */\nexport const SIZE = 4;\n", false],
    ['// Checksums.\nimport a from "b";\n', false],
    ['import a from "b";\n/** Checksums. */\n\n', false],
  ])("%j opens with its subject: %s", (text, opens) => expect(opensWithSubject(text)).toBe(opens));

  test("end with one line feed", () => {
    expect(files.filter(({ text }) => !/[^\n]\n$/.test(text)).map(({ name }) => name)).toEqual([]);
  });
});

test("no machine takes a date but that of a given time, in UTC", () => {
  const machines = files.filter(
    ({ name }) => /^src\/(bytes|codec|machine|protocols)\//.test(name) && !name.endsWith("/node.ts"),
  );
  const ofClockOrZone =
    /\bDate\(\s*\)|\bDate\.now\b|\.(get|set|to)(Local|FullYear|Month|Date|Day|Hours|Minutes|Timezone)/;
  expect(machines.length).toBeGreaterThan(50);
  expect(linesWhere((line) => ofClockOrZone.test(line), machines)).toEqual([]);
});

test("no file names a home or folder of one machine", () => {
  const SKIPPED = /^(\.git|node_modules|dist|build|coverage)$/;
  const entries = readdirSync(root, { withFileTypes: true }).filter(({ name }) => !SKIPPED.test(name));
  const texts = entries
    .flatMap((entry) => (entry.isDirectory() ? filesOf(new URL(`${entry.name}/`, root)) : [new URL(entry.name, root)]))
    .filter(({ pathname }) => !pathname.includes("/node_modules/"))
    .map(read);
  // After a letter, a dot or a slash the match is a part of another path.
  const ofMachine = /(?<![\w/.*-])\/(home|root|tmp|work|Users)\/\w|\b[A-Z]:\\+Users/;
  expect(linesWhere((line) => ofMachine.test(line), texts)).toEqual([]);
});
