/** The open links of an endpoint, so that its close waits for theirs. */
import type { Link, LinkHandler } from "./types.js";

/** Links that are open or being opened. */
export class OpenLinks {
  readonly #links = new Set<Link>();
  #settled: () => void = () => {};

  get size(): number {
    return this.#links.size;
  }

  /** Adds a link; `build` makes it with a handler that removes it when it closes. */
  add<Added extends Link>(handler: LinkHandler, build: (watched: LinkHandler) => Added): Added {
    const link: Added = build({
      opened: () => handler.opened(),
      bytes: (bytes) => handler.bytes(bytes),
      drained: () => handler.drained(),
      ended: () => handler.ended(),
      closed: (error) => {
        this.#links.delete(link);
        handler.closed(error);
        this.#settled();
      },
    });
    this.#links.add(link);
    return link;
  }

  /** Aborts all; resolves when all have closed. */
  async abort(): Promise<void> {
    for (const link of this.#links) link.abort();
    while (this.#links.size > 0) await new Promise<void>((resolve) => (this.#settled = resolve));
  }
}
