/** Errors: every code with its text, issues as plain data, and the one class that is thrown. */

/** The texts of codecs: bytes and values that they refuse, and the arguments of all calls. */
const CODEC_TEXTS = {
  // Bytes that a codec refuses.
  short: "the bytes end before the value does",
  trailing: "bytes are left over",
  constant: "the bytes differ from a constant",
  enum: "the enumeration has no such value",
  range: "the number is out of range",
  count: "too few or too many items",
  divisible: "the bytes are not whole items",
  crc: "the checksum does not match",
  "unsafe-integer": "the number is above 2^53-1: use the bigint form",
  padding: "unused bits are not zero",
  text: "the bytes are not valid text",
  tag: "the tag does not match",
  // Values that a codec cannot write.
  length: "the length does not match",
  kind: "the value matches no variant",
  space: "the target is too small",
  argument: "the argument is not valid",
  limit: "a limit is exceeded",
} as const;

/**
 * Every error code with its text, in one registry: users look codes up, and a test proves that none is missing. The
 * message of an error has the text if the code is one of codecs, and otherwise the code, which says what it is: no
 * bundle with one codec carries the texts of links and stores.
 */
export const ERROR_TEXTS = /* @__PURE__ */ Object.assign({}, CODEC_TEXTS, {
  // Calls, links and machines.
  timeout: "the deadline has passed",
  cancelled: "the call was cancelled",
  closed: "the link was closed",
  unreachable: "the peer cannot be reached",
  certificate: "the peer's certificate does not prove who it is",
  credentials: "the peer refuses this side's certificate, name or password",
  negotiation: "the peer and this side share no protocol",
  undecryptable: "the answer cannot be decrypted",
  unproven: "the answer does not prove the request",
  status: "the peer answered with an error",
  storage: "the disk refused the operation",
  fault: "an invariant is broken",
  uncertain: "it may or may not have taken effect",
  // Stores.
  missing: "there is nothing of that name or hash",
  expired: "the time to live has passed",
  // Specs.
  spec: "the spec is not valid",
} as const);

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
  declare readonly code: WireErrorCode;
  declare readonly format: string;
  declare readonly path: string;
  declare readonly offset: number | undefined;
  declare readonly expected: string | undefined;
  declare readonly actual: string | undefined;
  declare readonly spec: string | undefined;

  constructor(issue: WireIssue, options?: ErrorOptions) {
    super(describeIssue(issue), options);
    Object.assign(this, fieldsOf(issue), { name: "WireError" });
  }

  /** @internal What {@link isWireError} looks for. */
  get [BRAND](): true {
    return true;
  }

  toJSON(): WireIssue {
    return fieldsOf(this);
  }
}

/** The fields of an issue alone, all of them. */
function fieldsOf({ code, format, path, offset, expected, actual, spec }: WireIssue): WireIssue {
  return { code, format, path, offset, expected, actual, spec };
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
 * @param texts default those of codecs, as messages have them; {@link ERROR_TEXTS} for a sentence of every code
 */
export function describeIssue(
  { code, format, path, offset, expected, actual, spec }: WireIssue,
  texts: Readonly<Partial<Record<WireErrorCode, string>>> = CODEC_TEXTS,
): string {
  let text = path === "" ? format : `${format}.${path}`;
  if (offset !== undefined) text += ` at byte ${offset}`;
  if (code !== "argument" || expected === undefined) text += `: ${texts[code] ?? code}`;
  if (expected !== undefined) text += `: expected ${expected}`;
  if (actual !== undefined) text += expected === undefined ? `: ${actual}` : `, got ${actual}`;
  return spec === undefined ? text : `${text} (${spec})`;
}

/** An outcome without an exception: for code that runs per message, and for input from peers. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireIssue };
