/** Tickets that this server issues for authentic coins. */
import type { Millis } from "../../../machine/index.js";
import type { CoinId, CoinIdColumns } from "../../../codec/gen/raida/index.js";
import { RAIDA_COUNT, type RaidaId } from "../protocol.js";

/** The coins of a ticket as two columns. */
type TicketCoins = Pick<CoinIdColumns, "denomination" | "serial">;

/** A ticket: the coins that one get_ticket found authentic, and the servers that have claimed it. */
export interface Ticket {
  readonly id: number;
  readonly coins: TicketCoins;
  /** One bit for each RAIDA server. */
  claims: number;
}

/** Storage of one ticket. Slots are pooled: tickets live 300 s and would be promoted to the old generation. */
interface Slot {
  id: number;
  claims: number;
  untilMs: Millis;
  /** More than {@link FEW_COINS} coins, lent for the lifetime of the ticket. Fewer are copied to `few`. */
  many: TicketCoins | undefined;
  readonly few: TicketCoins;
  /** Number of coins. */
  count: number;
  /** The slot that expires next. */
  next: Slot | undefined;
}

/** Coins that every slot has room for, five bytes each. */
const FEW_COINS = 64;

/** A bounded pool of tickets that expire. Every operation takes amortized constant time. */
export class TicketPool {
  /** By id as a signed 32-bit number, which V8 stores without a heap object. */
  readonly #slots = new Map<number, Slot>();
  /** The slots in use, in order of expiry, which is that of arrival because all live equally long. */
  #first: Slot | undefined;
  #last: Slot | undefined;
  readonly #spare: Slot[] = [];
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
    return this.#first?.untilMs ?? Infinity;
  }

  get isFull(): boolean {
    return this.#slots.size >= this.#size;
  }

  /** Issues a ticket. @returns its id; undefined if every slot is taken */
  issue(coins: TicketCoins, nowMs: Millis): number | undefined {
    this.expire(nowMs);
    if (this.isFull) return undefined;
    let id = 0;
    while (id === 0 || this.#slots.has(id | 0)) {
      const bytes = this.#random(4);
      id = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
    }
    this.put({ id, coins, claims: 0 }, nowMs);
    return id;
  }

  /** Puts a ticket with a given id into the pool, to restore a state. */
  put({ id, coins, claims }: Ticket, nowMs: Millis): void {
    const slot = this.#spare.pop() ?? emptySlot();
    slot.id = id | 0;
    slot.claims = claims;
    slot.untilMs = nowMs + this.#lifeMs;
    slot.count = coins.serial.length;
    if (slot.count > FEW_COINS) {
      slot.many = coins;
    } else {
      slot.few.denomination.set(coins.denomination);
      slot.few.serial.set(coins.serial);
    }
    this.#slots.set(slot.id, slot);
    if (this.#last === undefined) this.#first = slot;
    else this.#last.next = slot;
    this.#last = slot;
  }

  /** Returns the coins of a ticket, once for each claimer. The claim is spent even if the claimer fails afterwards. */
  claim(id: number, claimer: RaidaId, nowMs: Millis): CoinId[] | "unknown" | "claimed" {
    this.expire(nowMs);
    const slot = this.#slots.get(id | 0);
    if (slot === undefined || claimer >= RAIDA_COUNT) return "unknown";
    const bit = 1 << claimer;
    if ((slot.claims & bit) !== 0) return "claimed";
    slot.claims |= bit;
    const { denomination, serial } = slot.many ?? slot.few;
    return Array.from({ length: slot.count }, (_, row) => ({ denomination: denomination[row]!, serial: serial[row]! }));
  }

  /** Removes the tickets whose time has passed. */
  expire(nowMs: Millis): void {
    while (this.nextMs <= nowMs) {
      const slot = this.#first!;
      this.#first = slot.next;
      if (slot.next === undefined) this.#last = undefined;
      slot.next = undefined;
      slot.many = undefined;
      // `put` may have replaced the ticket by another one with the same id.
      if (this.#slots.get(slot.id) === slot) this.#slots.delete(slot.id);
      this.#spare.push(slot);
    }
  }
}

function emptySlot(): Slot {
  const few = { denomination: new Int8Array(FEW_COINS), serial: new Uint32Array(FEW_COINS) };
  return { id: 0, claims: 0, untilMs: 0, many: undefined, few, count: 0, next: undefined };
}
