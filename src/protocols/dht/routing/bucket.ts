/** Buckets: the contacts of one distance, and those that wait for a place. */
import { equalBytes } from "../../../bytes/index.js";
import type { AddressGroup, Contact } from "../contact.js";
import { TAIL_AT, wordAt } from "../id-words.js";

/** A contact as the table keeps it. */
export interface Entry extends Contact {
  /** The last bytes of the id, which tell most ids apart at once. */
  readonly tail: number;
  address: string;
  group: AddressGroup | undefined;
  rttMs: number | undefined;
  lastSeenMs: number;
  failures: number;
  /** Slot in the index of ids; -1 while the contact waits. */
  slot: number;
  /** Another address at which the id was proven; it counts when the present one does not answer. */
  otherAddress: string | undefined;
}

/** Contacts that share the same number of leading bits with the own id. */
export class Bucket {
  /** The least recently seen first. */
  readonly live: Entry[] = [];
  /** The last bytes of their ids: to look into each contact instead took half of an insertion. */
  #tails = new Int32Array(1);
  /** Proven contacts without a place, the newest last. */
  readonly replacements: Entry[] = [];
  /** The live contact that is pinged, since others wait for its place. */
  probe: Entry | undefined;
  touchedMs = -Infinity;

  /** The live contact of an id. */
  find(id: Uint8Array): Entry | undefined {
    const { live } = this;
    const tails = this.#tails;
    const tail = wordAt(id, TAIL_AT);
    for (let i = 0; i < live.length; i++) if (tails[i] === tail && equalBytes(live[i]!.id, id)) return live[i];
    return undefined;
  }

  /** Puts a contact among the live ones, behind those that were seen before it. */
  enter(entry: Entry): void {
    const { live } = this;
    let place = live.length;
    while (place > 0 && live[place - 1]!.lastSeenMs > entry.lastSeenMs) place--;
    if (live.length === this.#tails.length) {
      const tails = new Int32Array(2 * live.length);
      tails.set(this.#tails);
      this.#tails = tails;
    }
    this.#tails.copyWithin(place + 1, place, live.length);
    this.#tails[place] = entry.tail;
    live.splice(place, 0, entry);
  }

  /** Takes a contact out of the live ones. */
  leave(entry: Entry): void {
    const place = this.live.indexOf(entry);
    this.#tails.copyWithin(place, place + 1, this.live.length);
    this.live.splice(place, 1);
  }

  /** How many live contacts belong to a group. */
  countOf(group: AddressGroup): number {
    let count = 0;
    for (const entry of this.live) if (entry.group === group) count++;
    return count;
  }

  /**
   * Keeps a contact as the newest replacement. Beyond `replacementsMax`, or `perGroupMax` of its group, the oldest
   * goes.
   */
  wait(entry: Entry, replacementsMax: number, perGroupMax: number): void {
    const { replacements } = this;
    const { group, tail, id } = entry;
    let oldest = 0;
    let count = 0;
    for (let i = replacements.length - 1; i >= 0; i--) {
      const other = replacements[i]!;
      if (other.tail === tail && equalBytes(other.id, id)) {
        replacements.splice(i, 1);
        oldest--;
      } else if (other.group === group) {
        oldest = i;
        count++;
      }
    }
    if (group !== undefined && count >= perGroupMax) replacements.splice(oldest, 1);
    else if (replacements.length >= replacementsMax) replacements.shift();
    replacements.push(entry);
  }

  /** Removes a replacement, if it is one. */
  forget(id: Uint8Array): void {
    const place = this.replacements.findIndex((entry) => equalBytes(entry.id, id));
    if (place >= 0) this.replacements.splice(place, 1);
  }
}
