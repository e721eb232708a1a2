/** Where the records of a chain stand in its value on the disk, and what the next ones are. */
import { concatBytes, equalRange, type NewBytes } from "../../../bytes/index.js";
import type { BlockIndex } from "../../../codec/gen/chain/index.js";
import type { Block } from "../blocks/block.js";
import type { BlockHashing } from "../blocks/hashing.js";
import { blockRecord, headerRecord, INDEX_BLOCKS, indexRecord, type PlacedHash } from "./records.js";

/** Where a record stands. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** One value of records. */
export class BlockFile {
  key: string;
  /** Bytes of the records that are stored. */
  end = 0;
  readonly #places: Place[] = [];
  readonly #hashes: Uint8Array[] = [];
  /** The header, until it is stored with the first block. */
  #header: NewBytes | undefined;

  constructor(key: string) {
    this.key = key;
  }

  /** Begins a new value. @throws WireError `argument` for a way of hashing that the header has no room for */
  begin(hashing: BlockHashing, first: Block): void {
    this.#header = headerRecord(hashing, first);
  }

  /** The next block is stored. */
  add(hash: Uint8Array, offset: number, length: number): void {
    this.#places.push({ offset, length });
    this.#hashes.push(hash);
    this.#header = undefined;
  }

  placeOf(place: number): Place | undefined {
    return this.#places[place];
  }

  /** Whether an index that was read is that of the last blocks. */
  fits({ first, entries }: BlockIndex): boolean {
    const start = Number(first);
    return (
      start + entries.length === this.#places.length &&
      entries.every(({ offset, hash }, i) => {
        const place = this.#places[start + i];
        return BigInt(place?.offset ?? -1) === offset && equalRange(hash, 0, this.#hashes[start + i]!, 0, hash.length);
      })
    );
  }

  /** The records of the next blocks, with an index behind each 1,024. @returns also where the blocks will stand */
  recordsOf(blocks: readonly { readonly block: Block; readonly isNote: boolean }[]): {
    readonly bytes: Uint8Array;
    readonly places: readonly Place[];
  } {
    const parts: Uint8Array[] = this.#header === undefined ? [] : [this.#header];
    let at = this.end + (this.#header?.length ?? 0);
    const places: Place[] = [];
    const added: PlacedHash[] = [];
    for (const { block, isNote } of blocks) {
      const record = blockRecord(block, isNote);
      places.push({ offset: at, length: record.length });
      added.push({ offset: at, hash: block.hash });
      parts.push(record);
      at += record.length;
      const count = this.#places.length + added.length;
      if (count % INDEX_BLOCKS !== 0) continue;
      const index = indexRecord(count - INDEX_BLOCKS, this.#last(INDEX_BLOCKS, added));
      parts.push(index);
      at += index.length;
    }
    return { bytes: parts.length === 1 ? parts[0]! : concatBytes(...parts), places };
  }

  /** The last blocks, of which some are about to be stored. */
  #last(count: number, added: readonly PlacedHash[]): readonly PlacedHash[] {
    const stored = this.#places.length - Math.max(0, count - added.length);
    const before = this.#places.slice(stored).map(({ offset }, i) => ({ offset, hash: this.#hashes[stored + i]! }));
    return [...before, ...added].slice(-count);
  }
}
