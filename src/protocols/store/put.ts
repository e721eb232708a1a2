/** Storing a file: cut into chunks, each written before the record that names it. */
import { equalBytes, toHex } from "../../bytes/index.js";
import { argumentError, isWireError, WireError } from "../../errors.js";
import { sha256Stream } from "../../kernel/index.js";
import { BLOCK_BYTES_MAX, blockSizeOf } from "./block-size.js";
import type { CatalogueEntry } from "./catalogue.js";
import { chunkKey, contentChunkKey } from "./chunk-key.js";
import { contentSizesOf, cutSource, partsOf, type CutSource } from "./chunking.js";
import { stageSource, type StagedBlock } from "./staging.js";
import { cachePath, CHUNKING_KINDS, intentPath, recordPath, type Chunking, type ChunkingKind } from "./layout.js";
import { makeRecord, type CutChunk } from "./make-record.js";
import { kindOf, TOML_INTEGER_MAX, type FileMetadata, type FileRecord } from "./record.js";
import { isWhole, readRecord, recordBytes, recordTooLong, writeIntent, writeRecord } from "./records.js";
import { dropTwin, reconcile } from "./recovery.js";
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
  /** How the file is cut, if it is not there yet. Default that of the store. */
  readonly chunking?: Chunking;
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
  const contentSizes = contentSizesOf(options.chunking ?? state.options.chunking);
  const cut = contentSizes && (await cutSource(source, contentSizes, CHUNKS_AT_ONCE, state.options.hashChunk, options));
  const staged = cut === undefined ? await stageNew(state, source, options) : undefined;
  try {
    const fileHash = cut?.fileHash ?? staged?.fileHash ?? (await hashSource(source, options));
    const hash = toHex(fileHash);
    return await state.fileLock.run(hash, async () => {
      checkSignal(options.signal);
      await reconcile(state, hash);
      const known = state.catalogue.get(hash);
      if (known !== undefined && (await isWhole(state, known))) {
        return await refresh(
          state,
          known,
          ttlSeconds,
          options.renames === true ? options.name : known.metadata.fileName,
        );
      }
      const facts = {
        fileHash,
        totalSize: BigInt(source.sizeBytes),
        fileName: options.name,
        modifiedNs: state.options.unixNs(),
        permissions,
        ttlSeconds,
        chunkSize: contentSizes?.avgBytes ?? blockSizeOf(source.sizeBytes),
        ...(contentSizes && { contentSizes }),
      };
      const plan = planOf(source, facts, cut);
      const kind = kindOf(facts);
      const old = known && (await readRecord(state, recordPath(fileHash, kind), fileHash).catch(ignoreStorage));
      const record = await new Put(state, source, options, kind, old ?? undefined).run(facts, plan, staged?.chunks);
      state.log("put", `stored ${JSON.stringify(options.name)} in ${record.references.length} chunks`, {
        fileHash: hash,
      });
      return { metadata: record.metadata, outcome: "stored" };
    });
  } finally {
    for (const chunk of staged?.chunks ?? []) await chunk.discard();
  }
}

type Facts = Parameters<typeof makeRecord>[0];

/** {@link stageSource} of a file in blocks that is new for sure; undefined for others, and where nothing is staged. */
async function stageNew(state: StoreState, source: FileSource, options: PutOptions) {
  const { sizeBytes } = source;
  if (sizeBytes === 0 || state.catalogue.hasSize(sizeBytes)) return undefined;
  requireRecordSize(Math.ceil(sizeBytes / blockSizeOf(sizeBytes)), options.name);
  return stageSource(state, source, CHUNKS_AT_ONCE, options);
}

/** A chunk of a file: where its bytes lie in the source, and its hash, where that is known before they are read. */
interface PlannedChunk {
  readonly key: string;
  readonly at: number;
  readonly size: number;
  readonly dataHash?: Uint8Array;
}

/** The chunks of a file. @throws WireError `limit` for more than a record can hold, before anything is written */
function planOf(source: FileSource, facts: Facts, cut: CutSource | undefined): readonly PlannedChunk[] {
  const { fileHash, chunkSize, fileName } = facts;
  const { sizeBytes } = source;
  const count = cut?.chunks.length ?? (chunkSize === 0 ? 0 : Math.ceil(sizeBytes / chunkSize));
  requireRecordSize(count, fileName);
  if (cut === undefined) {
    return Array.from({ length: count }, (_, index) => {
      const at = index * chunkSize;
      return { key: toHex(chunkKey(fileHash, index)), at, size: Math.min(chunkSize, sizeBytes - at) };
    });
  }
  let at = 0;
  return cut.chunks.map(({ size, dataHash }) => {
    const chunk = { key: toHex(contentChunkKey(dataHash)), at, size, dataHash };
    at += size;
    return chunk;
  });
}

/** One put of bytes that the store does not have whole. */
class Put {
  readonly #state: StoreState;
  readonly #source: FileSource;
  readonly #options: PutOptions;
  readonly #kind: ChunkingKind;
  /** The record of a file of which chunks are missing. */
  readonly #old: FileRecord | undefined;
  /** Keys of chunks that were not there before. */
  readonly #made: string[] = [];

  constructor(state: StoreState, source: FileSource, options: PutOptions, kind: ChunkingKind, old?: FileRecord) {
    this.#state = state;
    this.#source = source;
    this.#options = options;
    this.#kind = kind;
    this.#old = old;
  }

  async run(facts: Facts, plan: readonly PlannedChunk[], staged?: readonly StagedBlock[]): Promise<FileRecord> {
    const state = this.#state;
    const { fileHash } = facts;
    const keys = plan.map(({ key }) => key);
    const release = state.claim(keys);
    try {
      await writeIntent(state, facts, this.#kind, keys);
      const chunks = await (staged ? this.#keepChunks(plan, staged) : this.#storeChunks(facts, plan));
      await state.chunks.sync();
      const record = makeRecord(facts, chunks, state.options.folder);
      checkSignal(this.#options.signal);
      await writeRecord(state, record);
      state.catalogue.add(record);
      state.unusable = state.unusable.filter(({ path }) => path !== recordPath(fileHash, this.#kind));
      release();
      // The file is stored: an intent beside its record does no harm, nor an older record.
      await state.metadata.delete(intentPath(fileHash, this.#kind)).catch(ignoreStorage);
      await dropTwin(state, toHex(fileHash)).catch(ignoreStorage);
      return record;
    } catch (error) {
      release();
      await this.#undo(fileHash);
      throw error;
    }
  }

  /**
   * Writes the chunks while they are hashed, and the whole with them, which must be what it was when it was first read.
   * Chunks that were cut by content are known by their own hash, and not even read where they are there.
   */
  async #storeChunks({ fileHash }: Facts, plan: readonly PlannedChunk[]): Promise<readonly CutChunk[]> {
    const { hashChunk, verifyOnWrite } = this.#state.options;
    const { sizeBytes } = this.#source;
    const isContent = this.#kind === "content";
    const whole = sha256Stream();
    const room = plan.reduce((most, { size }) => Math.max(most, size), 0);
    const buffers = Array.from({ length: Math.min(CHUNKS_AT_ONCE, plan.length) }, () => new Uint8Array(room));
    const chunks: CutChunk[] = [];
    let doneBytes = 0;
    const finish = (index: number, size: number, dataHash: Uint8Array): void => {
      chunks[index] = { size, dataHash };
      doneBytes += size;
      this.#options.onProgress?.({ operation: "put", doneBytes, totalBytes: sizeBytes });
    };
    const write = async (key: string, index: number, block: Uint8Array, dataHash: Uint8Array): Promise<void> => {
      await this.#state.chunkLock.run(key, async () => {
        if (!(await this.#state.chunks.has(key))) this.#made.push(key);
        else if (isContent) return;
        await this.#state.chunks.put(key, block);
      });
      if (verifyOnWrite) await this.#verify(key, index, block.length, dataHash);
      finish(index, block.length, dataHash);
    };
    // Of these the record says something else. Only the whole tells whether the record is wrong or the source, which
    // must not take the place of what is there: they are written when all is read.
    const odd: { readonly index: number; readonly dataHash: Uint8Array }[] = [];
    const blocks = async function* (
      this: Put,
    ): AsyncGenerator<{ index: number; block: Uint8Array; hash: Promise<Uint8Array> }> {
      let read = 0;
      for (const [index, { key, at, size, dataHash }] of plan.entries()) {
        checkSignal(this.#options.signal);
        if (dataHash !== undefined && (await this.#state.hasChunk(key))) {
          finish(index, size, dataHash);
          continue;
        }
        const block = buffers[read++ % buffers.length]!.subarray(0, size);
        await readFully(this.#source, block, at);
        // Begun before the whole-file hash on this thread, so that another thread hashes the chunk meanwhile.
        const hash = hashChunk(block);
        hash.catch(() => {});
        if (!isContent) whole.update(block);
        yield { index, block, hash };
      }
      if (!isContent && !equalBytes(whole.digest(), fileHash)) throw changedSource(CHANGED);
    };
    // The generator goes on when the slot of the next buffer is free.
    await eachOf(blocks.call(this), buffers.length || 1, async ({ index, block, hash }) => {
      const dataHash = await hash;
      const { key, dataHash: expected } = plan[index]!;
      if (expected !== undefined && !equalBytes(dataHash, expected)) throw changedSource(CHANGED);
      const recorded = isContent ? undefined : this.#old?.references[index]?.dataHash;
      if (recorded !== undefined && !equalBytes(dataHash, recorded)) odd.push({ index, dataHash });
      else await write(key, index, block, dataHash);
    });
    for (const { index, dataHash } of odd) {
      const { key, at, size } = plan[index]!;
      const block = buffers[0]!.subarray(0, size);
      await readFully(this.#source, block, at);
      if (!equalBytes(await hashChunk(block), dataHash)) throw changedSource(CHANGED);
      await write(key, index, block, dataHash);
    }
    return chunks;
  }

  /** Gives chunks that are written already their keys. */
  async #keepChunks(plan: readonly PlannedChunk[], staged: readonly StagedBlock[]): Promise<readonly CutChunk[]> {
    let doneBytes = 0;
    await eachOf(plan.entries(), CHUNKS_AT_ONCE, async ([index, { key, size }]) => {
      checkSignal(this.#options.signal);
      const { dataHash, keep } = staged[index]!;
      await this.#state.chunkLock.run(key, async () => {
        if (!(await this.#state.chunks.has(key))) this.#made.push(key);
        await keep(key);
      });
      if (this.#state.options.verifyOnWrite) await this.#verify(key, index, size, dataHash);
      doneBytes += size;
      this.#options.onProgress?.({ operation: "put", doneBytes, totalBytes: this.#source.sizeBytes });
    });
    return staged;
  }

  /** Whether nothing of the file was known before, neither a record nor one that cannot be read. */
  #isNew(fileHash: Uint8Array): boolean {
    const { catalogue, unusable } = this.#state;
    const paths = CHUNKING_KINDS.map((kind) => recordPath(fileHash, kind));
    return catalogue.get(toHex(fileHash)) === undefined && !unusable.some(({ path }) => paths.includes(path));
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
        await state.metadata.delete(cachePath(fileHash, this.#kind));
        await state.metadata.delete(recordPath(fileHash, this.#kind));
        await eachOf(this.#made, CHUNKS_AT_ONCE, async (key) => void (await state.deleteUnheld(key, this.#kind)));
        await state.chunks.sync();
      }
      await state.metadata.delete(intentPath(fileHash, this.#kind));
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
  const kind = kindOf(known.metadata);
  const path = recordPath(fileHash, kind);
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
  await state.metadata.put(cachePath(fileHash, kind), bytes);
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
  let doneBytes = 0;
  for await (const part of partsOf(source, BLOCK_BYTES_MAX)) {
    checkSignal(signal);
    stream.update(part);
    doneBytes += part.length;
    onProgress?.({ operation: "hash", doneBytes, totalBytes: sizeBytes });
  }
  return stream.digest();
}

/** What is wrong with a source that was read twice. */
const CHANGED = "other bytes when it was read again";

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
