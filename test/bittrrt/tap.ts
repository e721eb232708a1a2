import type { Effect, Event, Machine } from "../../src/machine/index.js";
import type { Random } from "../../src/testing/index.js";

/** A datagram that was sent. */
export interface Tapped {
  readonly from: string | undefined;
  readonly to: string;
  readonly bytes: Uint8Array;
}

/** A frame as it came, or as it would come back. */
type Arrival = Extract<Event<never>, { type: "datagram" }>;

/** How often somebody on the way repeats a frame, for each event. */
const REPLAY_RATE = 0.2;

/**
 * A machine that somebody listens in on, who also repeats the frames that came, however old, and sends back those that
 * went out, each from the very address that it should come from.
 */
export class Tap<Request, Value, Emitted> implements Machine<Request, Value, Emitted> {
  readonly #machine: Machine<Request, Value, Emitted>;
  readonly #heard: Tapped[];
  readonly #random: Random;
  readonly #frames: Arrival[] = [];
  /** By the nonces of frames that came: what was sent in answer to each. */
  readonly answers = new Map<string, number>();

  constructor(machine: Machine<Request, Value, Emitted>, heard: Tapped[], random: Random) {
    this.#machine = machine;
    this.#heard = heard;
    this.#random = random;
  }

  step(event: Event<Request>, nowMs: number, out: Effect<Value, Emitted>[]): void {
    // What comes is borrowed: it is kept before it is used.
    const arrival = event.type === "datagram" && event.local !== undefined ? copyOf(event) : undefined;
    this.#listen(event, nowMs, out);
    if (arrival !== undefined) this.#frames.push(arrival);
    const isBusy = event.type === "datagram" || event.type === "wake";
    if (!isBusy || this.#frames.length === 0 || !this.#random.chance(REPLAY_RATE)) return;
    this.#listen(copyOf(this.#frames[this.#random.below(this.#frames.length)]!), nowMs, out);
  }

  nextWakeMs(): number {
    return this.#machine.nextWakeMs();
  }

  #listen(event: Event<Request>, nowMs: number, out: Effect<Value, Emitted>[]): void {
    const nonce = event.type === "datagram" && event.local !== undefined ? nonceOf(event.bytes) : undefined;
    const first = out.length;
    this.#machine.step(event, nowMs, out);
    for (const effect of out.slice(first)) {
      if (effect.type !== "datagram") continue;
      const { local: from, peer: to } = effect;
      const bytes = effect.bytes.slice();
      this.#heard.push({ from, to, bytes });
      if (from !== undefined) this.#frames.push({ type: "datagram", peer: to, local: from, bytes });
      if (nonce !== undefined) this.answers.set(nonce, (this.answers.get(nonce) ?? 0) + 1);
    }
  }
}

function copyOf(event: Arrival): Arrival {
  return { ...event, bytes: event.bytes.slice() };
}

function nonceOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 12));
}

/** Sends what it is told to. */
export class Sender implements Machine<{ peer: string; bytes: Uint8Array }, undefined, never> {
  step(event: Event<{ peer: string; bytes: Uint8Array }>, _nowMs: number, out: Effect<undefined, never>[]): void {
    if (event.type !== "call") return;
    out.push({ type: "datagram", ...event.request }, { type: "settle", id: event.id, value: undefined });
  }

  nextWakeMs(): number {
    return Infinity;
  }
}
