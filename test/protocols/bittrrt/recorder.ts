/** A recorder of what machines send, which also replays and reflects frames. */
import type { Effect, Event, Machine } from "../../../src/machine/index.js";
import type { Random } from "../../../src/testing/index.js";

/** A datagram that a machine sent. */
export interface SentDatagram {
  readonly from: string | undefined;
  readonly to: string;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/** The source and the destination of a frame. */
interface Route {
  readonly peer: string;
  readonly local: string;
}

/** The host of an attacker who replays datagrams from its own address. */
export const STRANGER = "mallory";

/** The chance that a frame is replayed after an event. */
const REPLAY_RATE = 0.2;
/** The share of replays that take another route. */
const DETOUR_RATE = 0.2;

/**
 * Wraps a machine and records what it sends. It also replays received frames, however old, and reflects sent ones, from
 * the addresses that such frames come from.
 */
export class Recorder<Request, Value, Emitted> implements Machine<Request, Value, Emitted> {
  readonly #machine: Machine<Request, Value, Emitted>;
  readonly #sent: SentDatagram[];
  readonly #random: Random;
  readonly #frames: { readonly route: Route | undefined; readonly bytes: Uint8Array }[] = [];
  readonly #routes: Route[] = [];
  /** The number of answers to each received frame, by nonce. */
  readonly answers = new Map<string, number>();

  constructor(machine: Machine<Request, Value, Emitted>, sent: SentDatagram[], random: Random) {
    this.#machine = machine;
    this.#sent = sent;
    this.#random = random;
  }

  step(event: Event<Request>, nowMs: number, out: Effect<Value, Emitted>[]): void {
    // A datagram of the attacker may be the first copy that arrives: keeping it would count it as a replay.
    if (event.type === "datagram" && event.local !== undefined && !event.peer.startsWith(STRANGER)) {
      this.#keep({ peer: event.peer, local: event.local }, event.bytes);
    }
    this.#step(event, nowMs, out);
    const isBusy = event.type === "datagram" || event.type === "wake";
    if (!isBusy || this.#routes.length === 0 || !this.#random.chance(REPLAY_RATE)) return;
    const { route, bytes } = this.#pick(this.#frames);
    const taken = route === undefined || this.#random.chance(DETOUR_RATE) ? this.#pick(this.#routes) : route;
    this.#step({ type: "datagram", ...taken, bytes: bytes.slice() }, nowMs, out);
  }

  nextWakeMs(): number {
    return this.#machine.nextWakeMs();
  }

  /** Keeps a frame with the route of its replays. */
  #keep(route: Route | undefined, bytes: Uint8Array): void {
    if (route !== undefined) this.#routes.push(route);
    this.#frames.push({ route, bytes: bytes.slice() });
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.#random.below(items.length)]!;
  }

  #step(event: Event<Request>, nowMs: number, out: Effect<Value, Emitted>[]): void {
    const nonce = event.type === "datagram" && event.local !== undefined ? nonceOf(event.bytes) : undefined;
    const first = out.length;
    this.#machine.step(event, nowMs, out);
    for (const effect of out.slice(first)) {
      if (effect.type !== "datagram") continue;
      const { local: from, peer: to } = effect;
      const bytes = effect.bytes.slice();
      this.#sent.push({ from, to, bytes, atMs: nowMs });
      this.#keep(from === undefined ? undefined : { peer: to, local: from }, bytes);
      if (nonce !== undefined) this.answers.set(nonce, (this.answers.get(nonce) ?? 0) + 1);
    }
  }
}

function nonceOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 12));
}

/** Sends given datagrams. */
export class Sender implements Machine<{ peer: string; bytes: Uint8Array }, undefined, never> {
  step(event: Event<{ peer: string; bytes: Uint8Array }>, _nowMs: number, out: Effect<undefined, never>[]): void {
    if (event.type !== "call") return;
    out.push({ type: "datagram", ...event.request }, { type: "settle", id: event.id, value: undefined });
  }

  nextWakeMs(): number {
    return Infinity;
  }
}
