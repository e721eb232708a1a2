/** An honest server whose claims and fixes are checked for violations. */
import { toHex } from "../../../../src/bytes/index.js";
import type { Effect, Event, Machine, Millis } from "../../../../src/machine/index.js";
import {
  HealingCommand,
  REQUEST_HEADER_LEGACY_SIZE,
  RESPONSE_HEADER_LEGACY_SIZE,
  Status,
  tryDecodeFixRequest,
  tryDecodeResponseHeaderLegacy,
  tryDecodeValidateTicketRequest,
  type RaidaId,
  type RaidaServer,
  type RaidaServerEvent,
} from "../../../../src/protocols/raida/index.js";
import { isHealing, Requests } from "./requests.js";

/** Ledger of the claims and generators of all honest servers, and the violations among them. */
export class Ledger {
  readonly broken: string[] = [];
  readonly #claims = new Set<string>();
  /** The server that each generator of new numbers was shown to. */
  readonly #generators = new Map<string, RaidaId>();

  claimed(by: RaidaId, at: RaidaId, ticket: number): void {
    const claim = `ticket ${ticket} of server ${at} by server ${by}`;
    if (this.#claims.has(claim)) this.broken.push(`${claim} was claimed twice`);
    this.#claims.add(claim);
  }

  shown(generator: Uint8Array, to: RaidaId): void {
    const key = toHex(generator);
    const known = this.#generators.get(key) ?? to;
    // A server that knows the generator can compute the new AN at every other server that got it.
    if (known !== to) this.broken.push(`servers ${known} and ${to} know each other's new ANs`);
    this.#generators.set(key, known);
  }
}

/** An honest server, unchanged, whose claims and fixes are recorded in a ledger. */
export class CheckedServer implements Machine<never, never, RaidaServerEvent> {
  readonly halfOpen = true;
  readonly #server: RaidaServer;
  readonly #raidaId: RaidaId;
  readonly #ledger: Ledger;
  readonly #requests = new Requests();

  constructor(server: RaidaServer, raidaId: RaidaId, ledger: Ledger) {
    this.#server = server;
    this.#raidaId = raidaId;
    this.#ledger = ledger;
  }

  step(event: Event<never>, nowMs: Millis, out: Effect<never, RaidaServerEvent>[]): void {
    const first = out.length;
    if (this.#requests.note(event) && event.type === "bytes") this.#noteFix(event.link);
    this.#server.step(event, nowMs, out);
    for (const effect of out.slice(first)) if (effect.type === "write") this.#noteClaim(effect.link, effect.bytes);
  }

  nextWakeMs(): Millis {
    return this.#server.nextWakeMs();
  }

  #noteFix(link: number): void {
    const request = this.#requests.requestOf(link);
    if (request === undefined || !isHealing(request, HealingCommand.fix)) return;
    const fix = tryDecodeFixRequest(request.bytes, REQUEST_HEADER_LEGACY_SIZE);
    if (fix.ok) this.#ledger.shown(fix.value.panGenerator, this.#raidaId);
  }

  #noteClaim(link: number, answer: Uint8Array): void {
    const request = this.#requests.requestOf(link);
    if (request === undefined || !isHealing(request, HealingCommand.validateTicket)) return;
    const header = tryDecodeResponseHeaderLegacy(answer, 0, RESPONSE_HEADER_LEGACY_SIZE);
    const asked = tryDecodeValidateTicketRequest(request.bytes, REQUEST_HEADER_LEGACY_SIZE);
    if (header.ok && asked.ok && header.value.status === Status.success)
      this.#ledger.claimed(asked.value.claimerId, this.#raidaId, asked.value.ticket);
  }
}
