/** What is said of a value, and whether the value bears it out. */
import { equalBytes } from "../../../bytes/index.js";
import { ValueKind, type ChunkPlace } from "../../../codec/gen/dht/index.js";
import { sha1, sha256 } from "../../../kernel/index.js";
import { chunkKey } from "../../store/index.js";

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

/** Whether a value can be what is said of it. A chunk's key does not depend on its bytes, an opaque key on nothing. */
export function bearsOut(key: Uint8Array, value: Uint8Array, facts: ValueFacts): boolean {
  return keyFits(key, value, facts) && equalBytes(sha256(value), facts.dataSha256);
}

function keyFits(key: Uint8Array, value: Uint8Array, { valueKind, chunk }: ValueFacts): boolean {
  if (valueKind === ValueKind.content) return equalBytes(sha1(value), key);
  if (valueKind === ValueKind.chunk)
    return chunk !== undefined && equalBytes(chunkKey(chunk.parent, chunk.chunkIndex), key);
  return true;
}
