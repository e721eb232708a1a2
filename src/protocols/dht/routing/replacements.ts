/** Contacts that wait for a place in a full bucket: most insertions end here, and change nothing else. */
import { equalBytes } from "../../../bytes/index.js";
import { addressGroup, type AddressGroup, type Contact } from "../contact.js";
import { TAIL_AT, wordAt } from "../id-words.js";

/** A contact that answered just before it began to wait. */
export interface Replacement extends Contact {
  readonly group: AddressGroup | undefined;
}

/** Words of a filter. */
const FILTER_WORDS = 16;

/** Fields of a contact in the ring: id, address, round-trip time, and when it was seen. */
const FIELDS = 4;

/**
 * Replacements in a ring, the newest over the oldest once it is full. Their fields stand in it one after the other: an
 * object of each, and a look into all of them for each newcomer, took half of an insertion (cell "contacts, inserted").
 */
export class Replacements {
  readonly #fields: unknown[] = [];
  /** The last bytes of the ids, and the groups as numbers, of which different ones may be equal. */
  readonly #tails: number[] = [];
  readonly #marks: number[] = [];
  /** A bit for each of these, and for some that have gone since it was made anew, which is once in a round. */
  readonly #filter = new Array<number>(FILTER_WORDS).fill(0);
  /** Where the oldest stands. */
  #oldest = 0;

  /** Number of replacements. */
  get size(): number {
    return this.#tails.length;
  }

  /** Keeps a contact as the newest replacement. Beyond `max`, or `perGroupMax` of its group, the oldest goes. */
  add(
    id: Uint8Array,
    address: string,
    group: AddressGroup | undefined,
    rttMs: number | undefined,
    nowMs: number,
    max: number,
    perGroupMax: number,
  ): void {
    const tails = this.#tails;
    const marks = this.#marks;
    const tail = wordAt(id, TAIL_AT);
    const mark = markOf(group);
    if (this.#mayHave(tail) || this.#mayHave(mark)) {
      for (let i = 0; i < tails.length; i++) {
        if (tails[i] !== tail && marks[i] !== mark) continue;
        this.#makeRoom(id, group, perGroupMax);
        break;
      }
    }
    let place = tails.length;
    if (place >= max) {
      place = this.#oldest;
      this.#oldest = place + 1 === max ? 0 : place + 1;
      if (place === 0) this.#renewFilter();
    }
    tails[place] = tail;
    marks[place] = mark;
    this.#note(tail);
    this.#note(mark);
    const fields = this.#fields;
    const at = FIELDS * place;
    fields[at] = id;
    fields[at + 1] = address;
    fields[at + 2] = rttMs;
    fields[at + 3] = nowMs;
  }

  /** Removes a replacement, if it is one. */
  remove(id: Uint8Array): void {
    if (!this.#mayHave(wordAt(id, TAIL_AT))) return;
    const place = this.#tails.findIndex((_, i) => equalBytes(this.#at(i).id, id));
    if (place >= 0) this.#removeAt(place);
  }

  /** All of them, the newest last. */
  inOrder(): Replacement[] {
    return this.#places().map((place) => this.#at(place));
  }

  #at(place: number): Replacement {
    const [id, address, rttMs, lastSeenMs] = this.#fields.slice(FIELDS * place, FIELDS * (place + 1)) as [
      Uint8Array,
      string,
      number | undefined,
      number,
    ];
    return { id, address, group: addressGroup(address), rttMs, lastSeenMs, failures: 0 };
  }

  /** Places in the ring, that of the newest last. */
  #places(): number[] {
    const { size } = this;
    return Array.from({ length: size }, (_, i) => (this.#oldest + i) % size);
  }

  /** Removes one that is known under the id of a newcomer, and the oldest of its group if there are too many. */
  #makeRoom(id: Uint8Array, group: AddressGroup | undefined, perGroupMax: number): void {
    this.remove(id);
    if (group === undefined) return;
    const ofGroup = this.#places().filter((place) => this.#at(place).group === group);
    if (ofGroup.length >= perGroupMax) this.#removeAt(ofGroup[0]!);
  }

  #removeAt(place: number): void {
    const left = this.#places().filter((other) => other !== place);
    const kept = left.map((other) => ({
      tail: this.#tails[other]!,
      mark: this.#marks[other]!,
      fields: this.#fields.slice(FIELDS * other, FIELDS * (other + 1)),
    }));
    // A ring that is not full begins with the oldest.
    this.#oldest = 0;
    this.#tails.splice(0, Infinity, ...kept.map(({ tail }) => tail));
    this.#marks.splice(0, Infinity, ...kept.map(({ mark }) => mark));
    this.#fields.splice(0, Infinity, ...kept.flatMap(({ fields }) => fields));
    this.#renewFilter();
  }

  // The filter

  #mayHave(word: number): boolean {
    return (this.#filter[(word >> 5) & (FILTER_WORDS - 1)]! & (1 << word)) !== 0;
  }

  #note(word: number): void {
    this.#filter[(word >> 5) & (FILTER_WORDS - 1)]! |= 1 << word;
  }

  #renewFilter(): void {
    this.#filter.fill(0);
    for (const tail of this.#tails) this.#note(tail);
    for (const mark of this.#marks) this.#note(mark);
  }
}

/** A group as a number; one for all contacts without a group. */
function markOf(group: AddressGroup | undefined): number {
  if (typeof group === "number") return group;
  let mark = 0;
  for (let i = 0; i < (group?.length ?? 0); i++) mark = (Math.imul(mark, 31) + group!.charCodeAt(i)) | 0;
  return mark;
}
