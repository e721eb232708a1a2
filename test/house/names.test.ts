/** The name of a protocol stands in the folders of that protocol alone, so that a new one is added without edits. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SYSTEMS } from "../seeds/recordings.js";
import { filesOf, root } from "./tree.js";

const FOLDERS = ["src/", "spec/", "bench/", "test/"];
const SCANNED = /\.(ts|mjs|ksy|json)$/;
/** The lists of protocols and of those that stand on others, a generated catalogue, and kernels in hex. */
const ALLOWED = /^(src\/(cli\/protocols\.ts|gen\/catalogue\/modules\.json|kernel\/wasm\/.*)|test\/house\/arrows\.ts)$/;

const NAME = new RegExp(SYSTEMS.join("|"), "i");
const OWN_FOLDER = new RegExp(`/(${SYSTEMS.join("|")})/`);
/** A comment may cite a seed. */
const CITATION = new RegExp(`seeds/(${SYSTEMS.join("|")})\\b`, "g");

/** The places, as `file:line`, where a file names a protocol that it does not belong to; 0 is its own name. */
function namesIn(file: string, text: string): string[] {
  if (OWN_FOLDER.test(file) || ALLOWED.test(file)) return [];
  return [file, ...text.split("\n")].flatMap((line, i) =>
    NAME.test(line.replace(CITATION, "")) ? [`${file}:${i}`] : [],
  );
}

describe("the name of a protocol", () => {
  test("stands in its own folders alone", () => {
    const files = FOLDERS.flatMap((folder) => filesOf(new URL(folder, root)))
      .filter(({ pathname }) => SCANNED.test(pathname) && !pathname.includes("/node_modules/"))
      .map((file) => ({ name: file.pathname.slice(root.pathname.length), file }));
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(({ name, file }) => namesIn(name, readFileSync(file, "utf8")))).toEqual([]);
  });

  const [name] = SYSTEMS as [string];
  test.each([
    ["src/host/run.ts", `import { start } from "../protocols/${name}/index.js";`, [1]],
    ["src/host/run.ts", `\n/** As ${name.toUpperCase()} does it. */`, [2]],
    [`test/codec/${name}.test.ts`, "", [0]],
    [`src/cli/${name}/index.ts`, `export const ${name} = 1;`, []],
    ["src/cli/protocols.ts", `export { ${name} } from "./${name}/index.js";`, []],
    ["src/host/run.ts", `/** Source: seeds/${name}, frames. */`, []],
  ])("%s: %j", (file, text, lines) => {
    expect(namesIn(file, text)).toEqual(lines.map((line) => `${file}:${line}`));
  });
});
