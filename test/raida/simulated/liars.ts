import { concatBytes } from "../../../src/bytes/index.js";
import type { Effect, Env, Event, Machine, Millis } from "../../../src/machine/index.js";
import {
  decodeResponseHeaderLegacy,
  decodeValidateTicketRequest,
  encodeResponseHeaderLegacy,
  encodeValidateTicketReply,
  encodeValidateTicketRequest,
  HealingCommand,
  REQUEST_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_LEGACY_SIZE,
  Status,
  type Coin,
  type RaidaId,
  type RaidaNode,
  type RaidaNodeEvent,
} from "../../../src/raida/index.js";
import { isHealing, Requests, type Request } from "./requests.js";

/**
 * What a server can do wrong. `absent`: nobody listens. `silent`: takes connections and says nothing. `nonsense`: says
 * anything. `turncoat`: gives tickets and then knows none of them. `staller`: gives tickets and then says nothing of them.
 * `impersonator`: agrees truthfully, but vouches under any id, with any ticket, and for each coin twice.
 */
export const LIARS = ["absent", "silent", "nonsense", "turncoat", "staller", "impersonator"] as const;
export type Liar = (typeof LIARS)[number];

type NodeEffect = Effect<never, RaidaNodeEvent>;

/** Takes what comes and answers with random bytes, or not at all. */
export class Babbler implements Machine {
  readonly #env: Env | undefined;

  /** @param env none for a server that stays silent */
  constructor(env?: Env) {
    this.#env = env;
  }

  step(event: Event, _nowMs: Millis, out: Effect[]): void {
    if (event.type !== "opened" || this.#env === undefined) return;
    out.push({ type: "write", link: event.link, bytes: this.#env.random(64) });
  }

  nextWakeMs(): Millis {
    return Infinity;
  }
}

/** A server that is asked something else than it was, and says something else than it does. */
abstract class Lying implements Machine<never, never, RaidaNodeEvent> {
  readonly halfOpen = true;
  readonly #node: RaidaNode;
  readonly #requests = new Requests();

  constructor(node: RaidaNode) {
    this.#node = node;
  }

  /** The validation that the node is given in the place of one; undefined leaves it without an answer. */
  protected abstract onValidation(request: Request): Uint8Array | undefined;

  /** The bytes that are sent in the place of the answer to a validation. */
  protected onAnswer(_request: Request, answer: Uint8Array): Uint8Array {
    return answer;
  }

  step(event: Event<never>, nowMs: Millis, out: NodeEffect[]): void {
    const first = out.length;
    const heard = this.#requests.note(event) ? this.#heard(event as Event<never> & { type: "bytes" }) : event;
    if (heard !== undefined) this.#node.step(heard, nowMs, out);
    for (let i = first; i < out.length; i++) {
      const effect = out[i]!;
      const request = effect.type === "write" ? this.#validationOf(effect.link) : undefined;
      if (effect.type === "write" && request !== undefined)
        out[i] = { ...effect, bytes: this.onAnswer(request, effect.bytes) };
    }
  }

  nextWakeMs(): Millis {
    return this.#node.nextWakeMs();
  }

  /** The node hears of a request once it is whole. */
  #heard({ link }: { readonly link: number }): Event<never> | undefined {
    const request = this.#requests.requestOf(link);
    if (request === undefined) return undefined;
    const validation = this.#validationOf(link);
    const bytes = validation === undefined ? request.bytes.slice() : this.onValidation(validation);
    return bytes === undefined ? undefined : { type: "bytes", link, bytes };
  }

  #validationOf(link: number): Request | undefined {
    const request = this.#requests.requestOf(link);
    return request !== undefined && isHealing(request, HealingCommand.validateTicket) ? request : undefined;
  }
}

export class Turncoat extends Lying {
  protected override onValidation(request: Request): Uint8Array {
    return withValidation(request, request.header.raidaId, (ticket) => ~ticket >>> 0);
  }
}

export class Staller extends Lying {
  protected override onValidation(): undefined {}
}

export class Impersonator extends Lying {
  readonly #raidaId: RaidaId;
  readonly #coins: Coin[];

  /** @param coins those that it holds, and vouches for */
  constructor(node: RaidaNode, raidaId: RaidaId, coins: readonly Coin[]) {
    super(node);
    this.#raidaId = raidaId;
    this.#coins = [...coins, ...coins];
  }

  protected override onValidation(request: Request): Uint8Array {
    return withValidation(request, this.#raidaId, (ticket) => ticket);
  }

  protected override onAnswer(request: Request, answer: Uint8Array): Uint8Array {
    if (this.#coins.length === 0) return answer;
    const header = decodeResponseHeaderLegacy(answer, 0, RESPONSE_HEADER_LEGACY_SIZE);
    const body = encodeValidateTicketReply({ coins: this.#coins });
    const { raidaId } = request.header;
    const changed = { ...header, raidaId, status: Status.success, bodyLength: body.length };
    return concatBytes(encodeResponseHeaderLegacy(changed), body);
  }
}

/** The same validation of another ticket, to another id. */
function withValidation({ bytes }: Request, raidaId: RaidaId, change: (ticket: number) => number): Uint8Array {
  const body = decodeValidateTicketRequest(bytes, REQUEST_HEADER_LEGACY_SIZE);
  const header = bytes.slice(0, REQUEST_HEADER_LEGACY_SIZE);
  header[2] = raidaId;
  return concatBytes(header, encodeValidateTicketRequest({ ...body, ticket: change(body.ticket) }));
}
