/** The loop that gives a machine sockets, time, randomness and disk. */
export type { Clock, Disk, DiskWrite, LogEntry, LogSink } from "../machine/index.js";
export { memoryDisk } from "./disk.js";
export { lockFile } from "./file-lock.js";
export type { FileSystem, WritableFile } from "./files.js";
export { nodeFiles } from "./node-files.js";
export { backupPageFiles, type PageBackupOptions } from "./page-files/backup.js";
export { openPageFileDisk, type PageFileDisk, type PageFileDiskOptions } from "./page-files/disk.js";
export type { PageLayout } from "./page-files/page-files.js";
export { run } from "./run.js";
export { systemClock, systemEnv } from "./system.js";
export type { CallOptions, Host, RunOptions } from "./types.js";
