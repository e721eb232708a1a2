/** The shared parts of cells of hashes: inputs, candidates and how digests are compared. */
import { INPUTS, refuse } from "../lib/cell.mjs";

/** The inputs of a cell: messages that are slices of the same bytes, each beginning one byte after the one before. */
export function messagesOf(random, length) {
  const bytes = random.bytes(length + INPUTS);
  return Array.from({ length: INPUTS }, (_, i) => bytes.subarray(i, i + length));
}

export const badMessages = { "an array": [1, 2, 3], "a number": 7, nothing: undefined };

/** A candidate that returns a new digest for each input. */
export function digestCandidate(name, digestOf, inputs) {
  return { name, run: (i) => digestOf(inputs[i]), once: digestOf };
}

/** A rival that takes any value, with a check of its argument. */
export function bytesOnly(digestOf) {
  return (message) => {
    if (!(message instanceof Uint8Array)) refuse("a Uint8Array");
    return digestOf(message);
  };
}

/** How a cell of single digests reads and compares them. */
export const digestCell = {
  consume: (digest) => {
    let sum = 0;
    for (let i = 0; i < digest.length; i++) sum ^= digest[i];
    return sum;
  },
  plain: (digest) => Buffer.from(digest).toString("hex"),
};

/** How a cell of many concatenated digests reads them, as words in multiples of four, and compares them. */
export const digestsCell = {
  /** Four independent sums: a single one would wait for its own result at each step. */
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
