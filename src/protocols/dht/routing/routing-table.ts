/**
 * The routing table of Kademlia: proven contacts in 160 buckets by the number of leading bits that they share with the
 * own id (Maymounkov and Mazières 2002, §2.2 to §2.4).
 */
import { isBytes, own } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";
import { ID_BYTES, XorIndex, xorPrefixLength } from "../../../kernel/index.js";
import { addressGroup, type AddressGroup, type Contact } from "../contact.js";
import { TAIL_AT, wordAt } from "../id-words.js";
import { Bucket, type Entry } from "./bucket.js";
import type { Replacement } from "./replacements.js";

/** Number of buckets: bits of an id. */
export const BUCKETS = 8 * ID_BYTES;

/** Failures from which on a contact is not handed out, and from which on another may take its place. */
const HIDDEN_FAILURES = 2;
const STALE_FAILURES = 5;

/** Contacts for which a table has memory at first: those of a server among ten thousand, with the default k. */
const CAPACITY = 256;

/** How a {@link RoutingTable} is set up. */
export interface RoutingTableOptions {
  /** The own id, 20 bytes. It is never a contact. */
  readonly id: Uint8Array;
  /** Contacts of a bucket, and replacements of a bucket. Default 20. */
  readonly k?: number;
  /** Requests of a lookup at a time, at most `k`. Default 3. */
  readonly alpha?: number;
  /** Time in ms during which a contact that was seen is not pinged for its place. Default 10 minutes. */
  readonly pingQuietMs?: number;
  /** Contacts of one /24 of IPv4 or /48 of IPv6 in one bucket. Loopback addresses are not limited. Default 2. */
  readonly perGroupPerBucketMax?: number;
  /** Contacts of one /24 of IPv4 or /48 of IPv6 in the table. Loopback addresses are not limited. Default 10. */
  readonly perGroupMax?: number;
}

/** What a change of the table did, and what the owner of the table has to do. */
export interface TableChange {
  readonly added?: Contact;
  readonly removed?: Contact;
  /** Ping this contact. If it answers, `insert` it; if not, report `timedOut`. */
  readonly ping?: Contact;
  /** Why a contact was not taken: it is oneself, or too many of its group are in the table. */
  readonly refused?: "self" | "group";
}

/** The contacts of one bucket. */
export interface BucketContacts {
  /** The least recently seen first. */
  readonly live: readonly Contact[];
  /** Those that wait for a place, the newest last. */
  readonly replacements: readonly Contact[];
  /** When the bucket was last the target of a lookup. */
  readonly touchedMs: number;
}

/** Answer of a change that had no effect on who is in the table. */
const NOTHING: TableChange = Object.freeze({});

/**
 * Who is near to whom. A full bucket keeps those that it knows: a newcomer gets the place of the least recently seen
 * contact only if that one does not answer a ping. All times are monotonic.
 */
export class RoutingTable {
  readonly id: Uint8Array;
  readonly k: number;
  readonly alpha: number;
  readonly #pingQuietMs: number;
  readonly #perGroupPerBucketMax: number;
  readonly #perGroupMax: number;
  /** Those that anybody was put into, or that were the target of a lookup: most never are. */
  readonly #buckets: (Bucket | undefined)[] = new Array<Bucket | undefined>(BUCKETS).fill(undefined);
  /** The ids of all live contacts, and the contacts by their slots in it. */
  #index = new XorIndex(CAPACITY);
  readonly #entries: (Entry | undefined)[] = [];
  /** How many live contacts each group has. */
  readonly #groups = new Map<AddressGroup, number>();
  /** How many live contacts are not handed out. */
  #hidden = 0;
  #heardMs = -Infinity;
  #slots = new Uint32Array(CAPACITY);
  /** The first four bytes of the own id. */
  readonly #head: number;

  /** @throws WireError `argument` */
  constructor(options: RoutingTableOptions) {
    const { id, k, alpha } = checkedIdAndSizes(options);
    const { pingQuietMs = 600_000, perGroupPerBucketMax = 2, perGroupMax = 10 } = options;
    this.id = own(id);
    this.#head = wordAt(id, 0);
    this.k = k;
    this.alpha = alpha;
    this.#pingQuietMs = pingQuietMs;
    this.#perGroupPerBucketMax = perGroupPerBucketMax;
    this.#perGroupMax = perGroupMax;
  }

  /** Number of contacts, without replacements. */
  get size(): number {
    return this.#index.size;
  }

  /** All contacts, without replacements. */
  *contacts(): IterableIterator<Contact> {
    for (const entry of this.#entries) if (entry !== undefined) yield entry;
  }

  /** The bucket of an id: how many leading bits it shares with the own one. {@link BUCKETS} for the own id. */
  bucketOf(id: Uint8Array): number {
    const distance = wordAt(id, 0) ^ this.#head;
    // One id of 2^32 shares more than that with the own one.
    return id.length === ID_BYTES && distance !== 0 ? Math.clz32(distance) : xorPrefixLength(this.id, id);
  }

  /** The contacts of a bucket, 0 to 159. */
  bucket(index: number): BucketContacts {
    const { live, replacements, touchedMs } = this.#buckets[index] ?? new Bucket();
    return { live: live.slice(), replacements: replacements.inOrder(), touchedMs };
  }

  /**
   * Takes a contact that has just answered a request, from that address and under that id. A known one moves to the
   * end of its bucket. A known id at another address keeps its own until that one fails.
   * @param id is kept: its bytes must not change
   * @param rttMs round-trip time of that request, unless it was repeated
   */
  insert(id: Uint8Array, address: string, nowMs: number, rttMs?: number): TableChange {
    this.heard(nowMs);
    const index = this.bucketOf(id);
    if (index === BUCKETS) return { refused: "self" };
    const bucket = (this.#buckets[index] ??= new Bucket());
    const known = bucket.find(id);
    if (known !== undefined) return this.#seen(bucket, known, address, nowMs, rttMs);
    const group = addressGroup(address);
    if (bucket.live.length < this.k) {
      const newcomer = { id, address, group, rttMs, lastSeenMs: nowMs };
      if (!this.#allows(group, bucket)) return { refused: "group" };
      return { added: this.#enter(bucket, newcomer) };
    }
    const stale = this.#hidden > 0 ? bucket.live.find(({ failures }) => failures >= STALE_FAILURES) : undefined;
    if (stale !== undefined && this.#allows(group, bucket, stale)) {
      return this.#replace(bucket, stale, { id, address, group, rttMs, lastSeenMs: nowMs });
    }
    const max = this.#perGroupPerBucketMax;
    bucket.replacements.add(id, address, group, rttMs, nowMs, this.k, max);
    const head = bucket.live[0]!;
    if (bucket.probe !== undefined || nowMs - head.lastSeenMs < this.#pingQuietMs) return NOTHING;
    bucket.probe = head;
    return { ping: head };
  }

  /** Notes that anybody was heard: whoever is silent meanwhile is at fault, and not the own connection. */
  heard(nowMs: number): void {
    this.#heardMs = Math.max(this.#heardMs, nowMs);
  }

  /**
   * Notes that a contact did not answer a request. It stays, and is not handed out after two failures, until another
   * has proven that it deserves the place. Without effect if nobody at all was heard since the request.
   * @param sentMs when the request was sent
   */
  timedOut(id: Uint8Array, sentMs: number): TableChange {
    const bucket = this.#buckets[this.bucketOf(id)];
    const entry = bucket?.find(id);
    if (bucket === undefined || entry === undefined) return NOTHING;
    const isProbe = bucket.probe === entry;
    if (isProbe) bucket.probe = undefined;
    if (this.#heardMs <= sentMs || entry.lastSeenMs > sentMs) return NOTHING;
    if (entry.otherAddress !== undefined && this.#moveTo(entry, bucket, entry.otherAddress)) return NOTHING;
    if (++entry.failures === HIDDEN_FAILURES) this.#hidden++;
    if (!isProbe && entry.failures < STALE_FAILURES) return NOTHING;
    const next = this.#replacementOf(bucket, entry);
    if (next === undefined) return NOTHING;
    return isProbe ? this.#replace(bucket, entry, next) : { ping: next };
  }

  /** Removes a contact; the newest replacement takes its place. */
  remove(id: Uint8Array): TableChange {
    const bucket = this.#buckets[this.bucketOf(id)];
    bucket?.replacements.remove(id);
    const entry = bucket?.find(id);
    if (bucket === undefined || entry === undefined) return NOTHING;
    const next = this.#replacementOf(bucket, entry);
    if (next !== undefined) return this.#replace(bucket, entry, next);
    this.#leave(bucket, entry);
    return { removed: entry };
  }

  /** Whether a newcomer of that id would get a place at once, but for the limits of its group. */
  hasRoomFor(id: Uint8Array): boolean {
    const index = this.bucketOf(id);
    const bucket = this.#buckets[index] ?? new Bucket();
    return index < BUCKETS && bucket.live.length < this.k && bucket.find(id) === undefined;
  }

  /** When a bucket was last the target of a lookup. */
  touchedMs(index: number): number {
    return this.#buckets[index]?.touchedMs ?? -Infinity;
  }

  /** The contact of an id, or undefined. */
  find(id: Uint8Array): Contact | undefined {
    return this.#buckets[this.bucketOf(id)]?.find(id);
  }

  /** Whether an id is that of a contact which failed of late, and is not handed out. */
  isSilent(id: Uint8Array): boolean {
    const entry = this.#buckets[this.bucketOf(id)]?.find(id);
    return entry !== undefined && entry.failures >= HIDDEN_FAILURES;
  }

  /**
   * The contacts nearest to a target, nearest first, without those that failed of late. Default `k` of them.
   * @param except a contact that is left out
   */
  closest(target: Uint8Array, count = this.k, except?: Contact): Contact[] {
    const spare = this.#hidden + (except === undefined ? 0 : 1);
    const slots = this.#index.closest(target, count + spare, this.#slots);
    const nearest: Contact[] = [];
    for (let i = 0; i < slots.length && nearest.length < count; i++) {
      const entry = this.#entries[slots[i]!]!;
      // Where nobody is hidden, no contact is looked into: among many servers each look misses the cache.
      if (entry !== except && (this.#hidden === 0 || entry.failures < HIDDEN_FAILURES)) nearest.push(entry);
    }
    return nearest;
  }

  /** The contact of an id, else the nearest one; undefined in an empty table. */
  lookup(id: Uint8Array): Contact | undefined {
    return this.find(id) ?? this.closest(id, 1)[0];
  }

  /** Notes a lookup for a target: its bucket needs no refresh for a while. */
  touch(target: Uint8Array, nowMs: number): void {
    const index = this.bucketOf(target);
    if (index < BUCKETS) (this.#buckets[index] ??= new Bucket()).touchedMs = nowMs;
  }

  #seen(bucket: Bucket, entry: Entry, address: string, nowMs: number, rttMs: number | undefined): TableChange {
    if (address !== entry.address) {
      if (address === entry.otherAddress) return NOTHING;
      // Two servers under one id, or one that moved: a ping to the present address decides.
      entry.otherAddress = address;
      return { ping: entry };
    }
    if (bucket.probe === entry) bucket.probe = undefined;
    if (entry.failures >= HIDDEN_FAILURES) this.#hidden--;
    entry.failures = 0;
    entry.otherAddress = undefined;
    entry.lastSeenMs = nowMs;
    entry.rttMs = rttMs ?? entry.rttMs;
    bucket.move(entry);
    return NOTHING;
  }

  /** True if the limits of groups allow one more of `group` in `bucket`, once `leaving` has gone. */
  #allows(group: AddressGroup | undefined, bucket: Bucket, leaving?: Entry): boolean {
    if (group === undefined) return true;
    const freed = leaving?.group === group ? 1 : 0;
    return (
      (this.#groups.get(group) ?? 0) - freed < this.#perGroupMax &&
      bucket.countOf(group) - freed < this.#perGroupPerBucketMax
    );
  }

  /** The newest of those that may take the place of a contact. */
  #replacementOf(bucket: Bucket, leaving: Entry): Replacement | undefined {
    return bucket.replacements.inOrder().findLast(({ group }) => this.#allows(group, bucket, leaving));
  }

  #enter(bucket: Bucket, { id, address, group, rttMs, lastSeenMs }: Omit<Replacement, "failures">): Contact {
    const entry: Entry = {
      id,
      tail: wordAt(id, TAIL_AT),
      address,
      group,
      rttMs,
      lastSeenMs,
      failures: 0,
      slot: -1,
      otherAddress: undefined,
    };
    bucket.replacements.remove(id);
    bucket.enter(entry);
    if (this.#index.size === this.#index.capacity) this.#grow();
    this.#place(entry);
    this.#count(group, 1);
    return entry;
  }

  #place(entry: Entry): void {
    entry.slot = this.#index.insert(entry.id);
    this.#entries[entry.slot] = entry;
  }

  /** Moves all contacts into an index of twice the size; each gets another slot. */
  #grow(): void {
    const { capacity } = this.#index;
    const entries = this.#entries.splice(0);
    this.#index = new XorIndex(2 * capacity);
    this.#slots = new Uint32Array(2 * capacity);
    for (const entry of entries) this.#place(entry!);
  }

  #leave(bucket: Bucket, entry: Entry): void {
    bucket.leave(entry);
    if (bucket.probe === entry) bucket.probe = undefined;
    this.#index.remove(entry.id);
    this.#entries[entry.slot] = undefined;
    entry.slot = -1;
    this.#count(entry.group, -1);
    if (entry.failures >= HIDDEN_FAILURES) this.#hidden--;
  }

  #replace(bucket: Bucket, removed: Entry, newcomer: Omit<Replacement, "failures">): TableChange {
    this.#leave(bucket, removed);
    return { added: this.#enter(bucket, newcomer), removed };
  }

  /** Gives a contact another address at which its id was proven, unless the limits of groups forbid it. */
  #moveTo(entry: Entry, bucket: Bucket, address: string): boolean {
    const group = addressGroup(address);
    entry.otherAddress = undefined;
    if (!this.#allows(group, bucket, entry)) return false;
    this.#count(entry.group, -1);
    this.#count(group, 1);
    entry.address = address;
    entry.group = group;
    if (entry.failures >= HIDDEN_FAILURES) this.#hidden--;
    entry.failures = 0;
    return true;
  }

  #count(group: AddressGroup | undefined, by: number): void {
    if (group === undefined) return;
    const count = (this.#groups.get(group) ?? 0) + by;
    if (count > 0) this.#groups.set(group, count);
    else this.#groups.delete(group);
  }
}

/** The own id and the sizes of a table. @throws WireError `argument`, with what the reference says */
export function checkedIdAndSizes({ id, k = 20, alpha = 3 }: RoutingTableOptions): {
  id: Uint8Array;
  k: number;
  alpha: number;
} {
  if (!isBytes(id) || id.length !== ID_BYTES) {
    const shown = isBytes(id) ? `bad node id: [${id.join(" ")}]` : `bad node id: ${typeof id}`;
    throw argumentError("dht", "id", `${ID_BYTES} bytes`, shown);
  }
  if (!Number.isInteger(k) || k <= 0) throw argumentError("dht", "k", "a positive integer", `bad k value: ${k}`);
  if (!Number.isInteger(alpha) || alpha <= 0 || alpha > k) {
    throw argumentError("dht", "alpha", "a positive integer, at most k", `bad a value: ${alpha} (k=${k})`);
  }
  return { id, k, alpha };
}
