/** Who computes: a module of assembly/, node:crypto and node:zlib, @noble, or TypeScript of our own. */
export type EngineName = "wasm" | "node" | "noble" | "js";

export type PrimitiveName = keyof typeof CROSSOVERS;

export interface Crossover {
  /** Serves sizes from here up to the next crossover. */
  readonly from: number;
  /** The first of these that this machine has. The last one is there everywhere. */
  readonly prefer: readonly EngineName[];
}

export interface Crossovers {
  /** What a size counts. */
  readonly unit: "bytes" | "messages" | "ids";
  readonly steps: readonly Crossover[];
}

/**
 * Which engine serves which size, from `node scripts/measure-kernels.mjs` on Node 20.20.2 and an AMD EPYC with
 * AES-NI, SHA-NI, AVX-512 and VAES, two cores, other work running: medians of 15 interleaved slices, three runs.
 * The key was prepared and the output given; a lone AES-CTR call with a raw key pays 3 µs more in Node, which
 * moves that border to 200 bytes. Nanoseconds per call:
 *
 *                        16 B   64 B  256 B  512 B   1 KB   64 KB
 *   crc32        js        75    136    379    717   1404   85137
 *                wasm      83     98    169    268    486   25376
 *                node     107    197    217    305    392   13044
 *   sha256       node     765    822    970   1106   1536   37278
 *                noble   1251   2182   3927   6568  11505  638559
 *   hmac-sha256  node    1974   2013   2165   2222   2581   38559
 *                noble   3280   3486   5429   7998  13402  638710
 *   aes-ctr      node    2342   2206   2261   2258   2502   16172
 *                noble   1946   3132   4834   8610  13946  819839
 *   aes-gcm      node    3389   3453   3673   3592   3725   24075
 *                noble  15694  14861  23228  31003  42005 1483816
 *   chacha20-…   node    3579   3740   3810   3963   4027   27492
 *                noble   5866   5110   7029   8403  11816  428302
 *
 * sha1 and md5 run like sha256. md5-pans, 4,800 messages: wasm 83 µs, node 3.5 ms, noble 6.9 ms; one message:
 * wasm 0.7 µs, node 1.4 µs, noble 2.1 µs.
 */
export const CROSSOVERS = {
  "aes-ctr": {
    unit: "bytes",
    steps: [
      { from: 0, prefer: ["noble"] },
      { from: 48, prefer: ["node", "noble"] },
    ],
  },
  "aes-gcm": { unit: "bytes", steps: [{ from: 0, prefer: ["node", "noble"] }] },
  "chacha20-poly1305": { unit: "bytes", steps: [{ from: 0, prefer: ["node", "noble"] }] },
  crc32: {
    unit: "bytes",
    steps: [
      { from: 0, prefer: ["js"] },
      { from: 32, prefer: ["wasm", "js"] },
      { from: 640, prefer: ["node", "wasm", "js"] },
    ],
  },
  "hmac-sha256": { unit: "bytes", steps: [{ from: 0, prefer: ["node", "noble"] }] },
  md5: { unit: "bytes", steps: [{ from: 0, prefer: ["node", "noble"] }] },
  "md5-pans": { unit: "messages", steps: [{ from: 0, prefer: ["wasm", "node", "noble"] }] },
  sha1: { unit: "bytes", steps: [{ from: 0, prefer: ["node", "noble"] }] },
  sha256: { unit: "bytes", steps: [{ from: 0, prefer: ["node", "noble"] }] },
  "xor-distance": { unit: "ids", steps: [{ from: 0, prefer: ["js"] }] },
} as const satisfies Record<string, Crossovers>;
