/** Byzantine servers in coin healing. */
import { concatBytes } from "../../../../src/bytes/index.js";
import type { Effect, Env, Event, Machine, Millis } from "../../../../src/machine/index.js";
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
  type CoinId,
  type RaidaId,
  type RaidaServer,
} from "../../../../src/protocols/raida/index.js";
import { ByzantineServer } from "./byzantine-server.js";
import { isHealing, type Request } from "./requests.js";

/**
 * Faults of a server. `absent`: does not listen. `silent`: accepts connections and never replies. `nonsense`: replies
 * with random bytes. `turncoat`: issues tickets and then rejects them. `staller`: issues tickets and never validates
 * them.
 * `impersonator`: votes honestly, but under any id, for any ticket, and for each coin twice.
 */
export const BYZANTINE_FAULTS = ["absent", "silent", "nonsense", "turncoat", "staller", "impersonator"] as const;
export type ByzantineFault = (typeof BYZANTINE_FAULTS)[number];

/** Accepts connections and sends random bytes, or nothing. */
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

/** Rejects the tickets that it has issued. */
export class Turncoat extends ByzantineServer {
  protected override onRequest(request: Request): Uint8Array {
    return isValidation(request)
      ? withValidation(request, request.header.raidaId, (ticket) => ~ticket >>> 0)
      : request.bytes.slice();
  }
}

/** Never validates the tickets that it has issued. */
export class Staller extends ByzantineServer {
  protected override onRequest(request: Request): Uint8Array | undefined {
    return isValidation(request) ? undefined : request.bytes.slice();
  }
}

/** Votes under any id, for any ticket, and for each coin twice. */
export class Impersonator extends ByzantineServer {
  readonly #raidaId: RaidaId;
  readonly #coins: CoinId[];

  /** @param coins those that it holds, and vouches for */
  constructor(server: RaidaServer, raidaId: RaidaId, coins: readonly CoinId[]) {
    super(server);
    this.#raidaId = raidaId;
    this.#coins = [...coins, ...coins];
  }

  protected override onRequest(request: Request): Uint8Array {
    return isValidation(request) ? withValidation(request, this.#raidaId, (ticket) => ticket) : request.bytes.slice();
  }

  protected override onAnswer(request: Request, answer: Uint8Array): Uint8Array {
    if (this.#coins.length === 0 || !isValidation(request)) return answer;
    const header = decodeResponseHeaderLegacy(answer, 0, RESPONSE_HEADER_LEGACY_SIZE);
    const body = encodeValidateTicketReply({ coins: this.#coins });
    const { raidaId } = request.header;
    const changed = { ...header, raidaId, status: Status.success, bodyLength: body.length };
    return concatBytes(encodeResponseHeaderLegacy(changed), body);
  }
}

function isValidation(request: Request): boolean {
  return isHealing(request, HealingCommand.validateTicket);
}

/** Replaces ticket and id of a validation. */
function withValidation({ bytes }: Request, raidaId: RaidaId, change: (ticket: number) => number): Uint8Array {
  const body = decodeValidateTicketRequest(bytes, REQUEST_HEADER_LEGACY_SIZE);
  const header = bytes.slice(0, REQUEST_HEADER_LEGACY_SIZE);
  header[2] = raidaId;
  return concatBytes(header, encodeValidateTicketRequest({ ...body, ticket: change(body.ticket) }));
}
