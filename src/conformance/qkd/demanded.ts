/** What a reply has to become, by the table of errors of the seed; written apart from the client, to judge it by. */
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

/** What a reply to an operation has to become. */
export function demandedOf(operation: Operation, { status, headers, body }: RecordedReply): Demanded {
  const text = new TextDecoder().decode(body);
  if (operation === "consume") {
    // A key manager without mark_consumed, or without the key, is no failure.
    return "ok";
  }
  if (status === 200) return isWhole(operation, text) ? "ok" : "INVALID_RESPONSE";
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

/** Whether a reply is JSON with the member that its operation needs. */
function isWhole(operation: Operation, text: string): boolean {
  try {
    const value = JSON.parse(text) as { readonly keys?: unknown; readonly key_size?: unknown } | null;
    return operation === "status" ? typeof value?.key_size === "number" : Array.isArray(value?.keys);
  } catch {
    return false;
  }
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
