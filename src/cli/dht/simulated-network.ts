/** Cores of the DHT on a network of messages, without links and frames, on virtual time. Tests play on it too. */
import { concatBytes, equalBytes, own } from "../../bytes/index.js";
import { Command } from "../../codec/gen/rpc/index.js";
import type { Result, WireIssue } from "../../errors.js";
import { closestIds, ID_BYTES } from "../../kernel/index.js";
import type { Env, Event, Millis } from "../../machine/index.js";
import {
  DhtCore,
  type DhtCall,
  type DhtDone,
  type DhtEffect,
  type DhtOptions,
  type DhtOutcome,
} from "../../protocols/dht/index.js";
import type { RpcBody, RpcMessage, RpcPeerInfo } from "../../protocols/rpc/index.js";
import {
  MessageNetwork,
  NO_FAULTS,
  NO_MESSAGE_FAULTS,
  Random,
  VirtualDisk,
  type MessageFaults,
} from "../../testing/index.js";

/** What passes between two cores. */
interface Message {
  readonly op: number;
  readonly isAnswer: boolean;
  /** Whether it is too long for a datagram, or has to travel on a stream. */
  readonly isStream: boolean;
  readonly message: RpcMessage;
}

/** How a call has ended. */
export interface Called {
  outcome: { readonly value: DhtOutcome } | { readonly error: WireIssue } | undefined;
}

/** An answer that is no honest one. */
export interface Lied {
  /** Default: the answer that the rules give. */
  readonly body?: RpcBody;
  /** Who it says that it is; default the server itself. */
  readonly id?: Uint8Array;
  readonly delayMs?: Millis;
  /** Says it to the request before as well. */
  readonly isRepeated?: boolean;
}

/** What a server does instead of the rules: undefined for the answer that the rules give, `silent` for none. */
export type Lie = (request: RpcMessage, network: DhtNetwork, host: DhtHost) => Lied | "silent" | undefined;

/** Looks on while a network runs; throws for what may not be. */
export interface Watch {
  stepped(host: DhtHost): void;
  asked(host: DhtHost, body: RpcBody): void;
  replied(host: DhtHost, request: RpcMessage, body: RpcBody): void;
}

/** One server of the network. */
export interface DhtHost {
  readonly id: Uint8Array;
  readonly address: string;
  core: DhtCore;
  readonly events: Extract<DhtEffect, { type: "emit" }>["event"][];
  /** Keeps its values when the server crashes. */
  readonly disk: VirtualDisk;
  isUp: boolean;
  lie: Lie | undefined;
  /** Behind a NAT: requests do not reach it. */
  isHidden: boolean;
  /** The ids under which each address has answered a request of this life, if the network keeps them. */
  readonly proven: Map<string, Uint8Array[]>;
  /** From its start to its crash. */
  life: Life;
}

/** One life of a server. */
interface Life {
  isOver: boolean;
  /** When its core is woken next. */
  wakeMs: Millis;
  cancelWake: () => void;
}

/** A request without an answer. */
interface Waiting {
  readonly peer: string;
  readonly done: DhtDone;
  /** Cancels its next resend or its end. */
  cancel: () => void;
  readonly sentMs: Millis;
}

/** When an endpoint sends a request again that was not answered. */
const RESENDS_MS = [500, 1_000];

const NO_BYTES = new Uint8Array(0);

/** Servers by address, all of the same options. */
export class DhtNetwork {
  readonly messages: MessageNetwork<Message>;
  readonly hosts: DhtHost[] = [];
  watch: Watch | undefined;
  /** Whether servers keep what they tell and who has proven an id to them: ten thousand fill the memory with that. */
  keepsEvents = true;
  readonly #options: Omit<DhtOptions, "id">;
  readonly #random: Random;
  readonly #calls = new Map<string, Called>();
  #nextCall = 0;
  #nextOp = 0;

  constructor(run: number, options: Omit<DhtOptions, "id"> = {}, faults: MessageFaults = NO_MESSAGE_FAULTS) {
    this.messages = new MessageNetwork({ run, faults });
    this.#options = options;
    this.#random = new Random(run, "dht");
  }

  get nowMs(): Millis {
    return this.messages.nowMs;
  }

  /** Starts a server at an address of a network of its own. */
  add(bootstrap: readonly string[] = [], id = this.#random.bytes(ID_BYTES)): DhtHost {
    const number = this.hosts.length;
    const address = `20.${number >> 8}.${number & 255}.1:7100`;
    const disk = new VirtualDisk(this.messages.clock, new Random(this.#random.between(0, 2 ** 31), "disk"), NO_FAULTS);
    const host: DhtHost = {
      id,
      address,
      core: undefined as never,
      events: [],
      disk,
      isUp: false,
      lie: undefined,
      isHidden: false,
      proven: new Map(),
      life: newLife(),
    };
    this.hosts.push(host);
    this.start(host, bootstrap);
    return host;
  }

  /** Starts a server again, without what it knew. */
  start(host: DhtHost, bootstrap: readonly string[]): void {
    const { address, id } = host;
    const self: RpcPeerInfo = { address, id, time: 0n };
    const random = new Random(this.#random.between(0, 2 ** 31), address);
    const env: Env = { random: (n) => random.bytes(n), unixNs: () => BigInt(Math.round(this.nowMs * 1e6)) };
    const waiting = new Map<number, Waiting>();
    const life = newLife();
    /** The latest request of each address to a server that lies. */
    const before = new Map<string, number>();
    host.life = life;
    host.isUp = true;
    host.proven.clear();
    const answer = (to: string, op: number, body: RpcBody, as = id): void =>
      this.messages.send(address, to, {
        op,
        isAnswer: true,
        isStream: false,
        message: messageOf(body, as === id ? self : { ...self, id: as }),
      });
    host.core = new DhtCore(
      { ...this.#options, id, bootstrap },
      {
        address,
        isLasting: true,
        ask: (peer, body, { deadlineMs, via, done }) => {
          const isStream = via === "stream" || (body.value?.length ?? 0) > 1_000;
          const op = ++this.#nextOp;
          const request: Waiting = { peer, done, cancel: () => {}, sentMs: this.nowMs };
          waiting.set(op, request);
          this.watch?.asked(host, body);
          const message = { op, isAnswer: false, isStream, message: messageOf(body, self) };
          const send = (attempt: number): void => {
            this.messages.send(address, peer, message);
            // As an endpoint does with datagrams; a stream sends what was lost again by itself.
            const resendMs = request.sentMs + (RESENDS_MS[attempt] ?? Infinity);
            const [nextMs, next] = resendMs < deadlineMs ? [resendMs, () => send(attempt + 1)] : [deadlineMs, giveUp];
            request.cancel = this.messages.after(Math.max(0, nextMs - this.nowMs), () => {
              if (!life.isOver) next();
            });
          };
          const giveUp = (): void => {
            waiting.delete(op);
            const error: WireIssue = { code: "timeout", format: "rpc", path: "" };
            this.#run(host, (effects) => done({ ok: false, error }, this.nowMs, effects));
          };
          send(0);
        },
        reply: ({ id: op, origin, message }, body) => {
          if (host.lie === undefined) this.watch?.replied(host, message, body);
          answer(origin.peer, op, body);
          return undefined;
        },
      },
      env,
    );
    this.messages.add(address, ({ op, isAnswer, isStream, message }, from) => {
      if (life.isOver) return;
      if (!isAnswer) {
        if (host.isHidden) return;
        const lie = host.lie?.(message, this, host);
        if (lie === "silent") return;
        if (lie?.isRepeated === true) {
          const body = { command: Command.ACK, key: host.id };
          answer(from, before.get(from) ?? op, body);
          before.set(from, op);
        }
        if (lie !== undefined && lie.isRepeated !== true) {
          const { body = { command: Command.ACK, key: id }, id: as = id, delayMs = 0 } = lie;
          return void this.messages.after(delayMs, () => answer(from, op, body, as));
        }
        const link = isStream ? 1 : undefined;
        const origin = { peer: from, link, identity: undefined, local: undefined, sizeBytes: 0 };
        const command = message.meta?.command ?? 0;
        return this.#run(host, (out) => host.core.asked({ id: op, command, message, origin }, this.nowMs, out));
      }
      const request = waiting.get(op);
      if (request?.peer !== from) return;
      waiting.delete(op);
      if (this.keepsEvents) noteProven(host, from, message.sender?.id);
      request.cancel();
      const rttMs = this.nowMs - request.sentMs;
      this.#run(host, (out) => request.done({ ok: true, value: { message, rttMs } }, this.nowMs, out));
    });
    this.#arm(host);
  }

  /** Takes a server away, as a crash does. */
  crash(host: DhtHost): void {
    host.isUp = false;
    host.life.isOver = true;
    host.life.cancelWake();
    this.messages.remove(host.address);
    host.disk.crash();
  }

  /** Calls a server. */
  call(host: DhtHost, request: DhtCall, timeoutMs: Millis = 60_000): Called {
    const id = ++this.#nextCall;
    const called: Called = { outcome: undefined };
    this.#calls.set(`${host.address} ${id}`, called);
    this.#step(host, { type: "call", id, request, deadlineMs: this.nowMs + timeoutMs });
    return called;
  }

  /** Lets a call end, and returns its value. */
  async ended<T extends DhtOutcome["type"]>(called: Called, type: T): Promise<Extract<DhtOutcome, { type: T }>> {
    this.messages.runUntil(() => called.outcome !== undefined, 120_000);
    const outcome = called.outcome!;
    if ("error" in outcome) throw new Error(`the call failed: ${outcome.error.code}`);
    if (outcome.value.type !== type) throw new Error(`a ${outcome.value.type} instead of a ${type}`);
    return outcome.value as Extract<DhtOutcome, { type: T }>;
  }

  /** The hosts nearest to an id that are up, by looking at all. */
  nearest(target: Uint8Array, count: number): DhtHost[] {
    const hosts = this.hosts.filter(({ isUp, isHidden }) => isUp && !isHidden);
    const ids = concatBytes(...hosts.map(({ id }) => id));
    return Array.from(closestIds(ids, target, count), (place) => hosts[place]!);
  }

  #step(host: DhtHost, event: Event<DhtCall>): void {
    this.#run(host, (out) => host.core.step(event, this.nowMs, out));
  }

  /** Carries out what a step of a core has caused, and sets its timer. */
  #run(host: DhtHost, step: (out: DhtEffect[]) => void): void {
    const out: DhtEffect[] = [];
    step(out);
    for (const effect of out) {
      if (effect.type === "emit" && this.keepsEvents) host.events.push(effect.event);
      if (effect.type === "load" || effect.type === "store" || effect.type === "list") this.#onDisk(host, effect);
      if (effect.type !== "settle") continue;
      const called = this.#calls.get(`${host.address} ${effect.id}`)!;
      if (called.outcome !== undefined) throw new Error(`call ${effect.id} settled twice`);
      called.outcome = "error" in effect ? { error: effect.error } : { value: effect.value };
    }
    this.watch?.stepped(host);
    this.#arm(host);
  }

  /** Carries out an operation on the disk of a server, and tells it the end unless it has crashed meanwhile. */
  #onDisk(host: DhtHost, effect: Extract<DhtEffect, { type: "load" | "store" | "list" }>): void {
    const { core } = host;
    const { op } = effect;
    const tell = <T>(outcome: Result<T>, event: (value: T) => Event<DhtCall>): void => {
      if (!host.isUp || host.core !== core) return;
      this.#step(host, outcome.ok ? event(outcome.value) : { type: "failed", op, error: outcome.error });
    };
    if (effect.type === "load")
      host.disk.load(effect, (outcome) => tell(outcome, (value) => ({ type: "loaded", op, ...value })));
    else if (effect.type === "list")
      host.disk.list(effect.prefix, (outcome) => tell(outcome, (keys) => ({ type: "listed", op, keys })));
    else host.disk.store(effect.writes, (outcome) => tell(outcome, () => ({ type: "stored", op })));
  }

  /** Sets the timer of a core, unless it comes early enough: deadlines move away with every answer. */
  #arm(host: DhtHost): void {
    const { core, life } = host;
    const wakeMs = Math.max(core.nextMs, this.nowMs);
    if (life.wakeMs <= wakeMs) return;
    life.cancelWake();
    life.wakeMs = wakeMs;
    life.cancelWake = this.messages.after(wakeMs - this.nowMs, () => {
      life.wakeMs = Infinity;
      if (core.nextMs <= this.nowMs) this.#step(host, { type: "wake" });
      else this.#arm(host);
    });
  }
}

function newLife(): Life {
  return { isOver: false, wakeMs: Infinity, cancelWake: () => {} };
}

function noteProven({ proven }: DhtHost, address: string, id: Uint8Array | undefined): void {
  if (id === undefined) return;
  const ids = proven.get(address);
  if (ids === undefined) proven.set(address, [id]);
  else if (!ids.some((other) => equalBytes(other, id))) ids.push(id);
}

/**
 * A message as the endpoint of RPC would have read it. Payload and value are copies; ids and keys do not change, and
 * ten thousand tables of copies would not fit into memory.
 */
function messageOf({ command, payload, key, value, nodes = [] }: RpcBody, sender: RpcPeerInfo): RpcMessage {
  return {
    meta: { command: command as never, protocol: 1 as never },
    sender: sender as RpcMessage["sender"],
    payload: payload === undefined ? NO_BYTES : own(payload),
    key: key ?? NO_BYTES,
    value: value === undefined ? NO_BYTES : own(value),
    nodes: nodes as RpcMessage["nodes"],
    requestID: "",
    traceID: "",
  };
}
