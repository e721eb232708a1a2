/** AES-CTR with a held key and a given output, and with a key for one message; node:crypto holds its key in both. */
import { createCipheriv, createSecretKey } from "node:crypto";
import { ctr } from "@noble/ciphers/aes.js";
import { aesCtr, AesCtrKey, withEngine } from "specwire/kernel";
import { messagesOf } from "../kernel/digests.mjs";
import { makeRandom } from "../lib/random.mjs";
import { cipherCell } from "./cell.mjs";

const random = makeRandom();
const counter = random.bytes(16);

export function aesCtrCells() {
  return [16, 32].flatMap(cellsOf);
}

/** @param {number} keyBytes 16 or 32 */
function cellsOf(keyBytes) {
  const bytes = random.bytes(keyBytes);
  const key = new AesCtrKey(bytes);
  const name = `AES-${8 * keyBytes}-CTR`;
  const held = (length) => {
    const out = new Uint8Array(length);
    return (text) => {
      key.cryptInto(counter, text, out);
      return out;
    };
  };
  const byWasm = (call) => (text) => withEngine("wasm", () => call(text));
  const once = (text) => aesCtr(bytes, counter, text);
  const rivals = rivalsOf(bytes);
  const cell = (title, length, ours) => cipherCell(title, messagesOf(random, length), ours, rivals);
  return [
    cell(`${name}, 16 B`, 16, held(16)),
    cell(`${name}, 64 B`, 64, held(64)),
    cell(`${name}, 256 B`, 256, held(256)),
    cell(`${name}, 1 KB`, 1024, held(1024)),
    cell(`${name}, 16 KB`, 16_384, held(16_384)),
    cell(`${name}, 16 KB, WASM engine`, 16_384, byWasm(held(16_384))),
    cell(`${name}, one message of 16 B`, 16, once),
    cell(`${name}, one message of 64 B`, 64, once),
    cell(`${name}, one message of 256 B`, 256, once),
  ];
}

function rivalsOf(bytes) {
  const name = `aes-${8 * bytes.length}-ctr`;
  const keyObject = createSecretKey(bytes);
  return {
    "node, KeyObject": (text) => createCipheriv(name, keyObject, counter).update(text),
    noble: (text) => ctr(bytes, counter).encrypt(text),
  };
}
