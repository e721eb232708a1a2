/** Leadership handed to another member. */
import { isVoter } from "./config.js";
import type { Leadership, Transfer } from "./leadership.js";
import type { MemberId } from "./messages.js";
import type { State } from "./state.js";
import type { CoreCall } from "./types.js";

/** Transfers at a leader. */
export class Transfers {
  readonly #state: State;

  constructor(state: State) {
    this.#state = state;
  }

  /**
   * Takes a call. A second one to the same member joins the first, one to another takes its
   * place, and one to the leader itself ends it. False: refused.
   */
  transfer({ tag, to }: Extract<CoreCall, { readonly type: "transfer" }>): boolean {
    const state = this.#state;
    const { lead, config, member } = state;
    const target = to ?? (lead === undefined ? undefined : this.#mostAdvanced(lead));
    if (lead?.transfer !== undefined && !lead.transfer.mustLeave && target === member) {
      this.#end(lead);
      state.settle(tag, "ok");
      return true;
    }
    const status =
      lead === undefined
        ? "notLeader"
        : target === undefined
          ? "unavailable"
          : target === member || !isVoter(config, target)
            ? "argument"
            : undefined;
    if (status !== undefined || lead === undefined || target === undefined) {
      const leads = target === member ? "; this one leads" : "";
      state.refuse(tag, status ?? "unavailable", status === "argument" ? `a voter that does not lead${leads}` : "");
      return false;
    }
    if (lead.transfer?.to === target) {
      lead.transfer.tags.push(tag);
      return true;
    }
    const mustLeave = lead.transfer?.mustLeave ?? false;
    this.#end(lead);
    this.#begin(lead, target, [tag], mustLeave);
    return true;
  }

  /** The leader must not stay: its configuration or its disk says so. */
  leave(lead: Leadership): void {
    if (lead.transfer?.mustLeave === true) return;
    const target = this.#mostAdvanced(lead);
    this.#end(lead);
    // Where nobody can take over, it ends when its time has passed.
    this.#begin(lead, target ?? 0, [], true);
  }

  nextMs(lead: Leadership): number {
    return lead.transfer?.deadlineMs ?? Infinity;
  }

  /** The end of a turn: the target may have all entries by now, or the time may have passed. */
  finish(): void {
    const state = this.#state;
    if (state.lead?.transfer !== undefined) this.#goOn(state.lead, state.lead.transfer);
    for (const { transfer } of state.deposed) {
      if (transfer === undefined) continue;
      for (const tag of transfer.tags) state.settle(tag, transfer.isSent ? "ok" : "unavailable");
      if (transfer.to !== 0) state.emit({ type: "transfer", to: transfer.to, isDone: transfer.isSent });
    }
  }

  #goOn(lead: Leadership, transfer: Transfer): void {
    const state = this.#state;
    if (!transfer.isSent && lead.progress.get(transfer.to)?.match === state.log.last) {
      // From now on another leader may come at any time: this one has no lease any more.
      transfer.isSent = true;
      lead.hasNoLease = true;
      const { member: from, term, life } = state;
      state.send({ kind: "timeoutNow", from, to: transfer.to, term, seq: state.nextSeq(transfer.to), life });
    }
    if (transfer.isSent && transfer.mustLeave) return state.follow(state.term, 0);
    if (state.nowMs < transfer.deadlineMs) return;
    this.#end(lead);
    if (transfer.mustLeave) state.follow(state.term, 0);
  }

  #begin(lead: Leadership, to: MemberId, tags: number[], mustLeave: boolean): void {
    const { nowMs, rules, log } = this.#state;
    const progress = lead.progress.get(to);
    if (progress !== undefined && progress.match < log.last) {
      // What was sent may be lost: an append says so now, and not after the next heartbeat.
      progress.wantsProbe = true;
      progress.waitsThrough = 0;
    }
    lead.leaseAfterRound = lead.round;
    lead.transfer = { to, tags, deadlineMs: nowMs + rules.electionMs[1], isSent: false, mustLeave };
  }

  #end(lead: Leadership): void {
    const { transfer } = lead;
    if (transfer === undefined) return;
    lead.transfer = undefined;
    for (const tag of transfer.tags) this.#state.settle(tag, "timeout");
    if (transfer.to !== 0) this.#state.emit({ type: "transfer", to: transfer.to, isDone: false });
  }

  /** The voter with the longest log. */
  #mostAdvanced(lead: Leadership): MemberId | undefined {
    let found: { readonly member: MemberId; readonly match: number } | undefined;
    for (const { member, match, hasLostData, hasTrouble } of lead.progress.values()) {
      if (hasLostData || hasTrouble || !isVoter(this.#state.config, member)) continue;
      if (found === undefined || match > found.match) found = { member, match };
    }
    return found?.member;
  }
}
