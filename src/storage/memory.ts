/** The disk in memory. */
import { MemoryValues, type Disk } from "../machine/index.js";

/** A disk in memory: it is empty at first, and lost when the process ends. */
export function memoryDisk(): Disk {
  const values = new MemoryValues();
  return {
    load(key, done) {
      queueMicrotask(() => done({ ok: true, value: values.read(key) }));
    },
    store(writes, done) {
      queueMicrotask(() => {
        for (const write of writes) values.write(write);
        done({ ok: true, value: undefined });
      });
    },
  };
}
