/** What two KMEs have in common: keys that the quantum link has made, and those that a master was given. */

/** A key that was given to its master. */
export interface StoredKey {
  readonly keyId: string;
  /** Base64, as it goes over the wire. */
  readonly key: string;
  /** Times that it can still be fetched. */
  fetches: number;
}

/** The keys of one pair that nobody has fetched. */
interface Container {
  readonly master: string;
  readonly slave: string;
  readonly keys: Map<string, StoredKey>;
}

/** How fast keys are made. */
export interface PoolRules {
  /** Keys that can wait for a master. */
  readonly most: number;
  /** Keys at the start. Default: as many as can wait. */
  readonly first?: number;
  readonly perSecond: number;
}

/** The store of a pair of KMEs. Both see the same, at once. */
export class KeyStore {
  readonly #rules: PoolRules;
  #pool: number;
  #filledMs: number | undefined;
  #containers: Container[] = [];

  constructor(rules: PoolRules) {
    this.#rules = rules;
    this.#pool = Math.min(rules.first ?? rules.most, rules.most);
  }

  /** Keys that are free at this time. */
  free(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - (this.#filledMs ?? nowMs));
    this.#filledMs = nowMs;
    this.#pool = Math.min(this.#rules.most, this.#pool + (elapsedMs / 1000) * this.#rules.perSecond);
    return Math.floor(this.#pool);
  }

  /** Takes free keys, of which there have to be enough. */
  take(count: number): void {
    this.#pool -= count;
  }

  /** Keys of a pair that nobody has fetched, those of the other direction with them. */
  undelivered(one: string, other: string): number {
    return this.#between(one, other).reduce((sum, { keys }) => sum + keys.size, 0);
  }

  /** Whether a pair has keys, in either direction. */
  isInvolved(one: string, other: string): boolean {
    return this.undelivered(one, other) > 0;
  }

  /**
   * Keeps keys for a slave.
   * @param loses once the pair has a container, all keys of pairs with the same master or slave are thrown away
   */
  keep(master: string, slave: string, keys: readonly StoredKey[], loses: boolean): void {
    const own = this.#of(master, slave);
    if (own !== undefined && loses) {
      this.#containers = this.#containers.filter((each) => each.master !== master && each.slave !== slave);
    }
    const container = loses ? undefined : own;
    const kept = container ?? { master, slave, keys: new Map<string, StoredKey>() };
    if (container === undefined) this.#containers.push(kept);
    for (const key of keys) kept.keys.set(key.keyId, key);
  }

  /** Keys of a pair by ID, in the order in which they were kept; those that it lacks are left out. */
  find(master: string, slave: string, ids: ReadonlySet<string>): StoredKey[] {
    const keys = this.#of(master, slave)?.keys.values() ?? [];
    return [...keys].filter(({ keyId }) => ids.has(keyId));
  }

  /** Counts a fetch of keys; those that were fetched often enough are gone. */
  fetched(master: string, slave: string, keys: readonly StoredKey[]): void {
    const container = this.#of(master, slave);
    for (const key of keys) if (--key.fetches <= 0) container?.keys.delete(key.keyId);
  }

  /** Whether any pair has a key of this ID. */
  has(keyId: string): boolean {
    return this.#containers.some(({ keys }) => keys.has(keyId));
  }

  #of(master: string, slave: string): Container | undefined {
    return this.#containers.find((each) => each.master === master && each.slave === slave);
  }

  #between(one: string, other: string): Container[] {
    return this.#containers.filter(
      ({ master, slave }) => (master === one && slave === other) || (master === other && slave === one),
    );
  }
}
