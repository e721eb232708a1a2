/** What a crash or a refusal left: read when a store is opened, and before the next change of a file. */
import { fromHex, toHex } from "../../bytes/index.js";
import { isWireError } from "../../errors.js";
import { isOfBackEnd } from "./back-ends.js";
import { chunkKey } from "./chunk-key.js";
import { parseIntent, type IntentTarget } from "./intent.js";
import {
  CACHE_FOLDER,
  cachePath,
  CHUNKING_KINDS,
  hashOfPath,
  INTENT_FOLDER,
  intentPath,
  kindOfPath,
  RECORD_FOLDER,
  recordPath,
  type ChunkingKind,
} from "./layout.js";
import { kindOf, type FileRecord } from "./record.js";
import { isWhole, readRecord, writeRecord } from "./records.js";
import type { StoreState } from "./state.js";

/** Chunks of an intent that are looked for: 16 TiB in the longest blocks. */
const INTENT_BLOCKS_MAX = 1 << 22;

/** Fills the catalogue, then cleans up after a crash. A record that cannot be used is reported, and stays. */
export async function load(state: StoreState): Promise<void> {
  state.catalogue.clear();
  state.unusable = [];
  for (const kind of CHUNKING_KINDS) {
    for await (const path of state.allMetadata(`${RECORD_FOLDER[kind]}/`)) await loadRecord(state, path);
  }
  await spareSharedChunks(state);
  await recover(state);
}

async function loadRecord(state: StoreState, path: string): Promise<void> {
  const fileHash = hashOfPath(path);
  if (fileHash === undefined) return;
  try {
    const record = await readRecord(state, path, fileHash);
    if (record !== undefined) state.catalogue.add(record);
  } catch (error) {
    // A file that the disk refuses is one of many; out of reach are all.
    if (!isWireError(error) || (isOfBackEnd(error) && error.code !== "storage")) throw error;
    state.unusable.push({ path, error });
    state.log("open", `a record cannot be used: ${error.message}`, { fileHash: toHex(fileHash), warn: true });
  }
}

/** Spares the chunks of copies whose record is lost: nothing else knows any more that files share them. */
async function spareSharedChunks(state: StoreState): Promise<void> {
  const spared = new Set<string>();
  for await (const path of state.allMetadata(`${CACHE_FOLDER.content}/`)) {
    const fileHash = hashOfPath(path);
    if (fileHash === undefined || state.catalogue.get(toHex(fileHash)) !== undefined) continue;
    const record = await recoverable(state, path, fileHash);
    for (const { key } of record?.references ?? []) spared.add(toHex(key));
  }
  state.spared = spared;
}

/** Carries out the intents of a process that crashed: chunks without a record go. */
async function recover(state: StoreState): Promise<void> {
  for (const kind of CHUNKING_KINDS) {
    for await (const path of state.allMetadata(`${INTENT_FOLDER[kind]}/`)) {
      if (path.endsWith(".json")) await carryOut(state, path);
    }
  }
}

/** Removes the chunks that an intent names, if they belong to nothing; then the intent. */
async function carryOut(state: StoreState, path: string): Promise<void> {
  const entry = await state.metadata.get(path);
  const kind = kindOfPath(path);
  const intent = entry && parseIntent(new TextDecoder().decode(entry.bytes));
  if (intent !== undefined && (await isOrphaned(state, intent.fileHash, kind))) {
    await dropChunks(state, intent, kind);
    await state.chunks.sync();
    await state.metadata.delete(cachePath(intent.fileHash, kind));
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
  const records: FileRecord[] = [];
  for (const kind of CHUNKING_KINDS) {
    const record = await readRecord(state, recordPath(fileHash, kind), fileHash);
    if (record !== undefined) records.push(record);
  }
  state.catalogue.remove(hash);
  for (const record of records) {
    // Its name may not be synced yet.
    await writeRecord(state, record);
    state.catalogue.add(record);
  }
  for (const kind of CHUNKING_KINDS) await carryOut(state, intentPath(fileHash, kind));
  state.uncertain.delete(hash);
}

/**
 * Removes the older of two records of a file, with its copy and its chunks, where all chunks of the newer are there.
 * Call it with the lock of the file.
 */
export async function dropTwin(state: StoreState, hash: string): Promise<void> {
  const twin = state.catalogue.twinOf(hash);
  const entry = state.catalogue.get(hash);
  if (twin === undefined || entry === undefined || !(await isWhole(state, entry))) return;
  const { fileHash } = twin.metadata;
  const kind = kindOf(twin.metadata);
  await state.metadata.delete(cachePath(fileHash, kind));
  await state.metadata.delete(recordPath(fileHash, kind));
  state.catalogue.removeTwin(hash);
  for (const key of twin.keys) await state.deleteUnheld(key, kind);
  await state.chunks.sync();
}

/**
 * Whether the chunks of a file belong to nothing. A record that cannot be read counts as one: its chunks may be all
 * that is left. So does a copy whose chunks are all there: deleting a file begins with its copy, and storing it ends
 * with it.
 */
async function isOrphaned(state: StoreState, fileHash: Uint8Array, kind: ChunkingKind): Promise<boolean> {
  if ((await state.metadata.get(recordPath(fileHash, kind))) !== undefined) return false;
  return (await recoverable(state, cachePath(fileHash, kind), fileHash)) === undefined;
}

/** Removes those of the chunks of an intent that are there. */
async function dropChunks(state: StoreState, intent: IntentTarget, kind: ChunkingKind): Promise<void> {
  if (kind === "content") {
    for (const key of intent.chunkKeys ?? []) await state.deleteUnheld(key, kind);
    return;
  }
  const { fileHash } = intent;
  const count = Math.min(intent.totalBlocks, INTENT_BLOCKS_MAX);
  const present = new Set<string>();
  // Those that a file holds are not asked about: an intent that claims billions of chunks ends with the last orphan.
  for await (const key of state.allChunks()) if (!state.catalogue.holds(key)) present.add(key);
  for (let i = 0; i < count && present.size > 0; i++) {
    const key = toHex(chunkKey(fileHash, i));
    if (present.delete(key)) await state.deleteUnheld(key, kind);
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
    // Of one that is out of reach nothing is known: whoever takes it for lost deletes what may be all that is left.
    if (!isWireError(error) || isOfBackEnd(error)) throw error;
    return undefined;
  }
}
