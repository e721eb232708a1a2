import type { Result } from "../errors.js";

/**
 * Values by key, written in place. Operations on one key take effect in the order in which they were asked for.
 * `done` is called exactly once and never before the method returns; failures are `storage` issues.
 */
export interface Disk {
  /** Undefined where the key does not exist. The bytes are borrowed until `done` returns. */
  load(key: string, done: (outcome: Result<Uint8Array | undefined>) => void): void;
  /** Takes the bytes and writes them at byte `at`; the value grows as needed, a gap reads as zeros. Done means: it survives a crash. */
  store(key: string, at: number, bytes: Uint8Array, done: (outcome: Result<void>) => void): void;
}

/** A disk that forgets when the process ends. */
export function memoryDisk(): Disk {
  const values = new Map<string, GrowingValue>();
  return {
    load(key, done) {
      queueMicrotask(() => done({ ok: true, value: values.get(key)?.bytes }));
    },
    store(key, at, bytes, done) {
      queueMicrotask(() => {
        let value = values.get(key);
        if (value === undefined) values.set(key, (value = new GrowingValue()));
        value.write(at, bytes);
        done({ ok: true, value: undefined });
      });
    },
  };
}

class GrowingValue {
  #room = new Uint8Array(0);
  #length = 0;

  get bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  write(at: number, bytes: Uint8Array): void {
    const end = at + bytes.length;
    if (end > this.#room.length) {
      const room = new Uint8Array(Math.max(end, 2 * this.#room.length));
      room.set(this.bytes);
      this.#room = room;
    }
    this.#room.set(bytes, at);
    this.#length = Math.max(this.#length, end);
  }
}
