/** Messages between the members of a cluster, decoded. */
import type { ClusterConfig, LogEntry } from "../../../codec/gen/raft/index.js";

/** Id of a member, 1 to 2^53 - 1. 0 stands for none. */
export type MemberId = number;

/** An entry by its place: the index and term that make it unique. Index 0 of term 0 lies in front of every log. */
export interface LogPlace {
  readonly index: number;
  readonly term: number;
}

/** Greatest term and index that a member takes from others: the numbers that it counts on to are still exact. */
export const PLACE_MAX = 2 ** 52;

/** What every message says of its sender. */
export interface MessageHead {
  readonly from: MemberId;
  readonly to: MemberId;
  /** Term of the sender; of a preVote and its grant the term that is asked for. */
  readonly term: number;
  /** Drawn when the disk of the sender was made: an answer of another life proves nothing. */
  readonly life: bigint;
  /** Rises with each request to one member; an answer repeats that of its request. */
  readonly seq: number;
  /** 20-byte id of the sender in RPC, where the carrier knows it. */
  readonly node?: Uint8Array | undefined;
}

/** Asks for a vote in `term`, or whether one would be given. */
export interface VoteMessage extends MessageHead {
  readonly kind: "vote" | "preVote";
  /** Last entry of the candidate. */
  readonly last: LogPlace;
  /** The leader has asked for this election: it is not held back. */
  readonly transfer: boolean;
}

/** Answers a vote or preVote. */
export interface VoteAnswerMessage extends MessageHead {
  readonly kind: "voteAnswer" | "preVoteAnswer";
  readonly refused: boolean;
  /** The leader that the voter knows, else 0. */
  readonly leader: MemberId;
}

/** Entries behind `prev`; none of them to pass on a commit, or to find out what the member has. */
export interface AppendMessage extends MessageHead {
  readonly kind: "append" | "heartbeat";
  readonly prev: LogPlace;
  readonly commit: number;
  /** Round of the leader, for reads and leases. */
  readonly round: number;
  /** Empty in a heartbeat. */
  readonly entries: readonly LogEntry[];
  /** The leader has found that this member has lost what it had acknowledged: it must not vote any more. */
  readonly lostData: boolean;
}

/** What a member has frozen at a mark of a chain. */
export interface StateDigest {
  /** Number of the mark. */
  readonly number: number;
  /** Of the state, 32 bytes. */
  readonly sha256: Uint8Array;
}

/** Answers an append or heartbeat. */
export interface AppendAnswerMessage extends MessageHead {
  readonly kind: "appendAnswer";
  /** All up to here is on the disk of the member and equal to the leader's; the asked `prev.index` if refused. */
  readonly index: number;
  readonly refused: boolean;
  /** Where the logs may still be equal, if refused; else place 0. */
  readonly hint: LogPlace;
  readonly round: number;
  /** The disk of the member takes no stores at present. */
  readonly diskTrouble: boolean;
  /** Of a heartbeat: the state that the member has frozen at a mark whose block is not noted. */
  readonly digest?: StateDigest | undefined;
}

/** A part of a snapshot. */
export interface SnapshotMessage extends MessageHead {
  readonly kind: "snapshot";
  /** Last entry that the snapshot covers. */
  readonly last: LogPlace;
  readonly totalBytes: number;
  readonly offset: number;
  /** Of the whole snapshot. */
  readonly sha256: Uint8Array;
  /** Of offset 0 only: the configuration at `last`. */
  readonly config: ClusterConfig | undefined;
  readonly bytes: Uint8Array;
  readonly isFinal: boolean;
}

/** Answers a part of a snapshot. */
export interface SnapshotAnswerMessage extends MessageHead {
  readonly kind: "snapshotAnswer";
  readonly last: LogPlace;
  /** Bytes of the snapshot that are on the disk of the member. */
  readonly nextOffset: number;
  /** The member has all that the snapshot covers. */
  readonly installed: boolean;
  readonly refused: boolean;
}

/** Tells a member to campaign at once. */
export interface TimeoutNowMessage extends MessageHead {
  readonly kind: "timeoutNow";
}

/** What members send each other. */
export type RaftMessage =
  | VoteMessage
  | VoteAnswerMessage
  | AppendMessage
  | AppendAnswerMessage
  | SnapshotMessage
  | SnapshotAnswerMessage
  | TimeoutNowMessage;
