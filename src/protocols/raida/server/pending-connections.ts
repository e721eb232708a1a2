/** Connections whose request is incomplete. */
import { DeadlineHeap, type LinkId, type Millis } from "../../../machine/index.js";

/** Half-open connections by address prefix, with the deadline of each. */
export class PendingConnections {
  /** Address prefix of each connection, oldest first. */
  readonly #prefixes = new Map<LinkId, string>();
  readonly #counts = new Map<string, number>();
  readonly #deadlines = new DeadlineHeap<LinkId>();

  get size(): number {
    return this.#prefixes.size;
  }

  get nextMs(): Millis {
    return this.#deadlines.nextMs;
  }

  add(link: LinkId, prefix: string, untilMs: Millis): void {
    this.#prefixes.set(link, prefix);
    this.#counts.set(prefix, (this.#counts.get(prefix) ?? 0) + 1);
    this.#deadlines.set(link, untilMs);
  }

  setDeadline(link: LinkId, untilMs: Millis): void {
    this.#deadlines.set(link, untilMs);
  }

  delete(link: LinkId): void {
    const prefix = this.#prefixes.get(link);
    if (prefix === undefined) return;
    this.#prefixes.delete(link);
    this.#deadlines.delete(link);
    const left = this.#counts.get(prefix)! - 1;
    if (left === 0) this.#counts.delete(prefix);
    else this.#counts.set(prefix, left);
  }

  /** Removes a connection whose deadline has passed. Call it until it returns undefined. */
  popDue(nowMs: Millis): LinkId | undefined {
    const link = this.#deadlines.popDue(nowMs);
    if (link !== undefined) this.delete(link);
    return link;
  }

  /**
   * The connection to drop: the oldest of the prefix that has the most. An attacker with many connections thus
   * displaces its own, and a client with one or two keeps them.
   */
  pickVictim(): LinkId | undefined {
    let [largest, countMax] = ["", 0];
    for (const [prefix, count] of this.#counts) if (count > countMax) [largest, countMax] = [prefix, count];
    for (const [link, prefix] of this.#prefixes) if (prefix === largest) return link;
    return undefined;
  }
}
