import type { Millis } from "../../machine/index.js";
import type { Coin as CoinName } from "../../codec/gen/raida/index.js";
import { RAIDA_COUNT, type RaidaId } from "../protocol.js";

/** The coins that one get_ticket has found authentic, and who has asked for them. */
export interface Ticket {
  readonly id: number;
  readonly coins: Iterable<CoinName>;
  /** One bit a RAIDA server. */
  claims: number;
}

interface Slot extends Ticket {
  readonly untilMs: Millis;
}

/** Slots that are given back before the queue of all is cut to those that live. */
const EXPIRED_MAX = 1_024;

/** A bounded pool of tickets that expire. Every operation is O(1); each ticket is expired once. */
export class TicketPool {
  readonly #slots = new Map<number, Slot>();
  /** All live for the same time: the first that came is the first to go. Those before `#first` are gone. */
  readonly #queue: Slot[] = [];
  #first = 0;
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
    return this.#queue[this.#first]?.untilMs ?? Infinity;
  }

  get isFull(): boolean {
    return this.#slots.size >= this.#size;
  }

  /** Undefined when every slot is taken. */
  issue(coins: Iterable<CoinName>, nowMs: Millis): number | undefined {
    this.expire(nowMs);
    if (this.isFull) return undefined;
    let id = 0;
    while (id === 0 || this.#slots.has(id)) {
      const bytes = this.#random(4);
      id = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    }
    this.put({ id, coins, claims: 0 }, nowMs);
    return id;
  }

  /** Puts a ticket of a known id into the pool, as when a state is restored. */
  put({ id, coins, claims }: Ticket, nowMs: Millis): void {
    const slot: Slot = { id, coins, claims, untilMs: nowMs + this.#lifeMs };
    this.#slots.set(id, slot);
    if (this.#lifeMs !== Infinity) this.#queue.push(slot);
  }

  /** The coins of a ticket, once for each claimer. The claim is spent even if the claimer then fails. */
  claim(id: number, claimer: RaidaId, nowMs: Millis): Iterable<CoinName> | "unknown" | "claimed" {
    this.expire(nowMs);
    const ticket = this.#slots.get(id);
    if (ticket === undefined || claimer >= RAIDA_COUNT) return "unknown";
    const bit = 1 << claimer;
    if ((ticket.claims & bit) !== 0) return "claimed";
    ticket.claims |= bit;
    return ticket.coins;
  }

  expire(nowMs: Millis): void {
    while (this.nextMs <= nowMs) {
      const slot = this.#queue[this.#first++]!;
      // Of the same id another may have been put since.
      if (this.#slots.get(slot.id) === slot) this.#slots.delete(slot.id);
    }
    if (this.#first > EXPIRED_MAX && 2 * this.#first > this.#queue.length) {
      this.#queue.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
