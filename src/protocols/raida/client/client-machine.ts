import { isWireError, WireError, type Result, type WireIssue } from "../../../errors.js";
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
import { COIN_ID, type Coin } from "../protocol.js";
import type { ModernLayout, ReplyCounter } from "../wire/encryption.js";
import type { RaidaEncryption } from "./encryption.js";
import { EncryptionHealth, type EncryptionHealthOptions } from "./encryption-health.js";
import { checkClientOptions } from "./options.js";
import { Exchanges, type Done, type ExchangeHandle, type RaidaTransport } from "./exchange.js";
import {
  KeyHealingRun,
  type KeyHealing,
  type KeyHealingOptions,
  type KeyHealingWorld,
  type KeyHealProgress,
} from "./key-healing.js";
import { HealingRun, type Healing, type HealingOptions, type HealingWorld, type HealProgress } from "./healing.js";
import { questionOf, replyOf, type QuestionOptions } from "./commands/index.js";
import type { RaidaReplies, RaidaReply, RaidaRequest } from "./requests.js";
import type { PlainRequest } from "./plain-request.js";
import { Sealer } from "./seal.js";
import type { Answer } from "./encrypted-request.js";

/** The orchestration of many requests: detect, tickets, fix, proof. */
export interface HealRequest extends HealingOptions {
  readonly command: "heal";
  readonly coins: readonly Coin[];
  /** Comes back in the progress of this healing. */
  readonly tag?: number;
}

/** The orchestration of key healing: who has lost a key, tickets of two helpers, the post, proof. */
export interface HealKeysRequest extends KeyHealingOptions {
  readonly command: "healKeys";
  /** Coins whose numbers are keys. */
  readonly coins: readonly Coin[];
  /** Comes back in the progress of this healing. */
  readonly tag?: number;
}

/** What a call may ask, and what it settles with. */
export type RaidaCall = RaidaRequest | HealRequest | HealKeysRequest;
export type RaidaOutcome = RaidaReply | Healing | KeyHealing;

export interface RaidaClientOptions {
  /** "host:port" of all 25 servers by their id. */
  readonly servers: readonly string[];
  /** Kind of coin; default 6. */
  readonly coinId?: number;
  /** Requests to one server at a time; default 1, since C servers lose connections that come at once. */
  readonly maxConnects?: number;
  /** Default `auto`: datagrams for what may be sent again and fits, else TCP. */
  readonly transport?: RaidaTransport;
  /** Default in clear. Commands 44 and 45 are never encrypted. */
  readonly encryption?: RaidaEncryption;
  /** How requests of encryption types 4 and 5 are laid out; default `c-server`. */
  readonly type45Layout?: ModernLayout;
  /** Where the counter of replies of types 1 and 2 begins; default `restart`. `auto` finds out once for each server. */
  readonly replyCounter?: ReplyCounter | "auto";
  /**
   * Whether replies of type 5 can be decrypted: specwire nodes send the whole nonce, C servers do not. Default false,
   * with the layout `natural` true. Where it is false an answer with a payload ends in `undecryptable`.
   */
  readonly readsType5?: boolean;
  /** Where commands 44 and 45 are; default 4. */
  readonly keyExchangeGroup?: number;
  /** When a server whose key could not be healed is tried again. */
  readonly encryptionHealth?: EncryptionHealthOptions;
  /** What one request of a healing may take; default 40,000: a fix waits up to 32 s for its peers. */
  readonly requestTimeoutMs?: Millis;
}

/** `call` names the call that the progress belongs to, `tag` is that of its request. */
export type RaidaClientEvent = (HealProgress | KeyHealProgress) & {
  readonly call: CallId;
  readonly tag: number | undefined;
};

type Out = Effect<RaidaOutcome, RaidaClientEvent>[];

/** An answer is a header, up to 65,535 coins, and a trailer. */
const REPLY_BYTES_MAX = 32 + 5 * 65_535 + 2;

interface Call {
  readonly exchanges: Set<ExchangeHandle>;
  readonly timers: Set<Timer>;
  healing?: HealingRun | KeyHealingRun;
}

/** The deadline of one request of a call. */
interface Timer {
  readonly expire: () => void;
}

/** A client of the 25 servers. */
export class RaidaClient implements Machine<RaidaCall, RaidaOutcome, RaidaClientEvent> {
  readonly #env: Env;
  readonly #requestTimeoutMs: Millis;
  readonly #questions: QuestionOptions;
  readonly #sealer: Sealer;
  readonly #exchanges: Exchanges;
  readonly #health: EncryptionHealth;
  readonly #calls = new Map<CallId, Call>();
  readonly #deadlines = new DeadlineHeap<CallId | Timer>();
  /** Of the step under way. */
  #out: Out = [];
  #nowMs: Millis = 0;
  /** What a step has thrown. */
  #broken: { readonly error: unknown } | undefined;

  /** @throws WireError `argument` for an option that no client can work with */
  constructor(options: RaidaClientOptions, env: Env) {
    checkClientOptions(options);
    const { servers, maxConnects = 1 } = options;
    const {
      coinId = COIN_ID,
      type45Layout: layout = "c-server",
      keyExchangeGroup = CommandGroup.keyExchange,
    } = options;
    const random = (n: number): Uint8Array => env.random(n);
    this.#env = env;
    this.#requestTimeoutMs = options.requestTimeoutMs ?? 40_000;
    this.#health = new EncryptionHealth(options.encryptionHealth);
    const { encryption = { type: "clear" }, replyCounter = "restart" } = options;
    this.#questions = {
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
      probe: (server) => questionOf({ command: "version", server }, this.#questions),
      maxConnects,
      replyBytesMax: REPLY_BYTES_MAX,
      nextLink: countDown(),
    });
  }

  /** An exception is kept for the next step: this one still tells what healings under way have changed. */
  step(event: Event<RaidaCall>, nowMs: Millis, out: Out): void {
    if (this.#broken !== undefined) throw this.#broken.error;
    this.#nowMs = nowMs;
    this.#out = out;
    try {
      this.#take(event, nowMs, out);
    } catch (error) {
      this.#broken = { error };
      for (const id of this.#calls.keys()) this.#giveUp(id, "fault");
    }
  }

  #take(event: Event<RaidaCall>, nowMs: Millis, out: Out): void {
    switch (event.type) {
      case "call":
        return this.#call(event.id, event.request, event.deadlineMs);
      case "cancel":
        return this.#giveUp(event.id, "cancelled");
      case "opened":
        return this.#exchanges.opened(event.link, out);
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

  /** Whatever is asked, and by whom: a request that cannot be sent is refused, and harms no other call. */
  #call(id: CallId, request: RaidaCall, deadlineMs: Millis): void {
    this.#calls.set(id, { exchanges: new Set(), timers: new Set() });
    try {
      if (Number.isNaN(deadlineMs)) refuse("deadlineMs", "a time", "NaN");
      if (deadlineMs !== Infinity) this.#deadlines.set(id, deadlineMs);
      if (typeof request !== "object" || request === null) refuse("", "a request", typeof request);
      const asked = understood(() => copyOf(request));
      if (asked.command === "heal") this.#heal(id, asked);
      else if (asked.command === "healKeys") this.#healKeys(id, asked);
      else this.#send(id, this.#questionOf(asked), (answer) => this.#settle(id, read(asked, answer)));
    } catch (error) {
      if (!isWireError(error)) throw error;
      this.#settle(id, { ok: false, error: error.toJSON() });
    }
  }

  #heal(id: CallId, { coins, tag, ...options }: HealRequest): void {
    const world: HealingWorld = {
      ask: (request, done) => this.#askWithin(id, request, done),
      random: (n) => this.#env.random(n),
      ticketCount: this.#sealer.ticketCount,
      progress: (progress) => this.#out.push({ type: "emit", event: { ...progress, call: id, tag } }),
      finish: (value) => this.#settle(id, { ok: true, value }),
    };
    const healing = understood(() => new HealingRun(coins, world, options));
    this.#calls.get(id)!.healing = healing;
    healing.start();
  }

  #healKeys(id: CallId, { coins, tag, ...how }: HealKeysRequest): void {
    const world: KeyHealingWorld = {
      ask: (request, done) => this.#askWithin(id, request, done),
      prove: (server, coin, done) => {
        const echo = { command: "echo", server } as const;
        const question: PlainRequest = { ...this.#questionOf(echo), encryption: { type: "aes128Coin", coin } };
        this.#sendWithin(id, question, (answer) => done(read(echo, answer)));
      },
      nowMs: () => this.#nowMs,
      progress: (progress) => this.#out.push({ type: "emit", event: { ...progress, call: id, tag } }),
      finish: (value) => this.#settle(id, { ok: true, value }),
    };
    const healing = understood(() => new KeyHealingRun(coins, how, this.#health, world));
    this.#calls.get(id)!.healing = healing;
    healing.start();
  }

  /** A healing that has changed anything settles with what it has: the new numbers must not be lost. */
  #giveUp(id: CallId, code: GivenUp): void {
    const healing = this.#calls.get(id)?.healing?.abandon(issue(code));
    this.#settle(id, healing === undefined ? { ok: false, error: issue(code) } : { ok: true, value: healing });
  }

  #questionOf(request: RaidaRequest): PlainRequest {
    return understood(() => questionOf(request as never, this.#questions));
  }

  /** One request that has a deadline of its own, so that one silent server does not cost the whole call. */
  #askWithin<R extends RaidaRequest>(
    id: CallId,
    request: R,
    done: (reply: Result<RaidaReplies[R["command"]]>) => void,
  ): void {
    this.#sendWithin(id, this.#questionOf(request), (answer) => done(read(request, answer)));
  }

  /** A question of a call. */
  #send(id: CallId, question: PlainRequest, done: Done): ExchangeHandle | undefined {
    const call = this.#calls.get(id);
    if (call === undefined) return undefined;
    const handle = this.#exchanges.start(
      question,
      (answer) => {
        call.exchanges.delete(handle);
        done(answer);
      },
      this.#nowMs,
      this.#out,
    );
    call.exchanges.add(handle);
    return handle;
  }

  #sendWithin(id: CallId, question: PlainRequest, done: Done): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    const timer: Timer = {
      expire: () => {
        call.timers.delete(timer);
        this.#exchanges.abandon(handle!, this.#nowMs, this.#out);
        call.exchanges.delete(handle!);
        done({ ok: false, error: { ...issue("timeout"), path: `server[${question.server}]` } });
      },
    };
    const handle = this.#send(id, question, (answer) => {
      this.#deadlines.delete(timer);
      call.timers.delete(timer);
      done(answer);
    });
    call.timers.add(timer);
    this.#deadlines.set(timer, this.#nowMs + this.#requestTimeoutMs);
  }

  #settle(id: CallId, result: Result<RaidaOutcome>): void {
    const call = this.#calls.get(id);
    if (call === undefined) return;
    this.#calls.delete(id);
    this.#deadlines.delete(id);
    for (const timer of call.timers) this.#deadlines.delete(timer);
    for (const handle of call.exchanges) this.#exchanges.abandon(handle, this.#nowMs, this.#out);
    this.#out.push(
      result.ok ? { type: "settle", id, value: result.value } : { type: "settle", id, error: result.error },
    );
  }
}

/** A request as it is now: its caller may go on to change the lists in it. */
function copyOf<R extends RaidaCall>(request: R): R {
  const lists = Object.entries(request).filter(([, value]) => Array.isArray(value));
  return { ...request, ...Object.fromEntries(lists.map(([name, list]) => [name, [...(list as unknown[])]])) };
}

/**
 * What comes of reading a request, whose values may be of any type.
 * @throws WireError as `reading` does, and `argument` for anything else that it throws
 */
function understood<T>(reading: () => T): T {
  try {
    return reading();
  } catch (cause) {
    if (isWireError(cause)) throw cause;
    const expected = "values of the types that the call takes";
    throw new WireError({ code: "argument", format: "raida", path: "", offset: 0, expected }, { cause });
  }
}

/** What an answer says, if there is one. */
function read<R extends RaidaRequest>(request: R, answer: Result<Answer>): Result<RaidaReplies[R["command"]]> {
  return answer.ok ? (replyOf(request as never, answer.value) as Result<RaidaReplies[R["command"]]>) : answer;
}

function refuse(path: string, expected: string, actual: string): never {
  throw new WireError({ code: "argument", format: "raida", path, offset: 0, expected, actual });
}

/** Why a call ends before its answer. */
type GivenUp = "timeout" | "cancelled" | "fault";

function issue(code: GivenUp): WireIssue {
  return { code, format: "raida", path: "", offset: 0 };
}
