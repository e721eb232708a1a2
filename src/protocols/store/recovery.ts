/** What a crash or a refusal left: read when a store is opened, and before the next change of a file. */
import { fromHex, toHex } from "../../bytes/index.js";
import { isWireError } from "../../errors.js";
import { chunkKey } from "./chunk-key.js";
import { parseIntent } from "./intent.js";
import { cachePath, FOLDERS, hashOfRecordPath, intentPath, recordPath } from "./layout.js";
import type { FileRecord } from "./record.js";
import { readRecord, writeRecord } from "./records.js";
import type { StoreState } from "./state.js";

/** Chunks of an intent that are looked for: 16 TiB in the longest blocks. */
const INTENT_BLOCKS_MAX = 1 << 22;

/** Fills the catalogue, then cleans up after a crash. A record that cannot be used is reported, and stays. */
export async function load(state: StoreState): Promise<void> {
  state.catalogue.clear();
  state.unusable = [];
  for await (const path of state.allMetadata(`${FOLDERS.records}/`)) {
    const fileHash = hashOfRecordPath(path);
    if (fileHash === undefined) continue;
    try {
      const record = await readRecord(state, path, fileHash);
      if (record !== undefined) state.catalogue.add(record);
    } catch (error) {
      if (!isWireError(error)) throw error;
      state.unusable.push({ path, error });
      state.log("open", `a record cannot be used: ${error.message}`, { fileHash: toHex(fileHash), warn: true });
    }
  }
  await recover(state);
}

/** Carries out the intents of a process that crashed: chunks without a record go. */
async function recover(state: StoreState): Promise<void> {
  for await (const path of state.allMetadata(`${FOLDERS.intents}/`)) await carryOut(state, path);
}

/** Removes the chunks that an intent names, if they belong to nothing; then the intent. */
async function carryOut(state: StoreState, path: string): Promise<void> {
  const entry = await state.metadata.get(path);
  const intent = entry && parseIntent(new TextDecoder().decode(entry.bytes));
  if (intent !== undefined && (await isOrphaned(state, intent.fileHash))) {
    const count = Math.min(intent.totalBlocks, INTENT_BLOCKS_MAX);
    await dropChunks(state, intent.fileHash, count);
    await state.chunks.sync();
    await state.metadata.delete(cachePath(intent.fileHash));
    state.log("open", "cleaned up after a crash", { fileHash: toHex(intent.fileHash) });
  }
  await state.metadata.delete(path);
}

/**
 * Makes catalogue and disk agree on a file, if a change of it failed and could not be undone. Call it with the lock of
 * the file. @throws WireError `storage`; then they still may not agree
 */
export async function reconcile(state: StoreState, hash: string): Promise<void> {
  if (!state.uncertain.has(hash)) return;
  const fileHash = fromHex(hash);
  const record = await readRecord(state, recordPath(fileHash), fileHash);
  state.catalogue.remove(hash);
  if (record !== undefined) {
    // Its name may not be synced yet.
    await writeRecord(state, record);
    state.catalogue.add(record);
  }
  await carryOut(state, intentPath(fileHash));
  state.uncertain.delete(hash);
}

/**
 * Whether the chunks of a file belong to nothing. A record that cannot be read counts as one: its chunks may be all
 * that is left. So does a copy whose chunks are all there: deleting a file begins with its copy, and storing it ends
 * with it.
 */
async function isOrphaned(state: StoreState, fileHash: Uint8Array): Promise<boolean> {
  if ((await state.metadata.get(recordPath(fileHash))) !== undefined) return false;
  return (await recoverable(state, cachePath(fileHash), fileHash)) === undefined;
}

/** Removes those of the first chunks of a file that are there. */
async function dropChunks(state: StoreState, fileHash: Uint8Array, count: number): Promise<void> {
  const present = new Set<string>();
  for await (const key of state.allChunks()) present.add(key);
  for (let i = 0; i < count && present.size > 0; i++) {
    const key = toHex(chunkKey(fileHash, i));
    if (present.delete(key)) await state.deleteUnheld(key);
  }
}

/** The record in the cache, if it can be used and all its chunks are there. */
export async function recoverable(
  state: StoreState,
  path: string,
  fileHash: Uint8Array,
): Promise<FileRecord | undefined> {
  try {
    const record = await readRecord(state, path, fileHash);
    for (const { key } of record?.references ?? []) if (!(await state.hasChunk(toHex(key)))) return undefined;
    return record;
  } catch (error) {
    if (!isWireError(error) || error.code === "storage") throw error;
    return undefined;
  }
}

/** The hash in the name of a copy; undefined for any other name. */
export function hashOfCachePath(path: string): Uint8Array | undefined {
  return hashOfRecordPath(path.replace(`${FOLDERS.cache}/`, `${FOLDERS.records}/`));
}
