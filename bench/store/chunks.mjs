/**
 * Chunks cut by content, against a rival with the same least, mean and greatest sizes; their cuts differ, since their
 * tables do. And cut and hashed on two threads, as the store does it, against one thread and Node.
 */
import { createHash } from "node:crypto";
import { chunk, sha256, withEngine } from "specwire/kernel";
import { INPUTS, refuse } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { missing, wasmChunking } from "../rivals/optional.mjs";

const LENGTH = 4 * 1024 * 1024;
const MIN = 16 * 1024;
const AVG = 64 * 1024;
const MAX = 256 * 1024;
const SIZES = { minBytes: MIN, avgBytes: AVG, maxBytes: MAX };
/** The mean of one input's 64 chunks may be so far from what was asked for. */
const MEAN_TOLERANCE = 0.3;
const RIVAL = "wasm-chunking-fastcdc";

const bytes = makeRandom().bytes(LENGTH + INPUTS);
/** Each begins one byte after the one before. */
const inputs = Array.from({ length: INPUTS }, (_, i) => bytes.subarray(i, i + LENGTH));

export function chunkCells() {
  return [cutCell(), hashCell()];
}

function cutCell() {
  const byRival = (message) => wasmChunking.compute_chunks(requireBytes(message), MIN, AVG, MAX);
  return {
    name: "chunks of 4 MB",
    inputs,
    consume: (ends) => {
      let sum = 0;
      for (let i = 0; i < ends.length; i++) sum += ends[i];
      return sum;
    },
    plain: plainOf,
    bad: { "an array": [1, 2, 3], "a number": 7, nothing: undefined },
    absent: missing.some((name) => name.includes(RIVAL)) ? [RIVAL] : [],
    candidates: [
      { ...candidate("chunk", (message) => chunk(message, SIZES)), ours: true },
      candidate("gear by hand", (message) => cutByHand(requireBytes(message))),
      ...(wasmChunking === undefined ? [] : [candidate(RIVAL, byRival)]),
    ],
  };
}

/** What is equal for all: the end, the bounds and, about, the mean. The rival lists the first beginning as well. */
function plainOf(offsets) {
  const ends = Array.from(offsets).filter((end) => end > 0);
  const lengths = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  const mean = LENGTH / lengths.length;
  return {
    end: ends.at(-1),
    areLong: lengths.slice(0, -1).every((length) => length >= MIN),
    areShort: lengths.every((length) => length <= MAX),
    isMean: Math.abs(mean / AVG - 1) < MEAN_TOLERANCE,
  };
}

function candidate(name, once) {
  return { name, once, run: (i) => once(inputs[i]) };
}

function requireBytes(value) {
  return value instanceof Uint8Array ? value : refuse("bytes");
}

const gear = new Int32Array(makeRandom(7).bytes(1024).buffer.slice(0, 1024));

/** What one writes by the paper: one byte after the other, 32 bits, masks of the highest bits. */
function cutByHand(message) {
  const ends = [];
  for (let start = 0; start < message.length;) {
    const end = Math.min(message.length, start + MAX);
    let at = Math.min(end, start + MIN);
    let hash = 0;
    for (; at < end; at++) {
      hash = ((hash << 1) + gear[message[at]]) | 0;
      if (hash >>> (at - start < 54_000 ? 14 : 18) === 0) break;
    }
    ends.push(at);
    start = at;
  }
  return ends;
}

/** Cut, each chunk hashed, and the whole: on this thread, and on those of the pool. */
function hashCell() {
  const plain = ({ whole, parts }) => Buffer.concat([whole, ...parts]).toString("hex");
  const chunksOf = (message, ends) => ends.map((end, i) => message.subarray(ends[i - 1] ?? 0, end));
  const onTwo = async (message) => {
    const digests = chunksOf(message, chunk(message, SIZES)).map((part) => crypto.subtle.digest("SHA-256", part));
    const whole = sha256(message);
    return { whole, parts: (await Promise.all(digests)).map((digest) => new Uint8Array(digest)) };
  };
  const onOne = async (message) => {
    const parts = chunksOf(
      message,
      withEngine("js", () => chunk(message, SIZES)),
    );
    const digestOf = (part) => createHash("sha256").update(part).digest();
    return { whole: digestOf(message), parts: parts.map(digestOf) };
  };
  const session = (work) => async () => ({
    async exchange(message, done) {
      done(await work(message));
    },
    close: async () => {},
  });
  return {
    name: "chunks of 4 MB and their hashes",
    inFlight: 1,
    inputs,
    plain,
    candidates: [
      { name: "on two threads", ours: true, open: session(onTwo) },
      { name: "node", open: session(onOne) },
    ],
  };
}
