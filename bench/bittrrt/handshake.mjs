/** The computation of a server for a new client: a key pair, X25519 and HKDF-SHA256. */
import { createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from "node:crypto";
import { x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { KeyPair } from "specwire/bittrrt";
import { INPUTS } from "../lib/cell.mjs";
import { makeRandom } from "../lib/random.mjs";
import { noble } from "./rivals.mjs";

const INFO = new TextEncoder().encode("bittrrt-chacha20poly1305");
/** Prefixes of a raw key in the containers that node:crypto requires (RFC 8410 §7). */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");
const SPKI = Buffer.from("302a300506032b656e032100", "hex");

const random = makeRandom();
/** An empty frame: its sealed bytes prove that the candidates derive the same key. */
const EMPTY = {
  nonce: random.bytes(12),
  flags: 0,
  channel: 0,
  sequence: 0n,
  offset: 0n,
  plaintext: new Uint8Array(0),
};

function ours({ privateKey, peer }) {
  const pair = new KeyPair(privateKey);
  const key = pair.agree(peer, { random: () => EMPTY.nonce });
  return { publicKey: pair.publicKey, proof: () => key.seal(EMPTY.plaintext, EMPTY) };
}

function node({ privateKey, peer }) {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, privateKey]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(SPKI.length);
  const theirs = createPublicKey({ key: Buffer.concat([SPKI, peer]), format: "der", type: "spki" });
  const shared = diffieHellman({ privateKey: secret, publicKey: theirs });
  const key = new Uint8Array(hkdfSync("sha256", shared, new Uint8Array(0), INFO, 32));
  return { publicKey, proof: () => noble(key).seal(EMPTY) };
}

function nobleAlone({ privateKey, peer }) {
  const publicKey = x25519.getPublicKey(privateKey);
  const key = hkdf(sha256, x25519.getSharedSecret(privateKey, peer), undefined, INFO, 32);
  return { publicKey, proof: () => noble(key).seal(EMPTY) };
}

export function handshakeCell() {
  const inputs = Array.from({ length: INPUTS }, () => {
    return { privateKey: random.bytes(32), peer: x25519.getPublicKey(random.bytes(32)) };
  });
  const [{ privateKey }] = inputs;
  const candidates = { KeyPair: ours, "node:crypto": node, noble: nobleAlone };
  return {
    name: "handshake, X25519 and HKDF",
    consume: ({ publicKey }) => publicKey[0] ^ publicKey[31],
    plain: ({ publicKey, proof }) => [publicKey, proof()].map((bytes) => Buffer.from(bytes).toString("hex")),
    inputs,
    bad: {
      "a key of low order": { privateKey, peer: new Uint8Array(32) },
      "a key that is too short": { privateKey, peer: new Uint8Array(31).fill(9) },
    },
    candidates: Object.entries(candidates).map(([name, once]) => {
      return { name, ours: name === "KeyPair", run: (i) => once(inputs[i]), once };
    }),
  };
}
