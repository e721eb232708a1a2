/** A closed loop: each request that has ended makes room for the next. */
import { build, type Histogram } from "hdr-histogram-js";

/** What bounds a load: it ends at whichever comes first, when all that is under way is answered or out of time. */
export interface LoadBounds {
  readonly durationMs: number;
  readonly count: number;
  /** What one request may take. */
  readonly timeoutMs: number;
  /** Requests under way at a time. */
  readonly inFlight: number;
  readonly signal: AbortSignal;
}

const MICROSECONDS_MAX = 600_000_000;
const SWEEP_MS = 50;

/** What has come of the requests so far. */
export class LoadResult {
  /** Answers, by what they say. */
  readonly answers = new Map<string, number>();
  /** Requests without an answer, by what came instead. */
  readonly failures = new Map<string, number>();
  /** Microseconds from a request to the last byte of its answer; over TCP from connecting. */
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

  /** Counts one more request, and says which it is; undefined when it is time to end. */
  begin(): number | undefined {
    const { durationMs, count, signal } = this.#bounds;
    const isOver = signal.aborted || this.begun >= count || performance.now() - this.#startedMs >= durationMs;
    return isOver ? undefined : this.begun++;
  }

  answered(what: string, beganMs: number): void {
    this.#end(this.answers, what);
    const us = Math.round((performance.now() - beganMs) * 1_000);
    this.latencies.recordValue(Math.min(MICROSECONDS_MAX, Math.max(1, us)));
  }

  failed(what: string): void {
    this.#end(this.failures, what);
  }

  #end(counts: Map<string, number>, what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
    this.elapsedMs = performance.now() - this.#startedMs;
  }
}

export interface WindowOptions {
  /** Sends the request that is the `index`th of all; its answer will name `id`. */
  readonly send: (id: number, index: number) => void;
  /** Ids are below this, and come again when all have served. There are more than can be under way. */
  readonly ids: number;
}

/** Requests by datagram that are under way together, told apart by a number that the answer repeats. */
export class LoadWindow {
  readonly #bounds: LoadBounds;
  readonly #options: WindowOptions;
  readonly #result: LoadResult;
  /** When each request under way was sent, the one that has waited the longest first. */
  readonly #sent = new Map<number, number>();
  #id = 0;
  #finish: () => void = () => {};

  constructor(bounds: LoadBounds, options: WindowOptions) {
    this.#bounds = bounds;
    this.#options = options;
    this.#result = new LoadResult(bounds);
  }

  async run(): Promise<LoadResult> {
    const over = new Promise<void>((resolve) => (this.#finish = resolve));
    const sweep = setInterval(() => this.#sweep(), SWEEP_MS);
    for (let i = 0; i < this.#bounds.inFlight; i++) this.#send();
    this.#endIfIdle();
    await over;
    clearInterval(sweep);
    return this.#result;
  }

  /** An answer has come. One to what is not under way has come too late, or twice, and does not count. */
  answered(id: number, what: string): void {
    const beganMs = this.#sent.get(id);
    if (beganMs === undefined) return;
    this.#sent.delete(id);
    this.#result.answered(what, beganMs);
    this.#goOn();
  }

  /** Something has come that is no answer. */
  failed(id: number, what: string): void {
    if (!this.#sent.delete(id)) return;
    this.#result.failed(what);
    this.#goOn();
  }

  /** The network says that nobody listens: to which request it does not say. */
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

  #goOn(): void {
    this.#send();
    this.#endIfIdle();
  }

  #endIfIdle(): void {
    if (this.#sent.size === 0) this.#finish();
  }
}
