/** Looking after a store: damage and its repair, deletion, expiry and orphans. */
import { equalBytes, toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { sha256 } from "../../kernel/index.js";
import type { CatalogueEntry } from "./catalogue.js";
import {
  CACHE_FOLDER,
  cachePath,
  CHUNKING_KINDS,
  hashOfPath,
  intentPath,
  kindOfPath,
  RECORD_FOLDER,
  recordPath,
} from "./layout.js";
import { CHUNKS_AT_ONCE } from "./put.js";
import { damageOf, recordOf, type ChunkDamage } from "./read.js";
import { kindOf } from "./record.js";
import { writeIntent, writeRecord } from "./records.js";
import { dropTwin, reconcile, recoverable } from "./recovery.js";
import { readFully, type FileSource } from "./source.js";
import { checkSignal, eachOf, STORE, type OperationOptions, type StoreState } from "./state.js";

/** A chunk that is not as it was stored. */
export interface DamagedChunk extends ChunkDamage {
  readonly fileHash: Uint8Array;
  readonly fileName: string;
  readonly chunkIndex: number;
}

/** The damaged chunks of files; reads all of them and changes nothing. */
export async function verifyFiles(
  state: StoreState,
  files: readonly CatalogueEntry[],
  { signal, onProgress }: OperationOptions,
): Promise<readonly DamagedChunk[]> {
  const totalBytes = files.reduce((sum, { metadata }) => sum + Number(metadata.totalSize), 0);
  let doneBytes = 0;
  const damaged: DamagedChunk[] = [];
  for (const { metadata } of files) {
    const { fileHash, fileName } = metadata;
    const { references } = await recordOf(state, metadata);
    await eachOf(references, CHUNKS_AT_ONCE, async (reference) => {
      checkSignal(signal);
      const found = await damageOf(state, reference);
      doneBytes += reference.chunkSize;
      onProgress?.({ operation: "verify", doneBytes, totalBytes });
      if (found instanceof Uint8Array) return;
      damaged.push({ ...found, fileHash, fileName, chunkIndex: reference.chunkIndex });
      state.log("verify", `damaged: ${found.code}`, {
        fileHash: toHex(fileHash),
        chunkIndex: reference.chunkIndex,
        warn: true,
      });
    });
  }
  const order = new Map(files.map(({ metadata }, i) => [toHex(metadata.fileHash), i]));
  const rank = (chunk: DamagedChunk): number => order.get(toHex(chunk.fileHash))!;
  return damaged.sort((a, b) => rank(a) - rank(b) || a.chunkIndex - b.chunkIndex);
}

/**
 * Writes the damaged chunks of a file again, from a source with the same bytes; others stay as they are.
 * @returns how many were written
 * @throws WireError `argument` where the source differs in a damaged chunk, after which no wrong byte is stored
 */
export function repairFile(
  state: StoreState,
  { metadata, keys }: CatalogueEntry,
  source: FileSource,
  options: OperationOptions,
): Promise<number> {
  const { fileHash, totalSize } = metadata;
  return state.fileLock.run(toHex(fileHash), async () => {
    if (BigInt(source.sizeBytes) !== totalSize) {
      throw argumentError(STORE, "source", `${totalSize} bytes`, String(source.sizeBytes));
    }
    const release = state.claim(keys);
    try {
      const { references } = await recordOf(state, metadata);
      let written = 0;
      let at = 0;
      for (const reference of references) {
        checkSignal(options.signal);
        const { chunkSize, chunkIndex, dataHash } = reference;
        if (!((await damageOf(state, reference)) instanceof Uint8Array)) {
          const chunk = new Uint8Array(chunkSize);
          await readFully(source, chunk, at);
          if (!equalBytes(sha256(chunk), dataHash)) {
            throw argumentError(STORE, "source", `chunk ${chunkIndex} as it was stored`, "other bytes");
          }
          const key = keys[chunkIndex]!;
          await state.chunkLock.run(key, () => state.chunks.put(key, chunk));
          state.log("repair", "written again", { fileHash: toHex(fileHash), chunkIndex });
          written++;
        }
        at += chunkSize;
        options.onProgress?.({ operation: "repair", doneBytes: at, totalBytes: source.sizeBytes });
      }
      await state.chunks.sync();
      return written;
    } finally {
      release();
    }
  });
}

/** Visits the copies in the cache whose file has no record, each while nothing else changes that file. */
async function forEachUnrecordedCopy(
  state: StoreState,
  visit: (path: string, fileHash: Uint8Array) => Promise<void>,
): Promise<void> {
  for (const kind of CHUNKING_KINDS) {
    for await (const path of state.allMetadata(`${CACHE_FOLDER[kind]}/`)) {
      const fileHash = hashOfPath(path);
      if (fileHash === undefined) continue;
      await state.fileLock.run(toHex(fileHash), async () => {
        if (state.catalogue.get(toHex(fileHash)) === undefined) await visit(path, fileHash);
      });
    }
  }
}

/**
 * Writes records again that are missing or cannot be used, from their copies in the cache: those whose chunks are all
 * there. @returns the hashes of the files that are back
 */
export async function restoreRecords(state: StoreState): Promise<readonly Uint8Array[]> {
  const restored: Uint8Array[] = [];
  await forEachUnrecordedCopy(state, async (path, fileHash) => {
    const record = await recoverable(state, path, fileHash);
    if (record === undefined) return;
    await writeRecord(state, record);
    state.catalogue.add(record);
    const restoredPath = recordPath(fileHash, kindOfPath(path));
    state.unusable = state.unusable.filter((one) => one.path !== restoredPath);
    state.log("repair", "record restored from the cache", { fileHash: toHex(fileHash) });
    restored.push(fileHash);
  });
  return restored;
}

/**
 * Deletes a file: its record, the copy, and the chunks that no other file holds and no put has claimed.
 * @param isDue asked when nobody else changes the file any more
 * @returns whether it was there
 */
export function deleteFile(
  state: StoreState,
  fileHash: Uint8Array,
  isDue = (_entry: CatalogueEntry): boolean => true,
): Promise<boolean> {
  const hash = toHex(fileHash);
  return state.fileLock.run(hash, async () => {
    await reconcile(state, hash);
    const entry = state.catalogue.get(hash);
    if (entry === undefined || !isDue(entry)) return false;
    // Until it is done, nobody knows what is left: whoever comes next looks.
    state.uncertain.add(hash);
    // The older record first: a crash in between leaves the file under the newer.
    const twin = state.catalogue.twinOf(hash);
    if (twin !== undefined) await deleteRecord(state, twin);
    await deleteRecord(state, entry);
    state.catalogue.remove(hash);
    for (const { keys, metadata } of twin === undefined ? [entry] : [twin, entry]) {
      const kind = kindOf(metadata);
      await eachOf(keys, CHUNKS_AT_ONCE, async (key) => void (await state.deleteUnheld(key, kind)));
    }
    await state.chunks.sync();
    for (const kind of CHUNKING_KINDS) await state.metadata.delete(intentPath(fileHash, kind));
    state.uncertain.delete(hash);
    state.log("delete", `deleted ${JSON.stringify(entry.metadata.fileName)}`, { fileHash: hash });
    return true;
  });
}

/** Deletes a record and its copy; the intent that goes before them names the chunks. */
async function deleteRecord(state: StoreState, { metadata, keys }: CatalogueEntry): Promise<void> {
  const { fileHash } = metadata;
  const kind = kindOf(metadata);
  await writeIntent(state, metadata, kind, keys);
  await state.metadata.delete(cachePath(fileHash, kind));
  await state.metadata.delete(recordPath(fileHash, kind));
}

/** What a {@link collect} removed, and why it left orphans. */
export interface Collected {
  /** Expired files. */
  readonly files: number;
  /** Chunks that no file holds. */
  readonly chunks: number;
  /** Copies of records without their file. */
  readonly copies: number;
  /** Records that cannot be used: while there are any, no chunk is taken for an orphan. */
  readonly unusable: number;
  /** Files without a record whose copy and chunks are there: `restoreRecords` brings them back. */
  readonly recoverable: number;
}

/** Deletes expired files, and chunks and copies that belong to no file. Chunks that a put has claimed stay. */
export async function collect(state: StoreState, { signal }: OperationOptions): Promise<Collected> {
  let [files, chunks, copies, recoverableFiles] = [0, 0, 0, 0];
  for (const hash of state.uncertain) await state.fileLock.run(hash, () => reconcile(state, hash));
  for (const entry of state.catalogue.files) {
    checkSignal(signal);
    const isExpired = state.isExpired(entry);
    // A put may make it live again before its turn comes.
    if (isExpired && (await deleteFile(state, entry.metadata.fileHash, (now) => state.isExpired(now)))) files++;
  }
  for (const { metadata } of state.catalogue.twins) {
    const hash = toHex(metadata.fileHash);
    await state.fileLock.run(hash, () => dropTwin(state, hash));
  }
  const kept = new Set<string>();
  await forEachUnrecordedCopy(state, async (path, fileHash) => {
    const record = await recoverable(state, path, fileHash);
    if (record !== undefined && record.references.length > 0) {
      recoverableFiles++;
      for (const { key } of record.references) kept.add(toHex(key));
    } else if (!state.unusable.some((one) => one.path === recordPath(fileHash, kindOfPath(path)))) {
      await state.metadata.delete(path);
      copies++;
    }
  });
  state.spared = kept;
  const unusable = state.unusable.length;
  if (unusable === 0) {
    for await (const key of state.allChunks()) {
      checkSignal(signal);
      if (!kept.has(key) && !state.catalogue.holds(key) && (await state.deleteUnheld(key, "content"))) chunks++;
    }
    await state.chunks.sync();
  }
  state.log("gc", `removed ${files} expired files, ${chunks} chunks and ${copies} copies`);
  return { files, chunks, copies, unusable, recoverable: recoverableFiles };
}

/** What a {@link clean} takes: all chunks, or records and their copies as well. */
export type CleanDepth = "chunks" | "everything";

/** Empties a store. Files that are no part of it stay. @returns how many chunks and how many records went */
export async function clean(state: StoreState, depth: CleanDepth): Promise<{ chunks: number; records: number }> {
  let [chunks, records] = [0, 0];
  if (depth === "everything") {
    for (const folders of [RECORD_FOLDER, CACHE_FOLDER]) {
      for (const folder of CHUNKING_KINDS.map((kind) => folders[kind])) {
        for await (const path of state.allMetadata(`${folder}/`)) {
          const hash = path.slice(folder.length + 1, -".toml".length);
          await state.fileLock.run(hash, async () => {
            await state.metadata.delete(path);
            state.catalogue.remove(hash);
          });
          if (folders === RECORD_FOLDER) records++;
        }
      }
    }
    state.spared = new Set();
    state.unusable = [];
  }
  for await (const key of state.allChunks()) {
    if (await state.deleteUnclaimed(key)) chunks++;
  }
  chunks += await state.chunks.sweep(state.confirm);
  await state.chunks.sync();
  state.log("clean", `removed ${chunks} chunks and ${records} records`);
  return { chunks, records };
}
