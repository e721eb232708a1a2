/** The loop that gives a machine sockets, time, randomness and disk. */
export type { Clock, LogEntry, LogSink } from "../machine/index.js";
export { run } from "./run.js";
export { systemClock, systemEnv } from "./system.js";
export type { CallOptions, Host, RunOptions } from "./types.js";
