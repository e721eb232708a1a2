/** The ciphers of chunks: AES-256-GCM in a stream, and a one-time pad with a tag that fits it. */
import { equalBytes, own, wipe } from "../../../bytes/index.js";
import { isWireError } from "../../../errors.js";
import { aesGcmSealInto, aesGcmTryOpenInto } from "../../../kernel/cipher/aes-gcm.js";
import { AesGcmKey, poly1305, sha256 } from "../../../kernel/index.js";
import { CHUNK_TAG_BYTES, chunkCount, FLOW_ID_BYTES, LAST_CHUNK } from "./layout.js";

/** Seals and opens the chunks of one envelope; each index once, in any order but at level 1 by the same sizes. */
export interface ChunkCipher {
  /** Writes ciphertext | tag to `out` at `at`. @param head length, and bit 31 for the last chunk */
  seal(index: number, head: number, chunk: Uint8Array, out: Uint8Array, at: number): void;
  /** Writes the chunk to `out` at `at`; false if the tag does not match. @param sealed ciphertext | tag */
  open(index: number, head: number, sealed: Uint8Array, out: Uint8Array, at: number): boolean;
  /** Overwrites the keys. */
  wipe(): void;
}

const NONCE_BYTES = 12;
const NONCE_INDEX_AT = 7;
const NONCE_LAST_AT = 11;
const HASH_BYTES = 32;

/**
 * AES-256-GCM. The nonce counts chunks and marks the last (STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, 2015): so
 * chunks cannot be dropped, moved or added. The key is that of one envelope.
 */
export class GcmChunks implements ChunkCipher {
  readonly #key: Uint8Array;
  /** The key for many chunks; an only chunk has no use for it: at 1 KB it takes 14 µs, and the key alone 9. */
  #handle: AesGcmKey | undefined;
  readonly #nonce = new Uint8Array(NONCE_BYTES);
  readonly #nonceView = new DataView(this.#nonce.buffer);
  /** SHA-256 of the header, index and head. */
  readonly #aad = new Uint8Array(HASH_BYTES + 8);
  readonly #aadView = new DataView(this.#aad.buffer);

  /** @param key 32 bytes, which the caller wipes @param header all of it, with tag and signature */
  constructor(key: Uint8Array, header: Uint8Array) {
    this.#key = own(key);
    this.#aad.set(sha256(header));
  }

  seal(index: number, head: number, chunk: Uint8Array, out: Uint8Array, at: number): void {
    this.#enter(index, head);
    if (isOnly(index, head)) aesGcmSealInto(this.#key, this.#nonce, chunk, out, at, this.#aad);
    else this.#held.sealInto(this.#nonce, chunk, out, at, this.#aad);
  }

  open(index: number, head: number, sealed: Uint8Array, out: Uint8Array, at: number): boolean {
    this.#enter(index, head);
    if (isOnly(index, head)) return aesGcmTryOpenInto(this.#key, this.#nonce, sealed, out, at, this.#aad);
    try {
      this.#held.openInto(this.#nonce, sealed, out, at, this.#aad);
      return true;
    } catch (error) {
      if (isWireError(error) && error.code === "tag") return false;
      throw error;
    }
  }

  wipe(): void {
    wipe(this.#key);
    this.#handle?.wipe();
  }

  get #held(): AesGcmKey {
    return (this.#handle ??= new AesGcmKey(this.#key));
  }

  #enter(index: number, head: number): void {
    this.#nonceView.setUint32(NONCE_INDEX_AT, index);
    this.#nonce[NONCE_LAST_AT] = head >= LAST_CHUNK ? 1 : 0;
    this.#aadView.setUint32(HASH_BYTES, index);
    this.#aadView.setUint32(HASH_BYTES + 4, head);
  }
}

/** Whether a chunk is the first and the last. */
function isOnly(index: number, head: number): boolean {
  return index === 0 && head >= LAST_CHUNK;
}

const HALF_KEY_BYTES = 16;
/** The keys of the header's tag: r, which all tags share, and its own mask. */
const HEADER_KEY_BYTES = 2 * HALF_KEY_BYTES;

/** Bytes of key that a content takes at level 1. */
export function padBytes(contentBytes: number, chunkBytes: number): number {
  return contentBytes + HEADER_KEY_BYTES + HALF_KEY_BYTES * chunkCount(contentBytes, chunkBytes);
}

/** The tag of a header at level 1, under r and the mask behind it. */
export function padHeaderTag(pad: Uint8Array, prefix: Uint8Array): Uint8Array {
  return poly1305(pad.subarray(0, HEADER_KEY_BYTES), new Uint8Array(0), prefix);
}

/**
 * A one-time pad: for each chunk a mask of 16 bytes for its tag, and as many bytes as the chunk has. The tags are
 * Poly1305 of one r under a mask of their own each (Wegman and Carter, 1981).
 */
export class PadChunks implements ChunkCipher {
  readonly #pad: Uint8Array;
  readonly #chunkBytes: number;
  readonly #oneTimeKey = new Uint8Array(2 * HALF_KEY_BYTES);
  readonly #aad = new Uint8Array(FLOW_ID_BYTES + 8);
  readonly #aadView = new DataView(this.#aad.buffer);

  /** @param pad all key bytes of the envelope from r on, which this object wipes */
  constructor(pad: Uint8Array, flowId: Uint8Array, chunkBytes: number) {
    this.#pad = pad;
    this.#chunkBytes = chunkBytes;
    this.#oneTimeKey.set(pad.subarray(0, HALF_KEY_BYTES));
    this.#aad.set(flowId);
  }

  seal(index: number, head: number, chunk: Uint8Array, out: Uint8Array, at: number): void {
    const end = at + chunk.length;
    xorInto(chunk, this.#pad, this.#enter(index, head), out, at);
    out.set(poly1305(this.#oneTimeKey, out.subarray(at, end), this.#aad), end);
  }

  open(index: number, head: number, sealed: Uint8Array, out: Uint8Array, at: number): boolean {
    const padAt = this.#enter(index, head);
    const ciphertext = sealed.subarray(0, sealed.length - CHUNK_TAG_BYTES);
    const tag = poly1305(this.#oneTimeKey, ciphertext, this.#aad);
    if (!equalBytes(tag, sealed.subarray(ciphertext.length))) return false;
    xorInto(ciphertext, this.#pad, padAt, out, at);
    return true;
  }

  wipe(): void {
    wipe(this.#pad);
    wipe(this.#oneTimeKey);
  }

  /** Sets key and additional data of a chunk. @returns where its pad begins */
  #enter(index: number, head: number): number {
    const maskAt = HEADER_KEY_BYTES + index * (HALF_KEY_BYTES + this.#chunkBytes);
    this.#oneTimeKey.set(this.#pad.subarray(maskAt, maskAt + HALF_KEY_BYTES), HALF_KEY_BYTES);
    this.#aadView.setUint32(FLOW_ID_BYTES, index);
    this.#aadView.setUint32(FLOW_ID_BYTES + 4, head);
    return maskAt + HALF_KEY_BYTES;
  }
}

/** Up to so many bytes are combined at a time, in words: 65,536 bytes take 20 µs, and 70 one by one. */
const WORDS_BYTES = 4096;

/** Writes `text` xor the bytes of `pad` at `padAt` to `out` at `at`. */
export function xorInto(text: Uint8Array, pad: Uint8Array, padAt: number, out: Uint8Array, at: number): void {
  const { length } = text;
  let done = 0;
  if (length >= 256) {
    const [left, right] = [new Uint32Array(WORDS_BYTES / 4), new Uint32Array(WORDS_BYTES / 4)];
    const [leftBytes, rightBytes] = [new Uint8Array(left.buffer), new Uint8Array(right.buffer)];
    while (length - done >= 4) {
      const part = Math.min(WORDS_BYTES, (length - done) & ~3);
      leftBytes.set(text.subarray(done, done + part));
      rightBytes.set(pad.subarray(padAt + done, padAt + done + part));
      for (let i = 0; i < part >> 2; i++) left[i]! ^= right[i]!;
      out.set(part === WORDS_BYTES ? leftBytes : leftBytes.subarray(0, part), at + done);
      done += part;
    }
    wipe(leftBytes);
    wipe(rightBytes);
  }
  for (; done < length; done++) out[at + done] = text[done]! ^ pad[padAt + done]!;
}
