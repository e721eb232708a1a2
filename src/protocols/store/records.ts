/** Records in the metadata store: written with their copy, read with all checks; and the intents before them. */
import { toHex } from "../../bytes/index.js";
import { WireError } from "../../errors.js";
import type { CatalogueEntry } from "./catalogue.js";
import { formatIntent } from "./intent.js";
import { cachePath, intentPath, kindOfPath, recordPath, type ChunkingKind } from "./layout.js";
import { checkRecord, kindOf, RECORD_FORMAT, type FileMetadata, type FileRecord } from "./record.js";
import { STORE, type StoreState } from "./state.js";
import { parseRecord, RECORD_BYTES_MAX } from "./toml/read.js";
import { formatRecord } from "./toml/write.js";

/** What an intent says of its file. */
type IntentFacts = Pick<FileMetadata, "fileHash" | "fileName" | "chunkSize" | "modifiedNs">;

/** Writes a record and its copy. @throws WireError `limit` for one that would not be read again */
export async function writeRecord(state: StoreState, record: FileRecord): Promise<void> {
  const bytes = recordBytes(record);
  const { fileHash } = record.metadata;
  const kind = kindOf(record.metadata);
  await state.metadata.put(recordPath(fileHash, kind), bytes);
  await state.metadata.put(cachePath(fileHash, kind), bytes);
}

/** Writes what names the chunks of a file before they are stored or deleted, so that a start can clean up. */
export async function writeIntent(
  state: StoreState,
  { fileHash, fileName, chunkSize, modifiedNs }: IntentFacts,
  kind: ChunkingKind,
  keys: readonly string[],
): Promise<void> {
  const intent = {
    fileHash,
    fileName,
    totalBlocks: keys.length,
    blockSize: chunkSize,
    startedAtNs: modifiedNs,
    ...(kind === "content" && { chunkKeys: keys }),
  };
  await state.metadata.put(intentPath(fileHash, kind), new TextEncoder().encode(formatIntent(intent)));
}

/** The bytes of a record. @throws WireError `limit` */
export function recordBytes(record: FileRecord): Uint8Array {
  const bytes = new TextEncoder().encode(formatRecord(record));
  if (bytes.length > RECORD_BYTES_MAX) throw recordTooLong(`${bytes.length} bytes`);
  return bytes;
}

/** The error for a record that is too long. */
export function recordTooLong(actual: string): WireError {
  const expected = `a record of at most ${RECORD_BYTES_MAX} bytes`;
  return new WireError({ code: "limit", format: STORE, path: "source", expected, actual });
}

/** Reads a record and checks it. Undefined if there is none. @throws WireError of a record that cannot be used */
export async function readRecord(
  state: StoreState,
  path: string,
  fileHash: Uint8Array,
): Promise<FileRecord | undefined> {
  const entry = await state.metadata.get(path);
  if (entry === undefined) return undefined;
  const record = parseRecord(entry.bytes, path);
  const demand = (field: string, expected: string, actual: string): void => {
    if (expected === actual) return;
    throw new WireError({ code: "constant", format: RECORD_FORMAT, path: field, expected, actual, spec: path });
  };
  demand("metadata.file_hash", toHex(fileHash), toHex(record.metadata.fileHash));
  // A record that lies in the folder of the other kind would be misread there.
  demand("metadata.chunk_max", kindOfPath(path), kindOf(record.metadata));
  checkRecord(record);
  return record;
}

/** Whether all chunks of a file are there; what is in them is for `verify` to say. */
export async function isWhole(state: StoreState, { keys }: CatalogueEntry): Promise<boolean> {
  for (const key of keys) if (!(await state.hasChunk(key))) return false;
  return true;
}
