import {
  encodeLogHeader,
  encodeLogRecord,
  encodeLogWrite,
  LOG_HEADER_SIZE,
  peekLogRecordLength,
  tryDecodeLogHeader,
  tryDecodeLogRecord,
  tryDecodeLogWrite,
  type LogWrite,
} from "../../codec/gen/disk/index.js";
import type { DiskWrite } from "../../machine/index.js";

/** Writes that one record can count behind its own. */
export const GROUP_WRITES_MAX = 0x1_0000;
/** What a record can hold as a key. */
export const KEY = /^[\x20-\x7e]{1,255}$/;

/** Writes that take effect together, by their number. */
export interface Group {
  readonly number: number;
  readonly writes: readonly DiskWrite[];
}

/** What a log file holds, up to where a crash has cut it off. */
export interface LogFile {
  readonly firstGroup: number;
  readonly groups: readonly Group[];
}

/** The first bytes of a log file. */
export function logHeader(firstGroup: number): Uint8Array {
  return encodeLogHeader({ firstGroup });
}

/** A group as records behind each other. */
export function recordsOf({ number, writes }: Group): Uint8Array[] {
  return writes.map(({ key, at, bytes }, i) => {
    const write = encodeLogWrite({ group: number, left: writes.length - 1 - i, at, key, bytes });
    return encodeLogRecord({ write });
  });
}

/** Reads a log file; undefined where not even the header is whole. The writes are views of the bytes. */
export function readLogFile(bytes: Uint8Array): LogFile | undefined {
  const header = tryDecodeLogHeader(bytes, 0, LOG_HEADER_SIZE);
  if (!header.ok) return undefined;
  const groups: Group[] = [];
  let writes: DiskWrite[] = [];
  let at = LOG_HEADER_SIZE;
  for (let record = recordAt(bytes, at); record !== undefined; record = recordAt(bytes, at)) {
    const { group: number, left, ...write } = record.write;
    writes.push(write);
    at = record.end;
    if (left > 0) continue;
    groups.push({ number, writes });
    writes = [];
  }
  return { firstGroup: header.value.firstGroup, groups };
}

/** Undefined where the bytes are cut short, or not what was written. */
function recordAt(bytes: Uint8Array, at: number): { readonly write: LogWrite; readonly end: number } | undefined {
  const length = peekLogRecordLength(bytes, at, bytes.length);
  if (length <= 0 || length > bytes.length - at) return undefined;
  const record = tryDecodeLogRecord(bytes, at, at + length);
  if (!record.ok) return undefined;
  const write = tryDecodeLogWrite(record.value.write);
  return write.ok ? { write: write.value, end: at + length } : undefined;
}
