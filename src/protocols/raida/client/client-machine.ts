/** The RAIDA client as a machine: calls in, requests to the 25 servers and their results out. */
import { argumentError, isWireError, type Result, type WireIssue } from "../../../errors.js";
import { CommandGroup } from "../../../codec/gen/raida/index.js";
import {
  countDown,
  DeadlineHeap,
  type CallId,
  type Effect,
  type Env,
  type Event,
  type Machine,
  type Millis,
} from "../../../machine/index.js";
import { COIN_ID, RAIDA_COUNT, type Coin } from "../protocol.js";
import { C_FIX_MS, hasCServer, isCServer, type ServerKinds } from "../server-kinds.js";
import type { ModernLayout, ReplyCounter } from "../wire/encryption.js";
import type { RaidaEncryption } from "./encryption-choice.js";
import { EncryptionHealth, type EncryptionHealthOptions } from "./encryption-health.js";
import { checkClientOptions } from "./client-options.js";
import { Exchanges, type Done, type ExchangeHandle, type LeftFix, type RaidaTransport } from "./exchange.js";
import { FixTurns } from "./fix-turns.js";
import {
  KeyHealingRun,
  type KeyHealing,
  type KeyHealingOptions,
  type KeyHealingWorld,
  type KeyHealProgress,
} from "./key-healing-run.js";
import { HealingRun, type Healing, type HealingOptions, type HealingWorld, type HealProgress } from "./healing-run.js";
import { withWireErrors } from "./commands/command.js";
import { plainRequestOf, replyOf, type PlainRequestOptions } from "./commands/index.js";
import type { RaidaReplies, RaidaReply, RaidaRequest } from "./requests.js";
import { isFix, type PlainRequest } from "./plain-request.js";
import { Sealer } from "./seal.js";
import type { Answer } from "./encrypted-request.js";

/** A call that heals coins by many requests: detect, tickets, fix, proof. */
export interface HealRequest extends HealingOptions {
  readonly command: "heal";
  readonly coins: readonly Coin[];
  /** Copied into the progress events of this healing. */
  readonly tag?: number;
}

/** A call that heals keys by many requests: detect, tickets of two helpers, the post, proof. */
export interface HealKeysRequest extends KeyHealingOptions {
  readonly command: "healKeys";
  /** Coins whose authenticity numbers are the keys. */
  readonly coins: readonly Coin[];
  /** Copied into the progress events of this healing. */
  readonly tag?: number;
}

/** A call that lists the fixes which C servers still carry out for calls that have ended. */
export interface LeftFixesRequest {
  readonly command: "leftFixes";
}

/** A call that ends all other calls, and settles when no C server carries out a fix any more. */
export interface EndCallsRequest {
  readonly command: "endCalls";
}

/** What a call requests: one command of one server, a healing, or the end. */
export type RaidaCall = RaidaRequest | HealRequest | HealKeysRequest | LeftFixesRequest | EndCallsRequest;
/** What a call settles with. */
export type RaidaOutcome = RaidaReply | Healing | KeyHealing | readonly LeftFix[];

/** The options of a client; only `servers` is required. */
export interface RaidaClientOptions {
  /** "host:port" of all 25 servers by their id. */
  readonly servers: readonly string[];
  /** Kind of coin; default 6. */
  readonly coinId?: number;
  /**
   * What the servers run, for all or by id. Unknown servers count as C servers: the client has one server fix at a
   * time, never leaves a C server during a fix, and connects once more if no answer comes.
   */
  readonly kinds?: ServerKinds;
  /** Servers that carry out a fix at a time; default 1 if any server counts as a C server, else 25. */
  readonly fixersMax?: number;
  /** Concurrent requests to one server; default 1, because C servers lose simultaneous connections. */
  readonly maxConnects?: number;
  /** Default `auto`: idempotent requests that fit go by datagram, all others over TCP. */
  readonly transport?: RaidaTransport;
  /** Default `clear`. Commands 44 and 45 are never encrypted. */
  readonly encryption?: RaidaEncryption;
  /** Layout of requests of encryption types 4 and 5; default `c-server`. */
  readonly type45Layout?: ModernLayout;
  /** Where the counter of replies of types 1 and 2 begins; default `restart`. `auto` probes each server once. */
  readonly replyCounter?: ReplyCounter | "auto";
  /**
   * Whether the servers send the whole nonce of type 5 replies, so that the client can decrypt them: specwire servers
   * do, C servers do not. Default true for the layout `natural`, else false. If false, a reply with a payload ends in
   * `undecryptable`.
   */
  readonly readsType5?: boolean;
  /** Command group of commands 44 and 45; default 4. */
  readonly keyExchangeGroup?: number;
  /** When key healing tries a persistently broken server again. */
  readonly encryptionHealth?: EncryptionHealthOptions;
  /**
   * Deadline of each request of a healing; default 40,000: a fix waits up to 32 s for its peers. A fix at a C server
   * has at least 33,000.
   */
  readonly requestTimeoutMs?: Millis;
}

/** Progress of a healing, with the id of its call and the `tag` of its request. */
export type RaidaClientEvent = (HealProgress | KeyHealProgress) & {
  readonly call: CallId;
  readonly tag: number | undefined;
};

type Out = Effect<RaidaOutcome, RaidaClientEvent>[];

/** Longest reply: a header, 65,535 coins of 5 bytes, and a trailer. */
const REPLY_BYTES_MAX = 32 + 5 * 65_535 + 2;

/** A call under way: its exchanges, their deadlines, and its healing if it is one. */
interface Call {
  readonly exchanges: Set<ExchangeHandle>;
  readonly timers: Set<Timer>;
  healing?: HealingRun | KeyHealingRun;
}

/** The deadline of one request of a call. */
interface Timer {
  readonly expire: () => void;
}

/** A client of the 25 servers. It opens no socket: a host or a simulator carries out its effects. */
export class RaidaClient implements Machine<RaidaCall, RaidaOutcome, RaidaClientEvent> {
  readonly #env: Env;
  readonly #requestTimeoutMs: Millis;
  readonly #plainOptions: PlainRequestOptions;
  readonly #sealer: Sealer;
  readonly #exchanges: Exchanges;
  readonly #health: EncryptionHealth;
  readonly #kinds: ServerKinds | undefined;
  readonly #fixTurns: FixTurns;
  /** Calls that wait for the end of all fixes. */
  readonly #ending = new Set<CallId>();
  readonly #calls = new Map<CallId, Call>();
  readonly #deadlines = new DeadlineHeap<CallId | Timer>();
  /** The effects of the current step. */
  #out: Out = [];
  #nowMs: Millis = 0;
  /** The exception that a step threw. */
  #broken: { readonly error: unknown } | undefined;

  /** @throws WireError `argument` for an invalid option */
  constructor(options: RaidaClientOptions, env: Env) {
    checkClientOptions(options);
    const { servers, maxConnects = 1 } = options;
    const {
      coinId = COIN_ID,
      type45Layout: layout = "c-server",
      keyExchangeGroup = CommandGroup.keyExchange,
    } = options;
    this.#kinds = typeof options.kinds === "object" ? [...options.kinds] : options.kinds;
    this.#fixTurns = new FixTurns(options.fixersMax ?? (hasCServer(this.#kinds) ? 1 : RAIDA_COUNT));
    const random = (n: number): Uint8Array => env.random(n);
    this.#env = env;
    this.#requestTimeoutMs = options.requestTimeoutMs ?? 40_000;
    this.#health = new EncryptionHealth(options.encryptionHealth);
    const { encryption = { type: "clear" }, replyCounter = "restart" } = options;
    this.#plainOptions = {
      coinId,
      random,
      keyExchangeGroup,
      lockerKey: encryption.type === "aes128Locker" ? encryption.lockerKey : undefined,
    };
    this.#sealer = new Sealer({
      coinId,
      encryption,
      layout,
      replyCounter,
      readsType5: options.readsType5 ?? layout === "natural",
      random,
    });
    this.#exchanges = new Exchanges({
      servers,
      sealer: this.#sealer,
      transport: options.transport ?? "auto",
      replyCounter,
      probe: (server) => plainRequestOf({ command: "version", server }, this.#plainOptions),
      maxConnects,
      isCServer: (server) => isCServer(this.#kinds, server),
      replyBytesMax: REPLY_BYTES_MAX,
      nextLink: countDown(),
    });
  }

  /** Stores an exception to throw at the next step, so that this step still settles healings with their changes. */
  step(event: Event<RaidaCall>, nowMs: Millis, out: Out): void {
    if (this.#broken !== undefined) throw this.#broken.error;
    this.#nowMs = nowMs;
    this.#out = out;
    try {
      this.#handle(event, nowMs, out);
      this.#endIfDone();
    } catch (error) {
      this.#broken = { error };
      for (const id of this.#calls.keys()) this.#giveUp(id, "fault");
    }
  }

  #handle(event: Event<RaidaCall>, nowMs: Millis, out: Out): void {
    switch (event.type) {
      case "call":
        return this.#call(event.id, event.request, event.deadlineMs);
      case "cancel":
        return this.#giveUp(event.id, "cancelled");
      case "opened":
        return this.#exchanges.opened(event.link, nowMs, out);
      case "bytes":
        return this.#exchanges.received(event.link, event.bytes, nowMs, out);
      case "closed":
        return this.#exchanges.closed(event.link, event.error, nowMs, out);
      case "datagram":
        return this.#exchanges.datagram(event.peer, event.bytes, nowMs, out);
      case "wake":
        this.#exchanges.wake(nowMs, out);
        for (let due = this.#deadlines.popDue(nowMs); due !== undefined; due = this.#deadlines.popDue(nowMs)) {
          if (typeof due === "number") this.#giveUp(due, "timeout");
          else due.expire();
        }
        return;
      case "stop":
        for (const id of this.#calls.keys()) this.#giveUp(id, "cancelled");
        return;
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    if (this.#broken !== undefined) throw this.#broken.error;
    return Math.min(this.#deadlines.nextMs, this.#exchanges.nextMs);
  }

  /** Starts a call. An invalid request fails its own call and affects no other. */
  #call(id: CallId, request: RaidaCall, deadlineMs: Millis): void {
    this.#calls.set(id, { exchanges: new Set(), timers: new Set() });
    try {
      if (Number.isNaN(deadlineMs)) throw argumentError("raida", "deadlineMs", "a time", "NaN");
      if (deadlineMs !== Infinity) this.#deadlines.set(id, deadlineMs);
      if (typeof request !== "object" || request === null)
        throw argumentError("raida", "", "a request", typeof request);
      const copy = withWireErrors(() => copyOf(request));
      if (this.#ending.size > 0 && copy.command !== "leftFixes" && copy.command !== "endCalls")
        return this.#settle(id, { ok: false, error: issue("cancelled") });
      if (copy.command === "heal") this.#heal(id, copy);
      else if (copy.command === "healKeys") this.#healKeys(id, copy);
      else if (copy.command === "leftFixes")
        this.#settle(id, { ok: true, value: this.#exchanges.leftFixes(this.#nowMs) });
      else if (copy.command === "endCalls") this.#endCalls(id);
      else this.#request(id, copy);
    } catch (error) {
      if (!isWireError(error)) throw error;
      this.#settle(id, { ok: false, error: error.toJSON() });
    }
  }

  /** Gives up all other calls. A fix at a C server goes on. */
  #endCalls(id: CallId): void {
    for (const other of this.#calls.keys())
      if (other !== id && !this.#ending.has(other)) this.#giveUp(other, "cancelled");
    this.#ending.add(id);
  }

  #endIfDone(): void {
    if (this.#ending.size === 0 || this.#exchanges.leftFixes(this.#nowMs).length > 0) return;
    for (const id of this.#ending) this.#settle(id, { ok: true, value: [] });
    this.#ending.clear();
  }

  #request(id: CallId, request: RaidaRequest): void {
    const plain = this.#plainRequestOf(request);
    const done: Done = (answer) => this.#settle(id, read(request, answer));
    this.#inTurn(id, plain, done, (onOver) => void this.#send(id, plain, done, onOver));
  }

  /** Sends a request: at once, or a fix when it is its turn. `done` gets the error of a fix that cannot be sent. */
  #inTurn(id: CallId, plain: PlainRequest, done: Done, send: (onOver?: () => void) => void): void {
    if (!isFix(plain)) return send();
    this.#fixTurns.take(id, () => {
      try {
        send(() => this.#fixTurns.end());
      } catch (error) {
        this.#fixTurns.end();
        if (!isWireError(error)) throw error;
        done({ ok: false, error: error.toJSON() });
      }
    });
  }

  #heal(id: CallId, { coins, tag, ...options }: HealRequest): void {
    const world: HealingWorld = {
      send: (request, done) => this.#requestWithin(id, request, done),
      random: (n) => this.#env.random(n),
      ticketCount: this.#sealer.ticketCount,
      progress: (progress) => this.#out.push({ type: "emit", event: { ...progress, call: id, tag } }),
      finish: (value) => this.#settle(id, { ok: true, value }),
    };
    const healing = withWireErrors(() => new HealingRun(coins, world, options));
    this.#calls.get(id)!.healing = healing;
    healing.start();
  }

  #healKeys(id: CallId, { coins, tag, ...how }: HealKeysRequest): void {
    const world: KeyHealingWorld = {
      send: (request, done) => this.#requestWithin(id, request, done),
      prove: (server, coin, done) => {
        const echo = { command: "echo", server } as const;
        const plain: PlainRequest = { ...this.#plainRequestOf(echo), encryption: { type: "aes128Coin", coin } };
        this.#sendWithin(id, plain, (answer) => done(read(echo, answer)));
      },
      nowMs: () => this.#nowMs,
      progress: (progress) => this.#out.push({ type: "emit", event: { ...progress, call: id, tag } }),
      finish: (value) => this.#settle(id, { ok: true, value }),
    };
    const healing = withWireErrors(() => new KeyHealingRun(coins, how, this.#health, world));
    this.#calls.get(id)!.healing = healing;
    healing.start();
  }

  /** Ends a call early. A healing that may have changed a number settles with its result, so that no number is lost. */
  #giveUp(id: CallId, code: AbandonReason): void {
    const healing = this.#calls.get(id)?.healing?.abandon(issue(code));
    this.#settle(id, healing === undefined ? { ok: false, error: issue(code) } : { ok: true, value: healing });
  }

  #plainRequestOf(request: RaidaRequest): PlainRequest {
    return withWireErrors(() => plainRequestOf(request as never, this.#plainOptions));
  }

  /** Sends one request of a healing with a deadline of its own, so that a silent server does not end the whole call. */
  #requestWithin<R extends RaidaRequest>(
    id: CallId,
    request: R,
    done: (reply: Result<RaidaReplies[R["command"]]>) => void,
  ): void {
    const plain = this.#plainRequestOf(request);
    const answered: Done = (answer) => done(read(request, answer));
    this.#inTurn(id, plain, answered, (onOver) => this.#sendWithin(id, plain, answered, onOver));
  }

  /** Sends a plain request for a call; undefined if the call has ended. */
  #send(id: CallId, plain: PlainRequest, done: Done, onOver?: () => void): ExchangeHandle | undefined {
    const call = this.#calls.get(id);
    if (call === undefined) return undefined;
    const handle = this.#exchanges.start(
      plain,
      (answer) => {
        call.exchanges.delete(handle);
        done(answer);
      },
      this.#nowMs,
      this.#out,
      onOver,
    );
    call.exchanges.add(handle);
    return handle;
  }

  /** The same with a deadline of its own. */
  #sendWithin(id: CallId, plain: PlainRequest, done: Done, onOver?: () => void): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    const timer: Timer = {
      expire: () => {
        call.timers.delete(timer);
        this.#exchanges.abandon(handle!, this.#nowMs, this.#out);
        call.exchanges.delete(handle!);
        done({ ok: false, error: { ...issue("timeout"), path: `server[${plain.server}]` } });
      },
    };
    const handle = this.#send(
      id,
      plain,
      (answer) => {
        this.#deadlines.delete(timer);
        call.timers.delete(timer);
        done(answer);
      },
      onOver,
    );
    call.timers.add(timer);
    const leastMs = isFix(plain) && isCServer(this.#kinds, plain.server) ? C_FIX_MS : 0;
    this.#deadlines.set(timer, this.#nowMs + Math.max(this.#requestTimeoutMs, leastMs));
  }

  #settle(id: CallId, result: Result<RaidaOutcome>): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    this.#ending.delete(id);
    this.#deadlines.delete(id);
    this.#fixTurns.drop(id);
    for (const timer of call.timers) this.#deadlines.delete(timer);
    for (const handle of call.exchanges) this.#exchanges.abandon(handle, this.#nowMs, this.#out);
    this.#out.push(
      result.ok ? { type: "settle", id, value: result.value } : { type: "settle", id, error: result.error },
    );
  }
}

/** A copy of a request and its lists, because the caller may change the lists later. */
function copyOf<R extends RaidaCall>(request: R): R {
  const lists = Object.entries(request).filter(([, value]) => Array.isArray(value));
  return { ...request, ...Object.fromEntries(lists.map(([name, list]) => [name, [...(list as unknown[])]])) };
}

/** The decoded reply of an answer, or its error. */
function read<R extends RaidaRequest>(request: R, answer: Result<Answer>): Result<RaidaReplies[R["command"]]> {
  return answer.ok ? (replyOf(request as never, answer.value) as Result<RaidaReplies[R["command"]]>) : answer;
}

/** Why a call ends before its reply. */
type AbandonReason = "timeout" | "cancelled" | "fault";

function issue(code: AbandonReason): WireIssue {
  return { code, format: "raida", path: "" };
}
