/** A new cluster of one member, from what a single folder of a lost one holds. */
import { equalBytes } from "../../../bytes/index.js";
import { encodeClusterConfig, encodeIdentityRecord, EntryType, type LogEntry } from "../../../codec/gen/raft/index.js";
import { argumentError } from "../../../errors.js";
import { sha256Stream } from "../../../kernel/index.js";
import type { Disk } from "../../../machine/index.js";
import type { LogPlace, MemberId } from "../core/messages.js";
import type { RaftCoreOptions } from "../core/options.js";
import type { LogStore, SnapshotMark } from "../core/types.js";
import { beginOf, damage, recordsOf } from "../disk/records.js";
import { segmentKey, SNAPSHOT_PREFIX } from "../disk/segments.js";
import { foundingConfig } from "../founding.js";
import { ID_KEY, listed, loaded, readIdentity, readLog, stored } from "./read-log.js";

/** The member that is all of the new cluster. */
export interface ForcedMember {
  /** 8 bytes, other than those of the lost cluster. */
  readonly clusterId: Uint8Array;
  readonly member: MemberId;
  readonly address: string;
  readonly life: bigint;
  /** Times of the new cluster. */
  readonly options: RaftCoreOptions;
}

/** What was taken over, from which follows what may be lost. */
export interface ForcedReport {
  /** Whose folder it was, and of which cluster. */
  readonly from: { readonly clusterId: Uint8Array; readonly member: MemberId };
  /** Last entry that counts now. Whatever other members had acknowledged behind it is lost. */
  readonly last: LogPlace;
  /**
   * Up to here this member knew that entries were committed. Those behind it count now, though some of them may have
   * been given up by the lost cluster.
   */
  readonly committed: number;
  /** Last entry that the snapshot covers, if there is one. */
  readonly snapshot: LogPlace | undefined;
}

/** Bytes that are copied at a time. */
const PART_BYTES = 262_144;
/** Entries in one store, at most, and their bytes. */
const ENTRIES_MAX = 1_024;
const ENTRIES_BYTES_MAX = 1 << 20;

/**
 * Copies the snapshot and the log of a member that does not run to an empty disk, as those of the only member of
 * another cluster. The old disk is only read: members of the two clusters never take each other's messages. The record
 * of identity is written last, so that a copy that was cut short is never started.
 * @throws WireError `argument` for a disk that is not empty or a cluster that is the same, `storage` for damage
 */
export async function forceNewCluster(old: Disk, fresh: Disk, forced: ForcedMember): Promise<ForcedReport> {
  const { clusterId, member, address, life, options } = forced;
  if ((await listed(fresh, "")).length > 0) throw argumentError("raft", "data", "an empty folder", "one with files");
  const from = await readIdentity(old);
  if (from === undefined) throw argumentError("raft", "folder", "the folder of a member", "an empty one");
  if (equalBytes(from.clusterId, clusterId)) throw argumentError("raft", "clusterId", "another cluster", "the same");
  const config = foundingConfig([{ member, address }], options);
  const log = await readLog(old);
  const { mark } = log;
  if (mark !== undefined) await copySnapshot(old, fresh, mark);
  const prev = mark?.last ?? log.prev;
  const term = Math.max(log.hard.term, log.end.term) + 1;
  const kept = log.entries.slice(Math.max(0, prev.index - log.prev.index));
  const entries: LogEntry[] = [...kept, { term, entryType: EntryType.config, data: encodeClusterConfig(config) }];
  const hard = { term, vote: 0, commit: 0, abstain: false };
  let bytes = beginOf(1, 0, { index: 0, term: 0 }, hard);
  let at = 0;
  const append = async (store: LogStore): Promise<void> => {
    const records = recordsOf(store);
    const whole = new Uint8Array(bytes.length + records.length);
    whole.set(bytes);
    whole.set(records, bytes.length);
    await stored(fresh, [{ key: segmentKey(1), at, bytes: whole }]);
    at += whole.length;
    bytes = new Uint8Array(0);
  };
  if (mark !== undefined) await append({ hard, mark: { ...mark, config: mark.config, dropLog: true } });
  for (let i = 0; i < entries.length;) {
    let end = i;
    for (let size = 0; end < entries.length && end - i < ENTRIES_MAX && size < ENTRIES_BYTES_MAX; end++) {
      size += entries[end]!.data.length;
    }
    await append({ hard, first: prev.index + 1 + i, entries: entries.slice(i, end) });
    i = end;
  }
  await stored(fresh, [{ key: ID_KEY, at: 0, bytes: encodeIdentityRecord({ clusterId, member, life }) }]);
  const last = kept.length === 0 ? prev : { index: prev.index + kept.length, term: kept.at(-1)!.term };
  const committed = Math.max(log.hard.commit, mark?.last.index ?? 0);
  return { from: { clusterId: from.clusterId, member: from.member }, last, committed, snapshot: mark?.last };
}

/** @throws WireError `storage` where it is not what was stored */
async function copySnapshot(old: Disk, fresh: Disk, { key, sizeBytes, sha256 }: SnapshotMark): Promise<void> {
  const hash = sha256Stream();
  for (let at = 0; at < sizeBytes || at === 0;) {
    const length = Math.min(PART_BYTES, sizeBytes - at);
    const { bytes } = await loaded(old, { key: SNAPSHOT_PREFIX + key, at, length });
    if (bytes?.length !== length) throw damage("snapshot", `${sizeBytes} bytes`, `${at} bytes`);
    hash.update(bytes);
    await stored(fresh, [{ key: SNAPSHOT_PREFIX + key, at, bytes }]);
    at += length;
    if (length === 0) break;
  }
  if (!equalBytes(hash.digest(), sha256)) throw damage("snapshot", "the bytes that were stored");
}
