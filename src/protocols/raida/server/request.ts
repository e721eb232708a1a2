/** A request: checks of its header, decryption of its body, encryption of its reply. */
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
import type { PooledBuffer } from "./buffer-pool.js";

const NO_CHALLENGE = new Uint8Array(CHALLENGE_BYTES);
const NO_BODY = new Uint8Array(0);
/** Bytes of the nonce in a reply header. */
const REPLY_NONCE_BYTES = 22;

/**
 * Origin of a request, to which its reply is sent: a link with the address prefix of its peer, or the sender of a
 * datagram of `sizeBytes`, which may be forged.
 */
export type Origin =
  { readonly link: LinkId; readonly prefix: string } | { readonly peer: string; readonly sizeBytes: number };

/** How a server encrypts and decrypts. */
export interface CipherSettings {
  readonly raidaId: RaidaId;
  readonly layout: ModernLayout;
  readonly replyCounter: ReplyCounter;
  readonly counterBits: 32 | 128;
  random(n: number): Uint8Array;
}

/** The values that a request header must have. */
export interface HeaderRules {
  readonly raidaId: number;
  readonly coinId: number;
  /** Whether the command is registered, implemented here or not. */
  hasCommand(group: number, command: number): boolean;
}

/** Checks of a header in the order of the C server; the first that is true decides (seeds/raida, order of checks). */
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
/** Checks before this one answer with group 0, because the C server has not read the group by then. */
const GROUP_KNOWN_FROM = HEADER_CHECKS.findIndex(([status]) => status === Status.errorCoinId);

/**
 * Form of a reply. `framed`: payload and trailer. `bare`: payload without trailer, which the qmail client expects of
 * one command. `padded`: a header padded to 48 bytes, for which a fixing C server waits.
 */
export type ReplyForm = "framed" | "bare" | "padded";

/** Padding of a header of 32 bytes to 48 bytes. */
const PADDING_BYTES = 16;

/** A request with a complete header. It decrypts its body and encrypts its reply. */
export class Request {
  readonly origin: Origin;
  readonly receivedMs: Millis;
  readonly header: Uint8Array;
  readonly #ciphers: CipherSettings;
  #key: RequestKey | undefined;
  #hasKey = false;
  #isOpened = false;
  #isOver = false;
  /** The body as received; undefined until it is complete. */
  #received: Uint8Array | undefined;
  /** The buffer that holds the body. */
  #buffer: PooledBuffer | undefined;
  #body: Uint8Array = NO_BODY;
  #challenge: Uint8Array = NO_CHALLENGE;
  /** What the reply repeats of the header: the earlier a check fails, the less. */
  #repeats: "nothing" | "group" | "type" | "all" = "all";
  /** Length of the request's ciphertext. */
  #ciphertextBytes = 0;

  constructor(origin: Origin, header: Uint8Array, receivedMs: Millis, ciphers: CipherSettings) {
    this.origin = origin;
    this.header = header;
    this.receivedMs = receivedMs;
    this.#ciphers = ciphers;
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
   * The decrypted body in the layout of encryption type 0, with challenge and trailer; empty without a body. Types 4
   * and 5 have no challenge, so theirs is zeros.
   */
  get body(): Uint8Array {
    return this.#body;
  }

  /** The nonce of types 1 and 2, 8 bytes. */
  get nonce(): Uint8Array {
    return this.header.subarray(24, 32);
  }

  /** The shard, 0 to 3; 1 and 2 are those of old coins. */
  get shard(): number {
    return this.header[3]!;
  }

  /** The first 5 bytes of the locker key of type 2. */
  get lockerKeyPrefix(): Uint8Array {
    return this.header.subarray(17, 22);
  }

  /** True once the request is answered, or its sender left before it was complete. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** True exactly once, when both body and key are available and {@link open} may be called. */
  becomesReady(): boolean {
    if (this.#isOpened || !this.#hasKey || this.#received === undefined) return false;
    this.#isOpened = true;
    return true;
  }

  /** Takes the received body and its buffer, which is disposed when the request is over. */
  takeBody(bytes: Uint8Array, buffer: PooledBuffer): void {
    this.#received = bytes;
    this.#buffer = buffer;
  }

  /** Takes ownership of the key; undefined for encryption type 0. */
  takeKey(key: RequestKey | undefined): void {
    this.#key = key;
    this.#hasKey = true;
    // The sender left meanwhile: wipe the key at once.
    if (this.#isOver) this[Symbol.dispose]();
  }

  /** The status of the first check of the header that fails; undefined if none fails. */
  checkHeader(rules: HeaderRules): Status | undefined {
    const failed = HEADER_CHECKS.findIndex(([, fails]) => fails(this.header, rules));
    if (failed < 0) return undefined;
    const status = HEADER_CHECKS[failed]![0];
    if (status === Status.errorEncryptionCode) this.#repeats = "type";
    else this.#repeats = failed < GROUP_KNOWN_FROM ? "nothing" : "group";
    return status;
  }

  /** Decrypts and checks the body, in the order of the C server. @returns the status to refuse with, if any */
  open(): Status | undefined {
    const body = this.#received!;
    if (body.length === 0) return undefined;
    const isLegacy = isLegacyType(this.encryptionType);
    const end = body.length - TRAILER.length;
    if (end < 0) return Status.errorPacketLength;
    if (body[end] !== TRAILER[0] || body[end + 1] !== TRAILER[1]) return Status.errorEof;
    if (body.length < (isLegacy ? LEGACY_FRAMING_BYTES : MODERN_FRAMING_BYTES)) return Status.errorPacketLength;
    return isLegacy ? this.#openLegacy(body, end) : this.#openModern(body, end - HMAC_BYTES);
  }

  /** Length of a reply with a payload. */
  replyLength(payload: Uint8Array): number {
    return isLegacyType(this.encryptionType)
      ? RESPONSE_HEADER_LEGACY_SIZE + payload.length + TRAILER.length
      : RESPONSE_HEADER_MODERN_SIZE + payload.length + MODERN_FRAMING_BYTES;
  }

  /** Encodes the reply, a header alone without payload, and disposes the request with its key. */
  answer(status: Status, payload: Uint8Array | undefined, nowMs: Millis, form: ReplyForm = "framed"): Uint8Array {
    const isLegacy = isLegacyType(this.encryptionType) || this.#repeats === "nothing" || this.#repeats === "group";
    const bytes = isLegacy
      ? this.#legacyAnswer(status, payload, nowMs, form)
      : this.#modernAnswer(status, payload, nowMs);
    this[Symbol.dispose]();
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#key?.[Symbol.dispose]();
    // The buffer will be reused.
    this.#received = undefined;
    this.#body = NO_BODY;
    this.#challenge = NO_CHALLENGE;
    this.#buffer?.[Symbol.dispose]();
    this.#buffer = undefined;
  }

  #openLegacy(body: Uint8Array, end: number): Status | undefined {
    this.#ciphertextBytes = end;
    if (this.#key !== undefined) {
      const { counterBits } = this.#ciphers;
      body.set(this.#key.cryptRequest(this.header, body.subarray(0, end), counterBits));
    }
    this.#body = body;
    this.#challenge = body.subarray(0, CHALLENGE_BYTES);
    const crc = ((body[12]! << 24) | (body[13]! << 16) | (body[14]! << 8) | body[15]!) >>> 0;
    return crc32(body, 0, 0, 12) === crc ? undefined : Status.errorCrc;
  }

  #openModern(body: Uint8Array, end: number): Status | undefined {
    const { layout, counterBits } = this.#ciphers;
    const key = this.#key!;
    const ciphertext = body.subarray(0, end);
    const hmac = body.subarray(end, end + HMAC_BYTES);
    if (!key.isHmac(ciphertext, hmac)) return Status.errorInvalidHmac;
    // A C server subtracts 18 bytes of framing where there are 34, and so decrypts 16 bytes of the HMAC with the
    // payload:
    // its commands read the first 16 bytes of the HMAC, XOR the key stream, after the plaintext.
    const stray = layout === "c-server" ? MODERN_FRAMING_BYTES - LEGACY_FRAMING_BYTES : 0;
    const plain = key.cryptRequest(this.header, body.subarray(0, end + stray), counterBits);
    this.#body = concatBytes(ZERO_CHALLENGE, plain, TRAILER);
    return undefined;
  }

  #legacyAnswer(status: Status, payload: Uint8Array | undefined, nowMs: Millis, form: ReplyForm): Uint8Array {
    const { raidaId, replyCounter, counterBits } = this.#ciphers;
    const { header } = this;
    const repeatsAll = this.#repeats === "all";
    const key = this.#key;
    const trailer = form === "bare" ? NO_BODY : TRAILER;
    const bodyAt = RESPONSE_HEADER_LEGACY_SIZE + (form === "padded" ? PADDING_BYTES : 0);
    const bodyBytes = payload === undefined ? 0 : payload.length + trailer.length;
    const bytes = new Uint8Array(bodyAt + bodyBytes);
    const { shardId, udpFrameCount, reserved } = RESPONSE_HEADER_LEGACY_DEFAULTS;
    // The defaults are named one by one, because spreading them takes longer than all the rest of this method.
    const head: ResponseHeaderLegacy = {
      raidaId,
      shardId,
      status,
      udpFrameCount,
      reserved,
      commandGroup: this.#repeats === "nothing" ? 0 : this.group,
      echo: repeatsAll ? (header[30]! << 8) | header[31]! : 0,
      bodyLength: bodyBytes,
      executionTimeUs: this.#elapsedUs(nowMs),
      challengeHash:
        key === undefined || this.#challenge === NO_CHALLENGE ? this.#challenge : key.challengeHash(this.#challenge),
    };
    encodeResponseHeaderLegacyInto(head, bytes);
    if (payload === undefined) return bytes;
    const encrypted =
      key === undefined
        ? payload
        : key.cryptLegacyReply(header, this.#ciphertextBytes, payload, replyCounter, counterBits);
    bytes.set(encrypted, bodyAt);
    bytes.set(trailer, bodyAt + encrypted.length);
    return bytes;
  }

  /**
   * A reply of type 5 is encrypted under the nonce that its header carries, with the second coin in its first bytes. A
   * client can decrypt it, unlike that of a C server.
   */
  #modernAnswer(status: Status, payload: Uint8Array | undefined, nowMs: Millis): Uint8Array {
    const { raidaId, counterBits } = this.#ciphers;
    // The fields after an unknown encryption type are not read.
    const header = this.#repeats === "all" ? this.header : new Uint8Array(this.header.length);
    const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
    const nonce = this.#ciphers.random(REPLY_NONCE_BYTES).slice();
    // Implementations differ in how the low 32 bits of the counter carry. A zero here keeps them from wrapping.
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
    const ciphertext = key.cryptModernReply(nonce, payload, counterBits);
    return concatBytes(head, ciphertext, key.hmac(ciphertext), TRAILER);
  }

  #elapsedUs(nowMs: Millis): number {
    return Math.min(0xffffffff, Math.max(0, Math.round((nowMs - this.receivedMs) * 1000)));
  }
}

/** A challenge of zeros with its CRC-32. */
const ZERO_CHALLENGE = ((): Uint8Array => {
  const challenge = new Uint8Array(CHALLENGE_BYTES);
  new DataView(challenge.buffer).setUint32(12, crc32(challenge, 0, 0, 12));
  return challenge;
})();
