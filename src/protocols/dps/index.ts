/** DPS, a whole server: files in chunks on the DHT, their records by Raft, its backups in a chain. */
export * from "../../codec/gen/dps/index.js";
export { FileState, type FileStateLimits, type FileStateSize } from "./files/file-state.js";
export type { FileCallOptions, FilePort, FileProgress } from "./files/port.js";
export { putFile, type PutFileOptions, type PutFileResult, type PutRules } from "./files/put.js";
export { getFile, type FileReading, type GetFileOptions } from "./files/read.js";
export { commandsOf, type DpsFile, type FileChange, type ListOptions } from "./files/records.js";
export { DpsMachine, type DpsEffect } from "./machine.js";
export { DPS_MACHINES } from "./machines.js";
export { DpsClientMachine, type DpsClientCall, type DpsClientMachineOptions } from "./client/machine.js";
export type { DpsMachineOptions } from "./options.js";
export type { DpsCall, DpsCounters, DpsEvent, DpsMachineStatus, DpsOutcome, RepairResult } from "./types.js";
