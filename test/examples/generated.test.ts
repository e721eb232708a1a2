/** The codecs beside the programs of `examples/` are what `specwire gen` makes of their specs. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

it("a codec is that of the spec beside it", () => {
  const out = mkdtempSync(join(tmpdir(), "specwire-generated-"));
  try {
    const cwd = "examples/thermometer";
    execFileSync(
      process.execPath,
      ["../../dist/cli/main.js", "gen", "thermometer.ksy", "--target", "mjs", "--out", out],
      {
        cwd,
      },
    );
    const textOf = (folder: string) =>
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
    expect(textOf(join(cwd, "codec"))).toEqual(textOf(out));
  } finally {
    rmSync(out, { recursive: true });
  }
});
