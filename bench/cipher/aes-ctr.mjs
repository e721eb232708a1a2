/** AES-CTR with a key that is held and an output that is given, and with a key for one message; Node's key is held. */
import { createCipheriv, createSecretKey } from "node:crypto";
import { ctr } from "@noble/ciphers/aes.js";
import { aesCtr, AesCtrKey, withEngine } from "specwire/kernel";
import { badMessages, messagesOf, ofBytes } from "../kernel/digests.mjs";
import { makeRandom } from "../lib/random.mjs";

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
  return [
    cellOf(`${name}, 16 B`, 16, held(16), rivals),
    cellOf(`${name}, 64 B`, 64, held(64), rivals),
    cellOf(`${name}, 256 B`, 256, held(256), rivals),
    cellOf(`${name}, 1 KB`, 1024, held(1024), rivals),
    cellOf(`${name}, 16 KB`, 16_384, held(16_384), rivals),
    cellOf(`${name}, 16 KB, WASM engine`, 16_384, byWasm(held(16_384)), rivals),
    cellOf(`${name}, one message of 16 B`, 16, once, rivals),
    cellOf(`${name}, one message of 64 B`, 64, once, rivals),
    cellOf(`${name}, one message of 256 B`, 256, once, rivals),
  ];
}

function rivalsOf(bytes) {
  const name = `aes-${8 * bytes.length}-ctr`;
  const keyObject = createSecretKey(bytes);
  return {
    "node, KeyObject": ofBytes((text) => createCipheriv(name, keyObject, counter).update(text)),
    noble: ofBytes((text) => ctr(bytes, counter).encrypt(text)),
  };
}

function cellOf(name, length, ours, rivals) {
  const inputs = messagesOf(random, length);
  const candidate = (of, call) => ({ name: of, run: (i) => call(inputs[i]), once: call });
  return {
    name,
    // No call can be dropped, and all candidates work on whole texts: reading all of them would be much of the time.
    consume: (text) => text[0] ^ text[text.length - 1],
    plain: (text) => Buffer.from(text).toString("hex"),
    inputs,
    bad: badMessages,
    candidates: [
      { ...candidate("specwire", ours), ours: true },
      ...Object.entries(rivals).map(([rival, call]) => candidate(rival, call)),
    ],
  };
}
