/** A replay window: which items were received before. */

/**
 * Whether an item was recorded before: `latest` is new and above all recorded orders, `new` is new, `duplicate` is
 * recorded, and `expired` may have been recorded and forgotten.
 */
export type Freshness = "latest" | "new" | "duplicate" | "expired";

/**
 * Remembers the last recorded items, at least `size` of them and at most twice as many. An item with an order is never
 * new twice: an order that is not above all forgotten ones is expired. RFC 4303, section 3.4.3, does the same for
 * sequence numbers; here orders may have gaps and occur more than once.
 */
export class ReplayWindow<Id> {
  readonly #size: number;
  #recent = new Set<Id>();
  #older = new Set<Id>();
  /** The highest orders of both sets, and of all forgotten items. */
  #recentMax = -Infinity;
  #olderMax = -Infinity;
  #forgottenMax = -Infinity;

  constructor(size: number) {
    this.#size = size;
  }

  /** Whether an item is remembered. */
  has(id: Id): boolean {
    return this.#recent.has(id) || this.#older.has(id);
  }

  /** Records a new item. One without an `order` never expires. */
  record(id: Id, order?: number): Freshness {
    if (this.has(id)) return "duplicate";
    if (order !== undefined && order <= this.#forgottenMax) return "expired";
    if (this.#recent.size >= this.#size) this.#forget();
    this.#recent.add(id);
    if (order === undefined) return "new";
    const isLatest = order >= Math.max(this.#recentMax, this.#olderMax, this.#forgottenMax);
    this.#recentMax = Math.max(this.#recentMax, order);
    return isLatest ? "latest" : "new";
  }

  #forget(): void {
    this.#forgottenMax = Math.max(this.#forgottenMax, this.#olderMax);
    [this.#older, this.#olderMax] = [this.#recent, this.#recentMax];
    [this.#recent, this.#recentMax] = [new Set(), -Infinity];
  }
}
