/** Files of records that are appended one store after the other, and written anew when most of them are out of date. */
import { concatBytes } from "../../../bytes/index.js";
import type { Millis } from "../../../machine/index.js";
import type { DhtEffect } from "../core/types.js";
import type { DiskOperations, StoreDone } from "./disk-operations.js";
import type { HeldValue } from "./value-index.js";

/** Bytes below which a file is not written anew, and how many times what counts in it a longer one may have. */
const REWRITE_BYTES_MIN = 65_536;
const REWRITE_FACTOR = 4;

/** Bytes of a record of a value that is no chunk. */
const RECORD_BYTES = 119;

/** A record that waits to be written. */
interface Waiting {
  readonly bytes: Uint8Array;
  readonly done: StoreDone;
}

/**
 * One file. Appends follow each other, since one that fails must leave no gap in front of the next; those that come
 * meanwhile are written together.
 */
export class IndexFile {
  readonly #key: string;
  readonly #disk: DiskOperations;
  /** Writes the record of a value. */
  readonly #recordOf: (value: HeldValue, nowMs: Millis) => Uint8Array;
  /** The values whose records count. */
  readonly live = new Set<HeldValue>();
  #waiting: Waiting[] = [];
  #isWriting = false;
  #size: number;
  #mustRewrite: boolean;

  /** @param found its size, and whether its end could not be read */
  constructor(
    key: string,
    disk: DiskOperations,
    recordOf: (value: HeldValue, nowMs: Millis) => Uint8Array,
    found: { readonly size: number; readonly isBroken: boolean } = { size: 0, isBroken: false },
  ) {
    this.#key = key;
    this.#disk = disk;
    this.#recordOf = recordOf;
    this.#size = found.size;
    this.#mustRewrite = found.isBroken;
  }

  /** Appends a record. `done` tells whether it is durable. */
  append(bytes: Uint8Array, done: StoreDone, nowMs: Millis, out: DhtEffect[]): void {
    this.#waiting.push({ bytes, done });
    if (!this.#isWriting) this.#write(nowMs, out);
  }

  #write(nowMs: Millis, out: DhtEffect[]): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    this.#isWriting = true;
    const records = concatBytes(...batch.map(({ bytes }) => bytes));
    const isNew = this.#mustRewrite || this.#isMostlyStale();
    // The batch may repeat some of what is live: the last record of each value counts.
    const live = isNew ? [...this.live].map((value) => this.#recordOf(value, nowMs)) : [];
    const bytes = concatBytes(...live, records);
    const at = isNew ? 0 : this.#size;
    const removal = isNew && this.#size > 0 ? [{ key: this.#key, remove: true } as const] : [];
    const size = at + bytes.length;
    this.#disk.store(
      [...removal, { key: this.#key, at, bytes }],
      (isStored, endMs, effects) => {
        this.#isWriting = false;
        if (isStored) {
          this.#size = size;
          this.#mustRewrite = false;
        }
        for (const { done } of batch) done(isStored, endMs, effects);
        if (!this.#isWriting) this.#write(endMs, effects);
      },
      out,
    );
  }

  #isMostlyStale(): boolean {
    return this.#size >= REWRITE_BYTES_MIN && this.#size > REWRITE_FACTOR * RECORD_BYTES * this.live.size;
  }
}
