/** Storing a file: cut into chunks, each written before the record that names it. */
import { equalBytes, toHex } from "../../bytes/index.js";
import { argumentError, isWireError, WireError } from "../../errors.js";
import { sha256Stream } from "../../kernel/index.js";
import { BLOCK_BYTES_MAX, blockSizeOf } from "./block-size.js";
import type { CatalogueEntry } from "./catalogue.js";
import { chunkKey } from "./chunk-key.js";
import { formatIntent } from "./intent.js";
import { cachePath, intentPath, recordPath } from "./layout.js";
import { makeRecord, type CutChunk } from "./make-record.js";
import { TOML_INTEGER_MAX, type FileMetadata, type FileRecord } from "./record.js";
import { isWhole, recordBytes, recordTooLong, writeRecord } from "./records.js";
import { reconcile } from "./recovery.js";
import { changedSource, readFully, type FileSource } from "./source.js";
import { checkSignal, eachOf, STORE, type OperationOptions, type StoreState } from "./state.js";
import { requireWellFormed } from "./text.js";
import { parseRecord, RECORD_BYTES_MAX } from "./toml/read.js";

/** Chunks that are hashed and written at the same time: memory holds as many, and a copy of each while it is hashed. */
export const CHUNKS_AT_ONCE = 3;

/** Options of a put. */
export interface PutOptions extends OperationOptions {
  /** The name of the file: any text. */
  readonly name: string;
  /** Permission bits. Default `0o644`; of a stream `0o600`. */
  readonly permissions?: number;
  /** Seconds that the file lives for; 0 for ever. Default that of the store. */
  readonly ttlSeconds?: bigint | number;
  /** Gives the name to bytes that are known under another as well. Default: they keep their first name. */
  readonly renames?: boolean;
}

/** What became of a put. */
export interface PutResult {
  readonly metadata: FileMetadata;
  /**
   * `stored`: the file is new. `present`: the same bytes were there, under the name in `metadata`. `refreshed`: they were
   * there and had expired; their time begins anew. `renamed`: they were there under another name; their time begins anew.
   */
  readonly outcome: "stored" | "present" | "refreshed" | "renamed";
}

/** Stores a file. @throws WireError `argument`, `cancelled`, `limit`, `storage`; then nothing has changed */
export async function putFile(state: StoreState, source: FileSource, options: PutOptions): Promise<PutResult> {
  requireWellFormed(STORE, "name", options.name);
  const ttlSeconds = ttlOf(options.ttlSeconds ?? state.options.ttlSeconds);
  const permissions = permissionsOf(options.permissions ?? 0o644);
  const fileHash = await hashSource(source, options);
  const hash = toHex(fileHash);
  return state.fileLock.run(hash, async () => {
    checkSignal(options.signal);
    await reconcile(state, hash);
    const known = state.catalogue.get(hash);
    if (known !== undefined && (await isWhole(state, known))) {
      return refresh(state, known, ttlSeconds, options.renames === true ? options.name : known.metadata.fileName);
    }
    const chunkSize = blockSizeOf(source.sizeBytes);
    const facts = {
      fileHash,
      totalSize: BigInt(source.sizeBytes),
      fileName: options.name,
      modifiedNs: state.options.unixNs(),
      permissions,
      ttlSeconds,
      chunkSize,
    };
    const record = await new Put(state, source, options).run(facts);
    state.log("put", `stored ${JSON.stringify(options.name)} in ${record.references.length} chunks`, {
      fileHash: hash,
    });
    return { metadata: record.metadata, outcome: "stored" };
  });
}

type Facts = Parameters<typeof makeRecord>[0];

/** One put of bytes that the store does not have whole. */
class Put {
  readonly #state: StoreState;
  readonly #source: FileSource;
  readonly #options: PutOptions;
  /** Keys of chunks that were not there before. */
  readonly #made: string[] = [];

  constructor(state: StoreState, source: FileSource, options: PutOptions) {
    this.#state = state;
    this.#source = source;
    this.#options = options;
  }

  async run(facts: Facts): Promise<FileRecord> {
    const state = this.#state;
    const { fileHash, chunkSize } = facts;
    const count = chunkSize === 0 ? 0 : Math.ceil(this.#source.sizeBytes / chunkSize);
    // A record of as many chunks is refused before anything is written.
    requireRecordSize(count, facts.fileName);
    const keys = Array.from({ length: count }, (_, i) => toHex(chunkKey(fileHash, i)));
    const release = state.claim(keys);
    try {
      await this.#writeIntent(facts, count);
      const chunks = await this.#storeChunks(facts, keys);
      const record = makeRecord(facts, chunks, state.options.folder);
      checkSignal(this.#options.signal);
      await writeRecord(state, record);
      state.catalogue.add(record);
      state.unusable = state.unusable.filter(({ path }) => path !== recordPath(fileHash));
      release();
      // The file is stored: an intent beside its record does no harm.
      await state.metadata.delete(intentPath(fileHash)).catch(ignoreStorage);
      return record;
    } catch (error) {
      release();
      await this.#undo(fileHash);
      throw error;
    }
  }

  #writeIntent({ fileHash, fileName, chunkSize, modifiedNs }: Facts, totalBlocks: number): Promise<string> {
    const intent = { fileHash, fileName, totalBlocks, blockSize: chunkSize, startedAtNs: modifiedNs };
    return this.#state.metadata.put(intentPath(fileHash), new TextEncoder().encode(formatIntent(intent)));
  }

  /** Writes the chunks while they are hashed, alone and together. */
  async #storeChunks({ fileHash, chunkSize }: Facts, keys: readonly string[]): Promise<readonly CutChunk[]> {
    const { hashChunk, verifyOnWrite } = this.#state.options;
    const { sizeBytes } = this.#source;
    const whole = sha256Stream();
    const buffers = Array.from({ length: Math.min(CHUNKS_AT_ONCE, keys.length) }, () => new Uint8Array(chunkSize));
    const chunks: CutChunk[] = [];
    const done = { bytes: 0 };
    const blocks = async function* (
      this: Put,
    ): AsyncGenerator<{ index: number; block: Uint8Array; hash: Promise<Uint8Array> }> {
      for (const index of keys.keys()) {
        checkSignal(this.#options.signal);
        const at = index * chunkSize;
        const block = buffers[index % buffers.length]!.subarray(0, Math.min(chunkSize, sizeBytes - at));
        await readFully(this.#source, block, at);
        // Begun before the whole-file hash on this thread, so that another thread hashes the chunk meanwhile.
        const hash = hashChunk(block);
        hash.catch(() => {});
        whole.update(block);
        yield { index, block, hash };
      }
      if (!equalBytes(whole.digest(), fileHash)) throw changedSource("other bytes when it was read again");
    };
    // The generator goes on when the slot of the next buffer is free.
    await eachOf(blocks.call(this), buffers.length || 1, async ({ index, block, hash }) => {
      const dataHash = await hash;
      const key = keys[index]!;
      await this.#state.chunkLock.run(key, async () => {
        if (!(await this.#state.chunks.has(key))) this.#made.push(key);
        await this.#state.chunks.put(key, block);
      });
      if (verifyOnWrite) await this.#verify(key, index, block.length, dataHash);
      chunks[index] = { size: block.length, dataHash };
      done.bytes += block.length;
      this.#options.onProgress?.({ operation: "put", doneBytes: done.bytes, totalBytes: sizeBytes });
    });
    await this.#state.chunks.sync();
    return chunks;
  }

  /** Whether nothing of the file was known before, neither a record nor one that cannot be read. */
  #isNew(fileHash: Uint8Array): boolean {
    const { catalogue, unusable } = this.#state;
    return catalogue.get(toHex(fileHash)) === undefined && !unusable.some(({ path }) => path === recordPath(fileHash));
  }

  async #verify(key: string, index: number, size: number, dataHash: Uint8Array): Promise<void> {
    const read = await this.#state.chunks.get(key, size);
    if (read !== undefined && equalBytes(await this.#state.options.hashChunk(read), dataHash)) return;
    const actual = read === undefined ? "nothing" : "other bytes";
    throw new WireError({
      code: "storage",
      format: STORE,
      path: `chunks[${index}]`,
      expected: "what was written",
      actual,
    });
  }

  /**
   * Removes what a failed put has made, and nothing that was there before. Where that fails too, its intent stays and
   * the next start removes it. A record goes before its chunks: without them it would promise what is not there.
   */
  async #undo(fileHash: Uint8Array): Promise<void> {
    const state = this.#state;
    try {
      if (this.#isNew(fileHash)) {
        await state.metadata.delete(cachePath(fileHash));
        await state.metadata.delete(recordPath(fileHash));
        await eachOf(this.#made, CHUNKS_AT_ONCE, async (key) => void (await state.deleteUnheld(key)));
        await state.chunks.sync();
      }
      await state.metadata.delete(intentPath(fileHash));
    } catch (error) {
      ignoreStorage(error);
      state.uncertain.add(toHex(fileHash));
      state.log("put", "a failed put could not be undone; the next start does it", {
        fileHash: toHex(fileHash),
        warn: true,
      });
    }
  }
}

/** Lets an expired file live again, and gives a file another name; its permissions stay. */
async function refresh(
  state: StoreState,
  known: CatalogueEntry,
  ttlSeconds: bigint,
  fileName: string,
): Promise<PutResult> {
  const { fileHash } = known.metadata;
  const isRenamed = fileName !== known.metadata.fileName;
  if (!state.isExpired(known) && !isRenamed) return { metadata: known.metadata, outcome: "present" };
  const path = recordPath(fileHash);
  const entry = await state.metadata.get(path);
  if (entry === undefined) throw changedRecord(path);
  const record = parseRecord(entry.bytes, path);
  const metadata = { ...record.metadata, fileName, modifiedNs: state.options.unixNs(), ttlSeconds };
  const { references } = record;
  const named = isRenamed ? references.map((reference) => ({ ...reference, fileName })) : references;
  const refreshed = { metadata, references: named };
  const bytes = recordBytes(refreshed);
  if ((await state.metadata.cas(path, bytes, entry.revision)) === undefined) throw changedRecord(path);
  state.catalogue.add(refreshed);
  await state.metadata.put(cachePath(fileHash), bytes);
  return { metadata, outcome: isRenamed ? "renamed" : "refreshed" };
}

function changedRecord(path: string): WireError {
  return new WireError({ code: "storage", format: STORE, path, actual: "another process changed the record" });
}

/** SHA-256 of a source. The next block is read while one is hashed. */
export async function hashSource(
  source: FileSource,
  { signal, onProgress }: OperationOptions = {},
): Promise<Uint8Array> {
  const { sizeBytes } = source;
  const stream = sha256Stream();
  const length = Math.min(sizeBytes, BLOCK_BYTES_MAX);
  const buffers = [new Uint8Array(length), new Uint8Array(sizeBytes > length ? length : 0)] as const;
  const read = async (at: number): Promise<Uint8Array> => {
    const block = buffers[(at / BLOCK_BYTES_MAX) & 1]!.subarray(0, Math.min(BLOCK_BYTES_MAX, sizeBytes - at));
    await readFully(source, block, at);
    return block;
  };
  let next = read(0);
  for (let at = 0; at < sizeBytes; at += BLOCK_BYTES_MAX) {
    const block = await next;
    checkSignal(signal);
    if (at + block.length < sizeBytes) {
      next = read(at + BLOCK_BYTES_MAX);
      next.catch(() => {});
    }
    stream.update(block);
    onProgress?.({ operation: "hash", doneBytes: at + block.length, totalBytes: sizeBytes });
  }
  await next;
  return stream.digest();
}

/** Seconds of a TTL. @throws WireError `argument` for a negative one, and for one that no record can hold */
export function ttlOf(seconds: bigint | number): bigint {
  const isWholeNumber = typeof seconds === "bigint" || Number.isSafeInteger(seconds);
  if (!isWholeNumber || seconds < 0 || seconds > TOML_INTEGER_MAX) {
    throw argumentError(STORE, "ttlSeconds", `a whole number from 0 to ${TOML_INTEGER_MAX}`, String(seconds));
  }
  return BigInt(seconds);
}

function permissionsOf(bits: number): number {
  if (Number.isInteger(bits) && bits >= 0 && bits <= 0o777) return bits;
  throw argumentError(STORE, "permissions", "bits from 0 to 0o777", String(bits));
}

/** Longest text of a reference but its names: bytes as up to three digits, a comma and a blank. */
const REFERENCE_BYTES_MAX = 5 * (20 + 32 + 32) + 300;

function requireRecordSize(count: number, name: string): void {
  // A character of a name takes at most six bytes, twice for each chunk at worst.
  const bytes = count * (REFERENCE_BYTES_MAX + 6 * name.length);
  if (bytes > RECORD_BYTES_MAX) throw recordTooLong(`${count} chunks`);
}

/** Passes over an error of the disk, when there is nothing left to do about it. */
function ignoreStorage(error: unknown): void {
  if (!isWireError(error)) throw error;
}
