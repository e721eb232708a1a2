/** The healing of keys: the state of one `healKeys` call across all 25 servers. */
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
 * The outcome of healing the key of one server. `fixed`: the server decrypts a request under the coin's AN. `failed`: it
 * does not, see `error`. `noCoin`: none of the coins lost there is held by two other servers. `noHelpers`: the servers
 * that hold it did not help. `coolingDown`: too many recent attempts failed.
 */
export type KeyOutcome = "fixed" | "failed" | "noCoin" | "noHelpers" | "coolingDown";

/** The result for one server with a broken key. */
export interface HealedKey {
  readonly server: RaidaId;
  readonly outcome: KeyOutcome;
  /** The coin whose AN at the server is the key. */
  readonly coin: { readonly denomination: number; readonly serial: number } | undefined;
  /** The servers that encrypted the first and the second half; may be incomplete. */
  readonly helpers: readonly RaidaId[];
  readonly error: WireIssue | undefined;
  readonly health: ServerHealth;
}

/** The result of a key healing. */
export interface KeyHealing {
  /** The servers with a broken key, by their id. */
  readonly keys: readonly HealedKey[];
  /** Requests that were sent. */
  readonly requests: number;
}

/** A phase of a key healing: who lost the coin, who encrypts a half, delivery of both, encrypted echo. */
export type KeyHealPhase = "detect" | "tickets" | "post" | "proof";

/** Tells that one server answered, or failed to, in one phase. */
export interface KeyHealProgress {
  readonly type: "keyProgress";
  readonly phase: KeyHealPhase;
  readonly server: RaidaId;
  readonly error: WireIssue | undefined;
}

/** The options of a key healing. */
export interface KeyHealingOptions {
  /** The servers whose keys are healed; default all. */
  readonly servers?: readonly RaidaId[];
  /** Default `c-server`. */
  readonly dialect?: KeyDialect;
}

/** What a key healing needs of the client. */
export interface KeyHealingWorld {
  /** Sends one request and calls `done` once. */
  send<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void;
  /** Sends an echo encrypted under the coin's AN at the server (type 1). */
  prove(server: RaidaId, coin: Coin, done: (reply: Result<unknown>) => void): void;
  nowMs(): Millis;
  progress(event: KeyHealProgress): void;
  finish(healing: KeyHealing): void;
}

/** One broken server in a round. */
interface Task {
  readonly server: RaidaId;
  /** Index of the coin whose AN the server has lost. */
  readonly coin: number;
  readonly halves: KeyHalf[];
  /** Halves for which a helper is still sought. */
  left: number;
  /** Why the last helper failed. */
  error: WireIssue | undefined;
}

const KEY_PART_BYTES = 8;
const HALVES = [0, 1] as const;

/**
 * Restores the AN of a coin at servers that lost it, because it is the key of encrypted requests: two helpers each
 * encrypt half of it for the broken server. A round heals several servers, each with helpers of its own. A server
 * without free helpers, or whose helpers failed, waits for the next round.
 */
export class KeyHealingRun {
  readonly #coins: readonly Coin[];
  readonly #only: ReadonlySet<RaidaId> | undefined;
  readonly #health: EncryptionHealth;
  readonly #dialect: KeyDialect;
  readonly #world: KeyHealingWorld;
  /** By server: its detect of each coin, undefined if it did not answer. */
  readonly #authentic: (readonly boolean[] | undefined)[] = SERVERS.map(() => undefined);
  /** Helpers of the current round, including those that failed. */
  readonly #busy = new Set<RaidaId>();
  /** Servers that failed as helpers; they get no further requests for tickets. */
  readonly #useless = new Set<RaidaId>();
  /** By broken server: the helpers whose halves it rejected. It may hold an older AN of theirs. */
  readonly #rejected: readonly Set<RaidaId>[] = SERVERS.map(() => new Set());
  readonly #keys = new Map<RaidaId, HealedKey>();
  /** Servers that were sent halves and have no outcome yet. */
  readonly #posted = new Map<RaidaId, Task>();
  #left = 0;
  #requests = 0;

  /** @throws WireError `argument` for invalid coins or options */
  constructor(coins: readonly Coin[], options: KeyHealingOptions, health: EncryptionHealth, world: KeyHealingWorld) {
    checkCoins(coins);
    const { servers, dialect = "c-server" } = options;
    if (servers !== undefined && !areServers(servers)) refuse("servers", "a list of ids from 0 to 24", "other values");
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
      this.#send({ command: "detect", server, coins }, (reply) => {
        if (reply.ok) this.#authentic[server] = reply.value.authentic;
        this.#report("detect", server, reply);
        if (--this.#left === 0) this.#judge();
      });
    }
  }

  /** After detect: a server that denies a coin has lost a key. */
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
        for (const part of HALVES) this.#requestTicket(task, part, later);
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

  /** Requests a ticket of one helper after another until one encrypts the half. */
  #requestTicket(task: Task, part: 0 | 1, later: RaidaId[]): void {
    const [helper] = this.#helpers(task.coin, task.server);
    if (helper === undefined) return this.#gather(task, later);
    this.#busy.add(helper);
    const { denomination, serial, ans } = this.#coins[task.coin]!;
    const keyPart = ans[task.server]!.slice(KEY_PART_BYTES * part, KEY_PART_BYTES * (part + 1));
    const proof = { denomination, serial, an: ans[helper]! };
    const { server: brokenId } = task;
    const dialect = this.#dialect;
    this.#send(
      { command: "getEncryptionTicket", server: helper, denomination, serial, keyPart, dialect, brokenId, proof },
      (reply) => {
        const checked = reply.ok ? checkTicket(reply.value.ticket, helper, proof, keyPart) : reply;
        wipe(keyPart);
        this.#report("tickets", helper, checked);
        if (checked.ok) {
          task.halves.push({ part, helperId: helper, ticket: checked.value });
          return this.#gather(task, later);
        }
        task.error = checked.error;
        this.#useless.add(helper);
        this.#requestTicket(task, part, later);
      },
    );
  }

  /** Sends both halves to the broken server once no request for tickets is under way. */
  #gather(task: Task, later: RaidaId[]): void {
    if (--task.left > 0) return;
    const { server, halves } = task;
    if (halves.length < HALVES.length) {
      return this.#canWait(task, later) ? this.#end(later) : this.#conclude(task, "noHelpers", task.error, later);
    }
    const { denomination, serial } = this.#coins[task.coin]!;
    const dialect = this.#dialect;
    // From now on the server may have the key, however this call ends.
    this.#posted.set(server, task);
    this.#send({ command: "fixEncryption", server, denomination, serial, halves, dialect }, (reply) => {
      this.#report("post", server, reply);
      if (!reply.ok) return this.#conclude(task, "failed", reply.error, later);
      const rejected = halves.filter((_, i) => reply.value.accepted[i] === false);
      for (const { helperId } of rejected) this.#rejected[server]!.add(helperId);
      if (rejected.length > 0 && this.#canWait(task, later)) return this.#end(later);
      this.#prove(task, later);
    });
  }

  /** Proves the key by an encrypted echo: the verdicts on the halves are no proof. */
  #prove(task: Task, later: RaidaId[]): void {
    this.#requests++;
    this.#world.prove(task.server, this.#coins[task.coin]!, (reply) => {
      this.#report("proof", task.server, reply);
      this.#conclude(task, reply.ok ? "fixed" : "failed", reply.ok ? undefined : reply.error, later);
    });
  }

  #conclude(task: Task, outcome: KeyOutcome, error: WireIssue | undefined, later: readonly RaidaId[]): void {
    if (outcome === "fixed") this.#health.markFixed(task.server);
    else this.#health.markFailed(task.server, this.#world.nowMs());
    this.#note(task.server, outcome, task, error);
    this.#end(later);
  }

  /** Queues the server for the next round if enough willing helpers are left. */
  #canWait({ server, coin }: Task, later: RaidaId[]): boolean {
    if (this.#willing(coin, server).length < HALVES.length) return false;
    later.push(server);
    return true;
  }

  /** Ends one task; the last one starts the next round. */
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
   * Ends the healing early. A server that was sent halves but has not proved the key is `failed` with `reason`, though
   * it may have the key.
   * @returns the outcomes so far, undefined if there are none
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

  /** The servers that hold a coin, without the broken one. */
  #knowers(coin: number, broken: RaidaId): RaidaId[] {
    return SERVERS.filter((server) => server !== broken && this.#authentic[server]?.[coin] === true);
  }

  /** Of these, the servers that have not failed as helpers. */
  #willing(coin: number, broken: RaidaId): RaidaId[] {
    const rejected = this.#rejected[broken]!;
    return this.#knowers(coin, broken).filter((server) => !this.#useless.has(server) && !rejected.has(server));
  }

  /** Of these, the servers that are free in this round. */
  #helpers(coin: number, broken: RaidaId): RaidaId[] {
    return this.#willing(coin, broken).filter((server) => !this.#busy.has(server));
  }

  #send<R extends RaidaRequest>(request: R, done: (reply: Result<RaidaReplies[R["command"]]>) => void): void {
    this.#requests++;
    this.#world.send(request, done);
  }

  #report(phase: KeyHealPhase, server: RaidaId, reply: Result<unknown>): void {
    this.#world.progress({ type: "keyProgress", phase, server, error: reply.ok ? undefined : reply.error });
  }
}

/** True if an untyped caller's value is a list of server ids. */
function areServers(servers: readonly unknown[]): boolean {
  return Array.isArray(servers) && servers.every((id) => SERVERS.includes(id as RaidaId));
}

/**
 * Decrypts and checks a ticket under the AN that the helper holds. A ticket of another coin or half would corrupt the
 * AN at the broken server. The nonce is zero because command 44 is sent in clear.
 */
function checkTicket(sealed: Uint8Array, helper: RaidaId, coin: CoinAn, keyPart: Uint8Array): Result<Uint8Array> {
  const ticket = own(sealed);
  const plain = aesCtr(coin.an, new Uint8Array(16), ticket);
  const read = tryDecodeKeyTicket(plain);
  const decoded = read.ok ? read : tryDecodeKeyTicketQmail(plain);
  const isRight =
    decoded.ok &&
    decoded.value.denomination === coin.denomination &&
    decoded.value.serial === coin.serial &&
    equalBytes(decoded.value.keyPart, keyPart);
  wipe(plain);
  if (isRight) return { ok: true, value: ticket };
  const [expected, actual] = ["a ticket of the requested half", "another"];
  const path = `server[${helper}]`;
  return { ok: false, error: { code: "unproven", format: "raida", path, expected, actual } };
}
