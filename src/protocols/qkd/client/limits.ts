/** What a KME allows for each peer: asked once, before the first keys. */
import type { Millis } from "../../../machine/index.js";
import type { KmeStatus } from "../reply/index.js";
import { askStatus } from "./ask.js";
import type { Done, Kme, Operation, Out, Pending } from "./kme.js";

/** What a KME said, and when. */
export interface KnownStatus {
  readonly status: KmeStatus;
  readonly atMs: Millis;
}

/** A status that is asked for, and who waits for it. */
interface Asked {
  readonly operation: Operation;
  readonly waiting: Set<Done<KnownStatus | undefined>>;
}

/** The limits of one KME, kept for the life of the client. Counts are not kept: they age. */
export class Limits {
  readonly #kme: Kme;
  readonly #maxBodyBytes: number;
  /** By peer; undefined where the KME has no status. */
  readonly #known = new Map<string, KnownStatus | undefined>();
  readonly #asked = new Map<string, Asked>();

  constructor(kme: Kme, maxBodyBytes: number) {
    this.#kme = kme;
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** What is known of a peer now. */
  get(peer: string): KnownStatus | undefined {
    return this.#known.get(peer);
  }

  /** Notes a status that was asked for anyway. */
  note(peer: string, status: KmeStatus, nowMs: Millis): void {
    this.#known.set(peer, { status, atMs: nowMs });
  }

  /** Whether `need` would have to ask. */
  knows(peer: string): boolean {
    return this.#known.has(peer);
  }

  /** Asks for the limits for a peer; undefined where the KME has none. Those who wait share one request. */
  need(peer: string, done: Done<KnownStatus | undefined>, nowMs: Millis, out: Out): Pending {
    const asked = this.#asked.get(peer) ?? this.#ask(peer, nowMs, out);
    asked.waiting.add(done);
    return {
      issueOf: (reason) => this.#kme.issueOf(asked.operation, reason),
      cancel: (atMs, effects) => {
        asked.waiting.delete(done);
        if (asked.waiting.size > 0 || this.#asked.get(peer) !== asked) return;
        this.#asked.delete(peer);
        this.#kme.cancel(asked.operation, atMs, effects);
      },
    };
  }

  #ask(peer: string, nowMs: Millis, out: Out): Asked {
    const waiting: Asked["waiting"] = new Set();
    const done: Done<KmeStatus> = (outcome, atMs, effects) => {
      this.#asked.delete(peer);
      const isUnknown = !outcome.ok && outcome.error.reason === "NOT_SUPPORTED";
      if (outcome.ok) this.note(peer, outcome.value, atMs);
      else if (isUnknown) this.#known.set(peer, undefined);
      const value = this.#known.get(peer);
      for (const each of waiting) each(outcome.ok || isUnknown ? { ok: true, value } : outcome, atMs, effects);
    };
    // Without a deadline of its own: who waits leaves at theirs.
    const operation = this.#kme.start(askStatus(peer, this.#maxBodyBytes), Infinity, done, nowMs, out) as Operation;
    const asked: Asked = { operation, waiting };
    this.#asked.set(peer, asked);
    return asked;
  }
}
