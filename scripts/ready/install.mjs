import { readText } from "./inputs.mjs";

/**
 * Why node_modules is not what package-lock.json names, or undefined when it is. npm writes down what it installed,
 * so that nothing has to be guessed from times, and an install made by hand counts as one made here.
 */
export function installGap() {
  const installed = readText("node_modules/.package-lock.json");
  if (installed === undefined) return "for the first time";
  const have = JSON.parse(installed).packages;
  const want = JSON.parse(readText("package-lock.json")).packages;
  const differs = ([path, wanted]) => {
    const found = have[path];
    // Packages for other platforms are named by the lockfile and left out by npm.
    if (found === undefined) return path !== "" && !wanted.optional;
    return found.version !== wanted.version || found.integrity !== wanted.integrity;
  };
  return Object.entries(want).some(differs) ? "package-lock.json has changed" : undefined;
}
