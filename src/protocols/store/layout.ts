/** Where a folder store keeps what: the names of its folders and files. */
import { fromHex, toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import type { ChunkSizes } from "../../kernel/index.js";
import { chunkFileName } from "./chunk-key.js";

/**
 * How a file is cut: into blocks of one size, as the Go program does, or by content. Records and intents of the second
 * kind lie in folders of their own, which that program does not look into.
 */
export type ChunkingKind = "fixed" | "content";
/** How files are to be cut: by content also into chunks of other sizes than the default. */
export type Chunking = ChunkingKind | ChunkSizes;

export const CHUNKING_KINDS: readonly ChunkingKind[] = ["fixed", "content"];

/** The folders of a store. */
export const FOLDERS = {
  chunks: "data",
  records: "metadata",
  cache: ".cache",
  intents: ".intents",
  contentRecords: "content",
  /** Copies of records, and intents. */
  contentNotes: ".content",
} as const;

/** The folder of records; {@link CACHE_FOLDER} of their copies, {@link INTENT_FOLDER} of intents. */
export const RECORD_FOLDER = { fixed: FOLDERS.records, content: FOLDERS.contentRecords } as const;
export const CACHE_FOLDER = { fixed: FOLDERS.cache, content: FOLDERS.contentNotes } as const;
export const INTENT_FOLDER = { fixed: FOLDERS.intents, content: FOLDERS.contentNotes } as const;

/** The path of a chunk, `data/<40 hex>.kdht`: its bytes and nothing else. */
export function chunkPath(key: Uint8Array): string {
  return `${FOLDERS.chunks}/${chunkFileName(key)}`;
}

/** The path of a record, `metadata/<64 hex>.toml`; in `content` for a file cut by content. */
export function recordPath(fileHash: Uint8Array, kind: ChunkingKind = "fixed"): string {
  return `${RECORD_FOLDER[kind]}/${toHex(fileHash)}.toml`;
}

/** The path of the copy of a record, `.cache/<64 hex>.toml`; in `.content` for a file cut by content. */
export function cachePath(fileHash: Uint8Array, kind: ChunkingKind = "fixed"): string {
  return `${CACHE_FOLDER[kind]}/${toHex(fileHash)}.toml`;
}

/** The path of an intent, `.intents/<64 hex>.json`; in `.content` for a file cut by content. */
export function intentPath(fileHash: Uint8Array, kind: ChunkingKind = "fixed"): string {
  return `${INTENT_FOLDER[kind]}/${toHex(fileHash)}.json`;
}

/** The hash in the name of a record or of a copy; undefined for the name of anything else. */
export function hashOfPath(path: string): Uint8Array | undefined {
  const hex = /^(?:metadata|\.cache|\.?content)\/([0-9a-f]{64})\.toml$/.exec(path)?.[1];
  return hex === undefined ? undefined : fromHex(hex);
}

/** The kind of the file that a record, a copy or an intent is of, by its folder. */
export function kindOfPath(path: string): ChunkingKind {
  return /^\.?content\//.test(path) ? "content" : "fixed";
}

/** The location of a chunk as records name it: its path under the folder of the store, cleaned of `.` and `..`. */
export function chunkLocation(storeFolder: string, key: Uint8Array): string {
  return cleanPath(`${storeFolder}/${chunkPath(key)}`);
}

/** The shortest path with the same meaning, by its text alone. */
function cleanPath(path: string): string {
  const isAbsolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== ".." || (!isAbsolute && (parts.length === 0 || parts.at(-1) === ".."))) parts.push(part);
    else parts.pop();
  }
  return (isAbsolute ? "/" : "") + parts.join("/");
}

/** @throws WireError `argument` for anything but 40 hex digits: a key becomes the name of a file */
export function requireChunkKey(key: string): string {
  if (/^[0-9a-f]{40}$/.test(key)) return key;
  throw argumentError("store", "key", "40 hex digits", JSON.stringify(key.slice(0, 80)));
}

/** @throws WireError `argument` for anything but a name that this file makes: a key becomes the path of a file */
export function requireMetadataKey(key: string): string {
  if (/^(metadata|\.cache|\.?content)\/[^/\0]+\.toml$|^\.(intents|content)\/[^/\0]+\.json$/.test(key)) return key;
  throw argumentError("store", "key", "the path of a record, its copy or an intent", JSON.stringify(key.slice(0, 120)));
}
