import { equalBytes, isBytes, own } from "../../../bytes/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import { FindResult, type CoinAn } from "../../../codec/gen/raida/index.js";
import { computePans, type PanHash } from "../pans.js";
import { QUORUM_OTHERS, RAIDA_COUNT, saysFailure, type Coin, type RaidaId } from "../protocol.js";
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
  /** How often a server is asked to fix what enough others vouch for, as long as it fails; default 2. */
  readonly attempts?: number;
  /** Other servers that have to vouch for a coin; default 13, as many as servers ask for. */
  readonly quorum?: number;
  /** How the servers make new numbers; default `md5`. */
  readonly panHash?: PanHash;
}

export interface HealingWorld {
  /** Sends one request; `done` is called once. */
  ask<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void;
  random(n: number): Uint8Array;
  /** Servers, from 0 on, whose tickets a fix can carry; default 25. Some encryption cuts the last ones off. */
  readonly ticketCount?: number;
  progress(event: HealProgress): void;
  finish(healing: Healing): void;
}

interface Ticket {
  readonly id: number;
  /** Indices of the coins that it names. */
  readonly coins: ReadonlySet<number>;
}

/** By server: indices of coins. */
type CoinsByServer = readonly (readonly number[])[];

/**
 * Heals coins: asks all servers who disagrees, collects tickets from those who agree, has each server that
 * disagrees fix its coins on the word of the others, and asks all again. What has failed although enough others
 * vouch is tried once more.
 */
export class HealingRun {
  readonly #coins: readonly Coin[];
  /** By server. The same in every attempt, so that an earlier fix that comes late makes the same number. */
  readonly #panGenerators: (Uint8Array | undefined)[];
  readonly #quorum: number;
  readonly #ticketCount: number;
  readonly #panHash: PanHash | undefined;
  readonly #world: HealingWorld;
  /** By coin, then by server. */
  readonly #states: CoinState[][];
  readonly #ans: Uint8Array[][];
  readonly #proposed: (Uint8Array | undefined)[][];
  /** By coin, then by server: whether a fix was sent that may not have ended yet. */
  readonly #mayCome: boolean[][];
  /** What servers have denied before any was asked to fix. */
  #lost: CoinsByServer = [];
  #attempts: number;
  /** A server has said that it took a new number. */
  #isTouched = false;
  #left = 0;
  #requests = 0;

  /** @throws WireError on coins that cannot be healed together */
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

  /** Asks each server about its coins and notes who is right; then goes on. */
  #round(phase: "detect" | "proof", asked: CoinsByServer, next: () => void): void {
    this.#forEach(asked, next, (server, coins) => {
      this.#ask({ command: "detect", server, coins: this.#named(coins, server) }, (reply) => {
        if (reply.ok) coins.forEach((coin, i) => this.#note(phase, coin, server, reply.value.authentic[i]!));
        this.#tell(phase, server, coins.length, reply.ok ? reply.value.authentic.filter(Boolean).length : 0, reply);
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
   * Has servers fix what they deny.
   * @param proven what is asked about afterwards
   */
  #attempt(proven: CoinsByServer): void {
    this.#attempts--;
    const denied = this.#among(this.#lost, isDenied);
    this.#set(denied, "noQuorum");
    const open = this.#among(denied, (_, coin) => this.#isVouched(coin));
    this.#set(open, "fracked");
    this.#collectTickets(open, () => this.#prove(proven));
  }

  /** After the proof: what is denied still, though enough others vouch for it, is tried again. */
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
      // Who does not even say what it has is not asked to change it.
      this.#find(server, coins, next, (coin, isAnswered) => {
        if (isAnswered) this.#states[coin]![server] = "fracked";
      }),
    );
  }

  /** One request to each server that holds any of the coins that somebody is to fix. */
  #collectTickets(open: CoinsByServer, next: () => void): void {
    const wanted = [...new Set(open.flat())].sort((a, b) => a - b);
    const tickets = new Map<RaidaId, Ticket>();
    const everywhere = SERVERS.slice(0, this.#ticketCount).map(() => wanted);
    const fix = (): void => this.#fix(open, tickets, next);
    this.#forEach(this.#among(everywhere, isHeld), fix, (server, coins) => {
      this.#ask({ command: "getTicket", server, coins: this.#named(coins, server) }, (reply) => {
        const named = reply.ok ? coins.filter((_, i) => reply.value.authentic[i]) : [];
        if (reply.ok && reply.value.ticket !== undefined)
          tickets.set(server, { id: reply.value.ticket, coins: new Set(named) });
        this.#tell("tickets", server, coins.length, named.length, reply);
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
    // A number of its own for every server: with a shared one, each server could compute the others' new numbers.
    const panGenerator = (this.#panGenerators[server] ??= own(this.#world.random(16)));
    const columns = {
      raidaId: server,
      denominations: Int8Array.from(coins, (coin) => this.#coins[coin]!.denomination),
      serials: Uint32Array.from(coins, (coin) => this.#coins[coin]!.serial),
      pg: panGenerator,
    };
    const pans = computePans(columns, this.#panHash);
    const names = coins.map((coin) => this.#name(coin));
    // From now on the server may have the new number, whatever becomes of this call.
    coins.forEach((coin, i) => (this.#proposed[coin]![server] = pans.slice(16 * i, 16 * i + 16)));
    const ids = SERVERS.map((other) => (other === server ? 0 : (tickets.get(other)?.id ?? 0)));
    this.#ask({ command: "fix", server, coins: names, panGenerator, tickets: ids }, (reply) => {
      if (reply.ok) {
        coins.forEach((coin, i) => (reply.value.fixed[i] ? this.#accept(coin, server) : this.#reject(coin, server)));
      }
      this.#tell("fix", server, coins.length, reply.ok ? reply.value.fixed.filter(Boolean).length : 0, reply);
      if (reply.ok) return this.#done(next);
      if (reply.error.code !== "unreachable") {
        return this.#findOut(server, coins, saysFailure(reply.error), next);
      }
      // It was never sent.
      for (const coin of coins) this.#reject(coin, server);
      this.#done(next);
    });
  }

  /**
   * A fix that was not answered with success: has the server the new number? Only if it has ended with an error
   * does a no hold: otherwise the server may still be waiting for its peers and change the number later.
   */
  #findOut(server: RaidaId, coins: readonly number[], hasEnded: boolean, next: () => void): void {
    this.#find(server, coins, next, (coin, isAnswered) => {
      if (isAnswered && hasEnded) return this.#reject(coin, server);
      this.#states[coin]![server] = "limbo";
      this.#mayCome[coin]![server] = true;
    });
  }

  /** Accepts what the server has taken of the proposed numbers. @param otherwise told of each other coin */
  #find(
    server: RaidaId,
    coins: readonly number[],
    next: () => void,
    otherwise: (coin: number, isAnswered: boolean) => void,
  ): void {
    // The last part ends the work at this server.
    this.#left += Math.ceil(coins.length / FIND_COINS_MAX) - 1;
    for (let at = 0; at < coins.length; at += FIND_COINS_MAX) {
      const part = coins.slice(at, at + FIND_COINS_MAX);
      const named = this.#named(part, server).map((coin, i) => ({ ...coin, pan: this.#proposed[part[i]!]![server]! }));
      this.#ask({ command: "find", server, coins: named }, (reply) => {
        part.forEach((coin, i) => {
          if (reply.ok && this.#hasProposed(coin, server, reply.value.results[i])) this.#accept(coin, server);
          else otherwise(coin, reply.ok);
        });
        this.#done(next);
      });
    }
  }

  /** Asks again, with the new numbers, about all but what is in limbo. */
  #prove(asked: CoinsByServer): void {
    const open = this.#among(asked, (state) => isHeld(state) || state === "fracked");
    this.#round("proof", open, () => this.#retry());
  }

  /**
   * Gives up on the way. @returns how the coins stand, undefined when no server was asked to change one. Where a
   * fix is under way the coin is in `limbo`.
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

  /** Where both numbers are one, because an earlier attempt has brought it, a server says that it has the first. */
  #hasProposed(coin: number, server: RaidaId, result: FindResult | undefined): boolean {
    const isSame = equalBytes(this.#ans[coin]![server]!, this.#proposed[coin]![server]!);
    return result === FindResult.pan || (result === FindResult.an && isSame);
  }

  /** The server has taken the proposed number. */
  #accept(coin: number, server: RaidaId): void {
    this.#ans[coin]![server] = this.#proposed[coin]![server]!;
    this.#states[coin]![server] = "healed";
    this.#proposed[coin]![server] = undefined;
    this.#mayCome[coin]![server] = false;
    this.#isTouched = true;
  }

  /** The server has not taken the proposed number, and will not, unless an earlier fix has not ended yet. */
  #reject(coin: number, server: RaidaId): void {
    if (this.#mayCome[coin]![server] === true) this.#states[coin]![server] = "limbo";
    else this.#proposed[coin]![server] = undefined;
  }

  /** Whether as many hold the coin as a server that does not has to hear. */
  #isVouched(coin: number): boolean {
    return this.#states[coin]!.slice(0, this.#ticketCount).filter(isHeld).length >= this.#quorum;
  }

  /** Servers other than `server` whose ticket names the coin, and gets there. */
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

  #ask<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void {
    this.#requests++;
    this.#world.ask(request, done);
  }

  #tell(phase: HealPhase, server: RaidaId, of: number, coins: number, reply: Result<unknown>): void {
    this.#world.progress({ type: "progress", phase, server, coins, of, error: reply.ok ? undefined : reply.error });
  }

  /** Those of the coins of which something holds. */
  #among(coins: CoinsByServer, holds: (state: CoinState, coin: number, server: RaidaId) => boolean): CoinsByServer {
    return coins.map((some, server) => some.filter((coin) => holds(this.#states[coin]![server]!, coin, server)));
  }

  #set(coins: CoinsByServer, state: CoinState): void {
    coins.forEach((some, server) => some.forEach((coin) => (this.#states[coin]![server] = state)));
  }

  /** Works at each server that has coins; goes on when `#done` was called for each. */
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
  if (!Array.from(all).every(isSound)) refuse("panGenerators", "16 bytes each", "others");
  // With a shared one, each server could compute the others' new numbers.
  const isTwice = all.some((one, server) => all.some((other, id) => id < server && equalBytes(one, other)));
  if (isTwice) refuse("panGenerators", "another one for every server", "one twice");
}
