/** What a member is asked for, what it answers, and what it tells. */
import type { Millis } from "../../machine/index.js";
import type { RpcFraming, RpcOptions } from "../rpc/index.js";
import type { MemberId } from "./core/messages.js";
import type { RaftCoreOptions } from "./core/options.js";
import type { RaftCounters, RaftLatencies } from "./meters.js";
import type { CoreEvent, CoreView, MembershipOp, ReadSafety } from "./core/types.js";
import type { WireIssue } from "../../errors.js";

/** A founding member. */
export interface RaftFounder {
  readonly member: MemberId;
  /** "host:port" under which the others reach it. */
  readonly address: string;
}

/** Options of a member on links, with a disk. */
export interface RaftMemberOptions extends RaftCoreOptions, Omit<RpcOptions, "via" | "datagramBytesMax"> {
  /** 8 bytes that all members of a cluster share, and no other cluster has. */
  readonly clusterId: Uint8Array;
  /** Id of this member, 1 to 2^53 - 1, which has only one life: a lost disk needs another id. */
  readonly member: MemberId;
  /** All founders, the same at each of them. Without it the member waits to be added. */
  readonly founders?: readonly RaftFounder[];
  /** Passes calls on to the leader. Without it they are refused with its address. Default true. */
  readonly forward?: boolean;
  /**
   * How frames begin, the same at all members and clients. Default `uint32be`; with `uint16be`, entries have 32 KiB and
   * results 48 KiB at most.
   */
  readonly framing?: RpcFraming;
  /** Bytes of a segment of the log. Default 8 MiB. */
  readonly segmentBytes?: number;
  /**
   * Bytes that are set aside on the disk, besides those of the last snapshot: they are given back when it is full, so
   * that a snapshot shortens the log. Default 16 MiB; 0: none.
   */
  readonly reserveBytes?: number;
  /**
   * What a log means whose end a crash has torn: nothing, as the disk had not acknowledged it (`cut`, the default), or
   * that the disk may lie (`abstain`): the member does not vote until it has what a leader has committed. If a power cut
   * tears the logs of a majority, these wait for each other for ever; so does a member that is alone.
   */
  readonly onTornTail?: "cut" | "abstain";
  /** Time for a request of a client that came over a link. Default 10,000. */
  readonly callTimeoutMs?: Millis;
}

/** Under which a command is executed once, however often it is proposed. */
export interface SessionPlace {
  readonly client: number;
  readonly serial: number;
  /** Results of lesser serials are not wanted any more. */
  readonly ackedBelow: number;
}

/** The bytes of a command. */
export interface GivenCommand {
  readonly data: Uint8Array;
  /** Nobody changes `data` any more: it is kept as it is, and not copied. Default false. */
  readonly isGiven?: boolean;
}

/** What a caller asks a member for. A member that does not lead asks the leader. */
export type RaftCall =
  /** Has a command executed by every member; settles when it is. */
  | ({ readonly type: "propose"; readonly session?: SessionPlace } & GivenCommand)
  | { readonly type: "openSession" }
  | { readonly type: "closeSession"; readonly client: number }
  /** Asks the state machine; it knows all that was settled before. Default mode `readIndex`. */
  | { readonly type: "read"; readonly query: Uint8Array; readonly mode?: Exclude<ReadSafety, "index"> }
  | { readonly type: "change"; readonly op: MembershipOp; readonly member: MemberId; readonly address?: string }
  /** Hands leadership over; default to the voter with the longest log. */
  | { readonly type: "transfer"; readonly to?: MemberId }
  /** Takes a snapshot here. */
  | { readonly type: "snapshot" }
  /** Begins a backup in the chain of the cluster. */
  | { readonly type: "backup" }
  | { readonly type: "status" };

/**
 * What a call settles with. Issues: `uncertain` (a proposal that may or may not take effect), `status` with the address
 * of the leader in `expected` (not the leader, or a change that is pending), `limit`, `expired` for a session,
 * `argument`, `unreachable` (no leader), `timeout` (nothing has happened), `storage`, `cancelled`, `fault`.
 */
export type RaftOutcome =
  | { readonly type: "proposed"; readonly index: number; readonly result: Uint8Array }
  | { readonly type: "sessionOpened"; readonly client: number }
  | { readonly type: "sessionClosed" }
  | { readonly type: "read"; readonly index: number; readonly result: Uint8Array }
  | { readonly type: "changed"; readonly index: number }
  | { readonly type: "transferred" }
  | { readonly type: "snapshotTaken"; readonly index: number }
  /** The mark of the backup is applied. */
  | { readonly type: "backupBegun"; readonly index: number }
  | { readonly type: "status"; readonly status: RaftStatus };

/** A member at one moment. */
export interface RaftStatus extends Omit<CoreView, "terms" | "storing"> {
  readonly member: MemberId;
  /** Address of the leader; empty where none is known. */
  readonly leaderAddress: string;
  readonly addresses: Readonly<Record<MemberId, string>>;
  readonly badMessages: number;
  readonly counters: RaftCounters;
  readonly latencies: RaftLatencies;
  /** Why the member does nothing any more. */
  readonly fault: string | undefined;
  /** What the server tells of itself that this member is a part of: plain data, as JSON can have it. */
  readonly server?: Readonly<Record<string, unknown>>;
}

/** What a member tells. */
export type RaftEvent =
  | CoreEvent
  /** The disk was read, and the member takes part. */
  | { readonly type: "started"; readonly member: MemberId; readonly last: number; readonly term: number }
  /** The disk does not allow it to. */
  | { readonly type: "refused"; readonly error: WireIssue }
  | { readonly type: "fault"; readonly code: string; readonly detail: string };
