/** Rooms begin at this size; most requests fit. */
const ROOM_BYTES_MIN = 2 * 1024;
/** Of the rooms that wait to be used again. */
const KEPT_BYTES_MAX = 1024 * 1024;
const NOTHING = new Uint8Array(0);

/**
 * Buffers that requests are collected in, used again and again: a new one of 64 KiB for each request of 3,000 coins
 * took longer, and kept the garbage collector longer, than the coins did.
 */
export class Rooms {
  /** By the logarithm of their size. */
  readonly #kept: Uint8Array[][] = [];
  #keptBytes = 0;

  /** A room of at least so many bytes that have arrived, and less than twice as many; whatever is in it is old. */
  take(bytes: number): Uint8Array {
    const log = Math.ceil(Math.log2(Math.max(bytes, ROOM_BYTES_MIN)));
    const room = this.#kept[log]?.pop();
    if (room === undefined) return new Uint8Array(2 ** log);
    this.#keptBytes -= room.length;
    return room;
  }

  /** Takes back a room that nobody looks at any more. */
  give(room: Uint8Array): void {
    if (room.length === 0 || this.#keptBytes + room.length > KEPT_BYTES_MAX) return;
    (this.#kept[Math.log2(room.length)] ??= []).push(room);
    this.#keptBytes += room.length;
  }
}

/** Bytes that arrive in pieces of any size: their room grows with what has come, never with what was announced. */
export class Intake {
  readonly #rooms: Rooms;
  #room: Uint8Array = NOTHING;
  #length = 0;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  get length(): number {
    return this.#length;
  }

  /** What has arrived; valid until the next `push`, and until it is disposed of. */
  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  /** Takes at most so many bytes in all; the rest is dropped. */
  push(bytes: Uint8Array, most: number): void {
    const take = Math.min(bytes.length, most - this.#length);
    if (take <= 0) return;
    const needed = this.#length + take;
    if (needed > this.#room.length) {
      const room = this.#rooms.take(needed);
      room.set(this.bytes);
      this.#rooms.give(this.#room);
      this.#room = room;
    }
    this.#room.set(take === bytes.length ? bytes : bytes.subarray(0, take), this.#length);
    this.#length = needed;
  }

  /** Gives the room back: nobody may look at the bytes any more. */
  [Symbol.dispose](): void {
    this.#rooms.give(this.#room);
    this.#room = NOTHING;
    this.#length = 0;
  }
}
