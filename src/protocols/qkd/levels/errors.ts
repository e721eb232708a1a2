/** Errors of envelopes: a reason for every way in which sealing or opening ends. */
import { WireError, type WireErrorCode, type WireIssue } from "../../../errors.js";

/** Every reason with the code of the registry that it belongs to. */
export const ENVELOPE_REASONS = {
  // The bytes themselves.
  MALFORMED: "kind",
  UNSUPPORTED_VERSION: "constant",
  TRUNCATED: "short",
  TRAILING_DATA: "trailing",
  TOO_LARGE: "limit",
  // Who and what was expected.
  LEVEL_MISMATCH: "unproven",
  WRONG_RECIPIENT: "unproven",
  UNKNOWN_SENDER: "unproven",
  // When.
  EXPIRED: "expired",
  FROM_FUTURE: "range",
  REPLAYED: "expired",
  // What proves it.
  SIGNATURE_MISSING: "unproven",
  SIGNATURE_INVALID: "unproven",
  TAG_MISSING: "tag",
  HEADER_TAMPERED: "tag",
  CHUNK_TAMPERED: "tag",
  // Keys.
  KEY_UNAVAILABLE: "missing",
  KEY_LENGTH: "length",
  KEY_USED: "expired",
  PAD_TOO_SHORT: "length",
  // Envelopes of the first version.
  AAD_MISMATCH: "unproven",
  PLACEHOLDER: "unproven",
  // The member itself.
  LEDGER_FULL: "limit",
  ABORTED: "cancelled",
} as const satisfies Readonly<Record<string, WireErrorCode>>;

/** A reason of {@link ENVELOPE_REASONS}. */
export type EnvelopeReason = keyof typeof ENVELOPE_REASONS;

/** An issue with its reason. */
export interface EnvelopeIssue extends WireIssue {
  readonly reason: EnvelopeReason;
}

/** The error of an envelope that is refused, or that cannot be made. */
export class EnvelopeError extends WireError implements EnvelopeIssue {
  declare readonly reason: EnvelopeReason;

  constructor(issue: EnvelopeIssue, options?: ErrorOptions) {
    super(issue, options);
    Object.assign(this, { reason: issue.reason, name: "EnvelopeError" });
  }

  override toJSON(): EnvelopeIssue {
    return { ...super.toJSON(), reason: this.reason };
  }
}

/**
 * An error of a reason.
 * @param path the field, argument or chunk
 * @param actual the finding; never a secret
 */
export function envelopeError(
  reason: EnvelopeReason,
  path: string,
  actual?: string,
  options: ErrorOptions & Pick<WireIssue, "offset"> = {},
): EnvelopeError {
  const text = actual === undefined ? reason : `${reason}: ${actual}`;
  const { offset, ...rest } = options;
  return new EnvelopeError(
    { code: ENVELOPE_REASONS[reason], format: "qkd.envelope", path, offset, actual: text, reason },
    rest,
  );
}

/** What a codec refuses, as a malformed envelope that names the same field. */
export function malformed({ path, offset, expected, actual }: WireIssue): EnvelopeError {
  const found = [expected && `expected ${expected}`, actual && `got ${actual}`].filter(Boolean).join(", ");
  const reason = path === "version" ? "UNSUPPORTED_VERSION" : "MALFORMED";
  return envelopeError(reason, path, found === "" ? undefined : found, { offset });
}

/** @throws EnvelopeError ABORTED if the signal was aborted */
export function requireGoing(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw envelopeError("ABORTED", "signal");
}
