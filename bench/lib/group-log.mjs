/** A bare group log, the rival of what is on the disk when it is answered: appends to one file, synced by fdatasync. */
import { open } from "node:fs/promises";

/**
 * Opens the log. `append(bytes, synced)` calls `synced` after the sync behind the bytes, which all share that come
 * during another.
 * @param {string} path
 */
export async function openGroupLog(path) {
  const file = await open(path, "w");
  let queue = [];
  let length = 0;
  let isBusy = false;
  const work = async () => {
    isBusy = true;
    while (queue.length > 0) {
      const group = queue;
      queue = [];
      const bytes = Buffer.concat(group.map((each) => each.bytes));
      await file.write(bytes, 0, bytes.length, length);
      await file.datasync();
      length += bytes.length;
      for (const { synced } of group) synced();
    }
    isBusy = false;
  };
  return {
    append(bytes, synced) {
      queue.push({ bytes, synced });
      // What comes in the same turn belongs to the same group.
      if (!isBusy) queueMicrotask(() => isBusy || work());
    },
    close: () => file.close(),
  };
}
