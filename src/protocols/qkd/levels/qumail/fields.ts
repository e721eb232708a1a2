/** Typed access to the members of a QuMail envelope, and what all its levels have in common. */
import type { NewBytes } from "../../../../bytes/new-bytes.js";
import { fromBase64 } from "../base64.js";
import { envelopeError } from "../errors.js";
import type { Level } from "../layout.js";

/** The algorithms by level, as the envelopes name them. */
export const ALGORITHMS: Readonly<Record<Level, string>> = {
  1: "OTP-QKD-ETSI-014",
  2: "AES-256-GCM-QKD",
  3: "ML-KEM-1024+ML-DSA-87+AES-256-GCM",
  4: "RSA-4096-AES-256-GCM",
};

/** Characters of a flow id: 16 bytes as lower-case hex. */
const FLOW_ID = /^[0-9a-f]{32}$/;

/** An object of JSON with its path. Readers throw MALFORMED with the path of the first wrong member. */
export class Members {
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = "") {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw envelopeError("MALFORMED", path, "no object");
    }
    this.#members = value as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  has(name: string): boolean {
    return this.value(name) !== undefined && this.value(name) !== null;
  }

  value(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? this.#members[name] : undefined;
  }

  object(name: string): Members {
    return new Members(this.value(name), this.path(name));
  }

  text(name: string): string {
    const value = this.value(name);
    if (typeof value !== "string") throw envelopeError("MALFORMED", this.path(name), "no text");
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.value(name);
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
      throw envelopeError("MALFORMED", this.path(name), "no list of texts");
    }
    return value as readonly string[];
  }

  /** @throws EnvelopeError MALFORMED for another value */
  requireValue(name: string, expected: unknown): void {
    if (this.value(name) !== expected) throw envelopeError("MALFORMED", this.path(name), `not ${String(expected)}`);
  }

  /** Canonical base64, of a length if given. */
  bytes(name: string, length?: number): NewBytes {
    const bytes = fromBase64(this.text(name));
    if (bytes === undefined) throw envelopeError("MALFORMED", this.path(name), "no base64");
    if (length !== undefined && bytes.length !== length) {
      throw envelopeError("MALFORMED", this.path(name), `${bytes.length} bytes, not ${length}`);
    }
    return bytes;
  }

  path(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}

/** What every QuMail envelope has. */
export interface CommonFields {
  readonly level: Level;
  readonly envelope: Members;
  readonly metadata: Members;
  readonly flowId: string;
  readonly sender: string;
  readonly recipient: string;
  readonly ciphertext: NewBytes;
  readonly tag: NewBytes;
}

/**
 * Reads what all levels share. The copies of tag and signature have to agree.
 * @throws EnvelopeError MALFORMED, LEVEL_MISMATCH, TAG_MISSING, SIGNATURE_MISSING
 */
export function readCommon(json: unknown, expected: Level): CommonFields {
  const envelope = new Members(typeof json === "string" ? parsed(json) : json);
  const algorithm = envelope.text("algorithm");
  const level = ([1, 2, 3, 4] as const).find((one) => ALGORITHMS[one] === algorithm);
  if (level === undefined) throw envelopeError("MALFORMED", "algorithm", "unknown");
  if (level !== expected) throw envelopeError("LEVEL_MISMATCH", "algorithm", `level ${level}`);
  const metadata = envelope.object("metadata");
  if (metadata.value("security_level") !== level) throw envelopeError("LEVEL_MISMATCH", "metadata.security_level");
  const flowId = metadata.text("flow_id");
  if (!FLOW_ID.test(flowId)) throw envelopeError("MALFORMED", "metadata.flow_id", "no 32 lower-case hex digits");
  if (!envelope.has("auth_tag")) throw envelopeError("TAG_MISSING", "auth_tag");
  if (!metadata.has("auth_tag")) throw envelopeError("TAG_MISSING", "metadata.auth_tag");
  metadata.requireValue("auth_tag", envelope.text("auth_tag"));
  if (level > 2) {
    if (!envelope.has("signature")) throw envelopeError("SIGNATURE_MISSING", "signature");
    if (!metadata.has("signature")) throw envelopeError("SIGNATURE_MISSING", "metadata.signature");
    metadata.requireValue("signature", envelope.text("signature"));
  }
  return {
    level,
    envelope,
    metadata,
    flowId,
    sender: metadata.text("sender_email"),
    recipient: metadata.text("receiver_email"),
    ciphertext: envelope.bytes("encrypted_content"),
    tag: envelope.bytes("auth_tag", level === 1 ? 32 : 16),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw envelopeError("MALFORMED", "", "no JSON", { cause });
  }
}
