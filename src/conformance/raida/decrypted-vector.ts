/** Decrypts recorded requests and replies independently of the server under test. */
import { createCipheriv, createHash, createHmac } from "node:crypto";
import { concatBytes, equalBytes, toHex } from "../../bytes/index.js";
import {
  EncryptionType,
  REQUEST_HEADER_LEGACY_SIZE,
  REQUEST_HEADER_MODERN_SIZE,
  RESPONSE_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_MODERN_SIZE,
} from "../../codec/gen/raida/index.js";
import { CoinStore } from "./store.js";
import type { RaidaVector } from "./vector.js";

/** Offset of the encryption type in a request. */
const TYPE_AT = 16;
const BLOCK = 16;
const HMAC_BYTES = 32;
const TRAILER_BYTES = 2;
/** Bytes of a body besides its payload: challenge and trailer. */
const FRAMING_BYTES = 18;

/** Request and reply of a recording, decrypted without code of the server under test. */
export class DecryptedVector {
  readonly type: number;
  readonly #vector: RaidaVector;
  readonly #key: Uint8Array | undefined;

  constructor(vector: RaidaVector) {
    this.#vector = vector;
    this.type = vector.request[TYPE_AT] ?? EncryptionType.clear;
    this.#key = keyOf(vector, this.type);
  }

  get isLegacy(): boolean {
    return this.type <= EncryptionType.aes128Locker;
  }

  get requestHeader(): Uint8Array {
    const size = this.isLegacy ? REQUEST_HEADER_LEGACY_SIZE : REQUEST_HEADER_MODERN_SIZE;
    return this.#vector.request.subarray(0, size);
  }

  /**
   * The body in clear; undefined if no key fits. Under types 4 and 5 it is the body as the C server reads it: 16 absent
   * bytes, the plaintext, and 16 bytes of the HMAC, which it decrypts along with the plaintext.
   */
  requestBody(): Uint8Array | undefined {
    const body = this.#announcedBody();
    if (this.type === EncryptionType.clear || body.length === 0) return body;
    if (this.#key === undefined) return undefined;
    const trailer = body.subarray(body.length - TRAILER_BYTES);
    if (this.isLegacy)
      return concatBytes(this.#crypt(this.#requestCounter(), body.subarray(0, -TRAILER_BYTES)), trailer);
    const end = Math.max(0, body.length - HMAC_BYTES - TRAILER_BYTES);
    const plain = this.#crypt(this.#requestCounter(), body.subarray(0, end + FRAMING_BYTES - TRAILER_BYTES));
    // The CRC-32 of twelve zeros.
    const challenge = concatBytes(new Uint8Array(12), Uint8Array.of(0x7b, 0xd5, 0xc6, 0x6f));
    return concatBytes(challenge, plain, trailer);
  }

  /** The length of a reply's header; errors that precede the encryption type have the short header. */
  replyHeader(reply: Uint8Array): Uint8Array {
    return reply.subarray(0, this.#hasShortHeader(reply) ? RESPONSE_HEADER_LEGACY_SIZE : RESPONSE_HEADER_MODERN_SIZE);
  }

  /** The payload of a reply and its trailer in clear, or a description of what is wrong with it. */
  replyBody(reply: Uint8Array): Uint8Array | string {
    const body = reply.subarray(this.replyHeader(reply).length);
    if (body.length === 0 || this.type === EncryptionType.clear) return body;
    if (this.#key === undefined) return "a body without a key for it";
    const trailer = body.subarray(body.length - TRAILER_BYTES);
    if (this.isLegacy) {
      const { serverBuild } = this.#vector.state;
      const isContinued = serverBuild.endsWith("-hw");
      const from = isContinued ? Math.ceil((this.#announcedBody().length - TRAILER_BYTES) / BLOCK) : 0;
      return concatBytes(this.#crypt(this.#requestCounter(), body.subarray(0, -TRAILER_BYTES), from), trailer);
    }
    const sealed = body.subarray(0, -HMAC_BYTES - TRAILER_BYTES);
    const hmac = createHmac("sha256", this.#key).update(sealed).digest();
    if (!equalBytes(hmac, body.subarray(sealed.length, sealed.length + HMAC_BYTES))) return "its HMAC is another";
    return concatBytes(this.#crypt(reply.subarray(24, 24 + BLOCK), sealed), trailer);
  }

  #announcedBody(): Uint8Array {
    const { request } = this.#vector;
    const header = this.requestHeader;
    const length = this.isLegacy ? (request[22]! << 8) | request[23]! : (request[17]! << 8) | request[18]!;
    return request.subarray(header.length, header.length + length);
  }

  #hasShortHeader(reply: Uint8Array): boolean {
    return this.isLegacy || reply.length === RESPONSE_HEADER_LEGACY_SIZE;
  }

  #requestCounter(): Uint8Array {
    const { request } = this.#vector;
    if (!this.isLegacy) return request.subarray(24, 24 + BLOCK);
    return concatBytes(request.subarray(24, 32), new Uint8Array(8));
  }

  /** AES-CTR block by block, because servers differ in how the counter overflows. */
  #crypt(counter: Uint8Array, bytes: Uint8Array, from = 0): Uint8Array {
    const key = this.#key!;
    const bits = this.#vector.state.aesPath === "hw" ? 32n : 128n;
    const low = (1n << bits) - 1n;
    const start = BigInt(`0x${toHex(counter)}`);
    const blocks = Array.from({ length: Math.ceil(bytes.length / BLOCK) }, (_, i) => {
      const value = (start & ~low) | ((start + BigInt(from + i)) & low);
      return Buffer.from(value.toString(16).padStart(2 * BLOCK, "0"), "hex");
    });
    const cipher = createCipheriv(`aes-${8 * key.length}-ecb`, key, null).setAutoPadding(false);
    const stream = cipher.update(concatBytes(...blocks));
    return Uint8Array.from(bytes, (byte, i) => byte ^ stream[i]!);
  }
}

/** Finds the key in the recorded coins and lockers. */
function keyOf({ request, state }: RaidaVector, type: number): Uint8Array | undefined {
  const store = new CoinStore(state);
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const anAt = (at: number): Uint8Array | undefined =>
    request.length < at + 5
      ? undefined
      : store.anOf({ denomination: view.getInt8(at), serial: view.getUint32(at + 1) });
  switch (type) {
    case EncryptionType.aes128Coin:
      return anAt(17);
    case EncryptionType.aes128Locker:
      return state.lockers.find(({ key }) => equalBytes(key.subarray(0, 5), request.subarray(17, 22)))?.key;
    case EncryptionType.aes256Coin:
      return hashOf(anAt(19));
    case EncryptionType.aes256TwoCoins:
      return hashOf(anAt(19), anAt(24));
    default:
      return undefined;
  }
}

function hashOf(...ans: readonly (Uint8Array | undefined)[]): Uint8Array | undefined {
  const known = ans.filter((an) => an !== undefined);
  return known.length < ans.length
    ? undefined
    : createHash("sha256")
        .update(concatBytes(...known))
        .digest();
}
