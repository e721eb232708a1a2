/** Base of byzantine servers, which replace requests and replies. */
import type { Effect, Event, Machine, Millis } from "../../../../src/machine/index.js";
import type { RaidaServer, RaidaServerEvent } from "../../../../src/protocols/raida/index.js";
import { Requests, type Request } from "./requests.js";

/** A server behind a filter that replaces requests and replies. */
export abstract class ByzantineServer implements Machine<never, never, RaidaServerEvent> {
  readonly halfOpen = true;
  readonly #server: RaidaServer;
  readonly #requests = new Requests();

  constructor(server: RaidaServer) {
    this.#server = server;
  }

  /** The request that the server receives instead; undefined for none. */
  protected onRequest({ bytes }: Request): Uint8Array | undefined {
    return bytes.slice();
  }

  /** The bytes that are sent instead of a reply. */
  protected onAnswer(_request: Request, answer: Uint8Array): Uint8Array {
    return answer;
  }

  step(event: Event<never>, nowMs: Millis, out: Effect<never, RaidaServerEvent>[]): void {
    const first = out.length;
    const heard = this.#heard(event);
    if (heard !== undefined) this.#server.step(heard, nowMs, out);
    for (let i = first; i < out.length; i++) {
      const effect = out[i]!;
      if (effect.type !== "write" && effect.type !== "datagram") continue;
      const request = this.#requests.answeredBy(effect);
      if (request !== undefined) out[i] = { ...effect, bytes: this.onAnswer(request, effect.bytes) };
    }
  }

  nextWakeMs(): Millis {
    return this.#server.nextWakeMs();
  }

  /** Passes a request to the server once it is complete. */
  #heard(event: Event<never>): Event<never> | undefined {
    if (!this.#requests.note(event) || (event.type !== "bytes" && event.type !== "datagram")) return event;
    const request = this.#requests.askedBy(event);
    const bytes = request && this.onRequest(request);
    return bytes && { ...event, bytes };
  }
}
