/** Bundles of kernels for browsers. */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { CRC32_WASM } from "../../src/kernel/wasm/crc32.js";
import { MD5_ROWS_WASM } from "../../src/kernel/wasm/md5-rows.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles a program for browsers; returns the code, the files in it and its imports. @param flat code of `flat` */
async function bundle(program: string, format: "esm" | "iife" = "iife", flat = "") {
  const { metafile, outputFiles } = await build({
    stdin: { contents: program, resolveDir: `${root}/src/kernel`, loader: "js" },
    bundle: true,
    platform: "browser",
    format,
    ...(format === "iife" ? { globalName: "kernels" } : {}),
    write: false,
    metafile: true,
    logLevel: "silent",
    plugins: [
      {
        name: "flat",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^flat$/ }, () => ({ path: "flat", namespace: "flat" }));
          onLoad({ filter: /^/, namespace: "flat" }, () => ({ contents: flat }));
        },
      },
    ],
  });
  const [output] = Object.values(metafile.outputs);
  const used = Object.entries(output!.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { code: outputFiles[0]!.text, files: used.map(([name]) => name), imports: output!.imports };
}

describe("in a bundle for browsers", () => {
  test("the kernels work with WebAssembly alone", async () => {
    const { code, imports } = await bundle(`export * from "./index.js";`);
    expect(imports).toEqual([]);
    // A new realm without process, Buffer and require.
    const realm = createContext({});
    runInContext(code, realm);
    expect(runInContext("typeof process + typeof Buffer", realm)).toBe("undefinedundefined");
    const text = (expression: string) => String(runInContext(`Array.from(${expression}).join()`, realm));
    const engines = text(`kernels.kernelReport().flatMap(row => row.engines)`);
    expect(engines.split(",")).toContain("wasm");
    expect(engines.split(",")).not.toContain("node");
    expect(text(`kernels.sha256(Uint8Array.of(1, 2, 3))`)).toBe(
      createHash("sha256")
        .update(Uint8Array.of(1, 2, 3))
        .digest()
        .join(),
    );
    const digest = createHash("md5")
      .update(Uint8Array.of(1, 2, 0, 0, 0, 3, ...new Uint8Array(16)))
      .digest();
    const columns = "{ prefix: 1, bytes: Int8Array.of(2), words: Uint32Array.of(3), suffix: new Uint8Array(16) }";
    expect(text(`kernels.withEngine("wasm", () => kernels.md5Rows(${columns}))`)).toBe(digest.join());
    expect(text(`kernels.withEngine("noble", () => kernels.md5Rows(${columns}))`)).toBe(digest.join());
  });

  test("one kernel brings no other", async () => {
    const { files } = await bundle(`export { crc32 } from "./index.js";`);
    expect(files).toContain("src/kernel/wasm/crc32.ts");
    expect(files.filter((name) => name.includes("noble") || name.includes("md5") || name.includes("aes"))).toEqual([]);
  });

  test("one kernel brings no other if the package was flattened into one file", async () => {
    const flat = await bundle(`export * from "./index.js";`, "esm");
    const one = await bundle(`export { crc32 } from "flat";`, "esm", flat.code);
    expect(one.code.includes(CRC32_WASM)).toBe(true);
    expect(one.code.includes(MD5_ROWS_WASM)).toBe(false);
    // Of 100 KB there remain the module, errors, checks of bytes of any realm and the choice of engines.
    expect(one.code.length).toBeLessThan(20_000);
  });
});
