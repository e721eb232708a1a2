/** Files of this machine, put and written by the operations of a server or client. */
import { basename } from "node:path";
import { openSource, writeWhole } from "../../../store/paths/node.js";
import type { DpsFiles } from "../operations.js";
import type { PutFileOptions, PutFileResult } from "../put.js";
import type { FileReading, GetFileOptions } from "../read.js";

/** Options of a put of a file of this machine, which gives its name and its permissions unless they say them. */
export type PutPathOptions = Omit<PutFileOptions, "name"> & { readonly name?: string };

/** Operations on files, of this machine too. */
export interface DpsPathFiles extends DpsFiles {
  /** Stores a file of this machine, which may not change meanwhile. @throws WireError `storage` if it cannot be read */
  putPath(path: string, options?: PutPathOptions): Promise<PutFileResult>;
  /**
   * Writes a file, or a range of it, to a file of this machine: beside its place, synced, then renamed, so that a file
   * that is there is replaced by a whole one or not at all. @throws WireError `storage` if it cannot be written
   */
  getToPath(hash: Uint8Array, path: string, options?: GetFileOptions): Promise<FileReading>;
}

/** What reads and writes files of this machine, over operations. */
export function pathOperations({
  put,
  get,
}: Pick<DpsFiles, "put" | "get">): Pick<DpsPathFiles, "putPath" | "getToPath"> {
  return {
    async putPath(path, options = {}) {
      const { file, source } = await openSource(path);
      try {
        const { mode } = await file.stat();
        return await put(source, { name: basename(path), permissions: mode & 0o777, ...options });
      } finally {
        await file.close();
      }
    },
    async getToPath(hash, path, options = {}) {
      const reading = await get(hash, { ...options, isShared: true });
      await writeWhole(path, reading.bytes, reading.file.permissions & 0o777);
      return reading;
    },
  };
}
