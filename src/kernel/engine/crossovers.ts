/** The crossovers: which engine serves which size, with the measurements behind it. */

/** An engine: a WASM module of assembly/, node:crypto and node:zlib, @noble, or TypeScript. */
export type EngineName = "wasm" | "node" | "noble" | "js";

/** The name of a primitive: an operation that several engines compute. */
export type PrimitiveName = keyof typeof CROSSOVERS;

/** A range of sizes and the engines that serve it. */
export interface Crossover {
  /** The range begins here and ends at the next crossover. */
  readonly from: number;
  /** The first of these that the machine has serves. Every machine has the last. */
  readonly prefer: readonly EngineName[];
}

/** The crossovers of a primitive. */
export interface Crossovers {
  /** The unit of a size. */
  readonly unit: "bytes" | "messages" | "ids";
  readonly steps: readonly Crossover[];
}

// A constant for each, so that a bundle has those of its primitives alone.

export const AES_CBC_STEPS = {
  unit: "bytes",
  steps: [{ from: 0, prefer: ["node", "noble"] }],
} as const satisfies Crossovers;

export const AES_CTR_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "noble"] },
    { from: 48, prefer: ["wasm", "node", "noble"] },
    { from: 1280, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const AES_CTR_ONCE_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "noble"] },
    { from: 192, prefer: ["wasm", "node", "noble"] },
    { from: 1792, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const AES_GCM_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "node", "noble"] },
    { from: 896, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const AES_GCM_ONCE_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "node", "noble"] },
    { from: 1792, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const CHACHA20_POLY1305_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "node", "noble"] },
    { from: 3584, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const CHUNK_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["js"] },
    { from: 64, prefer: ["wasm", "js"] },
  ],
} as const satisfies Crossovers;
export const CRC32_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["js"] },
    { from: 16, prefer: ["wasm", "node", "js"] },
  ],
} as const satisfies Crossovers;
export const HMAC_SHA256_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "node", "noble"] },
    { from: 960, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const MD5_STEPS = {
  unit: "bytes",
  steps: [{ from: 0, prefer: ["wasm", "node", "noble"] }],
} as const satisfies Crossovers;
export const MD5_ROWS_STEPS = {
  unit: "messages",
  steps: [{ from: 0, prefer: ["wasm", "node", "noble"] }],
} as const satisfies Crossovers;
export const POLY1305_STEPS = {
  unit: "bytes",
  steps: [{ from: 0, prefer: ["wasm", "noble"] }],
} as const satisfies Crossovers;
export const SHA1_BATCH_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "node", "noble"] },
    { from: 3072, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const SHA1_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "node", "noble"] },
    { from: 448, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const SHA256_BATCH_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "node", "noble"] },
    { from: 1152, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const SHA256_STEPS = {
  unit: "bytes",
  steps: [
    { from: 0, prefer: ["wasm", "node", "noble"] },
    { from: 320, prefer: ["node", "wasm", "noble"] },
  ],
} as const satisfies Crossovers;
export const XOR_BUCKETS_STEPS = {
  unit: "ids",
  steps: [
    { from: 0, prefer: ["js"] },
    { from: 40, prefer: ["wasm", "js"] },
  ],
} as const satisfies Crossovers;
export const XOR_DISTANCE_STEPS = {
  unit: "ids",
  steps: [
    { from: 0, prefer: ["js"] },
    { from: 8, prefer: ["wasm", "js"] },
  ],
} as const satisfies Crossovers;
export const XOR_INDEX_STEPS = {
  unit: "ids",
  steps: [{ from: 0, prefer: ["wasm", "js"] }],
} as const satisfies Crossovers;
export const XOR_SET_STEPS = {
  unit: "ids",
  steps: [{ from: 0, prefer: ["wasm", "js"] }],
} as const satisfies Crossovers;

export const SHA512_STEPS = {
  unit: "bytes",
  steps: [{ from: 0, prefer: ["node", "noble"] }],
} as const satisfies Crossovers;

export const X25519_STEPS = {
  unit: "bytes",
  steps: [{ from: 0, prefer: ["node", "noble"] }],
} as const satisfies Crossovers;

/**
 * Which engine serves which size. Measured by `node scripts/measure-kernels.mjs` on Node.js 20.20.2 and two cores of an
 * AMD EPYC (AES-NI, SHA-NI, AVX-512, VAES) with other work running; least of three runs. The key was prepared, except
 * for aes-ctr-once and aes-gcm-once, and the output was given but for the latter. Nanoseconds per call:
 *
 *                              16 B   64 B  256 B  512 B   1 KB    64 KB
 *   chunk              js       536    592   1504   1531   3461   171077
 *     (mean of 16 KB)  wasm     759    513    979    746    995    28886
 *   crc32              js        76    161    478    901   1757   108061
 *                      wasm      77     90    145    171    215     5263
 *                      node      96    197    231    302    386    12993
 *   sha256             wasm     248    372    789   1318   2409   137637
 *                      node     754    794    893   1074   1345    37024
 *                      noble   1317   2093   4175   7010  12643   712690
 *   sha256-batch       wasm      83    132    391    691   1305    77619
 *     (per message)    node     762    801    879   1031   1337    36881
 *                      noble   1397   2214   4303   7008  12569   716130
 *   sha1               wasm     233    348    672   1104   1974   111255
 *                      node     757    782    888   1009   1316    34948
 *                      noble   1223   1884   3547   5723  10246   564610
 *   sha1-batch         wasm      54    101    247    439    826    49103
 *     (per message)    node     752    768    852    999   1292    34823
 *                      noble   1284   1902   3565   5776  10221   570138
 *   md5                wasm     192    274    519    853   1521    85510
 *                      node     808    899   1199   1588   2345    86235
 *                      noble   1270   2127   4395   7287  13285   755934
 *   hmac-sha256        wasm     421    562    969   1492   2563   138522
 *                      node    1922   1959   2069   2205   2460    38339
 *                      noble   2762   3544   5647   8481  14035   710386
 *   aes-ctr            wasm     284    419    788   1388   2496   149934
 *     (AES-256)        node    2263   2377   2428   2315   2507    16775
 *                      noble   2166   3115   5712   9569  17488   966041
 *   aes-ctr-once       wasm     351      -      -   1502   2660        -
 *     (AES-256)        node    3328      -      -   3353   3500        -
 *   aes-gcm            wasm     413    638   1286   2156   4037   236381
 *     (AES-256)        node    3350   3373   3297   3853   3536    24763
 *                      noble  17498  16439  22477  30021  44353  1691586
 *   aes-gcm-once       wasm       -      -      -   6200   8500        -
 *     (AES-256)        node       -      -      -  14400  14200        -
 *   chacha20-poly1305  wasm     389    415    719   1034   1672    87215
 *                      node    3568   3515   3659   3664   3838    28029
 *                      noble   5008   5232   6926   8430  12518   480870
 *
 *   md5-rows: 1 message, wasm 0.8 µs, node 1.2 µs, noble 2.1 µs; 4,800 messages, 60 µs, 3.2 ms, 7.5 ms
 *   xor-distance, the nearest 20: of 4 ids, js 0.1 µs, wasm 0.2 µs; of 8, 0.3 and 0.3; of 1,000, 17 and 3.7
 *   xor-buckets: of 16 ids, js 0.15 µs, wasm 0.25 µs; of 64, 0.5 and 0.3; of 512, 2.9 and 0.9
 *   xor-set, xor-index, the nearest 20 of 1,000: 1.9 µs and 0.4 µs by wasm; js scans, 17 µs
 *
 * On a CPU without SHA instructions, Node.js takes three to five times as long for long messages: WASM would win at
 * larger sizes than here, and for every batch.
 *
 * On Node.js 24.21 the same engines win or tie; noble is as fast as node:crypto up to 64 bytes.
 */
export const CROSSOVERS = {
  "aes-cbc": AES_CBC_STEPS,
  "aes-ctr": AES_CTR_STEPS,
  "aes-ctr-once": AES_CTR_ONCE_STEPS,
  "aes-gcm": AES_GCM_STEPS,
  "aes-gcm-once": AES_GCM_ONCE_STEPS,
  "chacha20-poly1305": CHACHA20_POLY1305_STEPS,
  chunk: CHUNK_STEPS,
  crc32: CRC32_STEPS,
  "hmac-sha256": HMAC_SHA256_STEPS,
  md5: MD5_STEPS,
  "md5-rows": MD5_ROWS_STEPS,
  poly1305: POLY1305_STEPS,
  "sha1-batch": SHA1_BATCH_STEPS,
  sha1: SHA1_STEPS,
  "sha256-batch": SHA256_BATCH_STEPS,
  sha256: SHA256_STEPS,
  sha512: SHA512_STEPS,
  "xor-buckets": XOR_BUCKETS_STEPS,
  "xor-distance": XOR_DISTANCE_STEPS,
  "xor-index": XOR_INDEX_STEPS,
  "xor-set": XOR_SET_STEPS,
  x25519: X25519_STEPS,
} as const satisfies Record<string, Crossovers>;
