/** What a machine's `Disk` is made of: on memory, and on page files of a file system. */
export type { Disk, DiskWrite } from "../machine/index.js";
export { memoryDisk } from "./memory.js";
export { lockFile } from "./file-lock.js";
export type { FileSystem, WritableFile } from "./files.js";
export { nodeFiles } from "./node-files.js";
export { backupPageFiles, type PageBackupOptions } from "./page-files/backup.js";
export { openPageFileDisk, type PageFileDisk, type PageFileDiskOptions } from "./page-files/disk.js";
export type { PageLayout } from "./page-files/page-files.js";
