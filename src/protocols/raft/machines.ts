/** The machines of Raft by name, for traces. */
import { isBytes } from "../../bytes/index.js";
import { OPTION_CHECKS, readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { ENDPOINT_OPTIONS } from "../rpc/index.js";
import { RaftClientMachine, type RaftClientOptions } from "./client/machine.js";
import { KvState } from "./kv/kv-state.js";
import { RaftMachine } from "./machine.js";
import type { RaftMemberOptions } from "./types.js";

const { isNumber, areNumbers, isText, areTexts, isFlag } = OPTION_CHECKS;

/** The options of a member, each with its check. */
export const MEMBER_OPTIONS: OptionSchema<RaftMemberOptions> = {
  ...ENDPOINT_OPTIONS,
  clusterId: isBytes,
  member: isNumber,
  founders: (value) =>
    Array.isArray(value) && value.every((one) => isNumber(one?.member) && typeof one?.address === "string"),
  forward: isFlag,
  segmentBytes: isNumber,
  reserveBytes: isNumber,
  onTornTail: isText,
  callTimeoutMs: isNumber,
  electionMs: areNumbers,
  heartbeatMs: isNumber,
  clockDriftMax: isNumber,
  preVote: isFlag,
  checkQuorum: isFlag,
  reads: isText,
  eagerCommit: isFlag,
  commitDelayMs: isNumber,
  batching: isFlag,
  batchBytes: isNumber,
  inflightMessages: isNumber,
  inflightBytes: isNumber,
  messageBytes: isNumber,
  entryBytesMax: isNumber,
  uncommittedMax: isNumber,
  uncommittedBytesMax: isNumber,
  readsMax: isNumber,
  applyBatch: isNumber,
  applyBytes: isNumber,
  snapshotStepBytes: isNumber,
  snapshotLogBytes: isNumber,
  snapshotEntries: isNumber,
  snapshotGrowth: isNumber,
  keepEntries: isNumber,
  keepBytes: isNumber,
  cacheBytesMax: isNumber,
  logBytesMax: isNumber,
  snapshotBytesMax: isNumber,
  backupBytesMax: isNumber,
  chunkBytes: isNumber,
  chunksInflight: isNumber,
  snapshotsSentMax: isNumber,
  snapshotIdleMs: isNumber,
  storeStallMs: isNumber,
  promoteLagMax: isNumber,
  sessionIdleMs: isNumber,
  sessionsMax: isNumber,
  sessionResultsMax: isNumber,
  sessionResultBytesMax: isNumber,
};

/** The options of a client, each with its check. */
export const CLIENT_OPTIONS: OptionSchema<RaftClientOptions> = {
  ...ENDPOINT_OPTIONS,
  clusterId: isBytes,
  members: areTexts,
  session: isText,
  attemptTimeoutMs: isNumber,
};

/** Builds the machines of Raft by their names in traces, with a store of keys and values as state. */
export const RAFT_MACHINES = {
  "raft-client": (options, env) => new RaftClientMachine(readOptions(options, CLIENT_OPTIONS), env),
  "raft-member": (options, env) => new RaftMachine(readOptions(options, MEMBER_OPTIONS), env, new KvState()),
} as const satisfies MachineRegistry;
