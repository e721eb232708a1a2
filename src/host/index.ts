/** Hosts: `run` gives a machine sockets, time, randomness and a disk. */
export type { Clock, LogEntry, LogSink } from "../machine/index.js";
export type { FaultPolicy, RestartPolicy } from "./fault-policy.js";
export { run } from "./run.js";
export { systemClock, systemEnv } from "./system.js";
export type { HostOptions } from "./host-options.js";
export type { CallOptions, Host, RunOptions } from "./types.js";
