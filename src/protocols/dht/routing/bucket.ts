/** Buckets: the contacts of one distance, and those that wait for a place. */
import { equalBytes } from "../../../bytes/index.js";
import type { Contact } from "../contact.js";

/** A contact as the table keeps it. */
export interface Entry extends Contact {
  address: string;
  group: string | undefined;
  rttMs: number | undefined;
  lastSeenMs: number;
  failures: number;
  /** Rises with each sight of any contact: the least recently seen has the least. */
  seenOrder: number;
  /** Slot in the index of ids; -1 while the contact waits. */
  slot: number;
  /** Another address at which the id was proven; it counts when the present one does not answer. */
  otherAddress: string | undefined;
}

/** Contacts that share the same number of leading bits with the own id. */
export class Bucket {
  /** In no order; {@link Entry.seenOrder} has it. */
  readonly live: Entry[] = [];
  /** Proven contacts without a place, the newest last. */
  readonly replacements: Entry[] = [];
  /** The live contact that is pinged, since others wait for its place. */
  probe: Entry | undefined;
  touchedMs = -Infinity;

  /** The live contact that was seen least recently. Requires that there is one. */
  get head(): Entry {
    return this.live.reduce((head, entry) => (entry.seenOrder < head.seenOrder ? entry : head));
  }

  /** How many live contacts belong to a group. */
  countOf(group: string): number {
    let count = 0;
    for (const entry of this.live) if (entry.group === group) count++;
    return count;
  }

  /**
   * Keeps a contact as the newest replacement. Beyond `replacementsMax`, or `perGroupMax` of its group, the oldest
   * goes.
   */
  wait(entry: Entry, replacementsMax: number, perGroupMax: number): void {
    this.forget(entry.id);
    const ofGroup = this.replacements.filter(({ group }) => group !== undefined && group === entry.group);
    if (ofGroup.length >= perGroupMax) this.forget(ofGroup[0]!.id);
    else if (this.replacements.length >= replacementsMax) this.replacements.shift();
    this.replacements.push(entry);
  }

  /** Removes a replacement, if it is one. */
  forget(id: Uint8Array): void {
    const place = this.replacements.findIndex((entry) => equalBytes(entry.id, id));
    if (place >= 0) this.replacements.splice(place, 1);
  }
}
