/** DPS on Node.js: whole servers with a folder, and clients of a cluster. */
export { createDpsClient, type CreateDpsClientOptions, type DpsClient } from "./client/node.js";
export type { DpsFiles } from "./files/operations.js";
export type { DpsPathFiles, PutPathOptions } from "./files/paths/node.js";
export type { FileCallOptions, FileProgress } from "./files/port.js";
export type { PutFileOptions, PutFileResult } from "./files/put.js";
export { dhtChunks, type DhtChunksOptions } from "./files/dht-chunks.js";
export type { FileReading, GetFileOptions } from "./files/read.js";
export type { DpsFile, ListOptions } from "./files/records.js";
export { fileLedger, type FileLedger, type FileLedgerOptions } from "./ledger/node.js";
export { rebuild, type RebuildOptions, type Rebuilt } from "./rebuild/node.js";
export { startDpsServer, type DpsStatus, type RunningDpsServer } from "./server/node.js";
export type { StartDpsServerOptions } from "./server/options/node.js";
export type { DpsChunkEvent, DpsEvent, DpsFileEvent, DpsMachineStatus } from "./types.js";
