/** HKDF-SHA256: keys derived from a key. */
import { type NewBytes, wipe } from "../../bytes/index.js";
import { requireBytes, requireInteger } from "../engine/checks.js";
import { hmacSha256, HmacSha256Key } from "./hmac-sha256.js";
import { Secret } from "../engine/key.js";

/** The options of {@link hkdfSha256}. */
export interface HkdfOptions {
  /** Default 32 zero bytes (RFC 5869 §2.2). */
  readonly salt?: Uint8Array;
  /** Names the use of the key, and binds the key to it. Default empty. */
  readonly info?: Uint8Array;
  /** Length of the key, at most 255 · 32 (RFC 5869 §2.3). */
  readonly lengthBytes: number;
}

const BLOCK_BYTES = 32;
const BLOCKS_MAX = 255;
const NOTHING = /* @__PURE__ */ new Uint8Array(0);

/**
 * HKDF-SHA256 (RFC 5869): a key of `lengthBytes` from `inputKey`. Computed by the engines of HMAC-SHA256.
 * @throws WireError `argument`
 */
export function hkdfSha256(inputKey: Uint8Array, options: HkdfOptions): NewBytes {
  const key = new HkdfSha256Key(inputKey, options.salt);
  try {
    return key.expand(options.lengthBytes, options.info);
  } finally {
    key.wipe();
  }
}

/** Derives many keys and extracts once (RFC 5869 §2.2): `using key = new HkdfSha256Key(inputKey, salt)`. */
export class HkdfSha256Key extends Secret {
  readonly #pseudorandomKey: HmacSha256Key;

  /** @param salt default 32 zero bytes @throws WireError `argument` */
  constructor(inputKey: Uint8Array, salt: Uint8Array = NOTHING) {
    super("hkdf-sha256 key");
    requireBytes("hmac-sha256", "inputKey", inputKey);
    requireBytes("hmac-sha256", "salt", salt);
    const bytes = hmacSha256(salt, inputKey);
    this.#pseudorandomKey = new HmacSha256Key(bytes);
    wipe(bytes);
  }

  /**
   * A key of `lengthBytes`, at most 255 · 32, for the use that `info` names. RFC 5869 §2.3:
   * T(i) = HMAC(key, T(i - 1) | info | i), where T(0) is empty.
   * @throws WireError `argument`
   */
  expand(lengthBytes: number, info: Uint8Array = NOTHING): NewBytes {
    requireInteger("hmac-sha256", "lengthBytes", lengthBytes, BLOCKS_MAX * BLOCK_BYTES);
    requireBytes("hmac-sha256", "info", info);
    const out = new Uint8Array(lengthBytes);
    const input = new Uint8Array(BLOCK_BYTES + info.length + 1);
    const block = input.subarray(0, BLOCK_BYTES);
    input.set(info, BLOCK_BYTES);
    for (let i = 1, at = 0; at < lengthBytes; i++, at += BLOCK_BYTES) {
      input[input.length - 1] = i;
      this.#pseudorandomKey.signInto(i === 1 ? input.subarray(BLOCK_BYTES) : input, block);
      out.set(at + BLOCK_BYTES <= lengthBytes ? block : block.subarray(0, lengthBytes - at), at);
    }
    wipe(input);
    return out;
  }

  /** Overwrites the key. Any later use of the handle is an error. */
  override wipe(): void {
    this.#pseudorandomKey.wipe();
  }
}
