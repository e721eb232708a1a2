/** A closed loop of requests: each that ends starts the next. */
import { build, type Histogram } from "hdr-histogram-js";

/** The bounds of a load. At the first one no more requests start; the load ends when those in flight have ended. */
export interface LoadBounds {
  readonly durationMs: number;
  readonly count: number;
  /** Timeout of one request. */
  readonly timeoutMs: number;
  /** Requests in flight at a time. */
  readonly inFlight: number;
  readonly signal: AbortSignal;
}

const MICROSECONDS_MAX = 600_000_000;
const SWEEP_MS = 50;

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
  readonly #bounds: LoadBounds;
  readonly #startedMs = performance.now();
  begun = 0;
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

  /** Counts an answer and its latency. */
  answered(what: string, beganMs: number): void {
    this.#end(this.answers, what);
    const us = Math.round((performance.now() - beganMs) * 1_000);
    this.latencies.recordValue(Math.min(MICROSECONDS_MAX, Math.max(1, us)));
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

/** A window of requests in flight over datagrams, which an id in each answer tells apart. */
export class LoadWindow {
  readonly #bounds: LoadBounds;
  readonly #options: WindowOptions;
  readonly #result: LoadResult;
  /** When each request in flight was sent, the oldest first. */
  readonly #sent = new Map<number, number>();
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
    for (let i = 0; i < this.#bounds.inFlight; i++) this.#send();
    this.#endIfIdle();
    await over;
    clearInterval(sweep);
    return this.#result;
  }

  /** Counts an answer. A late or repeated one has no request in flight and is ignored. */
  answered(id: number, what: string): void {
    const beganMs = this.#sent.get(id);
    if (beganMs === undefined) return;
    this.#sent.delete(id);
    this.#result.answered(what, beganMs);
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

  #send(): void {
    const index = this.#result.begin();
    if (index === undefined) return;
    while (this.#sent.has(this.#id)) this.#id = (this.#id + 1) % this.#options.ids;
    const id = this.#id;
    this.#id = (id + 1) % this.#options.ids;
    this.#sent.set(id, performance.now());
    this.#options.send(id, index);
  }

  #sweep(): void {
    const dueMs = performance.now() - this.#bounds.timeoutMs;
    for (const [id, beganMs] of this.#sent) {
      if (beganMs > dueMs) break;
      this.#sent.delete(id);
      this.#result.failed("timeout");
      this.#send();
    }
    this.#endIfIdle();
  }

  #continue(): void {
    this.#send();
    this.#endIfIdle();
  }

  #endIfIdle(): void {
    if (this.#sent.size === 0) this.#finish();
  }
}
