/** The machines of Raft by name, for traces. */
import { isBytes } from "../../bytes/index.js";
import { readOptions, type MachineRegistry, type OptionSchema } from "../../machine/index.js";
import { ENDPOINT_OPTIONS } from "../rpc/index.js";
import { RaftClientMachine, type RaftClientOptions } from "./client/machine.js";
import { KvState } from "./kv/kv-state.js";
import { RaftMachine } from "./machine.js";
import type { RaftMemberOptions } from "./types.js";

const isNumber = (value: unknown): boolean => typeof value === "number" && value >= 0;
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isText = (value: unknown): boolean => typeof value === "string";
const areNumbers = (value: unknown): boolean => Array.isArray(value) && value.every(isNumber);

/** All links are streams. */
const { via: _via, datagramBytesMax: _datagramBytesMax, ...OF_ENDPOINT } = ENDPOINT_OPTIONS;

/** The options of a member, each with its check. */
export const MEMBER_OPTIONS: OptionSchema<RaftMemberOptions> = {
  ...OF_ENDPOINT,
  clusterId: isBytes,
  member: isNumber,
  founders: (value) =>
    Array.isArray(value) && value.every((one) => isNumber(one?.member) && typeof one?.address === "string"),
  forward: isFlag,
  segmentBytes: isNumber,
  callTimeoutMs: isNumber,
  electionMs: areNumbers,
  heartbeatMs: isNumber,
  clockDriftMax: isNumber,
  preVote: isFlag,
  checkQuorum: isFlag,
  reads: isText,
  eagerCommit: isFlag,
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
  keepEntries: isNumber,
  keepBytes: isNumber,
  logBytesMax: isNumber,
  snapshotBytesMax: isNumber,
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

const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

/** The options of a client, each with its check. */
export const CLIENT_OPTIONS: OptionSchema<RaftClientOptions> = {
  ...OF_ENDPOINT,
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
