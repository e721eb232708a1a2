/** Bytes of a nonce that tell it apart: 48 bits fit a number, and no one can choose those of an authentic frame. */
const SIGNIFICANT_BYTES = 6;

/** Remembers the nonces of the last frames, at least `size` and at most twice as many. */
export class ReplayWindow {
  readonly #size: number;
  #recent = new Set<number>();
  #older = new Set<number>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Notes the nonce at the beginning of a datagram. False where it was noted before. */
  note(datagram: Uint8Array): boolean {
    let nonce = 0;
    for (let i = 0; i < SIGNIFICANT_BYTES; i++) nonce = nonce * 256 + datagram[i]!;
    if (this.#recent.has(nonce) || this.#older.has(nonce)) return false;
    if (this.#recent.size >= this.#size) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(nonce);
    return true;
  }
}
