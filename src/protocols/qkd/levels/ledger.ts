/** The ledger of a member: which keys its messages have taken, and which messages it has opened. */
import {
  encodeReservation,
  peekReservationLength,
  tryDecodeReservation,
  type LedgerRecord,
} from "../../../codec/gen/qkd/index.js";
import { concatBytes, toHex } from "../../../bytes/index.js";
import { WireError, type Result } from "../../../errors.js";
import { sha256 } from "../../../kernel/index.js";
import type { Disk, DiskWrite } from "../../../machine/index.js";
import { envelopeError } from "./errors.js";

/**
 * What a member may not do twice. Keys and messages are told by hashes: those of tombstones, and {@link flowHash}. All
 * calls that resolve are remembered, on a disk also across a crash.
 */
export interface Ledger {
  /** Reserves keys for a message, before a byte of them is used. @throws EnvelopeError KEY_USED, LEDGER_FULL */
  reserve(flowId: Uint8Array, createdMs: number, keys: readonly Uint8Array[]): Promise<void>;
  /** The message was handed out whole. */
  markUsed(flowId: Uint8Array): Promise<void>;
  /** The message was not handed out whole: its keys are lost. */
  burn(flowId: Uint8Array): Promise<void>;
  /** Whether a message was opened with the key. */
  isTaken(key: Uint8Array): boolean;
  /** Takes the keys of a message before its content is released. @throws EnvelopeError KEY_USED, LEDGER_FULL */
  take(keys: readonly Uint8Array[], nowMs: number): Promise<void>;
  /** Whether the message was opened or is being opened. */
  isSeen(flow: Uint8Array): boolean;
  /** Begins to open a message. @throws EnvelopeError REPLAYED */
  beginFlow(flow: Uint8Array): void;
  /** Ends to open it: whole, or not. */
  endFlow(flow: Uint8Array, createdMs: number, isWhole: boolean): Promise<void>;
}

/** Bounds of a ledger. */
export interface LedgerOptions {
  /** Keys, and messages, that are remembered at a time; nothing is evicted early. Default 1,000,000 of each. */
  readonly entriesMax?: number;
  /** Time for which keys are remembered; default 30 days. */
  readonly keyAgeMs?: number;
  /** Time for which messages are; default 7 days and 5 minutes, in which an envelope is valid. */
  readonly flowAgeMs?: number;
  /** Bytes of records from which the ledger is written anew without those that count no more. Default 8 MiB. */
  readonly compactBytes?: number;
}

/** An entry of the log. */
type Entry = LedgerRecord["entry"];

/** The code of each kind of entry. */
const CODES = { reserved: 1, used: 2, burnt: 3, seen: 4, taken: 5 } as const;

/** The record of an entry. */
function recordOf(entry: Entry): Uint8Array {
  return encodeReservation({ code: CODES[entry.kind], record: { entry } });
}

const DEFAULTS: Required<LedgerOptions> = {
  entriesMax: 1_000_000,
  keyAgeMs: 30 * 86_400_000,
  flowAgeMs: 7 * 86_400_000 + 5 * 60_000,
  compactBytes: 8 * 1024 * 1024,
};

const utf8 = new TextEncoder();
const ZERO = Uint8Array.of(0);

/** SHA-256 of sender, zero and flow id. */
export function flowHash(sender: string, flowId: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8.encode(sender), ZERO, flowId));
}

/** A ledger in memory: what it knows is forgotten when the process ends, and keys may then be used again. */
export function memoryLedger(options: LedgerOptions = {}): Ledger {
  return new Book({ ...DEFAULTS, ...options });
}

/** A ledger on a disk. */
export interface DiskLedger extends Ledger {
  /** Waits for what is being written. The disk is the caller's to close. */
  close(): Promise<void>;
}

/**
 * Opens the ledger of a member on a disk whose values grow at their end, such as segment files. Reservations of
 * messages that were not handed out whole are burnt. No other process may use the disk meanwhile.
 * @param saeId whose ledger it is
 * @param nowMs Unix time, by which old entries are forgotten
 * @throws WireError `storage` if the disk fails or the ledger is damaged
 */
export async function openLedger(
  disk: Disk,
  saeId: string,
  nowMs: number,
  options: LedgerOptions = {},
): Promise<DiskLedger> {
  const book = new Book({ ...DEFAULTS, ...options });
  await book.open(disk, saeId, nowMs);
  return book;
}

/** Bytes of one store when a ledger is written anew. */
const PART_BYTES = 512 * 1024;

/** Entries in memory, and their records on a disk if there is one. */
class Book implements DiskLedger {
  readonly #options: Required<LedgerOptions>;
  /** Reserved keys by hash, with the time of their message. */
  readonly #reserved = new Map<string, number>();
  readonly #taken = new Map<string, number>();
  readonly #seen = new Map<string, number>();
  /** Messages that are being opened. */
  readonly #opening = new Set<string>();
  /** Messages that are reserved and not handed out. */
  readonly #pending = new Set<string>();
  #log: Log | undefined;

  constructor(options: Required<LedgerOptions>) {
    this.#options = options;
  }

  async open(disk: Disk, saeId: string, nowMs: number): Promise<void> {
    const log = new Log(disk, `sae-${toHex(sha256(utf8.encode(saeId)).subarray(0, 12))}-`);
    for (const record of await log.load()) this.#apply(record);
    this.#log = log;
    const burnt = [...this.#pending].map((flow): Entry => ({ kind: "burnt", flowId: bytesOf(flow) }));
    this.#pending.clear();
    if (burnt.length > 0) await log.append(burnt.map(recordOf));
    if (this.#isLong(log)) await this.#compact(nowMs);
  }

  async reserve(flowId: Uint8Array, createdMs: number, keys: readonly Uint8Array[]): Promise<void> {
    const names = keys.map(textOf);
    if (new Set(names).size < names.length || names.some((name) => this.#reserved.has(name))) {
      throw envelopeError("KEY_USED", "keys", "a message has taken one of them");
    }
    this.#requireRoom(this.#reserved, names.length, createdMs, this.#options.keyAgeMs);
    // At once, so that no other message takes them meanwhile; if the disk refuses, they are lost.
    for (const name of names) this.#reserved.set(name, createdMs);
    this.#pending.add(textOf(flowId));
    await this.#write({ kind: "reserved", flowId, createdMs, keys: [...keys] }, createdMs);
  }

  async markUsed(flowId: Uint8Array): Promise<void> {
    if (!this.#pending.delete(textOf(flowId))) return;
    await this.#write({ kind: "used", flowId });
  }

  async burn(flowId: Uint8Array): Promise<void> {
    if (!this.#pending.delete(textOf(flowId))) return;
    await this.#write({ kind: "burnt", flowId });
  }

  isTaken(key: Uint8Array): boolean {
    return this.#taken.has(textOf(key));
  }

  async take(keys: readonly Uint8Array[], nowMs: number): Promise<void> {
    if (keys.length === 0) return;
    const names = keys.map(textOf);
    if (new Set(names).size < names.length || names.some((name) => this.#taken.has(name))) {
      throw envelopeError("KEY_USED", "keys", "a message was opened with one of them");
    }
    this.#requireRoom(this.#taken, names.length, nowMs, this.#options.keyAgeMs);
    for (const name of names) this.#taken.set(name, nowMs);
    await this.#write({ kind: "taken", createdMs: nowMs, keys: [...keys] }, nowMs);
  }

  isSeen(flow: Uint8Array): boolean {
    const name = textOf(flow);
    return this.#seen.has(name) || this.#opening.has(name);
  }

  beginFlow(flow: Uint8Array): void {
    if (this.isSeen(flow)) throw envelopeError("REPLAYED", "flowId");
    this.#opening.add(textOf(flow));
  }

  async endFlow(flow: Uint8Array, createdMs: number, isWhole: boolean): Promise<void> {
    const name = textOf(flow);
    try {
      if (!isWhole || this.#seen.has(name)) return;
      this.#requireRoom(this.#seen, 1, createdMs, this.#options.flowAgeMs);
      this.#seen.set(name, createdMs);
      await this.#write({ kind: "seen", flow, createdMs }, createdMs);
    } finally {
      this.#opening.delete(name);
    }
  }

  async close(): Promise<void> {
    await this.#log?.whenIdle();
  }

  async #write(record: Entry, nowMs?: number): Promise<void> {
    const log = this.#log;
    if (log === undefined) return;
    await log.append([recordOf(record)]);
    if (nowMs !== undefined && this.#isLong(log) && !log.isCompacting) await this.#compact(nowMs);
  }

  /** Whether it is worth to write a log anew: at twice what was left of it the last time, so that this stays rare. */
  #isLong(log: Log): boolean {
    return log.size > Math.max(this.#options.compactBytes, 2 * log.compactedSize);
  }

  /** Forgets what is old, and refuses what would be too much. */
  #requireRoom(entries: Map<string, number>, more: number, nowMs: number, ageMs: number): void {
    const { entriesMax } = this.#options;
    if (entries.size + more > entriesMax) forget(entries, nowMs - ageMs);
    if (entries.size + more > entriesMax) throw envelopeError("LEDGER_FULL", "entries", `${entries.size}`);
  }

  #apply(record: Entry): void {
    switch (record.kind) {
      case "reserved":
        for (const key of record.keys) this.#reserved.set(textOf(key), record.createdMs);
        this.#pending.add(textOf(record.flowId));
        break;
      case "used":
      case "burnt":
        this.#pending.delete(textOf(record.flowId));
        break;
      case "seen":
        this.#seen.set(textOf(record.flow), record.createdMs);
        break;
      case "taken":
        for (const key of record.keys) this.#taken.set(textOf(key), record.createdMs);
    }
  }

  /** Writes what still counts to the next value, then removes the old one. */
  #compact(nowMs: number): Promise<void> {
    return this.#log!.compact(() => {
      forget(this.#reserved, nowMs - this.#options.keyAgeMs);
      forget(this.#taken, nowMs - this.#options.keyAgeMs);
      forget(this.#seen, nowMs - this.#options.flowAgeMs);
      return this.#records();
    });
  }

  /** All entries as records, those of one time together. Whose keys they were is forgotten. */
  *#records(): Generator<Uint8Array> {
    for (const [createdMs, keys] of byTime(this.#taken)) {
      yield recordOf({ kind: "taken", createdMs, keys });
    }
    for (const [createdMs, keys] of byTime(this.#reserved)) {
      const flowId = new Uint8Array(16);
      yield recordOf({ kind: "reserved", flowId, createdMs, keys });
      yield recordOf({ kind: "burnt", flowId });
    }
    for (const [flow, createdMs] of this.#seen) {
      yield recordOf({ kind: "seen", flow: bytesOf(flow), createdMs });
    }
    // Reserved once more, so that a crash burns them and their end is not one of an unknown message.
    for (const flow of this.#pending) {
      yield recordOf({ kind: "reserved", flowId: bytesOf(flow), createdMs: 0, keys: [] });
    }
  }
}

/** Keys in groups of one time, at most as many as a record holds. */
function* byTime(entries: ReadonlyMap<string, number>): Generator<[number, Uint8Array[]]> {
  const groups = new Map<number, Uint8Array[]>();
  for (const [name, time] of entries) {
    const group = groups.get(time);
    if (group === undefined) groups.set(time, [bytesOf(name)]);
    else if (group.push(bytesOf(name)) === 0x4000) {
      yield [time, group];
      groups.delete(time);
    }
  }
  yield* groups;
}

function forget(entries: Map<string, number>, beforeMs: number): void {
  for (const [name, time] of entries) if (time < beforeMs) entries.delete(name);
}

/** The records of a ledger on a disk: values `prefix-n`, of which the lowest n counts. */
class Log {
  readonly #disk: Disk;
  readonly #prefix: string;
  #number = 1;
  #size = 0;
  /** Size after it was last written anew. */
  #compactedSize = 0;
  /** What has to end before the next append: a compaction. */
  #gate: Promise<void> | undefined;
  readonly #appends = new Set<Promise<void>>();
  /** Why no append can succeed any more. */
  #broken: unknown;

  constructor(disk: Disk, prefix: string) {
    this.#disk = disk;
    this.#prefix = prefix;
  }

  get size(): number {
    return this.#size;
  }

  get compactedSize(): number {
    return this.#compactedSize;
  }

  get isCompacting(): boolean {
    return this.#gate !== undefined;
  }

  /** The records of the ledger. @throws WireError `storage` */
  async load(): Promise<Entry[]> {
    const numbers = (await this.#list()).map((key) => Number(key.slice(this.#prefix.length))).sort((a, b) => a - b);
    if (numbers.length === 0) return [];
    this.#number = numbers[0]!;
    // A higher one was being written when the process ended: the lower one is removed with its last part.
    for (const number of numbers.slice(1)) await this.#store([{ key: this.#key(number), remove: true }]);
    const bytes = await this.#load(this.#key(this.#number));
    this.#size = bytes.length;
    const records: Entry[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = peekReservationLength(bytes, at, bytes.length);
      const read = length > 0 ? tryDecodeReservation(bytes, at, at + length) : undefined;
      if (read?.ok !== true) throw damaged(at);
      records.push(read.value.record.entry);
      at += length;
    }
    return records;
  }

  /** Appends records, all or none; they survive a crash when it resolves. */
  async append(records: readonly Uint8Array[]): Promise<void> {
    while (this.#gate !== undefined) await this.#gate;
    const bytes = concatBytes(...records);
    const at = this.#size;
    this.#size += bytes.length;
    await this.#tracked(this.#store([{ key: this.#key(this.#number), at, bytes }]));
  }

  async compact(records: () => Iterable<Uint8Array>): Promise<void> {
    const work = async (): Promise<void> => {
      await this.whenIdle();
      await this.#rewrite(records());
    };
    this.#gate = work().finally(() => (this.#gate = undefined));
    await this.#gate;
  }

  async whenIdle(): Promise<void> {
    while (this.#appends.size > 0) await Promise.allSettled(this.#appends);
  }

  async #rewrite(records: Iterable<Uint8Array>): Promise<void> {
    const [old, key] = [this.#key(this.#number), this.#key(this.#number + 1)];
    let parts: Uint8Array[] = [];
    let at = 0;
    let bytes = 0;
    for (const record of records) {
      if (bytes + record.length > PART_BYTES) {
        await this.#store([{ key, at, bytes: concatBytes(...parts) }]);
        at += bytes;
        [parts, bytes] = [[], 0];
      }
      parts.push(record);
      bytes += record.length;
    }
    await this.#store([
      { key, at, bytes: concatBytes(...parts) },
      { key: old, remove: true },
    ]);
    this.#number++;
    this.#size = at + bytes;
    this.#compactedSize = this.#size;
  }

  async #tracked(work: Promise<void>): Promise<void> {
    this.#appends.add(work);
    try {
      await work;
    } finally {
      this.#appends.delete(work);
    }
  }

  #key(number: number): string {
    return `${this.#prefix}${number}`;
  }

  #list(): Promise<readonly string[]> {
    return new Promise((resolve, reject) => this.#disk.list(this.#prefix, settled(resolve, reject)));
  }

  /** A copy of a value. @throws WireError `storage` if it is damaged */
  #load(key: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#disk.load({ key }, (outcome) => {
        if (!outcome.ok) return reject(new WireError(outcome.error));
        const { bytes, badAt } = outcome.value;
        if (badAt !== undefined) return reject(damaged(badAt));
        resolve(bytes?.slice() ?? new Uint8Array(0));
      });
    });
  }

  /** After a failure nothing more is stored: what was called later would stand on what is not there. */
  async #store(writes: readonly DiskWrite[]): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      await new Promise<void>((resolve, reject) => this.#disk.store(writes, settled(resolve, reject)));
    } catch (error) {
      this.#broken ??= error;
      throw error;
    }
  }
}

function settled<T>(resolve: (value: T) => void, reject: (error: Error) => void): (outcome: Result<T>) => void {
  return (outcome) => (outcome.ok ? resolve(outcome.value) : reject(new WireError(outcome.error)));
}

function damaged(at: number): WireError {
  return new WireError({
    code: "storage",
    format: "qkd.ledger",
    path: "",
    offset: at,
    actual: "the ledger is damaged",
  });
}

const HASH_BYTES = 32;

/**
 * Bytes as a text of half as many characters, a third of the memory of hex. Of a hash in one call: with an argument for
 * each character, 2,048 keys take 0.3 ms, and 6 ms where they are spread.
 */
export function textOf(b: Uint8Array): string {
  if (b.length !== HASH_BYTES) {
    let text = "";
    for (let i = 0; i < b.length; i += 2) text += String.fromCharCode(unit(b, i));
    return text;
  }
  return String.fromCharCode(
    unit(b, 0),
    unit(b, 2),
    unit(b, 4),
    unit(b, 6),
    unit(b, 8),
    unit(b, 10),
    unit(b, 12),
    unit(b, 14),
    unit(b, 16),
    unit(b, 18),
    unit(b, 20),
    unit(b, 22),
    unit(b, 24),
    unit(b, 26),
    unit(b, 28),
    unit(b, 30),
  );
}

function unit(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[2 * i] = code;
    bytes[2 * i + 1] = code >> 8;
  }
  return bytes;
}
