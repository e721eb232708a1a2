import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Packs what would be published; calls `use(tarball, folder)` with a temporary folder that is removed afterwards. */
export async function withTarball(use) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "specwire-"));
  try {
    run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], root);
    const { name, version } = JSON.parse(run("npm", ["pkg", "get", "name", "version"], root));
    await use(join(folder, `${name}-${version}.tgz`), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end and returns what it printed; when it fails, that is shown. */
export function run(program, args, cwd) {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}\n${error.stdout ?? ""}${error.stderr ?? ""}`, { cause: error });
  }
}
