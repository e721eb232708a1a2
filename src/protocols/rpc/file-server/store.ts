/** Where a file server keeps its files. */
import type { ServedFileId } from "./rules.js";

/** A store of files; the key store of this package is one. */
export interface ServedStore {
  /**
   * Stores the bytes of a stream, which fails if they do not all come: then nothing may change. Bytes that are known
   * get the new name.
   */
  put(
    bytes: AsyncIterable<Uint8Array>,
    options: { readonly name: string; readonly renames: true },
  ): Promise<{ readonly metadata: { readonly fileHash: Uint8Array } }>;
  /** Finds a file; the parts of its bytes belong to the caller. @throws WireError `missing`, `expired` */
  get(file: ServedFileId): Promise<{ readonly lengthBytes: number; readonly bytes: AsyncIterable<Uint8Array> }>;
  /** All files, by ascending hash. */
  list(): Iterable<{ readonly fileName: string; readonly fileHash: Uint8Array; readonly totalSize: bigint }>;
  /** Deletes a file. @returns whether it was there */
  delete(hash: Uint8Array): Promise<boolean>;
}
