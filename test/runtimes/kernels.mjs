/** Checks the kernels of a runtime against vectors, by every engine that the runtime has. */

const CALLS = {
  crc32: (k, { message }) => Uint8Array.of(...[24, 16, 8, 0].map((shift) => k.crc32(message) >>> shift)),
  sha256: (k, { message }) => k.sha256(message),
  sha1: (k, { message }) => k.sha1(message),
  md5: (k, { message }) => k.md5(message),
  hmacSha256: (k, { key, message }) => k.hmacSha256(key, message),
  hkdfSha256: (k, { key, counter, aad }) => k.hkdfSha256(key, { salt: counter, info: aad, lengthBytes: 80 }),
  x25519: (k, { key }) => new k.X25519Key(key).publicKey,
  aesCtr: (k, { key, counter, message }) => k.aesCtr(key, counter, message),
  aesCbc: bothWays(
    (k, { key, counter, message }) => k.aesCbcEncrypt(key, counter, message),
    (k, { key, counter }, sealed) => k.aesCbcTryDecrypt(key, counter, sealed),
  ),
  aesGcm: bothWays(
    (k, { key, nonce, message, aad }) => k.aesGcmSeal(key, nonce, message, aad),
    (k, { key, nonce, aad }, sealed) => k.aesGcmOpen(key, nonce, sealed, aad),
  ),
  chacha20Poly1305: bothWays(
    (k, { key, nonce, message, aad }) => k.chacha20Poly1305Seal(key, nonce, message, aad),
    (k, { key, nonce, aad }, sealed) => k.chacha20Poly1305Open(key, nonce, sealed, aad),
  ),
};

/** Opens again what was sealed. */
function bothWays(seal, open) {
  return (kernels, inputs) => {
    const sealed = seal(kernels, inputs);
    if (toHex(open(kernels, inputs, sealed)) !== toHex(inputs.message)) throw new Error("opens to another text");
    return sealed;
  };
}

/**
 * Runs the vectors as the kernels choose their engines, and by each engine. Returns the engines, the number of checks
 * and a line for each failure.
 */
export function checkKernels(kernels, vectors) {
  const engines = [...new Set(kernels.kernelReport().flatMap((row) => row.engines))];
  const failures = [];
  for (const { name, inputs, expected } of vectors) {
    const bytes = Object.fromEntries(Object.entries(inputs).map(([id, hex]) => [id, fromHex(hex)]));
    const run = () => toHex(CALLS[name](kernels, bytes));
    for (const engine of [undefined, ...engines]) {
      const found = attempt(() => (engine === undefined ? run() : kernels.withEngine(engine, run)));
      if (found === expected) continue;
      const size = bytes.message?.length ?? 0;
      failures.push(`${name} of ${size} bytes by ${engine ?? "choice"}: ${found.slice(0, 80)}`);
    }
  }
  return { engines, count: vectors.length * (engines.length + 1), failures };
}

function attempt(action) {
  try {
    return action();
  } catch (error) {
    return String(error);
  }
}

const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
