/** The commands on a store, as a user runs them. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { toHex } from "../../../src/bytes/index.js";
import { sha256 } from "../../../src/kernel/index.js";
import { bundleProgram, runProgram } from "../../support/program.js";

const C = Uint8Array.from({ length: 200_000 }, (_, i) => i ^ (i >> 8));
const HASH = toHex(sha256(C));

let program: string;
let root: string;
let dir: string;

beforeAll(async () => {
  program = await bundleProgram();
});
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "store cli "));
  dir = join(root, "store");
  mkdirSync(join(root, "in/sub"), { recursive: true });
  writeFileSync(join(root, "in/c.bin"), C);
  writeFileSync(join(root, "in/sub/d\u0007.txt"), "text");
  symlinkSync("/etc/passwd", join(root, "in/link"));
});
afterAll(() => rmSync(root, { recursive: true }));

function store(command: string, ...args: string[]): ReturnType<typeof runProgram> {
  return runProgram(program, ["store", command, dir, ...args]);
}

describe("specwire store", () => {
  it("puts a folder, says what is already stored, and gets files and ranges", () => {
    const put = store("put", join(root, "in"));
    expect([put.code, put.errors]).toEqual([0, ""]);
    expect(put.output.split("\n")).toEqual([
      `stored ${HASH} 195 KiB c.bin`,
      `stored ${toHex(sha256(new TextEncoder().encode("text")))} 4 B sub/d\\u0007.txt`,
      "",
    ]);
    const again = store("put", join(root, "in/c.bin"), "--name", "other");
    expect([again.code, again.output]).toEqual([0, `already stored ${HASH} other as c.bin\n`]);
    const [to, range] = [join(root, "to"), join(root, "range")];
    expect(store("get", "c.bin", to).code).toBe(0);
    expect(Buffer.compare(readFileSync(to), C)).toBe(0);
    expect(store("get", HASH.toUpperCase(), range, "--start", "65530", "--end", "65540").code).toBe(0);
    expect(Buffer.compare(readFileSync(range), C.subarray(65_530, 65_540))).toBe(0);
    expect(store("get", "sub/d\u0007.txt", "-").output).toBe("text");
  });

  it("lists files, for people and programs", () => {
    store("put", join(root, "in/c.bin"), "--ttl-seconds", "0");
    expect(store("ls").output).toMatch(new RegExp(`^${HASH} +195 KiB +for ever +c.bin\n$`));
    const [listed] = JSON.parse(store("ls", "--json").output) as object[];
    expect(listed).toMatchObject({ name: "c.bin", hash: HASH, size: 200_000, isExpired: false, totalChunks: 4 });
    const { chunks } = JSON.parse(store("info", HASH, "--json").output) as { chunks: { size: number }[] };
    expect(chunks.map(({ size }) => size)).toEqual([65_536, 65_536, 65_536, 3_392]);
    const log = store("rm", "c.bin", "--log").errors;
    expect(JSON.parse(log)).toMatchObject({ level: "info", operation: "delete", fileHash: HASH });
  });

  it("finds damage with exit code 1, and repairs it from the original", () => {
    store("put", join(root, "in/c.bin"));
    expect([store("verify").code, store("verify", "c.bin").output]).toEqual([0, "nothing is damaged\n"]);
    const [chunk] = readdirSync(join(dir, "data"));
    truncateSync(join(dir, "data", chunk!), 100);
    const found = store("verify");
    expect([found.code, found.output]).toEqual([1, expect.stringContaining("bytes, got 100\n")]);
    truncateSync(join(dir, `metadata/${HASH}.toml`), 0);
    const broken = store("ls");
    expect([broken.code, broken.output]).toEqual([0, ""]);
    expect(broken.errors).toContain(`metadata/${HASH}.toml cannot be used and is left as it is`);
    const repaired = store("repair", join(root, "in/c.bin"));
    expect([repaired.code, repaired.output]).toEqual([0, expect.stringContaining("record restored")]);
    expect(repaired.output).toContain("1 chunks written again");
  });

  it("deletes, collects and cleans; cleaning asks, or takes --yes", () => {
    store("put", join(root, "in"));
    expect([store("rm", "c.bin", "none").code, store("gc").code]).toEqual([1, 0]);
    const asked = store("deep-clean");
    expect([asked.code, asked.errors]).toEqual([2, expect.stringContaining("--yes")]);
    expect(store("clean", "--yes").output).toBe("removed 1 chunks, 0 records\n");
    expect(store("deep-clean", "--yes").output).toBe("removed 0 chunks, 1 records\n");
    expect(store("ls").output).toBe("");
  });

  it.each([
    [1, "there is nothing of that name or hash", ["get", "none", "-"]],
    [2, "the folder of a store", ["ls"], "missing"],
    [2, "a whole number from 0 to", ["put", "x", "--ttl-seconds", "-1"]],
    [2, "ENOENT", ["put", "/no/such/file"]],
    [2, "a single file", ["put", "a", "b", "--name", "x"]],
    [2, "missing required argument", ["get"]],
  ])("ends with %i and %j for %j", (code, message, [command, ...args], folder = "store") => {
    mkdirSync(join(root, "store"));
    const result = runProgram(program, ["store", command!, join(root, folder), ...args]);
    expect([result.code, result.errors]).toEqual([code, expect.stringContaining(message)]);
  });
});
