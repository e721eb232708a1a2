import type { Effect, Event, Machine, Millis } from "../../../../src/machine/index.js";
import type { RaidaServer, RaidaServerEvent } from "../../../../src/protocols/raida/index.js";
import { Requests, type Request } from "./requests.js";

/** A server that is asked something else than it was, and says something else than it does. */
export abstract class Lying implements Machine<never, never, RaidaServerEvent> {
  readonly halfOpen = true;
  readonly #node: RaidaServer;
  readonly #requests = new Requests();

  constructor(node: RaidaServer) {
    this.#node = node;
  }

  /** The request that the node is given in the place of one; undefined leaves it without an answer. */
  protected onRequest({ bytes }: Request): Uint8Array | undefined {
    return bytes.slice();
  }

  /** The bytes that are sent in the place of an answer. */
  protected onAnswer(_request: Request, answer: Uint8Array): Uint8Array {
    return answer;
  }

  step(event: Event<never>, nowMs: Millis, out: Effect<never, RaidaServerEvent>[]): void {
    const first = out.length;
    const heard = this.#heard(event);
    if (heard !== undefined) this.#node.step(heard, nowMs, out);
    for (let i = first; i < out.length; i++) {
      const effect = out[i]!;
      if (effect.type !== "write" && effect.type !== "datagram") continue;
      const request = this.#requests.answeredBy(effect);
      if (request !== undefined) out[i] = { ...effect, bytes: this.onAnswer(request, effect.bytes) };
    }
  }

  nextWakeMs(): Millis {
    return this.#node.nextWakeMs();
  }

  /** The node hears of a request once it is whole. */
  #heard(event: Event<never>): Event<never> | undefined {
    if (!this.#requests.note(event) || (event.type !== "bytes" && event.type !== "datagram")) return event;
    const request = this.#requests.askedBy(event);
    const bytes = request && this.onRequest(request);
    return bytes && { ...event, bytes };
  }
}
