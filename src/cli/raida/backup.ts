/** The command `raida backup`, which copies the coins of a server. */
import type { Command } from "commander";
import { isWireError } from "../../errors.js";
import { backupPageFiles } from "../../storage/index.js";
import { COIN_PAGE_FILES } from "../../protocols/raida/node.js";

const EXIT_DONE = 0;
/** No backup was made: a folder or the disk is unusable. */
const EXIT_UNUSABLE = 2;

export function addBackup(raida: Command): void {
  raida
    .command("backup")
    .description("copy the coins of a server, which may be running")
    .argument("<data>", "its folder: data in the configuration")
    .argument("<to>", "the folder of the copy; must not exist yet")
    .action(async (data: string, to: string) => {
      process.exitCode = await backup(data, to);
    });
}

async function backup(folder: string, to: string): Promise<number> {
  try {
    await backupPageFiles({ folder, to, layout: COIN_PAGE_FILES });
    console.log(`copied ${folder} to ${to}`);
    return EXIT_DONE;
  } catch (error) {
    if (!isWireError(error)) throw error;
    console.error(`specwire: ${error.message}`);
    return EXIT_UNUSABLE;
  }
}
