/** Vectors of the kernels, made by node:crypto and node:zlib. */
import { createCipheriv, createHash, createHmac, createPrivateKey, createPublicKey, hkdfSync } from "node:crypto";
import { crc32 } from "node:zlib";

/** Around the blocks of hashes and ciphers, and long enough for every engine. */
const LENGTHS = [0, 1, 15, 16, 17, 55, 56, 63, 64, 65, 119, 128, 300, 1400, 5000, 70_000];
const PKCS8 = "302e020100300506032b656e04220420";

/** Bytes that are equal in every run. */
const bytesOf = (length, salt) => Buffer.from({ length }).map((_, i) => (i * 167 + (i >> 8) * 13 + salt * 31) & 255);

const sealed = (cipher, key, nonce, aad, text) => {
  const one = createCipheriv(cipher, key, nonce, { authTagLength: 16 });
  one.setAAD(aad, { plaintextLength: text.length });
  return Buffer.concat([one.update(text), one.final(), one.getAuthTag()]);
};

/** A list of `{ name, inputs, expected }`, bytes as hex. */
export function kernelVectors() {
  const [key, nonce, counter, aad] = [bytesOf(32, 1), bytesOf(12, 2), bytesOf(16, 3), bytesOf(20, 4)];
  const shared = { key, nonce, counter, aad };
  const of = (name, expected, inputs = {}) => ({
    name,
    inputs: Object.fromEntries(
      Object.entries({ ...shared, ...inputs }).map(([id, bytes]) => [id, bytes.toString("hex")]),
    ),
    expected: expected.toString("hex"),
  });
  const pkcs8 = Buffer.concat([Buffer.from(PKCS8, "hex"), key]);
  const pair = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return [
    ...LENGTHS.flatMap((length) => {
      const message = bytesOf(length, 5);
      const ctr = createCipheriv("aes-256-ctr", key, counter);
      const cbc = createCipheriv("aes-256-cbc", key, counter);
      const crc = Buffer.alloc(4);
      crc.writeUInt32BE(crc32(message));
      return [
        of("crc32", crc, { message }),
        ...["sha256", "sha1", "md5"].map((hash) => of(hash, createHash(hash).update(message).digest(), { message })),
        of("hmacSha256", createHmac("sha256", key).update(message).digest(), { message }),
        of("aesCtr", Buffer.concat([ctr.update(message), ctr.final()]), { message }),
        of("aesCbc", Buffer.concat([cbc.update(message), cbc.final()]), { message }),
        of("aesGcm", sealed("aes-256-gcm", key, nonce, aad, message), { message }),
        of("chacha20Poly1305", sealed("chacha20-poly1305", key, nonce, aad, message), { message }),
      ];
    }),
    of("hkdfSha256", Buffer.from(hkdfSync("sha256", key, counter, aad, 80))),
    of("x25519", createPublicKey(pair).export({ format: "der", type: "spki" }).subarray(12)),
  ];
}
