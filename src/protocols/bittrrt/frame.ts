/** Sealed frames: datagrams under the key of a session. */
import { isBytes, type NewBytes } from "../../bytes/index.js";
import { FRAME_HEADER_SIZE } from "../../codec/gen/bittrrt/index.js";
import { WireError, type Result, type WireErrorCode, type WireIssue } from "../../errors.js";
import { ChaCha20Poly1305Key } from "../../kernel/index.js";
import { Secret } from "../../kernel/engine/key.js";
import {
  readHeader,
  writeHeader,
  type FrameFields,
  type FrameHeaderFields,
  type HeaderFormat,
  type Overflow,
} from "./frame-header.js";

/** Bytes of the key that seals frames. */
export const FRAME_KEY_BYTES = 32;
/** Bytes of the nonce, which stands in clear before the ciphertext. */
export const NONCE_BYTES = 12;
/** Bytes of the tag behind the ciphertext (RFC 8439, section 2.8). */
const TAG_BYTES = 16;
/** Bytes of a datagram around its plaintext: nonce 12, header 20, tag 16. */
export const FRAME_OVERHEAD_BYTES = NONCE_BYTES + FRAME_HEADER_SIZE + TAG_BYTES;
/** The longest datagram that the reference receives at a port for frames. It cuts off the rest of longer ones. */
export const PORT_DATAGRAM_BYTES_MAX = 1_500;
/** The longest plaintext of such a datagram. */
export const PLAINTEXT_BYTES_MAX = PORT_DATAGRAM_BYTES_MAX - FRAME_OVERHEAD_BYTES;

/** A decrypted frame. */
export interface Frame extends FrameHeaderFields {
  /** A copy: it stays valid when the datagram's buffer is reused. */
  readonly plaintext: Uint8Array;
}

/** How a key seals and opens frames. */
export interface FrameKeyOptions {
  /** Draws nonces: `n` bytes of a cryptographic source. A key must never use a nonce twice. */
  readonly random: (n: number) => Uint8Array;
  /** Default `flags1-channel3`. */
  readonly headerFormat?: HeaderFormat;
  /** Default `throw`. */
  readonly overflow?: Overflow;
  /** The longest plaintext that is sealed or opened; default {@link PLAINTEXT_BYTES_MAX}. */
  readonly plaintextBytesMax?: number;
}

/**
 * The key of a session, which seals the frames of both directions: `using key = new FrameKey(bytes, { random })`.
 * A frame is a datagram: nonce 12 | ChaCha20-Poly1305( header 20 | plaintext ) | tag 16.
 */
export class FrameKey extends Secret {
  readonly #cipher: ChaCha20Poly1305Key;
  readonly #random: (n: number) => Uint8Array;
  readonly #headerFormat: HeaderFormat;
  readonly #overflow: Overflow;
  /** The nonce of the datagram that is being opened. */
  readonly #nonce = new Uint8Array(NONCE_BYTES);
  /** The longest plaintext that is sealed or opened, in bytes. */
  readonly plaintextBytesMax: number;

  /** Copies `key`, which has 32 bytes. @throws WireError `length` */
  constructor(
    key: Uint8Array,
    {
      random,
      headerFormat = "flags1-channel3",
      overflow = "throw",
      plaintextBytesMax = PLAINTEXT_BYTES_MAX,
    }: FrameKeyOptions,
  ) {
    super("bittrrt key");
    this.#cipher = new ChaCha20Poly1305Key(key);
    this.#random = random;
    this.#headerFormat = headerFormat;
    this.#overflow = overflow;
    this.plaintextBytesMax = plaintextBytesMax;
  }

  /**
   * Seals a frame as a datagram. Flags default to 0, which asks the peer for an acknowledgement. `aad` is authenticated
   * too; peers on the wire use none.
   * @throws WireError `range` for a field that its bits cannot hold, `limit` for a plaintext that is too long,
   * `argument` for one that is no Uint8Array
   */
  seal(plaintext: Uint8Array, fields: FrameFields = {}, aad?: Uint8Array): NewBytes {
    if (!isBytes(plaintext)) throw new WireError(issue("argument", 0, "a Uint8Array"));
    if (plaintext.length > this.plaintextBytesMax) {
      const { length } = plaintext;
      throw new WireError(issue("limit", 0, `a plaintext of at most ${this.plaintextBytesMax} bytes`, length));
    }
    const datagram = new Uint8Array(FRAME_OVERHEAD_BYTES + plaintext.length);
    const nonce = this.#random(NONCE_BYTES);
    datagram.set(nonce);
    writeHeader(fields, this.#headerFormat, this.#overflow, datagram, NONCE_BYTES);
    datagram.set(plaintext, NONCE_BYTES + FRAME_HEADER_SIZE);
    const inside = datagram.subarray(NONCE_BYTES, datagram.length - TAG_BYTES);
    this.#cipher.sealInto(nonce, inside, datagram, NONCE_BYTES, aad);
    return datagram;
  }

  /** Opens a datagram. @throws WireError `short`, `tag`, `limit`; `argument` for anything but a Uint8Array */
  open(datagram: Uint8Array, aad?: Uint8Array): Frame {
    const opened = this.tryOpen(datagram, aad);
    if (opened.ok) return opened.value;
    throw new WireError(opened.error);
  }

  /** {@link open} that returns its error instead of throwing it. */
  tryOpen(datagram: Uint8Array, aad?: Uint8Array): Result<Frame> {
    if (!isBytes(datagram)) return refused("argument", 0, "a Uint8Array");
    const { length } = datagram;
    if (length < NONCE_BYTES + TAG_BYTES) return refused("short", 0, `${FRAME_OVERHEAD_BYTES} bytes`, length);
    if (length - FRAME_OVERHEAD_BYTES > this.plaintextBytesMax) {
      return refused("limit", 0, `at most ${FRAME_OVERHEAD_BYTES + this.plaintextBytesMax} bytes`, length);
    }
    // A loop over 12 bytes avoids the allocation of a view.
    for (let i = 0; i < NONCE_BYTES; i++) this.#nonce[i] = datagram[i]!;
    const opened = this.#cipher.tryOpen(this.#nonce, datagram.subarray(NONCE_BYTES), aad);
    if (!opened.ok) return refused("tag", length - TAG_BYTES);
    const inside = opened.value;
    if (inside.length < FRAME_HEADER_SIZE) {
      return refused("short", NONCE_BYTES, `a header of ${FRAME_HEADER_SIZE} bytes`, inside.length);
    }
    const { flags, channel, sequence, offset } = readHeader(inside, 0, this.#headerFormat);
    const plaintext = inside.subarray(FRAME_HEADER_SIZE);
    return { ok: true, value: { flags, channel, sequence, offset, plaintext } };
  }

  /** Overwrites the key. Every later use throws. */
  override wipe(): void {
    this.#cipher.wipe();
  }
}

function refused(code: WireErrorCode, offset: number, expected?: string, bytes?: number): Result<never> {
  return { ok: false, error: issue(code, offset, expected, bytes) };
}

function issue(code: WireErrorCode, offset: number, expected?: string, bytes?: number): WireIssue {
  const actual = bytes === undefined ? undefined : `${bytes} bytes`;
  return { code, format: "bittrrt_frame", path: "", offset, expected, actual };
}
