/** Syncs the entries of a folder. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";

/** Makes the entries of a folder survive a loss of power. Windows cannot sync folders. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
