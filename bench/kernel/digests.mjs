/** What the cells of hashes share: candidates that return a digest, and candidates that write digests. */
import { INPUTS, refuse } from "../lib/cell.mjs";

/** Messages that begin one byte after the other in the same bytes, as many as a cell has inputs. */
export function messagesOf(random, length) {
  const bytes = random.bytes(length + INPUTS);
  return Array.from({ length: INPUTS }, (_, i) => bytes.subarray(i, i + length));
}

export const badMessages = { "an array": [1, 2, 3], "a number": 7, nothing: undefined };

/** A candidate that returns a digest of its own each time. */
export function digester(name, digestOf, inputs) {
  return { name, run: (i) => digestOf(inputs[i]), once: digestOf };
}

/** Of a rival that takes anything. */
export function ofBytes(digestOf) {
  return (message) => {
    if (!(message instanceof Uint8Array)) refuse("a Uint8Array");
    return digestOf(message);
  };
}

/** How a cell of digests reads and compares them. */
export const ofDigests = {
  consume: (digest) => {
    let sum = 0;
    for (let i = 0; i < digest.length; i++) sum ^= digest[i];
    return sum;
  },
  plain: (digest) => Buffer.from(digest).toString("hex"),
};

/** Likewise where many lie side by side, held as words as well, whose number is a multiple of four. */
export const ofManyDigests = {
  /** Four sums at a time: one would wait for itself. */
  consume: ({ words }) => {
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < words.length; i += 4) {
      a ^= words[i];
      b ^= words[i + 1];
      c ^= words[i + 2];
      d ^= words[i + 3];
    }
    return a ^ b ^ c ^ d;
  },
  plain: ({ bytes }) => Buffer.from(bytes).toString("hex"),
};

export function withWords(bytes) {
  return { bytes, words: new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4) };
}
