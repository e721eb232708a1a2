/** A filter of words: tells most of those that were never noted from all that were. */

const WORDS = 16;

/** 512 bits, one for each word that was noted: with forty of them nine of ten others are told apart by one look. */
export class WordFilter {
  readonly #bits = new Array<number>(WORDS).fill(0);

  /** False if a word was never noted. */
  mayHave(word: number): boolean {
    return (this.#bits[(word >> 5) & (WORDS - 1)]! & (1 << word)) !== 0;
  }

  note(word: number): void {
    this.#bits[(word >> 5) & (WORDS - 1)]! |= 1 << word;
  }

  /** Forgets all words but these. */
  renew(words: readonly number[]): void {
    this.#bits.fill(0);
    for (const word of words) this.note(word);
  }
}
