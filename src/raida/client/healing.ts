import { equalBytes, own } from "../../bytes/index.js";
import type { Result, WireIssue } from "../../errors.js";
import { FindResult, type CoinAn } from "../../codec/gen/raida/index.js";
import { md5Pans } from "../../kernel/index.js";
import { QUORUM_OTHERS, RAIDA_COUNT, type Coin, type RaidaId } from "../protocol.js";
import { checkCoins, FIND_COINS_MAX, refuse, SERVERS } from "./coins.js";
import type { RaidaReplies, RaidaRequest } from "./requests.js";

/**
 * How a coin stands with one server at the end. `authentic`: it never was otherwise. `healed`: a new number,
 * as the server itself has said. `fracked`: the server disagrees still. `noQuorum`: too few others vouch for the
 * coin. `limbo`: a fix may have happened or happen yet; keep both numbers. `unknown`: the server did not answer.
 */
export type CoinState = "authentic" | "healed" | "fracked" | "noQuorum" | "limbo" | "unknown";

export interface HealedCoin {
  readonly denomination: number;
  readonly serial: number;
  /** The numbers that hold now, new ones where the coin was healed. Secrets. */
  readonly ans: readonly Uint8Array[];
  /** By server. */
  readonly states: readonly CoinState[];
  /** Where the state is `limbo`: the number that the server may have now. Secrets. */
  readonly proposedAns: readonly (Uint8Array | undefined)[];
}

export interface Healing {
  readonly coins: readonly HealedCoin[];
  /** Requests that were sent. */
  readonly requests: number;
  /** False when the healing was given up on its way; the numbers hold all the same. */
  readonly isComplete: boolean;
}

export type HealPhase = "detect" | "tickets" | "fix" | "proof";

/** One server has answered, or not, in one phase. */
export interface HealProgress {
  readonly type: "progress";
  readonly phase: HealPhase;
  readonly server: RaidaId;
  /** Coins that the answer says yes to. */
  readonly coins: number;
  /** Coins that were asked about. */
  readonly of: number;
  readonly error: WireIssue | undefined;
}

export interface HealingOptions {
  /**
   * What the new numbers are made from: 25 different ones of 16 bytes, by server; drawn where they are not given. Who
   * has written them down before can compute every proposed number afterwards. Secrets.
   */
  readonly panGenerators?: readonly Uint8Array[];
}

export interface HealingWorld {
  /** Sends one request; `done` is called once. */
  ask<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void;
  random(n: number): Uint8Array;
  progress(event: HealProgress): void;
  finish(healing: Healing): void;
}

interface Ticket {
  readonly id: number;
  /** Indices of the coins that it names. */
  readonly coins: ReadonlySet<number>;
}

/**
 * Heals coins: asks all servers who disagrees, collects tickets from those who agree, has each server that
 * disagrees fix its coins on the word of the others, and asks all again.
 */
export class HealingRun {
  readonly #coins: readonly Coin[];
  readonly #panGenerators: readonly Uint8Array[] | undefined;
  readonly #world: HealingWorld;
  /** By coin, then by server. */
  readonly #states: CoinState[][];
  readonly #ans: Uint8Array[][];
  readonly #proposed: (Uint8Array | undefined)[][];
  #left = 0;
  #requests = 0;

  /** @throws WireError on coins that cannot be healed together */
  constructor(coins: readonly Coin[], world: HealingWorld, { panGenerators }: HealingOptions = {}) {
    checkCoins(coins);
    if (panGenerators !== undefined) checkPanGenerators(panGenerators);
    this.#coins = coins;
    this.#panGenerators = panGenerators?.map(own);
    this.#world = world;
    this.#states = coins.map(() => new Array<CoinState>(RAIDA_COUNT).fill("unknown"));
    this.#ans = coins.map((coin) => coin.ans.map(own));
    this.#proposed = coins.map(() => new Array<Uint8Array | undefined>(RAIDA_COUNT).fill(undefined));
  }

  start(): void {
    const all = this.#coins.map((_, i) => i);
    this.#round(
      "detect",
      SERVERS.map((server) => ({ server, coins: all })),
      () => this.#collectTickets(),
    );
  }

  /** Asks each server about its coins and notes who is right; then goes on. */
  #round(
    phase: "detect" | "proof",
    tasks: readonly { server: RaidaId; coins: readonly number[] }[],
    next: () => void,
  ): void {
    this.#left = tasks.length;
    if (tasks.length === 0) return next();
    for (const { server, coins } of tasks) {
      this.#ask({ command: "detect", server, coins: this.#named(coins, server) }, (reply) => {
        if (reply.ok) coins.forEach((coin, i) => this.#note(phase, coin, server, reply.value.authentic[i]!));
        this.#tell(phase, server, coins.length, reply.ok ? reply.value.authentic.filter(Boolean).length : 0, reply);
        this.#done(next);
      });
    }
  }

  #note(phase: "detect" | "proof", coin: number, server: RaidaId, isAuthentic: boolean): void {
    const states = this.#states[coin]!;
    if (phase === "detect") states[server] = isAuthentic ? "authentic" : "fracked";
    else if (!isAuthentic) states[server] = "fracked";
    else if (states[server] !== "healed") states[server] = "authentic";
  }

  /** One request to each server that holds any of the coins that somebody has lost. */
  #collectTickets(): void {
    const wanted = new Set<number>();
    this.#states.forEach((states, coin) => {
      if (!states.includes("fracked")) return;
      if (countOf(states, "authentic") >= QUORUM_OTHERS) wanted.add(coin);
      else this.#giveUp(coin);
    });
    const tickets = new Map<RaidaId, Ticket>();
    const tasks = SERVERS.map((server) => ({
      server,
      coins: [...wanted].filter((coin) => this.#states[coin]![server] === "authentic"),
    })).filter(({ coins }) => coins.length > 0);
    this.#left = tasks.length;
    if (tasks.length === 0) return this.#prove();
    for (const { server, coins } of tasks) {
      this.#ask({ command: "getTicket", server, coins: this.#named(coins, server) }, (reply) => {
        const named = reply.ok ? coins.filter((_, i) => reply.value.authentic[i]) : [];
        if (reply.ok && reply.value.ticket !== undefined)
          tickets.set(server, { id: reply.value.ticket, coins: new Set(named) });
        this.#tell("tickets", server, coins.length, named.length, reply);
        this.#done(() => this.#fix(tickets));
      });
    }
  }

  #fix(tickets: ReadonlyMap<RaidaId, Ticket>): void {
    const fixes = new Map<RaidaId, readonly number[]>();
    for (const server of SERVERS) {
      const fracked = this.#states.flatMap((states, coin) => (states[server] === "fracked" ? [coin] : []));
      const vouched = fracked.filter((coin) => this.#vouchers(coin, server, tickets) >= QUORUM_OTHERS);
      for (const coin of fracked) if (!vouched.includes(coin)) this.#states[coin]![server] = "noQuorum";
      if (vouched.length > 0) fixes.set(server, vouched);
    }
    this.#left = fixes.size;
    if (fixes.size === 0) return this.#prove();
    for (const [server, coins] of fixes) this.#fixAt(server, coins, tickets);
  }

  #fixAt(server: RaidaId, coins: readonly number[], tickets: ReadonlyMap<RaidaId, Ticket>): void {
    // A number of its own for every server: with a shared one, each server could compute the others' new numbers.
    const panGenerator = this.#panGenerators?.[server] ?? own(this.#world.random(16));
    const pans = md5Pans({
      raidaId: server,
      denominations: Int8Array.from(coins, (coin) => this.#coins[coin]!.denomination),
      serials: Uint32Array.from(coins, (coin) => this.#coins[coin]!.serial),
      pg: panGenerator,
    });
    const names = coins.map((coin) => this.#name(coin));
    // From now on the server may have the new number, whatever becomes of this call.
    coins.forEach((coin, i) => (this.#proposed[coin]![server] = pans.slice(16 * i, 16 * i + 16)));
    const ids = SERVERS.map((other) => (other === server ? 0 : (tickets.get(other)?.id ?? 0)));
    this.#ask({ command: "fix", server, coins: names, panGenerator, tickets: ids }, (reply) => {
      if (reply.ok) {
        coins.forEach((coin, i) => (reply.value.fixed[i] ? this.#accept(coin, server) : this.#reject(coin, server)));
      }
      this.#tell("fix", server, coins.length, reply.ok ? reply.value.fixed.filter(Boolean).length : 0, reply);
      if (reply.ok) return this.#done(() => this.#prove());
      if (reply.error.code !== "unreachable") return this.#findOut(server, coins, reply.error.code === "status");
      // It was never sent.
      for (const coin of coins) this.#reject(coin, server);
      this.#done(() => this.#prove());
    });
  }

  /**
   * A fix that was not answered with success: has the server the new number? Only if it has ended with an error
   * does a no hold: otherwise the server may still be waiting for its peers and change the number later.
   */
  #findOut(server: RaidaId, coins: readonly number[], hasEnded: boolean): void {
    // One find for the fix itself, and more where its coins do not fit.
    this.#left += Math.ceil(coins.length / FIND_COINS_MAX) - 1;
    for (let at = 0; at < coins.length; at += FIND_COINS_MAX) {
      const part = coins.slice(at, at + FIND_COINS_MAX);
      const named = this.#named(part, server).map((coin, i) => ({ ...coin, pan: this.#proposed[part[i]!]![server]! }));
      this.#ask({ command: "find", server, coins: named }, (reply) => {
        part.forEach((coin, i) => {
          if (reply.ok && reply.value.results[i] === FindResult.pan) this.#accept(coin, server);
          else if (reply.ok && hasEnded) this.#reject(coin, server);
          else this.#states[coin]![server] = "limbo";
        });
        this.#done(() => this.#prove());
      });
    }
  }

  /** Asks all servers again, with the new numbers, about all but what is in limbo. */
  #prove(): void {
    const isOpen = (state: CoinState): boolean => state === "authentic" || state === "healed" || state === "fracked";
    const tasks = SERVERS.map((server) => ({
      server,
      coins: this.#states.flatMap((states, coin) => (isOpen(states[server]!) ? [coin] : [])),
    }));
    this.#round(
      "proof",
      tasks.filter(({ coins }) => coins.length > 0),
      () => this.#world.finish(this.#healing(true)),
    );
  }

  /**
   * Gives up on the way. @returns how the coins stand, undefined when no server was asked to change one. Where a
   * fix is under way the coin is in `limbo`.
   */
  abandon(): Healing | undefined {
    const isTouched = this.#states.some((states, coin) =>
      states.some((state, server) => state === "healed" || this.#proposed[coin]![server] !== undefined),
    );
    return isTouched ? this.#healing(false) : undefined;
  }

  #healing(isComplete: boolean): Healing {
    const coins = this.#coins.map(({ denomination, serial }, coin): HealedCoin => ({
      denomination,
      serial,
      ans: this.#ans[coin]!,
      states: this.#states[coin]!.map((state, server) =>
        this.#proposed[coin]![server] === undefined ? state : "limbo",
      ),
      proposedAns: this.#proposed[coin]!,
    }));
    return { coins, requests: this.#requests, isComplete };
  }

  /** The server has taken the proposed number. */
  #accept(coin: number, server: RaidaId): void {
    this.#ans[coin]![server] = this.#proposed[coin]![server]!;
    this.#states[coin]![server] = "healed";
    this.#proposed[coin]![server] = undefined;
  }

  /** The server has not taken the proposed number, and will not. */
  #reject(coin: number, server: RaidaId): void {
    this.#proposed[coin]![server] = undefined;
  }

  #giveUp(coin: number): void {
    const states = this.#states[coin]!;
    states.forEach((state, server) => {
      if (state === "fracked") states[server] = "noQuorum";
    });
  }

  /** Servers other than `server` whose ticket names the coin. */
  #vouchers(coin: number, server: RaidaId, tickets: ReadonlyMap<RaidaId, Ticket>): number {
    let count = 0;
    for (const [other, ticket] of tickets) if (other !== server && ticket.coins.has(coin)) count++;
    return count;
  }

  #name(coin: number): { denomination: number; serial: number } {
    const { denomination, serial } = this.#coins[coin]!;
    return { denomination, serial };
  }

  #named(coins: readonly number[], server: RaidaId): CoinAn[] {
    return coins.map((coin) => ({ ...this.#name(coin), an: this.#ans[coin]![server]! }));
  }

  #ask<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void {
    this.#requests++;
    this.#world.ask(request, done);
  }

  #tell(phase: HealPhase, server: RaidaId, of: number, coins: number, reply: Result<unknown>): void {
    this.#world.progress({ type: "progress", phase, server, coins, of, error: reply.ok ? undefined : reply.error });
  }

  #done(next: () => void): void {
    this.#left--;
    if (this.#left === 0) next();
  }
}

function countOf(states: readonly CoinState[], state: CoinState): number {
  return states.reduce((count, one) => count + (one === state ? 1 : 0), 0);
}

function checkPanGenerators(all: readonly Uint8Array[]): void {
  if (all.length !== RAIDA_COUNT) refuse("panGenerators", `${RAIDA_COUNT} of them`, String(all.length));
  if (all.some((one) => one.length !== 16)) refuse("panGenerators", "16 bytes each", "another length");
  // With a shared one, each server could compute the others' new numbers.
  const isTwice = all.some((one, server) => all.some((other, id) => id < server && equalBytes(one, other)));
  if (isTwice) refuse("panGenerators", "another one for every server", "one twice");
}
