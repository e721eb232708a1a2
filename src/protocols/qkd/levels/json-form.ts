/** The JSON form of envelopes: the same bytes as base64, and words for people beside them. */
import { concatBytes, toHex } from "../../../bytes/index.js";
import type { NewBytes } from "../../../bytes/new-bytes.js";
import { fromBase64, toBase64 } from "./base64.js";
import { envelopeError } from "./errors.js";
import { headerParts, readHeader, START_BYTES } from "./layout.js";

const FORMAT = "specwire-qm";
const VERSION = 2;

/** The last moment that a date can be (ECMA-262 §21.4.1.1). */
const DATE_MS_MAX = 8.64e15;

/** An envelope as JSON. */
export interface JsonEnvelope {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** Base64 of the prefix and its tag. */
  readonly header: string;
  /** Base64 of the signature, at the levels 3 and 4. */
  readonly signature?: string;
  /** Base64 of the chunks. */
  readonly body: string;
  /** What the header says, for people. A reader ignores it. */
  readonly about?: Readonly<Record<string, unknown>>;
}

/** The JSON form of an envelope. @throws EnvelopeError MALFORMED, TRUNCATED, UNSUPPORTED_VERSION */
export function toJsonEnvelope(envelope: Uint8Array): JsonEnvelope {
  const { header, headerBytes, signedBytes } = readHeader(envelope);
  const { level, fields } = header;
  const { flowId, createdMs, sender, recipient } = fields;
  return {
    format: FORMAT,
    version: VERSION,
    header: toBase64(envelope.subarray(0, signedBytes)),
    ...(headerBytes > signedBytes && { signature: toBase64(envelope.subarray(signedBytes, headerBytes)) }),
    body: toBase64(envelope.subarray(headerBytes)),
    about: { level, sender, recipient, flowId: toHex(flowId), ...(createdMs <= DATE_MS_MAX && created(createdMs)) },
  };
}

/**
 * The bytes of an envelope in JSON; only bytes count, so it needs no canonical form.
 * @param json a text, or what it was parsed to
 * @throws EnvelopeError MALFORMED, UNSUPPORTED_VERSION, SIGNATURE_MISSING
 */
export function fromJsonEnvelope(json: unknown): NewBytes {
  const value = typeof json === "string" ? parsed(json) : json;
  if (typeof value !== "object" || value === null) throw envelopeError("MALFORMED", "", "no object");
  const members = value as Readonly<Record<string, unknown>>;
  if (members["format"] !== FORMAT) throw envelopeError("MALFORMED", "format");
  if (members["version"] !== VERSION) throw envelopeError("UNSUPPORTED_VERSION", "version");
  const [signed, body] = [bytesOf(members, "header"), bytesOf(members, "body")];
  if (signed.length < START_BYTES) throw envelopeError("MALFORMED", "header", `${signed.length} bytes`);
  const { signedBytes, headerBytes } = headerParts(signed);
  if (signed.length !== signedBytes) throw envelopeError("MALFORMED", "header", `${signed.length} bytes`);
  const isSigned = headerBytes > signedBytes;
  if (isSigned && members["signature"] === undefined) throw envelopeError("SIGNATURE_MISSING", "signature");
  const signature = members["signature"] === undefined ? new Uint8Array(0) : bytesOf(members, "signature");
  if (signature.length !== headerBytes - signedBytes) {
    throw envelopeError("MALFORMED", "signature", `${signature.length} bytes`);
  }
  return concatBytes(signed, signature, body);
}

function created(ms: number): { readonly created: string } {
  return { created: new Date(ms).toISOString() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw envelopeError("MALFORMED", "", "no JSON", { cause });
  }
}

function bytesOf(members: Readonly<Record<string, unknown>>, name: string): NewBytes {
  const value = Object.hasOwn(members, name) ? members[name] : undefined;
  const bytes = typeof value === "string" ? fromBase64(value) : undefined;
  if (bytes === undefined) throw envelopeError("MALFORMED", name, "no base64");
  return bytes;
}
