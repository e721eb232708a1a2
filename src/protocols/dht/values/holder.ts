/** The values of a server and their bytes on its disk: stored before they are promised, found again after a start. */
import { own, toHex } from "../../../bytes/index.js";
import {
  encodeIndexRecord,
  peekIndexRecordLength,
  RecordType,
  tryDecodeIndexRecord,
  type IndexPut,
} from "../../../codec/gen/dht/index.js";
import { AnswerCode } from "../../../codec/gen/rpc/index.js";
import type { Env, Millis } from "../../../machine/index.js";
import type { DhtEffect } from "../core/types.js";
import type { DiskOperations } from "./disk-operations.js";
import type { ValueFacts } from "./facts.js";
import { IndexFile } from "./index-file.js";
import { ValueIndex, type HeldValue, type ValueLimits, type ValueSource } from "./value-index.js";

const INDEX_PREFIX = "dht/index/";
const VALUE_PREFIX = "dht/value/";
/** Bytes of the hash that the name of a value's file has. */
const NAME_HASH_BYTES = 8;

/** Pauses between attempts to read the index: the first, and the longest. */
const REOPEN_FIRST_MS = 1_000;
const REOPEN_MAX_MS = 60_000;

/** What became of a value: stored, already there, full or refused. */
export type PutDone = (code: AnswerCode, nowMs: Millis, out: DhtEffect[]) => void;

/** Takes a value that is held from now on, or for longer than before. */
export type ValueHeld = (value: HeldValue, nowMs: Millis) => void;

/** Values on a disk. Nothing is handed out, and nothing promised, before it is stored. */
export class Holder {
  readonly #index: ValueIndex;
  readonly #disk: DiskOperations;
  readonly #env: Env;
  readonly #held: ValueHeld;
  readonly #graceSeconds: number;
  readonly #files = new Map<string, IndexFile>();
  /** Values whose bytes or records are not stored yet, and who waits for that. */
  readonly #storing = new Map<HeldValue, PutDone[]>();
  #isOpen = false;
  #reopenMs: Millis = Infinity;
  #reopenDelayMs = REOPEN_FIRST_MS;

  /** @param held is told of each value that is durable, and of those that the disk had */
  constructor(
    limits: ValueLimits & { readonly graceSeconds: number },
    disk: DiskOperations,
    env: Env,
    held: ValueHeld,
  ) {
    this.#graceSeconds = limits.graceSeconds;
    this.#index = new ValueIndex(limits);
    this.#disk = disk;
    this.#env = env;
    this.#held = held;
  }

  /** Number of values. */
  get size(): number {
    return this.#index.size;
  }

  /** Bytes of all values. */
  get bytes(): number {
    return this.#index.bytes;
  }

  /** Whether the values of the disk are known. Until then nothing is taken, and nothing found. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get nextMs(): Millis {
    return Math.min(this.#index.nextMs, this.#reopenMs);
  }

  /** All values that are stored. */
  *values(): IterableIterator<HeldValue> {
    for (const value of this.#index.values()) if (!this.#storing.has(value)) yield value;
  }

  /** Whether a value has not been dropped, displaced or replaced. */
  holds(value: HeldValue): boolean {
    return this.#index.variants(value.key).includes(value);
  }

  /** The value under a key: that of a hash, or the one that has been held longest. */
  find(key: Uint8Array, nowMs: Millis, dataSha256?: Uint8Array): HeldValue | undefined {
    const value = this.#index.get(key, nowMs, dataSha256);
    if (value === undefined || !this.#storing.has(value)) return value;
    if (dataSha256 !== undefined) return undefined;
    return this.#index.variants(key).find((other) => !this.#storing.has(other) && other.expiresMs > nowMs);
  }

  /** Takes a value that bears its facts out, and stores it. `done` is called when it is durable, or was refused. */
  put(
    key: Uint8Array,
    value: Uint8Array,
    facts: ValueFacts,
    source: ValueSource,
    done: PutDone,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    // Its disk is being read: it takes values later, and is no server that refuses them now.
    if (!this.#isOpen) return done(AnswerCode.rate, nowMs, out);
    const offer = this.#index.offer(key, facts, value.length, source, nowMs);
    switch (offer.outcome) {
      case "expired":
        return done(AnswerCode.refused, nowMs, out);
      case "full":
        return done(AnswerCode.full, nowMs, out);
      case "known": {
        const waiting = this.#storing.get(offer.value);
        if (waiting !== undefined) return void waiting.push(done);
        if (!offer.isChanged) return done(AnswerCode.already, nowMs, out);
        return this.#record(
          offer.value,
          (isStored, endMs, effects) => {
            if (isStored && this.holds(offer.value)) this.#held(offer.value, endMs);
            done(isStored ? AnswerCode.already : AnswerCode.full, endMs, effects);
          },
          nowMs,
          out,
        );
      }
      case "new":
        for (const displaced of offer.displaced) this.#erase(displaced, nowMs, out);
        this.#storing.set(offer.value, [done]);
        this.#disk.store(
          [{ key: pathOf(offer.value), at: 0, bytes: value }],
          (isStored, endMs, effects) => this.#bytesStored(offer.value, isStored, endMs, effects),
          out,
        );
    }
  }

  /**
   * Reads bytes of a value. One whose bytes are gone or damaged is dropped.
   * @param done takes undefined for such a one; the bytes are its own
   */
  read(
    value: HeldValue,
    at: number,
    length: number,
    done: (bytes: Uint8Array | undefined, nowMs: Millis, out: DhtEffect[]) => void,
    out: DhtEffect[],
  ): void {
    this.#disk.load(
      { key: pathOf(value), at, length },
      (loaded, nowMs, effects) => {
        const wanted = Math.min(length, value.totalBytes - at);
        const isWhole = loaded?.bytes?.length === wanted && loaded.badAt === undefined;
        // A disk that fails once may have it the next time.
        if (loaded !== undefined && !isWhole) this.drop(value, nowMs, effects);
        const bytes = isWhole ? loaded.bytes : undefined;
        done(bytes && loaded?.isGiven !== true ? own(bytes) : bytes, nowMs, effects);
      },
      out,
    );
  }

  /** Drops a value and its bytes. */
  drop(value: HeldValue, nowMs: Millis, out: DhtEffect[]): void {
    this.#index.remove(value);
    this.#erase(value, nowMs, out);
  }

  /** Drops what has expired, and tries again to read what could not be read. @param expired is told of each */
  wake(nowMs: Millis, out: DhtEffect[], expired: (value: HeldValue) => void): void {
    if (this.#reopenMs <= nowMs) {
      this.#reopenMs = Infinity;
      this.open(out);
    }
    for (let due = this.#index.popExpired(nowMs); due !== undefined; due = this.#index.popExpired(nowMs)) {
      expired(due);
      this.#erase(due, nowMs, out);
    }
  }

  // Start

  /** Reads the index of the disk, and removes bytes without a record. Where the disk fails, it is tried again later. */
  open(out: DhtEffect[]): void {
    this.#disk.list(
      INDEX_PREFIX,
      (keys, nowMs, effects) => {
        if (keys === undefined) return this.#openLater(nowMs);
        const unread = keys.filter((key) => !this.#files.has(key));
        let left = unread.length;
        let failed = 0;
        if (left === 0) return this.#removeStrangers(effects);
        for (const key of unread) {
          this.#disk.load(
            { key },
            (loaded, endMs, more) => {
              if (loaded === undefined) failed++;
              else this.#readIndex(key, loaded.bytes ?? new Uint8Array(0), loaded.badAt !== undefined, endMs);
              if (--left > 0) return;
              if (failed > 0) this.#openLater(endMs);
              else this.#removeStrangers(more);
            },
            effects,
          );
        }
      },
      out,
    );
  }

  #openLater(nowMs: Millis): void {
    this.#reopenMs = nowMs + this.#reopenDelayMs;
    this.#reopenDelayMs = Math.min(REOPEN_MAX_MS, 2 * this.#reopenDelayMs);
  }

  #readIndex(file: string, bytes: Uint8Array, isDamaged: boolean, nowMs: Millis): void {
    const last = new Map<string, IndexPut | undefined>();
    let at = 0;
    while (at < bytes.length) {
      const length = peekIndexRecordLength(bytes, at, bytes.length);
      const record = length > 0 ? tryDecodeIndexRecord(bytes, at, at + length) : undefined;
      if (record?.ok !== true || record.value.body instanceof Uint8Array) break;
      const { recordType, body } = record.value;
      const name = `${toHex(body.key)} ${toHex(body.dataSha256)}`;
      last.set(name, recordType === RecordType.put ? (body as IndexPut) : undefined);
      at += length;
    }
    this.#files.set(file, this.#fileOf(file, { size: bytes.length, isBroken: isDamaged || at < bytes.length }));
    for (const put of last.values()) if (put !== undefined) this.#restore(put, nowMs);
  }

  #restore(put: IndexPut, nowMs: Millis): void {
    // The age goes on while the server is down, but never back.
    const pausedNs = this.#env.unixNs() - put.atUnixNs;
    const { valueKind, chunk, ttlSeconds, publisher, dataSha256, isCached, isOwn } = put;
    const downSeconds = put.ageSeconds + Math.max(0, Math.ceil(Number(pausedNs) / 1e9));
    // All that could have stored it again may have been down as well, and a wall clock may have jumped.
    const graceSeconds = isCached ? 0 : this.#graceSeconds;
    const ageSeconds = Math.max(put.ageSeconds, Math.min(downSeconds, ttlSeconds - graceSeconds));
    const facts = {
      valueKind: valueKind as ValueFacts["valueKind"],
      chunk,
      ttlSeconds,
      publisher,
      dataSha256,
      isCached,
    };
    const offer = this.#index.offer(put.key, { ...facts, ageSeconds }, put.totalBytes, { isOwn }, nowMs);
    if (offer.outcome === "new") this.#file(put.key).live.add(offer.value);
  }

  #removeStrangers(out: DhtEffect[]): void {
    this.#disk.list(
      VALUE_PREFIX,
      (keys, nowMs, effects) => {
        if (keys === undefined) return this.#openLater(nowMs);
        const known = new Set([...this.#index.values()].map(pathOf));
        const strange = keys.filter((key) => !known.has(key));
        // They are not needed: a removal that fails is tried again at the next start.
        for (const key of strange) this.#disk.store([{ key, remove: true }], () => {}, effects);
        this.#isOpen = true;
        for (const value of this.#index.values()) this.#held(value, nowMs);
      },
      out,
    );
  }

  // Stores

  #bytesStored(value: HeldValue, isStored: boolean, nowMs: Millis, out: DhtEffect[]): void {
    // It may have expired or been displaced meanwhile; what was erased then has come back by this store.
    if (isStored && this.holds(value)) {
      return this.#record(
        value,
        (isRecorded, endMs, effects) => this.#ended(value, isRecorded, endMs, effects),
        nowMs,
        out,
      );
    }
    this.#ended(value, false, nowMs, out);
  }

  /** Tells those who wait for a value whether it is durable. */
  #ended(value: HeldValue, isDurable: boolean, nowMs: Millis, out: DhtEffect[]): void {
    const waiting = this.#storing.get(value) ?? [];
    this.#storing.delete(value);
    if (isDurable) {
      this.#file(value.key).live.add(value);
      this.#held(value, nowMs);
    } else this.drop(value, nowMs, out);
    for (const [i, done] of waiting.entries()) {
      done(!isDurable ? AnswerCode.full : i === 0 ? AnswerCode.done : AnswerCode.already, nowMs, out);
    }
  }

  #record(
    value: HeldValue,
    done: (isStored: boolean, nowMs: Millis, out: DhtEffect[]) => void,
    nowMs: Millis,
    out: DhtEffect[],
  ): void {
    this.#file(value.key).append(this.#putRecord(value, nowMs), done, nowMs, out);
  }

  /** Removes the record of a value, then its bytes. */
  #erase(value: HeldValue, nowMs: Millis, out: DhtEffect[]): void {
    const { key, facts } = value;
    this.#file(key).live.delete(value);
    const body = { kind: "index_drop" as const, key, dataSha256: facts.dataSha256 };
    const record = encodeIndexRecord({ recordType: RecordType.drop, body });
    const path = pathOf(value);
    this.#file(key).append(
      record,
      (isStored, _endMs, effects) => {
        // The same value may have come again. Bytes that stay without need are removed at the next start.
        const isBack = this.#index.variants(key).some((other) => pathOf(other) === path);
        if (isStored && !isBack) this.#disk.store([{ key: path, remove: true }], () => {}, effects);
      },
      nowMs,
      out,
    );
  }

  #file(key: Uint8Array): IndexFile {
    const name = INDEX_PREFIX + toHex(key.subarray(0, 1));
    let file = this.#files.get(name);
    if (file === undefined) this.#files.set(name, (file = this.#fileOf(name)));
    return file;
  }

  #fileOf(name: string, found?: { readonly size: number; readonly isBroken: boolean }): IndexFile {
    return new IndexFile(name, this.#disk, (value, nowMs) => this.#putRecord(value, nowMs), found);
  }

  #putRecord(value: HeldValue, nowMs: Millis): Uint8Array {
    const { key, facts, totalBytes, publishedMs, isOwn } = value;
    const { valueKind, chunk, ttlSeconds, publisher, dataSha256, isCached } = facts;
    const ageSeconds = Math.max(0, Math.ceil((nowMs - publishedMs) / 1000));
    const about = { reserved: 0, isOwn, isCached, valueKind, ttlSeconds, ageSeconds, atUnixNs: this.#env.unixNs() };
    const body: IndexPut = { kind: "index_put", key, ...about, publisher, dataSha256, totalBytes, chunk };
    return encodeIndexRecord({ recordType: RecordType.put, body });
  }
}

/** The key under which the bytes of a value lie on the disk. */
function pathOf({ key, facts }: HeldValue): string {
  return `${VALUE_PREFIX}${toHex(key)}-${toHex(facts.dataSha256.subarray(0, NAME_HASH_BYTES))}`;
}
