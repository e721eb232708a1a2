import type { Millis } from "../../../machine/index.js";
import type { CoinId, CoinIdColumns } from "../../../codec/gen/raida/index.js";
import { RAIDA_COUNT, type RaidaId } from "../protocol.js";

type CoinNameColumns = Pick<CoinIdColumns, "denomination" | "serial">;

/** The coins that one get_ticket has found authentic, and who has asked for them. */
export interface Ticket {
  readonly id: number;
  readonly coins: CoinNameColumns;
  /** One bit a RAIDA server. */
  claims: number;
}

/** Room for one ticket. It is used again: what lives as long as tickets do is dear as garbage. */
interface Slot {
  id: number;
  claims: number;
  untilMs: Millis;
  /** Many coins, which are lent for as long as the ticket lives; few are copied. */
  many: CoinNameColumns | undefined;
  readonly few: CoinNameColumns;
  /** How many there are. */
  count: number;
  /** The one that expires next. */
  next: Slot | undefined;
}

/** So many coins are few: five bytes each, in every slot. */
const FEW_COINS = 64;

/** A bounded pool of tickets that expire. Every operation is O(1); each ticket is expired once. */
export class TicketPool {
  /** By the id as a signed number, which needs no room of its own. */
  readonly #slots = new Map<number, Slot>();
  /** All live for the same time: the first that came is the first to go. */
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

  /** Undefined when every slot is taken. */
  issue(coins: CoinNameColumns, nowMs: Millis): number | undefined {
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

  /** Puts a ticket of a known id into the pool, as when a state is restored. */
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

  /** The coins of a ticket, once for each claimer. The claim is spent even if the claimer then fails. */
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

  expire(nowMs: Millis): void {
    while (this.nextMs <= nowMs) {
      const slot = this.#first!;
      this.#first = slot.next;
      if (slot.next === undefined) this.#last = undefined;
      slot.next = undefined;
      slot.many = undefined;
      // Of the same id another may have been put since.
      if (this.#slots.get(slot.id) === slot) this.#slots.delete(slot.id);
      this.#spare.push(slot);
    }
  }
}

function emptySlot(): Slot {
  const few = { denomination: new Int8Array(FEW_COINS), serial: new Uint32Array(FEW_COINS) };
  return { id: 0, claims: 0, untilMs: 0, many: undefined, few, count: 0, next: undefined };
}
