/** The loop that gives a machine sockets, time, randomness and disk. */
export { memoryDisk, type Disk } from "./disk.js";
export { run } from "./run.js";
export { systemClock, systemEnv, type Clock } from "./system.js";
export type { CallOptions, Host, LogEntry, RunOptions } from "./types.js";
