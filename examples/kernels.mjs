/** Hashes, checksums and ciphers by example: the engine follows from the size, the bytes are those of every engine. */
import { fromHex, toHex } from "specwire/bytes";
import {
  AesCtrKey,
  AesGcmKey,
  crc32,
  hkdfSha256,
  HmacSha256Key,
  hmacSha256,
  sha256,
  sha256Batch,
  sha256Stream,
} from "specwire/kernel";

const text = (string) => new TextEncoder().encode(string);
const shown = (bytes) => `${toHex(bytes).slice(0, 16)}…`;

console.log("SHA-256    ", shown(sha256(text("abc"))));
const stream = sha256Stream();
for (const part of ["a", "b", "c"]) stream.update(text(part));
console.log("in parts   ", shown(stream.digest()));
console.log("4 at a time", sha256Batch(text("abcabcabcabc"), 3).length / 32, "digests");
console.log("HMAC       ", shown(hmacSha256(text("key"), text("message"))));
console.log(
  "HKDF       ",
  shown(hkdfSha256(text("secret"), { salt: text("salt"), info: text("session"), lengthBytes: 32 })),
);
console.log("CRC-32     ", crc32(text("123456789")).toString(16));

// A key that is held is prepared once and prints redacted. From Node.js 24 on: `using key = …`, which wipes it.
const key = new AesCtrKey(fromHex("2b7e151628aed2a6abf7158809cf4f3c"));
const counter = fromHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
const sealed = key.crypt(counter, text("sixteen bytes ok"));
console.log("AES-CTR    ", shown(sealed), new TextDecoder().decode(key.crypt(counter, sealed)));
console.log("the key    ", String(key));
key.wipe();

const gcm = new AesGcmKey(crypto.getRandomValues(new Uint8Array(32)));
const nonce = crypto.getRandomValues(new Uint8Array(12));
const box = gcm.seal(nonce, text("for Bob"), text("a header in clear"));
box[0] ^= 1;
const opened = gcm.tryOpen(nonce, box, text("a header in clear"));
console.log("AES-GCM    ", opened.ok ? "opened" : opened.error.code);
gcm.wipe();

const hmac = new HmacSha256Key(text("key"));
console.log("a held key ", shown(hmac.sign(text("message"))));
hmac.wipe();
