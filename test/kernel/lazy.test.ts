/** Engines are made on first use, and kernels work on machines that lack some. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toHex } from "../../src/bytes/index.js";
import { ascii } from "./engines.js";

/** The kernels after a new import. */
function freshKernels() {
  return import("../../src/kernel/index.js");
}

const columns = {
  prefix: 1,
  bytes: Int8Array.of(2),
  words: Uint32Array.of(3),
  suffix: new Uint8Array(16).fill(4),
};
const hexDigest = (name: string, bytes: Uint8Array) => createHash(name).update(bytes).digest("hex");
const RIGHT = {
  rows: hexDigest("md5", Uint8Array.of(1, 2, 0, 0, 0, 3, ...columns.suffix)),
  sha256: hexDigest("sha256", ascii("abc")),
  crc32: 0xcbf43926,
};

/** Results of newly imported kernels on this machine, and their engines. */
async function results() {
  const { crc32, kernelReport, md5Rows, sha256 } = await freshKernels();
  return {
    engines: [...new Set(kernelReport().flatMap((row) => row.engines))].toSorted(),
    rows: toHex(md5Rows(columns)),
    sha256: toHex(sha256(ascii("abc"))),
    crc32: crc32(ascii("123456789")),
  };
}

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("the import", () => {
  test("compiles nothing and loads no module of Node.js; the first use compiles what it needs", async () => {
    const spies = [
      vi.spyOn(WebAssembly, "validate"),
      vi.spyOn(WebAssembly, "Module"),
      vi.spyOn(WebAssembly, "Instance"),
    ];
    const builtins = vi.spyOn(process, "getBuiltinModule");
    const { md5Rows, withEngine } = await freshKernels();
    for (const spy of [...spies, builtins]) expect(spy).not.toHaveBeenCalled();
    withEngine("wasm", () => md5Rows(columns));
    withEngine("wasm", () => md5Rows(columns));
    for (const spy of spies) expect(spy).toHaveBeenCalledTimes(1);
  });
});

describe("the kernels are right", () => {
  test("on this machine, with every engine", async () => {
    expect(await results()).toEqual({ ...RIGHT, engines: ["js", "noble", "node", "wasm"] });
  });

  test("without WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    expect(await results()).toEqual({ ...RIGHT, engines: ["js", "noble", "node"] });
  });

  test("without SIMD", async () => {
    const validate = WebAssembly.validate.bind(WebAssembly);
    vi.spyOn(WebAssembly, "validate").mockImplementation((binary) => !usesVectors(binary) && validate(binary));
    expect(await results()).toEqual({ ...RIGHT, engines: ["js", "noble", "node"] });
    const { kernelReport } = await freshKernels();
    const enginesOf = (name: string) => kernelReport().find(({ primitive }) => primitive === name)!.engines;
    expect(enginesOf("md5-rows")).toEqual(["node", "noble"]);
    expect(enginesOf("crc32")).toEqual(["node", "js"]);
  });

  test("if a policy forbids compilation", async () => {
    vi.spyOn(WebAssembly, "Module").mockImplementation(function forbidden() {
      throw new WebAssembly.CompileError("blocked by a policy");
    } as never);
    expect(await results()).toEqual({ ...RIGHT, engines: ["js", "noble", "node"] });
  });

  test("without Node.js", async () => {
    vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
    expect(await results()).toEqual({ ...RIGHT, engines: ["js", "noble", "wasm"] });
  });

  test("if node:crypto lacks MD5 and ChaCha20-Poly1305", async () => {
    const crypto = process.getBuiltinModule("crypto");
    const withoutMd5 = (name: string) => {
      if (name === "md5") throw new Error("digital envelope routines::unsupported");
      return crypto.createHash(name);
    };
    const getCipherInfo = (name: string) => (name.startsWith("chacha") ? undefined : crypto.getCipherInfo(name));
    vi.spyOn(process, "getBuiltinModule").mockReturnValue({
      ...crypto,
      createHash: withoutMd5,
      getCipherInfo,
    } as never);
    expect(await results()).toMatchObject(RIGHT);
    const { kernelReport } = await freshKernels();
    const lacking = kernelReport().filter(({ engines }) => !engines.includes("node"));
    expect(lacking.map(({ primitive }) => primitive)).toEqual([
      "chunk",
      "crc32",
      "md5",
      "md5-rows",
      "chacha20-poly1305",
      "xor-distance",
      "xor-buckets",
      "xor-set",
      "xor-index",
    ]);
  });

  test("without zlib.crc32, which Node.js 20.0 lacks", async () => {
    const original = process.getBuiltinModule.bind(process);
    const older = (name: string) => (name === "zlib" ? {} : original(name));
    vi.spyOn(process, "getBuiltinModule").mockImplementation(older as never);
    expect(await results()).toMatchObject(RIGHT);
    const { kernelReport } = await freshKernels();
    expect(kernelReport().find(({ primitive }) => primitive === "crc32")!.engines).toEqual(["wasm", "js"]);
  });
});

/** v128.load and v128.store; all vector instructions begin with 0xFD. */
const [LOAD, STORE] = [
  [0xfd, 0x00],
  [0xfd, 0x0b],
] as const;

/** Whether a module has vector instructions. */
function usesVectors(binary: BufferSource): boolean {
  const bytes = Buffer.from(binary as Uint8Array);
  return [LOAD, STORE].some((instruction) => bytes.includes(Buffer.from(instruction)));
}
