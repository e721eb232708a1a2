/**
 * Every error code of specwire, with its text. One registry, so that a user can look a code up and a
 * test can prove that none is missing.
 */
export const ERROR_TEXTS = {
  // Bytes that a codec refuses.
  short: "the bytes end before the value does",
  trailing: "bytes are left over after the value",
  constant: "a constant of the format has another value here",
  enum: "no name in the enumeration has this value",
  range: "the number is outside the range of its field",
  count: "too few or too many items",
  divisible: "the bytes do not divide into whole items",
  crc: "the checksum does not match the bytes it covers",
  "unsafe-integer": "the number is above 2^53-1; use the bigint form of the codec",
  padding: "unused bits are not zero",
  text: "the bytes are no text of the field's encoding",
  tag: "the authentication tag does not match",
  // Values that a codec cannot write.
  length: "the byte field does not have the length of its format",
  kind: "the value is none of the variants of the format",
  space: "the target has too little room for the value",
  // Calls, links and machines.
  argument: "the argument is not acceptable",
  limit: "a configured limit is exceeded",
  timeout: "the deadline has passed",
  cancelled: "the call was cancelled",
  closed: "the link was closed before the answer was complete",
  unreachable: "the peer cannot be reached",
  undecryptable: "the answer is authentic, and nobody can decrypt it",
  unproven: "the answer does not prove that the peer read the request",
  status: "the peer answered with an error status",
  storage: "the disk refused the operation",
  fault: "an invariant of a machine is broken",
  // Specs.
  spec: "the spec is not valid",
} as const;

export type WireErrorCode = keyof typeof ERROR_TEXTS;

/** What is wrong and where, as plain data: `tryDecode…` returns it without building a stack. */
export interface WireIssue {
  readonly code: WireErrorCode;
  /** The format or the subsystem that refused, for example `package_type`. */
  readonly format: string;
  /** The field, for example `coins[17].serial`; empty when the whole value is meant. */
  readonly path: string;
  /** Byte offset into the buffer that was given; 0 when the error is not about bytes. */
  readonly offset: number;
  readonly expected?: string | undefined;
  /** What was found instead. Never the content of a secret field. */
  readonly actual?: string | undefined;
  /** Where the rule is written, for example `package/file.ksy:21`. */
  readonly spec?: string | undefined;
}

const BRAND = Symbol.for("specwire.WireError");

/** The only error class that specwire throws on bad input, bad arguments and failed exchanges. */
export class WireError extends Error implements WireIssue {
  readonly code: WireErrorCode;
  readonly format: string;
  readonly path: string;
  readonly offset: number;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
  readonly spec: string | undefined;

  constructor(issue: WireIssue, options?: ErrorOptions) {
    super(describeIssue(issue), options);
    this.name = "WireError";
    this.code = issue.code;
    this.format = issue.format;
    this.path = issue.path;
    this.offset = issue.offset;
    this.expected = issue.expected;
    this.actual = issue.actual;
    this.spec = issue.spec;
    Object.defineProperty(this, BRAND, { value: true });
  }

  toJSON(): WireIssue {
    const { code, format, path, offset, expected, actual, spec } = this;
    return { code, format, path, offset, expected, actual, spec };
  }
}

/** True for a {@link WireError} of any copy of specwire in the process, unlike `instanceof`. */
export function isWireError(error: unknown): error is WireError {
  return typeof error === "object" && error !== null && BRAND in error;
}

/** One line for people: where, what, and what was expected. */
export function describeIssue(issue: WireIssue): string {
  const place = issue.path === "" ? issue.format : `${issue.format}.${issue.path}`;
  const expected = issue.expected === undefined ? "" : `: expected ${issue.expected}`;
  const actual = issue.actual === undefined ? "" : `${expected === "" ? ":" : ","} got ${issue.actual}`;
  const spec = issue.spec === undefined ? "" : ` (${issue.spec})`;
  return `${place} at byte ${issue.offset}: ${ERROR_TEXTS[issue.code]}${expected}${actual}${spec}`;
}

/** An outcome without exceptions, for hot and hostile paths. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireIssue };
