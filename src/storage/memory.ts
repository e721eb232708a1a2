/** The disk in memory. */
import { flawOfRead, flawOfWrites, MemoryValues, partOf, type Disk } from "../machine/index.js";

/** A disk in memory: it is empty at first, and lost when the process ends. */
export function memoryDisk(): Disk {
  const values = new MemoryValues();
  return {
    load(read, done) {
      const flaw = flawOfRead(read);
      queueMicrotask(() =>
        done(
          flaw === undefined ? { ok: true, value: partOf(values.read(read.key), read) } : { ok: false, error: flaw },
        ),
      );
    },
    list(prefix, done) {
      queueMicrotask(() => done({ ok: true, value: values.keys(prefix) }));
    },
    store(writes, done) {
      const error = flawOfWrites(writes);
      queueMicrotask(() => {
        if (error !== undefined) return done({ ok: false, error });
        for (const write of writes) values.write(write);
        done({ ok: true, value: undefined });
      });
    },
  };
}
