/** The one store of the log that is under way, and the messages that wait for it. */
import { backoffMs, type Backoff, type Millis } from "../../../machine/index.js";
import type { RaftMessage } from "./messages.js";
import type { State, Waiting } from "./state.js";
import type { LogStore } from "./types.js";

/** Pauses after failed stores. */
const RETRIES: Backoff = { firstMs: 100, maxMs: 1_000 };
/** Messages that wait for the disk; of more the oldest are dropped, as a network may do. */
const WAITING_MAX = 1_024;

/** A store under way. */
interface UnderWay {
  readonly store: LogStore;
  readonly version: number;
  readonly startedMs: Millis;
  /** Last of its entries that has not changed since. */
  validThrough: number;
}

/**
 * Group commit: whatever changes while a store is under way is in the next one, which is built from the log as it is
 * then. So no store overtakes another, and a failed one is built anew.
 */
export class Storing {
  readonly #state: State;
  #underWay: UnderWay | undefined;
  /** A snapshot to be made the base. */
  #mark: LogStore["mark"];
  #failures = 0;
  #retryAtMs: Millis = -Infinity;

  constructor(state: State) {
    this.#state = state;
  }

  get isUnderWay(): boolean {
    return this.#underWay !== undefined;
  }

  /** When a store is asked for again, or the one under way counts as failed. */
  get nextMs(): Millis {
    if (this.#underWay !== undefined) {
      const { startedMs } = this.#underWay;
      return this.#isStalled() ? Infinity : startedMs + this.#state.rules.storeStallMs;
    }
    return this.#isWanted() ? this.#retryAtMs : Infinity;
  }

  /** The disk does not take stores, or takes too long for one. */
  get isBad(): boolean {
    return this.#state.hasTrouble || this.#isStalled();
  }

  /** Wants a snapshot stored as the base of the log. */
  setMark(mark: NonNullable<LogStore["mark"]>): void {
    this.#mark = mark;
  }

  /** Whether the store under way makes this snapshot the base. */
  isMarking(key: string): boolean {
    return this.#underWay?.store.mark?.key === key;
  }

  /** A snapshot is not wanted as the base any more. */
  dropMark(key: string): void {
    if (this.#mark?.key === key) this.#mark = undefined;
  }

  /** Entries from `index` on have changed. */
  changed(index: number): void {
    const state = this.#state;
    state.dirtyFrom = Math.min(state.dirtyFrom, index);
    state.stored = Math.min(state.stored, index - 1);
    if (this.#underWay !== undefined) {
      this.#underWay.validThrough = Math.min(this.#underWay.validThrough, index - 1);
    }
  }

  /** The store has ended well. @returns the mark that it has stored */
  ended(): LogStore["mark"] {
    const state = this.#state;
    const done = this.#underWay;
    if (done === undefined) return undefined;
    this.#underWay = undefined;
    state.diskHard = done.store.hard;
    state.diskVersion = done.version;
    if (done.store.entries !== undefined) state.stored = Math.max(state.stored, done.validThrough);
    this.#failures = 0;
    if (state.hasTrouble) {
      state.hasTrouble = false;
      state.emit({ type: "storageWell" });
    }
    if (this.#mark === done.store.mark) this.#mark = undefined;
    return done.store.mark;
  }

  /** The store has failed: everything above `stored` is stored anew, after a pause. */
  failed(): void {
    const state = this.#state;
    if (this.#underWay === undefined) return;
    this.#underWay = undefined;
    if (state.stored < state.log.last) state.dirtyFrom = Math.min(state.dirtyFrom, state.stored + 1);
    this.#retryAtMs = state.nowMs + backoffMs(RETRIES, ++this.#failures);
    if (state.hasTrouble) return;
    state.hasTrouble = true;
    state.emit({ type: "storageTrouble" });
  }

  /** Asks for the next store, if one is wanted and none is under way. */
  begin(): void {
    const state = this.#state;
    if (this.#underWay !== undefined || !this.#isWanted() || this.#retryAtMs > state.nowMs) return;
    const { term, vote, commit, abstain, isBehind, log } = state;
    // What was known before a restart stays known.
    const known = Math.max(state.diskHard.commit, Math.min(commit, state.stored));
    const hard = { term, vote, commit: known, abstain, isBehind };
    const mark = this.#mark;
    // What a snapshot takes the place of is not stored any more.
    const hasEntries = state.dirtyFrom <= log.last && mark?.dropLog !== true;
    const store: LogStore = {
      hard,
      mark,
      first: hasEntries ? state.dirtyFrom : undefined,
      entries: hasEntries ? log.from(state.dirtyFrom) : undefined,
    };
    if (hasEntries) state.dirtyFrom = Infinity;
    this.#underWay = { store, version: state.version, startedMs: state.nowMs, validThrough: log.last };
    state.out.push({ type: "store", store });
  }

  /** Sends what needs nothing that is not on the disk. */
  flush(): void {
    const { outbox } = this.#state;
    const waiting = outbox.splice(0);
    for (const one of waiting) {
      if (one.term !== this.#state.term) continue;
      if (this.#has(one)) this.#send(one.message);
      else outbox.push(one);
    }
    if (outbox.length > WAITING_MAX) outbox.splice(0, outbox.length - WAITING_MAX);
  }

  #has({ version = 0, index = 0 }: Waiting): boolean {
    return this.#state.diskVersion >= version && this.#state.stored >= index;
  }

  /** Checks once more, against the disk alone, that nothing is promised that a crash could take back. */
  #send(message: RaftMessage): void {
    const state = this.#state;
    const { term, vote } = state.diskHard;
    const isAsked = message.kind === "preVote" || (message.kind === "preVoteAnswer" && !message.refused);
    if (!isAsked && term < message.term) return state.fail("A9", `${message.kind} of term ${message.term}`);
    const voted = message.kind === "vote" ? message.from : isGrant(message) ? message.to : undefined;
    if (voted !== undefined && (term !== message.term || vote !== voted)) {
      return state.fail("A9", `${message.kind} for ${voted}`);
    }
    if (message.kind === "appendAnswer" && !message.refused && message.index > state.stored) {
      return state.fail("A9", `entry ${message.index} acknowledged`);
    }
    state.out.push({ type: "send", message });
  }

  #isStalled(): boolean {
    const started = this.#underWay?.startedMs ?? Infinity;
    return this.#state.nowMs - started >= this.#state.rules.storeStallMs;
  }

  #isWanted(): boolean {
    const state = this.#state;
    const isDirty = state.diskVersion < state.version || state.dirtyFrom <= state.log.last;
    return isDirty || this.#mark !== undefined || state.hasTrouble;
  }
}

function isGrant(message: RaftMessage): boolean {
  return message.kind === "voteAnswer" && !message.refused;
}
