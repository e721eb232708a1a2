/** What a DPS server is asked for, what it answers and tells. */
import type { WireIssue } from "../../errors.js";
import type { Millis } from "../../machine/index.js";
import type { ChainCall, ChainEvent, ChainOutcome, ChainStatus } from "../chain/index.js";
import type { DhtCall, DhtEvent, DhtOutcome, DhtStats } from "../dht/index.js";
import type { RaftCall, RaftEvent, RaftOutcome, RaftStatus } from "../raft/index.js";

/** What a caller asks a server for. */
export type DpsCall =
  /** A call of one of its parts, whose outcome is that of the part. */
  | { readonly type: "dht"; readonly request: DhtCall }
  | { readonly type: "raft"; readonly request: RaftCall }
  | { readonly type: "chain"; readonly request: ChainCall }
  /** Has a command executed once by the cluster, however often it has to be proposed. */
  | { readonly type: "command"; readonly data: Uint8Array }
  /** Looks at all chunks now, if this server leads; settles with what was done. */
  | { readonly type: "repair" }
  | { readonly type: "status" };

/** What a call settles with. */
export type DpsOutcome =
  | DhtOutcome
  | RaftOutcome
  | ChainOutcome
  | ({ readonly type: "repaired" } & RepairResult)
  | { readonly type: "dpsStatus"; readonly status: DpsMachineStatus };

/** What a look at all chunks came to. */
export interface RepairResult {
  /** Chunks whose holders were counted. */
  readonly chunks: number;
  /** Chunks whose holders could not be counted: the next look has them. */
  readonly uncounted: number;
  /** Chunks that were stored again: too few had them, or would have had them for too short a time. */
  readonly stored: number;
  /** Chunks that nobody has. */
  readonly lost: number;
}

/** A server at one moment. */
export interface DpsMachineStatus {
  /** Undefined until the disk was read. */
  readonly raft: RaftStatus | undefined;
  readonly dht: DhtStats | undefined;
  readonly chain: ChainStatus | undefined;
  readonly files: number;
  /** Bytes of all records. */
  readonly stateBytes: number;
  /** The clock of the cluster at the last command. */
  readonly clockMs: number;
  readonly counters: DpsCounters;
}

/** Counts since the start. */
export interface DpsCounters {
  /** Chunks whose holders were counted, could not be, that were stored again, and that nobody had. */
  countedChunks: number;
  uncountedChunks: number;
  repairedChunks: number;
  lostChunks: number;
  /** Commands that were executed for callers of this server, and attempts that it took. */
  commands: number;
  proposals: number;
  /** Links of peers whose first message did not say its protocol in time. */
  undecidedLinks: number;
  /** Backups that this server has noted as a leader, blocks that it has stored, and that it had to fetch. */
  backups: number;
  blocks: number;
  fetchedBlocks: number;
}

/** What a server tells. */
export type DpsEvent =
  | { readonly type: "dht"; readonly event: DhtEvent }
  | { readonly type: "raft"; readonly event: RaftEvent }
  | { readonly type: "chain"; readonly event: ChainEvent }
  /** A chunk was stored again, at so many servers. */
  | {
      readonly type: "chunkRepaired";
      /** Of the file, in hex. */
      readonly hash: string;
      /** Its key in hex. */
      readonly chunk: string;
      readonly index: number;
      readonly copies: number;
    }
  /** Nobody has a chunk of a file that is recorded, or it cannot be stored. */
  | {
      readonly type: "chunkLost";
      readonly hash: string;
      readonly chunk: string;
      readonly index: number;
      readonly error: WireIssue;
    }
  | ({ readonly type: "repairEnded"; readonly ms: Millis } & RepairResult);

/** An operation on a file that has ended, of this server or client. */
export interface DpsFileEvent {
  readonly type: "file";
  readonly operation: "put" | "get" | "remove" | "touch";
  /** In hex; missing where a put failed before it was known. */
  readonly hash?: string;
  readonly bytes: number;
  readonly ms: Millis;
  readonly error?: WireIssue;
}

/** A chunk that an operation has stored, or read. */
export interface DpsChunkEvent {
  readonly type: "chunk";
  readonly operation: "store" | "read";
  /** Of the file, in hex, where it is known. */
  readonly hash?: string;
  /** Its key in hex. */
  readonly chunk: string;
  readonly index: number;
  readonly bytes: number;
  /** Servers that have stored it. */
  readonly copies?: number;
}
