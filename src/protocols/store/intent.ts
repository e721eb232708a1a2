/** Intents: notes that a file is about to be stored or deleted, from which a crash is cleaned up. */
import { fromHex, toHex } from "../../bytes/index.js";
import { jsonText } from "../../bytes/json-text.js";
import { requireWellFormed } from "./text.js";

/** What is about to change. */
export interface Intent {
  /** SHA-256 of the file, 32 bytes. */
  readonly fileHash: Uint8Array;
  readonly fileName: string;
  readonly totalBlocks: number;
  readonly blockSize: number;
  /** The time of the record in nanoseconds since 1970. */
  readonly startedAtNs: bigint;
}

/** The part of an intent that a recovery needs. */
export type IntentTarget = Pick<Intent, "fileHash" | "totalBlocks">;

/** The JSON of an intent, in the order and with the escapes of Go's encoding/json. @throws WireError `text` */
export function formatIntent({ fileHash, fileName, totalBlocks, blockSize, startedAtNs }: Intent): string {
  requireWellFormed("store_intent", "file_name", fileName);
  const name = jsonText(fileName);
  // The time exceeds 2^53: it is written as text.
  return `{"file_hash":"${toHex(fileHash)}","file_name":${name},"total_blocks":${totalBlocks},"block_size":${blockSize},"started_at":${startedAtNs}}`;
}

/** Reads an intent; undefined for a text that is none: it tells nothing that could be cleaned up. */
export function parseIntent(text: string): IntentTarget | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  const { file_hash: hash, total_blocks: total = 0 } = json as Record<string, unknown>;
  if (typeof hash !== "string" || !/^[0-9a-fA-F]{64}$/.test(hash)) return undefined;
  if (typeof total !== "number" || !Number.isInteger(total) || total < 0 || total > 0xffffffff) return undefined;
  return { fileHash: fromHex(hash), totalBlocks: total };
}
