/** What a member keeps while it leads, and forgets with its leadership. */
import type { LogEntry } from "../../../codec/gen/raft/index.js";
import type { Millis, TokenBucket } from "../../../machine/index.js";
import type { MemberId, StateDigest } from "./messages.js";
import type { CoreCall, ProgressState, SnapshotMark } from "./types.js";

/** A snapshot on its way to a member. */
export interface SnapshotSending {
  readonly mark: SnapshotMark;
  readonly startMs: Millis;
  /** First byte of the next part. */
  offset: number;
  /** The first answer has come, so more than one part may be under way. */
  isFlowing: boolean;
  /** Parts under way, in the order sent. */
  parts: { readonly seq: number; readonly end: number }[];
  /** A part is read from the disk. */
  isLoading: boolean;
  /** Bytes that the member has. */
  acked: number;
  /** Answers that showed a gap, since `acked` rose last. */
  resyncs: number;
  /** When something was last sent or heard. */
  activeMs: Millis;
}

/** Reads the log on from some place. */
export interface EntryReader {
  /** Entries from `first` on, one at least; undefined while they are read. */
  take(first: number, bytesMax: number): LogEntry[] | undefined;
}

/** A round of a learner: it lasts until the learner has what the leader had at its start. */
export interface CatchUpRound {
  readonly number: number;
  readonly goal: number;
  readonly startMs: Millis;
}

/** A learner that is to vote as soon as it has caught up. */
export interface Promotion {
  readonly call: Extract<CoreCall, { readonly type: "change" }>;
  readonly deadlineMs: Millis;
}

/** What a leader knows of another member. */
export interface Progress {
  readonly member: MemberId;
  state: ProgressState;
  match: number;
  next: number;
  /** Appends with entries under way, in `replicate`. */
  inflight: { readonly last: number; readonly bytes: number }[];
  inflightBytes: number;
  /** In `probe`: an append is out, and no answer to a heartbeat has come since. */
  isPaused: boolean;
  /** Last entry when its link closed: those up to there wait for an answer of it, or for more to go with. */
  waitsThrough: number;
  /** The link takes no more. */
  isCongested: boolean;
  /** Its disk takes no stores. */
  hasTrouble: boolean;
  /** It has lost what it had acknowledged: it counts for nothing any more. */
  hasLostData: boolean;
  /** Its disk, as far as it has answered. */
  life: bigint | undefined;
  node: Uint8Array | undefined;
  activeMs: Millis;
  ackedRound: number;
  /** Greatest commit that was sent. */
  sentCommit: number;
  /** When a greater one is sent, if nothing has taken it along by then; Infinity for none. */
  tellAtMs: Millis;
  /** Number of the last request when `match` rose last: what a later one is refused for has been lost. */
  matchSeq: number;
  /** Heartbeats without an answer, at most the last few. */
  heartbeats: number[];
  /** Of a learner; undefined once one has been short enough. */
  round: CatchUpRound | undefined;
  /** Snapshots in a row behind which the log had gone when they were installed. */
  overtaken: number;
  /** Reads what is sent next. */
  readonly reader: EntryReader;
  /** An empty append is wanted in this turn. */
  wantsProbe: boolean;
  snapshot: SnapshotSending | undefined;
}

/** A round: everybody who answers it did so after `sentMs`. */
export interface Round {
  readonly number: number;
  readonly sentMs: Millis;
}

/** Leadership on its way to another member. */
export interface Transfer {
  readonly to: MemberId;
  readonly tags: number[];
  readonly deadlineMs: Millis;
  /** `timeoutNow` has been sent. */
  isSent: boolean;
  /** The leader does not stay if it fails: it has left the configuration, or its disk is in trouble. */
  readonly mustLeave: boolean;
}

/** A read that waits for a round. */
export interface WaitingRead {
  readonly tag: number;
  /** Settles with the index alone. */
  readonly isIndexOnly: boolean;
}

/** What a leader knows of the newest mark. */
export interface LeadBackup {
  /** What other members have frozen, each at the mark that it says. */
  readonly digests: Map<MemberId, StateDigest>;
  /** Notes were written, or there will be none. */
  isDecided: boolean;
  /** A mark is on its way. */
  isMarking: boolean;
}

/** One leadership. */
export interface Leadership {
  readonly startMs: Millis;
  /** Its first entry: nothing is read before that is committed. */
  readonly termStart: number;
  readonly progress: Map<MemberId, Progress>;
  heartbeatAtMs: Millis;
  /** Number of the last round. */
  round: number;
  /** Rounds whose answers may still be awaited. */
  rounds: Round[];
  /** A heartbeat to all is wanted in this turn. */
  wantsRound: boolean;
  /** Rounds up to this one give no lease. */
  leaseAfterRound: number;
  /** Another member was told to campaign: there is no lease any more. */
  hasNoLease: boolean;
  /** Reads that wait for the round under way, and the index that they read at. */
  reading: { readonly round: number; readonly index: number; readonly reads: WaitingRead[] } | undefined;
  /** Reads that wait for the next round. */
  queuedReads: WaitingRead[];
  transfer: Transfer | undefined;
  backup: LeadBackup;
  promotion: Promotion | undefined;
  /** Holds proposals back for a member that the log outruns. */
  pace: { readonly member: MemberId; readonly bytes: TokenBucket } | undefined;
  /** The last configuration that was made before this term is settled first. */
  uncommittedBytes: number;
  /** Clock of the cluster at a time of the own one. */
  clockAtMs: number;
  clockNowMs: Millis;
}

/** A mark of which nothing is known yet. */
export function newLeadBackup(): LeadBackup {
  return { digests: new Map(), isDecided: false, isMarking: false };
}

/** A member of which nothing is known yet. */
export function newProgress(member: MemberId, next: number, nowMs: Millis, reader: EntryReader): Progress {
  return {
    member,
    reader,
    round: { number: 1, goal: next, startMs: nowMs },
    overtaken: 0,
    state: "probe",
    match: 0,
    next,
    inflight: [],
    inflightBytes: 0,
    isPaused: false,
    waitsThrough: 0,
    isCongested: false,
    hasTrouble: false,
    hasLostData: false,
    life: undefined,
    node: undefined,
    activeMs: nowMs,
    ackedRound: 0,
    sentCommit: 0,
    tellAtMs: Infinity,
    matchSeq: 0,
    heartbeats: [],
    wantsProbe: false,
    snapshot: undefined,
  };
}
