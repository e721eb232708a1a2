/** Encrypted requests: their bytes, and the keys that open their replies. */
import { concatBytes, equalBytes } from "../../../bytes/index.js";
import type { Result, WireErrorCode, WireIssue } from "../../../errors.js";
import {
  REQUEST_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_MODERN_SIZE,
  Status,
  tryDecodeResponseHeaderLegacy,
  tryDecodeResponseHeaderModern,
} from "../../../codec/gen/raida/index.js";
import {
  HMAC_BYTES,
  MODERN_FRAMING_BYTES,
  TRAILER,
  TYPE_AT,
  type ReplyCounter,
  type RequestKey,
} from "../wire/encryption.js";
import type { PlainRequest } from "./plain-request.js";

/** An opened reply. */
export interface Answer {
  readonly status: Status;
  /** The body in clear, trailer included; valid only during the call that receives it. */
  readonly body: Uint8Array;
  /** Entries of the request, padding included. */
  readonly entries: number;
  /** False for an error that the server reports before it reads the challenge. */
  readonly isProven: boolean;
  /** Encryption type of the request, on which the meaning of some statuses depends. */
  readonly encryptionType: number;
}

/** The contents of an encrypted request. */
interface Parts {
  readonly request: PlainRequest;
  readonly header: Uint8Array;
  /** Encrypted, trailer included. */
  readonly body: Uint8Array;
  /** 12 random bytes and their CRC-32. */
  readonly challenge: Uint8Array;
  readonly key: RequestKey | undefined;
  /** Entries of the request, padding included. */
  readonly entries: number;
  /** True if the reply cannot be decrypted. */
  readonly isOpaque: boolean;
}

const NOTHING = new Uint8Array(0);

/** Errors that precede the encryption type: their replies always have the short header. */
const EARLY_STATUSES: ReadonlySet<number> = new Set([
  Status.errorRouting,
  Status.errorSplitId,
  Status.errorRaidaId,
  Status.errorCommandGroup,
  Status.errorShardId,
  Status.errorCommand,
  Status.errorCoinId,
]);

/** The bytes of one request and the key that opens its reply. Disposing wipes the key. */
export class EncryptedRequest {
  readonly request: PlainRequest;
  /** Header and body. */
  readonly bytes: Uint8Array;
  readonly #parts: Parts;
  readonly #isLegacy: boolean;

  constructor(parts: Parts) {
    this.request = parts.request;
    this.bytes = concatBytes(parts.header, parts.body);
    this.#parts = parts;
    this.#isLegacy = parts.header.length === REQUEST_HEADER_LEGACY_SIZE;
  }

  [Symbol.dispose](): void {
    this.#parts.key?.[Symbol.dispose]();
  }

  /** The length that the header of a reply announces; undefined until that header is complete. */
  replyLength(bytes: Uint8Array): number | undefined {
    if (bytes.length < RESPONSE_HEADER_LEGACY_SIZE) return undefined;
    return this.#replyHeaderSize(bytes) + ((bytes[9]! << 16) | (bytes[10]! << 8) | bytes[11]!);
  }

  /**
   * Opens a whole reply. It must come from the server of the request and prove that this server read the request. A
   * reply of types 4 and 5 without a body only proves that its sender knows two bytes of the nonce.
   */
  open(reply: Uint8Array, replyCounter: ReplyCounter): Result<Answer> {
    return this.#replyHeaderSize(reply) === RESPONSE_HEADER_LEGACY_SIZE
      ? this.#openLegacy(reply, replyCounter)
      : this.#openModern(reply);
  }

  /** An answer that only has a status, which nothing proves. */
  failure(status: Status): Answer {
    const { entries, header } = this.#parts;
    return { status, body: NOTHING, entries, isProven: false, encryptionType: header[TYPE_AT]! };
  }

  #replyHeaderSize(reply: Uint8Array): number {
    const isShort = this.#isLegacy || EARLY_STATUSES.has(reply[2]!);
    return isShort ? RESPONSE_HEADER_LEGACY_SIZE : RESPONSE_HEADER_MODERN_SIZE;
  }

  #openLegacy(reply: Uint8Array, replyCounter: ReplyCounter): Result<Answer> {
    const { key, challenge, header, body } = this.#parts;
    const read = tryDecodeResponseHeaderLegacy(reply, 0, RESPONSE_HEADER_LEGACY_SIZE);
    if (!read.ok) return read;
    const { raidaId, status, echo, challengeHash } = read.value;
    if (raidaId !== this.request.server) return this.#unproven(`raida id ${this.request.server}`, String(raidaId));
    const hash = key === undefined || !this.#isLegacy ? challenge : key.challengeHash(challenge);
    const isProven = this.#isLegacy && echo === ((header[30]! << 8) | header[31]!) && equalBytes(challengeHash, hash);
    // A server cannot repeat a nonce or challenge that it has not read, and such errors promise nothing that needs
    // proof. A server with another key decrypts another challenge, whose checksum is wrong.
    const cannotProve = isEarlyError(status) || (key !== undefined && status === Status.errorCrc);
    // Such errors have no body.
    const hasBody = reply.length > RESPONSE_HEADER_LEGACY_SIZE;
    if (!isProven && (hasBody || !cannotProve)) return this.#unproven("the challenge of the request", "another");
    const sealed = reply.subarray(RESPONSE_HEADER_LEGACY_SIZE);
    if (key === undefined || sealed.length === 0) return this.#answer(status, sealed, isProven);
    const payload = sealed.subarray(0, Math.max(0, sealed.length - TRAILER.length));
    const plain = key.cryptLegacyReply(header, body.length - TRAILER.length, payload, replyCounter);
    return this.#answer(status, concatBytes(plain, sealed.subarray(payload.length)), isProven);
  }

  #openModern(reply: Uint8Array): Result<Answer> {
    const { key, header, isOpaque } = this.#parts;
    const read = tryDecodeResponseHeaderModern(reply, 0, RESPONSE_HEADER_MODERN_SIZE);
    if (!read.ok) return read;
    const { raidaId, status, echo, nonce, encryptionType } = read.value;
    if (raidaId !== this.request.server) return this.#unproven(`raida id ${this.request.server}`, String(raidaId));
    const isRepeated = echo === ((header[46]! << 8) | header[47]!) && encryptionType === header[16];
    if (!isRepeated && !isEarlyError(status)) return this.#unproven("the nonce of the request", "another");
    const body = reply.subarray(RESPONSE_HEADER_MODERN_SIZE);
    if (body.length === 0) return this.#answer(status, body, isRepeated);
    const end = body.length - MODERN_FRAMING_BYTES;
    const sealed = body.subarray(0, Math.max(0, end));
    if (end < 0 || !key!.isHmac(sealed, body.subarray(end, end + HMAC_BYTES))) {
      return this.#unproven("an HMAC under the key of the request", "another");
    }
    if (isOpaque) return this.#refusal("undecryptable", "a reply whose nonce is sent whole", `status ${status}`);
    return this.#answer(status, concatBytes(key!.cryptModernReply(nonce, sealed), TRAILER), isRepeated);
  }

  #answer(status: number, body: Uint8Array, isProven: boolean): Result<Answer> {
    return { ok: true, value: { ...this.failure(status as Status), body, isProven } };
  }

  #unproven(expected: string, actual: string): { ok: false; error: WireIssue } {
    return this.#refusal("unproven", expected, actual);
  }

  #refusal(code: WireErrorCode, expected: string, actual: string): { ok: false; error: WireIssue } {
    const path = `server[${this.request.server}]`;
    return { ok: false, error: { code, format: "raida", path, expected, actual } };
  }
}

function isEarlyError(status: number): boolean {
  return (status > 0 && status <= Status.errorEmptyRequest) || status === Status.errorRouting;
}
