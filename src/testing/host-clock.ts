/** The clock of one simulated host: it runs fast or slow, and stands still while the host is paused. */
import type { Clock, Millis } from "../machine/index.js";

/** An event for a host that may be paused. */
interface HeldEvent {
  readonly run: () => void;
  /** Called instead of `run` if the host crashes first. */
  readonly drop?: (() => void) | undefined;
}

/** A monotonic clock at its own rate. A paused host gets its events at its end, all at once and late. */
export class HostClock implements Clock {
  readonly #clock: Clock;
  readonly #rate: number;
  /** Rounding must not let an action run before its time. */
  #reachedMs: Millis = 0;
  #held: HeldEvent[] = [];
  #pausedUntilMs: Millis = -Infinity;
  #isPaused = false;

  /** @param rate how many of its milliseconds pass in one of the simulation's */
  constructor(clock: Clock, rate: number) {
    this.#clock = clock;
    this.#rate = rate;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  nowMs(): Millis {
    return Math.max(this.#reachedMs, this.#clock.nowMs() * this.#rate);
  }

  after(delayMs: Millis, action: () => void): () => void {
    const dueMs = this.nowMs() + delayMs;
    let isCancelled = false;
    const cancel = this.#clock.after(delayMs / this.#rate, () => {
      this.#reachedMs = Math.max(this.#reachedMs, dueMs);
      this.deliver(() => {
        if (!isCancelled) action();
      });
    });
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  /** Runs an event now, or at the end of the pause. @param drop called instead if the host crashes before that */
  deliver(run: () => void, drop?: () => void): void {
    if (this.#isPaused) this.#held.push({ run, drop });
    else run();
  }

  /** Holds every event for so long; a pause within another one extends it. */
  pause(durationMs: Millis): void {
    this.#isPaused = true;
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#clock.nowMs() + durationMs);
    this.#clock.after(durationMs, () => {
      if (this.#isPaused && this.#clock.nowMs() >= this.#pausedUntilMs) this.resume();
    });
  }

  /** Ends the pause: runs what was held, in order. */
  resume(): void {
    this.#end();
    // An event may pause the host again.
    while (!this.#isPaused && this.#held.length > 0) this.#held.shift()!.run();
  }

  /** Ends the pause by a crash: nothing that was held happens. */
  crash(): void {
    this.#end();
    for (const { drop } of this.#held.splice(0)) drop?.();
  }

  #end(): void {
    this.#isPaused = false;
    this.#pausedUntilMs = -Infinity;
  }
}
