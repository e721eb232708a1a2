import { concatBytes, equalBytes, wipe } from "../../../bytes/index.js";
import {
  EncryptionType,
  REQUEST_HEADER_LEGACY_SIZE,
  REQUEST_HEADER_MODERN_SIZE,
  type RequestHeaderLegacy,
} from "../../../codec/gen/raida/index.js";
import { aesCtr, hmacSha256, sha256, type AesCtrOptions } from "../../../kernel/index.js";

/** Where byte 16 of a request names its encryption type, which decides how long both headers are. */
export const TYPE_AT = 16;
/** What ends every body, always in clear. */
export const TRAILER: Uint8Array = new Uint8Array([0x3e, 0x3e]);
/** 12 random bytes and their CRC-32. */
export const CHALLENGE_BYTES = 16;
export const HMAC_BYTES = 32;
/** Challenge and trailer, around the payload of types 0, 1 and 2. */
export const LEGACY_FRAMING_BYTES = CHALLENGE_BYTES + TRAILER.length;
/** HMAC and trailer, behind the ciphertext of types 4 and 5. */
export const MODERN_FRAMING_BYTES = HMAC_BYTES + TRAILER.length;

/**
 * How types 4 and 5 lay out a request. C servers take off 18 bytes from a body that carries 34 around its payload, so
 * that a command reads 16 bytes of the HMAC as the end of it: `c-server` allows for that. `natural` is the plain
 * payload and understood by specwire nodes alone (seeds/raida, types 4 and 5).
 */
export type ModernLayout = "c-server" | "natural";

/**
 * Where the counter of a reply of type 1 or 2 begins: at 0 as in software, or behind the request as on servers that
 * use AES-NI. Nothing on the wire tells which (seeds/raida, bodies and ciphers).
 */
export type ReplyCounter = "restart" | "continue";

/** The encryption types whose requests have the header of 32 bytes. */
export type LegacyType = RequestHeaderLegacy["encryptionType"];

/** True for the types whose headers have 32 bytes; every other value, known or not, has 48. */
export function isLegacyType(encryptionType: number): encryptionType is LegacyType {
  return encryptionType <= EncryptionType.aes128Locker;
}

/** Bytes of a request's header, by its encryption type. */
export function requestHeaderSize(encryptionType: number): number {
  return isLegacyType(encryptionType) ? REQUEST_HEADER_LEGACY_SIZE : REQUEST_HEADER_MODERN_SIZE;
}

/** The length that a whole request header announces for its body. */
export function announcedBodyLength(header: Uint8Array): number {
  return isLegacyType(header[TYPE_AT]!) ? (header[22]! << 8) | header[23]! : (header[17]! << 8) | header[18]!;
}

/**
 * The key of one request and what follows from it: AES-128-CTR for types 1 and 2, AES-256-CTR and HMAC for 4 and 5.
 * Wiped when disposed of.
 */
export class RequestKey {
  readonly #type: number;
  readonly #key: Uint8Array;

  /** @param secrets an AN or a locker's key; the ANs of both coins for type 5. They are copied. */
  constructor(encryptionType: number, secrets: readonly Uint8Array[]) {
    this.#type = encryptionType;
    const joined = concatBytes(...secrets);
    if (isLegacyType(encryptionType)) {
      this.#key = joined;
    } else {
      this.#key = sha256(joined);
      wipe(joined);
    }
  }

  /** Encrypts or decrypts a request's ciphertext, under the nonce of its header. */
  cryptRequest(header: Uint8Array, bytes: Uint8Array, counterBits: AesCtrOptions["counterBits"] = 128): Uint8Array {
    return aesCtr(this.#key, this.#counterOf(header), bytes, { counterBits });
  }

  /**
   * Encrypts or decrypts the payload of a reply of type 1 or 2, under the nonce of the request.
   * @param requestBytes ciphertext of the request: where `continue` goes on
   */
  cryptLegacyReply(
    requestHeader: Uint8Array,
    requestBytes: number,
    payload: Uint8Array,
    replyCounter: ReplyCounter,
    counterBits: AesCtrOptions["counterBits"] = 128,
  ): Uint8Array {
    const block = replyCounter === "restart" ? 0 : Math.ceil(requestBytes / 16);
    return aesCtr(this.#key, this.#counterOf(requestHeader), payload, { block, counterBits });
  }

  /** Encrypts or decrypts the payload of a reply of type 4 or 5, under the nonce of its own header. */
  cryptModernReply(
    replyNonce: Uint8Array,
    payload: Uint8Array,
    counterBits: AesCtrOptions["counterBits"] = 128,
  ): Uint8Array {
    return aesCtr(this.#key, replyNonce.subarray(0, 16), payload, { counterBits });
  }

  hmac(ciphertext: Uint8Array): Uint8Array {
    return hmacSha256(this.#key, ciphertext);
  }

  isHmac(ciphertext: Uint8Array, hmac: Uint8Array): boolean {
    return equalBytes(this.hmac(ciphertext), hmac);
  }

  /** The hash field of a reply of type 1 or 2: the challenge in clear XOR the key. */
  challengeHash(challenge: Uint8Array): Uint8Array {
    return Uint8Array.from(challenge, (byte, i) => byte ^ this.#key[i]!);
  }

  [Symbol.dispose](): void {
    wipe(this.#key);
  }

  /** The initial counter block: 8 bytes of nonce and 8 zeros, or 16 bytes of nonce. */
  #counterOf(header: Uint8Array): Uint8Array {
    if (!isLegacyType(this.#type)) return header.subarray(24, 40);
    const block = new Uint8Array(16);
    block.set(header.subarray(24, 32));
    return block;
  }
}
