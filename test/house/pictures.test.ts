/** The pictures in READMEs are what `specwire svg` draws of the formats that they are called after. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addSvg } from "../../src/cli/svg.js";
import { filesOf, root } from "./tree.js";

const pictures = filesOf(new URL("src/", root))
  .filter(({ pathname }) => pathname.endsWith("/README.md"))
  .flatMap((readme) =>
    Array.from(readFileSync(readme, "utf8").matchAll(/!\[[^\]]+\]\((\w+)\.svg\)/g), ([, format]) => ({
      format: format!,
      file: new URL(`${format}.svg`, readme),
    })),
  );

afterEach(() => void vi.restoreAllMocks());

describe("pictures in READMEs", () => {
  it("are those that lie in the folders", () => {
    expect(pictures.length).toBeGreaterThan(4);
    const lying = filesOf(new URL("src/", root)).filter(({ pathname }) => pathname.endsWith(".svg"));
    const shown = pictures.map(({ file }) => file.pathname).sort();
    expect(lying.map(({ pathname }) => pathname).filter((path) => !shown.includes(path))).toEqual([]);
  });

  it.each(pictures)("show $format", async ({ format, file }) => {
    let drawn = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => (drawn += String(text)) !== "");
    const program = new Command().exitOverride();
    addSvg(program);
    await program.parseAsync(["svg", format], { from: "user" });
    vi.restoreAllMocks();
    if (process.env["SPECWIRE_REWRITE"] === "1") writeFileSync(file, drawn);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(drawn);
  });
});
