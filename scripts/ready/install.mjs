/** Compares node_modules with package-lock.json. */
import { readText } from "./inputs.mjs";

/**
 * Why node_modules differs from package-lock.json; undefined if it does not. It reads the list that npm writes of its
 * packages instead of comparing times, so that an install by hand counts too.
 */
export function installGap() {
  const installed = readText("node_modules/.package-lock.json");
  if (installed === undefined) return "for the first time";
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readText("package-lock.json")).packages;
  const differs = ([path, wanted]) => {
    const found = have[path];
    // npm leaves out the optional packages of other platforms, which the lockfile names.
    if (found === undefined) return path !== "" && !wanted.optional;
    return found.version !== wanted.version || found.integrity !== wanted.integrity;
  };
  return Object.entries(want).some(differs) ? "package-lock.json has changed" : undefined;
}
