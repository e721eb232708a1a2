import { MemoryValues } from "../machine/index.js";
import type { Disk } from "../machine/index.js";

/** A disk that forgets when the process ends. */
export function memoryDisk(): Disk {
  const values = new MemoryValues();
  return {
    load(key, done) {
      queueMicrotask(() => done({ ok: true, value: values.read(key) }));
    },
    store(key, at, bytes, done) {
      queueMicrotask(() => {
        values.write(key, at, bytes);
        done({ ok: true, value: undefined });
      });
    },
  };
}
