/** What an answer of a KME, or the lack of one, means: the reason, whether to ask again, what became of the keys. */
import type { WireIssue } from "../../../errors.js";
import type { HttpAnswer } from "../../../http.js";
import type { QkdReason } from "../errors.js";
import { isJsonObject, parseErrorBody } from "../reply/index.js";
import type { DialectRule, QkdOperation } from "./options.js";

/** When a request may be sent again. */
export type Retry =
  | "always"
  | "never"
  /** Its answer is lost, and with it perhaps keys: only where the caller has asked for that. */
  | "lost"
  /** Only in the first moments of a KME. */
  | "warm-up"
  /** By the other method, once. */
  | "other method";

/** What one attempt has come to. */
export interface Verdict {
  readonly reason: QkdReason;
  /** The reason before a lost dec_keys became KEY_POSSIBLY_LOST. */
  readonly cause: QkdReason;
  readonly retry: Retry;
  /** Whether the KME may have given keys away. */
  readonly keyMayBeConsumed: boolean;
  /** Whether the KME has answered at all. */
  readonly isReply: boolean;
  readonly actual?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly httpStatus?: number | undefined;
  readonly kmeMessage?: string | undefined;
  readonly details?: readonly string[] | undefined;
}

/** Attempts that count against a KME. */
const COUNTED: ReadonlySet<QkdReason> = new Set([
  "CONNECTION",
  "TIMEOUT",
  "CONNECTION_LOST",
  "GATEWAY",
  "SERVER",
  "UNAVAILABLE",
]);

/** Whether an attempt counts as a failure of the KME. */
export function isCounted({ cause }: Verdict): boolean {
  return COUNTED.has(cause);
}

/** An attempt that got no answer in its time. */
export function judgeTimeout(op: QkdOperation, isSent: boolean): Verdict {
  return isSent ? lost(op, "TIMEOUT", { isReply: false }) : plain("CONNECTION", "always", "no connection in time");
}

/** An attempt that ended without an answer. */
export function judgeFailure(op: QkdOperation, { code, actual }: WireIssue, isSent: boolean): Verdict {
  if (code === "certificate") return plain("TLS_SERVER", "never", actual);
  // An alert that this side does not know by name is a refusal of its certificate.
  if (code === "credentials" || /_ALERT_/.test(actual ?? "")) return plain("AUTH", "never", actual);
  if (code === "negotiation" && !isSent) return plain("TLS_PROTOCOL", "never", actual);
  if (code === "argument") return plain("INVALID_ARGUMENT", "never", actual);
  if (!isSent) return plain("CONNECTION", "always", actual);
  if (code === "negotiation" || code === "limit") return invalidReply(op, actual ?? code);
  return lost(op, "CONNECTION_LOST", { isReply: false, actual });
}

/** An answer with status 200 that is not what was asked for. */
export function invalidReply(op: QkdOperation, actual: string, details?: readonly string[]): Verdict {
  const about = { httpStatus: 200, actual, details, keyMayBeConsumed: takesKeys(op), isReply: true };
  return { reason: "INVALID_RESPONSE", cause: "INVALID_RESPONSE", retry: "never", ...about };
}

/** The words of KMEs that have no key left. */
const EXHAUSTED = /try again (later|shortly)|0 keys remaining|more keys are requested than available/i;
const STORE_FULL = /maximum key count that can be stored/i;
const WRONG_CERTIFICATE = /certificate .*does not match/i;
const UNKNOWN_SAE = /SAE ID.* (unknown|not found)/i;
const UNKNOWN_KEY = /do not exist|not found by id|0 activated keys|doesnt match the keys/i;
const NOT_INVOLVED = /not involved/i;

/** What a verdict on an answer takes beside it. */
export interface AnswerContext {
  readonly dialect: readonly DialectRule[];
  /** Milliseconds since 1970, for dates of `retry-after`. */
  readonly unixMs: () => number;
  /** Whether the keys asked for would fit into an empty store. */
  readonly fitsStore: boolean;
  /** An earlier attempt of this dec_keys was sent and lost. */
  readonly wasLost: boolean;
}

/** An answer with any status but 200. Its words are read from its bytes, whatever their type says. */
export function judgeAnswer(op: QkdOperation, answer: HttpAnswer, context: AnswerContext): Verdict {
  const { status, headers, body } = answer;
  const isJson = isJsonObject(body);
  const { message, details } = parseErrorBody(body, headers["content-type"]);
  const retryAfterMs = retryAfterOf(headers["retry-after"], context.unixMs);
  const words: Words = { status, isJson, message, hasRetryAfter: retryAfterMs !== undefined };
  const verdict = reasonOf(op, words, context);
  const found = context.wasLost && verdict.cause === "KEY_NOT_FOUND" ? asLost(verdict) : verdict;
  const { length } = details;
  return {
    ...found,
    isReply: true,
    httpStatus: status,
    ...(message !== "" && { kmeMessage: message }),
    ...(length > 0 && { details }),
    ...(found.retry === "always" && { retryAfterMs }),
  };
}

interface Words {
  readonly status: number;
  readonly isJson: boolean;
  readonly message: string;
  readonly hasRetryAfter: boolean;
}

function reasonOf(op: QkdOperation, words: Words, { dialect, fitsStore }: AnswerContext): Verdict {
  const { status, isJson, message, hasRetryAfter } = words;
  const rule = dialect.find(
    (each) => each.status === status && (each.op ?? op) === op && new RegExp(each.pattern, "i").test(message),
  );
  if (rule !== undefined) return ofReason(op, rule.code, fitsStore);
  if (status === 206 && takesKeys(op)) return ofReason(op, "PARTIAL", fitsStore);
  if (status < 300) return { ...invalidReply(op, `status ${status}`), httpStatus: status };
  if (status < 400) return ofReason(op, "NOT_SUPPORTED", fitsStore);
  if (status === 429 || (status === 503 && (isJson || hasRetryAfter))) {
    // The page of a web server for 429 has the same words, and means requests.
    return ofReason(op, isJson && EXHAUSTED.test(message) ? "INSUFFICIENT_KEYS" : "UNAVAILABLE", fitsStore);
  }
  if (status === 503 || status === 502 || status === 504 || status === 408) return ofReason(op, "GATEWAY", fitsStore);
  if (status === 501) return ofReason(op, "NOT_SUPPORTED", fitsStore);
  if (status >= 500) return ofReason(op, "SERVER", fitsStore);
  return ofReason(op, reasonOf4xx(op, words), fitsStore, status === 405);
}

function reasonOf4xx(op: QkdOperation, { status, isJson, message }: Words): QkdReason {
  if (status === 400 && isJson) {
    if (op !== "status" && op !== "dec_keys" && EXHAUSTED.test(message)) return "INSUFFICIENT_KEYS";
    if (op === "enc_keys" && STORE_FULL.test(message)) return "STORE_FULL";
    if (WRONG_CERTIFICATE.test(message)) return "AUTH";
    if (UNKNOWN_SAE.test(message)) return "UNKNOWN_SAE";
    if (op === "dec_keys" && UNKNOWN_KEY.test(message)) return "KEY_NOT_FOUND";
  }
  if (status === 401 && isJson && op === "dec_keys" && NOT_INVOLVED.test(message)) return "KEY_NOT_FOUND";
  if (status === 401 || status === 403) return "AUTH";
  if (status === 404 && isJson && op === "dec_keys") return "KEY_NOT_FOUND";
  return status === 404 || status === 405 ? "NOT_SUPPORTED" : "BAD_REQUEST";
}

/** What follows from a reason that a KME has given. */
function ofReason(op: QkdOperation, reason: QkdReason, fitsStore: boolean, isWrongMethod = false): Verdict {
  switch (reason) {
    case "GATEWAY":
    case "TIMEOUT":
    case "CONNECTION_LOST":
      return lost(op, reason, { isReply: true });
    case "SERVER":
      return { ...reply(reason, takesKeys(op) ? "never" : "always"), keyMayBeConsumed: takesKeys(op) };
    case "PARTIAL":
    case "INVALID_RESPONSE":
      return { ...reply(reason, "never"), keyMayBeConsumed: takesKeys(op) };
    case "KEY_POSSIBLY_LOST":
      return asLost(reply("KEY_NOT_FOUND", "never"));
    case "UNAVAILABLE":
    case "INSUFFICIENT_KEYS":
    case "CONNECTION":
      return reply(reason, "always");
    case "STORE_FULL":
      return reply(reason, fitsStore ? "always" : "never");
    case "UNKNOWN_SAE":
      return reply(reason, "warm-up");
    case "NOT_SUPPORTED":
      return reply(reason, isWrongMethod ? "other method" : "never");
    default:
      return reply(reason, "never");
  }
}

function reply(reason: QkdReason, retry: Retry): Verdict {
  return { reason, cause: reason, retry, keyMayBeConsumed: false, isReply: true };
}

function plain(reason: QkdReason, retry: Retry, actual: string | undefined): Verdict {
  return { reason, cause: reason, retry, keyMayBeConsumed: false, isReply: false, actual };
}

/** A request that may have been carried out, without an answer that says so. */
function lost(
  op: QkdOperation,
  cause: QkdReason,
  rest: { readonly isReply: boolean; readonly actual?: string | undefined },
): Verdict {
  if (!takesKeys(op)) return { reason: cause, cause, retry: "always", keyMayBeConsumed: false, ...rest };
  const reason = op === "dec_keys" ? "KEY_POSSIBLY_LOST" : cause;
  return { reason, cause, retry: "lost", keyMayBeConsumed: true, ...rest };
}

function asLost(verdict: Verdict): Verdict {
  return { ...verdict, reason: "KEY_POSSIBLY_LOST", retry: "never", keyMayBeConsumed: true };
}

function takesKeys(op: QkdOperation): boolean {
  return op === "enc_keys" || op === "dec_keys";
}

/** The pause that a field `retry-after` asks for: seconds, or a date (RFC 9110 §10.2.3). */
function retryAfterOf(field: string | undefined, unixMs: () => number): number | undefined {
  const text = field?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Dates of HTTP end with GMT; `Date.parse` alone would take any number for a year.
  const atMs = text.endsWith("GMT") ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - unixMs());
}
