/** ChaCha20-Poly1305. */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { ChaCha20Poly1305Key } from "specwire/kernel";
import { makeRandom } from "../lib/random.mjs";
import { asChacha20Poly1305 } from "../rivals/optional.mjs";
import { aeadCells, nobleCalls, nodeCalls } from "./aead.mjs";

const random = makeRandom();
const bytes = random.bytes(32);
const nonce = random.bytes(12);
const key = new ChaCha20Poly1305Key(bytes);

export function chacha20Poly1305Cells() {
  return aeadCells({
    title: "ChaCha20-Poly1305",
    lengths: [20, 76, 256, 1400, 65_536],
    random,
    ours: { seal: (text) => key.seal(nonce, text), open: (sealed) => key.open(nonce, sealed) },
    rivals: {
      "node, KeyObject": nodeCalls("chacha20-poly1305", bytes, nonce),
      noble: nobleCalls(() => chacha20poly1305(bytes, nonce)),
      ...assemblyScriptRival(),
    },
  });
}

/** The rival in AssemblyScript, if it is installed. */
function assemblyScriptRival() {
  if (asChacha20Poly1305 === undefined) return {};
  const { ChaCha20Poly1305, newInstance } = asChacha20Poly1305;
  const rival = new ChaCha20Poly1305(newInstance());
  return {
    "as-chacha20poly1305": {
      seal: (text) => rival.seal(bytes, nonce, text),
      open: (sealed) => rival.open(bytes, nonce, sealed),
    },
  };
}
