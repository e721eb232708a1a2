/** Errors: every code with its text, issues as plain data, and the one class that is thrown. */

/** Every error code with its text, in one registry: users look codes up, and a test proves that none is missing. */
export const ERROR_TEXTS = {
  // Bytes that a codec refuses.
  short: "the bytes end before the value does",
  trailing: "bytes are left over after the value",
  constant: "the bytes differ from a constant of the format",
  enum: "the enumeration has no such value",
  range: "the number is outside the range of its field",
  count: "too few or too many items",
  divisible: "the bytes do not divide into whole items",
  crc: "the checksum does not match the bytes it covers",
  "unsafe-integer": "the number is above 2^53-1; use the bigint form of the codec",
  padding: "unused bits are not zero",
  text: "the bytes are not valid text in the field's encoding",
  tag: "the authentication tag does not match",
  // Values that a codec cannot write.
  length: "the byte field does not have the length of its format",
  kind: "the value matches no variant of the format",
  space: "the target buffer is too small for the value",
  // Calls, links and machines.
  argument: "the argument is not acceptable",
  limit: "a configured limit is exceeded",
  timeout: "the deadline has passed",
  cancelled: "the call was cancelled",
  closed: "the link was closed before the answer was complete",
  unreachable: "the peer cannot be reached",
  undecryptable: "the answer is authentic but cannot be decrypted",
  unproven: "the answer does not prove that the peer read the request",
  status: "the peer answered with an error status",
  storage: "the disk refused the operation",
  missing: "there is nothing of that name or hash",
  expired: "the time to live has passed",
  fault: "an invariant of a machine is broken",
  // Specs.
  spec: "the spec is not valid",
} as const;

/** A code of {@link ERROR_TEXTS}. */
export type WireErrorCode = keyof typeof ERROR_TEXTS;

/** What is wrong and where, as plain data: `tryDecode…` returns it without building a stack. */
export interface WireIssue {
  readonly code: WireErrorCode;
  /** The format or the subsystem that refused, for example `package_type`. */
  readonly format: string;
  /** The field, for example `coins[17].serial`; empty for the whole value. */
  readonly path: string;
  /** Byte offset into the given buffer; undefined where the error is not about bytes. */
  readonly offset?: number | undefined;
  readonly expected?: string | undefined;
  /** The value found where `expected` is given, else the reason. Never the content of a secret field. */
  readonly actual?: string | undefined;
  /** The place of the rule in its spec, for example `package/file.ksy:21`. */
  readonly spec?: string | undefined;
}

const BRAND = Symbol.for("specwire.WireError");

/** The only error class that specwire throws on bad input, bad arguments and failed exchanges. */
export class WireError extends Error implements WireIssue {
  readonly code: WireErrorCode;
  readonly format: string;
  readonly path: string;
  readonly offset: number | undefined;
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

/**
 * An error about an argument: `format.path: expected …, got …`, without an offset.
 * @param path the argument, for example `servers`; empty where `format` names it
 * @param actual the value found; never a secret
 */
export function argumentError(
  format: string,
  path: string,
  expected: string,
  actual?: string,
  options?: ErrorOptions,
): WireError {
  return new WireError({ code: "argument", format, path, expected, actual }, options);
}

/**
 * An issue in one line: place, text of the code, expectation and finding. An `argument` with an expectation needs no
 * text: `package.servers: expected 25 servers, got 0`.
 */
export function describeIssue(issue: WireIssue): string {
  const place = issue.path === "" ? issue.format : `${issue.format}.${issue.path}`;
  const at = issue.offset === undefined ? "" : ` at byte ${issue.offset}`;
  const { expected, actual } = issue;
  const parts = [`${place}${at}`];
  if (issue.code !== "argument" || expected === undefined) parts.push(ERROR_TEXTS[issue.code]);
  if (expected !== undefined) parts.push(`expected ${expected}${actual === undefined ? "" : `, got ${actual}`}`);
  else if (actual !== undefined) parts.push(actual);
  return `${parts.join(": ")}${issue.spec === undefined ? "" : ` (${issue.spec})`}`;
}

/** An outcome without an exception: for code that runs per message, and for input from peers. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireIssue };
