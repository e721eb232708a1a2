/** Contacts that wait for a place in a full bucket: most insertions end here, and change nothing else. */
import { equalBytes } from "../../../bytes/index.js";
import { addressGroup, type AddressGroup, type Contact } from "../contact.js";
import { TAIL_AT, wordAt } from "../id-words.js";
import { WordFilter } from "./word-filter.js";

/** A contact that answered just before it began to wait. */
export interface Replacement extends Contact {
  readonly group: AddressGroup | undefined;
}

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
  /** All of these, and some that have gone since it was made anew, which is once in a round. */
  readonly #filter = new WordFilter();
  /** Where the oldest stands. */
  #oldest = 0;

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
    const filter = this.#filter;
    const tail = wordAt(id, TAIL_AT);
    const mark = markOf(group);
    if (filter.mayHave(tail) || filter.mayHave(mark)) this.#makeRoom(id, tail, group, mark, perGroupMax);
    let place = tails.length;
    if (place >= max) {
      place = this.#oldest;
      this.#oldest = place + 1 === max ? 0 : place + 1;
      if (place === 0) filter.renew([...tails, ...marks]);
    }
    tails[place] = tail;
    marks[place] = mark;
    filter.note(tail);
    filter.note(mark);
    const fields = this.#fields;
    const at = FIELDS * place;
    fields[at] = id;
    fields[at + 1] = address;
    fields[at + 2] = rttMs;
    fields[at + 3] = nowMs;
  }

  /** Removes a replacement, if it is one. */
  remove(id: Uint8Array): void {
    if (this.#filter.mayHave(wordAt(id, TAIL_AT))) this.#keep(this.#without(id));
  }

  /** All of them, the newest last. */
  inOrder(): Replacement[] {
    const { length } = this.#tails;
    return this.#tails.map((_, i) => {
      const at = FIELDS * ((this.#oldest + i) % length);
      const [id, address, rttMs, lastSeenMs] = this.#fields.slice(at, at + FIELDS) as [
        Uint8Array,
        string,
        number | undefined,
        number,
      ];
      return { id, address, group: addressGroup(address), rttMs, lastSeenMs, failures: 0 };
    });
  }

  #without(id: Uint8Array): Replacement[] {
    return this.inOrder().filter((other) => !equalBytes(other.id, id));
  }

  /** Removes one that is known under the id of a newcomer, and the oldest of its group if there are too many. */
  #makeRoom(id: Uint8Array, tail: number, group: AddressGroup | undefined, mark: number, perGroupMax: number): void {
    const isNew = this.#tails.every((other, i) => other !== tail && (this.#marks[i] !== mark || group === undefined));
    if (isNew) return;
    const left = this.#without(id);
    const ofGroup = left.filter((other) => other.group === group && group !== undefined);
    this.#keep(ofGroup.length < perGroupMax ? left : left.filter((other) => other !== ofGroup[0]));
  }

  /** Makes the ring anew; one that is not full begins with the oldest. */
  #keep(left: readonly Replacement[]): void {
    this.#oldest = this.#tails.length = this.#marks.length = this.#fields.length = 0;
    for (const { id, address, group, rttMs, lastSeenMs } of left) {
      this.add(id, address, group, rttMs, lastSeenMs, Infinity, Infinity);
    }
  }
}

/** A group as a number; one for all contacts without a group. */
function markOf(group: AddressGroup | undefined): number {
  if (typeof group === "number") return group;
  let mark = 0;
  for (let i = 0; i < (group?.length ?? 0); i++) mark = (Math.imul(mark, 31) + group!.charCodeAt(i)) | 0;
  return mark;
}
