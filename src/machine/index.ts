/** Machines: the contract between a protocol's rules and the world, its driver, and parts that machines share. */
export { backoffMs, fraction, requireTime, type Backoff, type Call, type CallRules } from "./call-rules.js";
export { Calls, type Attempt, type CallsOptions } from "./calls.js";
export { DeadlineHeap } from "./deadlines.js";
export { DiskOperations, type FoundDone, type StoreDone } from "./disk-operations.js";
export { diskArgument, flawOfRead, flawOfWrites, isPut, partOf } from "./disk-values.js";
export { Driver, type DriverOptions } from "./driver.js";
export type { DriverExchanges } from "./driver-exchanges.js";
export { guard, GuardedMachine } from "./guard.js";
export { countDown, countUp } from "./ids.js";
export { MemoryValues } from "./trace/memory-values.js";
export { OPTION_CHECKS, readOptions, tracedOptions, type OptionSchema } from "./options.js";
export { replayTrace, type MachineFactory, type MachineRegistry, type MachineReplay } from "./trace/registry.js";
export { replay, traceHosts, type Rebuild, type Replay, type ReplayDifference } from "./trace/replay.js";
export { addressPrefix } from "../address.js";
export {
  parseOrigin,
  type HttpAnswer,
  type HttpHeaders,
  type HttpOrigin,
  type HttpRequest,
  type HttpResponse,
  type IncomingHttpRequest,
} from "../http.js";
export { identityMismatch, type ExpectedServer, type IdentityMismatch, type PeerIdentity } from "../identity.js";
export { AmplificationLimit } from "./amplification-limit.js";
export { KeyedTokenBuckets, TokenBucket, type KeyedTokenBucketsOptions } from "./rate-limit.js";
export {
  readTrace,
  recordEnv,
  recordMachine,
  TRACE_VERSION,
  traceWriter,
  type Trace,
  type TraceEntry,
  type TraceHeader,
  type TraceStart,
  type TraceWriter,
} from "./trace/trace.js";
export type {
  CallId,
  DiskPut,
  DiskRead,
  DiskRemove,
  DiskValue,
  DiskWrite,
  Effect,
  Env,
  Event,
  ExchangeId,
  LinkId,
  LogFields,
  LogLevel,
  Machine,
  Millis,
  OpId,
  UnixNs,
} from "./types.js";
export type { Clock, Disk, Exchanges, Links, LogEntry, LogSink, World } from "./world.js";
