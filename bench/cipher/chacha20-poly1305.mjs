/** ChaCha20-Poly1305 with a key that is held, without additional data: ours by the engine that its size chooses. */
import { createCipheriv, createDecipheriv, createSecretKey } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ChaCha20Poly1305Key } from "specwire/kernel";
import { badMessages, messagesOf, ofBytes } from "../kernel/digests.mjs";
import { makeRandom } from "../lib/random.mjs";
import { asChacha20Poly1305 } from "../rivals/optional.mjs";

const NAME = "chacha20-poly1305";
const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };

const random = makeRandom();
const bytes = random.bytes(32);
const nonce = random.bytes(12);
const key = new ChaCha20Poly1305Key(bytes);
const keyObject = createSecretKey(bytes);

const SEAL = {
  ours: (text) => key.seal(nonce, text),
  "node, KeyObject": (text) => {
    const cipher = createCipheriv(NAME, keyObject, nonce, OPTIONS);
    return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  },
  noble: (text) => chacha20poly1305(bytes, nonce).encrypt(text),
};

const OPEN = {
  ours: (sealed) => key.open(nonce, sealed),
  "node, KeyObject": (sealed) => {
    const decipher = createDecipheriv(NAME, keyObject, nonce, OPTIONS);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const text = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
    decipher.final();
    return text;
  },
  noble: (sealed) => chacha20poly1305(bytes, nonce).decrypt(sealed),
};

if (asChacha20Poly1305 !== undefined) {
  const { ChaCha20Poly1305, newInstance } = asChacha20Poly1305;
  const rival = new ChaCha20Poly1305(newInstance());
  SEAL["as-chacha20poly1305"] = (text) => rival.seal(bytes, nonce, text);
  OPEN["as-chacha20poly1305"] = (sealed) => rival.open(bytes, nonce, sealed);
}

export function chacha20Poly1305Cells() {
  return [
    ["20 B", 20],
    ["76 B", 76],
    ["256 B", 256],
    ["1,400 B", 1400],
    ["64 KB", 65_536],
  ].flatMap(([size, length]) => {
    const texts = messagesOf(random, length);
    return [
      cellOf(`ChaCha20-Poly1305 seal, ${size}`, SEAL, texts),
      cellOf(
        `ChaCha20-Poly1305 open, ${size}`,
        OPEN,
        texts.map((text) => key.seal(nonce, text)),
      ),
    ];
  });
}

function cellOf(name, calls, inputs) {
  return {
    name,
    // No call can be dropped, and all candidates work on whole texts: reading all of them would be much of the time.
    consume: (text) => text[0] ^ text[text.length - 1],
    plain: (text) => Buffer.from(text).toString("hex"),
    inputs,
    bad: badMessages,
    candidates: Object.entries(calls).map(([candidate, call]) => {
      const isOurs = candidate === "ours";
      const once = isOurs ? call : ofBytes(call);
      return { name: isOurs ? "ChaCha20Poly1305Key" : candidate, ours: isOurs, run: (i) => call(inputs[i]), once };
    }),
  };
}
