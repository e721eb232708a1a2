/** Those who watch the changes of a metadata store. */
import type { MetadataChange } from "./back-ends.js";

/** Listeners by prefix. */
export class Watchers {
  readonly #watchers = new Set<{ readonly prefix: string; readonly listener: (change: MetadataChange) => void }>();

  /** @returns ends the watch */
  add(prefix: string, listener: (change: MetadataChange) => void): () => void {
    const watcher = { prefix, listener };
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  tell(change: MetadataChange): void {
    for (const { prefix, listener } of this.#watchers) if (change.key.startsWith(prefix)) listener(change);
  }
}
