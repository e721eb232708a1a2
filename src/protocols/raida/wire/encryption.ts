/** Encryption of requests and replies: framing, layouts and keys of the encryption types. */
import { concatBytes, equalBytes, type NewBytes, wipe } from "../../../bytes/index.js";
import {
  EncryptionType,
  REQUEST_HEADER_LEGACY_SIZE,
  REQUEST_HEADER_MODERN_SIZE,
  type RequestHeaderLegacy,
} from "../../../codec/gen/raida/index.js";
import { aesCtr, hmacSha256, sha256, type AesCtrOptions } from "../../../kernel/index.js";

/** Offset of the encryption type in a request header. The type determines the length of both headers. */
export const TYPE_AT = 16;
/** The two bytes that end every body, always in clear. */
export const TRAILER: Uint8Array = new Uint8Array([0x3e, 0x3e]);
/** Length of a challenge: 12 random bytes and their CRC-32. */
export const CHALLENGE_BYTES = 16;
export const HMAC_BYTES = 32;
/** Bytes around the payload of types 0, 1 and 2: challenge and trailer. */
export const LEGACY_FRAMING_BYTES = CHALLENGE_BYTES + TRAILER.length;
/** Bytes after the ciphertext of types 4 and 5: HMAC and trailer. */
export const MODERN_FRAMING_BYTES = HMAC_BYTES + TRAILER.length;

/**
 * Layout of requests of types 4 and 5. C servers subtract 18 bytes of framing where there are 34, so that a command
 * reads 16 bytes of the HMAC as the end of its payload; `c-server` allows for that. `natural` sends the plain payload,
 * which only specwire servers understand (seeds/raida, types 4 and 5).
 */
export type ModernLayout = "c-server" | "natural";

/**
 * Start of the counter of a reply of type 1 or 2: `restart` begins at 0, like servers that encrypt in software;
 * `continue` begins after the blocks of the request, like servers with AES-NI. The wire does not tell which
 * (seeds/raida, bodies and ciphers).
 */
export type ReplyCounter = "restart" | "continue";

/** Encryption types whose requests have a header of 32 bytes. */
export type LegacyType = RequestHeaderLegacy["encryptionType"];

/** True for types whose headers have 32 bytes. All other values, known or unknown, have 48. */
export function isLegacyType(encryptionType: number): encryptionType is LegacyType {
  return encryptionType <= EncryptionType.aes128Locker;
}

/** Length of a request header by encryption type. */
export function requestHeaderSize(encryptionType: number): number {
  return isLegacyType(encryptionType) ? REQUEST_HEADER_LEGACY_SIZE : REQUEST_HEADER_MODERN_SIZE;
}

/** The body length that a complete request header announces. */
export function announcedBodyLength(header: Uint8Array): number {
  return isLegacyType(header[TYPE_AT]!) ? (header[22]! << 8) | header[23]! : (header[17]! << 8) | header[18]!;
}

/**
 * The key of one request and its ciphers: AES-128-CTR for types 1 and 2, AES-256-CTR with an HMAC for types 4 and 5.
 * Disposing wipes the key.
 */
export class RequestKey {
  readonly #type: number;
  readonly #key: Uint8Array;

  /** @param secrets one AN or locker key, or the ANs of both coins for type 5; they are copied */
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

  /** Encrypts or decrypts a request under the nonce of its header. */
  cryptRequest(header: Uint8Array, bytes: Uint8Array, counterBits: AesCtrOptions["counterBits"] = 128): NewBytes {
    return aesCtr(this.#key, this.#counterOf(header), bytes, { counterBits });
  }

  /**
   * Encrypts or decrypts the payload of a reply of type 1 or 2, under the nonce of the request.
   * @param requestBytes length of the request's ciphertext, after which `continue` starts
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

  /** The HMAC of types 4 and 5. */
  hmac(ciphertext: Uint8Array): NewBytes {
    return hmacSha256(this.#key, ciphertext);
  }

  /** Compares an HMAC in constant time. */
  isHmac(ciphertext: Uint8Array, hmac: Uint8Array): boolean {
    return equalBytes(this.hmac(ciphertext), hmac);
  }

  /** The hash field of a reply of type 1 or 2: the decrypted challenge XOR the key. */
  challengeHash(challenge: Uint8Array): NewBytes {
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
