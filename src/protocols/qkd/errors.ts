/** Errors of QKD: a reason for every way in which an exchange with a KME ends, and what it means for the keys. */
import { WireError, type WireErrorCode, type WireIssue } from "../../errors.js";

/** Every reason with the code of the registry that it belongs to. */
export const QKD_REASONS = {
  // Refused before anything was sent.
  INVALID_ARGUMENT: "argument",
  TOO_MANY_KEYS: "limit",
  PAIR_BUSY: "limit",
  CIRCUIT_OPEN: "unreachable",
  TOMBSTONES_FULL: "limit",
  CLOSED: "closed",
  // The caller, or time.
  ABORTED: "cancelled",
  DEADLINE: "timeout",
  TIMEOUT: "timeout",
  // The connection.
  CONNECTION: "unreachable",
  CONNECTION_LOST: "closed",
  TLS_SERVER: "certificate",
  TLS_PROTOCOL: "negotiation",
  AUTH: "credentials",
  // What the KME answered.
  INVALID_RESPONSE: "status",
  PARTIAL: "status",
  UNAVAILABLE: "status",
  INSUFFICIENT_KEYS: "status",
  STORE_FULL: "status",
  GATEWAY: "status",
  SERVER: "status",
  UNKNOWN_SAE: "status",
  KEY_NOT_FOUND: "missing",
  KEY_POSSIBLY_LOST: "missing",
  NOT_SUPPORTED: "status",
  BAD_REQUEST: "status",
  // Keys that were delivered.
  KEY_USED: "expired",
  KEY_EXPIRED: "expired",
  KEY_DESTROYED: "expired",
} as const satisfies Readonly<Record<string, WireErrorCode>>;

/** A reason of {@link QKD_REASONS}. */
export type QkdReason = keyof typeof QKD_REASONS;

/** What is known of a failure beside its issue. */
export interface QkdFailure {
  /** Status of the last reply. */
  readonly httpStatus?: number | undefined;
  /** The words of the KME, in one line. */
  readonly kmeMessage?: string | undefined;
  /** What the KME said beside its message, and ids of keys that are missing. */
  readonly details?: readonly string[] | undefined;
  /** Whether the same call may succeed later. */
  readonly retryable?: boolean | undefined;
  /** Whether the KME may have given keys away, which nobody has now. */
  readonly keyMayBeConsumed?: boolean | undefined;
  /** Requests that were sent. */
  readonly attempts?: number | undefined;
  /** URL of the KME. */
  readonly endpoint?: string | undefined;
}

/** A failure as plain data. */
export interface QkdIssue extends WireIssue, QkdFailure {
  readonly reason: QkdReason;
}

/** An issue of a reason. @param path the operation or the argument @param actual the finding; never a secret */
export function qkdIssue(reason: QkdReason, path: string, actual?: string, failure: QkdFailure = {}): QkdIssue {
  const text = actual === undefined ? reason : `${reason}: ${actual}`;
  return { code: QKD_REASONS[reason], format: "qkd", path, actual: text, ...failure, reason };
}

/** The error of a call on keys or their KME. */
export class QkdError extends WireError implements QkdIssue {
  declare readonly reason: QkdReason;
  declare readonly httpStatus: number | undefined;
  declare readonly kmeMessage: string | undefined;
  declare readonly details: readonly string[] | undefined;
  declare readonly retryable: boolean;
  declare readonly keyMayBeConsumed: boolean;
  declare readonly attempts: number;
  declare readonly endpoint: string | undefined;

  constructor(issue: QkdIssue, options?: ErrorOptions) {
    super(issue, options);
    Object.assign(this, failureOf(issue), { name: "QkdError" });
  }

  override toJSON(): QkdIssue {
    return { ...super.toJSON(), ...failureOf(this) };
  }
}

/** All members of a failure, with their defaults. */
function failureOf(issue: QkdIssue): QkdFailure & { readonly reason: QkdReason } {
  const { reason, httpStatus, kmeMessage, details, retryable, keyMayBeConsumed, attempts, endpoint } = issue;
  return {
    reason,
    httpStatus,
    kmeMessage,
    details,
    retryable: retryable ?? false,
    keyMayBeConsumed: keyMayBeConsumed ?? false,
    attempts: attempts ?? 0,
    endpoint,
  };
}
