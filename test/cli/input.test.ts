/** Arguments that are bytes or texts: hex as people write it, byte order marks, and standard input that waits. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatOf } from "../../src/cli/codecs.js";
import { annotatedHex } from "../../src/cli/hex.js";
import { readBytes, readFile, readText } from "../../src/cli/input.js";
import type { Annotation } from "../../src/gen/annotate.js";
import { bundleProgram } from "../support/program.js";

const root = mkdtempSync(join(tmpdir(), "specwire-input-"));
const at = (name: string): string => join(root, name);
const hexOf = (argument: string): string => Buffer.from(readBytes(argument)).toString("hex");

/** A file of these bytes. */
function fileOf(bytes: Uint8Array | string): string {
  const path = at(String(Math.random()));
  writeFileSync(path, bytes);
  return path;
}

afterAll(() => rmSync(root, { recursive: true }));

describe("hex", () => {
  it.each([
    ["01ab", "01ab"],
    [" 01 AB\n", "01ab"],
    ["0x01ab", "01ab"],
    ["0x01 0XAB", "01ab"],
    ["01:ab:0c", "01ab0c"],
    ["01:ab:\n0c:", "01ab0c"],
    ["", ""],
  ])("%j is read, as an argument and in a file", (text, hex) => {
    expect(hexOf(text)).toBe(hex);
    expect(hexOf(fileOf(text))).toBe(hex);
  });

  it.each([["x01"], ["01:zz"], ["::"], ["0x"], ["01-02"]])("%j is none", (text) => {
    expect(() => readBytes(text)).toThrow(/expected hex digits or a file, got /);
    expect(hexOf(fileOf(text))).toBe(Buffer.from(text).toString("hex"));
  });

  it("of single digits between colons is refused, and so is half a byte", () => {
    expect(() => readBytes("1:2")).toThrow("hex: expected pairs of hex digits between colons, got 1");
    expect(() => readBytes("0x123")).toThrow("hex");
  });
});

it("what is given in the place of a file is told by what may be given there", () => {
  expect(() => readText("none.json")).toThrow(/expected JSON or a file, got none\.json/);
  expect(() => readFile("none.jsonl")).toThrow(/expected a file, got none\.jsonl/);
  expect(() => formatOf("my.ksy")).toThrow(/or --spec my\.ksy, got my\.ksy/);
  expect(() => formatOf("nothing")).toThrow(/lists, got nothing$/);
});

describe("a byte order mark", () => {
  const marked = (text: string): [string, Buffer][] => [
    ["UTF-8", Buffer.from(`\ufeff${text}`)],
    ["UTF-16, little-endian", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["UTF-16, big-endian", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ];

  it.each(marked("01 ab\r\n"))("of %s before hex is taken off", (_, bytes) => {
    expect(hexOf(fileOf(bytes))).toBe("01ab");
  });

  it.each(marked('{"x": 1}'))("of %s before JSON is taken off", (_, bytes) => {
    expect(readText(fileOf(bytes))).toBe('{"x": 1}');
  });

  it("before other bytes is one of them", () => {
    for (const hex of ["efbbbfff", "fffe0001", "fffe", "efbbbf", "00"])
      expect(hexOf(fileOf(Buffer.from(hex, "hex")))).toBe(hex);
  });
});

it("a million fields are lines", () => {
  const field: Annotation = { path: "x", offset: 0, size: 1, value: 1, meaning: "", children: [] };
  const lines = annotatedHex(
    Array.from({ length: 1_000_000 }, () => field),
    Uint8Array.of(1),
  );
  expect(lines).toHaveLength(1_000_000);
  expect(lines.at(-1)).toBe("0  01  x = 1");
});

describe.skipIf(process.platform === "win32")("standard input that does not block", () => {
  let program: string;
  beforeAll(async () => (program = await bundleProgram()));

  it("is waited for", async () => {
    execFileSync("mkfifo", [at("fifo")]);
    // With a writer of its own it is never at its end before the test has closed that.
    const both = openSync(at("fifo"), constants.O_RDWR | constants.O_NONBLOCK);
    const input = openSync(at("fifo"), constants.O_RDONLY | constants.O_NONBLOCK);
    writeFileSync(at("two.ksy"), "meta: {id: two, endian: be}\nseq: [{id: x, type: u2}]\n");
    const child = spawn(process.execPath, [program, "decode", "--spec", at("two.ksy"), "-"], {
      stdio: [input, "pipe", "pipe"],
    });
    closeSync(input);
    let output = "";
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    const ended = once(child, "close");
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    writeSync(both, "01 ");
    await new Promise((resolve) => setTimeout(resolve, 100));
    writeSync(both, "02");
    closeSync(both);
    expect(await ended).toEqual([0, null]);
    expect(output).toBe("two, 2 bytes\n0  0102  x = 258\n");
  });
});
