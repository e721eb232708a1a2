/** Byte values in memory, by key. */
import { isPut } from "../disk-values.js";
import type { DiskWrite } from "../types.js";

/** Values by key that grow as they are written: the content of a disk in memory. */
export class MemoryValues {
  readonly #values = new Map<string, { room: Uint8Array; length: number }>();

  /** A view of the current value; undefined for an unknown key. */
  read(key: string): Uint8Array | undefined {
    const value = this.#values.get(key);
    return value?.room.subarray(0, value.length);
  }

  /** The keys that begin with a prefix, in ascending order. */
  keys(prefix: string): string[] {
    return [...this.#values.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  write(write: DiskWrite): void {
    if (!isPut(write)) return void this.#values.delete(write.key);
    const { key, at, bytes } = write;
    let value = this.#values.get(key);
    if (value === undefined) this.#values.set(key, (value = { room: new Uint8Array(bytes.length), length: 0 }));
    const end = at + bytes.length;
    if (end > value.room.length) {
      const room = new Uint8Array(Math.max(end, 2 * value.room.length));
      room.set(value.room);
      value.room = room;
    }
    value.room.set(bytes, at);
    value.length = Math.max(value.length, end);
  }
}
