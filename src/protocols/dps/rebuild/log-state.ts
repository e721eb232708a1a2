/** The records of files out of the log of a server that does not run: its newest snapshot, and what came behind it. */
import { equalBytes } from "../../../bytes/index.js";
import { WireError } from "../../../errors.js";
import { sha256Stream } from "../../../kernel/index.js";
import type { Disk } from "../../../machine/index.js";
import { AppliedState, type LogPlace, type SnapshotMark, type SnapshotSink } from "../../raft/index.js";
import { SNAPSHOT_PREFIX } from "../../raft/disk/segments.js";
import { loaded, readIdentity, readLog } from "../../raft/offline/read-log.js";
import { FileState, type FileStateLimits } from "../files/file-state.js";

/** Bytes of a snapshot that are read at a time. */
const PART_BYTES = 262_144;

/**
 * The records as of the last entry. Of the newest ones this server does not know whether they were committed: they
 * count, as what was acknowledged may be among them.
 * @throws WireError `missing` for a folder without a log, `storage` for damage
 */
export async function stateOfLog(
  disk: Disk,
  limits: FileStateLimits,
): Promise<{ readonly state: FileState; readonly last: LogPlace }> {
  const identity = await readIdentity(disk);
  if (identity === undefined) throw new WireError({ code: "missing", format: "dps", path: "log" });
  const log = await readLog(disk);
  const state = new FileState(limits);
  const applied = new AppliedState(state);
  if (log.mark !== undefined) await load(disk, log.mark, applied.restore({ ignoresBackups: true }));
  let last = log.mark?.last ?? log.prev;
  for (const [i, entry] of log.entries.entries()) {
    const index = log.prev.index + 1 + i;
    if (index <= last.index) continue;
    applied.apply(index, entry);
    last = { index, term: entry.term };
  }
  return { state, last };
}

async function load(disk: Disk, { key, sizeBytes, sha256 }: SnapshotMark, sink: SnapshotSink): Promise<void> {
  const path = SNAPSHOT_PREFIX + key;
  const hash = sha256Stream();
  for (let at = 0; at < sizeBytes; at += PART_BYTES) {
    const { bytes } = await loaded(disk, { key: path, at, length: Math.min(PART_BYTES, sizeBytes - at) });
    if (bytes?.length !== Math.min(PART_BYTES, sizeBytes - at)) throw damaged(path);
    hash.update(bytes);
    sink.write(bytes);
  }
  if (!equalBytes(hash.digest(), sha256)) throw damaged(path);
  sink.finish()();
}

function damaged(path: string): WireError {
  return new WireError({ code: "storage", format: "dps", path, actual: "a snapshot that is damaged" });
}
