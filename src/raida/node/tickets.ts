import type { Millis } from "../../machine/index.js";
import type { Coin as CoinName } from "../../codec/gen/raida/index.js";
import { RAIDA_COUNT, type RaidaId } from "../protocol.js";

/** The coins that one get_ticket has found authentic, and who has asked for them. */
export interface Ticket {
  readonly id: number;
  readonly coins: readonly CoinName[];
  /** One bit a RAIDA server. */
  claims: number;
}

/** A bounded pool of tickets that expire. Every operation is O(1); each ticket is expired once. */
export class TicketPool {
  /** By id, and as all live for the same time, the first to expire first. */
  readonly #tickets = new Map<number, { readonly ticket: Ticket; readonly untilMs: Millis }>();
  readonly #size: number;
  readonly #lifeMs: Millis;
  readonly #random: (n: number) => Uint8Array;

  /** @param lifeMs `Infinity` for tickets that never expire */
  constructor(size: number, lifeMs: Millis, random: (n: number) => Uint8Array) {
    this.#size = size;
    this.#lifeMs = lifeMs;
    this.#random = random;
  }

  get nextMs(): Millis {
    for (const { untilMs } of this.#tickets.values()) return untilMs;
    return Infinity;
  }

  get isFull(): boolean {
    return this.#tickets.size >= this.#size;
  }

  /** Undefined when every slot is taken. */
  issue(coins: readonly CoinName[], nowMs: Millis): number | undefined {
    this.expire(nowMs);
    if (this.isFull) return undefined;
    let id = 0;
    while (id === 0 || this.#tickets.has(id)) {
      const bytes = this.#random(4);
      id = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    }
    this.put({ id, coins, claims: 0 }, nowMs);
    return id;
  }

  /** Puts a ticket of a known id into the pool, as when a state is restored. */
  put(ticket: Ticket, nowMs: Millis): void {
    this.#tickets.delete(ticket.id);
    this.#tickets.set(ticket.id, { ticket, untilMs: nowMs + this.#lifeMs });
  }

  /** The coins of a ticket, once for each claimer. The claim is spent even if the claimer then fails. */
  claim(id: number, claimer: RaidaId, nowMs: Millis): readonly CoinName[] | "unknown" | "claimed" {
    this.expire(nowMs);
    const ticket = this.#tickets.get(id)?.ticket;
    if (ticket === undefined || claimer >= RAIDA_COUNT) return "unknown";
    const bit = 1 << claimer;
    if ((ticket.claims & bit) !== 0) return "claimed";
    ticket.claims |= bit;
    return ticket.coins;
  }

  expire(nowMs: Millis): void {
    for (const [id, { untilMs }] of this.#tickets) {
      if (untilMs > nowMs) return;
      this.#tickets.delete(id);
    }
  }
}
