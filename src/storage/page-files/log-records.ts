/** The content of the frames of a log (spec/disk/log.ksy). */
import { concatBytes } from "../../bytes/index.js";
import {
  encodeLogCommit,
  encodeLogRecord,
  encodeLogWrite,
  peekLogRecordLength,
  tryDecodeLogBegin,
  tryDecodeLogCommit,
  tryDecodeLogRecord,
  tryDecodeLogWrite,
  type LogBegin,
} from "../../codec/gen/disk/index.js";
import { isPut, type DiskWrite } from "../../machine/index.js";

/** Most writes of one store: a record counts those that follow it in 16 bits. */
export const GROUP_WRITES_MAX = 0x1_0000;
/** Keys that a record can hold. */
export const KEY = /^[\x20-\x7e]{1,255}$/;

/** Where no write can begin: the write removes its page. */
const REMOVED_AT = 0xffff_ffff;
const NOTHING = new Uint8Array(0);

/** Writes that take effect together. */
export type Group = readonly DiskWrite[];

/** Groups that were synced together. */
export interface Commit {
  readonly firstGroup: number;
  readonly groups: readonly Group[];
}

/** The content of a frame. */
export type LogFrame =
  { readonly kind: "begin"; readonly begin: LogBegin } | { readonly kind: "commit"; readonly commit: Commit };

/** The bytes of a frame. */
export function encodeCommit({ firstGroup, groups }: Commit): Uint8Array {
  const records = groups.flatMap((writes) =>
    writes.map((one, i) => {
      const { at, bytes } = isPut(one) ? one : { at: REMOVED_AT, bytes: NOTHING };
      const write = encodeLogWrite({ left: writes.length - 1 - i, at, key: one.key, bytes });
      return encodeLogRecord({ write });
    }),
  );
  return encodeLogCommit({ firstGroup, records: concatBytes(...records) });
}

/** Reads a frame; undefined if it is not one of a log. The writes are views of the bytes. */
export function decodeLogFrame(bytes: Uint8Array): LogFrame | undefined {
  const begin = tryDecodeLogBegin(bytes);
  if (begin.ok) return { kind: "begin", begin: begin.value };
  const commit = tryDecodeLogCommit(bytes);
  if (!commit.ok) return undefined;
  const { firstGroup, records } = commit.value;
  const groups = groupsIn(records);
  return groups === undefined ? undefined : { kind: "commit", commit: { firstGroup, groups } };
}

function groupsIn(records: Uint8Array): Group[] | undefined {
  const groups: Group[] = [];
  let writes: DiskWrite[] = [];
  for (let at = 0; at < records.length;) {
    const length = peekLogRecordLength(records, at, records.length);
    if (length <= 0) return undefined;
    const record = tryDecodeLogRecord(records, at, at + length);
    const write = record.ok ? tryDecodeLogWrite(record.value.write) : record;
    if (!write.ok) return undefined;
    const { left, key, at: place, bytes } = write.value;
    writes.push(place === REMOVED_AT && bytes.length === 0 ? { key, remove: true } : { key, at: place, bytes });
    at += length;
    if (left > 0) continue;
    groups.push(writes);
    writes = [];
  }
  return writes.length === 0 ? groups : undefined;
}
