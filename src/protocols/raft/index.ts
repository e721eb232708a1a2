/** Raft: codecs of messages, log and snapshots, the core of a member, and a member as a machine. */
export * from "../../codec/gen/raft/index.js";
export { RaftClientMachine, type RaftClientCall, type RaftClientOptions } from "./client/machine.js";
export { Serials } from "./client/serials.js";
export { clusterIdOf, foundingConfig } from "./founding.js";
export { RaftCore } from "./core/core.js";
export { AppliedState } from "./core/applied-state.js";
export type {
  AppliedBackup,
  BackupDecision,
  BackupHead,
  BackupHooks,
  BackupMark,
  BackupNoteInit,
} from "./core/backup-hooks.js";
export { CoreDisk, type CoreDiskStart } from "./core/core-disk.js";
export { foundingStore, LogImage } from "./core/log-image.js";
export type * from "./core/messages.js";
export type { RaftCoreOptions } from "./core/options.js";
export type { CoreStart } from "./core/state.js";
export type { AppliedCommand, SnapshotSink, SnapshotSource, StateMachine } from "./core/state-machine.js";
export type {
  CallStatus,
  CoreCall,
  CoreEffect,
  CoreEvent,
  CoreInput,
  CoreView,
  FaultCode,
  LogStore,
  MembershipOp,
  ProgressState,
  ProgressView,
  Proposal,
  RaftRole,
  SnapshotMark,
} from "./core/types.js";
export { decodeKv, decodeKvItems, encodeKv, KvState, type KvAnswer, type KvRequest } from "./kv/kv-state.js";
export { RaftMachine } from "./machine.js";
export { RAFT_MACHINES } from "./machines.js";
export type { LatencySummary, RaftCounters, RaftLatencies } from "./meters.js";
export type {
  RaftCall,
  RaftEvent,
  RaftFounder,
  RaftMemberOptions,
  RaftOutcome,
  RaftStatus,
  SessionPlace,
} from "./types.js";
export {
  decodeAnswer,
  decodeRequest,
  encodeAnswer,
  encodeRequest,
  type ClientAnswer,
  type ClientHead,
  type ClientRequest,
} from "./wire/client-messages.js";
