/** The program where usage or the environment is wrong: a line for it, and the exit code. */
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleProgram, runProgram } from "../support/program.js";

const root = mkdtempSync(join(tmpdir(), "specwire-environment-"));
const isLinux = process.platform === "linux";
const at = (name: string): string => join(root, name);

let program: string;
beforeAll(async () => {
  program = await bundleProgram();
  writeFileSync(at("one.ksy"), "meta: {id: one}\nseq: [{id: x, type: u1}]\n");
  writeFileSync(at("wrong.ksy"), "meta: {id: wrong}\nseq: [{id: x, type: u9}]\n");
  writeFileSync(at("file"), "");
  mkdirSync(at("taken/one.ts"), { recursive: true });
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

describe("gen", () => {
  it.each([
    ["a folder in the place of the spec", [], /^specwire: spec: expected a file, got \S+\n$/, () => root],
    ["a file in the place of its folder", ["--out", at("file")], /^specwire: file\.\S+file: .*EEXIST\n$/],
    ["a file above its folder", ["--out", at("file/out")], /^specwire: file\.\S+out: .*ENOTDIR\n$/],
    ["a folder in the place of its file", ["--out", at("taken")], /^specwire: file\.\S+one\.ts: .*EISDIR\n$/],
  ])("ends in a line for %s", (_, args, line, spec = () => at("one.ksy")) => {
    const { code, errors } = runProgram(program, ["gen", spec(), ...args]);
    expect(errors).toMatch(line);
    expect(code).toBe(2);
  });

  it.skipIf(!isLinux)("ends in a line for a folder that cannot be", () => {
    const { code, errors } = runProgram(program, ["gen", at("one.ksy"), "--out", "/proc/none/out"]);
    expect(errors).toMatch(/^specwire: .*got ENOENT\n$/);
    expect(code).toBe(2);
  });
});

describe.skipIf(!isLinux)("standard output that cannot be written", () => {
  it.each([
    ["formats", ["formats"]],
    ["inspect", ["inspect", "--spec", at("one.ksy")]],
  ])("ends %s in a line", (_, args) => {
    const { code, errors } = runProgram(program, args, openSync("/dev/full", "w"));
    expect(errors).toBe("specwire: standard output cannot be written: ENOSPC\n");
    expect(code).toBe(2);
  });
});

describe("exit codes", () => {
  const one = ["--spec", at("one.ksy")];
  it.each([
    [0, ["--help"]],
    [0, ["--version"]],
    [0, ["decode", ...one, "00"]],
    [2, []],
    [2, ["nothing"]],
    [2, ["decode"]],
    [2, ["decode", "nothing", "00"]],
    [2, ["decode", ...one, "/nothing"]],
    [2, ["decode", ...one, "00", "--nothing"]],
    [1, ["decode", ...one, "0000"]],
    [2, ["encode", ...one, "{"]],
    [1, ["encode", ...one, '{"x": 256}']],
    [1, ["gen", at("wrong.ksy")]],
    [2, ["gen", at("nothing.ksy")]],
    [2, ["conformance", "/nothing"]],
    [2, ["replay", "/nothing"]],
  ])("%i for %j", (expected, args) => {
    expect(runProgram(program, args).code).toBe(expected);
  });

  it("are in every help", () => {
    for (const args of [[], ["decode"], ["replay"]]) {
      const { code, output } = runProgram(program, [...args, "--help"]);
      expect(output).toContain("0 done, 1 the answer is no, 2 wrong usage");
      expect(code).toBe(0);
    }
  });
});
