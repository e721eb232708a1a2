import type { Effect, Event, Machine } from "../../../src/machine/index.js";
import type { Random } from "../../../src/testing/index.js";

/** A datagram that was sent. */
export interface Tapped {
  readonly from: string | undefined;
  readonly to: string;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/** Where a frame comes from, and where it arrives. */
interface Way {
  readonly peer: string;
  readonly local: string;
}

/** The host of who sends what was lost, or comes again, from an address of its own. */
export const STRANGER = "mallory";

/** How often somebody on the way repeats a frame, for each event. */
const REPLAY_RATE = 0.2;
/** How many of these take another way than the one they took. */
const DETOUR_RATE = 0.2;

/**
 * A machine that somebody listens in on, who also repeats the frames that came, however old, and sends back those that
 * went out, from the very addresses that such frames should come from.
 */
export class Tap<Request, Value, Emitted> implements Machine<Request, Value, Emitted> {
  readonly #machine: Machine<Request, Value, Emitted>;
  readonly #heard: Tapped[];
  readonly #random: Random;
  readonly #frames: { readonly way: Way | undefined; readonly bytes: Uint8Array }[] = [];
  readonly #ways: Way[] = [];
  /** By the nonces of frames that came: what was sent in answer to each. */
  readonly answers = new Map<string, number>();

  constructor(machine: Machine<Request, Value, Emitted>, heard: Tapped[], random: Random) {
    this.#machine = machine;
    this.#heard = heard;
    this.#random = random;
  }

  step(event: Event<Request>, nowMs: number, out: Effect<Value, Emitted>[]): void {
    // What a stranger brings was held back, perhaps: that is no replay, and may be late.
    if (event.type === "datagram" && event.local !== undefined && !event.peer.startsWith(STRANGER)) {
      this.#keep({ peer: event.peer, local: event.local }, event.bytes);
    }
    this.#listen(event, nowMs, out);
    const isBusy = event.type === "datagram" || event.type === "wake";
    if (!isBusy || this.#ways.length === 0 || !this.#random.chance(REPLAY_RATE)) return;
    const { way, bytes } = this.#pick(this.#frames);
    const taken = way === undefined || this.#random.chance(DETOUR_RATE) ? this.#pick(this.#ways) : way;
    this.#listen({ type: "datagram", ...taken, bytes: bytes.slice() }, nowMs, out);
  }

  nextWakeMs(): number {
    return this.#machine.nextWakeMs();
  }

  /** A frame with the way that it takes when it comes again. */
  #keep(way: Way | undefined, bytes: Uint8Array): void {
    if (way !== undefined) this.#ways.push(way);
    this.#frames.push({ way, bytes: bytes.slice() });
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#random.below(items.length)]!;
  }

  #listen(event: Event<Request>, nowMs: number, out: Effect<Value, Emitted>[]): void {
    const nonce = event.type === "datagram" && event.local !== undefined ? nonceOf(event.bytes) : undefined;
    const first = out.length;
    this.#machine.step(event, nowMs, out);
    for (const effect of out.slice(first)) {
      if (effect.type !== "datagram") continue;
      const { local: from, peer: to } = effect;
      const bytes = effect.bytes.slice();
      this.#heard.push({ from, to, bytes, atMs: nowMs });
      this.#keep(from === undefined ? undefined : { peer: to, local: from }, bytes);
      if (nonce !== undefined) this.answers.set(nonce, (this.answers.get(nonce) ?? 0) + 1);
    }
  }
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
