import { Inbox } from "../protocol.js";

/** Rooms begin at this size; most requests fit. */
const ROOM_BYTES_MIN = 2 * 1024;
/** Of the rooms that wait to be used again. */
const KEPT_BYTES_MAX = 1024 * 1024;

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

/** An inbox in rooms that are used again: `bytes` are valid until it is disposed of, too. */
export class Intake extends Inbox {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    super();
    this.#rooms = rooms;
  }

  protected override roomFor(needed: number): Uint8Array {
    return this.#rooms.take(needed);
  }

  protected override left(room: Uint8Array): void {
    this.#rooms.give(room);
  }

  /** Gives the room back: nobody may look at the bytes any more. */
  [Symbol.dispose](): void {
    this.empty();
  }
}
