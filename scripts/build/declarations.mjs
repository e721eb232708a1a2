/** Declarations of a build: those that users reach through a subpath stay, the others go. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Removes each .d.ts of `folder`, with its map, that no subpath reaches. `targets` are the `exports` of package.json. */
export function pruneDeclarations(folder, targets) {
  const reached = new Set();
  const visit = (file) => {
    if (reached.has(file) || !existsSync(file)) return;
    reached.add(file);
    for (const [, path] of readFileSync(file, "utf8").matchAll(/\b(?:from|import|import\()\s*"(\.[^"]+)\.js"/g)) {
      visit(normalize(join(dirname(file), `${path}.d.ts`)));
    }
  };
  for (const target of targets) {
    const types = target.types ?? target.replace(/\.js$/, ".d.ts");
    visit(normalize(types.replace("./dist/", `${folder}/`)));
  }
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (/\.d\.ts(\.map)?$/.test(file) && !reached.has(file.replace(/\.map$/, ""))) rmSync(file);
  }
}
