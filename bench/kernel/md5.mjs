/** MD5 of many short messages from columns, and of one message. */
import { createHash, hash } from "node:crypto";
import { createMD5 } from "hash-wasm";
import jsMd5 from "js-md5";
import { md5Into, md5Rows } from "specwire/kernel";
import { INPUTS, refuse } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { badMessages, messagesOf, digestsCell, withWords } from "./digests.mjs";

const ROWS = 4800;
const SUFFIX_BYTES = 16;
const DIGEST_BYTES = 16;
const MESSAGE_BYTES = 22;

const random = makeRandom();

export async function md5Cells() {
  const hashWasm = await createMD5();
  const digests = {
    node: (message) =>
      hash === undefined ? createHash("md5").update(message).digest() : hash("md5", message, "buffer"),
    "js-md5": (message) => jsMd5.array(message),
    "hash-wasm": (message) => hashWasm.init().update(message).digest("binary"),
  };
  return [rowsCell(digests), messageCell("MD5, 64 B", 64, digests), messageCell("MD5, 64 KB", 65_536, digests)];
}

function rowsCell(digests) {
  const inputs = Array.from({ length: INPUTS }, () => ({
    prefix: random.below(25),
    bytes: Int8Array.from({ length: ROWS }, () => random.below(10) - 2),
    words: Uint32Array.from({ length: ROWS }, () => random.below(2 ** 32)),
    suffix: random.bytes(SUFFIX_BYTES),
  }));
  const [columns] = inputs;
  return {
    ...digestsCell,
    name: "MD5, 4,800 x 22 B from columns",
    items: ROWS,
    inputs,
    bad: {
      "a word too few": { ...columns, words: columns.words.subarray(1) },
      "a suffix of 15 bytes": { ...columns, suffix: columns.suffix.subarray(1) },
      "prefix 256": { ...columns, prefix: 256 },
    },
    rooms: [0, ROWS * DIGEST_BYTES - 1],
    candidates: [
      { ...writer("md5Rows", ROWS * DIGEST_BYTES, (input, out) => md5Rows(input, out), inputs), ours: true },
      ...Object.entries(digests).map(([name, digestOf]) =>
        writer(name, ROWS * DIGEST_BYTES, (input, out) => rowsOneByOne(input, out, digestOf), inputs),
      ),
    ],
  };
}

function rowsOneByOne({ prefix, bytes, words, suffix }, out, digestOf) {
  if (bytes.length !== words.length) refuse("as many words as bytes");
  if (suffix.length !== SUFFIX_BYTES) refuse("a suffix of 16 bytes");
  if (prefix < 0 || prefix > 255) refuse("a prefix of one byte");
  if (out.length < words.length * DIGEST_BYTES) refuse("room for the digests");
  const message = new Uint8Array(MESSAGE_BYTES);
  const view = new DataView(message.buffer);
  message[0] = prefix;
  message.set(suffix, MESSAGE_BYTES - SUFFIX_BYTES);
  for (let i = 0; i < words.length; i++) {
    view.setInt8(1, bytes[i]);
    view.setUint32(2, words[i]);
    out.set(digestOf(message), i * DIGEST_BYTES);
  }
}

function messageCell(name, length, digests) {
  const inputs = messagesOf(random, length);
  return {
    ...digestsCell,
    name,
    inputs,
    bad: badMessages,
    rooms: [0, DIGEST_BYTES - 1],
    candidates: [
      { ...writer("md5Into", DIGEST_BYTES, (input, out) => md5Into(input, out), inputs), ours: true },
      ...Object.entries(digests).map(([rival, digestOf]) =>
        writer(rival, DIGEST_BYTES, (input, out) => digestOne(input, out, digestOf), inputs),
      ),
    ],
  };
}

function digestOne(message, out, digestOf) {
  if (!(message instanceof Uint8Array)) refuse("a Uint8Array");
  out.set(digestOf(message));
}

/** A candidate that writes every result to the same bytes. */
function writer(name, room, write, inputs) {
  const bytes = new Uint8Array(room);
  const result = withWords(bytes);
  const once = (input) => {
    write(input, bytes);
    return result;
  };
  return {
    name,
    once,
    run: (i) => once(inputs[i]),
    onceInto: (input, space) => write(input, new Uint8Array(space)),
  };
}
