/** What a member counts, and how long its stores, commits and applications took lately. */
import type { Millis } from "../../machine/index.js";
import type { CoreEffect, CoreInput, LogStore } from "./core/types.js";

/** How long something took: of the last 1,024 times. */
export interface LatencySummary {
  /** Times in all. */
  readonly count: number;
  /** Undefined before the first. */
  readonly p50Ms: Millis | undefined;
  readonly p99Ms: Millis | undefined;
}

/** Times of a member. */
export interface RaftLatencies {
  /** From a store of entries to its end on the disk. */
  readonly append: LatencySummary;
  /** From that store to the commit of its last entry, at a leader. */
  readonly commit: LatencySummary;
  /** From the commit of an entry to its application. */
  readonly apply: LatencySummary;
}

/** Counts of a member since its start. */
export interface RaftCounters {
  /** Proposals that its core was given. */
  readonly proposals: number;
  /** Reads that its core was given. */
  readonly reads: number;
  /** Entries that it has learned to be committed. */
  readonly committed: number;
  readonly applied: number;
  /** Stores of the log, and those of them that failed. */
  readonly stores: number;
  readonly storesFailed: number;
  /** Entries in all stores that ended well: divided by their number, the size of a batch. */
  readonly entriesStored: number;
  /** Messages sent, by kind. */
  readonly sent: Readonly<Record<string, number>>;
  /** Appends of this member that others have refused. */
  readonly appendsRefused: number;
  /** Elections that it began, and those that it won. */
  readonly campaigns: number;
  readonly elections: number;
}

/** Samples that are kept. */
const SAMPLES = 1_024;
/** Stores and commits that wait for what follows; a member that falls further behind measures less. */
const PENDING_MAX = 1_024;

/** The last times that something took. */
class Latencies {
  readonly #samples: Millis[] = [];
  #count = 0;

  add(ms: Millis): void {
    this.#samples[this.#count++ % SAMPLES] = ms;
  }

  summary(): LatencySummary {
    const sorted = this.#samples.toSorted((a, b) => a - b);
    const at = (share: number): Millis | undefined => sorted[Math.ceil(share * sorted.length) - 1];
    return { count: this.#count, p50Ms: at(0.5), p99Ms: at(0.99) };
  }
}

/** An index, and when it got somewhere. */
interface Mark {
  readonly index: number;
  readonly atMs: Millis;
}

/** Watches what a core takes and gives. */
export class RaftMeters {
  readonly #append = new Latencies();
  readonly #commit = new Latencies();
  readonly #apply = new Latencies();
  readonly #sent: Record<string, number> = {};
  readonly #counts = {
    proposals: 0,
    reads: 0,
    committed: 0,
    applied: 0,
    stores: 0,
    storesFailed: 0,
    entriesStored: 0,
    appendsRefused: 0,
    campaigns: 0,
    elections: 0,
  };
  #store: { readonly store: LogStore; readonly atMs: Millis } | undefined;
  #isLeader = false;
  /** Last entries of stores whose commit is awaited, and commits whose application is, in order. */
  readonly #uncommitted: Mark[] = [];
  readonly #unapplied: Mark[] = [];
  #commitIndex: number;

  /** @param commitIndex that of the core at its start */
  constructor(commitIndex: number) {
    this.#commitIndex = commitIndex;
  }

  get counters(): RaftCounters {
    return { ...this.#counts, sent: { ...this.#sent } };
  }

  get latencies(): RaftLatencies {
    return { append: this.#append.summary(), commit: this.#commit.summary(), apply: this.#apply.summary() };
  }

  /** What the core is given. */
  taken(input: CoreInput, nowMs: Millis): void {
    if (input.type === "propose") this.#counts.proposals++;
    else if (input.type === "read") this.#counts.reads++;
    else if (input.type === "stored" || input.type === "storeFailed") this.#storeEnded(input.type === "stored", nowMs);
    else if (input.type === "deliver" && input.message.kind === "appendAnswer" && input.message.refused) {
      this.#counts.appendsRefused++;
    }
  }

  /** What the core gives. */
  given(effect: CoreEffect, nowMs: Millis): void {
    switch (effect.type) {
      case "send": {
        const { kind } = effect.message;
        this.#sent[kind] = (this.#sent[kind] ?? 0) + 1;
        return;
      }
      case "store": {
        const { store } = effect;
        this.#store = { store, atMs: nowMs };
        const index = lastOf(store);
        if (this.#isLeader && index !== undefined && this.#uncommitted.length < PENDING_MAX) {
          this.#uncommitted.push({ index, atMs: nowMs });
        }
        return;
      }
      case "applied":
        this.#counts.applied++;
        return this.#reached(this.#unapplied, this.#apply, effect.index, nowMs);
      case "emit":
        if (effect.event.type === "commit") this.#committed(effect.event.index, nowMs);
        else if (effect.event.type === "role") {
          this.#isLeader = effect.event.role === "Leader";
          if (this.#isLeader) this.#counts.elections++;
          else this.#uncommitted.length = 0;
          if (effect.event.role === "Candidate") this.#counts.campaigns++;
        }
        return;
      default:
        return;
    }
  }

  #storeEnded(isStored: boolean, nowMs: Millis): void {
    const { store, atMs } = this.#store ?? { store: undefined, atMs: nowMs };
    this.#store = undefined;
    if (store === undefined) return;
    this.#counts.stores++;
    if (!isStored) {
      this.#counts.storesFailed++;
      return;
    }
    this.#counts.entriesStored += store.entries?.length ?? 0;
    if (lastOf(store) !== undefined) this.#append.add(nowMs - atMs);
  }

  #committed(index: number, nowMs: Millis): void {
    this.#counts.committed += index - this.#commitIndex;
    this.#commitIndex = index;
    this.#reached(this.#uncommitted, this.#commit, index, nowMs);
    if (this.#unapplied.length < PENDING_MAX) this.#unapplied.push({ index, atMs: nowMs });
  }

  #reached(marks: Mark[], latencies: Latencies, index: number, nowMs: Millis): void {
    let count = 0;
    for (; count < marks.length && marks[count]!.index <= index; count++) latencies.add(nowMs - marks[count]!.atMs);
    if (count > 0) marks.splice(0, count);
  }
}

/** Index of the last entry of a store. */
function lastOf({ first, entries = [] }: LogStore): number | undefined {
  return first === undefined || entries.length === 0 ? undefined : first + entries.length - 1;
}
