/** Hashes, ciphers, checksums and XOR distances, each computed by the engine that is fastest for its size. */
export { crc32, Crc32Arena } from "./crc32.js";
export { chunk, chunkStream, type ChunkSizes, type ChunkStream } from "./chunk/chunk.js";
export { sha256, Sha256Arena, sha256Batch, sha256Into, sha256Stream } from "./hash/sha256.js";
export { sha1, Sha1Arena, sha1Batch, sha1Into } from "./hash/sha1.js";
export { sha512, sha512Into } from "./hash/sha512.js";
export { md5, md5Batch, md5Into } from "./hash/md5.js";
export { md5Rows, type Md5Columns } from "./hash/md5-rows.js";
export type { HashStream } from "./hash/hash.js";
export type { HashArena } from "./hash/hash-arena.js";
export { hmacSha256, hmacSha256Into, HmacSha256Key } from "./hash/hmac-sha256.js";
export { hkdfSha256, HkdfSha256Key, type HkdfOptions } from "./hash/hkdf-sha256.js";
export { aesCbcEncrypt, aesCbcTryDecrypt } from "./cipher/aes-cbc.js";
export { aesCtr, aesCtrInto, AesCtrKey, type AesCtrOptions } from "./cipher/aes-ctr.js";
export { AesGcmKey, aesGcmOpen, aesGcmSeal, aesGcmTryOpen } from "./cipher/aes-gcm.js";
export {
  ChaCha20Poly1305Key,
  chacha20Poly1305Open,
  chacha20Poly1305Seal,
  chacha20Poly1305TryOpen,
} from "./cipher/chacha20-poly1305.js";
export { X25519Key } from "./curve/x25519.js";
export {
  closestIds,
  compareXorDistance,
  ID_BYTES,
  xorDistance,
  xorPrefixLength,
  xorPrefixLengths,
} from "./xor/xor-distance.js";
export { XorIndex } from "./xor/xor-index.js";
export { XorSet } from "./xor/xor-set.js";
export type { EngineName, PrimitiveName } from "./engine/crossovers.js";
export { withEngine } from "./engine/engine-choice.js";
export { kernelReport, type KernelReportRow } from "./engine/report.js";
