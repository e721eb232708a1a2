/** A member that the log outruns: it gets snapshot after snapshot, and each is old when it is installed. */
import { TokenBucket } from "../../../machine/index.js";
import type { Leadership, Progress } from "./leadership.js";
import type { State } from "./state.js";

/** Snapshots in a row after which proposals are held back. */
const OVERTAKEN_MAX = 2;

/** Slows a leader down to half of what such a member can take. */
export class Pacing {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /**
   * A snapshot was installed.
   * @param bytesPerSecond at which the member has taken it
   */
  installed(progress: Progress, isOvertaken: boolean, bytesPerSecond: number): void {
    const { lead } = this.#state;
    progress.overtaken = isOvertaken ? progress.overtaken + 1 : 0;
    if (lead === undefined || lead.pace !== undefined || progress.overtaken < OVERTAKEN_MAX) return;
    const { member } = progress;
    // One entry may always be proposed in the end.
    const tokensMax = Math.max(bytesPerSecond / 2, this.#state.rules.entryBytesMax);
    lead.pace = { member, bytes: new TokenBucket(bytesPerSecond / 2, tokensMax) };
    this.#state.emit({ type: "followerTooSlow", member });
  }

  /** Whether a proposal has to wait. */
  holdsBack(lead: Leadership, bytes: number): boolean {
    return lead.pace?.bytes.take(this.#state.nowMs, bytes) === false;
  }

  /** The end of a turn: the member may have caught up, or be gone. */
  finish(lead: Leadership): void {
    const { commit, nowMs, rules } = this.#state;
    const progress = lead.pace && lead.progress.get(lead.pace.member);
    const isGone = progress === undefined || progress.hasLostData || nowMs - progress.activeMs > rules.snapshotIdleMs;
    if (isGone || (progress.state === "replicate" && progress.match >= commit)) lead.pace = undefined;
  }
}
