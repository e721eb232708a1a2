/** HMAC-SHA256 with a key for many messages: ours keeps the states after the padded key, node:crypto a KeyObject. */
import { createHmac, createSecretKey } from "node:crypto";
import { hmac as nobleHmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { createHMAC, createSHA256 } from "hash-wasm";
import { HmacSha256Key } from "specwire/kernel";
import { makeRandom } from "../lib/random.mjs";
import { badMessages, digestCandidate, messagesOf, bytesOnly, digestCell } from "./digests.mjs";

const random = makeRandom();

export async function hmacCells() {
  const bytes = random.bytes(32);
  const key = new HmacSha256Key(bytes);
  const keyObject = createSecretKey(bytes);
  const hashWasm = await createHMAC(createSHA256(), bytes);
  const rivals = {
    "hash-wasm": (message) => hashWasm.init().update(message).digest("binary"),
    "node, KeyObject": (message) => createHmac("sha256", keyObject).update(message).digest(),
    noble: (message) => nobleHmac(nobleSha256, bytes, message),
  };
  return [
    ["HMAC-SHA256, 32 B", 32],
    ["HMAC-SHA256, 64 B", 64],
    ["HMAC-SHA256, 1 KB", 1024],
  ].map(([name, length]) => {
    const inputs = messagesOf(random, length);
    return {
      ...digestCell,
      name,
      inputs,
      bad: badMessages,
      candidates: [
        { ...digestCandidate("HmacSha256Key", (message) => key.sign(message), inputs), ours: true },
        ...Object.entries(rivals).map(([rival, tagOf]) => digestCandidate(rival, bytesOnly(tagOf), inputs)),
      ],
    };
  });
}
