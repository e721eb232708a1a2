/** The healing of coins: the state of one `heal` call across all 25 servers. */
import { equalBytes, isBytes, own } from "../../../bytes/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import { FindResult, type CoinAn } from "../../../codec/gen/raida/index.js";
import { computePans, type PanHash } from "../pans.js";
import { QUORUM_OTHERS, RAIDA_COUNT, saysFailure, type Coin, type RaidaId } from "../protocol.js";
import { checkCoins, FIND_COINS_MAX, refuse, SERVERS } from "./coins.js";
import type { RaidaReplies, RaidaRequest } from "./requests.js";

/**
 * The state of a coin at one server after a healing. `authentic`: the server always held the number. `healed`: the
 * server confirmed a new number. `fracked`: the server still denies the coin. `noQuorum`: too few other servers vouch
 * for it. `limbo`: a fix may have happened or may still happen; keep both numbers. `unknown`: the server did not answer.
 */
export type CoinState = "authentic" | "healed" | "fracked" | "noQuorum" | "limbo" | "unknown";

/** One coin after a healing. */
export interface HealedCoin {
  readonly denomination: number;
  readonly serial: number;
  /** The current number at each server, a new one where the coin was healed. Secrets. */
  readonly ans: readonly Uint8Array[];
  /** By server. */
  readonly states: readonly CoinState[];
  /** By server: the number that the server may have taken, if the state is `limbo`. Secrets. */
  readonly proposedAns: readonly (Uint8Array | undefined)[];
}

/** The result of a healing. */
export interface Healing {
  readonly coins: readonly HealedCoin[];
  /** Requests that were sent. */
  readonly requests: number;
  /** False if the healing ended early; its numbers are valid all the same. */
  readonly isComplete: boolean;
}

/** A phase of a healing: who denies, who vouches, who takes a new number, who confirms it. */
export type HealPhase = "detect" | "tickets" | "fix" | "proof";

/** Tells that one server answered, or failed to, in one phase. */
export interface HealProgress {
  readonly type: "progress";
  readonly phase: HealPhase;
  readonly server: RaidaId;
  /** Coins that the server confirmed. */
  readonly coins: number;
  /** Coins of the request. */
  readonly of: number;
  readonly error: WireIssue | undefined;
}

/** The options of a healing. */
export interface HealingOptions {
  /**
   * The seeds of the new numbers (PG): 25 different values of 16 bytes, by server; default random. A caller that stores
   * them beforehand can compute every proposed number later. Secrets.
   */
  readonly panGenerators?: readonly Uint8Array[];
  /** How often a server is sent a fix of a coin for which enough others vouch; default 2. */
  readonly attempts?: number;
  /** How many other servers must vouch for a coin; default 13, the number that servers require. */
  readonly quorum?: number;
  /** The hash by which servers derive new numbers; default `md5`. */
  readonly panHash?: PanHash;
}

/** What a healing needs of the client. */
export interface HealingWorld {
  /** Sends one request and calls `done` once. */
  send<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void;
  random(n: number): Uint8Array;
  /** How many servers' tickets, from server 0 on, a fix can carry; default 25. Some encryption cuts off the last. */
  readonly ticketCount?: number;
  progress(event: HealProgress): void;
  finish(healing: Healing): void;
}

/** A ticket by which one server vouches for coins. */
interface Ticket {
  readonly id: number;
  /** Indices of these coins. */
  readonly coins: ReadonlySet<number>;
}

/** By server: indices of coins. */
type CoinsByServer = readonly (readonly number[])[];

/**
 * Heals coins in four phases. detect: every server says which coins it denies. tickets: the servers that hold these
 * coins vouch for them. fix: each denying server takes new numbers on the word of the others. proof: every server
 * confirms its numbers. A fix that failed although enough servers vouched is tried again.
 */
export class HealingRun {
  readonly #coins: readonly Coin[];
  /** By server. The same in every attempt, so that a delayed fix of an earlier attempt makes the same number. */
  readonly #panGenerators: (Uint8Array | undefined)[];
  readonly #quorum: number;
  readonly #ticketCount: number;
  readonly #panHash: PanHash | undefined;
  readonly #world: HealingWorld;
  /** By coin, then by server. */
  readonly #states: CoinState[][];
  readonly #ans: Uint8Array[][];
  readonly #proposed: (Uint8Array | undefined)[][];
  /** By coin, then by server: true while a sent fix may still be carried out. */
  readonly #mayCome: boolean[][];
  /** The coins that each server denied before the first fix. */
  #lost: CoinsByServer = [];
  #attempts: number;
  /** True once a server confirmed a new number. */
  #isTouched = false;
  #left = 0;
  #requests = 0;

  /** @throws WireError `argument` for invalid coins or options */
  constructor(coins: readonly Coin[], world: HealingWorld, options: HealingOptions = {}) {
    const { panGenerators, attempts = 2, quorum = QUORUM_OTHERS, panHash } = options;
    checkCoins(coins);
    if (panHash !== undefined && panHash !== "md5" && panHash !== "sha256")
      refuse("panHash", "md5 or sha256", "another");
    if (panGenerators !== undefined) checkPanGenerators(panGenerators);
    if (!Number.isInteger(attempts) || attempts < 1) refuse("attempts", "1 or more", String(attempts));
    if (!Number.isInteger(quorum) || quorum < 1) refuse("quorum", "1 or more", String(quorum));
    this.#coins = coins.map(({ denomination, serial, ans }) => ({ denomination, serial, ans }));
    this.#panGenerators = panGenerators?.map(own) ?? [];
    this.#attempts = attempts;
    this.#quorum = quorum;
    this.#ticketCount = world.ticketCount ?? RAIDA_COUNT;
    this.#panHash = panHash;
    this.#world = world;
    this.#states = coins.map(() => new Array<CoinState>(RAIDA_COUNT).fill("unknown"));
    this.#ans = coins.map((coin) => coin.ans.map(own));
    this.#proposed = coins.map(() => new Array<Uint8Array | undefined>(RAIDA_COUNT).fill(undefined));
    this.#mayCome = coins.map(() => new Array<boolean>(RAIDA_COUNT).fill(false));
  }

  start(): void {
    const all = SERVERS.map(() => this.#coins.map((_, i) => i));
    this.#round("detect", all, () => {
      this.#lost = this.#among(all, (state) => state === "fracked");
      this.#attempt(all);
    });
  }

  /** Sends each server a detect of its coins and notes the states; then calls `next`. */
  #round(phase: "detect" | "proof", coinsByServer: CoinsByServer, next: () => void): void {
    this.#forEach(coinsByServer, next, (server, coins) => {
      this.#send({ command: "detect", server, coins: this.#named(coins, server) }, (reply) => {
        if (reply.ok) coins.forEach((coin, i) => this.#note(phase, coin, server, reply.value.authentic[i]!));
        this.#report(phase, server, coins.length, reply.ok ? reply.value.authentic.filter(Boolean).length : 0, reply);
        this.#done(next);
      });
    });
  }

  #note(phase: "detect" | "proof", coin: number, server: RaidaId, isAuthentic: boolean): void {
    const states = this.#states[coin]!;
    if (phase === "detect") states[server] = isAuthentic ? "authentic" : "fracked";
    else if (!isAuthentic) states[server] = "fracked";
    else if (states[server] !== "healed") states[server] = "authentic";
  }

  /**
   * Collects tickets and sends fixes for the coins that servers deny.
   * @param proven the coins of the proof that follows
   */
  #attempt(proven: CoinsByServer): void {
    this.#attempts--;
    const denied = this.#among(this.#lost, isDenied);
    this.#set(denied, "noQuorum");
    const open = this.#among(denied, (_, coin) => this.#isVouched(coin));
    this.#set(open, "fracked");
    this.#collectTickets(open, () => this.#prove(proven));
  }

  /** After a proof: starts another attempt for coins that are still denied although enough servers vouch for them. */
  #retry(): void {
    const failed = this.#among(
      this.#lost,
      (state, coin) => (isDenied(state) || state === "limbo") && this.#isVouched(coin),
    );
    if (this.#attempts === 0 || failed.every(({ length }) => length === 0)) {
      return this.#world.finish(this.#healing(true));
    }
    const limbo = this.#among(failed, (state) => state === "limbo");
    const next = (): void => this.#attempt(failed);
    this.#forEach(limbo, next, (server, coins) =>
      // A server that does not answer the find gets no second fix.
      this.#find(server, coins, next, (coin, isAnswered) => {
        if (isAnswered) this.#states[coin]![server] = "fracked";
      }),
    );
  }

  /** Requests a ticket of each server that holds any of the coins to fix. */
  #collectTickets(open: CoinsByServer, next: () => void): void {
    const wanted = [...new Set(open.flat())].sort((a, b) => a - b);
    const tickets = new Map<RaidaId, Ticket>();
    const everywhere = SERVERS.slice(0, this.#ticketCount).map(() => wanted);
    const fix = (): void => this.#fix(open, tickets, next);
    this.#forEach(this.#among(everywhere, isHeld), fix, (server, coins) => {
      this.#send({ command: "getTicket", server, coins: this.#named(coins, server) }, (reply) => {
        const named = reply.ok ? coins.filter((_, i) => reply.value.authentic[i]) : [];
        if (reply.ok && reply.value.ticket !== undefined)
          tickets.set(server, { id: reply.value.ticket, coins: new Set(named) });
        this.#report("tickets", server, coins.length, named.length, reply);
        this.#done(fix);
      });
    });
  }

  #fix(open: CoinsByServer, tickets: ReadonlyMap<RaidaId, Ticket>, next: () => void): void {
    const vouched = this.#among(open, (_, coin, server) => this.#vouchers(coin, server, tickets) >= this.#quorum);
    this.#set(open, "noQuorum");
    this.#set(vouched, "fracked");
    this.#forEach(vouched, next, (server, coins) => this.#fixAt(server, coins, tickets, next));
  }

  #fixAt(server: RaidaId, coins: readonly number[], tickets: ReadonlyMap<RaidaId, Ticket>, next: () => void): void {
    // Each server gets another generator: with a shared one, it could compute the new numbers of the others.
    const panGenerator = (this.#panGenerators[server] ??= own(this.#world.random(16)));
    const columns = {
      raidaId: server,
      denominations: Int8Array.from(coins, (coin) => this.#coins[coin]!.denomination),
      serials: Uint32Array.from(coins, (coin) => this.#coins[coin]!.serial),
      pg: panGenerator,
    };
    const pans = computePans(columns, this.#panHash);
    const names = coins.map((coin) => this.#name(coin));
    // From now on the server may take the new number, however this call ends.
    coins.forEach((coin, i) => (this.#proposed[coin]![server] = pans.slice(16 * i, 16 * i + 16)));
    const ids = SERVERS.map((other) => (other === server ? 0 : (tickets.get(other)?.id ?? 0)));
    this.#send({ command: "fix", server, coins: names, panGenerator, tickets: ids }, (reply) => {
      if (reply.ok) {
        coins.forEach((coin, i) => (reply.value.fixed[i] ? this.#accept(coin, server) : this.#reject(coin, server)));
      }
      this.#report("fix", server, coins.length, reply.ok ? reply.value.fixed.filter(Boolean).length : 0, reply);
      if (reply.ok) return this.#done(next);
      if (reply.error.code !== "unreachable") {
        return this.#findOut(server, coins, saysFailure(reply.error), next);
      }
      // The fix was never sent.
      for (const coin of coins) this.#reject(coin, server);
      this.#done(next);
    });
  }

  /**
   * Finds out by `find` whether a server took the new numbers although its fix failed. A denial is final only if the
   * fix ended with an error: otherwise the server may still wait for its peers and change the number later.
   */
  #findOut(server: RaidaId, coins: readonly number[], hasEnded: boolean, next: () => void): void {
    this.#find(server, coins, next, (coin, isAnswered) => {
      if (isAnswered && hasEnded) return this.#reject(coin, server);
      this.#states[coin]![server] = "limbo";
      this.#mayCome[coin]![server] = true;
    });
  }

  /** Accepts the proposed numbers that the server holds. @param otherwise called for each other coin */
  #find(
    server: RaidaId,
    coins: readonly number[],
    next: () => void,
    otherwise: (coin: number, isAnswered: boolean) => void,
  ): void {
    // Each part of the list counts as one piece of work.
    this.#left += Math.ceil(coins.length / FIND_COINS_MAX) - 1;
    for (let at = 0; at < coins.length; at += FIND_COINS_MAX) {
      const part = coins.slice(at, at + FIND_COINS_MAX);
      const named = this.#named(part, server).map((coin, i) => ({ ...coin, pan: this.#proposed[part[i]!]![server]! }));
      this.#send({ command: "find", server, coins: named }, (reply) => {
        part.forEach((coin, i) => {
          if (reply.ok && this.#hasProposed(coin, server, reply.value.results[i])) this.#accept(coin, server);
          else otherwise(coin, reply.ok);
        });
        this.#done(next);
      });
    }
  }

  /** Proves all coins but those in limbo, with the new numbers. */
  #prove(coins: CoinsByServer): void {
    const open = this.#among(coins, (state) => isHeld(state) || state === "fracked");
    this.#round("proof", open, () => this.#retry());
  }

  /**
   * Ends the healing early. A coin whose fix is under way is in `limbo`.
   * @returns the coins so far, undefined if no fix was sent
   */
  abandon(): Healing | undefined {
    const isProposed = this.#proposed.some((proposed) => proposed.some((an) => an !== undefined));
    return isProposed || this.#isTouched ? this.#healing(false) : undefined;
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

  /** True if the server holds the proposed number. If both numbers are equal, the find reports the current one. */
  #hasProposed(coin: number, server: RaidaId, result: FindResult | undefined): boolean {
    const isSame = equalBytes(this.#ans[coin]![server]!, this.#proposed[coin]![server]!);
    return result === FindResult.pan || (result === FindResult.an && isSame);
  }

  /** Notes that the server took the proposed number. */
  #accept(coin: number, server: RaidaId): void {
    this.#ans[coin]![server] = this.#proposed[coin]![server]!;
    this.#states[coin]![server] = "healed";
    this.#proposed[coin]![server] = undefined;
    this.#mayCome[coin]![server] = false;
    this.#isTouched = true;
  }

  /** Notes that the server did not take the proposed number. An earlier fix may still be under way. */
  #reject(coin: number, server: RaidaId): void {
    if (this.#mayCome[coin]![server] === true) this.#states[coin]![server] = "limbo";
    else this.#proposed[coin]![server] = undefined;
  }

  /** True if a quorum of servers holds the coin. */
  #isVouched(coin: number): boolean {
    return this.#states[coin]!.slice(0, this.#ticketCount).filter(isHeld).length >= this.#quorum;
  }

  /** How many servers other than `server` vouch for the coin with a ticket that the fix can carry. */
  #vouchers(coin: number, server: RaidaId, tickets: ReadonlyMap<RaidaId, Ticket>): number {
    let count = 0;
    for (const [other, ticket] of tickets) {
      if (other !== server && other < this.#ticketCount && ticket.coins.has(coin)) count++;
    }
    return count;
  }

  #name(coin: number): { denomination: number; serial: number } {
    const { denomination, serial } = this.#coins[coin]!;
    return { denomination, serial };
  }

  #named(coins: readonly number[], server: RaidaId): CoinAn[] {
    return coins.map((coin) => ({ ...this.#name(coin), an: this.#ans[coin]![server]! }));
  }

  #send<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void {
    this.#requests++;
    this.#world.send(request, done);
  }

  #report(phase: HealPhase, server: RaidaId, of: number, coins: number, reply: Result<unknown>): void {
    this.#world.progress({ type: "progress", phase, server, coins, of, error: reply.ok ? undefined : reply.error });
  }

  /** The coins for which `holds` is true. */
  #among(coins: CoinsByServer, holds: (state: CoinState, coin: number, server: RaidaId) => boolean): CoinsByServer {
    return coins.map((some, server) => some.filter((coin) => holds(this.#states[coin]![server]!, coin, server)));
  }

  #set(coins: CoinsByServer, state: CoinState): void {
    coins.forEach((some, server) => some.forEach((coin) => (this.#states[coin]![server] = state)));
  }

  /** Calls `work` for each server with coins; calls `next` once `#done` was called for each. */
  #forEach(coins: CoinsByServer, next: () => void, work: (server: RaidaId, coins: readonly number[]) => void): void {
    this.#left = coins.filter(({ length }) => length > 0).length;
    if (this.#left === 0) return next();
    coins.forEach((some, server) => {
      if (some.length > 0) work(server, some);
    });
  }

  #done(next: () => void): void {
    this.#left--;
    if (this.#left === 0) next();
  }
}

function isHeld(state: CoinState): boolean {
  return state === "authentic" || state === "healed";
}

function isDenied(state: CoinState): boolean {
  return state === "fracked" || state === "noQuorum";
}

function checkPanGenerators(all: readonly Uint8Array[]): void {
  if (!Array.isArray(all)) refuse("panGenerators", "a list", typeof all);
  if (all.length !== RAIDA_COUNT) refuse("panGenerators", `${RAIDA_COUNT} of them`, String(all.length));
  const isSound = (one: unknown): boolean => isBytes(one) && one.length === 16;
  if (!Array.from(all).every(isSound)) refuse("panGenerators", "16 bytes each", "other values");
  // With a shared generator, each server could compute the new numbers of the others.
  const isTwice = all.some((one, server) => all.some((other, id) => id < server && equalBytes(one, other)));
  if (isTwice) refuse("panGenerators", "a different one for each server", "one twice");
}
