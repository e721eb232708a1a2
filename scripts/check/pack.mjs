import { spawnSync } from "node:child_process";
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

/** Runs a program to its end and returns what it printed; what a failing one printed is the message. */
export function run(program, args, cwd) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed\n${stdout}${stderr}`);
  return stdout;
}
