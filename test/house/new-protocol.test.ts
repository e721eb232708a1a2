/** A protocol added to a copy of the tree as the documents say: by its folders and one line. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "../support/program.js";
import { forbiddenImports } from "./arrows.js";
import { root } from "./tree.js";

/** The files of a protocol with length-prefixed frames, whose server sends each frame back. */
const FILES: Readonly<Record<string, string>> = {
  "spec/tiny/frame.ksy": `meta:
  id: frame
  license: MIT
  endian: be
types:
  frame:
    seq:
      - {id: length, type: u1, -derive: sizeof(message)}
      - {id: message, size: length}
`,
  "src/protocols/tiny/index.ts": `
import { decodeFrame, encodeFrame } from "../../codec/gen/tiny/index.js";
import type { Effect, Event, Machine, MachineRegistry } from "../../machine/index.js";

export class TinyServer implements Machine<never, never, never> {
  step(event: Event<never>, _nowMs: number, out: Effect<never, never>[]): void {
    if (event.type !== "datagram") return;
    out.push({ type: "datagram", peer: event.peer, bytes: encodeFrame(decodeFrame(event.bytes)) });
  }
  nextWakeMs(): number {
    return Infinity;
  }
}
export const TINY_MACHINES: MachineRegistry = { "tiny-server": () => new TinyServer() };
`,
  "src/conformance/tiny/index.ts": `
import { fromHex } from "../../bytes/index.js";
import { decodeFrame, encodeFrame } from "../../codec/gen/tiny/index.js";
import { Field, hasListOf } from "../field.js";
import { differences, type Adapter } from "../verdict.js";

export const tinyRecordings: Adapter = {
  protocol: "tiny",
  recognises: (json) => hasListOf(json, "frames", ["name", "hex"]),
  read: (json) =>
    new Field(json, "")
      .get("frames")
      .items()
      .map((frame) => ({
        name: frame.get("name").text(),
        family: "frame",
        run: () => {
          const bytes = fromHex(frame.get("hex").text());
          const lines = differences("frame", bytes, encodeFrame(decodeFrame(bytes)));
          return lines.length === 0 ? { verdict: "equal" } : { verdict: "failed", differences: lines };
        },
      })),
};
`,
  "src/cli/tiny/parts.ts": `
export * as codecs from "../../codec/gen/tiny/index.js";
export { tinyRecordings as recordings } from "../../conformance/tiny/index.js";
export { TINY_MACHINES as machines } from "../../protocols/tiny/index.js";
`,
  "src/cli/tiny/index.ts": `
import type { Protocol } from "../protocol.js";

export const tiny: Protocol = { name: "tiny", parts: () => import("./parts.js") };
`,
};

const LINE = `export { tiny } from "./tiny/index.js";\n`;

const RECORDING = { frames: [{ name: "three bytes", hex: "03a1b2c3" }] };

/** A trace of the server of {@link FILES}, which receives a frame of three bytes and answers `sent`. */
function traceOf(sent: string): string {
  const datagram = (hex: string) => ({ type: "datagram", peer: "a:1", bytes: { $hex: hex } });
  const lines = [
    { trace: 1, machine: "specwire", run: 0 },
    { node: "server", nowMs: 0, start: { machine: "tiny-server" } },
    { node: "server", nowMs: 1, event: datagram("03a1b2c3") },
    { node: "server", nowMs: 1, effect: datagram(sent) },
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

let tree: string;
let program: string;

beforeAll(async () => {
  tree = realpathSync(mkdtempSync(join(tmpdir(), "specwire-tree-")));
  for (const entry of ["src", "spec", "scripts", "package.json", "tsconfig.json"]) {
    cpSync(fileURLToPath(new URL(entry, root)), join(tree, entry), { recursive: true });
  }
  symlinkSync(fileURLToPath(new URL("node_modules", root)), join(tree, "node_modules"));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  appendFileSync(join(tree, "src/cli/protocols.ts"), LINE);
  const { status, stderr } = spawnSync(process.execPath, ["scripts/gen.mjs"], { cwd: tree, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  program = await bundle("src/cli/main.ts", tree);
});
afterAll(() => {
  rmSync(tree, { recursive: true });
  rmSync(dirname(program), { recursive: true });
});

/** Runs the program: its output and its exit code. */
function specwire(...args: string[]): { readonly output: string; readonly status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], { cwd: tree, encoding: "utf8" });
  return { output: stdout + stderr, status };
}

function write(name: string, text: string): string {
  const path = join(tree, name);
  writeFileSync(path, text);
  return path;
}

test("its imports follow the arrows", () => {
  const sources = Object.entries(FILES).filter(([path]) => path.startsWith("src/"));
  expect(sources.flatMap(([path, text]) => forbiddenImports(path.slice("src/".length), text))).toEqual([]);
});

test("its formats are listed, decode and encode", () => {
  expect(specwire("formats").output).toContain("tiny_frame");
  expect(specwire("decode", "tiny_frame", "03a1b2c3")).toMatchObject({ status: 0 });
  expect(specwire("decode", "tiny_frame", "04a1b2c3")).toMatchObject({ status: 1 });
  expect(specwire("encode", "tiny_frame", `{"message":"a1b2c3"}`)).toEqual({ output: "03a1b2c3\n", status: 0 });
});

test("its recordings are recognised and judged", () => {
  const recording = write("recording.json", JSON.stringify(RECORDING));
  expect(specwire("conformance", recording)).toMatchObject({
    output: expect.stringContaining("1 passed, 0 failed, 0 skipped") as string,
    status: 0,
  });
});

test("a trace of its machine replays, and a changed one does not", () => {
  const trace = (sent: string) => write("trace.jsonl", traceOf(sent));
  expect(specwire("replay", trace("03a1b2c3"))).toMatchObject({
    output: expect.stringContaining("1 passed, 0 failed") as string,
    status: 0,
  });
  expect(specwire("replay", trace("03a1b2c4"))).toMatchObject({ status: 1 });
});
