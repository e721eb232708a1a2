import { concatBytes, crc32 } from "../../bytes/index.js";
import {
  CommandGroup,
  encodeResponseHeaderLegacy,
  encodeResponseHeaderModern,
  EncryptionType,
  REQUEST_HEADER_LEGACY_SIZE,
  REQUEST_HEADER_MODERN_SIZE,
  RESPONSE_HEADER_LEGACY_DEFAULTS,
  RESPONSE_HEADER_MODERN_DEFAULTS,
  Status,
} from "../../codec/gen/raida/index.js";
import type { LinkId, Millis } from "../../machine/index.js";
import { Inbox, type RaidaId } from "../protocol.js";

/** Where byte 16 of a request decides how long its header is. */
const TYPE_AT = 16;
const FRAMING_BYTES = 18;
const CHALLENGE_BYTES = 16;
const TRAILER = new Uint8Array([0x3e, 0x3e]);
const NO_CHALLENGE = new Uint8Array(CHALLENGE_BYTES);

/** What a request must satisfy before its body is looked at. */
export interface HeaderRules {
  readonly raidaId: number;
  readonly coinId: number;
  serves(group: number, command: number): boolean;
  random(n: number): Uint8Array;
}

/** Checks of a header in the order of the server; the first that is true answers (seeds/raida, order of checks). */
const HEADER_CHECKS: readonly (readonly [Status, (header: Uint8Array, rules: HeaderRules) => boolean])[] = [
  [Status.errorRouting, (header) => header[0] !== 1],
  [Status.errorSplitId, (header) => header[1] !== 0],
  [Status.errorRaidaId, (header, rules) => header[2] !== rules.raidaId],
  [Status.errorCommandGroup, (header) => header[4]! > 15],
  [Status.errorShardId, (header) => header[3]! > 3],
  [Status.errorCommand, (header, rules) => !rules.serves(header[4]!, header[5]!)],
  [Status.errorCoinId, (header, rules) => ((header[6]! << 8) | header[7]!) !== rules.coinId],
  [Status.errorEncryptionCode, (header) => header[TYPE_AT] !== EncryptionType.clear],
];
/** Failures up to this check leave the group in the answer 0: it has not been read. */
const GROUP_KNOWN_FROM = HEADER_CHECKS.findIndex(([status]) => status === Status.errorCoinId);

/** One connection: one request, one answer, then it is closed. */
export class Connection {
  readonly link: LinkId;
  readonly openedMs: Millis;
  readonly #raidaId: RaidaId;
  readonly #inbox = new Inbox();
  /** Set when the whole request is there or an answer has been given: what follows is dropped. */
  #closed = false;
  #headerChecked = false;

  constructor(link: LinkId, openedMs: Millis, raidaId: RaidaId) {
    this.link = link;
    this.openedMs = openedMs;
    this.#raidaId = raidaId;
  }

  /** True before the first byte. */
  get isEmpty(): boolean {
    return this.#inbox.length === 0;
  }

  /** True once the whole request is there, or has been refused. */
  get isComplete(): boolean {
    return this.#closed;
  }

  get group(): number {
    return this.#inbox.bytes[4]!;
  }

  get command(): number {
    return this.#inbox.bytes[5]!;
  }

  /** The body with challenge and trailer; empty when the request has none. */
  get body(): Uint8Array {
    const bytes = this.#inbox.bytes;
    return bytes.subarray(REQUEST_HEADER_LEGACY_SIZE, REQUEST_HEADER_LEGACY_SIZE + ((bytes[22]! << 8) | bytes[23]!));
  }

  /**
   * Takes bytes. Returns "ready" once when a sound request is complete, the answer when the request is
   * refused, undefined while more is needed.
   */
  receive(bytes: Uint8Array, nowMs: Millis, rules: HeaderRules): "ready" | Uint8Array | undefined {
    if (this.#closed) return undefined;
    this.#inbox.push(bytes, REQUEST_HEADER_MODERN_SIZE + 0xffff);
    const have = this.#inbox.bytes;
    if (have.length <= TYPE_AT) return undefined;
    const headerLength = hasLegacyHeader(have[TYPE_AT]!) ? REQUEST_HEADER_LEGACY_SIZE : REQUEST_HEADER_MODERN_SIZE;
    if (have.length < headerLength) return undefined;
    if (!this.#headerChecked) {
      this.#headerChecked = true;
      const failed = HEADER_CHECKS.findIndex(([, fails]) => fails(have, rules));
      if (failed >= 0) return this.#refuseHeader(failed, nowMs, rules);
    }
    const bodyLength = (have[22]! << 8) | have[23]!;
    if (have.length < headerLength + bodyLength) return undefined;
    this.#closed = true;
    return bodyLength === 0 ? "ready" : (this.#checkFraming(bodyLength, nowMs) ?? "ready");
  }

  /** An answer with a payload, or by its header alone. */
  answer(status: Status, payload: Uint8Array | undefined, nowMs: Millis): Uint8Array {
    this.#closed = true;
    const hasChallenge = this.body.length >= FRAMING_BYTES;
    return this.#legacy(status, payload, nowMs, hasChallenge ? this.body.slice(0, CHALLENGE_BYTES) : NO_CHALLENGE);
  }

  #checkFraming(bodyLength: number, nowMs: Millis): Uint8Array | undefined {
    const { body } = this;
    if (bodyLength < FRAMING_BYTES) return this.#legacy(Status.errorPacketLength, undefined, nowMs, NO_CHALLENGE);
    if (body[bodyLength - 2] !== TRAILER[0] || body[bodyLength - 1] !== TRAILER[1]) {
      return this.#legacy(Status.errorEof, undefined, nowMs, NO_CHALLENGE);
    }
    const crc = ((body[12]! << 24) | (body[13]! << 16) | (body[14]! << 8) | body[15]!) >>> 0;
    if (crc32(body, 0, 12) !== crc) {
      return this.#legacy(Status.errorCrc, undefined, nowMs, body.slice(0, CHALLENGE_BYTES));
    }
    return undefined;
  }

  #refuseHeader(failed: number, nowMs: Millis, rules: HeaderRules): Uint8Array {
    this.#closed = true;
    const status = HEADER_CHECKS[failed]![0];
    const header = this.#inbox.bytes;
    const group = failed < GROUP_KNOWN_FROM ? 0 : header[4]!;
    if (status === Status.errorEncryptionCode && !hasLegacyHeader(header[TYPE_AT]!))
      return this.#modern(status, group, nowMs, rules.random(22));
    const echo = status === Status.errorEncryptionCode ? (header[30]! << 8) | header[31]! : 0;
    return this.#header(status, group, echo, 0, nowMs, NO_CHALLENGE);
  }

  #legacy(status: Status, payload: Uint8Array | undefined, nowMs: Millis, challengeHash: Uint8Array): Uint8Array {
    const request = this.#inbox.bytes;
    const bodyLength = payload === undefined ? 0 : payload.length + TRAILER.length;
    const header = this.#header(
      status,
      request[4]!,
      (request[30]! << 8) | request[31]!,
      bodyLength,
      nowMs,
      challengeHash,
    );
    return payload === undefined ? header : concatBytes(header, payload, TRAILER);
  }

  #header(
    status: Status,
    commandGroup: number,
    echo: number,
    bodyLength: number,
    nowMs: Millis,
    challengeHash: Uint8Array,
  ): Uint8Array {
    return encodeResponseHeaderLegacy({
      ...RESPONSE_HEADER_LEGACY_DEFAULTS,
      raidaId: this.#raidaId,
      status,
      commandGroup,
      echo,
      bodyLength,
      executionTimeUs: this.#elapsedUs(nowMs),
      challengeHash,
    });
  }

  /** Answer to an encryption type that has a header of 48 bytes. */
  #modern(status: Status, commandGroup: number, nowMs: Millis, nonce: Uint8Array): Uint8Array {
    const request = this.#inbox.bytes;
    const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
    return encodeResponseHeaderModern({
      ...RESPONSE_HEADER_MODERN_DEFAULTS,
      raidaId: this.#raidaId,
      status,
      commandGroup,
      executionTimeUs: this.#elapsedUs(nowMs),
      bodyLength: 0,
      encryptionType: request[TYPE_AT]!,
      denomination: view.getInt8(19),
      serial: view.getUint32(20),
      nonce,
      echo: view.getUint16(46),
    });
  }

  #elapsedUs(nowMs: Millis): number {
    return Math.min(0xffffffff, Math.max(0, Math.round((nowMs - this.openedMs) * 1000)));
  }
}

function hasLegacyHeader(encryptionType: number): boolean {
  return encryptionType <= EncryptionType.aes128Locker;
}

/** True for a command that answers a request without a body. */
export function takesNoBody(group: number): boolean {
  return group === CommandGroup.status;
}
