/** A chain on a disk: opened, appended to, read and validated by a machine. */
import { equalBytes } from "../../../bytes/index.js";
import type { ChainRecord } from "../../../codec/gen/chain/index.js";
import { isWireError, type Result, type WireIssue } from "../../../errors.js";
import type { DiskOperations, DiskWrite, Effect, Millis } from "../../../machine/index.js";
import { keysOfBackup } from "../backup/data.js";
import type { Block } from "../blocks/block.js";
import { gobHashing, type BlockHashing } from "../blocks/hashing.js";
import { ChainIndex } from "../chain-index.js";
import { genesisBlock, type GenesisOptions } from "../chain.js";
import { ChainValidator, flawError, flawOfNext, type ValidateOptions, type Validation } from "../validation.js";
import { BlockFile } from "./block-file.js";
import { blockOfRecord, chainIdOf, hashingOfHeader, ownBlock } from "./records.js";
import { PIECE_BYTES, scanRecords } from "./scan.js";

/** How an operation ended. */
export type ChainDone<T, Value, Emitted> = (outcome: Result<T>, nowMs: Millis, out: Effect<Value, Emitted>[]) => void;

/** How a chain is opened. */
export interface OpenOptions {
  /** The first block of a new chain; without it, one that is not there is `missing`. */
  readonly genesis?: GenesisOptions;
  /** Whether all blocks are validated while they are read. Default true. */
  readonly validates?: boolean;
}

/** What else is said of a block. */
export interface StoredBlockInit {
  /** Whether a note of the log of Raft tells of it. */
  readonly isNote?: boolean;
  /** Keys of chunks by which it is found. Default those of a backup that is not encrypted. */
  readonly keys?: readonly Uint8Array[];
  /** Whether it was made on {@link StoredChain.pendingTip} just now: then it is not hashed once more. */
  readonly isMadeHere?: boolean;
}

/** A block that is to be stored. */
interface Waiting<Value, Emitted> {
  readonly block: Block;
  readonly isNote: boolean;
  readonly keys: readonly Uint8Array[];
  readonly done: ChainDone<void, Value, Emitted>;
}

/** The value of a chain on its disk; of a repaired one, the same with a number. */
export const CHAIN_KEY = "chain/blocks";
const KEY = /^chain\/blocks(?:-([1-9]\d{0,8}))?$/;

/**
 * The blocks of one disk. Nothing is told as appended, found or handed out before it is stored. In memory are the hash
 * and the place of each block; its data is read where it is needed.
 */
export class StoredChain<Value = unknown, Emitted = unknown> {
  readonly #disk: DiskOperations<Value, Emitted>;
  readonly #keysOf: (block: Block) => readonly Uint8Array[];
  #index = new ChainIndex();
  #file: BlockFile;
  #hashing: BlockHashing = gobHashing();
  /** The newest block that is stored, and the newest that is to be. */
  #tip: Block | undefined;
  #pendingTip: Block | undefined;
  #waiting: Waiting<Value, Emitted>[] = [];
  #isWriting = false;
  #damage: WireIssue | undefined;

  /** @param keysOf the keys of blocks that are read from the disk, for those of encrypted backups */
  constructor(disk: DiskOperations<Value, Emitted>, keysOf: (block: Block) => readonly Uint8Array[] = keysOfBackup) {
    this.#disk = disk;
    this.#keysOf = keysOf;
    this.#file = new BlockFile(CHAIN_KEY);
  }

  /** How all blocks are hashed. */
  get hashing(): BlockHashing {
    return this.#hashing;
  }

  /** Number of blocks that are stored and can be read. */
  get count(): number {
    return this.#index.count;
  }

  /** The newest block; undefined before the chain is open, and where its first block is damaged. */
  get tip(): Block | undefined {
    return this.#tip;
  }

  /** Bytes of the records. */
  get bytes(): number {
    return this.#file.end;
  }

  /** Why nothing can be appended; undefined for a sound chain. `path` names the first block that cannot be used. */
  get damage(): WireIssue | undefined {
    return this.#damage;
  }

  /** Whether blocks wait to be stored. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  /** The hash of a stored block. */
  hashAt(place: number): Uint8Array | undefined {
    return this.#index.hashAt(place);
  }

  /** The place of the stored block with a hash of 32 bytes, or of the newest with a key of 20. @throws WireError */
  find(hashOrKey: Uint8Array): number | undefined {
    return this.#index.find(hashOrKey);
  }

  // Opening

  /**
   * Reads the chain, or makes its first block. A chain that is damaged or not valid opens with what comes before: see
   * {@link damage}.
   */
  open(options: OpenOptions, done: ChainDone<void, Value, Emitted>, out: Effect<Value, Emitted>[]): void {
    this.#disk.list(
      CHAIN_KEY,
      (keys, nowMs, more, issue) => {
        if (keys === undefined) return done({ ok: false, error: issue ?? missing("chain") }, nowMs, more);
        const found = keys.filter((key) => KEY.test(key)).sort((a, b) => generationOf(a) - generationOf(b));
        const [current, ...unfinished] = found;
        if (current === undefined) return this.#create(options, done, nowMs, more);
        this.#file = new BlockFile(current);
        const removals = unfinished.map((key): DiskWrite => ({ key, remove: true }));
        if (removals.length === 0) return this.#read(options, done, more);
        // A repair was not finished: the chain is still the one it began with.
        this.#disk.store(
          removals,
          (isStored, laterMs, last, failure) => {
            if (isStored) this.#read(options, done, last);
            else done({ ok: false, error: failure ?? missing("chain") }, laterMs, last);
          },
          more,
        );
      },
      out,
    );
  }

  #create(
    { genesis }: OpenOptions,
    done: ChainDone<void, Value, Emitted>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    if (genesis === undefined) return done({ ok: false, error: missing("chain") }, nowMs, out);
    try {
      const { hashing = gobHashing() } = genesis;
      const first = genesisBlock({ ...genesis, hashing });
      this.#hashing = hashing;
      const keys = this.#keysOf(first);
      this.#file.begin(hashing, first);
      this.#pendingTip = first;
      this.#put({ block: first, isNote: false, keys, done }, nowMs, out);
    } catch (error) {
      if (!isWireError(error)) throw error;
      done({ ok: false, error: error.toJSON() }, nowMs, out);
    }
  }

  #read({ validates = true }: OpenOptions, done: ChainDone<void, Value, Emitted>, out: Effect<Value, Emitted>[]): void {
    let validator: ChainValidator | undefined;
    let chainId: Uint8Array | undefined;
    let last: Block | undefined;
    let flaw: WireIssue | undefined;
    const visit = ({ body }: ChainRecord, offset: number, length: number): string | undefined => {
      if (body instanceof Uint8Array) return "a record of an unknown type";
      const place = this.#index.count;
      if (body.kind === "header") {
        if (chainId !== undefined) return "a second header";
        chainId = body.chainId.slice();
        this.#hashing = hashingOfHeader(body);
        if (validates) validator = new ChainValidator({}, this.#hashing);
      } else if (chainId === undefined) return "no header in front";
      else if (body.kind === "index") return this.#file.fits(body) ? undefined : "an index of other blocks";
      else {
        const block = ownBlock(blockOfRecord(body));
        if (place === 0 && !equalBytes(chainIdOf(block.hash), chainId)) return "the first block of another chain";
        if (validator?.take(block) === false) {
          const { path, reason } = validator.finish().firstBad!;
          flaw = damageOf(place, path, reason);
          return reason;
        }
        this.#index.add(block.hash, this.#keysOf(block));
        this.#file.add(block.hash, offset, length);
        last = block;
      }
      return undefined;
    };
    const visitor = {
      record: (record: ChainRecord, offset: number, length: number): boolean => {
        let reason: string | undefined;
        try {
          reason = visit(record, offset, length);
        } catch (error) {
          if (!isWireError(error)) throw error;
          reason = error.message;
        }
        if (reason !== undefined) flaw ??= damageOf(this.#index.count, "", reason);
        else this.#file.end = offset + length;
        return flaw === undefined;
      },
      ended: (_end: number, issue: WireIssue | undefined, nowMs: Millis, more: Effect<Value, Emitted>[]): void => {
        if (issue !== undefined) flaw ??= damageOf(this.#index.count, "", issue.actual ?? issue.code);
        if (last === undefined) flaw ??= damageOf(0, "", "there is no block");
        this.#damage = flaw;
        this.#tip = this.#pendingTip = last;
        done({ ok: true, value: undefined }, nowMs, more);
      },
    };
    scanRecords(this.#disk, this.#file.key, { offset: 0 }, visitor, out);
  }

  // Appending

  /** The newest block, also one that is not stored yet: the next has its hash and the next index. */
  get pendingTip(): Block | undefined {
    return this.#pendingTip;
  }

  /**
   * Appends a block, which is kept as it is. `done` tells when it is stored. Blocks that come meanwhile are written
   * together; when a store fails, all that wait fail with it, and the chain is as before.
   */
  append(
    block: Block,
    { isNote = false, keys, isMadeHere = false }: StoredBlockInit,
    done: ChainDone<void, Value, Emitted>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    const issue = this.#damage ?? this.#refusal(block, isMadeHere);
    if (issue !== undefined) return done({ ok: false, error: issue }, nowMs, out);
    this.#pendingTip = block;
    this.#put({ block, isNote, keys: keys ?? this.#keysOf(block), done }, nowMs, out);
  }

  #refusal(block: Block, isMadeHere: boolean): WireIssue | undefined {
    if (this.#pendingTip === undefined) return missing("chain");
    if (isMadeHere) return undefined;
    const flaw = flawOfNext(block, this.#pendingTip, this.#hashing);
    return flaw && flawError(flaw).toJSON();
  }

  #put(one: Waiting<Value, Emitted>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    this.#waiting.push(one);
    if (!this.#isWriting) this.#write(nowMs, out);
  }

  #write(_nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (this.#waiting.length === 0) return;
    let count = 0;
    for (let bytes = 0; count < this.#waiting.length && bytes < PIECE_BYTES; count++) {
      bytes += this.#waiting[count]!.block.data.data.length;
    }
    const batch = this.#waiting.splice(0, count);
    this.#isWriting = true;
    const { bytes, places } = this.#file.recordsOf(batch);
    this.#disk.store(
      [{ key: this.#file.key, at: this.#file.end, bytes }],
      (isStored, nowMs, more, issue) => {
        this.#isWriting = false;
        if (isStored) this.#stored(batch, places, bytes.length, nowMs, more);
        else this.#failed(batch, issue ?? { code: "storage", format: "chain", path: "" }, nowMs, more);
        if (!this.#isWriting) this.#write(nowMs, more);
      },
      out,
    );
  }

  #stored(
    batch: readonly Waiting<Value, Emitted>[],
    places: readonly { readonly offset: number; readonly length: number }[],
    bytes: number,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    for (const [i, { block, keys }] of batch.entries()) {
      this.#index.add(block.hash, keys);
      this.#file.add(block.hash, places[i]!.offset, places[i]!.length);
      this.#tip = block;
    }
    this.#file.end += bytes;
    for (const { done } of batch) done({ ok: true, value: undefined }, nowMs, out);
  }

  #failed(
    batch: readonly Waiting<Value, Emitted>[],
    issue: WireIssue,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    // What came meanwhile stands on what failed.
    const all = [...batch, ...this.#waiting];
    this.#waiting = [];
    this.#pendingTip = this.#tip;
    for (const { done } of all) done({ ok: false, error: issue }, nowMs, out);
  }

  // Reading

  /** Reads a stored block: a copy. */
  read(place: number, done: ChainDone<Block, Value, Emitted>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    const stored = this.#file.placeOf(place);
    if (stored === undefined) return done({ ok: false, error: missing(`blocks[${place}]`) }, nowMs, out);
    let found: Block | undefined;
    const { offset, length } = stored;
    const visitor = {
      record: ({ body }: ChainRecord): boolean => {
        if (!(body instanceof Uint8Array) && body.kind === "block") found = ownBlock(blockOfRecord(body));
        return true;
      },
      ended: (_end: number, issue: WireIssue | undefined, laterMs: Millis, more: Effect<Value, Emitted>[]): void => {
        if (found !== undefined && equalBytes(found.hash, this.#index.hashAt(place)!)) {
          return done({ ok: true, value: found }, laterMs, more);
        }
        done({ ok: false, error: damageOf(place, "", issue?.actual ?? "reads as another block") }, laterMs, more);
      },
    };
    scanRecords(this.#disk, this.#file.key, { offset, end: offset + length }, visitor, out);
  }

  /**
   * Reads bytes of the record of a block. @param done takes bytes that are borrowed, and the length of the record
   */
  readRecord(
    place: number,
    at: number,
    length: number,
    done: ChainDone<{ readonly bytes: Uint8Array; readonly totalBytes: number }, Value, Emitted>,
    nowMs: Millis,
    out: Effect<Value, Emitted>[],
  ): void {
    const stored = this.#file.placeOf(place);
    if (stored === undefined || at >= stored.length) {
      return done({ ok: false, error: missing(`blocks[${place}]`) }, nowMs, out);
    }
    const wanted = Math.min(length, stored.length - at);
    this.#disk.load(
      { key: this.#file.key, at: stored.offset + at, length: wanted },
      (value, laterMs, more, issue) => {
        if (value?.bytes?.length === wanted) {
          return done({ ok: true, value: { bytes: value.bytes, totalBytes: stored.length } }, laterMs, more);
        }
        done({ ok: false, error: damageOf(place, "", issue?.actual ?? "cannot be read") }, laterMs, more);
      },
      out,
    );
  }

  /** Bytes of the record of a block; undefined for one that is not stored. */
  recordBytes(place: number): number | undefined {
    return this.#file.placeOf(place)?.length;
  }

  /** Reads all blocks again, a piece a turn, and validates them. */
  validate(options: ValidateOptions, done: ChainDone<Validation, Value, Emitted>, out: Effect<Value, Emitted>[]): void {
    const validator = new ChainValidator(options, this.#hashing);
    const damage = this.#damage;
    const visitor = {
      record: ({ body }: ChainRecord): boolean =>
        body instanceof Uint8Array || body.kind !== "block" || validator.take(ownBlock(blockOfRecord(body))),
      ended: (_end: number, issue: WireIssue | undefined, nowMs: Millis, more: Effect<Value, Emitted>[]): void => {
        if (issue !== undefined) validator.fail(issue.actual ?? issue.code);
        // Blocks that were read are wrong in a way that only their order in the file shows.
        else if (damage !== undefined) validator.fail(damage.actual ?? damage.code);
        done({ ok: true, value: { ...validator.finish(), height: BigInt(this.count - 1) } }, nowMs, more);
      },
    };
    const end = damage === undefined ? this.#file.end : Infinity;
    scanRecords(this.#disk, this.#file.key, { offset: 0, end }, visitor, out);
  }

  // Repair

  /**
   * Copies the blocks in front of the damage to a new value and removes the old one, in one step at the end. The rest
   * has to be fetched from elsewhere. @param done takes the number of blocks that are left
   */
  repair(done: ChainDone<number, Value, Emitted>, nowMs: Millis, out: Effect<Value, Emitted>[]): void {
    if (this.#damage === undefined) return done({ ok: true, value: this.count }, nowMs, out);
    if (this.#tip === undefined) return done({ ok: false, error: this.#damage }, nowMs, out);
    const from = this.#file.key;
    const to = `${CHAIN_KEY}-${generationOf(from) + 1}`;
    const { end } = this.#file;
    const copy = (at: number, effects: Effect<Value, Emitted>[]): void => {
      const length = Math.min(PIECE_BYTES, end - at);
      this.#disk.load(
        { key: from, at, length },
        (value, laterMs, more, issue) => {
          if (value?.bytes?.length !== length) {
            return done({ ok: false, error: issue ?? damageOf(this.count, "", "cannot be read") }, laterMs, more);
          }
          const isLast = at + length === end;
          const put = { key: to, at, bytes: value.bytes.slice() };
          this.#disk.store(
            isLast ? [put, { key: from, remove: true }] : [put],
            (isStored, lastMs, last, failure) => {
              if (!isStored) {
                return done(
                  { ok: false, error: failure ?? damageOf(this.count, "", "cannot be copied") },
                  lastMs,
                  last,
                );
              }
              if (!isLast) return copy(at + length, last);
              this.#file.key = to;
              this.#damage = undefined;
              done({ ok: true, value: this.count }, lastMs, last);
            },
            more,
          );
        },
        effects,
      );
    };
    copy(0, out);
  }
}

function generationOf(key: string): number {
  return Number(KEY.exec(key)?.[1] ?? 0);
}

function missing(path: string): WireIssue {
  return { code: "missing", format: "chain", path, actual: "there is no such block" };
}

function damageOf(place: number, path: string, reason: string): WireIssue {
  const suffix = path === "" ? "" : `.${path}`;
  return { code: "storage", format: "chain", path: `blocks[${place}]${suffix}`, actual: reason };
}
