/** Reports which engine serves which primitive on this machine. */
import { AES_CBC } from "../cipher/aes-cbc.js";
import { AES_CTR, AES_CTR_ONCE } from "../cipher/aes-ctr.js";
import { AES_GCM, AES_GCM_ONCE } from "../cipher/aes-gcm.js";
import { CHACHA20_POLY1305 } from "../cipher/chacha20-poly1305.js";
import { CHUNK } from "../chunk/chunk.js";
import { POLY1305 } from "../cipher/poly1305.js";
import { X25519 } from "../curve/x25519.js";
import { CRC32 } from "../crc32.js";
import type { Crossovers, EngineName, PrimitiveName } from "./crossovers.js";
import { HMAC_SHA256 } from "../hash/hmac-sha256.js";
import { MD5_ROWS } from "../hash/md5-rows.js";
import { MD5 } from "../hash/md5.js";
import { SHA1, SHA1_BATCH } from "../hash/sha1.js";
import { SHA256, SHA256_BATCH } from "../hash/sha256.js";
import { SHA512 } from "../hash/sha512.js";
import { XOR_BUCKETS, XOR_DISTANCE } from "../xor/xor-distance.js";
import { XOR_INDEX } from "../xor/xor-index.js";
import { XOR_SET } from "../xor/xor-set.js";

/** The engines of a primitive on this machine. */
export interface KernelReportRow {
  readonly primitive: PrimitiveName;
  /** The unit of sizes. */
  readonly unit: Crossovers["unit"];
  /** The engines that this machine has. */
  readonly engines: readonly EngineName[];
  /** The engine that serves sizes from `from` up to that of the next entry. */
  readonly serves: readonly { readonly from: number; readonly engine: EngineName }[];
}

/** Which engine serves which primitive at which size on this machine. Makes every engine. */
export function kernelReport(): KernelReportRow[] {
  const primitives = [
    CHUNK,
    CRC32,
    SHA256,
    SHA256_BATCH,
    SHA512,
    SHA1,
    SHA1_BATCH,
    MD5,
    MD5_ROWS,
    HMAC_SHA256,
    AES_CBC,
    AES_CTR,
    AES_CTR_ONCE,
    AES_GCM,
    AES_GCM_ONCE,
    CHACHA20_POLY1305,
    POLY1305,
    X25519,
    XOR_DISTANCE,
    XOR_BUCKETS,
    XOR_SET,
    XOR_INDEX,
  ];
  return primitives.map((primitive) => ({
    primitive: primitive.name,
    unit: primitive.crossovers.unit,
    engines: primitive.available(),
    serves: primitive.crossovers.steps
      .map(({ from, prefer }) => ({ from, engine: primitive.preferred(prefer) }))
      .filter(({ engine }, i, all) => all[i - 1]?.engine !== engine),
  }));
}
