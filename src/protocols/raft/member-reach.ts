/** When members may be tried again that could not be reached. */
import { backoffMs, type Backoff, type Millis } from "../../machine/index.js";
import type { MemberId } from "./core/messages.js";

/** Pauses between attempts to reach a member. */
const RECONNECTS: Backoff = { firstMs: 50, maxMs: 1_000 };

interface Reach {
  failures: number;
  notBeforeMs: Millis;
}

/** How the attempts to reach each member have gone. */
export class MemberReach {
  readonly #members = new Map<MemberId, Reach>();
  readonly #draw: (loMs: Millis, hiMs: Millis) => Millis;

  /** @param draw draws a whole number of milliseconds, both ends included */
  constructor(draw: (loMs: Millis, hiMs: Millis) => Millis) {
    this.#draw = draw;
  }

  /** Members that were tried. */
  get members(): Iterable<MemberId> {
    return this.#members.keys();
  }

  /** Whether a member may be tried now. */
  mayTry(member: MemberId, nowMs: Millis): boolean {
    const reach = this.#members.get(member);
    if (reach === undefined) this.opened(member);
    return reach === undefined || nowMs >= reach.notBeforeMs;
  }

  /** A link to a member is open. */
  opened(member: MemberId): void {
    this.#members.set(member, { failures: 0, notBeforeMs: -Infinity });
  }

  /** A link to a member has closed, or could not be opened. */
  closed(member: MemberId, nowMs: Millis): void {
    const failures = (this.#members.get(member)?.failures ?? 0) + 1;
    const pauseMs = backoffMs(RECONNECTS, failures);
    this.#members.set(member, { failures, notBeforeMs: nowMs + this.#draw(pauseMs / 2, pauseMs) });
  }
}
