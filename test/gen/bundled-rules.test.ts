/** What a bundle brings of the rules of a format: those of what it does, and no others. */
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { compileSpec, emitTypeScript } from "../../src/gen/index.js";

const SPEC = `
meta: {id: a, endian: be}
seq:
- {id: magic, contents: [7]}
- {id: level, type: u1, valid: {max: 9}}
- {id: total, type: u8}
`;

/** The rules in a bundle of some functions of the codec, as `code path expected`. */
async function rulesOf(names: string): Promise<string[]> {
  const [compiled] = compileSpec("a.ksy", () => SPEC);
  const code = emitTypeScript(compiled!.module, { runtime: "runtime", moduleFile: (id) => `./${id}.js`, source: SPEC });
  const { outputFiles } = await build({
    stdin: { contents: `export { ${names} } from "codec";`, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: "esm",
    external: ["runtime"],
    plugins: [
      {
        name: "emitted",
        setup(builder) {
          builder.onResolve({ filter: /^codec$/ }, ({ path }) => ({ path, namespace: "emitted" }));
          builder.onLoad({ filter: /^/, namespace: "emitted" }, () => ({ contents: code, loader: "ts" }));
        },
      },
    ],
  });
  const rows = outputFiles[0]!.text.matchAll(/\["([a-z-]+)", "(\w*)", \d+, "([^"]*)"\]/g);
  return Array.from(rows, ([, rule, path, expected]) => `${rule} ${path} ${expected}`);
}

describe("a bundle of a codec", () => {
  it("has the rules of what reads where it reads", async () => {
    expect(await rulesOf("tryDecodeA")).toEqual([
      "short  10 bytes",
      "constant magic 07",
      "range level 0 to 9",
      "unsafe-integer total at most 2^53-1",
    ]);
  });

  it("has the rules of what writes where it writes", async () => {
    expect(await rulesOf("encodeA")).toEqual(["argument  an object", "range level 0 to 9", "range total 0 to 2^53-1"]);
  });

  it("has the bounds of bigints where it writes them", async () => {
    expect(await rulesOf("encodeABig")).toEqual([
      "argument  an object",
      "range level 0 to 9",
      "range total 0 to 2^53-1",
      "range total 0 to 18446744073709551615",
    ]);
  });
});
