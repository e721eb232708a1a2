/** The subject of a measurement: package, build, commit and machine. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);

/**
 * @typedef {object} Subject
 * @property {string} version of the package
 * @property {string | undefined} commit with `+` if files differ from it; undefined outside a git clone
 * @property {"dist" | "source"} build origin of the measured modules
 * @property {string} node version of Node.js
 * @property {string} cpu
 */

/** @returns {Subject} */
export function subject() {
  return {
    version: JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")).version,
    commit: commit(),
    build: import.meta.resolve("specwire/codec").startsWith(new URL("dist/", ROOT).href) ? "dist" : "source",
    node: process.version,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
  };
}

function commit() {
  try {
    // A run writes its tables to documents, which are not measured.
    const isChanged = git("status", "--porcelain", "--untracked-files=no", "--", ":!*.md") !== "";
    return git("rev-parse", "--short", "HEAD") + (isChanged ? "+" : "");
  } catch {
    // An unpacked archive, or no git.
    return undefined;
  }
}

function git(...args) {
  const options = { cwd: fileURLToPath(ROOT), encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  return execFileSync("git", args, options).trim();
}
