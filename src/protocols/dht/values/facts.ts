/** What is said of a value, and whether the value bears it out. */
import { equalBytes } from "../../../bytes/index.js";
import { ValueKind, type ChunkPlace } from "../../../codec/gen/dht/index.js";
import { sha1, sha256 } from "../../../kernel/index.js";

/** What a STORE or a VALUE says of the value in it. */
export interface ValueFacts {
  readonly valueKind: ValueKind;
  /** Of which file it is a chunk; undefined for other kinds. */
  readonly chunk?: ChunkPlace | undefined;
  /** From the time of publication on. */
  readonly ttlSeconds: number;
  /** Since the publication. */
  readonly ageSeconds: number;
  /** Id of 20 bytes of who published it. */
  readonly publisher: Uint8Array;
  /** SHA-256 of the whole value. */
  readonly dataSha256: Uint8Array;
  /** A copy near the way to the key, which is not stored on. */
  readonly isCached: boolean;
}

/** Length of the hash of a file, and of the index behind it, in the key of a chunk. */
const PARENT_BYTES = 32;
const INDEX_BYTES = 8;

/** The key of a chunk: SHA-1 of the hash of its file and of its index, 64 bits, least significant byte first. */
export function chunkKeyOf({ parent, chunkIndex }: ChunkPlace): Uint8Array {
  const input = new Uint8Array(PARENT_BYTES + INDEX_BYTES);
  input.set(parent);
  new DataView(input.buffer).setUint32(PARENT_BYTES, chunkIndex, true);
  return sha1(input);
}

/** Whether a value can be what is said of it. A chunk's key does not depend on its bytes, an opaque key on nothing. */
export function bearsOut(key: Uint8Array, value: Uint8Array, facts: ValueFacts): boolean {
  return keyFits(key, value, facts) && equalBytes(sha256(value), facts.dataSha256);
}

function keyFits(key: Uint8Array, value: Uint8Array, { valueKind, chunk }: ValueFacts): boolean {
  if (valueKind === ValueKind.content) return equalBytes(sha1(value), key);
  if (valueKind === ValueKind.chunk) return chunk !== undefined && equalBytes(chunkKeyOf(chunk), key);
  return true;
}
