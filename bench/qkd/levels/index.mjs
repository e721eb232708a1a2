/** The group `qkd/levels`: sealing and opening a message at each level, against the same by hand. */
import { createHash } from "node:crypto";
import { makeRandom } from "../../lib/random.mjs";
import { byHand } from "./by-hand.mjs";
import { ours } from "./ours.mjs";

const SIZES = { "1 KB": 1024, "10 KB": 10_240, "1 MB": 1_048_576 };
const LEVELS = { 1: "one-time pad", 2: "AES-256-GCM", 3: "ML-KEM-1024 and ML-DSA-87", 4: "RSA-4096" };
/** Effort of cells whose exchange takes milliseconds: 30 single ones of each candidate in a process. */
const SLOW = { warmMs: 200, batchMs: 1, rounds: 10, batches: 3 };
const random = makeRandom();

export const cells = Object.entries(LEVELS).flatMap(([level, name]) =>
  Object.entries(SIZES).map(([size, bytes]) => cellOf(Number(level), `level ${level}, ${name}, ${size}`, bytes)),
);

function cellOf(level, name, bytes) {
  return {
    name: `seal and open, ${name}`,
    inFlight: 1,
    ...(bytes >= 2 ** 20 || level > 2 ? { effort: SLOW } : {}),
    // Few contents, so that all of them fit in memory.
    inputs: Array.from({ length: 4 }, () => random.bytes(bytes)),
    plain: (content) => createHash("sha256").update(content).digest("hex"),
    candidates: [
      { name: "specwire", ours: true, open: () => session(ours(level)) },
      {
        name: level === 1 || level === 3 ? "by hand, noble" : "by hand, node:crypto",
        open: () => session(byHand[level]()),
      },
    ],
  };
}

/** A session of a function from a content to the content that was sealed and opened. */
async function session(making) {
  const sealAndOpen = await making;
  const exchange = async (content, done) => done(await sealAndOpen(content));
  return { exchange: (content, done) => void exchange(content, done), close: async () => {} };
}
