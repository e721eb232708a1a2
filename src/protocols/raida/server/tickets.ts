/** Tickets that this server issues for authentic coins. */
import type { Millis } from "../../../machine/index.js";
import type { CoinId } from "../../../codec/gen/raida/index.js";
import { RAIDA_COUNT, type RaidaId } from "../protocol.js";
import { TicketCounts, type TicketCoins } from "./ticket-counts.js";

/** A ticket: the coins that one get_ticket found authentic, and the servers that have claimed it. */
export interface Ticket {
  readonly id: number;
  readonly coins: TicketCoins;
  /** One bit for each RAIDA server. */
  claims: number;
}

/** Who asks for a ticket. */
export interface TicketOrigin {
  /** Address prefix of the client. */
  readonly source: string;
  /** The source may be forged. */
  readonly isDatagram: boolean;
  /** 32 bits that differ from one request to the next, and are equal in copies of one. */
  readonly requestId: number;
}

/** The size of a pool, and the lifetime of its tickets. */
export interface TicketPoolOptions {
  readonly slots: number;
  /** `Infinity` for tickets that never expire. */
  readonly lifeMs: Millis;
  /** Tickets of one source; `Infinity` for the pool of a C server, which has no bounds within it. */
  readonly perSourceMax: number;
  readonly random: (n: number) => Uint8Array;
}

/** Storage of one ticket. Slots are pooled: tickets live 300 s and would be promoted to the old generation. */
interface Slot {
  id: number;
  claims: number;
  issuedMs: Millis;
  origin: TicketOrigin;
  /** More than {@link FEW_COINS} coins, lent for the lifetime of the ticket. Fewer are copied to `few`. */
  many: TicketCoins | undefined;
  readonly few: TicketCoins;
  /** Number of coins. */
  count: number;
  /** The slots that expire before and after it. */
  previous: Slot | undefined;
  next: Slot | undefined;
}

/** Coins that every slot has room for, five bytes each. */
const FEW_COINS = 64;
/** Live tickets of one coin. */
const COIN_TICKETS_MAX = 4;
/** How long a copy of a request gets the ticket of the first, although servers have claimed it. */
const COPY_MS = 10_000;
/** The origin of restored tickets. */
const NOBODY: TicketOrigin = { source: "", isDatagram: false, requestId: 0 };

/**
 * A bounded pool of tickets that expire. A coin has at most 4 of them and a source at most `perSourceMax`, or one owner
 * of one coin could empty the pool; and at most half go to datagrams, whose source may be forged. Where a coin or a
 * source has too many, its own oldest ticket goes. A copy of a request takes no ticket: it gets that of the first.
 */
export class TicketPool {
  /** By id as a signed 32-bit number, which V8 stores without a heap object. */
  readonly #slots = new Map<number, Slot>();
  /** The last ticket of each request id. */
  readonly #byRequest = new Map<number, Slot>();
  readonly #bySource = new Map<string, number>();
  #ofDatagrams = 0;
  /** Live tickets of each coin; undefined in a pool without bounds. */
  readonly #byCoin: TicketCounts | undefined;
  /** The slots in use, in order of expiry, which is that of arrival because all live equally long. */
  #first: Slot | undefined;
  #last: Slot | undefined;
  readonly #spare: Slot[] = [];
  readonly #options: TicketPoolOptions;

  constructor(options: TicketPoolOptions) {
    this.#options = options;
    this.#byCoin = options.perSourceMax === Infinity ? undefined : new TicketCounts();
  }

  get nextMs(): Millis {
    return this.#first === undefined ? Infinity : this.#first.issuedMs + this.#options.lifeMs;
  }

  get isFull(): boolean {
    return this.#slots.size >= this.#options.slots;
  }

  /** Issues a ticket. @returns its id; undefined if every slot is taken */
  issue(coins: TicketCoins, origin: TicketOrigin, nowMs: Millis): number | undefined {
    this.expire(nowMs);
    if (this.#byCoin !== undefined) {
      const first = this.#firstOf(coins, origin, nowMs);
      if (first !== undefined) return first.id >>> 0;
      if (origin.isDatagram && this.#ofDatagrams >= this.#options.slots / 2) return undefined;
      this.#makeRoom(coins, origin, this.#byCoin);
    }
    if (this.isFull) return undefined;
    let id = 0;
    while (id === 0 || this.#slots.has(id | 0)) {
      const bytes = this.#options.random(4);
      id = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
    }
    this.put({ id, coins, claims: 0 }, nowMs, origin);
    return id;
  }

  /** Puts a ticket with a given id into the pool, to restore a state. */
  put({ id, coins, claims }: Ticket, nowMs: Millis, origin: TicketOrigin = NOBODY): void {
    const replaced = this.#slots.get(id | 0);
    if (replaced !== undefined) this.#remove(replaced);
    const slot = this.#spare.pop() ?? emptySlot();
    slot.id = id | 0;
    slot.claims = claims;
    slot.issuedMs = nowMs;
    slot.origin = origin;
    slot.count = coins.serial.length;
    if (slot.count > FEW_COINS) {
      slot.many = coins;
    } else {
      slot.few.denomination.set(coins.denomination);
      slot.few.serial.set(coins.serial);
    }
    this.#slots.set(slot.id, slot);
    slot.previous = this.#last;
    if (this.#last === undefined) this.#first = slot;
    else this.#last.next = slot;
    this.#last = slot;
    if (this.#byCoin === undefined) return;
    this.#byCoin.add(coins, slot.count, 1);
    this.#byRequest.set(origin.requestId, slot);
    this.#count(origin, 1);
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
    while (this.nextMs <= nowMs) this.#remove(this.#first!);
  }

  /** The ticket of a request of which this one is a copy. */
  #firstOf({ denomination, serial }: TicketCoins, origin: TicketOrigin, nowMs: Millis): Slot | undefined {
    const slot = this.#byRequest.get(origin.requestId);
    if (slot === undefined || slot.origin.source !== origin.source || slot.count !== serial.length) return undefined;
    if (slot.claims !== 0 && nowMs >= slot.issuedMs + COPY_MS) return undefined;
    const its = slot.many ?? slot.few;
    for (let row = 0; row < slot.count; row++) {
      if (its.serial[row] !== serial[row] || its.denomination[row] !== denomination[row]) return undefined;
    }
    return slot;
  }

  /** Removes tickets of coins that have too many, and then of the source. */
  #makeRoom(coins: TicketCoins, { source }: TicketOrigin, byCoin: TicketCounts): void {
    const nextFull = (from: number): number => byCoin.findFull(coins, from, COIN_TICKETS_MAX);
    for (let row = nextFull(0); row >= 0; row = nextFull(row)) {
      this.#removeOldestOf(coins.denomination[row]!, coins.serial[row]!);
    }
    if ((this.#bySource.get(source) ?? 0) < this.#options.perSourceMax) return;
    let slot = this.#first!;
    while (slot.origin.source !== source) slot = slot.next!;
    this.#remove(slot);
  }

  /** Removes the oldest ticket of a coin that no server has claimed, or the oldest if all are claimed. */
  #removeOldestOf(denomination: number, serial: number): void {
    let oldest: Slot | undefined;
    for (let slot = this.#first; slot !== undefined; slot = slot.next) {
      if (!names(slot, denomination, serial)) continue;
      if (slot.claims === 0) return this.#remove(slot);
      oldest ??= slot;
    }
    this.#remove(oldest!);
  }

  #remove(slot: Slot): void {
    const { previous, next, origin } = slot;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    this.#slots.delete(slot.id);
    if (this.#byCoin !== undefined) {
      this.#byCoin.add(slot.many ?? slot.few, slot.count, -1);
      if (this.#byRequest.get(origin.requestId) === slot) this.#byRequest.delete(origin.requestId);
      this.#count(origin, -1);
    }
    slot.previous = undefined;
    slot.next = undefined;
    slot.many = undefined;
    slot.origin = NOBODY;
    this.#spare.push(slot);
  }

  #count({ source, isDatagram }: TicketOrigin, change: 1 | -1): void {
    const count = (this.#bySource.get(source) ?? 0) + change;
    if (count === 0) this.#bySource.delete(source);
    else this.#bySource.set(source, count);
    if (isDatagram) this.#ofDatagrams += change;
  }
}

/** Whether the ticket of a slot names a coin. */
function names({ many, few, count }: Slot, denomination: number, serial: number): boolean {
  const coins = many ?? few;
  let row = coins.serial.indexOf(serial);
  while (row >= 0 && row < count) {
    if (coins.denomination[row] === denomination) return true;
    row = coins.serial.indexOf(serial, row + 1);
  }
  return false;
}

function emptySlot(): Slot {
  const few = { denomination: new Int8Array(FEW_COINS), serial: new Uint32Array(FEW_COINS) };
  return {
    id: 0,
    claims: 0,
    issuedMs: 0,
    origin: NOBODY,
    many: undefined,
    few,
    count: 0,
    previous: undefined,
    next: undefined,
  };
}
