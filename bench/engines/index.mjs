/**
 * What the choice of an engine by size costs: the chosen one against the other that could have been, WASM or Node, at
 * each size of a grid. A ratio of 0.8 is a regret of 1.25.
 */
import {
  aesCtr,
  AesCtrKey,
  aesGcmSeal,
  AesGcmKey,
  ChaCha20Poly1305Key,
  crc32,
  HmacSha256Key,
  kernelReport,
  md5Into,
  sha1Batch,
  sha1Into,
  sha256Batch,
  sha256Into,
  withEngine,
} from "specwire/kernel";
import { badMessages, messagesOf } from "../kernel/digests.mjs";
import { makeRandom } from "../lib/random.mjs";

const SIZES = [16, 64, 256, 1024, 4096, 65_536];
const IN_A_BATCH = 16;

const random = makeRandom();
const out = new Uint8Array(32 * IN_A_BATCH);
const key = new HmacSha256Key(random.bytes(32));
const key32 = random.bytes(32);
const ctr = new AesCtrKey(key32);
const gcm = new AesGcmKey(random.bytes(32));
const counter = random.bytes(16);
const cipher = new ChaCha20Poly1305Key(random.bytes(32));
const nonce = random.bytes(12);

const into = (write) => (message) => {
  write(message, out);
  return out;
};

const CALLS = {
  crc32: (message) => crc32(message),
  sha256: into(sha256Into),
  sha1: into(sha1Into),
  md5: into(md5Into),
  "hmac-sha256": into((message, to) => key.signInto(message, to)),
  "aes-ctr": (message) => ctr.crypt(counter, message),
  "aes-ctr-once": (message) => aesCtr(key32, counter, message),
  "aes-gcm": (message) => gcm.seal(nonce, message),
  "aes-gcm-once": (message) => aesGcmSeal(key32, nonce, message),
  "chacha20-poly1305": (message) => cipher.seal(nonce, message),
};

const BATCHES = { "sha256-batch": sha256Batch, "sha1-batch": sha1Batch };

export const cells = choiceCells();

/** Where there is but one engine there is nothing to choose. */
function choiceCells() {
  const engines = new Map(kernelReport().map((row) => [row.primitive, row]));
  const chosen = [];
  for (const size of SIZES) {
    for (const [primitive, call] of Object.entries(CALLS)) {
      chosen.push(choiceCell(engines.get(primitive), size, messagesOf(random, size), call));
    }
    for (const [primitive, batch] of Object.entries(BATCHES)) {
      const call = (messages) => batch(messages, size, out);
      chosen.push(choiceCell(engines.get(primitive), size, messagesOf(random, IN_A_BATCH * size), call));
    }
  }
  return chosen.filter((cell) => cell.candidates.length > 1);
}

function choiceCell({ primitive, engines, serves }, size, inputs, call) {
  const chosen = serves.findLast(({ from }) => from <= size).engine;
  const others = engines.filter((engine) => engine !== chosen && ["wasm", "node"].includes(engine));
  const by = (engine) => (message) => withEngine(engine, () => call(message));
  return {
    name: `${primitive}, ${size} B`,
    consume: (result) => (typeof result === "number" ? result : result[0]),
    plain: (result) => (typeof result === "number" ? result : Buffer.from(result).toString("hex")),
    inputs,
    bad: badMessages,
    candidates: [
      { name: "chosen", ours: true, run: (i) => by(chosen)(inputs[i]), once: call },
      ...others.map((engine) => ({ name: "other engine", run: (i) => by(engine)(inputs[i]), once: by(engine) })),
    ],
  };
}
