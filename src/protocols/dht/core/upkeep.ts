/** Joining the network, and keeping the table fresh. */
import { own } from "../../../bytes/index.js";
import { ID_BYTES } from "../../../kernel/index.js";
import type { Env, Millis } from "../../../machine/index.js";
import { BUCKETS } from "../routing/routing-table.js";
import { unit } from "./jitter.js";
import type { DhtRules } from "./options.js";
import type { Peers } from "./peers.js";
import type { Searches } from "./searches.js";
import type { DhtEffect } from "./types.js";

/** Pauses between attempts to join while no bootstrap server answers: the first, and the longest. */
const REJOIN_FIRST_MS = 1_000;
const REJOIN_MAX_MS = 60_000;
/** Pause between refreshes, so that buckets that fall due together do not cause a storm. */
const REFRESH_PAUSE_MS = 1_000;
/** By how much the time of a refresh varies, as a share of it. */
const REFRESH_JITTER = 0.1;
/** Share of the time within which the first refresh comes: servers that have joined together must not go on so. */
const FIRST_SPREAD = 0.5;

/** What is told when the server has joined. */
export type Joined = (nowMs: Millis, out: DhtEffect[]) => void;

/** The timers of a table. */
export class Upkeep {
  readonly #rules: DhtRules;
  readonly #peers: Peers;
  readonly #searches: Searches;
  readonly #env: Env;
  readonly #joined: Joined;
  /** When each bucket is due for a refresh, and the first of them. */
  readonly #dueMs = new Float64Array(BUCKETS).fill(Infinity);
  #firstDueMs: Millis = Infinity;
  /** When it was decided. */
  readonly #armedMs = new Float64Array(BUCKETS);
  #rejoinMs: Millis = Infinity;
  #rejoinDelayMs = REJOIN_FIRST_MS;
  #isJoining = false;
  #isRefreshing = false;
  #refreshFromMs: Millis = -Infinity;

  constructor(rules: DhtRules, peers: Peers, searches: Searches, env: Env, joined: Joined) {
    this.#rules = rules;
    this.#peers = peers;
    this.#searches = searches;
    this.#env = env;
    this.#joined = joined;
  }

  get nextMs(): Millis {
    const refreshMs = this.#isRefreshing ? Infinity : Math.max(this.#firstDueMs, this.#refreshFromMs);
    return Math.min(this.#rejoinMs, refreshMs);
  }

  wake(nowMs: Millis, out: DhtEffect[]): void {
    if (this.#rejoinMs <= nowMs) this.join(nowMs, out);
    if (!this.#isRefreshing && Math.max(this.#firstDueMs, this.#refreshFromMs) <= nowMs) this.#refreshDue(nowMs, out);
  }

  /**
   * Asks the bootstrap servers, and then the way to oneself and into each farther bucket, which a client leaves out.
   * Tries again, ever more seldom, until one of them answers. Without bootstrap servers, and beside a join under way,
   * there is nothing to do.
   */
  join(nowMs: Millis, out: DhtEffect[]): void {
    this.#rejoinMs = Infinity;
    const addresses = this.#rules.bootstrap.filter((address) => address !== this.#peers.self.address);
    if (this.#isJoining) return;
    if (addresses.length === 0) return this.#complete(nowMs, out);
    this.#isJoining = true;
    let left = addresses.length;
    let proven = 0;
    for (const address of addresses) {
      this.#peers.ping(
        { address },
        (answer, endMs, effects) => {
          if (answer !== undefined) proven++;
          if (--left > 0) return;
          if (proven > 0 && this.#rules.isClient) this.#complete(endMs, effects);
          else if (proven > 0) this.#meetNeighbours(endMs, effects);
          else this.#rejoinLater(endMs);
        },
        nowMs,
        out,
      );
    }
  }

  #rejoinLater(nowMs: Millis): void {
    this.#isJoining = false;
    this.#rejoinMs = nowMs + this.#rejoinDelayMs * (1 + 0.5 * unit(this.#env));
    this.#rejoinDelayMs = Math.min(REJOIN_MAX_MS, 2 * this.#rejoinDelayMs);
  }

  #meetNeighbours(nowMs: Millis, out: DhtEffect[]): void {
    const { table } = this.#peers;
    const search = this.#searches.start(
      {
        target: table.id,
        kind: "join",
        deadlineMs: Infinity,
        done: (_, endMs, effects) => {
          // The neighbours are known now. The buckets that are farther away than the nearest of them are filled next.
          const nearest = table.closest(table.id, 1)[0];
          const last = nearest === undefined ? -1 : table.bucketOf(nearest.id);
          this.#fill(0, last, endMs, effects);
        },
      },
      nowMs,
      out,
    );
    if (search === undefined) this.#rejoinLater(nowMs);
  }

  /** Refreshes bucket after bucket; the first that stays empty shows how far the others are worth it. */
  #fill(index: number, last: number, nowMs: Millis, out: DhtEffect[]): void {
    if (index > last) return this.#complete(nowMs, out);
    const next = (endMs: Millis, effects: DhtEffect[]): void => {
      const isEmpty = this.#peers.table.bucket(index).live.length === 0;
      this.#fill(index + 1, isEmpty ? Math.min(last, 2 * (index + 1)) : last, endMs, effects);
    };
    if (!this.#refresh(index, next, nowMs, out)) next(nowMs, out);
  }

  #complete(nowMs: Millis, out: DhtEffect[]): void {
    this.#isJoining = false;
    this.#rejoinDelayMs = REJOIN_FIRST_MS;
    for (let index = 0; index < BUCKETS; index++) {
      this.#arm(index, nowMs, this.#rules.refreshMs * (1 - FIRST_SPREAD * unit(this.#env)));
    }
    this.#joined(nowMs, out);
  }

  /** Refreshes the bucket that is due, unless a lookup has gone there meanwhile. */
  #refreshDue(nowMs: Millis, out: DhtEffect[]): void {
    const { table } = this.#peers;
    const deepest = this.#deepestBucket();
    while (this.#firstDueMs <= nowMs) {
      const index = this.#dueMs.indexOf(this.#firstDueMs);
      const touchedMs = table.touchedMs(index);
      const isTouched = touchedMs > this.#armedMs[index]!;
      this.#arm(index, nowMs, this.#drawRefreshMs() - (isTouched ? nowMs - touchedMs : 0));
      // Nobody is nearer than the nearest neighbour, or else a lookup for oneself would have met it.
      if (index > deepest || isTouched) continue;
      this.#isRefreshing = true;
      const done = (endMs: Millis): void => {
        this.#isRefreshing = false;
        this.#refreshFromMs = endMs + REFRESH_PAUSE_MS;
      };
      if (this.#refresh(index, done, nowMs, out)) return;
      done(nowMs);
      return;
    }
  }

  #deepestBucket(): number {
    const { table } = this.#peers;
    const nearest = table.closest(table.id, 1)[0];
    return nearest === undefined ? -1 : table.bucketOf(nearest.id);
  }

  /** Looks up a drawn id of a bucket. @returns false if too many lookups are under way */
  #refresh(index: number, done: Joined, nowMs: Millis, out: DhtEffect[]): boolean {
    const target = this.#idIn(index);
    const plan = {
      target,
      kind: "refresh" as const,
      deadlineMs: Infinity,
      done: (_: unknown, endMs: Millis, effects: DhtEffect[]) => done(endMs, effects),
    };
    return this.#searches.start(plan, nowMs, out) !== undefined;
  }

  #arm(index: number, nowMs: Millis, afterMs: Millis): void {
    this.#armedMs[index] = nowMs;
    const [beforeMs, dueMs] = [this.#dueMs[index]!, nowMs + Math.max(REFRESH_PAUSE_MS, afterMs)];
    this.#dueMs[index] = dueMs;
    if (beforeMs > this.#firstDueMs) this.#firstDueMs = Math.min(this.#firstDueMs, dueMs);
    else this.#findFirstDue();
  }

  #findFirstDue(): void {
    let firstMs = Infinity;
    // `Math.min` of all was a twentieth of what a simulated server took.
    for (let index = 0; index < BUCKETS; index++) if (this.#dueMs[index]! < firstMs) firstMs = this.#dueMs[index]!;
    this.#firstDueMs = firstMs;
  }

  #drawRefreshMs(): Millis {
    return this.#rules.refreshMs * (1 + REFRESH_JITTER * (2 * unit(this.#env) - 1));
  }

  /** An id that shares exactly `index` leading bits with the own one. */
  #idIn(index: number): Uint8Array {
    const id = own(this.#peers.table.id);
    const drawn = this.#env.random(ID_BYTES);
    const at = index >> 3;
    // The bits behind the first that differs are drawn.
    const mask = 0xff >> ((index & 7) + 1);
    id[at] = (id[at]! ^ (0x80 >> (index & 7))) & ~mask;
    id[at]! |= drawn[at]! & mask;
    id.set(drawn.subarray(at + 1), at + 1);
    return id;
  }
}
