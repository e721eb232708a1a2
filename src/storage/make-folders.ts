/** Makes a folder and the missing ones above it, level by level. */
import { mkdirSync, statSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

// `recursive` of node:fs is not used: below a mount that answers ENOENT to every new name, like /proc, it tries for ever
// and blocks the process. Here each level is tried at most twice.

/**
 * Makes a folder and its parents; does nothing if it exists.
 * @returns the topmost folder that was made; undefined if none was
 * @throws the error of the system
 */
export async function makeFolders(path: string, mode?: number): Promise<string | undefined> {
  try {
    return await makeOne(path, mode);
  } catch (error) {
    if (!canBeAbove(path, error)) throw error;
  }
  const first = await makeFolders(dirname(path), mode);
  const made = await makeOne(path, mode);
  return first ?? made;
}

/** {@link makeFolders}, and waits. */
export function makeFoldersSync(path: string, mode?: number): string | undefined {
  try {
    return makeOneSync(path, mode);
  } catch (error) {
    if (!canBeAbove(path, error)) throw error;
  }
  const first = makeFoldersSync(dirname(path), mode);
  const made = makeOneSync(path, mode);
  return first ?? made;
}

/** Whether making the folder above may help. The folder above a root is the root itself. */
function canBeAbove(path: string, error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT" && dirname(path) !== path;
}

/** Makes one folder. @returns its path; undefined if it exists, whatever the system says of that */
async function makeOne(path: string, mode?: number): Promise<string | undefined> {
  try {
    await mkdir(path, { mode });
    return path;
  } catch (error) {
    if (
      await stat(path).then(
        (about) => about.isDirectory(),
        () => false,
      )
    )
      return undefined;
    throw error;
  }
}

function makeOneSync(path: string, mode?: number): string | undefined {
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (error) {
    let isFolder = false;
    try {
      isFolder = statSync(path).isDirectory();
    } catch {
      // The first error says more.
    }
    if (isFolder) return undefined;
    throw error;
  }
}
