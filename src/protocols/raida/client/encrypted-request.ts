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

/** A proven answer. */
export interface Answer {
  readonly status: Status;
  /** What follows the header in clear, trailer included; valid until the answer has been read. */
  readonly body: Uint8Array;
  /** Coins that the request had, those included that fill it up. */
  readonly entries: number;
  /** False for an error that came too early to repeat anything of the request. */
  readonly isProven: boolean;
  /** Of the request: it decides what some statuses mean. */
  readonly encryptionType: number;
}

interface Parts {
  readonly question: PlainRequest;
  readonly header: Uint8Array;
  /** As it is sent. */
  readonly body: Uint8Array;
  /** 12 random bytes and their checksum. */
  readonly challenge: Uint8Array;
  readonly key: RequestKey | undefined;
  /** Coins that the request has, those included that fill it up. */
  readonly entries: number;
  /** True where nobody can decrypt what the server answers. */
  readonly isOpaque: boolean;
}

const NOTHING = new Uint8Array(0);

/** Failures that precede the encryption type: their answers have the short header whatever was asked. */
const EARLY_STATUSES: ReadonlySet<number> = new Set([
  Status.errorRouting,
  Status.errorSplitId,
  Status.errorRaidaId,
  Status.errorCommandGroup,
  Status.errorShardId,
  Status.errorCommand,
  Status.errorCoinId,
]);

/** One request as bytes, and what opens its answer. Dispose of it when the answer has been read. */
export class SealedRequest {
  readonly question: PlainRequest;
  /** Header and body. */
  readonly bytes: Uint8Array;
  readonly #parts: Parts;
  readonly #isLegacy: boolean;

  constructor(parts: Parts) {
    this.question = parts.question;
    this.bytes = concatBytes(parts.header, parts.body);
    this.#parts = parts;
    this.#isLegacy = parts.header.length === REQUEST_HEADER_LEGACY_SIZE;
  }

  [Symbol.dispose](): void {
    this.#parts.key?.[Symbol.dispose]();
  }

  /** The length that an answer announces; undefined while bytes are missing. */
  replyLength(bytes: Uint8Array): number | undefined {
    if (bytes.length < RESPONSE_HEADER_LEGACY_SIZE) return undefined;
    return this.#replyHeaderSize(bytes) + ((bytes[9]! << 16) | (bytes[10]! << 8) | bytes[11]!);
  }

  /**
   * Reads a whole answer: does it come from the server that was asked, and prove that this server has read the
   * request? An answer to types 4 and 5 without a body proves nothing but that it repeats two bytes.
   */
  open(reply: Uint8Array, replyCounter: ReplyCounter): Result<Answer> {
    return this.#replyHeaderSize(reply) === RESPONSE_HEADER_LEGACY_SIZE
      ? this.#openLegacy(reply, replyCounter)
      : this.#openModern(reply);
  }

  /** What a status says that nothing proves. */
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
    if (raidaId !== this.question.server) return this.#unproven(`raida id ${this.question.server}`, String(raidaId));
    const hash = key === undefined || !this.#isLegacy ? challenge : key.challengeHash(challenge);
    const isProven = this.#isLegacy && echo === ((header[30]! << 8) | header[31]!) && equalBytes(challengeHash, hash);
    // Errors that precede the reading of nonce or challenge cannot repeat them, and promise nothing that needs proof.
    // Who has another key finds another challenge, with a checksum that is wrong.
    const cannotProve = isEarlyError(status) || (key !== undefined && status === Status.errorCrc);
    // They tell nothing either.
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
    if (raidaId !== this.question.server) return this.#unproven(`raida id ${this.question.server}`, String(raidaId));
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
    const path = `server[${this.question.server}]`;
    return { ok: false, error: { code, format: "raida", path, offset: 0, expected, actual } };
  }
}

function isEarlyError(status: number): boolean {
  return (status > 0 && status <= Status.errorEmptyRequest) || status === Status.errorRouting;
}
