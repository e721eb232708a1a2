/** Buffer for the bytes of one message that arrives in pieces of any size. */

const EMPTY = new Uint8Array(0);

/**
 * Collects the bytes of one message. It grows with the bytes that have arrived, never with the announced length. A
 * connection carries one message each way, so there are no frames to split, as `FrameReader` does; subclasses can pool
 * and wipe the storage, and a server can read the header before the body is complete.
 */
export class ReceiveBuffer {
  #storage: Uint8Array = EMPTY;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The bytes that have arrived; valid until the next `push`. */
  get bytes(): Uint8Array {
    return this.#storage.subarray(0, this.#length);
  }

  /** Appends bytes until `lengthMax` bytes are stored; drops the rest. */
  push(bytes: Uint8Array, lengthMax: number): void {
    const take = Math.min(bytes.length, lengthMax - this.#length);
    if (take <= 0) return;
    const needed = this.#length + take;
    if (needed > this.#storage.length) this.#moveTo(this.allocate(needed, this.#storage.length, lengthMax));
    this.#storage.set(take === bytes.length ? bytes : bytes.subarray(0, take), this.#length);
    this.#length = needed;
  }

  /** Allocates storage of at least `needed` bytes, to replace storage of `current` bytes. */
  protected allocate(needed: number, current: number, lengthMax: number): Uint8Array {
    return new Uint8Array(Math.max(needed, Math.min(2 * current, lengthMax)));
  }

  /** Takes back storage that this buffer no longer uses. */
  protected release(_storage: Uint8Array): void {}

  /** Drops all bytes and releases the storage. */
  protected clear(): void {
    this.#length = 0;
    this.#moveTo(EMPTY);
  }

  #moveTo(storage: Uint8Array): void {
    const old = this.#storage;
    storage.set(this.bytes);
    this.#storage = storage;
    this.release(old);
  }
}
