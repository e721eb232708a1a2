/** AES-GCM. */
import { gcm } from "@noble/ciphers/aes.js";
import { AesGcmKey, aesGcmOpen, aesGcmSeal } from "specwire/kernel";
import { makeRandom } from "../lib/random.mjs";
import { aeadCells, nobleCalls, nodeCalls } from "./aead.mjs";

const random = makeRandom();
const bytes = random.bytes(32);
const nonce = random.bytes(12);
const key = new AesGcmKey(bytes);
const rivals = {
  "node, KeyObject": nodeCalls("aes-256-gcm", bytes, nonce),
  noble: nobleCalls(() => gcm(bytes, nonce)),
};

/** Cells with a held key, and with a key for one message; node:crypto holds its key in both. */
export function aesGcmCells() {
  return [
    ...aeadCells({
      title: "AES-256-GCM",
      lengths: [16, 64, 256, 1024, 16_384],
      random,
      ours: { seal: (text) => key.seal(nonce, text), open: (sealed) => key.open(nonce, sealed) },
      rivals,
    }),
    ...aeadCells({
      title: "AES-256-GCM",
      each: "one message of ",
      lengths: [16, 64, 256],
      random,
      ours: { seal: (text) => aesGcmSeal(bytes, nonce, text), open: (sealed) => aesGcmOpen(bytes, nonce, sealed) },
      rivals,
    }),
  ];
}
