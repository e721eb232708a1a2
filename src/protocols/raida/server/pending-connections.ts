import { DeadlineHeap, type LinkId, type Millis } from "../../../machine/index.js";

/** The connections whose request is not whole, who has opened each, and how long it may take. */
export class PendingConnections {
  /** By age. */
  readonly #sources = new Map<LinkId, string>();
  readonly #counts = new Map<string, number>();
  readonly #deadlines = new DeadlineHeap<LinkId>();

  get size(): number {
    return this.#sources.size;
  }

  get nextMs(): Millis {
    return this.#deadlines.nextMs;
  }

  add(link: LinkId, source: string, untilMs: Millis): void {
    this.#sources.set(link, source);
    this.#counts.set(source, (this.#counts.get(source) ?? 0) + 1);
    this.#deadlines.set(link, untilMs);
  }

  setDeadline(link: LinkId, untilMs: Millis): void {
    this.#deadlines.set(link, untilMs);
  }

  delete(link: LinkId): void {
    const source = this.#sources.get(link);
    if (source === undefined) return;
    this.#sources.delete(link);
    this.#deadlines.delete(link);
    const left = this.#counts.get(source)! - 1;
    if (left === 0) this.#counts.delete(source);
    else this.#counts.set(source, left);
  }

  /** One whose time is over. Call it until it returns undefined. */
  popDue(nowMs: Millis): LinkId | undefined {
    const link = this.#deadlines.popDue(nowMs);
    if (link !== undefined) this.delete(link);
    return link;
  }

  /**
   * Who has to give way: the oldest of the source that has the most. An honest request is whole within moments, and
   * nobody who has one or two displaces it by opening many.
   */
  pickVictim(): LinkId | undefined {
    let [crowd, most] = ["", 0];
    for (const [source, count] of this.#counts) if (count > most) [crowd, most] = [source, count];
    for (const [link, source] of this.#sources) if (source === crowd) return link;
    return undefined;
  }
}
