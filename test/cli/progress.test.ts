/** Progress of long work: a line that changes on a terminal, plain lines in a pipe, nothing beside JSON. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { newProgram } from "../../src/cli/program.js";
import { progressOn } from "../../src/cli/progress.js";

const wasTerminal = process.stderr.isTTY;
afterEach(() => {
  vi.restoreAllMocks();
  process.stderr.isTTY = wasTerminal;
  process.exitCode = undefined;
});

/** What a stream gets while work shows how far it is, once a second. */
function shown(isTTY: boolean, seconds: number): string {
  let text = "";
  let nowMs = 0;
  const progress = progressOn({ isTTY, write: (part) => (text += part) }, () => nowMs);
  for (; nowMs < seconds * 1_000; nowMs += 1_000) progress.show(`${nowMs / 1_000} s`);
  progress.clear();
  return text;
}

describe("progress", () => {
  it("is one line that changes on a terminal, and is gone at the end", () => {
    expect(shown(true, 3)).toBe("\r\x1b[K0 s\r\x1b[K1 s\r\x1b[K2 s\r\x1b[K");
  });

  it("is a plain line every five seconds elsewhere, and none for short work", () => {
    expect(shown(false, 12)).toBe("5 s\n10 s\n");
    expect(shown(false, 5)).toBe("");
  });

  it("is shown of recordings that are played, but not beside JSON", async () => {
    const path = readdirSync("seeds")
      .map((seed) => join("seeds", seed, "vectors.json"))
      .find((each) => existsSync(each))!;
    vi.spyOn(console, "log").mockImplementation(() => {});
    process.stderr.isTTY = true;
    let text = "";
    vi.spyOn(process.stderr, "write").mockImplementation((part) => ((text += String(part)), true));
    await (await newProgram()).parseAsync(["conformance", path], { from: "user" });
    expect(text.startsWith("\r\x1b[K0 of ")).toBe(true);
    expect(text).toContain(` vectors of ${path}`);
    expect(text.endsWith("\r\x1b[K")).toBe(true);
    text = "";
    await (await newProgram()).parseAsync(["conformance", path, "--json"], { from: "user" });
    expect(text).toBe("");
  });
});
