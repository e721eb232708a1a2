/** Where a folder store keeps what: the names of its folders and files. */
import { fromHex, toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { chunkFileName } from "./chunk-key.js";

/** The folders of a store. */
export const FOLDERS = { chunks: "data", records: "metadata", cache: ".cache", intents: ".intents" } as const;

/** The path of a chunk, `data/<40 hex>.kdht`: its bytes and nothing else. */
export function chunkPath(key: Uint8Array): string {
  return `${FOLDERS.chunks}/${chunkFileName(key)}`;
}

/** The path of a record, `metadata/<64 hex>.toml`. */
export function recordPath(fileHash: Uint8Array): string {
  return `${FOLDERS.records}/${toHex(fileHash)}.toml`;
}

/** The path of the copy of a record, `.cache/<64 hex>.toml`. */
export function cachePath(fileHash: Uint8Array): string {
  return `${FOLDERS.cache}/${toHex(fileHash)}.toml`;
}

/** The path of an intent, `.intents/<64 hex>.json`. */
export function intentPath(fileHash: Uint8Array): string {
  return `${FOLDERS.intents}/${toHex(fileHash)}.json`;
}

/** The hash in the name of a record; undefined for the name of anything else. */
export function hashOfRecordPath(path: string): Uint8Array | undefined {
  const hex = /^metadata\/([0-9a-f]{64})\.toml$/.exec(path)?.[1];
  return hex === undefined ? undefined : fromHex(hex);
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
  if (/^(metadata|\.cache)\/[^/\0]+\.toml$|^\.intents\/[^/\0]+\.json$/.test(key)) return key;
  throw argumentError("store", "key", "the path of a record, its copy or an intent", JSON.stringify(key.slice(0, 120)));
}
