/** The steps that make a clone ready, in order. `staleBecause` says why a step must run; undefined if it need not. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { pruneDeclarations } from "../build/declarations.mjs";
import { hashOf, readText } from "./inputs.mjs";
import { installGap } from "./install.mjs";
import { run } from "./run.mjs";

const BUILD_INPUTS = [
  "src",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "tsup.config.ts",
  "scripts/build",
];
/** The inputs together with the generated files, so that an edit of a generated file makes the step stale too. */
const KERNEL_FILES = ["assembly", "asconfig.json", "scripts/embed-wasm.mjs", "src/kernel/wasm"];
const CODEC_FILES = ["spec", "src/gen", "scripts/gen.mjs", "src/codec/gen"];

export const steps = [
  {
    name: "install",
    doing: "installing dependencies",
    staleBecause: installGap,
    run: () => run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"]),
  },
  writing("kernels", "compiling kernels", "scripts/embed-wasm.mjs", KERNEL_FILES, "build/kernels.made"),
  writing("codecs", "generating codecs", "scripts/gen.mjs", CODEC_FILES, "build/codecs.made"),
  {
    name: "build",
    doing: "building dist",
    staleBecause: () => staleBecause("dist/.inputs", BUILD_INPUTS),
    run: build,
  },
];

/** A step whose script writes into the source tree; `stamp` holds the hash of the files after its last run. */
function writing(name, doing, script, files, stamp) {
  return {
    name,
    doing,
    staleBecause: () => staleBecause(stamp, files),
    run: async () => {
      await run(process.execPath, [script]);
      mkdirSync("build", { recursive: true });
      writeFileSync(stamp, hashOf(files));
    },
  };
}

/**
 * Builds in another folder and then renames it to dist, so that a program never sees a partial dist. The folder lies
 * beside dist: source maps name sources by relative paths.
 */
async function build() {
  const inputs = hashOf(BUILD_INPUTS);
  rmSync("dist-next", { recursive: true, force: true });
  const built = await Promise.allSettled([
    run(process.execPath, ["node_modules/tsup/dist/cli-default.js", "--out-dir", "dist-next"]),
    run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--outDir", "dist-next"]),
  ]);
  for (const { reason } of built) if (reason !== undefined) throw reason;
  const { exports } = JSON.parse(readText("package.json"));
  pruneDeclarations("dist-next", Object.values(exports));
  writeFileSync("dist-next/.inputs", inputs);
  rmSync("build/dist-before", { recursive: true, force: true });
  mkdirSync("build", { recursive: true });
  mkdirSync("dist", { recursive: true });
  renameSync("dist", "build/dist-before");
  renameSync("dist-next", "dist");
  rmSync("build/dist-before", { recursive: true, force: true });
}

function staleBecause(stamp, inputs) {
  const made = readText(stamp);
  if (made === undefined) return "for the first time";
  return made === hashOf(inputs) ? undefined : "inputs have changed";
}
