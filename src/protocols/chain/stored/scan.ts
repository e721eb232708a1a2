/** Reads the records of a value on a disk one after the other, in pieces of bounded size. */
import { peekChainRecordLength, tryDecodeChainRecord, type ChainRecord } from "../../../codec/gen/chain/index.js";
import type { WireIssue } from "../../../errors.js";
import type { DiskOperations, Effect, Millis } from "../../../machine/index.js";
import { BLOCK_BYTES_MAX } from "../blocks/block.js";

/** Bytes that are read at a time, so that a machine answers others meanwhile. */
export const PIECE_BYTES = 1024 * 1024;
/** Bytes of the longest record: a block with the longest data. */
const RECORD_BYTES_MAX = BLOCK_BYTES_MAX + 2048;

/** Who takes the records. */
export interface RecordVisitor<Value, Emitted> {
  /** A record, borrowed until this returns. @returns false to stop */
  record(record: ChainRecord, offset: number, length: number): boolean;
  /** The last record was taken: all up to `end` is read, or what follows cannot be, for the reason in `issue`. */
  ended(end: number, issue: WireIssue | undefined, nowMs: Millis, out: Effect<Value, Emitted>[]): void;
}

/** Reads all records from `offset` on, up to `end` where it is given. */
export function scanRecords<Value, Emitted>(
  disk: DiskOperations<Value, Emitted>,
  key: string,
  { offset, end = Infinity }: { readonly offset: number; readonly end?: number },
  visitor: RecordVisitor<Value, Emitted>,
  out: Effect<Value, Emitted>[],
): void {
  const next = (at: number, length: number, effects: Effect<Value, Emitted>[]): void => {
    disk.load(
      { key, at, length: Math.min(length, end - at) },
      (value, nowMs, more, issue) => {
        if (value === undefined) return visitor.ended(at, issue ?? DAMAGE, nowMs, more);
        const { bytes = new Uint8Array(0), badAt } = value;
        let from = 0;
        let wanted = PIECE_BYTES;
        while (from < bytes.length) {
          const size = peekChainRecordLength(bytes, from, bytes.length);
          if (size > RECORD_BYTES_MAX || size < 0) return visitor.ended(at + from, DAMAGE, nowMs, more);
          if (size === 0 || from + size > bytes.length) {
            wanted = Math.max(wanted, size);
            break;
          }
          const record = tryDecodeChainRecord(bytes, from, from + size);
          if (!record.ok) return visitor.ended(at + from, { ...record.error, code: "storage" }, nowMs, more);
          if (!visitor.record(record.value, at + from, size)) return visitor.ended(at + from, undefined, nowMs, more);
          from += size;
        }
        const reached = at + bytes.length;
        if (reached < Math.min(end, value.size)) {
          // A longer record than was read: read as much of it as it has.
          const isStuck = from === 0 && wanted <= bytes.length;
          return isStuck ? visitor.ended(at, DAMAGE, nowMs, more) : next(at + from, wanted, more);
        }
        const isWhole = from === bytes.length && badAt === undefined;
        visitor.ended(at + from, isWhole ? undefined : DAMAGE, nowMs, more);
      },
      effects,
    );
  };
  next(offset, PIECE_BYTES, out);
}

/** Bytes that are no record, or that the disk cannot read. */
const DAMAGE: WireIssue = { code: "storage", format: "chain", path: "", actual: "the file is damaged" };
