/** Takes exact numbers of bytes from a stream of parts of any length. */
import { isBytes, kindOf } from "../../../bytes/checks.js";
import { concatBytes } from "../../../bytes/index.js";
import { argumentError } from "../../../errors.js";

/** A stream that is read by numbers of bytes. */
export class ByteSource {
  readonly #parts: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #hasEnded = false;

  constructor(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#parts = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The next `length` bytes, or all that are left if they are fewer; room is made for what came, not for `length`. */
  async take(length: number): Promise<Uint8Array> {
    const taken: Uint8Array[] = [];
    let missing = length;
    while (missing > 0 && (this.#rest.length > 0 || (await this.#pull()))) {
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      taken.push(part);
      missing -= part.length;
    }
    return taken.length === 1 ? taken[0]! : concatBytes(...taken);
  }

  /** Whether nothing is left. */
  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) if (!(await this.#pull())) return true;
    return false;
  }

  /** Tells the source that no more is wanted. */
  async close(): Promise<void> {
    if (!this.#hasEnded) await this.#parts.return?.();
    this.#hasEnded = true;
  }

  async #pull(): Promise<boolean> {
    if (this.#hasEnded) return false;
    const { done, value } = await this.#parts.next();
    if (done === true) {
      this.#hasEnded = true;
      return false;
    }
    if (!isBytes(value)) throw argumentError("qkd.open", "source", "parts that are Uint8Arrays", kindOf(value));
    this.#rest = value;
    return true;
  }
}
