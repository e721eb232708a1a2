/** The segments of the log: where a store goes, and which segments nothing needs any more. */
import { encodeStartRecord, type LogEntry } from "../../../codec/gen/raft/index.js";
import { isWireError } from "../../../errors.js";
import type { DiskWrite } from "../../../machine/index.js";
import { partsBytes } from "../core/coded-entries.js";
import type { LogPlace } from "../core/messages.js";
import type { HardState, LogStore } from "../core/types.js";
import type { Extent, LogIndex } from "./log-index.js";
import { keptBytes, type DiskOperations } from "./operations.js";
import { beginOf, readEntries, recordPartsOf } from "./records.js";

export const META_KEY = "raft/meta";
export const LOG_PREFIX = "raft/log/";
export const SNAPSHOT_PREFIX = "raft/snap/";

/** Name of the file of a segment. */
export function segmentKey(segment: number): string {
  return LOG_PREFIX + String(segment).padStart(8, "0");
}

/** A segment on the disk. */
export interface Segment {
  readonly number: number;
  /** In front of its first entry. */
  readonly prevIndex: number;
  /** No later record replaces what lies in front of it, so that a log may begin with it. */
  isBase: boolean;
}

/** What a start has found in the segments. */
export interface SegmentsStart {
  readonly segments: Segment[];
  readonly index: LogIndex;
  /** Bytes of the last segment. */
  readonly sizeBytes: number;
  readonly end: LogPlace;
  readonly hard: HardState;
  /** Segment with the mark of the newest snapshot; 0 for none. */
  readonly markSegment: number;
  readonly metaBytes: number;
}

/** Appends stores, one at a time. */
export class Segments {
  readonly #disk: DiskOperations;
  readonly #segmentBytes: number;
  readonly #segments: Segment[];
  readonly #index: LogIndex;
  #sizeBytes: number;
  #end: LogPlace;
  #hard: HardState;
  #markSegment: number;
  #metaBytes: number;
  /** After a failure nothing is appended to the same file. */
  #mustRotate = false;

  constructor(disk: DiskOperations, segmentBytes: number, start: SegmentsStart) {
    this.#disk = disk;
    this.#segmentBytes = segmentBytes;
    this.#segments = start.segments;
    this.#index = start.index;
    this.#sizeBytes = start.sizeBytes;
    this.#end = start.end;
    this.#hard = start.hard;
    this.#markSegment = start.markSegment;
    this.#metaBytes = start.metaBytes;
  }

  /** Writes a store of the core. */
  store(store: LogStore, done: (isStored: boolean, isFull: boolean) => void): void {
    const records = recordPartsOf(store);
    const last = this.#segments.at(-1);
    const overflows = this.#sizeBytes + partsBytes(records) > this.#segmentBytes;
    const rotates = last === undefined || overflows || this.#mustRotate;
    const number = (last?.number ?? 0) + (rotates ? 1 : 0);
    const begin = rotates ? beginOf(number, this.#sizeBytes, this.#end, this.#hard) : undefined;
    const at = rotates ? 0 : this.#sizeBytes;
    const key = segmentKey(number);
    let partAt = at;
    const writes = (begin === undefined ? records : [begin, ...records]).map((bytes) => {
      const write = { key, at: partAt, bytes };
      partAt += bytes.length;
      return write;
    });
    this.#disk.store(writes, (isStored, isFull) => {
      if (!isStored) this.#mustRotate = true;
      else {
        if (rotates) this.#segments.push({ number, prevIndex: this.#end.index, isBase: true });
        this.#mustRotate = false;
        this.#sizeBytes = partAt;
        this.#note(store, { segment: number, at, length: partAt - at });
      }
      done(isStored, isFull);
    });
  }

  /** Reads entries from `first` on, as many as lie together; undefined where there are none. */
  read(first: number, done: (entries: LogEntry[] | undefined) => void): void {
    const found = this.#index.find(first);
    if (found === undefined) return done(undefined);
    const { segment, at, length, first: start, count } = found;
    this.#disk.load({ key: segmentKey(segment), at, length }, (value) => {
      if (value?.bytes?.length !== length) return done(undefined);
      try {
        const { first: held, entries } = readEntries(keptBytes(value.bytes, value.isGiven));
        done(entries.slice(first - held, start + count - held));
      } catch (error) {
        if (!isWireError(error)) throw error;
        done(undefined);
      }
    });
  }

  /**
   * Removes the segments that a log which begins behind `place` does not need, and notes where a start begins. If that
   * fails, the next time does it.
   */
  trim(place: LogPlace, snapshot: string): void {
    this.#index.trim(place.index);
    const first = this.#segments.findLast(
      ({ number, prevIndex, isBase }) => isBase && prevIndex <= place.index && number <= this.#markSegment,
    );
    if (first === undefined || first === this.#segments[0]) return;
    const record = encodeStartRecord({ firstSegment: first.number, snapshotKey: snapshot });
    const removed = this.#segments.filter(({ number }) => number < first.number);
    const writes: DiskWrite[] = [
      { key: META_KEY, at: this.#metaBytes, bytes: record },
      ...removed.map(({ number }) => ({ key: segmentKey(number), remove: true as const })),
    ];
    this.#metaBytes += record.length;
    this.#segments.splice(0, removed.length);
    this.#disk.store(writes, (isStored) => {
      if (isStored) return;
      this.#metaBytes -= record.length;
      this.#segments.unshift(...removed);
    });
  }

  #note({ hard, mark, first, entries = [] }: LogStore, where: Pick<Extent, "segment" | "at" | "length">): void {
    this.#hard = hard;
    if (mark !== undefined) {
      this.#markSegment = where.segment;
      if (mark.dropLog) {
        this.#end = mark.last;
        this.#index.clear();
      }
    }
    if (first === undefined) return;
    const last = entries.at(-1);
    if (last !== undefined) this.#end = { index: first + entries.length - 1, term: last.term };
    cutBases(this.#segments, first);
    const { segment, at, length } = where;
    this.#index.add({ segment, at, length, first, count: entries.length });
  }
}

/** Entries from `first` on were replaced: no log may begin behind one of them. */
export function cutBases(segments: readonly Segment[], first: number): void {
  for (const segment of segments) if (segment.prevIndex >= first) segment.isBase = false;
}
