/**
 * ChaCha20-Poly1305 (RFC 8439 §2.8). The host writes the key and the nonce to STATE. `seal` and `open` take a message
 * that is in memory as a whole; one in parts goes through what they are made of. Whatever ends a message clears all
 * that was made of its key; the text is the host's.
 *
 * The tag is compared as one vector, all of it. On whether it matches there is a branch: that is the answer.
 */
import { beginKeystream, crypt } from "./chacha20";
import {
  ACCUMULATOR, ACCUMULATOR_BYTES, KEYSTREAM, KEYSTREAM_BYTES, ONE_TIME_KEY, ONE_TIME_KEY_BYTES, STATE, STATE_BYTES,
} from "./chacha20-poly1305-memory";
import { clear } from "./memory";
import { absorb, beginTag, endTag } from "./poly1305";
import { equal } from "./vectors";

export { crypt } from "./chacha20";
export * from "./chacha20-poly1305-memory";
export { clear, GUARD_LENGTH, GUARD_VALUE, staticEnd } from "./memory";
export { absorb, beginTag, endTag } from "./poly1305";

const TAG_BYTES: usize = 16;

/** Encrypts the `length` bytes at `from` in place and writes the tag behind them. Clears the additional data. */
export function seal(from: usize, length: usize, aad: usize, aadLength: usize): void {
  begin();
  authenticate(aad, aadLength);
  crypt(from, length);
  authenticate(from, length);
  tagInto(<f64>aadLength, <f64>length, from + length);
  clear(aad, aadLength);
  forget();
}

/**
 * Decrypts the `length` bytes at `from`, behind which is their tag, in place if that matches. Clears the additional
 * data and the tag.
 */
export function open(from: usize, length: usize, aad: usize, aadLength: usize): bool {
  const tag = from + length;
  const theirs = v128.load(tag);
  begin();
  authenticate(aad, aadLength);
  authenticate(from, length);
  tagInto(<f64>aadLength, <f64>length, tag);
  const genuine = equal(v128.load(tag), theirs);
  if (genuine) crypt(from, length);
  clear(tag, TAG_BYTES);
  clear(aad, aadLength);
  forget();
  return genuine;
}

/** Begins a message with the key and the nonce in STATE. */
export function begin(): void {
  beginKeystream();
  beginTag();
}

/**
 * Takes the `length` bytes at `from` into the tag: additional data or ciphertext, in parts of a multiple of 16 up to
 * the last, which is filled up with zeros.
 */
export function authenticate(from: usize, length: usize): void {
  v128.store(from + length, i64x2.splat(0));
  absorb(from, length);
}

/** Writes the tag to `to`. The lengths of all the additional data and text, in bytes, are its last block. */
export function tagInto(aadLength: f64, length: f64, to: usize): void {
  store<u64>(to, <u64>aadLength);
  store<u64>(to, <u64>length, 8);
  absorb(to, TAG_BYTES);
  endTag(to);
}

/** Whether the tags at `a` and `b` are the same. */
export function matches(a: usize, b: usize): bool {
  return equal(v128.load(a), v128.load(b));
}

/** Clears all that was made of a key. */
export function forget(): void {
  clear(STATE, STATE_BYTES);
  clear(KEYSTREAM, KEYSTREAM_BYTES);
  clear(ACCUMULATOR, ACCUMULATOR_BYTES);
  clear(ONE_TIME_KEY, ONE_TIME_KEY_BYTES);
}
