/** Tombstones: keys that were used are remembered as hashes, so that none is used twice. */
import { sha256 } from "../../kernel/index.js";
import { qkdIssue, QkdError } from "./errors.js";

/** How long a tombstone stands: 30 days. */
export const TOMBSTONE_AGE_MS = 30 * 86_400_000;
/** Tombstones of one set by default: 32 MB of hashes. */
export const TOMBSTONES_MAX = 1_000_000;

const HASH_BYTES = 32;
const FIRST_CAPACITY = 64;
let utf8: TextEncoder | undefined;

/** The hash of a key: SHA-256 of master, zero byte, slave, zero byte, key ID. No SAE ID or key ID holds a zero byte. */
export function tombstoneOf(masterSaeId: string, slaveSaeId: string, keyId: string): Uint8Array {
  return tombstonesOf(masterSaeId, slaveSaeId, [keyId])[0]!;
}

/** {@link tombstoneOf} of keys of one link: their text is laid out once, behind that of the link. */
export function tombstonesOf(masterSaeId: string, slaveSaeId: string, keyIds: readonly string[]): Uint8Array[] {
  utf8 ??= new TextEncoder();
  const link = utf8.encode(`${masterSaeId}\0${slaveSaeId}\0`);
  const longest = keyIds.reduce((length, keyId) => Math.max(length, keyId.length), 0);
  // No character has more than three bytes.
  const text = new Uint8Array(link.length + 3 * longest);
  text.set(link);
  const ids = text.subarray(link.length);
  return keyIds.map((keyId) => sha256(text.subarray(0, link.length + utf8!.encodeInto(keyId, ids).written)));
}

/** Bounds of a set of tombstones. */
export interface TombstonesOptions {
  /** Tombstones; default {@link TOMBSTONES_MAX}. When they are as many, no key is accepted: none is evicted early. */
  readonly max?: number;
  /** Age at which one is forgotten; default {@link TOMBSTONE_AGE_MS}. */
  readonly ageMs?: number;
}

/**
 * A set of hashes, each of which is forgotten after a time. Memory grows with use: 32 bytes of hash, 8 of time and 8 to
 * 16 of index for each. Times are of one monotonic clock and never go back.
 */
export class Tombstones {
  readonly max: number;
  readonly #ageMs: number;
  /** A ring in the order of time: hashes, and when each was added. */
  #hashes = new Uint8Array(FIRST_CAPACITY * HASH_BYTES);
  #addedMs = new Float64Array(FIRST_CAPACITY);
  #first = 0;
  #count = 0;
  /** Open addressing with linear probing: places in the ring, plus 1. Twice as long as the ring, a power of two. */
  #table = new Uint32Array(2 * FIRST_CAPACITY);

  constructor({ max = TOMBSTONES_MAX, ageMs = TOMBSTONE_AGE_MS }: TombstonesOptions = {}) {
    if (!Number.isInteger(max) || max < 0 || max > 2 ** 26) refuse("max", `a whole number up to 2^26, got ${max}`);
    if (!(ageMs > 0)) refuse("ageMs", `a time above 0, got ${ageMs}`);
    this.max = max;
    this.#ageMs = ageMs;
  }

  /** Tombstones that stand, those counted that are past their age but not yet forgotten. */
  get size(): number {
    return this.#count;
  }

  /** How many more fit in at this time. */
  room(nowMs: number): number {
    this.#forget(nowMs);
    return this.max - this.#count;
  }

  /** Whether a hash of {@link tombstoneOf} stands at this time. */
  has(hash: Uint8Array, nowMs: number): boolean {
    this.#forget(nowMs);
    return this.#table[this.#slotOf(hash)] !== 0;
  }

  /**
   * Adds a hash.
   * @returns false where it stands already
   * @throws QkdError TOMBSTONES_FULL
   */
  add(hash: Uint8Array, nowMs: number): boolean {
    this.#forget(nowMs);
    if (this.#table[this.#slotOf(hash)] !== 0) return false;
    if (this.#count >= this.max) {
      throw new QkdError(qkdIssue("TOMBSTONES_FULL", "tombstones", `${this.max} keys of the last days are remembered`));
    }
    if (this.#count === this.#addedMs.length) this.#grow();
    const place = (this.#first + this.#count++) % this.#addedMs.length;
    this.#hashes.set(hash, place * HASH_BYTES);
    this.#addedMs[place] = nowMs;
    this.#table[this.#slotOf(hash)] = place + 1;
    return true;
  }

  /** The slot that has a hash, or the free one where it belongs. */
  #slotOf(hash: Uint8Array): number {
    const mask = this.#table.length - 1;
    for (let slot = wordOf(hash, 0) & mask; ; slot = (slot + 1) & mask) {
      const place = this.#table[slot]!;
      if (place === 0 || this.#equals(place - 1, hash)) return slot;
    }
  }

  #equals(place: number, hash: Uint8Array): boolean {
    const at = place * HASH_BYTES;
    for (let i = 0; i < HASH_BYTES; i++) if (this.#hashes[at + i] !== hash[i]) return false;
    return true;
  }

  /** Forgets the oldest, which are past their age. */
  #forget(nowMs: number): void {
    while (this.#count > 0 && nowMs - this.#addedMs[this.#first]! >= this.#ageMs) {
      this.#unlink(this.#first);
      this.#first = (this.#first + 1) % this.#addedMs.length;
      this.#count--;
    }
  }

  /** Empties the slot of a place, and moves up those behind it that were pushed on by it. */
  #unlink(place: number): void {
    const mask = this.#table.length - 1;
    const homeOf = (slot: number): number => wordOf(this.#hashes, (this.#table[slot]! - 1) * HASH_BYTES) & mask;
    let hole = this.#slotOf(this.#hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES));
    for (let slot = (hole + 1) & mask; this.#table[slot] !== 0; slot = (slot + 1) & mask) {
      // It may move to the hole unless its home lies behind that.
      if (((slot - homeOf(slot)) & mask) < ((slot - hole) & mask)) continue;
      this.#table[hole] = this.#table[slot]!;
      hole = slot;
    }
    this.#table[hole] = 0;
  }

  #grow(): void {
    const capacity = this.#addedMs.length;
    const hashes = new Uint8Array(2 * capacity * HASH_BYTES);
    const addedMs = new Float64Array(2 * capacity);
    hashes.set(this.#hashes.subarray(this.#first * HASH_BYTES));
    hashes.set(this.#hashes.subarray(0, this.#first * HASH_BYTES), (capacity - this.#first) * HASH_BYTES);
    addedMs.set(this.#addedMs.subarray(this.#first));
    addedMs.set(this.#addedMs.subarray(0, this.#first), capacity - this.#first);
    this.#hashes = hashes;
    this.#addedMs = addedMs;
    this.#first = 0;
    this.#table = new Uint32Array(4 * capacity);
    for (let place = 0; place < this.#count; place++) {
      const slot = this.#slotOf(hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES));
      this.#table[slot] = place + 1;
    }
  }
}

function wordOf(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function refuse(path: string, actual: string): never {
  throw new QkdError(qkdIssue("INVALID_ARGUMENT", path, actual));
}
