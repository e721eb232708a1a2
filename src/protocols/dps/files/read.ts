/** Reading a file: its record from the log, its chunks from whoever has them, each verified, in their order. */
import { concatBytes, equalBytes, toHex } from "../../../bytes/index.js";
import { FileCode } from "../../../codec/gen/dps/index.js";
import { argumentError, WireError } from "../../../errors.js";
import { sha256Stream } from "../../../kernel/index.js";
import type { ChunkReference, FileRecord } from "../../store/index.js";
import {
  attempt,
  checkCancelled,
  checkProgress,
  type DhtOutcomeOf,
  type FileCallOptions,
  type FilePort,
  type ProgressOptions,
  type SharedOptions,
} from "./port.js";
import { answerOf, fileOf, getQuery, pageQuery, recordOf, requireDone, type DpsFile } from "./records.js";

/** A range of a file. */
export interface GetFileOptions extends ProgressOptions, SharedOptions {
  /** First byte. Default 0. */
  readonly start?: number;
  /** Byte behind the last. Default the size of the file, to which it is cut. */
  readonly end?: number;
}

/** A file that is being read. */
export interface FileReading {
  readonly file: DpsFile;
  readonly start: number;
  readonly end: number;
  /** Chunk by chunk, verified; the iteration fails at its end if the whole file is not what its hash says. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A record and what is said of it. */
export interface KnownFile {
  readonly record: FileRecord;
  readonly file: DpsFile;
}

/** Chunks under way: memory holds as many. */
const CHUNKS_AHEAD = 8;
/** Attempts to find a chunk, and to read a record that changes meanwhile. */
const ATTEMPTS = 3;
const CHUNK_TIMEOUT_MS = 30_000;

/** What the cluster knows of a file; undefined for one without a record. @throws WireError */
export async function readFile(
  port: FilePort,
  hash: Uint8Array,
  options: FileCallOptions = {},
): Promise<KnownFile | undefined> {
  for (let left = ATTEMPTS; left > 0; left--) {
    const answer = answerOf(await port.query(getQuery(hash), options));
    if (answer.code === FileCode.missing) return undefined;
    requireDone(answer, hash);
    const parts = [answer.body];
    for (let page = 0; page < answer.pageCount; page++) {
      checkCancelled(options);
      const next = answerOf(await port.query(pageQuery(hash, page), options));
      // The record was replaced: what came is of no use.
      if (next.code !== FileCode.done || next.revision !== answer.revision) break;
      parts.push(next.body);
    }
    if (parts.length <= answer.pageCount) continue;
    const record = recordOf(hash, concatBytes(...parts));
    return { record, file: fileOf(record.metadata.fileHash, record.metadata, answer) };
  }
  throw new WireError({ code: "status", format: "dps", path: toHex(hash), actual: "the record changes all the time" });
}

/** Opens a file, or a range of it. @throws WireError `missing`, `argument`, `unreachable`, `timeout` */
export async function getFile(port: FilePort, hash: Uint8Array, options: GetFileOptions = {}): Promise<FileReading> {
  checkProgress(options);
  const known = await readFile(port, hash, options);
  if (known === undefined) throw new WireError({ code: "missing", format: "dps", path: toHex(hash) });
  const { record, file } = known;
  const { start, end } = rangeOf(Number(record.metadata.totalSize), options);
  return { file, start, end, bytes: bytesOf(port, record, start, end, options) };
}

function rangeOf(sizeBytes: number, { start = 0, end = sizeBytes }: GetFileOptions): { start: number; end: number } {
  if (!Number.isSafeInteger(start) || start < 0 || start > sizeBytes) {
    throw argumentError("dps", "start", `0 to ${sizeBytes}`, String(start));
  }
  if (!Number.isSafeInteger(end) || end < start) throw argumentError("dps", "end", `${start} or more`, String(end));
  return { start, end: Math.min(end, sizeBytes) };
}

async function* bytesOf(
  port: FilePort,
  { metadata, references }: FileRecord,
  start: number,
  end: number,
  options: GetFileOptions,
): AsyncGenerator<Uint8Array> {
  const isWhole = start === 0 && end === Number(metadata.totalSize);
  const whole = isWhole ? sha256Stream() : undefined;
  const parts = partsOf(references, start, end);
  const reads: Promise<Uint8Array>[] = [];
  const readNext = (): void => {
    const part = parts[reads.length];
    if (part === undefined) return;
    const reading = readChunk(port, part.reference, options);
    // Its failure is seen when it is its turn.
    reading.catch(() => {});
    reads.push(reading);
  };
  for (let i = 0; i < CHUNKS_AHEAD; i++) readNext();
  let doneBytes = 0;
  for (const [i, { from, to }] of parts.entries()) {
    const chunk = await reads[i]!;
    // What was read is not kept.
    delete reads[i];
    checkCancelled(options);
    readNext();
    whole?.update(chunk);
    doneBytes += to - from;
    options.onProgress?.({ operation: "get", phase: "read", doneBytes, totalBytes: end - start });
    yield chunk.subarray(from, to);
  }
  if (whole !== undefined && !equalBytes(whole.digest(), metadata.fileHash)) {
    const expected = toHex(metadata.fileHash);
    throw new WireError({ code: "crc", format: "dps", path: "file", expected, actual: "another hash" });
  }
}

/** The chunks of a range, and which of their bytes belong to it. */
function partsOf(references: readonly ChunkReference[], start: number, end: number) {
  const parts: { readonly reference: ChunkReference; readonly from: number; readonly to: number }[] = [];
  let at = 0;
  for (const reference of references) {
    const [from, to] = [Math.max(0, start - at), Math.min(reference.chunkSize, end - at)];
    if (from < to) parts.push({ reference, from, to });
    at += reference.chunkSize;
  }
  return parts;
}

/** A chunk of the size and the hash that the record says. @throws WireError `missing`, `timeout`, `length` */
async function readChunk(
  port: FilePort,
  { key, chunkSize, chunkIndex, dataHash }: ChunkReference,
  { signal, timeoutMs = CHUNK_TIMEOUT_MS, isShared = false }: GetFileOptions,
): Promise<Uint8Array> {
  const bounds = { timeoutMs, isShared, ...(signal && { signal }) };
  const path = `chunks[${chunkIndex}]`;
  try {
    const value = await attempt(ATTEMPTS, bounds, async () => {
      const found = await port.dht({ type: "findValue", key, sha256: dataHash, sizeBytes: chunkSize }, bounds);
      return (found as DhtOutcomeOf<"value">).value;
    });
    // Its hash was verified where it was found.
    if (value.length === chunkSize) return value;
    const expected = `${chunkSize} bytes`;
    throw new WireError({ code: "length", format: "dps", path, expected, actual: `${value.length} bytes` });
  } catch (error) {
    if (!(error instanceof WireError) || error.path !== "") throw error;
    throw new WireError({ ...error.toJSON(), format: "dps", path }, { cause: error });
  }
}
