/** The state machine of files: records by the SHA-256 of their file, with revisions and a time to live. */
import { concatBytes, equalBytes, fromHex, own, toHex } from "../../../bytes/index.js";
import {
  decodeFileState,
  encodeFileAnswer,
  encodeFileItem,
  encodeFileState,
  FileCode,
  FileOp,
  FileQueryOp,
  FileStateKind,
  peekFileStateLength,
  tryDecodeFileCommand,
  tryDecodeFileQuery,
  type FileCommand,
  type FileState as StatePart,
} from "../../../codec/gen/dps/index.js";
import { argumentError, WireError } from "../../../errors.js";
import { sha256Stream } from "../../../kernel/index.js";
import { DeadlineHeap } from "../../../machine/index.js";
import type { AppliedCommand, SnapshotSink, SnapshotSource, StateMachine } from "../../raft/index.js";
import { SnapshotItems, snapshotOf } from "../../raft/core/snapshot-items.js";
import { chunkKey } from "../../store/index.js";
import { requireOptions, requireWhole } from "../checks.js";
import { fileNameOf, metadataOf } from "./head.js";

/** Limits of the state, which all members of a cluster must share: what they refuse follows from them. */
export interface FileStateLimits {
  /** Records. Default 1,000,000. */
  readonly filesMax?: number;
  /** Bytes of all records and pages. Default 512 MiB. */
  readonly stateBytesMax?: number;
  /** Bytes of one record with its pages. Default 64 MiB. */
  readonly recordBytesMax?: number;
  /** Time after which pages are dropped whose head has not come, on the clock of the cluster. Default one hour. */
  readonly stagedMs?: number;
}

const HASH_BYTES = 32;
/** Bytes of the head of one record, nearly all of it the name of the file. */
export const HEAD_BYTES_MAX = 16_384;
/** Bytes of one list, so that it fits into any message. */
const LIST_BYTES_MAX = 49_152;
const NONE = new Uint8Array(0);
const ZEROS = new Uint8Array(HASH_BYTES);
/** What a record takes beside its bytes. */
const OVERHEAD_BYTES = 128;

/** A record. It is never changed, only replaced: a snapshot may be reading it. */
interface Entry {
  readonly revision: number;
  /** On the clock of the cluster; 0 for never. */
  readonly expiresMs: number;
  readonly ttlSeconds: number;
  readonly recordSha256: Uint8Array;
  /** The record up to its references. */
  readonly head: Uint8Array;
  /** Its references: none, in one part, or in as many as came. */
  readonly parts: readonly Uint8Array[];
}

/** Pages whose head has not come. */
interface Staged {
  readonly expiresMs: number;
  readonly pages: ReadonlyMap<number, Uint8Array>;
}

/** What a member shows of its state. */
export interface FileStateSize {
  readonly files: number;
  readonly bytes: number;
  /** When the next record or page expires, on the clock of the cluster; Infinity for never. */
  readonly nextExpiryMs: number;
}

/**
 * Records of files. Time passes by the clock of the entries alone: an expired record is there until an entry comes
 * whose clock is behind its end, and `expire` is an entry for nothing else.
 */
export class FileState implements StateMachine {
  readonly #limits: Required<FileStateLimits>;
  #content = new Content();
  /** A snapshot may still be reading the maps: they are copied before they change. */
  #isShared = false;
  #changes = 0;

  /** @throws WireError `argument` */
  constructor(limits: FileStateLimits = {}) {
    requireOptions("limits", limits);
    this.#limits = {
      filesMax: limits.filesMax ?? 1_000_000,
      stateBytesMax: limits.stateBytesMax ?? 512 << 20,
      recordBytesMax: limits.recordBytesMax ?? 64 << 20,
      stagedMs: limits.stagedMs ?? 3_600_000,
    };
    for (const [name, value] of Object.entries(this.#limits)) {
      if (!(typeof value === "number" && value >= 1)) throw argumentError("dps", name, "1 or more", String(value));
    }
    // It becomes part of times, and these of snapshots, which hold whole numbers alone.
    requireWhole("stagedMs", this.#limits.stagedMs);
  }

  get size(): FileStateSize {
    return { files: this.#content.files.size, bytes: this.#content.bytes, nextExpiryMs: this.#content.nextExpiryMs };
  }

  /** Commands that have changed a record, since this object was made. */
  get changes(): number {
    return this.#changes;
  }

  /** The clock of the cluster at the last command. */
  get atMs(): number {
    return this.#content.atMs;
  }

  /** Hashes of all files and their records, in ascending order. */
  *entries(): IterableIterator<{ readonly fileHash: Uint8Array } & Entry> {
    for (const [name, entry] of this.#content.filesBehind("")) yield { fileHash: fromHex(name), ...entry };
  }

  /** Keys of the chunks of all files whose record can be read, at most so many. */
  *chunkKeys(countMax: number): IterableIterator<Uint8Array> {
    let count = 0;
    for (const { fileHash, head } of this.entries()) {
      const { totalChunks = 0 } = metadataOf(head) ?? {};
      for (let index = 0; index < totalChunks; index++) {
        if (++count > countMax) return;
        yield chunkKey(fileHash, index);
      }
    }
  }

  /** Whether there is a record. */
  has(fileHash: Uint8Array): boolean {
    return this.#content.files.has(toHex(fileHash));
  }

  apply({ index, atMs, data }: AppliedCommand): Uint8Array {
    if (this.#isShared) {
      this.#content = this.#content.successor();
      this.#isShared = false;
    }
    if (this.#content.expire(atMs)) this.#changes++;
    const decoded = tryDecodeFileCommand(data);
    return decoded.ok ? this.#execute(decoded.value, index, atMs) : answer(FileCode.refused);
  }

  query(query: Uint8Array): Uint8Array {
    const decoded = tryDecodeFileQuery(query);
    if (!decoded.ok) return answer(FileCode.refused);
    const { op, fileHash, count, prefix } = decoded.value;
    if (op === FileQueryOp.list) return answer(FileCode.done, { body: this.#list(toHex(fileHash), count, prefix) });
    const entry = this.#content.files.get(toHex(fileHash));
    if (entry === undefined) return answer(FileCode.missing);
    const isPaged = entry.parts.length > 1;
    if (op === FileQueryOp.page) {
      const body = entry.parts[count];
      return body === undefined ? answer(FileCode.missing, entry) : answer(FileCode.done, { ...entry, body });
    }
    const body = isPaged ? entry.head : concatBytes(entry.head, ...entry.parts);
    return answer(FileCode.done, { ...entry, pageCount: isPaged ? entry.parts.length : 0, body });
  }

  snapshot(): SnapshotSource {
    this.#isShared = true;
    return snapshotOf(codedIn(this.#content));
  }

  restore(): SnapshotSink {
    const content = new Content();
    const read = new SnapshotItems(peekFileStateLength, (bytes, at, end) =>
      content.take(decodeFileState(bytes, at, end)),
    );
    return {
      write: (bytes) => read.write(bytes),
      finish: () => {
        if (!read.isWhole || content.isOpen)
          throw new WireError({ code: "short", format: "dps_files", path: "snapshot" });
        return () => {
          this.#content = content;
          this.#isShared = false;
        };
      },
    };
  }

  // Commands

  #execute(command: FileCommand, index: number, atMs: number): Uint8Array {
    if (command.op === FileOp.expire) return answer(FileCode.done);
    if (command.op === FileOp.page) return this.#stage(command, atMs);
    const name = toHex(command.fileHash);
    const found = this.#content.files.get(name);
    if (command.expectsRevision && command.revision !== (found?.revision ?? 0)) {
      return answer(FileCode.different, found);
    }
    if (command.op === FileOp.put) return this.#put(name, command, index, atMs);
    if (found === undefined) return answer(FileCode.missing);
    if (command.op === FileOp.delete) {
      this.#content.remove(name);
      this.#changes++;
      return answer(FileCode.done);
    }
    const { ttlSeconds } = command;
    const entry = { ...found, revision: index, ttlSeconds, expiresMs: expiryOf(atMs, ttlSeconds) };
    this.#content.set(name, entry);
    this.#changes++;
    return answer(FileCode.done, entry);
  }

  #put(name: string, command: FileCommand, index: number, atMs: number): Uint8Array {
    const { page: pageCount, recordSha256, ttlSeconds } = command;
    const head = own(command.head);
    if (head.length > HEAD_BYTES_MAX || (pageCount > 0 && command.references.length > 0)) {
      return answer(FileCode.refused);
    }
    // Lists go on behind the last file that can be read: what nobody can read would hide those behind it.
    const metadata = metadataOf(head);
    if (metadata === undefined || toHex(metadata.fileHash) !== name) return answer(FileCode.refused);
    const staged = pageCount === 0 ? undefined : this.#content.staged.get(stageName(name, recordSha256));
    const parts = pageCount === 0 ? inlineOf(command) : pagesOf(staged, pageCount);
    if (parts === undefined) return answer(FileCode.missing);
    const hash = sha256Stream();
    for (const part of [head, ...parts]) hash.update(part);
    if (!equalBytes(hash.digest(), recordSha256)) return answer(FileCode.refused);
    const expiresMs = expiryOf(atMs, ttlSeconds);
    const entry: Entry = { revision: index, expiresMs, ttlSeconds, recordSha256: own(recordSha256), head, parts };
    if (!this.#hasRoom(bytesOf(entry) - bytesOf(this.#content.files.get(name)) - stagedBytes(staged), name)) {
      return answer(FileCode.full);
    }
    this.#content.unstage(stageName(name, recordSha256));
    this.#content.set(name, entry);
    this.#changes++;
    return answer(FileCode.done, entry);
  }

  #stage({ fileHash, recordSha256, page, references }: FileCommand, atMs: number): Uint8Array {
    const name = stageName(toHex(fileHash), recordSha256);
    const staged = this.#content.staged.get(name);
    const before = stagedBytes(staged);
    if (references.length === 0) return answer(FileCode.refused);
    const isLong = before + references.length > this.#limits.recordBytesMax;
    if (isLong || !this.#hasRoom(references.length + OVERHEAD_BYTES)) return answer(FileCode.full);
    const pages = new Map(staged?.pages).set(page, own(references));
    this.#content.stage(name, { expiresMs: timeAfter(atMs, this.#limits.stagedMs), pages });
    return answer(FileCode.done);
  }

  #hasRoom(bytes: number, name?: string): boolean {
    const isNew = name !== undefined && !this.#content.files.has(name);
    if (isNew && this.#content.files.size >= this.#limits.filesMax) return false;
    return this.#content.bytes + bytes <= this.#limits.stateBytesMax;
  }

  #list(after: string, count: number, prefix: Uint8Array): Uint8Array {
    const parts: Uint8Array[] = [];
    let left = LIST_BYTES_MAX;
    for (const [name, entry] of this.#content.filesBehind(after === toHex(ZEROS) ? "" : after)) {
      if (parts.length >= count) break;
      if (prefix.length > 0 && !startsWith(fileNameOf(entry.head), prefix)) continue;
      const { revision, expiresMs, ttlSeconds, head } = entry;
      const item = encodeFileItem({ fileHash: fromHex(name), revision, expiresMs, ttlSeconds, head });
      left -= item.length;
      if (left < 0 && parts.length > 0) break;
      parts.push(item);
    }
    return concatBytes(...parts);
  }
}

/** The records and the pages that wait, at one time. */
class Content {
  atMs = 0;
  bytes = 0;
  /** By the hash in hex. */
  readonly files: Map<string, Entry>;
  readonly staged: Map<string, Staged>;
  /** Ascending hashes of all files, and of some that are gone: to take each out would move all behind it. */
  #names: string[];
  /** A record of a snapshot whose pages have not all come. */
  #open: { readonly first: StatePart; readonly pages: Map<number, Uint8Array> } | undefined;
  /** When records and pages expire, by their names, of which those of pages are longer. */
  readonly #expiry: DeadlineHeap<string>;

  constructor(before?: Content) {
    this.files = new Map(before?.files);
    this.staged = new Map(before?.staged);
    this.#names = before === undefined ? [] : [...before.#names];
    this.#expiry = before === undefined ? new DeadlineHeap() : before.#expiry;
  }

  /** When the next record or page expires; Infinity for never. */
  get nextExpiryMs(): number {
    return this.#expiry.nextMs;
  }

  /** What goes on from here while this one is only read any more: it takes the deadlines along. */
  successor(): Content {
    const next = new Content(this);
    next.atMs = this.atMs;
    next.bytes = this.bytes;
    return next;
  }

  /** Files whose hash is behind a name, in ascending order. */
  *filesBehind(name: string): IterableIterator<readonly [string, Entry]> {
    const names = this.#names;
    for (let i = placeBehind(names, name); i < names.length; i++) {
      const entry = this.files.get(names[i]!);
      if (entry !== undefined) yield [names[i]!, entry];
    }
  }

  set(name: string, entry: Entry): void {
    const before = this.files.get(name);
    if (before === undefined) {
      const place = placeBehind(this.#names, name);
      if (this.#names[place - 1] !== name) this.#names.splice(place, 0, name);
    }
    this.bytes += bytesOf(entry) - bytesOf(before);
    this.files.set(name, entry);
    this.#expects(name, entry.expiresMs);
  }

  remove(name: string): void {
    this.bytes -= bytesOf(this.files.get(name));
    this.files.delete(name);
    this.#expiry.delete(name);
    // Another array: a reader of the old one goes on with it.
    if (this.#names.length > 2 * this.files.size) this.#names = this.#names.filter((one) => this.files.has(one));
  }

  stage(name: string, staged: Staged): void {
    this.bytes += stagedBytes(staged) - stagedBytes(this.staged.get(name));
    this.staged.set(name, staged);
    this.#expects(name, staged.expiresMs);
  }

  unstage(name: string): void {
    this.bytes -= stagedBytes(this.staged.get(name));
    this.staged.delete(name);
    this.#expiry.delete(name);
  }

  /** Sets the clock, and removes what has expired. @returns whether a record has gone */
  expire(atMs: number): boolean {
    this.atMs = atMs;
    let hasGone = false;
    for (let name = this.#expiry.popDue(atMs); name !== undefined; name = this.#expiry.popDue(atMs)) {
      if (this.files.has(name)) {
        hasGone = true;
        this.remove(name);
      } else this.unstage(name);
    }
    return hasGone;
  }

  /** Everything in an order that all members share. */
  *records(): IterableIterator<StatePart> {
    const nothing = { fileHash: ZEROS, recordSha256: ZEROS, revision: 0, expiresMs: 0, ttlSeconds: 0, text: NONE };
    yield { ...nothing, part: FileStateKind.clock, expiresMs: this.atMs, page: 0 };
    for (const [name, { parts, head, ...entry }] of this.filesBehind("")) {
      yield { part: FileStateKind.file, fileHash: fromHex(name), ...entry, page: parts.length, text: head };
      for (const [page, text] of parts.entries()) yield { ...nothing, part: FileStateKind.page, page, text };
    }
    for (const name of [...this.staged.keys()].toSorted()) {
      const { expiresMs, pages } = this.staged.get(name)!;
      const [fileHash, recordSha256] = [fromHex(name.slice(0, 64)), fromHex(name.slice(64))];
      yield { ...nothing, part: FileStateKind.staged, fileHash, recordSha256, expiresMs, page: pages.size };
      for (const [page, text] of [...pages].toSorted(([a], [b]) => a - b)) {
        yield { ...nothing, part: FileStateKind.page, page, text };
      }
    }
  }

  /** Whether pages of a record have still to come. */
  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** Takes a part of a snapshot, whose bytes are lent. @throws WireError for pages that belong to no record */
  take(record: StatePart): void {
    const { part: kind, page, expiresMs } = record;
    if (kind === FileStateKind.clock) return void (this.atMs = expiresMs);
    if ((kind === FileStateKind.page) !== this.isOpen) {
      throw new WireError({ code: "kind", format: "dps_files", path: "snapshot" });
    }
    if (kind === FileStateKind.page) this.#open!.pages.set(page, own(record.text));
    else {
      const [fileHash, recordSha256, text] = [own(record.fileHash), own(record.recordSha256), own(record.text)];
      this.#open = { first: { ...record, fileHash, recordSha256, text }, pages: new Map() };
    }
    if (this.#open!.pages.size < this.#open!.first.page) return;
    const { first, pages } = this.#open!;
    this.#open = undefined;
    const name = toHex(first.fileHash);
    if (first.part === FileStateKind.staged) {
      return this.stage(stageName(name, first.recordSha256), { expiresMs: first.expiresMs, pages });
    }
    const { revision, ttlSeconds, recordSha256, text: head } = first;
    const entry = { revision, expiresMs: first.expiresMs, ttlSeconds, recordSha256, head, parts: [...pages.values()] };
    this.set(name, entry);
  }

  #expects(name: string, expiresMs: number): void {
    if (expiresMs === 0) this.#expiry.delete(name);
    else this.#expiry.set(name, expiresMs);
  }
}

/** All parts of a snapshot. */
function* codedIn(content: Content): IterableIterator<Uint8Array> {
  for (const part of content.records()) yield encodeFileState(part);
}

function answer(
  code: FileCode,
  about: Partial<Pick<Entry, "revision" | "expiresMs" | "ttlSeconds">> & { pageCount?: number; body?: Uint8Array } = {},
): Uint8Array {
  const { revision = 0, expiresMs = 0, ttlSeconds = 0, pageCount = 0, body = NONE } = about;
  return encodeFileAnswer({ code, revision, expiresMs, ttlSeconds, pageCount, body });
}

function inlineOf({ references }: FileCommand): readonly Uint8Array[] {
  return references.length === 0 ? [] : [own(references)];
}

/** The pages 0 to `count` - 1; undefined unless these are what came. */
function pagesOf(staged: Staged | undefined, count: number): readonly Uint8Array[] | undefined {
  if (staged?.pages.size !== count) return undefined;
  const pages: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const page = staged.pages.get(i);
    if (page === undefined) return undefined;
    pages.push(page);
  }
  return pages;
}

function stageName(name: string, recordSha256: Uint8Array): string {
  return name + toHex(recordSha256);
}

/** When a record ends that begins at a time: one that would end beyond all numbers never does. */
function expiryOf(atMs: number, ttlSeconds: number): number {
  return ttlSeconds === 0 ? 0 : timeAfter(atMs, ttlSeconds * 1000);
}

/** A time on the clock of the cluster; 0, which is never, beyond all numbers. */
function timeAfter(atMs: number, ms: number): number {
  return Number.isSafeInteger(atMs + ms) ? atMs + ms : 0;
}

function bytesOf(entry: Entry | undefined): number {
  if (entry === undefined) return 0;
  return entry.parts.reduce((bytes, part) => bytes + part.length, entry.head.length + OVERHEAD_BYTES);
}

function stagedBytes(staged: Staged | undefined): number {
  if (staged === undefined) return 0;
  return [...staged.pages.values()].reduce((bytes, page) => bytes + page.length, OVERHEAD_BYTES);
}

/** Where the first name behind one stands among ascending ones. */
function placeBehind(names: readonly string[], name: string): number {
  let [from, to] = [0, names.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (names[middle]! <= name) from = middle + 1;
    else to = middle;
  }
  return from;
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && equalBytes(bytes.subarray(0, prefix.length), prefix);
}
