/** The RAIDA client as a machine: calls in, requests to the 25 servers and their results out. */
import { argumentError, isWireError, type Result, type WireErrorCode, type WireIssue } from "../../../errors.js";
import { CommandGroup } from "../../../codec/gen/raida/index.js";
import {
  Calls,
  countDown,
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

/** What a call has under way: its requests to servers, and its healing if it is one. */
interface Work {
  readonly id: CallId;
  readonly requests: Set<CallId>;
  healing?: HealingRun | KeyHealingRun;
}

/** One request to a server, for a call. */
interface Sending {
  readonly work: Work;
  readonly plain: PlainRequest;
  readonly done: Done;
  /** Called when the exchange is over, which a fix at a C server may be long after the call. */
  readonly onOver: (() => void) | undefined;
}

/** The requests of a client have hooks for all that they do. */
const NO_EFFECTS: never[] = [];

/**
 * A client of the 25 servers. It opens no socket: a host or a simulator carries out its effects. 4,096 of its calls are
 * under way at a time, and as many wait; more settle with `limit`.
 */
export class RaidaClient implements Machine<RaidaCall, RaidaOutcome, RaidaClientEvent> {
  readonly #env: Env;
  readonly #requestTimeoutMs: Millis;
  readonly #plainOptions: PlainRequestOptions;
  readonly #sealer: Sealer;
  readonly #exchanges: Exchanges;
  readonly #health: EncryptionHealth;
  readonly #kinds: ServerKinds | undefined;
  readonly #fixTurns: FixTurns;
  readonly #calls: Calls<Work, RaidaOutcome, Work, RaidaClientEvent>;
  /** The requests of all calls; those of healings have deadlines of their own. */
  readonly #requests: Calls<Sending, Answer, ExchangeHandle>;
  /** Calls that wait for the end of all fixes. */
  readonly #ends: Calls<undefined, RaidaOutcome, CallId, RaidaClientEvent>;
  readonly #nextRequest = countDown();
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
    this.#calls = new Calls({
      format: "raida",
      send: ({ request }) => ({ key: request }),
      release: ({ key }) => this.#drop(key),
      // A healing that may have changed a number settles with its result, so that no number is lost.
      giveUp: ({ request: { healing } }, error): Result<RaidaOutcome> => {
        const value = healing?.abandon(error);
        return value === undefined ? { ok: false, error } : { ok: true, value };
      },
    });
    this.#requests = new Calls({
      format: "raida",
      inFlightMax: Infinity,
      send: ({ request }) => ({ key: this.#begin(request) }),
      release: ({ key }) => this.#exchanges.abandon(key, this.#nowMs, this.#out),
      settled: ({ id, request }, answer) => this.#answered(id, request, answer),
      giveUp: ({ request }, error) => ({ ok: false, error: { ...error, path: `server[${request.plain.server}]` } }),
    });
    this.#ends = new Calls({ format: "raida", send: ({ id }) => ({ key: id }) });
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
      this.#giveUpAll("fault");
    }
  }

  #handle(event: Event<RaidaCall>, nowMs: Millis, out: Out): void {
    switch (event.type) {
      case "call":
        return this.#call(event.id, event.request, event.deadlineMs);
      case "cancel":
        return void (this.#calls.cancel(event.id, nowMs, out) || this.#ends.cancel(event.id, nowMs, out));
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
        this.#requests.wake(nowMs, NO_EFFECTS);
        this.#calls.wake(nowMs, out);
        return this.#ends.wake(nowMs, out);
      case "stop":
        return this.#giveUpAll("cancelled");
      default:
        return;
    }
  }

  nextWakeMs(): Millis {
    if (this.#broken !== undefined) throw this.#broken.error;
    return Math.min(this.#calls.nextMs, this.#requests.nextMs, this.#ends.nextMs, this.#exchanges.nextMs);
  }

  /** Starts a call. An invalid request fails its own call and affects no other. */
  #call(id: CallId, request: RaidaCall, deadlineMs: Millis): void {
    if (request?.command === "endCalls") return this.#endCalls(id, deadlineMs);
    const work: Work = { id, requests: new Set() };
    this.#calls.start(id, work, deadlineMs, this.#nowMs, this.#out);
    if (this.#calls.get(work) === undefined) return;
    try {
      if (typeof request !== "object" || request === null)
        throw argumentError("raida", "", "a request", typeof request);
      const copy = withWireErrors(() => copyOf(request));
      if (copy.command === "leftFixes") this.#settle(work, { ok: true, value: this.#exchanges.leftFixes(this.#nowMs) });
      else if (this.#ends.size > 0) this.#settle(work, { ok: false, error: issue("cancelled") });
      else if (copy.command === "heal") this.#heal(work, copy);
      else if (copy.command === "healKeys") this.#healKeys(work, copy);
      else this.#request(work, copy);
    } catch (error) {
      if (!isWireError(error)) throw error;
      this.#settle(work, { ok: false, error: error.toJSON() });
    }
  }

  /** Gives up all other calls. A fix at a C server goes on. */
  #endCalls(id: CallId, deadlineMs: Millis): void {
    this.#calls.giveUpAll(issue("cancelled"), this.#nowMs, this.#out);
    this.#ends.start(id, undefined, deadlineMs, this.#nowMs, this.#out);
  }

  #endIfDone(): void {
    if (this.#ends.size === 0 || this.#exchanges.leftFixes(this.#nowMs).length > 0) return;
    this.#ends.settleAll({ ok: true, value: [] }, this.#nowMs, this.#out);
  }

  #giveUpAll(code: "cancelled" | "fault"): void {
    for (const calls of [this.#calls, this.#ends]) calls.giveUpAll(issue(code), this.#nowMs, this.#out);
  }

  #request(work: Work, request: RaidaRequest): void {
    const plain = this.#plainRequestOf(request);
    this.#send(work, plain, Infinity, (answer) => this.#settle(work, read(request, answer)));
  }

  #heal(work: Work, { coins, tag, ...options }: HealRequest): void {
    const world: HealingWorld = {
      send: (request, done) => this.#requestWithin(work, request, done),
      random: (n) => this.#env.random(n),
      ticketCount: this.#sealer.ticketCount,
      progress: (progress) => this.#out.push({ type: "emit", event: { ...progress, call: work.id, tag } }),
      finish: (value) => this.#settle(work, { ok: true, value }),
    };
    const healing = withWireErrors(() => new HealingRun(coins, world, options));
    work.healing = healing;
    healing.start();
  }

  #healKeys(work: Work, { coins, tag, ...how }: HealKeysRequest): void {
    const world: KeyHealingWorld = {
      send: (request, done) => this.#requestWithin(work, request, done),
      prove: (server, coin, done) => {
        const echo = { command: "echo", server } as const;
        const plain: PlainRequest = { ...this.#plainRequestOf(echo), encryption: { type: "aes128Coin", coin } };
        this.#send(work, plain, this.#timeoutMs(plain), (answer) => done(read(echo, answer)));
      },
      nowMs: () => this.#nowMs,
      progress: (progress) => this.#out.push({ type: "emit", event: { ...progress, call: work.id, tag } }),
      finish: (value) => this.#settle(work, { ok: true, value }),
    };
    const healing = withWireErrors(() => new KeyHealingRun(coins, how, this.#health, world));
    work.healing = healing;
    healing.start();
  }

  #plainRequestOf(request: RaidaRequest): PlainRequest {
    return withWireErrors(() => plainRequestOf(request as never, this.#plainOptions));
  }

  /** Sends one request of a healing with a deadline of its own, so that a silent server does not end the whole call. */
  #requestWithin<R extends RaidaRequest>(
    work: Work,
    request: R,
    done: (reply: Result<RaidaReplies[R["command"]]>) => void,
  ): void {
    const plain = this.#plainRequestOf(request);
    this.#send(work, plain, this.#timeoutMs(plain), (answer) => done(read(request, answer)));
  }

  #timeoutMs(plain: PlainRequest): Millis {
    return Math.max(this.#requestTimeoutMs, isFix(plain) && isCServer(this.#kinds, plain.server) ? C_FIX_MS : 0);
  }

  /** Sends a request: at once, or a fix when it is its turn. Its time begins when it is sent. */
  #send(work: Work, plain: PlainRequest, timeoutMs: Millis, done: Done): void {
    const send = (onOver?: () => void): void => {
      const id = this.#nextRequest();
      work.requests.add(id);
      this.#requests.start(id, { work, plain, done, onOver }, this.#nowMs + timeoutMs, this.#nowMs, NO_EFFECTS);
    };
    if (isFix(plain)) this.#fixTurns.take(work, () => send(() => this.#fixTurns.end()));
    else if (this.#calls.get(work) !== undefined) send();
  }

  #begin({ plain, onOver }: Sending): ExchangeHandle {
    try {
      const handle: ExchangeHandle = this.#exchanges.start(
        plain,
        (answer) => void this.#requests.settle(handle, answer, this.#nowMs, NO_EFFECTS),
        this.#nowMs,
        this.#out,
        onOver,
      );
      return handle;
    } catch (error) {
      onOver?.();
      throw error;
    }
  }

  #answered(id: CallId, { work, done }: Sending, answer: Result<Answer>): void {
    work.requests.delete(id);
    if (this.#calls.get(work) !== undefined) done(answer);
  }

  /** Ends what a call has under way. */
  #drop(work: Work): void {
    this.#fixTurns.drop(work);
    for (const id of work.requests) this.#requests.cancel(id, this.#nowMs, NO_EFFECTS);
  }

  #settle(work: Work, outcome: Result<RaidaOutcome>): void {
    this.#calls.settle(work, outcome, this.#nowMs, this.#out);
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

function issue(code: WireErrorCode): WireIssue {
  return { code, format: "raida", path: "" };
}
