import { isBytes } from "../../bytes/index.js";
import { FRAME_HEADER_SIZE } from "../../codec/gen/bittrrt/index.js";
import { WireError, type Result, type WireErrorCode, type WireIssue } from "../../errors.js";
import { ChaCha20Poly1305Key } from "../../kernel/index.js";
import { DISPOSE, INSPECT } from "../../kernel/engine/key.js";
import {
  readHeader,
  writeHeader,
  type FrameFields,
  type FrameHeaderFields,
  type HeaderFormat,
  type Overflow,
} from "./frame-header.js";

/** Bytes of a frame's key. */
export const FRAME_KEY_BYTES = 32;
/** Before the ciphertext, in clear. */
export const NONCE_BYTES = 12;
/** Behind the ciphertext (RFC 8439, section 2.8). */
const TAG_BYTES = 16;
/** What a datagram has beside its plaintext: nonce 12, header 20, tag 16. */
export const FRAME_OVERHEAD_BYTES = NONCE_BYTES + FRAME_HEADER_SIZE + TAG_BYTES;
/** Bytes of a datagram that the reference receives at a port for frames. What is longer is cut, so its tag is lost. */
export const PORT_DATAGRAM_BYTES_MAX = 1_500;
/** The longest plaintext that the reference receives at a port for frames. */
export const PLAINTEXT_BYTES_MAX = PORT_DATAGRAM_BYTES_MAX - FRAME_OVERHEAD_BYTES;

/** A frame that was opened. */
export interface Frame extends FrameHeaderFields {
  /** Memory of its own. */
  readonly plaintext: Uint8Array;
}

export interface FrameKeyOptions {
  /** Where nonces come from: `n` bytes of a cryptographic source. No nonce may ever serve a key twice. */
  readonly random: (n: number) => Uint8Array;
  /** Default `flags1-channel3`. */
  readonly headerFormat?: HeaderFormat;
  /** Default `throw`. */
  readonly overflow?: Overflow;
  /** Longer ones are neither sealed nor opened; default {@link PLAINTEXT_BYTES_MAX}. */
  readonly plaintextBytesMax?: number;
}

/**
 * The key of a session, which seals the frames of both directions: `using key = new FrameKey(bytes, { random })`.
 * A frame is a datagram: nonce 12 | ChaCha20-Poly1305( header 20 | plaintext ) | tag 16.
 */
export class FrameKey {
  readonly #cipher: ChaCha20Poly1305Key;
  readonly #random: (n: number) => Uint8Array;
  readonly #headerFormat: HeaderFormat;
  readonly #overflow: Overflow;
  /** Of the datagram that is being opened. */
  readonly #nonce = new Uint8Array(NONCE_BYTES);
  /** Longer plaintexts are neither sealed nor opened. */
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
    this.#cipher = new ChaCha20Poly1305Key(key);
    this.#random = random;
    this.#headerFormat = headerFormat;
    this.#overflow = overflow;
    this.plaintextBytesMax = plaintextBytesMax;
  }

  /**
   * The datagram of a frame. Flags that are left out are 0, which asks the peer for an acknowledgement. `aad` is
   * authenticated beside the frame; on the wire it is always empty.
   * @throws WireError `range` for a field that its bits cannot hold, `limit` for a plaintext that is too long,
   * `argument` for one that is no bytes
   */
  seal(plaintext: Uint8Array, fields: FrameFields = {}, aad?: Uint8Array): Uint8Array {
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

  /** What a datagram holds. @throws WireError `short`, `tag`, `limit`, `argument` for no bytes */
  open(datagram: Uint8Array, aad?: Uint8Array): Frame {
    const opened = this.tryOpen(datagram, aad);
    if (opened.ok) return opened.value;
    throw new WireError(opened.error);
  }

  /** {@link open} that does not throw on what a peer sent. */
  tryOpen(datagram: Uint8Array, aad?: Uint8Array): Result<Frame> {
    if (!isBytes(datagram)) return refused("argument", 0, "a Uint8Array");
    const { length } = datagram;
    if (length < NONCE_BYTES + TAG_BYTES) return refused("short", 0, `${FRAME_OVERHEAD_BYTES} bytes`, length);
    if (length - FRAME_OVERHEAD_BYTES > this.plaintextBytesMax) {
      return refused("limit", 0, `at most ${FRAME_OVERHEAD_BYTES + this.plaintextBytesMax} bytes`, length);
    }
    // So few bytes are copied sooner than a view of them is made.
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

  /** Overwrites the key. Any later use of the handle is an error. */
  wipe(): void {
    this.#cipher.wipe();
  }

  [DISPOSE](): void {
    this.wipe();
  }

  toJSON(): string {
    return this.toString();
  }

  toString(): string {
    return "[bittrrt key, redacted]";
  }

  [INSPECT](): string {
    return this.toString();
  }
}

function refused(code: WireErrorCode, offset: number, expected?: string, bytes?: number): Result<never> {
  return { ok: false, error: issue(code, offset, expected, bytes) };
}

function issue(code: WireErrorCode, offset: number, expected?: string, bytes?: number): WireIssue {
  const actual = bytes === undefined ? undefined : `${bytes} bytes`;
  return { code, format: "bittrrt_frame", path: "", offset, expected, actual };
}
