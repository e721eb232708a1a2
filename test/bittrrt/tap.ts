import type { Effect, Env, Event, Machine } from "../../src/machine/index.js";

/** A datagram that was sent. */
export interface Tapped {
  readonly from: string | undefined;
  readonly to: string;
  readonly bytes: Uint8Array;
}

/** A machine that somebody listens in on. */
export class Tap<Request, Value, Emitted> implements Machine<Request, Value, Emitted> {
  readonly #machine: Machine<Request, Value, Emitted>;
  readonly #heard: Tapped[];

  constructor(machine: Machine<Request, Value, Emitted>, heard: Tapped[]) {
    this.#machine = machine;
    this.#heard = heard;
  }

  step(event: Event<Request>, nowMs: number, out: Effect<Value, Emitted>[]): void {
    const first = out.length;
    this.#machine.step(event, nowMs, out);
    for (const effect of out.slice(first)) {
      if (effect.type !== "datagram") continue;
      this.#heard.push({ from: effect.local, to: effect.peer, bytes: effect.bytes.slice() });
    }
  }

  nextWakeMs(): number {
    return this.#machine.nextWakeMs();
  }
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

export type Build<M> = (env: Env) => M;
