/** What a reply has to become, by the table of errors of the seed; written apart from the client, to judge it by. */
import { isRecord } from "../field.js";
import type { RecordedReply } from "./vector.js";

/** An operation of a client. */
export type Operation = "status" | "enc" | "dec" | "consume";

/** What a call ends with: `ok`, or a reason of our errors. */
export type Demanded =
  "ok" | (typeof ROWS)[number][3] | "PARTIAL" | "BAD_REQUEST" | "INVALID_RESPONSE" | "KEY_POSSIBLY_LOST";

const EXHAUSTED = /try again (later|shortly)|0 keys remaining|more keys are requested than available/i;
const GONE = /do not exist|not found by id|0 activated keys|doesnt match the keys/i;

/** The rows of the table for replies, in its order: statuses, whether the body is JSON, its words, the reason. */
const ROWS = [
  [[429, 503], true, EXHAUSTED, "INSUFFICIENT_KEYS"],
  [[429], undefined, undefined, "UNAVAILABLE"],
  [[503], true, undefined, "UNAVAILABLE"],
  [[408, 502, 503, 504], undefined, undefined, "GATEWAY"],
  [[501], undefined, undefined, "NOT_SUPPORTED"],
  [range(500, 599), undefined, undefined, "SERVER"],
  [[400], true, EXHAUSTED, "INSUFFICIENT_KEYS"],
  [[400], true, /maximum key count that can be stored/i, "STORE_FULL"],
  [[400], true, /certificate .*does not match/i, "AUTH"],
  [[400], true, /SAE ID.* (unknown|not found)/i, "UNKNOWN_SAE"],
  [[400], true, GONE, "KEY_NOT_FOUND"],
  [[401], true, /not involved/i, "KEY_NOT_FOUND"],
  [[401, 403], undefined, undefined, "AUTH"],
  [[404], true, undefined, "KEY_NOT_FOUND"],
  [[404, 405], undefined, undefined, "NOT_SUPPORTED"],
  [range(300, 399), undefined, undefined, "NOT_SUPPORTED"],
] as const satisfies readonly (readonly [readonly number[], boolean | undefined, RegExp | undefined, string])[];

/** Reasons that only some operations end with. */
const ONLY: Readonly<Record<string, readonly Operation[]>> = {
  INSUFFICIENT_KEYS: ["enc"],
  STORE_FULL: ["enc"],
  KEY_NOT_FOUND: ["dec"],
};

/** What was asked for, by which a reply with status 200 is judged. */
export interface Asked {
  /** Keys of enc_keys. */
  readonly number?: number;
  /** Of each of these. */
  readonly sizeBits?: number;
  /** IDs of dec_keys. */
  readonly keyIds?: readonly string[];
}

/** What a reply to an operation has to become. */
export function demandedOf(operation: Operation, { status, headers, body }: RecordedReply, asked: Asked): Demanded {
  const text = new TextDecoder().decode(body);
  if (operation === "consume") {
    // A key manager without mark_consumed, or without the key, is no failure.
    return "ok";
  }
  if (status === 200) return isWhole(operation, text, asked) ? "ok" : "INVALID_RESPONSE";
  if (status === 206) return "PARTIAL";
  const isJson = text.trimStart().startsWith("{") || (status === 503 && headers["retry-after"] !== undefined);
  const row = ROWS.find(
    ([statuses, json, words, reason]) =>
      (statuses as readonly number[]).includes(status) &&
      (json === undefined || json === isJson) &&
      (words === undefined || words.test(text)) &&
      (ONLY[reason] ?? [operation]).includes(operation),
  );
  if (row === undefined) return "BAD_REQUEST";
  return operation === "dec" && row[3] === "GATEWAY" ? "KEY_POSSIBLY_LOST" : row[3];
}

const COUNTS = ["key_size", "stored_key_count", "max_key_count", "max_key_per_request", "max_key_size", "min_key_size"];
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)$/;

/** Whether a reply has what was asked for and nothing else of its kind. */
function isWhole(operation: Operation, text: string, { number, sizeBits, keyIds }: Asked): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  if (!isRecord(value)) return false;
  if (operation === "status") return COUNTS.every((name) => Number.isSafeInteger(value[name]));
  const keys = Array.isArray(value["keys"]) ? (value["keys"] as unknown[]) : undefined;
  if (keys === undefined || !keys.every(isKey)) return false;
  const ids = new Set(keys.map(({ key_ID }) => key_ID));
  if (ids.size !== keys.length || keys.length !== (keyIds?.length ?? number)) return false;
  if (keyIds !== undefined && !keyIds.every((id) => ids.has(id))) return false;
  return sizeBits === undefined || keys.every(({ key }) => atob(key).length * 8 === sizeBits);
}

function isKey(value: unknown): value is { readonly key_ID: string; readonly key: string } {
  if (!isRecord(value)) return false;
  const { key_ID, key } = value;
  return typeof key_ID === "string" && key_ID !== "" && typeof key === "string" && BASE64.test(key);
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
