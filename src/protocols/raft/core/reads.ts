/** Reads that see all that was committed before them: by a round of messages, or by the lease of the leader. */
import { reachedByMajority } from "./config.js";
import type { Leadership } from "./leadership.js";
import type { State } from "./state.js";
import type { CoreCall } from "./types.js";

/** A read that may be answered once so much is applied. */
interface ReadyRead {
  readonly tag: number;
  readonly index: number;
}

/** Reads, rounds and the lease. */
export class Reads {
  readonly #state: State;
  #ready: ReadyRead[] = [];
  readonly #abandoned = new Set<number>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Takes a read. False if it is refused. */
  read({ tag, mode, atLeast = 0 }: Extract<CoreCall, { readonly type: "read" }>): boolean {
    const { lead, appliedIndex, commit, rules } = this.#state;
    if (mode === "local") {
      this.#ready.push({ tag, index: atLeast === 0 ? appliedIndex : atLeast });
      return true;
    }
    if (lead === undefined) {
      this.#state.settle(tag, "notLeader");
      return false;
    }
    if (this.#waitingIn(lead) + this.#ready.length >= rules.readsMax) {
      this.#state.settle(tag, "limit");
      return false;
    }
    if (mode === "lease" && this.#hasLease(lead)) this.#ready.push({ tag, index: commit });
    else lead.queuedReads.push({ tag, isIndexOnly: mode === "index" });
    return true;
  }

  /** Begins a round: its heartbeats leave at the end of the turn. */
  beginRound(lead: Leadership): void {
    const { nowMs, rules } = this.#state;
    lead.round++;
    const sinceMs = nowMs - rules.electionMs[1];
    lead.rounds = lead.rounds.filter(({ sentMs }) => sentMs >= sinceMs);
    lead.rounds.push({ number: lead.round, sentMs: nowMs });
    lead.wantsRound = true;
  }

  /** The end of a turn: rounds that are over, the next one, and reads whose state is there. */
  finish(): void {
    this.#forgetAbandoned();
    const state = this.#state;
    const { lead } = state;
    if (lead !== undefined && state.isTermCommitted) {
      this.#endRound(lead);
      if (lead.reading === undefined && lead.queuedReads.length > 0) {
        this.beginRound(lead);
        lead.reading = { round: lead.round, index: state.commit, reads: lead.queuedReads };
        lead.queuedReads = [];
        this.#endRound(lead);
      }
    }
    for (const { queuedReads, reading } of state.deposed) {
      for (const { tag } of [...(reading?.reads ?? []), ...queuedReads]) state.settle(tag, "notLeader");
    }
    const waiting: ReadyRead[] = [];
    for (const read of this.#ready) {
      if (read.index > state.appliedIndex) waiting.push(read);
      else state.settle(read.tag, "ok", read.index);
    }
    this.#ready = waiting;
  }

  /** Nobody waits for a read any more. It leaves at the end of the turn, as thousands may be given up at once. */
  abandon(tag: number): void {
    this.#abandoned.add(tag);
  }

  #forgetAbandoned(): void {
    if (this.#abandoned.size === 0) return;
    const isAwaited = ({ tag }: { readonly tag: number }): boolean => !this.#abandoned.has(tag);
    this.#ready = this.#ready.filter(isAwaited);
    const { lead } = this.#state;
    if (lead !== undefined) {
      lead.queuedReads = lead.queuedReads.filter(isAwaited);
      if (lead.reading !== undefined) lead.reading = { ...lead.reading, reads: lead.reading.reads.filter(isAwaited) };
    }
    this.#abandoned.clear();
  }

  #endRound(lead: Leadership): void {
    if (lead.reading === undefined || this.#answeredRound(lead) < lead.reading.round) return;
    const { index, reads } = lead.reading;
    lead.reading = undefined;
    for (const { tag, isIndexOnly } of reads) {
      if (isIndexOnly) this.#state.settle(tag, "ok", index);
      else this.#ready.push({ tag, index });
    }
  }

  /** The newest round that a majority of the voters in force has answered. */
  #answeredRound(lead: Leadership): number {
    return reachedByMajority(this.#state.amongVoters(lead.round, ({ ackedRound }) => ackedRound));
  }

  /**
   * Whether no other leader can exist yet: a majority has heard this one at most so long ago that none of it gives a
   * vote, whatever the clocks do within the drift that the cluster allows.
   */
  #hasLease(lead: Leadership): boolean {
    const { rules, nowMs, isTermCommitted } = this.#state;
    if (rules.reads !== "lease" || !isTermCommitted || lead.hasNoLease || lead.transfer !== undefined) return false;
    if (this.#state.voters.length === 1 && this.#state.isVoter) return true;
    const [loMs] = rules.electionMs;
    const leaseMs = (loMs * (1 - rules.clockDriftMax)) / (1 + rules.clockDriftMax);
    const answered = this.#answeredRound(lead);
    const round = lead.rounds.findLast(({ number }) => number <= answered);
    return round !== undefined && round.number > lead.leaseAfterRound && nowMs < round.sentMs + leaseMs;
  }

  #waitingIn({ queuedReads, reading }: Leadership): number {
    return queuedReads.length + (reading?.reads.length ?? 0);
  }
}
