/** Where the blocks of a chain are found: by their hashes, and by the keys of chunks that their notes carry. */
import { equalBytes, own, toHex } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";

/** Bytes of the key of a chunk. */
export const FILE_KEY_BYTES = 20;
/** Bytes of a hash by which a block is found. */
const HASH_BYTES = 32;

/** An index in memory: about 150 bytes a block, and 100 a key. */
export class ChainIndex {
  readonly #hashes: Uint8Array[] = [];
  /** Places by the first 6 bytes of the hash; a list where two begin alike. */
  readonly #byHash = new Map<number, number | number[]>();
  /** The newest place by the key, in hex. */
  readonly #byKey = new Map<string, number>();

  get count(): number {
    return this.#hashes.length;
  }

  /** Adds the next block. */
  add(hash: Uint8Array, keys: readonly Uint8Array[]): void {
    const place = this.#hashes.push(own(hash)) - 1;
    const start = startOf(hash);
    const known = this.#byHash.get(start);
    if (known === undefined) this.#byHash.set(start, place);
    else this.#byHash.set(start, [known, place].flat());
    for (const key of keys) this.#byKey.set(toHex(key), place);
  }

  /** The hash of a block. */
  hashAt(place: number): Uint8Array | undefined {
    return this.#hashes[place];
  }

  /** The place of the block with a hash. */
  placeOfHash(hash: Uint8Array): number | undefined {
    const found = this.#byHash.get(startOf(hash));
    if (found === undefined) return undefined;
    return [found].flat().find((place) => equalBytes(this.#hashes[place]!, hash));
  }

  /**
   * The place of the block with a hash of 32 bytes, or of the newest one whose note carries a key of 20 bytes.
   * @throws WireError `argument` for another length
   */
  find(hashOrKey: Uint8Array): number | undefined {
    if (hashOrKey.length === HASH_BYTES) return this.placeOfHash(hashOrKey);
    if (hashOrKey.length === FILE_KEY_BYTES) return this.#byKey.get(toHex(hashOrKey));
    throw argumentError("chain", "key", `${FILE_KEY_BYTES} or ${HASH_BYTES} bytes`, String(hashOrKey.length));
  }
}

function startOf(hash: Uint8Array): number {
  let start = 0;
  for (let i = 0; i < 6; i++) start = start * 256 + (hash[i] ?? 0);
  return start;
}
