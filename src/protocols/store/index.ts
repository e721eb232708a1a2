/** The key store: files cut into chunks under keys, with records in TOML. */
export { BLOCK_BYTES_MAX, BLOCK_BYTES_MIN, blockSizeOf, totalBlocksOf, type BlockSizeOptions } from "./block-size.js";
export { CHUNK_KEY_BYTES, chunkFileName, chunkKey, contentChunkKey, FILE_HASH_BYTES, shaHash } from "./chunk-key.js";
export { CONTENT_SIZES } from "./chunking.js";
export type { CopiedFiles, FailedCopy } from "./copy.js";
export { formatIntent, parseIntent, type Intent, type IntentTarget } from "./intent.js";
export {
  cachePath,
  chunkLocation,
  chunkPath,
  intentPath,
  recordPath,
  type Chunking,
  type ChunkingKind,
} from "./layout.js";
export { makeRecord, type CutChunk, type FileFacts } from "./make-record.js";
export {
  checkRecord,
  DEFAULT_TTL_SECONDS,
  isExpired,
  SIGNATURE_BYTES,
  type ChunkReference,
  type FileMetadata,
  type FileRecord,
} from "./record.js";
export { parseRecord, RECORD_BYTES_MAX } from "./toml/read.js";
export { formatRecord } from "./toml/write.js";
export {
  LIST_KEYS_MAX,
  type ChunkStore,
  type MetadataChange,
  type MetadataEntry,
  type MetadataStore,
} from "./back-ends.js";
export { KeyStore, type FileId, type Storable, type StoredFile } from "./key-store.js";
export { memoryChunks, memoryMetadata } from "./memory.js";
export type { PutOptions, PutResult } from "./put.js";
export type { ChunkDamage, FileRead, GetOptions } from "./read.js";
export { remoteChunks, serveChunks, type RemoteHandler, type RemoteReply, type RemoteRequest } from "./remote.js";
export type { ByteStream, FileSource, Spool } from "./source.js";
export type {
  KeyStoreOptions,
  OperationOptions,
  StoreLogLine,
  StoreOperation,
  StoreProgress,
  UnusableRecord,
} from "./state.js";
export type { CleanDepth, Collected, DamagedChunk } from "./upkeep.js";
