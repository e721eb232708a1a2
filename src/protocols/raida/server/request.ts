import { concatBytes, crc32 } from "../../../bytes/index.js";
import {
  encodeResponseHeaderLegacyInto,
  encodeResponseHeaderModern,
  EncryptionType,
  RESPONSE_HEADER_LEGACY_DEFAULTS,
  RESPONSE_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_MODERN_DEFAULTS,
  RESPONSE_HEADER_MODERN_SIZE,
  Status,
  type ResponseHeaderLegacy,
} from "../../../codec/gen/raida/index.js";
import type { LinkId, Millis } from "../../../machine/index.js";
import type { RaidaId } from "../protocol.js";
import {
  CHALLENGE_BYTES,
  HMAC_BYTES,
  isLegacyType,
  LEGACY_FRAMING_BYTES,
  MODERN_FRAMING_BYTES,
  TRAILER,
  TYPE_AT,
  type ModernLayout,
  type ReplyCounter,
  type RequestKey,
} from "../wire/encryption.js";
import type { Intake } from "./intake.js";

const NO_CHALLENGE = new Uint8Array(CHALLENGE_BYTES);
const NO_BODY = new Uint8Array(0);
/** Bytes of a response's nonce that its header has room for. */
const REPLY_NONCE_BYTES = 22;

/** Where a request came from and its answer goes; `sizeBytes` of the datagram that it came in. */
export type Origin = { readonly link: LinkId } | { readonly peer: string; readonly sizeBytes: number };

/** How a node writes and reads what is encrypted. */
export interface Dialect {
  readonly raidaId: RaidaId;
  readonly layout: ModernLayout;
  readonly replyCounter: ReplyCounter;
  readonly counterBits: 32 | 128;
  random(n: number): Uint8Array;
}

/** What a request must satisfy before its body is looked at. */
export interface HeaderRules {
  readonly raidaId: number;
  readonly coinId: number;
  /** Whether there is such a command, carried out here or not. */
  hasCommand(group: number, command: number): boolean;
}

/** Checks of a header in the order of the server; the first that is true answers (seeds/raida, order of checks). */
const HEADER_CHECKS: readonly (readonly [Status, (header: Uint8Array, rules: HeaderRules) => boolean])[] = [
  [Status.errorRouting, (header) => header[0] !== 1],
  [Status.errorSplitId, (header) => header[1] !== 0],
  [Status.errorRaidaId, (header, rules) => header[2] !== rules.raidaId],
  [Status.errorCommandGroup, (header) => header[4]! > 15],
  [Status.errorShardId, (header) => header[3]! > 3],
  [Status.errorCommand, (header, rules) => !rules.hasCommand(header[4]!, header[5]!)],
  [Status.errorCoinId, (header, rules) => ((header[6]! << 8) | header[7]!) !== rules.coinId],
  [Status.errorEncryptionCode, (header) => !KNOWN_TYPES.has(header[TYPE_AT]!)],
];
const KNOWN_TYPES: ReadonlySet<number> = new Set(Object.values(EncryptionType));
/** Failures up to this check leave the group in the answer 0: it has not been read. */
const GROUP_KNOWN_FROM = HEADER_CHECKS.findIndex(([status]) => status === Status.errorCoinId);

/**
 * How an answer ends: with a payload and its trailer; with the bare payload, as the qmail client expects it of one
 * command; or behind a header that is filled up to 48 bytes, as a fixing C server waits for it.
 */
export type ReplyForm = "framed" | "bare" | "padded";

/** What fills the header of a type that has 32 bytes up to 48. */
const PADDING_BYTES = 16;

/** A request that has a whole header: what it asks, the body in clear once it is open, and how it is answered. */
export class Request {
  readonly origin: Origin;
  readonly receivedMs: Millis;
  readonly header: Uint8Array;
  readonly #dialect: Dialect;
  #key: RequestKey | undefined;
  #hasKey = false;
  #isOpened = false;
  #isOver = false;
  /** As it came; undefined until it is there. */
  #sealed: Uint8Array | undefined;
  /** Where the body lies. */
  #intake: Intake | undefined;
  #body: Uint8Array = NO_BODY;
  #challenge: Uint8Array = NO_CHALLENGE;
  /** What the answer may repeat of the header: less, the earlier a check has failed. */
  #knows: "nothing" | "group" | "type" | "all" = "all";
  /** Length of the request's ciphertext. */
  #sealedBytes = 0;

  constructor(origin: Origin, header: Uint8Array, receivedMs: Millis, dialect: Dialect) {
    this.origin = origin;
    this.header = header;
    this.receivedMs = receivedMs;
    this.#dialect = dialect;
  }

  get group(): number {
    return this.header[4]!;
  }

  get command(): number {
    return this.header[5]!;
  }

  get encryptionType(): number {
    return this.header[TYPE_AT]!;
  }

  /**
   * The body in clear as a request of encryption type 0 has it, challenge and trailer included; empty without a body.
   * For types 4 and 5, which have no challenge, the challenge is zeros.
   */
  get body(): Uint8Array {
    return this.#body;
  }

  /** 8 bytes, of types 1 and 2. */
  get nonce(): Uint8Array {
    return this.header.subarray(24, 32);
  }

  /** 0 to 3; 1 and 2 are those of old coins. */
  get shard(): number {
    return this.header[3]!;
  }

  /** The first 5 bytes of a locker's key, of type 2. */
  get lockerName(): Uint8Array {
    return this.header.subarray(17, 22);
  }

  /** True once it is answered, or its sender has gone before all of it was there. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True once, when body and key are both there: then it can be opened. */
  becomesWhole(): boolean {
    if (this.#isOpened || !this.#hasKey || this.#sealed === undefined) return false;
    this.#isOpened = true;
    return true;
  }

  /** Takes the body as it came, and the intake that it lies in, which is given back when the request is over. */
  takeBody(bytes: Uint8Array, intake: Intake): void {
    this.#sealed = bytes;
    this.#intake = intake;
  }

  /** Takes the key, undefined where the type needs none; it belongs to the request. */
  takeKey(key: RequestKey | undefined): void {
    this.#key = key;
    this.#hasKey = true;
    // It was looked for in vain.
    if (this.#isOver) this[Symbol.dispose]();
  }

  /** The first check of the header that fails, if one does. */
  checkHeader(rules: HeaderRules): Status | undefined {
    const failed = HEADER_CHECKS.findIndex(([, fails]) => fails(this.header, rules));
    if (failed < 0) return undefined;
    const status = HEADER_CHECKS[failed]![0];
    if (status === Status.errorEncryptionCode) this.#knows = "type";
    else this.#knows = failed < GROUP_KNOWN_FROM ? "nothing" : "group";
    return status;
  }

  /** Decrypts and checks the body of a whole request. @returns why it is refused, in the order of the server */
  open(): Status | undefined {
    const body = this.#sealed!;
    if (body.length === 0) return undefined;
    const isLegacy = isLegacyType(this.encryptionType);
    const end = body.length - TRAILER.length;
    if (end < 0) return Status.errorPacketLength;
    if (body[end] !== TRAILER[0] || body[end + 1] !== TRAILER[1]) return Status.errorEof;
    if (body.length < (isLegacy ? LEGACY_FRAMING_BYTES : MODERN_FRAMING_BYTES)) return Status.errorPacketLength;
    return isLegacy ? this.#openLegacy(body, end) : this.#openModern(body, end - HMAC_BYTES);
  }

  /** Bytes of an answer with a payload. */
  replyLength(payload: Uint8Array): number {
    return isLegacyType(this.encryptionType)
      ? RESPONSE_HEADER_LEGACY_SIZE + payload.length + TRAILER.length
      : RESPONSE_HEADER_MODERN_SIZE + payload.length + MODERN_FRAMING_BYTES;
  }

  /** An answer with a payload, or by its header alone. The key is gone after it. */
  answer(status: Status, payload: Uint8Array | undefined, nowMs: Millis, form: ReplyForm = "framed"): Uint8Array {
    const isLegacy = isLegacyType(this.encryptionType) || this.#knows === "nothing" || this.#knows === "group";
    const bytes = isLegacy
      ? this.#legacyAnswer(status, payload, nowMs, form)
      : this.#modernAnswer(status, payload, nowMs);
    this[Symbol.dispose]();
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#key?.[Symbol.dispose]();
    // By and by something else lies there.
    this.#sealed = undefined;
    this.#body = NO_BODY;
    this.#challenge = NO_CHALLENGE;
    this.#intake?.[Symbol.dispose]();
    this.#intake = undefined;
  }

  #openLegacy(body: Uint8Array, end: number): Status | undefined {
    this.#sealedBytes = end;
    if (this.#key !== undefined) {
      const { counterBits } = this.#dialect;
      body.set(this.#key.cryptRequest(this.header, body.subarray(0, end), counterBits));
    }
    this.#body = body;
    this.#challenge = body.subarray(0, CHALLENGE_BYTES);
    const crc = ((body[12]! << 24) | (body[13]! << 16) | (body[14]! << 8) | body[15]!) >>> 0;
    return crc32(body, 0, 0, 12) === crc ? undefined : Status.errorCrc;
  }

  #openModern(body: Uint8Array, end: number): Status | undefined {
    const { layout, counterBits } = this.#dialect;
    const key = this.#key!;
    const ciphertext = body.subarray(0, end);
    const hmac = body.subarray(end, end + HMAC_BYTES);
    if (!key.isHmac(ciphertext, hmac)) return Status.errorInvalidHmac;
    // A C server takes 18 bytes off a length that has 34 around the payload, and decrypts the HMAC with the payload:
    // its commands read the first 16 bytes of the HMAC, XOR the key stream, behind the plaintext.
    const stray = layout === "c-server" ? MODERN_FRAMING_BYTES - LEGACY_FRAMING_BYTES : 0;
    const plain = key.cryptRequest(this.header, body.subarray(0, end + stray), counterBits);
    this.#body = concatBytes(ZERO_CHALLENGE, plain, TRAILER);
    return undefined;
  }

  #legacyAnswer(status: Status, payload: Uint8Array | undefined, nowMs: Millis, form: ReplyForm): Uint8Array {
    const { raidaId, replyCounter, counterBits } = this.#dialect;
    const { header } = this;
    const knowsAll = this.#knows === "all";
    const key = this.#key;
    const trailer = form === "bare" ? NO_BODY : TRAILER;
    const bodyAt = RESPONSE_HEADER_LEGACY_SIZE + (form === "padded" ? PADDING_BYTES : 0);
    const bodyBytes = payload === undefined ? 0 : payload.length + trailer.length;
    const bytes = new Uint8Array(bodyAt + bodyBytes);
    const { shardId, udpFrameCount, reserved } = RESPONSE_HEADER_LEGACY_DEFAULTS;
    // Written out: to spread the defaults takes longer than all the rest here.
    const head: ResponseHeaderLegacy = {
      raidaId,
      shardId,
      status,
      udpFrameCount,
      reserved,
      commandGroup: this.#knows === "nothing" ? 0 : this.group,
      echo: knowsAll ? (header[30]! << 8) | header[31]! : 0,
      bodyLength: bodyBytes,
      executionTimeUs: this.#elapsedUs(nowMs),
      challengeHash:
        key === undefined || this.#challenge === NO_CHALLENGE ? this.#challenge : key.challengeHash(this.#challenge),
    };
    encodeResponseHeaderLegacyInto(head, bytes);
    if (payload === undefined) return bytes;
    const sealed =
      key === undefined ? payload : key.cryptLegacyReply(header, this.#sealedBytes, payload, replyCounter, counterBits);
    bytes.set(sealed, bodyAt);
    bytes.set(trailer, bodyAt + sealed.length);
    return bytes;
  }

  /**
   * A reply to type 5 is encrypted under the nonce as it is sent, the second coin in its first bytes: a client of ours
   * can read it, which nobody can of a C server's.
   */
  #modernAnswer(status: Status, payload: Uint8Array | undefined, nowMs: Millis): Uint8Array {
    const { raidaId, counterBits } = this.#dialect;
    // Of an unknown type nothing behind it is read.
    const header = this.#knows === "all" ? this.header : new Uint8Array(this.header.length);
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    const nonce = this.#dialect.random(REPLY_NONCE_BYTES).slice();
    // Servers differ in how the last 32 bits of the counter carry; this one never makes them wrap.
    nonce[12] = 0;
    if (this.encryptionType === EncryptionType.aes256TwoCoins) nonce.set(header.subarray(24, 29));
    const head = encodeResponseHeaderModern({
      ...RESPONSE_HEADER_MODERN_DEFAULTS,
      raidaId,
      status,
      commandGroup: this.group,
      executionTimeUs: this.#elapsedUs(nowMs),
      bodyLength: payload === undefined ? 0 : payload.length + MODERN_FRAMING_BYTES,
      encryptionType: this.encryptionType as EncryptionType,
      denomination: view.getInt8(19),
      serial: view.getUint32(20),
      nonce,
      echo: view.getUint16(46),
    });
    if (payload === undefined) return head;
    const key = this.#key!;
    const sealed = key.cryptModernReply(nonce, payload, counterBits);
    return concatBytes(head, sealed, key.hmac(sealed), TRAILER);
  }

  #elapsedUs(nowMs: Millis): number {
    return Math.min(0xffffffff, Math.max(0, Math.round((nowMs - this.receivedMs) * 1000)));
  }
}

/** Zeros and their checksum. */
const ZERO_CHALLENGE = ((): Uint8Array => {
  const challenge = new Uint8Array(CHALLENGE_BYTES);
  new DataView(challenge.buffer).setUint32(12, crc32(challenge, 0, 0, 12));
  return challenge;
})();
