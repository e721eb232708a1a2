/** Hashes, ciphers, checksums and distances, each computed by whatever is fastest here for its size. */
export { crc32, Crc32Arena } from "./crc32.js";
export { sha256, Sha256Arena, sha256Batch, sha256Into, sha256Stream } from "./sha256.js";
export { sha1, Sha1Arena, sha1Batch, sha1Into } from "./sha1.js";
export { md5, md5Batch, md5Into } from "./md5.js";
export { md5Pans, type PanColumns } from "./md5-pans.js";
export type { HashStream } from "./hash.js";
export type { HashArena } from "./hash-arena.js";
export { hmacSha256, hmacSha256Into, HmacSha256Key } from "./hmac-sha256.js";
export { hkdfSha256, HkdfSha256Key, type HkdfOptions } from "./hkdf-sha256.js";
export { aesCtr, aesCtrInto, AesCtrKey, type AesCtrOptions } from "./aes-ctr.js";
export { AesGcmKey, aesGcmOpen, aesGcmSeal, aesGcmTryOpen } from "./aes-gcm.js";
export {
  ChaCha20Poly1305Key,
  chacha20Poly1305Open,
  chacha20Poly1305Seal,
  chacha20Poly1305TryOpen,
} from "./chacha20-poly1305.js";
export {
  closestIds,
  compareXorDistance,
  ID_BYTES,
  xorDistance,
  xorPrefixLength,
  xorPrefixLengths,
} from "./xor-distance.js";
export { XorIndex } from "./xor-index.js";
export { XorSet } from "./xor-set.js";
export type { EngineName, PrimitiveName } from "./crossovers.js";
export { withEngine } from "./primitive.js";
export { kernelReport, type KernelReportRow } from "./report.js";
