/** The disk of a core without a host: what would lie in the log and in the files of snapshots. */
import { concatBytes } from "../../../bytes/index.js";
import type { ClusterConfig, LogEntry } from "../../../codec/gen/raft/index.js";
import { EntryType } from "../../../codec/gen/raft/index.js";
import { sha256 } from "../../../kernel/index.js";
import { AppliedState } from "./applied-state.js";
import { LogImage } from "./log-image.js";
import type { BackupHooks } from "./backup-hooks.js";
import type { LogPlace, MemberId } from "./messages.js";
import type { RaftCoreOptions } from "./options.js";
import type { SnapshotSource, StateMachine } from "./state-machine.js";
import type { CoreEffect, LogStore } from "./types.js";

/** What a disk holds before its core takes a turn. */
export interface CoreDiskStart {
  /** Where the snapshot ends; the log begins behind it. */
  readonly snapshot: LogPlace;
  readonly config: ClusterConfig;
  /** Terms of the entries behind the snapshot, which are commands without data. Default none. */
  readonly terms?: readonly number[];
  /** Default: the term of the last entry. */
  readonly hardTerm?: number;
  readonly vote?: MemberId;
}

/** One disk. Its owner carries out the effects of a core on it, as late as it wants to. */
export class CoreDisk {
  readonly log = new LogImage();
  readonly files: Map<string, Uint8Array> = new Map();

  /** A disk with a snapshot of what `machine` is now. */
  static withSnapshot(
    { snapshot, config, terms = [], hardTerm, vote = 0 }: CoreDiskStart,
    machine: StateMachine,
    options?: RaftCoreOptions,
  ): CoreDisk {
    const disk = new CoreDisk();
    const bytes = bytesOf(new AppliedState(machine, options).snapshot());
    const key = `${snapshot.index}-${snapshot.term}-own`;
    disk.files.set(key, bytes);
    const mark = { last: snapshot, key, sizeBytes: bytes.length, sha256: sha256(bytes), config, dropLog: true };
    const term = hardTerm ?? terms.at(-1) ?? snapshot.term;
    const entries = terms.map((of) => ({ term: of, entryType: EntryType.command, data: EMPTY_COMMAND }));
    disk.apply({
      hard: { term, vote, commit: snapshot.index, abstain: false },
      mark,
      first: snapshot.index + 1,
      entries,
    });
    return disk;
  }

  /** The end of a log store that was not lost. */
  apply(store: LogStore): void {
    this.log.apply(store);
  }

  /** Entries from `first` on, a few; undefined where the log has no such entry. */
  entries(first: number): readonly LogEntry[] | undefined {
    const { prev, entries } = this.log;
    const at = first - prev.index - 1;
    return at >= 0 && at < entries.length ? entries.slice(at, at + ENTRIES_LOADED) : undefined;
  }

  /** Carries out an effect on the files, or a trim; true if it was one. `loaded` gets the bytes of a load. */
  carryOut(effect: CoreEffect, loaded: (bytes: Uint8Array) => void): boolean {
    switch (effect.type) {
      case "fileStore": {
        const held = effect.at === 0 ? new Uint8Array(0) : this.files.get(effect.key)!;
        this.files.set(effect.key, concatBytes(held.subarray(0, effect.at), effect.bytes));
        return true;
      }
      case "fileLoad":
        loaded(this.files.get(effect.key)!.slice(effect.at, effect.at + effect.length));
        return true;
      case "fileRemove":
        this.files.delete(effect.key);
        return true;
      case "trim":
        this.log.trim(effect.place);
        return true;
      default:
        return false;
    }
  }

  /** What a restarted member has applied: the snapshot, loaded into a fresh state machine. */
  restore(machine: StateMachine, options?: RaftCoreOptions, backups?: BackupHooks): AppliedState {
    const applied = new AppliedState(machine, options, backups);
    if (this.log.mark === undefined) return applied;
    const sink = applied.restore();
    sink.write(this.files.get(this.log.mark.key)!.slice());
    sink.finish()();
    return applied;
  }
}

/** Entries that one load brings. */
const ENTRIES_LOADED = 16;
/** A command without a session and without data. */
const EMPTY_COMMAND = new Uint8Array(32);

function bytesOf(source: SnapshotSource): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let part = source.next(1 << 20); part !== undefined; part = source.next(1 << 20)) parts.push(part);
  return concatBytes(...parts);
}
