/** Space that is given back when the disk is full, so that a snapshot finds room and the log can be shortened. */
import { backoffMs, type Backoff, type Millis } from "../../../machine/index.js";
import type { DiskOperations } from "./operations.js";

const RESERVE_KEY = "raft/reserve";
/** Bytes that are written at a time. */
const PART_BYTES = 262_144;
/**
 * Time between two parts, in which the disk is the log's. At 100 ms a member that has just begun spent a tenth of its
 * syncs on this file for seven seconds.
 */
const PART_PAUSE_MS = 1_000;
/** Pauses after it was given back, longer each time: a disk that is short of room should not be filled again. */
const PAUSES: Backoff = { firstMs: 10_000, maxMs: 300_000 };

/** A file that holds nothing. It grows part by part, beside all that the member stores. */
export class Reserve {
  readonly #disk: DiskOperations;
  readonly #extraBytes: number;
  /** Bytes on the disk; undefined until that is known. */
  #bytes: number | undefined;
  #isBusy = false;
  #pauses = 0;
  #notBeforeMs: Millis = -Infinity;

  /** @param extraBytes that are set aside besides those of a snapshot; 0: nothing is */
  constructor(disk: DiskOperations, extraBytes: number) {
    this.#disk = disk;
    this.#extraBytes = extraBytes;
  }

  /** When it grows again, which is as large as a snapshot and some more. */
  nextMs(snapshotBytes: number): Millis {
    return this.#isWhole(snapshotBytes) || this.#isBusy ? Infinity : this.#notBeforeMs;
  }

  /** Grows by a part, if it is time for one. */
  grow(snapshotBytes: number, nowMs: Millis): void {
    if (this.#isBusy || this.#isWhole(snapshotBytes) || nowMs < this.#notBeforeMs) return;
    this.#isBusy = true;
    if (this.#bytes === undefined) return this.#look(nowMs);
    const at = this.#bytes;
    const bytes = new Uint8Array(Math.min(PART_BYTES, this.#extraBytes + snapshotBytes - at)).fill(0xff);
    this.#notBeforeMs = nowMs + PART_PAUSE_MS;
    this.#disk.store([{ key: RESERVE_KEY, at, bytes }], (isStored) => {
      this.#isBusy = false;
      if (isStored) this.#bytes = at + bytes.length;
      else this.#pause(nowMs);
    });
  }

  /** The disk is full. */
  giveBack(nowMs: Millis): void {
    if (this.#isBusy || this.#extraBytes === 0 || this.#bytes === 0) return;
    this.#pause(nowMs);
    this.#isBusy = true;
    this.#disk.store([{ key: RESERVE_KEY, remove: true }], (isStored) => {
      this.#isBusy = false;
      if (isStored) this.#bytes = 0;
    });
  }

  /** What a start has left. One that is damaged is made anew. */
  #look(nowMs: Millis): void {
    this.#disk.load({ key: RESERVE_KEY, at: 0, length: 0 }, (value) => {
      this.#isBusy = false;
      if (value === undefined) this.#pause(nowMs);
      else if (value.badAt === undefined) this.#bytes = value.size;
      else this.giveBack(nowMs);
    });
  }

  #pause(nowMs: Millis): void {
    this.#notBeforeMs = nowMs + backoffMs(PAUSES, ++this.#pauses);
  }

  #isWhole(snapshotBytes: number): boolean {
    return this.#extraBytes === 0 || (this.#bytes ?? -1) >= this.#extraBytes + snapshotBytes;
  }
}
