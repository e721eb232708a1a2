import { equalRange } from "../../bytes/index.js";
import type { DiskWrite } from "../../machine/index.js";
import type { FreeCoins } from "./free-coins.js";
import { AN_BYTES, offsetOf, PAGE_BYTES, pageKeyAt, RECORD_BYTES } from "./page-layout.js";
import type { Page, Pages } from "./pages.js";

interface CoinName {
  readonly denomination: number;
  readonly serial: number;
}

/**
 * Changes to coins, made at once where they lie, so that what is read later sees what was changed before: as a server
 * does that takes one coin after the other. Nobody else sees them before they are stored, and what the disk refuses is
 * undone. Only inside a task that named the coins, which ends by `Pages.store`.
 */
export class Draft {
  readonly #pages: Pages;
  readonly #mfs: number;
  /** By change: its page, where it is in all pages one after the other, and what was there. */
  readonly #changed: Page[] = [];
  readonly #places: number[] = [];
  readonly #before: Uint8Array;

  /** @param mfs month of the changes @param changesMax how often {@link set} may be called */
  constructor(pages: Pages, mfs: number, changesMax: number) {
    this.#pages = pages;
    this.#mfs = mfs;
    this.#before = new Uint8Array(RECORD_BYTES * changesMax);
  }

  /**
   * Whether a coin's number is `numbers[at..at + 16)`; false on an unknown page. The time taken says nothing of the
   * bytes.
   */
  isAuthentic(coin: CoinName, numbers: Uint8Array, at = 0): boolean {
    const bytes = this.#pages.bytesOf(coin);
    return bytes !== null && equalRange(bytes, offsetOf(coin.serial), numbers, at, AN_BYTES);
  }

  /** A copy of a coin's number, 16 bytes; undefined on an unknown page. */
  anOf(coin: CoinName): Uint8Array | undefined {
    return this.#pages.anOf(coin);
  }

  /** Makes `numbers[at..at + 16)` the number of a coin on a known page. */
  set(coin: CoinName, numbers: Uint8Array, at = 0): void {
    const page = this.#pages.pageOf(coin)!;
    const bytes = page.bytes!;
    const offset = offsetOf(coin.serial);
    copy(bytes, offset, this.#before, RECORD_BYTES * this.#changed.length, RECORD_BYTES);
    copy(numbers, at, bytes, offset, AN_BYTES);
    bytes[offset + AN_BYTES] = this.#mfs;
    this.#changed.push(page);
    this.#places.push(PAGE_BYTES * page.index + offset);
  }

  get isEmpty(): boolean {
    return this.#changed.length === 0;
  }

  /** The pages that have changed, each once. */
  get pages(): ReadonlySet<Page> {
    return new Set(this.#changed);
  }

  /** What the disk is to write: each record once, those of a page that lie side by side in one piece. */
  writes(): DiskWrite[] {
    const writes: DiskWrite[] = [];
    const rows = this.#places.map((_, row) => row).sort((a, b) => this.#places[a]! - this.#places[b]!);
    for (let i = 0; i < rows.length;) {
      const { index, bytes } = this.#changed[rows[i]!]!;
      const pageAt = PAGE_BYTES * index;
      const pageEnd = pageAt + PAGE_BYTES;
      const at = this.#places[rows[i]!]!;
      let end = at;
      for (; i < rows.length && this.#places[rows[i]!]! <= end && this.#places[rows[i]!]! < pageEnd; i++) {
        end = this.#places[rows[i]!]! + RECORD_BYTES;
      }
      writes.push({ key: pageKeyAt(index), at: at - pageAt, bytes: bytes!.slice(at - pageAt, end - pageAt) });
    }
    return writes;
  }

  /** The last first: a coin may have been changed twice, and in `reference` two coins can share a record. */
  undo(): void {
    for (let i = this.#changed.length - 1; i >= 0; i--) {
      copy(this.#before, RECORD_BYTES * i, this.#changed[i]!.bytes!, this.#places[i]! % PAGE_BYTES, RECORD_BYTES);
    }
  }

  /** Tells which coins are in use by now. */
  teach(free: FreeCoins): void {
    this.#changed.forEach((page, i) => free.learnRecord(page.index, this.#places[i]! % PAGE_BYTES, page.bytes!));
  }
}

/** Byte by byte: so few take less than the views that `set` needs. */
function copy(from: Uint8Array, at: number, to: Uint8Array, toAt: number, count: number): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[at + i]!;
}
