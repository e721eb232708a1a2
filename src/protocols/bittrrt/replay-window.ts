/**
 * Whether something has been here: it has not, nor has anything of a higher order; it has not; it has; or it may have
 * and is forgotten.
 */
export type Seen = "latest" | "new" | "again" | "old";

/**
 * Remembers the last things that were noted, at least `size` of them and at most twice as many. What bears an order is
 * never new twice, however long ago it came: whatever is not above all that was forgotten is old (as in RFC 4303,
 * section 3.4.3, for numbers that may leave gaps and come more than once).
 */
export class ReplayWindow<Id> {
  readonly #size: number;
  #recent = new Set<Id>();
  #older = new Set<Id>();
  /** The highest orders of both, and of all that are forgotten. */
  #recentMax = -Infinity;
  #olderMax = -Infinity;
  #forgottenMax = -Infinity;

  constructor(size: number) {
    this.#size = size;
  }

  has(id: Id): boolean {
    return this.#recent.has(id) || this.#older.has(id);
  }

  /** Notes what is new. Without an `order` nothing is old. */
  note(id: Id, order?: number): Seen {
    if (this.has(id)) return "again";
    if (order !== undefined && order <= this.#forgottenMax) return "old";
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
