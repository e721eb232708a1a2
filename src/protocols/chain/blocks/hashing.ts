/** Hashes of blocks: that of Go's gob, and a canonical one of ours. */
import { concatBytes, equalBytes, type NewBytes } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";
import { sha1, sha256, sha256Stream, sha512 } from "../../../kernel/index.js";
import type { Block, BlockContent } from "./block.js";
import { GOB_TYPE_ID_BASE, gobStream, type GobTypeIds } from "./gob.js";

/** How the blocks of a chain are hashed; all of one chain in one way. */
export type BlockHashing =
  /** As Go does, which depends on the ids of its types. `hashBytes` 20 is SHA-1, 32 SHA-256, 64 SHA-512. */
  | { readonly kind: "gob"; readonly ids: GobTypeIds; readonly hashBytes: number }
  /** Ours: SHA-256 over fields of known lengths, and over the data by its SHA-256. */
  | { readonly kind: "canonical" };

/** Options of {@link gobHash}. */
export interface GobHashOptions {
  /** Bytes of the hash: 20, 32 or 64. Default 32. */
  readonly hashBytes?: number;
  /** Id of the type Block: 64 (the default) since Go 1.21, before 65. That of BlockData is the next. */
  readonly typeIdBase?: number;
  /** Id of the type BlockData where it is not the next. */
  readonly dataTypeId?: number;
  /** `reference` takes every other `hashBytes` for SHA-1, as Go does. Default `strict`. */
  readonly profile?: "strict" | "reference";
}

/** Bytes of hashes that blocks may have. */
const HASH_BYTES: readonly number[] = [20, 32, 64];
/** Bytes of a hash where nothing else is said. */
export const HASH_BYTES_DEFAULT = 32;
/** The greatest id of a type, which the header of a file has a byte for. */
const TYPE_ID_MAX = 254;
/** Bytes of a canonical hash. */
const CANONICAL_HASH_BYTES = 32;

/**
 * The pairs of ids that are tried where the version of Go is not known: since 1.21, before, after another type, and of
 * programs that encode BlockData first (seed, section Chain).
 */
export const KNOWN_TYPE_IDS: readonly GobTypeIds[] = [
  { block: 64, data: 65 },
  { block: 65, data: 66 },
  { block: 66, data: 67 },
  { block: 65, data: 64 },
  { block: 66, data: 65 },
];

/** How {@link gobHash} hashes. @throws WireError `argument` */
export function gobHashing(options: GobHashOptions = {}): BlockHashing & { readonly kind: "gob" } {
  const { hashBytes = HASH_BYTES_DEFAULT, typeIdBase = GOB_TYPE_ID_BASE, profile = "strict" } = options;
  const { dataTypeId = typeIdBase + 1 } = options;
  if (profile === "strict" && !HASH_BYTES.includes(hashBytes)) {
    throw argumentError("chain", "hashBytes", HASH_BYTES.join(", "), String(hashBytes));
  }
  requireTypeId("typeIdBase", typeIdBase, TYPE_ID_MAX);
  requireTypeId("dataTypeId", dataTypeId, TYPE_ID_MAX + 1);
  return { kind: "gob", ids: { block: typeIdBase, data: dataTypeId }, hashBytes };
}

function requireTypeId(path: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= GOB_TYPE_ID_BASE && value <= max) return;
  throw argumentError("chain", path, `a whole number from ${GOB_TYPE_ID_BASE} to ${max}`, String(value));
}

/**
 * The hash of a block as Go's CalculateHash makes it: of the gob of the block with an empty hash, with the definitions
 * of its types (seed, section Chain). @throws WireError `argument`
 */
export function gobHash(block: BlockContent, options: GobHashOptions = {}): NewBytes {
  const { ids, hashBytes } = gobHashing(options);
  return digestOf(gobStream(block, ids), hashBytes);
}

function digestOf(parts: readonly Uint8Array[], hashBytes: number): NewBytes {
  if (hashBytes === 32) {
    if (parts.length === 1) return sha256(parts[0]!);
    const stream = sha256Stream();
    for (const part of parts) stream.update(part);
    return stream.digest();
  }
  const whole = parts.length === 1 ? parts[0]! : concatBytes(...parts);
  return hashBytes === 64 ? sha512(whole) : sha1(whole);
}

/** Bytes in front of the fields: "SWBLK" and the version. */
const CANONICAL_PREFIX = Uint8Array.of(0x53, 0x57, 0x42, 0x4c, 0x4b, 1);

/**
 * Our own hash of a block, 32 bytes: SHA-256 of `"SWBLK" 01 index:8 prevHash:1+n SHA-256(data):32 iv:1+n time:8 nonce:8`.
 * It binds the data by SHA-256, where the field `data.hash` is SHA-1, which it leaves out.
 */
export function canonicalHash({ index, prevHash, data, timeNs, nonce }: BlockContent): NewBytes {
  const bytes = new Uint8Array(CANONICAL_PREFIX.length + 8 + 1 + prevHash.length + 32 + 1 + data.iv.length + 16);
  const view = new DataView(bytes.buffer);
  bytes.set(CANONICAL_PREFIX);
  let at = CANONICAL_PREFIX.length;
  view.setBigUint64(at, index);
  at += 8;
  bytes[at++] = prevHash.length;
  bytes.set(prevHash, at);
  at += prevHash.length;
  bytes.set(sha256(data.data), at);
  at += 32;
  bytes[at++] = data.iv.length;
  bytes.set(data.iv, at);
  at += data.iv.length;
  view.setBigInt64(at, timeNs);
  view.setBigUint64(at + 8, nonce);
  return sha256(bytes);
}

/** The hash of a block, in the way of its chain. */
export function blockHash(block: BlockContent, hashing: BlockHashing): NewBytes {
  return hashing.kind === "canonical"
    ? canonicalHash(block)
    : digestOf(gobStream(block, hashing.ids), hashing.hashBytes);
}

/** Bytes of the hashes of a chain. */
export function hashBytesOf(hashing: BlockHashing): number {
  return hashing.kind === "canonical" ? CANONICAL_HASH_BYTES : hashing.hashBytes;
}

/** Whether a block has the hash that its content makes. */
export function hasOwnHash(block: Block, hashing: BlockHashing): boolean {
  return equalBytes(blockHash(block, hashing), block.hash);
}

/**
 * Finds how a block was hashed: by gob with one of {@link KNOWN_TYPE_IDS}, then canonically. The length of its hash
 * says which digest. @returns undefined where its hash is none of its content
 */
export function verifyBlock(block: Block): BlockHashing | undefined {
  const hashBytes = block.hash.length;
  if (!HASH_BYTES.includes(hashBytes)) return undefined;
  const byGob = KNOWN_TYPE_IDS.map((ids): BlockHashing => ({ kind: "gob", ids, hashBytes }));
  return [...byGob, { kind: "canonical" } as const].find((hashing) => hasOwnHash(block, hashing));
}
