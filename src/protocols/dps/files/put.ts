/** Storing a file: its chunks at the servers nearest to their keys, then its record through the log. */
import { equalBytes } from "../../../bytes/index.js";
import { FileCode } from "../../../codec/gen/dps/index.js";
import { argumentError, isWireError, WireError } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import { requireTime, type Millis } from "../../../machine/index.js";
import {
  blockSizeOf,
  chunkKey,
  makeRecord,
  type CutChunk,
  type FileRecord,
  type FileSource,
} from "../../store/index.js";
import { hashSource } from "../../store/put.js";
import { changedSource, readFully } from "../../store/source.js";
import { eachOf } from "../../store/state.js";
import { requireWellFormed } from "../../store/text.js";
import { requireMethods, requireOptions, requireWhole } from "../checks.js";
import {
  attempt,
  checkCancelled,
  checkProgress,
  type DhtOutcomeOf,
  type FilePort,
  type ProgressOptions,
} from "./port.js";
import { readFile } from "./read.js";
import { answerOf, commandsOf, distributed, fileOf, requireDone, requireTtl, type DpsFile } from "./records.js";

/** Options of a put. */
export interface PutFileOptions extends ProgressOptions {
  /** The name of the file: any text, which never becomes a path. */
  readonly name: string;
  /** Seconds that the file lives for, from its record on; 0 for ever. Default that of the server. */
  readonly ttlSeconds?: number;
  /** Permission bits. Default `0o644`. */
  readonly permissions?: number;
}

/** What became of a put. */
export interface PutFileResult {
  readonly file: DpsFile;
  /** `present`: the same bytes were there, under the name in `file`; their time begins anew. */
  readonly outcome: "stored" | "present";
  /** Servers that have the chunk of which the fewest have it; Infinity for a file without chunks. */
  readonly copies: number;
}

/** What a server decides of all puts. */
export interface PutRules {
  readonly copiesMin: number;
  readonly chunkTtlSeconds: number;
  readonly ttlSeconds: number;
  /** Bytes of the longest entry of the log. */
  readonly entryBytesMax: number;
  readonly unixNs: () => bigint;
  /** Monotonic. */
  readonly nowMs: () => Millis;
  /** Chunks under way, of which memory holds as many. Default 4. */
  readonly chunksAtOnce?: number | undefined;
  /** SHA-256 of a chunk, on another thread where that is faster. Default: here. */
  readonly hashChunk?: (chunk: Uint8Array) => Promise<Uint8Array>;
}

/**
 * Checks what a server or a client decides of all files: a number of copies that is none would acknowledge puts whose
 * chunks nobody has. @throws WireError `argument`
 */
export function checkFileRules({
  copiesMin,
  chunkTtlSeconds,
  ttlSeconds,
  chunkCacheBytesMax,
}: Pick<PutRules, "copiesMin" | "chunkTtlSeconds" | "ttlSeconds"> & { readonly chunkCacheBytesMax: number }): void {
  requireWhole("copiesMin", copiesMin);
  requireWhole("chunkTtlSeconds", chunkTtlSeconds);
  requireTtl(ttlSeconds);
  requireTime("dps", "chunkCacheBytesMax", chunkCacheBytesMax, 0, Infinity);
}

/** Attempts to store a chunk: a server may have gone since it was found. */
const ATTEMPTS = 3;
const CHUNK_TIMEOUT_MS = 30_000;
/**
 * Share of its time that a chunk must have left when its record is proposed: the leader looks at all chunks within each
 * quarter of it, and renews those of records alone.
 */
const LEFT_SHARE = 1 / 2;

/**
 * Stores a file. Once it resolves, so many servers have each chunk on their disks, and the record is committed. If it
 * rejects, no record was made, unless with `uncertain`; chunks without one expire. Where storing takes long, chunks
 * that would expire soon are stored again before the record is proposed.
 * @throws WireError `argument`, `cancelled`, `unreachable`, `limit`, `uncertain`; `timeout`, also where the chunks take
 * longer to store than half of their time to live
 */
export async function putFile(
  port: FilePort,
  source: FileSource,
  options: PutFileOptions,
  rules: PutRules,
): Promise<PutFileResult> {
  requireMethods("port", port, ["dht", "command", "query", "voters"]);
  requireSource(source);
  requireOptions("rules", rules);
  requireWhole("copiesMin", rules.copiesMin);
  checkProgress(options);
  requireWellFormed("dps", "name", options.name);
  const ttlSeconds = requireTtl(options.ttlSeconds ?? rules.ttlSeconds);
  const permissions = options.permissions ?? 0o644;
  if (!Number.isInteger(permissions) || permissions < 0 || permissions > 0o777) {
    throw argumentError("dps", "permissions", "0 to 0o777", String(permissions));
  }
  const { sizeBytes: totalBytes } = source;
  const { signal, onProgress } = options;
  const fileHash = await hashSource(source, {
    ...(signal && { signal }),
    ...(onProgress && { onProgress: ({ doneBytes }) => tell(options, "hash", doneBytes, totalBytes) }),
  });
  const about = { totalSize: BigInt(totalBytes), fileName: options.name, modifiedNs: rules.unixNs(), permissions };
  const factsOf = (chunkSize: number) => ({ ...about, fileHash, ttlSeconds: BigInt(ttlSeconds), chunkSize });
  // A name that is too long for a record of any chunk is refused before all of them are stored.
  const size = blockSizeOf(totalBytes);
  const longest = makeRecord(factsOf(size), [{ size, dataHash: fileHash }], "");
  commandsOf({ op: "put", record: distributed(longest), ttlSeconds }, rules.entryBytesMax);
  const known = await readFile(port, fileHash, options);
  // However short the life of the file: it begins when the last chunk is stored, and may be made longer.
  const storing = new ChunkStoring(port, options, rules);
  const chunkSize = known?.record.metadata.chunkSize ?? blockSizeOf(totalBytes);
  const { chunks, copies } = await storing.storeAll(source, fileHash, chunkSize, known?.record);
  tell(options, "record", totalBytes, totalBytes);
  const record = distributed(makeRecord(factsOf(chunkSize), chunks, ""));
  const puts = commandsOf({ op: "put", record, ttlSeconds }, rules.entryBytesMax, { revision: 0 });
  const touches = commandsOf({ op: "touch", hash: fileHash, ttlSeconds }, Infinity);
  let isKnown = known !== undefined;
  // Others may put it and remove it meanwhile.
  for (let left = ATTEMPTS; left > 0; left--) {
    if (!isKnown) {
      const answer = await change(port, puts, options);
      if (answer.code !== FileCode.different) {
        requireDone(answer, fileHash);
        return { file: fileOf(fileHash, record.metadata, answer), outcome: "stored", copies };
      }
    }
    const touched = await change(port, touches, options);
    if (touched.code !== FileCode.missing) requireDone(touched, fileHash);
    const present = touched.code === FileCode.missing ? undefined : await readFile(port, fileHash, options);
    if (present !== undefined) return { file: present.file, outcome: "present", copies };
    isKnown = false;
  }
  throw new WireError({ code: "status", format: "dps", path: "", actual: "it is put and removed all the time" });
}

/** @throws WireError `argument` for what cannot be read again */
function requireSource(source: FileSource): void {
  requireMethods("source", source, ["read"]);
  const { sizeBytes } = source;
  if (Number.isSafeInteger(sizeBytes) && sizeBytes >= 0) return;
  throw argumentError("dps", "source.sizeBytes", "a whole number", String(sizeBytes));
}

/** Proposes commands in their order, each once. @returns the answer to the last, or to the first that was not done */
export async function change(port: FilePort, commands: readonly Uint8Array[], options: ProgressOptions) {
  let answer = answerOf(await port.command(commands[0]!, options));
  for (const command of commands.slice(1)) {
    if (answer.code !== FileCode.done) break;
    checkCancelled(options);
    answer = answerOf(await port.command(command, options));
  }
  return answer;
}

function tell(
  { onProgress }: ProgressOptions,
  phase: "hash" | "store" | "record",
  doneBytes: number,
  totalBytes: number,
): void {
  onProgress?.({ operation: "put", phase, doneBytes, totalBytes });
}

/** The chunks of one file on their way to their servers. */
class ChunkStoring {
  readonly #port: FilePort;
  readonly #options: PutFileOptions;
  readonly #rules: PutRules;
  readonly #chunks: CutChunk[] = [];
  /** Until when each chunk lives, if nobody stores it again. */
  readonly #untilMs: Millis[] = [];
  #copies = Infinity;

  constructor(port: FilePort, options: PutFileOptions, rules: PutRules) {
    this.#port = port;
    this.#options = options;
    this.#rules = rules;
  }

  /** @param known the record, if there is one: chunks that enough servers have stay where they are */
  async storeAll(source: FileSource, fileHash: Uint8Array, chunkSize: number, known: FileRecord | undefined) {
    const { sizeBytes: totalBytes } = source;
    const { chunksAtOnce = 4 } = this.#rules;
    const count = chunkSize === 0 ? 0 : Math.ceil(totalBytes / chunkSize);
    const majority = count === 0 ? 1 : Math.floor((await this.#port.voters()) / 2) + 1;
    let doneBytes = 0;
    await eachOf(Array.from({ length: count }).keys(), chunksAtOnce, async (index) => {
      const dataHash = known?.references[index]?.dataHash;
      const chunk = await this.#read(source, index, chunkSize, dataHash);
      const isThere = dataHash !== undefined && (await this.#isThere(fileHash, index, chunk, majority));
      if (!isThere) await this.#store(fileHash, index, chunk, majority);
      doneBytes += chunk.length;
      tell(this.#options, "store", doneBytes, totalBytes);
    });
    for (let left = ATTEMPTS; ; left--) {
      const old = this.#old();
      if (old.length === 0) return { chunks: this.#chunks, copies: this.#copies };
      if (left === 0) throw this.#tooSlow();
      await eachOf(old.values(), chunksAtOnce, async (index) => {
        const chunk = await this.#read(source, index, chunkSize, this.#chunks[index]!.dataHash);
        await this.#store(fileHash, index, chunk, majority);
      });
    }
  }

  /** Reads a chunk, which has to be what it was before. @throws WireError `storage` where it is not */
  async #read(source: FileSource, index: number, chunkSize: number, before: Uint8Array | undefined) {
    checkCancelled(this.#options);
    const { hashChunk = async (bytes: Uint8Array) => sha256(bytes) } = this.#rules;
    const at = index * chunkSize;
    const chunk = new Uint8Array(Math.min(chunkSize, source.sizeBytes - at));
    await readFully(source, chunk, at);
    const dataHash = await hashChunk(chunk);
    if (before !== undefined && !equalBytes(before, dataHash)) {
      throw changedSource("other bytes when it was read again");
    }
    this.#chunks[index] = { size: chunk.length, dataHash };
    return chunk;
  }

  /** Chunks that have too little of their time left. */
  #old(): number[] {
    const leastMs = this.#rules.nowMs() + this.#lifeMs * LEFT_SHARE;
    return [...this.#untilMs.keys()].filter((index) => this.#untilMs[index]! < leastMs);
  }

  #tooSlow(): WireError {
    const expected = `chunks that are stored within ${(this.#lifeMs * LEFT_SHARE) / 1000} s, half of their time to live`;
    return new WireError({ code: "timeout", format: "dps", path: "chunks", expected, actual: "slower ones" });
  }

  get #lifeMs(): Millis {
    return this.#rules.chunkTtlSeconds * 1000;
  }

  async #store(parent: Uint8Array, chunkIndex: number, value: Uint8Array, majority: number): Promise<void> {
    const { chunkTtlSeconds: ttlSeconds } = this.#rules;
    const { dataHash } = this.#chunks[chunkIndex]!;
    const about = { chunk: { parent, chunkIndex }, sha256: dataHash, isGiven: true, ttlSeconds } as const;
    await attempt(ATTEMPTS, this.#options, async () => {
      const untilMs = this.#rules.nowMs() + this.#lifeMs;
      const request = { type: "store", value, ...about, copiesMin: 1, republishes: false } as const;
      const { stored, refused, silent } = (await this.#port.dht(request, this.#bounds())) as DhtOutcomeOf<"stored">;
      // One that has gone since the lookup found it cannot be had.
      const needed = this.#needed(stored + refused - silent, majority);
      if (stored < needed) {
        const actual = `${stored} of ${stored + refused} servers`;
        const issue = { code: "unreachable", format: "dps", path: `chunks[${chunkIndex}]`, actual } as const;
        throw new WireError({ ...issue, expected: `${needed} copies` });
      }
      this.#copies = Math.min(this.#copies, stored);
      this.#untilMs[chunkIndex] = untilMs;
    });
  }

  /** Whether enough servers have a chunk, and keep it for long enough. */
  async #isThere(parent: Uint8Array, index: number, chunk: Uint8Array, majority: number): Promise<boolean> {
    const { dataHash: dataSha256 } = this.#chunks[index]!;
    const request = {
      type: "count",
      key: chunkKey(parent, index),
      sha256: dataSha256,
      sizeBytes: chunk.length,
      value: chunk,
    } as const;
    const counted = await this.#port.dht(request, this.#bounds()).catch((error: unknown) => {
      // Nobody could be asked: it is stored, which tries more than once.
      if (isWireError(error) && error.code === "unreachable") return undefined;
      throw error;
    });
    if (counted === undefined) return false;
    const { holders, servers, leftMs } = counted as DhtOutcomeOf<"counted">;
    const isEnough = holders.length >= this.#needed(servers, majority);
    if (!isEnough || leftMs < this.#lifeMs * LEFT_SHARE) return false;
    this.#copies = Math.min(this.#copies, holders.length);
    this.#untilMs[index] = this.#rules.nowMs() + leftMs;
    return true;
  }

  /**
   * Copies that a chunk needs: all servers that can be had where there are fewer, but as many as a majority of the
   * voters: a server that is cut off may not take itself for all of them.
   */
  #needed(servers: number, majority: number): number {
    return Math.min(this.#rules.copiesMin, Math.max(servers, majority));
  }

  #bounds() {
    const { signal, timeoutMs = CHUNK_TIMEOUT_MS } = this.#options;
    return { timeoutMs, ...(signal && { signal }) };
  }
}
