/** Snapshots that are items one behind the other: given out and taken in pieces of any length. */
import { concatBytes } from "../../../bytes/index.js";
import type { SnapshotSource } from "./state-machine.js";

const NONE = new Uint8Array(0);

/** The bytes of items, which are coded as they are needed. */
export function snapshotOf(items: Iterator<Uint8Array>): SnapshotSource {
  let held: Uint8Array = NONE;
  return {
    next(bytesMax) {
      const parts = [];
      let left = bytesMax;
      for (;;) {
        const taken = held.subarray(0, left);
        if (taken.length > 0) parts.push(taken);
        left -= taken.length;
        held = held.subarray(taken.length);
        if (left === 0) break;
        const { value, done } = items.next();
        if (done === true) break;
        held = value;
      }
      return left === bytesMax ? undefined : concatBytes(...parts);
    },
  };
}

/** Finds the items in pieces of a snapshot. */
export class SnapshotItems {
  readonly #peek: (bytes: Uint8Array, at: number, end: number) => number;
  readonly #take: (bytes: Uint8Array, at: number, end: number) => void;
  #held: Uint8Array = NONE;

  /**
   * @param peek the length of an item; 0 while its bytes do not say it, below 0 for what is none
   * @param take takes an item, whose bytes are lent
   */
  constructor(
    peek: (bytes: Uint8Array, at: number, end: number) => number,
    take: (bytes: Uint8Array, at: number, end: number) => void,
  ) {
    this.#peek = peek;
    this.#take = take;
  }

  /** Whether the last item is whole. */
  get isWhole(): boolean {
    return this.#held.length === 0;
  }

  /** Takes the items that end in a piece, which is lent. */
  write(piece: Uint8Array): void {
    const held = concatBytes(this.#held, piece);
    let at = 0;
    for (;;) {
      const length = this.#peek(held, at, held.length);
      if (length <= 0 || at + length > held.length) break;
      this.#take(held, at, at + length);
      at += length;
    }
    this.#held = held.slice(at);
  }
}
