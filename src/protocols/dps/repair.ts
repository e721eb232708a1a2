/** The leader's look at all chunks: what too few servers have, or would lose soon, is stored again. */
import { concatBytes, toHex } from "../../bytes/index.js";
import { isWireError, type Result, type WireIssue } from "../../errors.js";
import { TokenBucket, type Millis } from "../../machine/index.js";
import type { DhtCall, DhtOutcome } from "../dht/index.js";
import { parseRecord, type ChunkReference } from "../store/index.js";
import type { FileState } from "./files/file-state.js";
import type { DpsCounters, DpsEvent, RepairResult } from "./types.js";

/** Options of the repair, filled in. */
export interface RepairRules {
  readonly copiesMin: number;
  readonly chunkTtlSeconds: number;
  readonly repairEveryMs: Millis;
  /** Chunks whose holders are counted in a second. */
  readonly repairsPerSecond: number;
}

/** How the repair reaches the DHT, and tells of itself. */
export interface RepairPort {
  dht(request: DhtCall, deadlineMs: Millis, done: (outcome: Result<DhtOutcome>) => void): void;
  emit(event: DpsEvent): void;
  nowMs(): Millis;
  /** The clock of the cluster now; undefined where this server does not lead. */
  clockMs(): number | undefined;
}

/** Chunks that are looked at at a time. */
const AT_ONCE = 4;
const CALL_MS = 30_000;
/**
 * A chunk is stored again when less than this share of its time is left, also if its record ends before: that may be
 * made to live longer, and the next look may then be too late.
 */
const RENEW_SHARE = 1 / 2;

/** Takes what a look came to; undefined for one that ended early, as this server leads no more. */
export type RepairDone = (result: RepairResult | undefined) => void;

/** One look at all chunks, file by file in the order of their hashes. */
interface Pass {
  readonly chunks: Iterator<ChunkReference>;
  readonly startMs: Millis;
  readonly result: { -readonly [Name in keyof RepairResult]: RepairResult[Name] };
  isAtEnd: boolean;
  active: number;
  readonly done: RepairDone[];
}

/** Looks at the chunks of all records while this server leads. */
export class Repair {
  readonly #rules: RepairRules;
  readonly #state: FileState;
  readonly #port: RepairPort;
  readonly #counters: DpsCounters;
  readonly #budget: TokenBucket;
  #pass: Pass | undefined;
  #nextPassMs: Millis;
  #notBeforeMs: Millis = -Infinity;
  #nowMs: Millis = 0;

  constructor(rules: RepairRules, state: FileState, port: RepairPort, counters: DpsCounters, nowMs: Millis) {
    this.#rules = rules;
    this.#state = state;
    this.#port = port;
    this.#counters = counters;
    this.#budget = new TokenBucket(rules.repairsPerSecond);
    this.#nextPassMs = nowMs + this.#everyMs;
  }

  get nextMs(): Millis {
    if (this.#pass === undefined) return this.#nextPassMs;
    return this.#pass.isAtEnd || this.#pass.active >= AT_ONCE ? Infinity : this.#notBeforeMs;
  }

  /** A chunk must be looked at often enough before its time is up. */
  get #everyMs(): Millis {
    return Math.min(this.#rules.repairEveryMs, (this.#rules.chunkTtlSeconds * 1000) / 4);
  }

  /** Begins a pass, or waits for the one under way. */
  begin(done: RepairDone, nowMs: Millis): void {
    this.#pass ??= this.#newPass(nowMs);
    this.#pass.done.push(done);
    this.#advance(nowMs);
  }

  wake(nowMs: Millis): void {
    if (this.#pass === undefined && this.#nextPassMs <= nowMs) {
      this.#nextPassMs = nowMs + this.#everyMs;
      if (this.#port.clockMs() === undefined) return;
      this.#pass = this.#newPass(nowMs);
    }
    this.#advance(nowMs);
  }

  #newPass(nowMs: Millis): Pass {
    const result = { chunks: 0, uncounted: 0, stored: 0, lost: 0 };
    return { chunks: this.#wanted(), startMs: nowMs, result, isAtEnd: false, active: 0, done: [] };
  }

  /** All chunks of all records, read as they are needed: no two records are in memory at a time. */
  *#wanted(): IterableIterator<ChunkReference> {
    // Records that come or go meanwhile may be met or not: the next pass sees them.
    const entries = [...this.#state.entries()];
    for (const { fileHash, head, parts, expiresMs } of entries) {
      if (!this.#state.has(fileHash)) continue;
      for (const part of parts) {
        let references: readonly ChunkReference[] = [];
        try {
          ({ references } = parseRecord(concatBytes(head, part)));
        } catch (error) {
          if (!isWireError(error)) throw error;
        }
        for (const reference of references) {
          const clockMs = this.#port.clockMs();
          if (clockMs === undefined) return;
          if (expiresMs === 0 || expiresMs > clockMs) yield reference;
        }
      }
    }
  }

  #advance(nowMs: Millis): void {
    this.#nowMs = nowMs;
    const pass = this.#pass;
    if (pass === undefined) return;
    while (!pass.isAtEnd && pass.active < AT_ONCE) {
      if (!this.#budget.take(nowMs)) {
        this.#notBeforeMs = nowMs + 1000 / this.#rules.repairsPerSecond;
        return;
      }
      const { value, done } = pass.chunks.next();
      if (done === true) pass.isAtEnd = true;
      else {
        pass.active++;
        this.#look(value, pass);
      }
    }
    if (!pass.isAtEnd || pass.active > 0 || this.#pass !== pass) return;
    this.#pass = undefined;
    const isWhole = this.#port.clockMs() !== undefined;
    if (isWhole) this.#port.emit({ type: "repairEnded", ms: nowMs - pass.startMs, ...pass.result });
    for (const ended of pass.done) ended(isWhole ? pass.result : undefined);
  }

  #look(reference: ChunkReference, pass: Pass): void {
    const { key, dataHash: sha256, chunkSize: sizeBytes } = reference;
    const { chunkTtlSeconds: ttlSeconds } = this.#rules;
    this.#ask({ type: "count", key, sha256, sizeBytes }, (outcome) => {
      if (!outcome.ok || outcome.value.type !== "counted") {
        pass.result.uncounted++;
        this.#counters.uncountedChunks++;
        return this.#ended(pass);
      }
      pass.result.chunks++;
      this.#counters.countedChunks++;
      const { holders, servers, leftMs } = outcome.value;
      const isShort = leftMs < ttlSeconds * 1000 * RENEW_SHARE;
      if (holders.length >= Math.min(this.#rules.copiesMin, servers) && !isShort) return this.#ended(pass);
      this.#ask({ type: "findValue", key, sha256, sizeBytes }, (found) => {
        if (!found.ok || found.value.type !== "value") {
          const error = found.ok ? undefined : found.error;
          return this.#lost(reference, pass, error ?? { code: "missing", format: "dps", path: "" });
        }
        const chunk = { parent: reference.parent, chunkIndex: reference.chunkIndex };
        const { value } = found.value;
        const given = { value, sha256, isGiven: true } as const;
        this.#ask({ type: "store", ...given, chunk, ttlSeconds, copiesMin: 1, republishes: false }, (stored) => {
          if (!stored.ok || stored.value.type !== "stored") {
            const error = stored.ok ? undefined : stored.error;
            return this.#lost(reference, pass, error ?? { code: "unreachable", format: "dps", path: "" });
          }
          pass.result.stored++;
          this.#counters.repairedChunks++;
          this.#port.emit({ type: "chunkRepaired", ...about(reference), copies: stored.value.stored });
          this.#ended(pass);
        });
      });
    });
  }

  #ask(request: DhtCall, done: (outcome: Result<DhtOutcome>) => void): void {
    // Long after the last wake, where the call before it took its time.
    this.#port.dht(request, this.#port.nowMs() + CALL_MS, done);
  }

  #lost(reference: ChunkReference, pass: Pass, error: WireIssue): void {
    pass.result.lost++;
    this.#counters.lostChunks++;
    this.#port.emit({ type: "chunkLost", ...about(reference), error });
    this.#ended(pass);
  }

  /** One more may be looked at: the owner wakes this again at once. */
  #ended(pass: Pass): void {
    pass.active--;
    this.#notBeforeMs = Math.min(this.#notBeforeMs, this.#nowMs);
  }

  /** Whether a pass has a place free, or nothing left to do. */
  get isReady(): boolean {
    const pass = this.#pass;
    return pass !== undefined && (pass.isAtEnd ? pass.active === 0 : pass.active < AT_ONCE);
  }
}

function about({ parent, key, chunkIndex: index }: ChunkReference) {
  return { hash: toHex(parent), chunk: toHex(key), index };
}
