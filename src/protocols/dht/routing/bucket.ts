/** Buckets: the contacts of one distance, and those that wait for a place. */
import { equalBytes } from "../../../bytes/index.js";
import type { AddressGroup, Contact } from "../contact.js";
import { TAIL_AT, wordAt } from "../id-words.js";
import { Replacements } from "./replacements.js";
import { WordFilter } from "./word-filter.js";

/** A contact as the table keeps it. */
export interface Entry extends Contact {
  /** The last bytes of the id, which tell most ids apart at once. */
  readonly tail: number;
  address: string;
  group: AddressGroup | undefined;
  rttMs: number | undefined;
  lastSeenMs: number;
  failures: number;
  /** Slot in the index of ids; -1 outside of it. */
  slot: number;
  /** Another address at which the id was proven; it counts when the present one does not answer. */
  otherAddress: string | undefined;
}

/** Contacts that share the same number of leading bits with the own id. */
export class Bucket {
  /** The least recently seen first. */
  readonly live: Entry[] = [];
  /** The last bytes of their ids: to look into each contact instead took half of an insertion. */
  readonly #tails: number[] = [];
  readonly #filter = new WordFilter();
  /** Proven contacts without a place. */
  readonly replacements = new Replacements();
  /** The live contact that is pinged, since others wait for its place. */
  probe: Entry | undefined;
  touchedMs = -Infinity;

  /** The live contact of an id. */
  find(id: Uint8Array): Entry | undefined {
    const { live } = this;
    const tails = this.#tails;
    const tail = wordAt(id, TAIL_AT);
    if (!this.#filter.mayHave(tail)) return undefined;
    for (let i = 0; i < live.length; i++) if (tails[i] === tail && equalBytes(live[i]!.id, id)) return live[i];
    return undefined;
  }

  /** Puts a contact among the live ones, behind those that were seen before it. */
  enter(entry: Entry): void {
    this.#filter.note(entry.tail);
    this.#insert(entry);
  }

  /** Moves a live contact to its place after it was seen. */
  move(entry: Entry): void {
    this.#remove(entry);
    this.#insert(entry);
  }

  /** Takes a contact out of the live ones. */
  leave(entry: Entry): void {
    this.#remove(entry);
    this.#filter.renew(this.#tails);
  }

  #insert(entry: Entry): void {
    const { live } = this;
    let place = live.length;
    while (place > 0 && live[place - 1]!.lastSeenMs > entry.lastSeenMs) place--;
    this.#tails.splice(place, 0, entry.tail);
    live.splice(place, 0, entry);
  }

  #remove(entry: Entry): void {
    const place = this.live.indexOf(entry);
    this.#tails.splice(place, 1);
    this.live.splice(place, 1);
  }

  /** How many live contacts belong to a group. */
  countOf(group: AddressGroup): number {
    let count = 0;
    for (const entry of this.live) if (entry.group === group) count++;
    return count;
  }
}
