/** Where the entries of the log lie in its segments. */

/** Bytes of a segment that hold entries, one behind the other, among other records. */
export interface Extent {
  readonly segment: number;
  /** First byte of a record. */
  readonly at: number;
  /** Bytes of whole records. */
  length: number;
  /** First entry that counts, and how many of them. */
  first: number;
  count: number;
}

/** Stores that follow each other share an extent until it has so many bytes. */
const EXTENT_BYTES = 65_536;

/** The extents of the log, by their entries. */
export class LogIndex {
  readonly #extents: Extent[] = [];

  /** Records that lie at `at` replace all entries from `first` on. */
  add({ segment, at, length, first, count }: Extent): void {
    this.#cut(first);
    if (count === 0) return;
    const last = this.#extents.at(-1);
    const continues = last?.segment === segment && last.at + last.length === at && last.first + last.count === first;
    if (last !== undefined && continues && last.length < EXTENT_BYTES) {
      last.length += length;
      last.count += count;
    } else this.#extents.push({ segment, at, length, first, count });
  }

  /** Entries up to `index` are not wanted any more. */
  trim(index: number): void {
    const kept = this.#extents.findIndex(({ first, count }) => first + count - 1 > index);
    this.#extents.splice(0, kept < 0 ? this.#extents.length : kept);
  }

  /** A snapshot has taken the place of all entries. */
  clear(): void {
    this.#extents.length = 0;
  }

  /** The extent of an entry. */
  find(index: number): Extent | undefined {
    let [low, high] = [0, this.#extents.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { first, count } = this.#extents[middle]!;
      if (first + count <= index) low = middle + 1;
      else high = middle;
    }
    const found = this.#extents[low];
    return found !== undefined && found.first <= index ? found : undefined;
  }

  #cut(first: number): void {
    for (let last = this.#extents.at(-1); last !== undefined; last = this.#extents.at(-1)) {
      if (last.first + last.count <= first) return;
      if (last.first < first) last.count = first - last.first;
      else this.#extents.pop();
    }
  }
}
