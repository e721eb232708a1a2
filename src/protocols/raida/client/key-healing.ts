import { equalBytes, own, wipe } from "../../../bytes/index.js";
import type { Result, WireIssue } from "../../../errors.js";
import { tryDecodeKeyTicket, tryDecodeKeyTicketQmail, type CoinAn } from "../../../codec/gen/raida/index.js";
import { aesCtr } from "../../../kernel/index.js";
import type { Millis } from "../../../machine/index.js";
import { RAIDA_COUNT, type Coin, type RaidaId } from "../protocol.js";
import { checkCoins, refuse, SERVERS } from "./coins.js";
import type { EncryptionHealth, ServerHealth } from "./encryption-health.js";
import type { KeyDialect, KeyHalf, RaidaReplies, RaidaRequest } from "./requests.js";

/**
 * How the key that is shared with one server has come out. `fixed`: the server understands a request that is encrypted
 * under the coin's number. `failed`: it does not, see `error`. `noCoin`: no coin is lost there and known to two others.
 * `noHelpers`: those who know it have not helped. `coolingDown`: too many attempts have failed lately.
 */
export type KeyOutcome = "fixed" | "failed" | "noCoin" | "noHelpers" | "coolingDown";

export interface HealedKey {
  readonly server: RaidaId;
  readonly outcome: KeyOutcome;
  /** The coin whose number at the server is the key. */
  readonly coin: { readonly denomination: number; readonly serial: number } | undefined;
  /** Who has encrypted the first and the second half; empty where it did not come to that. */
  readonly helpers: readonly RaidaId[];
  readonly error: WireIssue | undefined;
  readonly health: ServerHealth;
}

export interface KeyHealing {
  /** The servers with a broken key, by their id. */
  readonly keys: readonly HealedKey[];
  /** Requests that were sent. */
  readonly requests: number;
}

export type KeyHealPhase = "detect" | "tickets" | "post" | "proof";

/** One server has answered, or not, in one phase. */
export interface KeyHealProgress {
  readonly type: "keyProgress";
  readonly phase: KeyHealPhase;
  readonly server: RaidaId;
  readonly error: WireIssue | undefined;
}

export interface KeyHealingOptions {
  /** The servers to look at; default all. */
  readonly servers?: readonly RaidaId[];
  /** Default `c-server`. */
  readonly dialect?: KeyDialect;
}

export interface KeyHealingWorld {
  /** Sends one request; `done` is called once. */
  ask<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void;
  /** Sends an echo that is encrypted under the coin's number at the server (type 1). */
  prove(server: RaidaId, coin: Coin, done: (reply: Result<unknown>) => void): void;
  nowMs(): Millis;
  progress(event: KeyHealProgress): void;
  finish(healing: KeyHealing): void;
}

/** One broken server in a round. */
interface Task {
  readonly server: RaidaId;
  /** Index of the coin that is lost there. */
  readonly coin: number;
  readonly halves: KeyHalf[];
  /** Halves on their way. */
  left: number;
  /** Why the last helper has not helped. */
  error: WireIssue | undefined;
}

const KEY_PART_BYTES = 8;
const HALVES = [0, 1] as const;

/**
 * Gives servers back the number that one of our coins has with them, which is the key of encrypted requests: two
 * helpers each encrypt half of it for the broken server. Several servers are healed in a round, each with helpers of
 * its own; those for whom none is left, or whose helpers have failed, wait for the next round.
 */
export class KeyHealingRun {
  readonly #coins: readonly Coin[];
  readonly #only: ReadonlySet<RaidaId> | undefined;
  readonly #health: EncryptionHealth;
  readonly #dialect: KeyDialect;
  readonly #world: KeyHealingWorld;
  /** By server, then by coin: what its detect said; undefined where it did not answer. */
  readonly #authentic: (readonly boolean[] | undefined)[] = SERVERS.map(() => undefined);
  /** Helpers of the round under way, those who have failed included. */
  readonly #busy = new Set<RaidaId>();
  /** Servers that have not helped when they were asked: nobody asks them again. */
  readonly #useless = new Set<RaidaId>();
  /** By broken server: whose halves it has rejected. It may know an older number of theirs. */
  readonly #rejected: readonly Set<RaidaId>[] = SERVERS.map(() => new Set());
  readonly #keys = new Map<RaidaId, HealedKey>();
  /** Servers that were sent halves and whose outcome is open. */
  readonly #posted = new Map<RaidaId, Task>();
  #left = 0;
  #requests = 0;

  /** @throws WireError `argument` on coins of another form */
  constructor(coins: readonly Coin[], options: KeyHealingOptions, health: EncryptionHealth, world: KeyHealingWorld) {
    checkCoins(coins);
    const { servers, dialect = "c-server" } = options;
    if (servers !== undefined && !areServers(servers)) refuse("servers", "a list of ids of 0 to 24", "others");
    if (!["c-server", "west", "qmail"].includes(dialect)) refuse("dialect", "c-server, west or qmail", "another");
    this.#coins = coins.map(({ denomination, serial, ans }) => ({ denomination, serial, ans: ans.map(own) }));
    this.#only = servers && new Set(servers);
    this.#dialect = dialect;
    this.#health = health;
    this.#world = world;
  }

  start(): void {
    this.#left = RAIDA_COUNT;
    for (const server of SERVERS) {
      const coins = this.#coins.map(({ denomination, serial, ans }) => ({ denomination, serial, an: ans[server]! }));
      this.#ask({ command: "detect", server, coins }, (reply) => {
        if (reply.ok) this.#authentic[server] = reply.value.authentic;
        this.#tell("detect", server, reply);
        if (--this.#left === 0) this.#judge();
      });
    }
  }

  /** A server that has lost one of the coins has lost a key. */
  #judge(): void {
    const waiting: RaidaId[] = [];
    for (const server of SERVERS) {
      if (this.#authentic[server]?.includes(false) !== true || this.#only?.has(server) === false) continue;
      this.#health.markBroken(server);
      if (this.#health.canRetry(server, this.#world.nowMs())) waiting.push(server);
      else this.#note(server, "coolingDown");
    }
    this.#round(waiting);
  }

  #round(waiting: readonly RaidaId[]): void {
    this.#busy.clear();
    const tasks: Task[] = [];
    const later: RaidaId[] = [];
    for (const server of waiting) {
      const lost = this.#coins.map((_, coin) => coin).filter((coin) => this.#authentic[server]![coin] === false);
      const coin = lost.find((one) => this.#helpers(one, server).length >= HALVES.length);
      if (coin !== undefined) {
        const task: Task = { server, coin, halves: [], left: HALVES.length, error: undefined };
        tasks.push(task);
        for (const part of HALVES) this.#askHelper(task, part, later);
      } else if (this.#busy.size > 0) {
        later.push(server);
      } else {
        const isKnown = lost.some((one) => this.#knowers(one, server).length >= HALVES.length);
        this.#note(server, isKnown ? "noHelpers" : "noCoin");
      }
    }
    this.#left = tasks.length;
    if (tasks.length === 0) this.#finish();
  }

  /** Asks one helper after the other until one encrypts the half. */
  #askHelper(task: Task, part: 0 | 1, later: RaidaId[]): void {
    const [helper] = this.#helpers(task.coin, task.server);
    if (helper === undefined) return this.#gather(task, later);
    this.#busy.add(helper);
    const { denomination, serial, ans } = this.#coins[task.coin]!;
    const keyPart = ans[task.server]!.slice(KEY_PART_BYTES * part, KEY_PART_BYTES * (part + 1));
    const proof = { denomination, serial, an: ans[helper]! };
    const { server: brokenId } = task;
    const dialect = this.#dialect;
    this.#ask(
      { command: "getEncryptionTicket", server: helper, denomination, serial, keyPart, dialect, brokenId, proof },
      (reply) => {
        const checked = reply.ok ? checkTicket(reply.value.ticket, helper, proof, keyPart) : reply;
        wipe(keyPart);
        this.#tell("tickets", helper, checked);
        if (checked.ok) {
          task.halves.push({ part, helperId: helper, ticket: checked.value });
          return this.#gather(task, later);
        }
        task.error = checked.error;
        this.#useless.add(helper);
        this.#askHelper(task, part, later);
      },
    );
  }

  /** Once nothing more is on its way, the broken server gets both halves. */
  #gather(task: Task, later: RaidaId[]): void {
    if (--task.left > 0) return;
    const { server, halves } = task;
    if (halves.length < HALVES.length) {
      return this.#canWait(task, later) ? this.#end(later) : this.#conclude(task, "noHelpers", task.error, later);
    }
    const { denomination, serial } = this.#coins[task.coin]!;
    const dialect = this.#dialect;
    // From now on the server may have the key, whatever becomes of this call.
    this.#posted.set(server, task);
    this.#ask({ command: "fixEncryption", server, denomination, serial, halves, dialect }, (reply) => {
      this.#tell("post", server, reply);
      if (!reply.ok) return this.#conclude(task, "failed", reply.error, later);
      const rejected = halves.filter((_, i) => reply.value.accepted[i] === false);
      for (const { helperId } of rejected) this.#rejected[server]!.add(helperId);
      if (rejected.length > 0 && this.#canWait(task, later)) return this.#end(later);
      this.#prove(task, later);
    });
  }

  /** What the server says of the halves is one thing; whether it has the key is another. */
  #prove(task: Task, later: RaidaId[]): void {
    this.#requests++;
    this.#world.prove(task.server, this.#coins[task.coin]!, (reply) => {
      this.#tell("proof", task.server, reply);
      this.#conclude(task, reply.ok ? "fixed" : "failed", reply.ok ? undefined : reply.error, later);
    });
  }

  #conclude(task: Task, outcome: KeyOutcome, error: WireIssue | undefined, later: readonly RaidaId[]): void {
    if (outcome === "fixed") this.#health.markFixed(task.server);
    else this.#health.markFailed(task.server, this.#world.nowMs());
    this.#note(task.server, outcome, task, error);
    this.#end(later);
  }

  /** Has the server wait for the next round, if there are others who could help then. */
  #canWait({ server, coin }: Task, later: RaidaId[]): boolean {
    if (this.#willing(coin, server).length < HALVES.length) return false;
    later.push(server);
    return true;
  }

  /** One task less in this round. */
  #end(later: readonly RaidaId[]): void {
    if (--this.#left === 0) this.#round(later);
  }

  #note(server: RaidaId, outcome: KeyOutcome, task?: Task, error?: WireIssue): void {
    this.#posted.delete(server);
    const coin = task && this.#coins[task.coin]!;
    this.#keys.set(server, {
      server,
      outcome,
      coin: coin && { denomination: coin.denomination, serial: coin.serial },
      helpers: [...(task?.halves ?? [])].sort((a, b) => a.part - b.part).map(({ helperId }) => helperId),
      error,
      health: this.#health.of(server),
    });
  }

  /**
   * Gives up on the way. @returns what has been concluded, undefined when that is nothing; a server that was sent
   * halves and has not proved the key is `failed` for this reason, and may have it
   */
  abandon(reason: WireIssue): KeyHealing | undefined {
    for (const [server, task] of this.#posted) {
      this.#health.markFailed(server, this.#world.nowMs());
      this.#note(server, "failed", task, reason);
    }
    return this.#keys.size === 0 ? undefined : this.#healing();
  }

  #finish(): void {
    this.#world.finish(this.#healing());
  }

  #healing(): KeyHealing {
    const keys = [...this.#keys.values()].sort((a, b) => a.server - b.server);
    return { keys, requests: this.#requests };
  }

  /** Servers that know a coin, other than the broken one. */
  #knowers(coin: number, broken: RaidaId): RaidaId[] {
    return SERVERS.filter((server) => server !== broken && this.#authentic[server]?.[coin] === true);
  }

  /** Those of them that nothing speaks against. */
  #willing(coin: number, broken: RaidaId): RaidaId[] {
    const rejected = this.#rejected[broken]!;
    return this.#knowers(coin, broken).filter((server) => !this.#useless.has(server) && !rejected.has(server));
  }

  /** Those of them that can help now. */
  #helpers(coin: number, broken: RaidaId): RaidaId[] {
    return this.#willing(coin, broken).filter((server) => !this.#busy.has(server));
  }

  #ask<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void {
    this.#requests++;
    this.#world.ask(request, done);
  }

  #tell(phase: KeyHealPhase, server: RaidaId, reply: Result<unknown>): void {
    this.#world.progress({ type: "keyProgress", phase, server, error: reply.ok ? undefined : reply.error });
  }
}

/** Whether these are ids of servers, also where a caller has no types. */
function areServers(servers: readonly unknown[]): boolean {
  return Array.isArray(servers) && servers.every((id) => SERVERS.includes(id as RaidaId));
}

/**
 * What a helper that knows the coin says can be read by whoever owns it: a ticket for another coin, or of another half,
 * would spoil the number at the broken server. Tickets that were asked for in clear have a nonce of zeros.
 */
function checkTicket(sealed: Uint8Array, helper: RaidaId, coin: CoinAn, keyPart: Uint8Array): Result<Uint8Array> {
  const ticket = own(sealed);
  const plain = aesCtr(coin.an, new Uint8Array(16), ticket);
  const read = tryDecodeKeyTicket(plain);
  const said = read.ok ? read : tryDecodeKeyTicketQmail(plain);
  const isRight =
    said.ok &&
    said.value.denomination === coin.denomination &&
    said.value.serial === coin.serial &&
    equalBytes(said.value.keyPart, keyPart);
  wipe(plain);
  if (isRight) return { ok: true, value: ticket };
  const [expected, actual] = ["a ticket of the half that was asked for", "another"];
  const path = `server[${helper}]`;
  return { ok: false, error: { code: "unproven", format: "raida", path, offset: 0, expected, actual } };
}
