/** The log in the folder of a member that does not run, read record by record. */
import { decodeIdentityRecord, type IdentityRecord, type RecordType } from "../../../codec/gen/raft/index.js";
import { WireError } from "../../../errors.js";
import type { Disk, DiskRead, DiskValue, DiskWrite } from "../../../machine/index.js";
import { LogImage } from "../core/log-image.js";
import { damage, readBegin, replay, takeRecord } from "../disk/records.js";
import { LOG_PREFIX } from "../disk/segments.js";

/** A record and where it lies. */
export interface RecordPlace {
  readonly type: RecordType;
  readonly body: Uint8Array;
  /** Number of its segment, and its byte there. */
  readonly segment: number;
  readonly at: number;
}

/** Name of the record of identity. */
export const ID_KEY = "raft/id";

/** Who the folder belongs to; undefined for an empty one. @throws WireError `storage` for damage */
export async function readIdentity(disk: Disk): Promise<IdentityRecord | undefined> {
  const { bytes, badAt } = await loaded(disk, { key: ID_KEY });
  if (badAt !== undefined) throw damage(ID_KEY, "the bytes that were stored", `damage at byte ${badAt}`);
  return bytes === undefined ? undefined : decodeIdentityRecord(bytes);
}

/** Reads the whole log. @param seen takes each record. @throws WireError `storage` or codes of codecs for damage */
export async function readLog(disk: Disk, seen: (record: RecordPlace) => void = () => {}): Promise<LogImage> {
  const log = new LogImage();
  const keys = await listed(disk, LOG_PREFIX);
  let current = keys[0] === undefined ? undefined : await loaded(disk, { key: keys[0] });
  for (const [i, key] of keys.entries()) {
    const next = keys[i + 1] === undefined ? undefined : await loaded(disk, { key: keys[i + 1]! });
    const bytes = valid(key, current!, next?.bytes === undefined ? undefined : readBegin(next.bytes).prevBytes);
    const segment = Number(key.slice(LOG_PREFIX.length));
    for (let at = 0; at < bytes.length;) {
      const { type, body, end } = takeRecord(bytes, at);
      seen({ type, body, segment, at });
      at = end;
    }
    replay(bytes, log, segment, i === 0);
    current = next;
  }
  return log;
}

/** The bytes of a segment that count. @throws WireError `storage` if some of them are damaged */
function valid(key: string, { bytes, badAt }: DiskValue, prevBytes: number | undefined): Uint8Array {
  const size = prevBytes ?? bytes?.length ?? 0;
  if (bytes === undefined || bytes.length < size || (badAt ?? Infinity) < (prevBytes ?? Infinity)) {
    const actual = badAt === undefined ? `${bytes?.length ?? 0} bytes` : `damage at byte ${badAt}`;
    throw damage(key, prevBytes === undefined ? "the bytes that were stored" : `${prevBytes} bytes`, actual);
  }
  return bytes.subarray(0, size);
}

/** Loads a value, whose bytes are then the caller's. */
export function loaded(disk: Disk, read: DiskRead): Promise<DiskValue> {
  return new Promise((resolve, reject) =>
    disk.load(read, (outcome) => {
      if (!outcome.ok) return reject(new WireError(outcome.error));
      const { bytes } = outcome.value;
      resolve({ ...outcome.value, ...(bytes !== undefined && { bytes: bytes.slice() }) });
    }),
  );
}

/** The keys that begin with a prefix. */
export function listed(disk: Disk, prefix: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) =>
    disk.list(prefix, (outcome) => (outcome.ok ? resolve(outcome.value) : reject(new WireError(outcome.error)))),
  );
}

/** Stores writes, all or none. */
export function stored(disk: Disk, writes: readonly DiskWrite[]): Promise<void> {
  return new Promise((resolve, reject) =>
    disk.store(writes, (outcome) => (outcome.ok ? resolve() : reject(new WireError(outcome.error)))),
  );
}
