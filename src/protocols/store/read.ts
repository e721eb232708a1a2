/** Reading a file: its chunks in order, each checked before a byte of it is given away. */
import { equalBytes, toHex } from "../../bytes/index.js";
import { argumentError, isWireError, WireError } from "../../errors.js";
import { sha256Stream } from "../../kernel/index.js";
import { recordPath } from "./layout.js";
import { kindOf, type ChunkReference, type FileMetadata, type FileRecord } from "./record.js";
import { readRecord } from "./records.js";
import { checkSignal, STORE, storeError, type OperationOptions, type StoreState } from "./state.js";

/** Options of a get. */
export interface GetOptions extends OperationOptions {
  /** The first byte; default 0. */
  readonly start?: number;
  /** The byte behind the last; default, and where it lies beyond, the end of the file. */
  readonly end?: number;
}

/** A file that is being read. */
export interface FileRead {
  readonly metadata: FileMetadata;
  /** How many bytes come. */
  readonly lengthBytes: number;
  /** The bytes in order, in parts of a chunk. Reads the next chunk while one is used. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Finds a file and its record; its bytes are read as they are asked for.
 * @throws WireError `missing`, `expired`, `argument` for a range outside the file
 */
export async function getFile(state: StoreState, file: Uint8Array | string, options: GetOptions): Promise<FileRead> {
  const { metadata } = state.findLive(file);
  const size = Number(metadata.totalSize);
  const { start = 0, end = size } = options;
  const last = Math.min(end, size);
  const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= last;
  if (!isRange) throw argumentError(STORE, "range", `bytes from 0 to ${size}`, `${start} to ${end}`);
  const record = await recordOf(state, metadata);
  return {
    metadata,
    lengthBytes: last - start,
    bytes: bytesOf(state, record, start, last, options),
  };
}

/** The record of a file of the catalogue. @throws WireError `missing`, and those of a record that cannot be used */
export async function recordOf(state: StoreState, metadata: FileMetadata): Promise<FileRecord> {
  const path = recordPath(metadata.fileHash, kindOf(metadata));
  const record = await readRecord(state, path, metadata.fileHash);
  if (record === undefined) throw storeError("missing", "file", path);
  return record;
}

async function* bytesOf(
  state: StoreState,
  record: FileRecord,
  start: number,
  end: number,
  { signal, onProgress }: GetOptions,
): AsyncGenerator<Uint8Array> {
  const { fileHash, totalSize } = record.metadata;
  const parts = partsOf(record, start, end);
  // A range has no hash of its own.
  const whole = start === 0 && end === Number(totalSize) ? sha256Stream() : undefined;
  const read = (i: number): Promise<Uint8Array> | undefined => {
    const part = parts[i];
    if (part === undefined) return undefined;
    const reading = readChunk(state, part.reference);
    reading.catch(() => {});
    return reading;
  };
  let doneBytes = 0;
  // Two ahead: this thread hashes one whole chunk at a time, and a read takes several turns of it.
  const ahead = [read(0), read(1)];
  for (const [i, { from, to }] of parts.entries()) {
    checkSignal(signal);
    const chunk = (await ahead.shift())!;
    ahead.push(read(i + 2));
    whole?.update(chunk);
    doneBytes += to - from;
    onProgress?.({ operation: "get", doneBytes, totalBytes: end - start });
    yield chunk.subarray(from, to);
  }
  if (whole !== undefined && !equalBytes(whole.digest(), fileHash)) {
    throw new WireError({
      code: "crc",
      format: STORE,
      path: "file",
      expected: toHex(fileHash),
      actual: "another hash",
    });
  }
}

/** The chunks of a range, and which of their bytes belong to it. */
function partsOf({ references }: FileRecord, start: number, end: number) {
  const parts: { readonly reference: ChunkReference; readonly from: number; readonly to: number }[] = [];
  let at = 0;
  for (const reference of references) {
    const from = Math.max(0, start - at);
    const to = Math.min(reference.chunkSize, end - at);
    if (from < to) parts.push({ reference, from, to });
    at += reference.chunkSize;
  }
  return parts;
}

/**
 * A chunk, whole and as it was stored.
 * @throws WireError `missing`, `length` or `crc` with the chunk in `path`
 */
export async function readChunk(state: StoreState, reference: ChunkReference): Promise<Uint8Array> {
  const damage = await damageOf(state, reference);
  if (damage instanceof Uint8Array) return damage;
  const { code, expected, actual } = damage;
  throw new WireError({ code, format: STORE, path: `chunks[${reference.chunkIndex}]`, expected, actual });
}

/** What is wrong with a chunk. */
export interface ChunkDamage {
  readonly code: "missing" | "length" | "crc";
  readonly expected?: string;
  readonly actual: string;
}

/** The bytes of a chunk, or what is wrong with it; of several things the first. @throws WireError `storage` */
export async function damageOf(state: StoreState, reference: ChunkReference): Promise<Uint8Array | ChunkDamage> {
  const { chunkSize, dataHash } = reference;
  let bytes: Uint8Array | undefined;
  try {
    bytes = await state.chunks.get(toHex(reference.key), chunkSize);
  } catch (error) {
    if (!isWireError(error)) throw error;
    if (error.code === "crc") return { code: "crc", expected: toHex(dataHash), actual: error.actual ?? "other bytes" };
    if (error.code !== "limit") throw error;
    return { code: "length", expected: `${chunkSize} bytes`, actual: error.actual ?? "more" };
  }
  if (bytes === undefined) return { code: "missing", actual: `${toHex(reference.key)}.kdht` };
  if (bytes.length !== chunkSize)
    return { code: "length", expected: `${chunkSize} bytes`, actual: String(bytes.length) };
  const hash = await state.options.hashChunk(bytes);
  return equalBytes(hash, dataHash) ? bytes : { code: "crc", expected: toHex(dataHash), actual: toHex(hash) };
}
