/** What a turn of the core takes and gives. */
import type { ClusterConfig, LogEntry } from "../../../codec/gen/raft/index.js";
import type { Millis } from "../../../machine/index.js";
import type { LogPlace, MemberId, RaftMessage } from "./messages.js";

/** What a member is at present. Learners and removed members are followers. */
export type RaftRole = "Follower" | "PreCandidate" | "Candidate" | "Leader";

/** The part of the state that is overwritten as a whole. */
export interface HardState {
  readonly term: number;
  /** Who got the vote of this term; 0 for nobody. */
  readonly vote: MemberId;
  /** A commit that was known when the state was stored: a hint, which lets a start notice a log that ends too early. */
  readonly commit: number;
  /** Has lost what it had acknowledged: neither votes nor campaigns. */
  readonly abstain: boolean;
  /** Has begun with a torn log on a disk that may lie: neither votes nor campaigns until it has caught up. */
  readonly isBehind?: boolean;
}

/** A whole snapshot on the disk. */
export interface SnapshotMark {
  /** Last entry that it covers. */
  readonly last: LogPlace;
  /** Key of its bytes on the disk, below `raft/snap/`. */
  readonly key: string;
  readonly sizeBytes: number;
  readonly sha256: Uint8Array;
  readonly config: ClusterConfig;
}

/** One store of the log: all of it or none, in this order. */
export interface LogStore {
  readonly hard: HardState;
  /** A snapshot that is whole, from now on the base of the log. With `dropLog` no entry before it counts any more. */
  readonly mark?: (SnapshotMark & { readonly dropLog: boolean }) | undefined;
  /** Replace all entries from index `first` on. */
  readonly first?: number | undefined;
  readonly entries?: readonly LogEntry[] | undefined;
}

/** What a caller wants to have in the log. */
export type Proposal =
  | {
      readonly type: "command";
      /** Session; 0: none, and a repetition is executed twice. */
      readonly client: number;
      readonly serial: number;
      /** Results of lesser serials are not wanted any more. */
      readonly ackedBelow: number;
      readonly data: Uint8Array;
    }
  /** Settles with the client's id as `index`. */
  | { readonly type: "openSession" }
  | { readonly type: "closeSession"; readonly client: number };

/** Changes of the configuration, one member at a time. */
export type MembershipOp = "addLearner" | "promote" | "demote" | "remove";

/**
 * How a read is made safe: by a round of messages, by the lease of the leader, not at all, or `index`: a round that
 * settles with the index to wait for, for a member that answers itself.
 */
export type ReadSafety = "readIndex" | "lease" | "local" | "index";

/** What a caller asks for, under a `tag` of its own, which is unique while it is open. */
export type CoreCall =
  | { readonly type: "propose"; readonly tag: number; readonly proposal: Proposal }
  | {
      readonly type: "read";
      readonly tag: number;
      readonly mode: ReadSafety;
      /** Of a local read: what must be applied here before it settles. Default 0. */
      readonly atLeast?: number;
    }
  | {
      readonly type: "change";
      readonly tag: number;
      readonly op: MembershipOp;
      readonly member: MemberId;
      /** Of a new learner; default empty. */
      readonly address?: string;
    }
  /** Hands leadership to a voter; default the one with the longest log. */
  | { readonly type: "transfer"; readonly tag: number; readonly to?: MemberId }
  /** Takes a snapshot; then entries up to `through` leave the log. Default: as the options say. */
  | { readonly type: "snapshot"; readonly tag: number; readonly through?: number }
  /** Begins a backup of the state in the chain; settles when its mark is applied. */
  | { readonly type: "backup"; readonly tag: number }
  /** Settles a call that nobody waits for any more with nothing at all. */
  | { readonly type: "abandon"; readonly tag: number };

/** What a turn takes. */
export type CoreInput =
  | { readonly type: "deliver"; readonly message: RaftMessage }
  | CoreCall
  /** The log store under way has ended. */
  | { readonly type: "stored" }
  | { readonly type: "storeFailed"; readonly isFull?: boolean }
  /** An operation on the file of a snapshot has ended. */
  | { readonly type: "fileStored"; readonly op: number }
  | { readonly type: "fileLoaded"; readonly op: number; readonly bytes: Uint8Array }
  | { readonly type: "fileFailed"; readonly op: number }
  /** A load of entries has ended; undefined if it has failed. */
  | { readonly type: "entriesLoaded"; readonly op: number; readonly entries: readonly LogEntry[] | undefined }
  /** All blocks of the chain up to this one are on the disk. */
  | { readonly type: "blockStored"; readonly blockIndex: number }
  /** {@link RaftCore.nextWakeMs} has come. */
  | { readonly type: "wake" }
  /** The link to a member has closed: what was under way on it is lost. */
  | { readonly type: "unreachable"; readonly member: MemberId }
  /** Nothing fits into the link to a member at present, or does again. */
  | { readonly type: "congested" | "drained"; readonly member: MemberId }
  /** By hand, for scenarios: the election timer is due now. */
  | { readonly type: "campaign" }
  /** By hand: timeout of the running election timer, counted from its last reset. */
  | { readonly type: "setElection"; readonly ms: Millis }
  /** By hand: the leader is not known any more, and holds no vote. */
  | { readonly type: "forgetLeader" };

/** How a call ends. The numbers are those of the wire. */
export type CallStatus =
  | "ok"
  /** Refused: nothing has happened. */
  | "notLeader"
  /** It may still happen, or have happened. */
  | "uncertain"
  | "limit"
  | "sessionExpired"
  | "pendingChange"
  | "argument"
  /** No leader, or one that hands over. */
  | "unavailable"
  | "timeout";

/** What a turn gives, in order. */
export type CoreEffect =
  | { readonly type: "send"; readonly message: RaftMessage }
  /** At most one a turn, and only while none is under way. Ends by `stored` or `storeFailed`. */
  | { readonly type: "store"; readonly store: LogStore }
  /** Entries up to `place` may leave the disk. */
  | { readonly type: "trim"; readonly place: LogPlace }
  /** Appends to the file of a snapshot; at 0 it begins anew. Ends by `fileStored` or `fileFailed`. */
  | {
      readonly type: "fileStore";
      readonly op: number;
      readonly key: string;
      readonly at: number;
      readonly bytes: Uint8Array;
    }
  /** Ends by `fileLoaded` or `fileFailed`. */
  | {
      readonly type: "fileLoad";
      readonly op: number;
      readonly key: string;
      readonly at: number;
      readonly length: number;
    }
  | { readonly type: "fileRemove"; readonly key: string }
  /** Loads entries from `first` on, one at least; ends by `entriesLoaded`. */
  | { readonly type: "entriesLoad"; readonly op: number; readonly first: number }
  /** An entry was applied; a snapshot that was installed applies none. */
  | { readonly type: "applied"; readonly index: number; readonly entry: LogEntry }
  | {
      readonly type: "outcome";
      readonly tag: number;
      readonly status: CallStatus;
      /** Of the entry, or of a read the index that its answer must have applied; 0 where there is none. */
      readonly index: number;
      readonly leader: MemberId;
      /** What the state machine answered; empty otherwise. */
      readonly result: Uint8Array;
    }
  | { readonly type: "emit"; readonly event: CoreEvent }
  /** An invariant is broken: the core does nothing any more. */
  | { readonly type: "fault"; readonly code: FaultCode; readonly detail: string };

/** The invariants that the core asserts, by the names of the protocol page. */
export type FaultCode =
  | "A1"
  | "A2"
  | "A3"
  | "A4"
  | "A5"
  | "A6"
  | "A7"
  | "A8"
  | "A9"
  | "twoLeaders"
  | "config"
  /** What was frozen here is not what the others have. */
  | "stateDiverged";

/** What the core tells. */
export type CoreEvent =
  | { readonly type: "role"; readonly role: RaftRole; readonly term: number }
  | { readonly type: "leader"; readonly leader: MemberId; readonly term: number }
  | { readonly type: "commit"; readonly index: number }
  | { readonly type: "configChanged"; readonly index: number; readonly config: ClusterConfig }
  | { readonly type: "snapshotTaken"; readonly last: LogPlace; readonly sizeBytes: number }
  | { readonly type: "snapshotSent"; readonly member: MemberId; readonly last: LogPlace }
  | { readonly type: "snapshotInstalled"; readonly last: LogPlace }
  /** Two snapshots in a row were old when it had them: proposals are limited to half its rate. */
  | { readonly type: "followerTooSlow"; readonly member: MemberId }
  /** It lacks what it had acknowledged, and counts for nothing. The leader tells, and that member itself. */
  | { readonly type: "memberLostData"; readonly member: MemberId }
  | { readonly type: "storageTrouble" }
  | { readonly type: "storageWell" }
  | { readonly type: "backupMarked"; readonly number: number; readonly index: number }
  | { readonly type: "backupNoted"; readonly number: number; readonly blockIndex: number; readonly isLast: boolean }
  /** No majority has frozen the same state as this leader, so that there is no backup of this mark. */
  | { readonly type: "backupUndecided"; readonly number: number }
  /** A majority has frozen another state than this leader, which steps down. */
  | { readonly type: "backupOutvoted"; readonly number: number }
  | {
      readonly type: "stateDiverged";
      /** Of the mark. */
      readonly index: number;
      readonly own: Uint8Array;
      readonly noted: Uint8Array;
    }
  | { readonly type: "stalled"; readonly ms: Millis }
  | { readonly type: "transfer"; readonly to: MemberId; readonly isDone: boolean };

/** How a leader sends to a member. */
export type ProgressState = "probe" | "replicate" | "snapshot";

/** What a leader knows of a member. */
export interface ProgressView {
  readonly state: ProgressState;
  /** Last entry that is known to be on its disk. */
  readonly match: number;
  /** Next entry to send. */
  readonly next: number;
  /** Appends with entries that were not acknowledged yet. */
  readonly inflight: number;
  readonly paused: boolean;
}

/** A core at one moment, as scenarios and checks see it. */
export interface CoreView {
  readonly role: RaftRole;
  readonly term: number;
  readonly vote: MemberId;
  readonly leader: MemberId;
  readonly commit: number;
  readonly applied: number;
  /** Last index that is on the disk and has not changed since. */
  readonly stored: number;
  /** A log store is under way. */
  readonly storing: boolean;
  /** First and last index of the log in memory; without entries first = last + 1. */
  readonly first: number;
  readonly last: number;
  /** Terms of first to last. */
  readonly terms: readonly number[];
  readonly snapshot: readonly [index: number, term: number] | null;
  /** The configuration in force, ids ascending. */
  readonly config: { readonly voters: readonly MemberId[]; readonly learners: readonly MemberId[] } | null;
  /** Of a leader, every other member of the configuration. */
  readonly progress?: Readonly<Record<MemberId, ProgressView>>;
}
