/** A file of a key store, read as files of the cluster are. */
import type { FileMetadata, KeyStore } from "../../store/index.js";
import type { FileReading, GetFileOptions } from "../files/read.js";
import type { DpsFile } from "../files/records.js";

/** Opens a file, or a range of it. @throws WireError `missing`, `expired`, `argument` */
export async function localReading(store: KeyStore, hash: Uint8Array, options: GetFileOptions): Promise<FileReading> {
  const { start = 0, end, signal, onProgress } = options;
  const { metadata, lengthBytes, bytes } = await store.get(hash, {
    start,
    ...(end !== undefined && { end }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress: (done) => onProgress({ ...done, operation: "get", phase: "read" }) }),
  });
  return { file: localFile(metadata), start, end: start + lengthBytes, bytes };
}

/** A file that the cluster has no record of: revision 0, and no end on its clock. */
function localFile(metadata: FileMetadata): DpsFile {
  const { fileHash: hash, fileName: name, totalSize: sizeBytes, totalChunks: chunks } = metadata;
  const { chunkSize, permissions, modifiedNs, ttlSeconds } = metadata;
  const about = { hash, name, sizeBytes, chunks, chunkSize, permissions, modifiedNs };
  return { ...about, ttlSeconds: Number(ttlSeconds), revision: 0, expiresMs: 0 };
}
