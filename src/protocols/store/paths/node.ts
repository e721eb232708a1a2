/** Files of this machine: read as sources, and written whole or not at all. */
import { constants } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { openRegular } from "../../../storage/index.js";
import { named } from "../../../storage/named-errors.js";
import { syncFolder } from "../../../storage/sync-folder.js";
import type { ByteStream, FileSource } from "../source.js";

/**
 * Writes a file: beside its place, synced, then renamed, so that a file that is there is replaced by a whole one or not
 * at all. @throws WireError `storage`, and what the bytes end with
 */
export async function writeWhole(path: string, bytes: ByteStream, mode: number): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  await named(path, async () => {
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
    let writing: Promise<void> = Promise.resolve();
    try {
      for await (const part of bytes) {
        await writing;
        // While the next part is made.
        writing = writeAll(file, part);
        writing.catch(() => {});
      }
      await writing;
      await file.sync();
    } catch (error) {
      await writing.catch(() => {});
      await file.close();
      await rm(temporary, { force: true });
      throw error;
    }
    await file.close();
    await rename(temporary, path);
    await syncFolder(dirname(path));
  });
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
}

/** A regular file as a source, to be closed by the caller. @throws WireError `storage` */
export async function openSource(path: string): Promise<{ readonly file: FileHandle; readonly source: FileSource }> {
  return named(path, async () => {
    // A missing file is opened again for the error of the system.
    const file = (await openRegular(path)) ?? (await open(path));
    const { size } = await file.stat();
    const read = async (into: Uint8Array, at: number): Promise<number> =>
      named(path, async () => (await file.read(into, 0, into.length, at)).bytesRead);
    return { file, source: { sizeBytes: size, read } };
  });
}
