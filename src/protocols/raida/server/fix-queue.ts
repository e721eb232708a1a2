/** Bounds of the fixes that a server carries out at a time, in all and for each source. */
import type { Millis } from "../../../machine/index.js";

/** A fix that starts now or later, or never. */
export interface QueuedFix {
  start(): void;
  /** Called instead of `start` if there is no room for too long. */
  refuse(): void;
}

/** How many fixes run at a time, and as many wait. */
export interface FixQueueOptions {
  readonly fixesMax: number;
  /** Of these, how many one source may have. */
  readonly fixesPerSourceMax: number;
  /** How long a fix waits for its start. */
  readonly waitMs: Millis;
}

interface Waiting {
  readonly source: string;
  readonly fix: QueuedFix;
  readonly untilMs: Millis;
}

/**
 * Starts fixes in the order of their arrival within bounds. For one fix the server opens a connection to each of 24
 * peers, and a peer that hangs holds it for 32 s. Without bounds 43 fixes by datagram take all 1,024 links, and no
 * client can connect. 41 fixes over TCP do the same if they come one after the other. 200 that come at once do not:
 * their own connections take 200 links before the first fix starts, so that only 34 find links to peers. All others
 * find none, are answered at once, and leave their links to new clients.
 */
export class FixQueue {
  readonly #options: FixQueueOptions;
  /** Number of running fixes of each source. */
  readonly #running = new Map<string, number>();
  #count = 0;
  /** Oldest first. */
  readonly #waiting: Waiting[] = [];

  constructor(options: FixQueueOptions) {
    this.#options = options;
  }

  /** When the fix that waits longest is refused. */
  get nextMs(): Millis {
    return this.#waiting[0]?.untilMs ?? Infinity;
  }

  /** Starts a fix, lets it wait, or refuses it. Call {@link ended} once for each that started. */
  add(source: string, fix: QueuedFix, nowMs: Millis): void {
    const { fixesMax, fixesPerSourceMax, waitMs } = this.#options;
    if (this.#hasRoom(source)) return this.#start(source, fix);
    const ofSource = this.#waiting.filter((one) => one.source === source).length;
    if (this.#waiting.length >= fixesMax || ofSource >= fixesPerSourceMax) return fix.refuse();
    this.#waiting.push({ source, fix, untilMs: nowMs + waitMs });
  }

  /** Starts the next fix in place of one that has ended. */
  ended(source: string): void {
    const left = this.#running.get(source)! - 1;
    if (left === 0) this.#running.delete(source);
    else this.#running.set(source, left);
    this.#count--;
    const next = this.#waiting.findIndex((one) => this.#hasRoom(one.source));
    if (next < 0) return;
    const [{ source: other, fix }] = this.#waiting.splice(next, 1) as [Waiting];
    this.#start(other, fix);
  }

  /** Refuses the fixes that have waited too long. */
  wake(nowMs: Millis): void {
    while (this.nextMs <= nowMs) this.#waiting.shift()!.fix.refuse();
  }

  #hasRoom(source: string): boolean {
    const { fixesMax, fixesPerSourceMax } = this.#options;
    return this.#count < fixesMax && (this.#running.get(source) ?? 0) < fixesPerSourceMax;
  }

  #start(source: string, fix: QueuedFix): void {
    this.#running.set(source, (this.#running.get(source) ?? 0) + 1);
    this.#count++;
    fix.start();
  }
}
