/** Copying the files of a store to another, with the records that they have. */
import { toHex } from "../../bytes/index.js";
import { isWireError, type WireError } from "../../errors.js";
import { isOfBackEnd } from "./back-ends.js";
import type { CatalogueEntry } from "./catalogue.js";
import { chunkLocation, intentPath } from "./layout.js";
import { CHUNKS_AT_ONCE } from "./put.js";
import { readChunk, recordOf } from "./read.js";
import { kindOf, type FileRecord } from "./record.js";
import { isWhole, writeIntent, writeRecord } from "./records.js";
import { reconcile } from "./recovery.js";
import { checkSignal, eachOf, type OperationOptions, type StoreState } from "./state.js";

/** What a copy of all files did. */
export interface CopiedFiles {
  /** Files that were copied. */
  readonly copied: number;
  /** Files that were there, whole. */
  readonly present: number;
  /** Files that are not there, each with the reason: a damaged chunk, a record that the target cannot hold. */
  readonly failed: readonly FailedCopy[];
}

/** A file that was not copied. */
export interface FailedCopy {
  /** SHA-256 of the file, 32 bytes. */
  readonly fileHash: Uint8Array;
  readonly fileName: string;
  readonly error: WireError;
}

/**
 * Copies all files, expired ones too, in the order of their hashes. What is there is passed over, so that a copy which
 * was cut off goes on with the file it was cut off in.
 * @throws WireError `cancelled`, and those of a back end that is out of reach
 */
export async function copyFiles(from: StoreState, to: StoreState, options: OperationOptions): Promise<CopiedFiles> {
  const files = from.catalogue.files;
  const totalBytes = files.reduce((sum, { metadata }) => sum + Number(metadata.totalSize), 0);
  let [copied, present, doneBytes] = [0, 0, 0];
  const failed: FailedCopy[] = [];
  for (const entry of files) {
    checkSignal(options.signal);
    const { fileHash, fileName, totalSize } = entry.metadata;
    const onChunk = (bytes: number): void => {
      options.onProgress?.({ operation: "copy", doneBytes: doneBytes + bytes, totalBytes });
    };
    try {
      if (await copyFile(from, to, entry, { ...options, onChunk })) copied++;
      else present++;
    } catch (error) {
      if (!isWireError(error) || isOfBackEnd(error)) throw error;
      failed.push({ fileHash, fileName, error });
      to.log("copy", `not copied: ${error.message}`, { fileHash: toHex(fileHash), warn: true });
    }
    doneBytes += Number(totalSize);
    onChunk(0);
  }
  return { copied, present, failed };
}

interface CopyOptions extends OperationOptions {
  /** Is told how many bytes of the file are there. */
  readonly onChunk: (bytes: number) => void;
}

/** @returns whether the file was copied; it may have been there */
function copyFile(from: StoreState, to: StoreState, entry: CatalogueEntry, options: CopyOptions): Promise<boolean> {
  const { keys, metadata } = entry;
  const hash = toHex(metadata.fileHash);
  return to.fileLock.run(hash, async () => {
    await reconcile(to, hash);
    const known = to.catalogue.get(hash);
    if (known !== undefined && (await isWhole(to, known))) return false;
    const { references, ...rest } = await recordOf(from, metadata);
    const moved = references.map((one) => ({ ...one, location: chunkLocation(to.options.folder, one.key) }));
    const record = { ...rest, references: moved };
    const release = to.claim(keys);
    try {
      await writeIntent(to, metadata, kindOf(metadata), keys);
      await copyChunks(from, to, record, options);
      await to.chunks.sync();
      checkSignal(options.signal);
      await writeRecord(to, record);
      to.catalogue.add(record);
    } catch (error) {
      release();
      // What is there so far belongs to nothing; where it cannot be removed now, the next start does it.
      to.uncertain.add(hash);
      await reconcile(to, hash).catch(() => {});
      throw error;
    }
    release();
    await to.metadata.delete(intentPath(metadata.fileHash, kindOf(metadata)));
    to.log("copy", `copied ${JSON.stringify(metadata.fileName)}`, { fileHash: hash });
    return true;
  });
}

/** Each chunk is checked before it is written; one that files share is not written again. */
async function copyChunks(
  from: StoreState,
  to: StoreState,
  { references, metadata }: FileRecord,
  { signal, onChunk }: CopyOptions,
): Promise<void> {
  const isShared = kindOf(metadata) === "content";
  let doneBytes = 0;
  await eachOf(references, CHUNKS_AT_ONCE, async (reference) => {
    checkSignal(signal);
    const key = toHex(reference.key);
    if (!isShared || !(await to.hasChunk(key))) {
      const bytes = await readChunk(from, reference);
      await to.chunkLock.run(key, () => to.chunks.put(key, bytes));
    }
    doneBytes += reference.chunkSize;
    onChunk(doneBytes);
  });
}
