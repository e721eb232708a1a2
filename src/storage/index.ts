/** Disks in memory, in page files and in segment files, with the file systems and locks that they use. */
export type { Disk, DiskPut, DiskRead, DiskRemove, DiskValue, DiskWrite } from "../machine/index.js";
export { memoryDisk } from "./memory.js";
export type { FileSystem, HeldLock, LockOptions, WritableFile, WriteOptions } from "./files.js";
export { lockFile, nodeFiles, type NodeFilesOptions } from "./node-files.js";
export { backupPageFiles, type PageBackupOptions } from "./page-files/backup.js";
export { openPageFileDisk, type PageFileDisk, type PageFileDiskOptions } from "./page-files/disk.js";
export type { LogLoss } from "./page-files/log-reader.js";
export type { PageLayout } from "./page-files/page-files.js";
export { openSegmentDisk, type SegmentDisk, type SegmentDiskOptions } from "./segments/disk.js";
export { repairPageFiles, type PageRepair, type PageRepairOptions } from "./page-files/repair.js";
export { kindOf, openRegular, type FileKind } from "./regular-file.js";
