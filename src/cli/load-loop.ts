/**
 * Loops of requests. In a closed loop each that ends starts the next. In an open one they are due at a fixed rate,
 * whatever comes back, and a latency is counted from when its request was due: what waits behind a slow answer counts.
 */
import { build, type Histogram } from "hdr-histogram-js";

/** The bounds of a load. At the first one no more requests start; the load ends when those in flight have ended. */
export interface LoadBounds {
  readonly durationMs: number;
  readonly count: number;
  /** Timeout of one request. */
  readonly timeoutMs: number;
  /** Requests in flight at a time; in an open loop, at most. */
  readonly inFlight: number;
  /** Requests a second of an open loop. Without it the loop is closed. */
  readonly ratePerSecond?: number | undefined;
  readonly signal: AbortSignal;
  /** Told every 50 ms how far the load is. */
  readonly onProgress?: (result: LoadResult) => void;
}

const MICROSECONDS_MAX = 600_000_000;
const SWEEP_MS = 50;
/** Time between two looks at what is due in an open loop. What is late by it counts as late. */
const PACE_MS = 1;

/** The counts and latencies of the requests so far. */
export class LoadResult {
  /** Counts of answers, by their name. */
  readonly answers = new Map<string, number>();
  /** Counts of requests without an answer, by the reason. */
  readonly failures = new Map<string, number>();
  /** Microseconds from a request to the last byte of its answer; over TCP they include the connecting. */
  readonly latencies: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MICROSECONDS_MAX,
    numberOfSignificantValueDigits: 3,
  });
  /** Counts of latencies by the power of two, in microseconds, that they do not exceed. */
  readonly doublings: number[] = [];
  readonly #bounds: LoadBounds;
  readonly #startedMs = performance.now();
  /** Requests so far. */
  begun = 0;
  /** Time up to the last end of a request. */
  elapsedMs = 0;

  constructor(bounds: LoadBounds) {
    this.#bounds = bounds;
  }

  /** Counts one more request and returns its index; undefined at a bound. */
  begin(): number | undefined {
    const { durationMs, count, signal } = this.#bounds;
    const isOver = signal.aborted || this.begun >= count || performance.now() - this.#startedMs >= durationMs;
    return isOver ? undefined : this.begun++;
  }

  /** When the next request of an open loop is due; `Infinity` at a bound. */
  get dueMs(): number {
    const { durationMs, count, ratePerSecond, signal } = this.#bounds;
    if (signal.aborted || ratePerSecond === undefined || this.begun >= count) return Infinity;
    const afterMs = (1_000 * this.begun) / ratePerSecond;
    return afterMs < durationMs ? this.#startedMs + afterMs : Infinity;
  }

  /** Time since the load began. */
  get runningMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** Whether the time of the load is over. */
  get isOver(): boolean {
    return this.#bounds.signal.aborted || performance.now() - this.#startedMs >= this.#bounds.durationMs;
  }

  /** Counts an answer and its latency. */
  answered(what: string, beganMs: number): void {
    this.#end(this.answers, what);
    const us = Math.min(MICROSECONDS_MAX, Math.max(1, Math.round((performance.now() - beganMs) * 1_000)));
    this.latencies.recordValue(us);
    const doubling = Math.ceil(Math.log2(us));
    while (this.doublings.length <= doubling) this.doublings.push(0);
    this.doublings[doubling]!++;
  }

  /** Counts a request without an answer. */
  failed(what: string): void {
    this.#end(this.failures, what);
  }

  #end(counts: Map<string, number>, what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
    this.elapsedMs = performance.now() - this.#startedMs;
  }
}

/** How a window sends requests. */
export interface WindowOptions {
  /** Sends request number `index`. Its answer must repeat `id`. */
  readonly send: (id: number, index: number) => void;
  /** Ids are below this number, which is above the requests in flight. They are reused in turn. */
  readonly ids: number;
}

/** A request in flight. */
interface SentRequest {
  readonly sentMs: number;
  /** From when its latency counts. */
  readonly beganMs: number;
}

/** Requests in flight, which an id in each answer tells apart: a closed loop of a window, or an open loop. */
export class LoadWindow {
  readonly #bounds: LoadBounds;
  readonly #options: WindowOptions;
  readonly #result: LoadResult;
  /** The oldest first. */
  readonly #sent = new Map<number, SentRequest>();
  #id = 0;
  #finish: () => void = () => {};

  constructor(bounds: LoadBounds, options: WindowOptions) {
    this.#bounds = bounds;
    this.#options = options;
    this.#result = new LoadResult(bounds);
  }

  /** Runs until a bound. */
  async run(): Promise<LoadResult> {
    const over = new Promise<void>((resolve) => (this.#finish = resolve));
    const sweep = setInterval(() => this.#sweep(), SWEEP_MS);
    const pace = this.#isOpen ? setInterval(() => this.#continue(), PACE_MS) : undefined;
    for (let i = 0; i < (this.#isOpen ? 1 : this.#bounds.inFlight); i++) this.#send();
    this.#endIfIdle();
    await over;
    clearInterval(sweep);
    clearInterval(pace);
    return this.#result;
  }

  /** Counts an answer. A late or repeated one has no request in flight and is ignored. */
  answered(id: number, what: string): void {
    const sent = this.#sent.get(id);
    if (sent === undefined) return;
    this.#sent.delete(id);
    this.#result.answered(what, sent.beganMs);
    this.#continue();
  }

  /** Counts a failure of a request. */
  failed(id: number, what: string): void {
    if (!this.#sent.delete(id)) return;
    this.#result.failed(what);
    this.#continue();
  }

  /** Counts an error of the socket as a failure of the oldest request, because it names none. */
  refused(what: string): void {
    const [oldest] = this.#sent.keys();
    if (oldest !== undefined) this.failed(oldest, what);
  }

  get #isOpen(): boolean {
    return this.#bounds.ratePerSecond !== undefined;
  }

  /** Sends one request of a closed loop, or all of an open one that are due and have room. */
  #send(): void {
    if (!this.#isOpen) return this.#sendOne(performance.now());
    for (;;) {
      const { dueMs } = this.#result;
      if (this.#result.isOver || dueMs > performance.now() || this.#sent.size >= this.#bounds.inFlight) return;
      this.#sendOne(dueMs);
    }
  }

  #sendOne(beganMs: number): void {
    const index = this.#result.begin();
    if (index === undefined) return;
    while (this.#sent.has(this.#id)) this.#id = (this.#id + 1) % this.#options.ids;
    const id = this.#id;
    this.#id = (id + 1) % this.#options.ids;
    this.#sent.set(id, { sentMs: performance.now(), beganMs });
    this.#options.send(id, index);
  }

  #sweep(): void {
    const lateMs = performance.now() - this.#bounds.timeoutMs;
    for (const [id, { sentMs }] of this.#sent) {
      if (sentMs > lateMs) break;
      this.#sent.delete(id);
      this.#result.failed("timeout");
      this.#send();
    }
    this.#bounds.onProgress?.(this.#result);
    this.#endIfIdle();
  }

  #continue(): void {
    this.#send();
    this.#endIfIdle();
  }

  #endIfIdle(): void {
    if (this.#sent.size > 0) return;
    if (!this.#isOpen) return this.#finish();
    if (!this.#result.isOver && this.#result.dueMs < Infinity) return;
    this.#countUnsent();
    this.#finish();
  }

  /** Requests that were due in time and never had room: without them a slow peer would look better than it is. */
  #countUnsent(): void {
    while (!this.#bounds.signal.aborted && this.#result.dueMs < Infinity) {
      this.#result.begun++;
      this.#result.failed("unsent");
    }
  }
}
