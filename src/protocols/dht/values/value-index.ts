/** The values that a server holds, without their bytes: how long, how many of one key, how many of one source. */
import { equalBytes, own, toHex } from "../../../bytes/index.js";
import { DeadlineHeap, type Millis } from "../../../machine/index.js";
import type { AddressGroup } from "../contact.js";
import type { ValueFacts } from "./facts.js";

/** Limits of a {@link ValueIndex}. */
export interface ValueLimits {
  /** Values. */
  readonly valuesMax: number;
  /** Bytes of all values. */
  readonly bytesMax: number;
  /** Values under one key, which differ in their hash. */
  readonly variantsMax: number;
}

/** Share of values, and of bytes, that one source may take. */
const SOURCE_SHARE = 1 / 4;

/** From whom a value comes. */
export interface ValueSource {
  /** The group of the sender's address; undefined for oneself and for addresses that are not limited. */
  readonly group?: AddressGroup | undefined;
  /** Published here. It is never pushed out. */
  readonly isOwn?: boolean;
  /** The sender is the publisher, at an address that it has proven. */
  readonly isPublisher?: boolean;
  /** The sender says that it is the publisher. A client can prove no more: nobody knows it as a contact. */
  readonly saysPublisher?: boolean;
}

/** A value that is held. */
export interface HeldValue {
  /** 20 bytes. */
  readonly key: Uint8Array;
  readonly facts: ValueFacts;
  readonly totalBytes: number;
  /** Monotonic time of publication. */
  readonly publishedMs: Millis;
  readonly expiresMs: Millis;
  /** When it was last stored here. */
  readonly storedMs: Millis;
  readonly isOwn: boolean;
}

interface Entry extends HeldValue {
  facts: ValueFacts;
  publishedMs: Millis;
  expiresMs: Millis;
  storedMs: Millis;
  isOwn: boolean;
  readonly group: AddressGroup | undefined;
  /** When its hash was last asked for. */
  wantedMs: Millis;
}

/** What became of a value that was offered. */
export type Offer =
  /** It has a place. `displaced` gave theirs up, or have expired: their bytes can go. */
  | { readonly outcome: "new"; readonly value: HeldValue; readonly displaced: readonly HeldValue[] }
  /** It was there: its times are up to date. `isChanged` tells whether what is held of it has changed. */
  | { readonly outcome: "known"; readonly value: HeldValue; readonly isChanged: boolean }
  /** There is no room for it, or it is as old as its time to live. */
  | { readonly outcome: "full" | "expired" };

/** All values, by key and hash. Times are monotonic. */
export class ValueIndex {
  readonly #limits: ValueLimits;
  readonly #byKey = new Map<string, Entry[]>();
  readonly #expiry = new DeadlineHeap<Entry>();
  readonly #ofGroup = new Map<AddressGroup, { values: number; bytes: number }>();
  #bytes = 0;
  #size = 0;

  constructor(limits: ValueLimits) {
    this.#limits = limits;
  }

  /** Number of values. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of all values. */
  get bytes(): number {
    return this.#bytes;
  }

  /** When the next value expires; `Infinity` for never. */
  get nextMs(): Millis {
    return this.#expiry.nextMs;
  }

  /**
   * Takes a value, or brings the times of a known one up to date: it never becomes younger or lives longer, unless its
   * publisher says so, and a cached copy changes nothing of a full one. Who only says that it is the publisher may
   * lengthen a life, which costs no more than another value would. What is published here never lives shorter by what
   * others say: a holder, whom everybody may tell a shorter life, gets it again from here.
   */
  offer(key: Uint8Array, facts: ValueFacts, totalBytes: number, source: ValueSource, nowMs: Millis): Offer {
    const publishedMs = nowMs - facts.ageSeconds * 1000;
    const expiresMs = publishedMs + facts.ttlSeconds * 1000;
    if (expiresMs <= nowMs) return { outcome: "expired" };
    const variants = this.#byKey.get(toHex(key)) ?? [];
    const known = variants.find((entry) => equalBytes(entry.facts.dataSha256, facts.dataSha256));
    if (known !== undefined) {
      const isChanged = this.#merge(known, facts, { publishedMs, expiresMs }, source, nowMs);
      return { outcome: "known", value: known, isChanged };
    }
    const displaced = this.#makeRoom(variants, totalBytes, source, nowMs);
    if (displaced === undefined) return { outcome: "full" };
    for (const entry of displaced) this.#remove(entry);
    const entry: Entry = {
      key: own(key),
      facts: ownFacts(facts),
      totalBytes,
      publishedMs,
      expiresMs,
      storedMs: nowMs,
      isOwn: source.isOwn === true,
      group: source.isOwn === true ? undefined : source.group,
      wantedMs: -Infinity,
    };
    this.#add(entry);
    return { outcome: "new", value: entry, displaced };
  }

  /** The value under a key: that of a hash, which counts as wanted, or the one that has been held longest. */
  get(key: Uint8Array, nowMs: Millis, dataSha256?: Uint8Array): HeldValue | undefined {
    const variants = this.variants(key).filter(({ expiresMs }) => expiresMs > nowMs) as Entry[];
    if (dataSha256 === undefined) return variants.find(({ facts }) => !facts.isCached) ?? variants[0];
    const wanted = variants.find(({ facts }) => equalBytes(facts.dataSha256, dataSha256));
    if (wanted !== undefined) wanted.wantedMs = nowMs;
    return wanted;
  }

  /** All values under a key, the longest held first. */
  variants(key: Uint8Array): readonly HeldValue[] {
    return this.#byKey.get(toHex(key)) ?? [];
  }

  /** All values. */
  *values(): IterableIterator<HeldValue> {
    for (const variants of this.#byKey.values()) yield* variants;
  }

  /** Removes a value, if it is still held. */
  remove(value: HeldValue): void {
    if (this.variants(value.key).includes(value)) this.#remove(value as Entry);
  }

  /** Removes one value that has expired, and returns it. */
  popExpired(nowMs: Millis): HeldValue | undefined {
    const expired = this.#expiry.popDue(nowMs);
    if (expired !== undefined) this.#remove(expired);
    return expired;
  }

  #merge(
    entry: Entry,
    facts: ValueFacts,
    { publishedMs, expiresMs }: { readonly publishedMs: Millis; readonly expiresMs: Millis },
    { isOwn = false, isPublisher = false, saysPublisher = false }: ValueSource,
    nowMs: Millis,
  ): boolean {
    const { isCached } = facts;
    // A copy tells nothing about the value itself.
    if (isCached && !entry.facts.isCached) return false;
    const before = { expiresMs: entry.expiresMs, isCached: entry.facts.isCached, isOwn: entry.isOwn };
    const lengthens =
      saysPublisher && expiresMs > entry.expiresMs && equalBytes(facts.publisher, entry.facts.publisher);
    // Nobody knows better than its publisher how long a value lives, and without it here nobody stores it again.
    const isPromised = entry.isOwn && !isOwn && expiresMs < entry.expiresMs;
    if (isPromised) return false;
    const replaces = isOwn || isPublisher || lengthens || (!isCached && entry.facts.isCached);
    if (replaces) {
      entry.publishedMs = publishedMs;
      entry.expiresMs = expiresMs;
    } else if (expiresMs < entry.expiresMs) {
      entry.publishedMs = Math.min(entry.publishedMs, publishedMs);
      entry.expiresMs = expiresMs;
    }
    entry.isOwn ||= isOwn;
    if (!isCached) entry.storedMs = nowMs;
    const ttlSeconds = Math.max(1, Math.round((entry.expiresMs - entry.publishedMs) / 1000));
    entry.facts = { ...entry.facts, isCached, ttlSeconds };
    this.#expiry.set(entry, entry.expiresMs);
    return (
      entry.expiresMs !== before.expiresMs || entry.facts.isCached !== before.isCached || entry.isOwn !== before.isOwn
    );
  }

  /** The values that have to go for one more, or undefined if they may not. */
  #makeRoom(
    variants: readonly Entry[],
    totalBytes: number,
    { group, isOwn = false }: ValueSource,
    nowMs: Millis,
  ): Entry[] | undefined {
    const { valuesMax, bytesMax, variantsMax } = this.#limits;
    const leaving: Entry[] = [];
    const ofGroup = group === undefined ? undefined : variants.find((entry) => entry.group === group && !entry.isOwn);
    if (ofGroup !== undefined) leaving.push(ofGroup);
    else if (variants.length >= variantsMax) {
      const unwanted = variants
        .filter((entry) => !entry.isOwn && nowMs - entry.wantedMs > entry.facts.ttlSeconds * 1000)
        .toSorted((a, b) => a.wantedMs - b.wantedMs || a.storedMs - b.storedMs)[0];
      if (unwanted === undefined) return undefined;
      leaving.push(unwanted);
    }
    const freed = leaving.reduce((bytes, entry) => bytes + entry.totalBytes, 0);
    if (this.#size - leaving.length >= valuesMax || this.#bytes - freed + totalBytes > bytesMax) return undefined;
    if (isOwn || group === undefined) return leaving;
    const of = this.#ofGroup.get(group) ?? { values: 0, bytes: 0 };
    const isOfGroup = ofGroup !== undefined ? 1 : 0;
    const hasShare =
      of.values - isOfGroup < valuesMax * SOURCE_SHARE &&
      of.bytes - isOfGroup * freed + totalBytes <= bytesMax * SOURCE_SHARE;
    return hasShare ? leaving : undefined;
  }

  #add(entry: Entry): void {
    const key = toHex(entry.key);
    const variants = this.#byKey.get(key);
    if (variants === undefined) this.#byKey.set(key, [entry]);
    else variants.push(entry);
    this.#expiry.set(entry, entry.expiresMs);
    this.#count(entry, 1);
  }

  #remove(entry: Entry): void {
    const key = toHex(entry.key);
    const left = this.#byKey.get(key)!.filter((other) => other !== entry);
    if (left.length === 0) this.#byKey.delete(key);
    else this.#byKey.set(key, left);
    this.#expiry.delete(entry);
    this.#count(entry, -1);
  }

  #count({ group, totalBytes }: Entry, by: 1 | -1): void {
    this.#size += by;
    this.#bytes += by * totalBytes;
    if (group === undefined) return;
    const of = this.#ofGroup.get(group) ?? { values: 0, bytes: 0 };
    const next = { values: of.values + by, bytes: of.bytes + by * totalBytes };
    if (next.values === 0) this.#ofGroup.delete(group);
    else this.#ofGroup.set(group, next);
  }
}

function ownFacts(facts: ValueFacts): ValueFacts {
  const { publisher, dataSha256, chunk } = facts;
  return {
    ...facts,
    publisher: own(publisher),
    dataSha256: own(dataSha256),
    ...(chunk && { chunk: { parent: own(chunk.parent), chunkIndex: chunk.chunkIndex } }),
  };
}
