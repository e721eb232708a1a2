/** The packed package, and programs that run on it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Packs the package as for publishing; calls `use(tarball, folder)` with a temporary folder, then removes it. */
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

/** Runs a program to its end and returns its output. @throws with the output if the program fails */
export function run(program, args, cwd) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed\n${stdout}${stderr}`);
  return stdout;
}
