/** RPC on Node.js: peers with sockets, as servers and as clients. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { formatAddress, parseAddress } from "../../address.js";
import { argumentError, isWireError, WireError } from "../../errors.js";
import { hostOptions, withoutHostOptions, type HostOptions } from "../../host/host-options.js";
import { run, type Host, type LogSink } from "../../host/index.js";
import type { Limits } from "../../limits.js";
import { tracedOptions, type LinkId, type Millis, type TraceWriter } from "../../machine/index.js";
import { combine, tcp, udp, type Transport } from "../../transport/index.js";
import { AnswerCode, Command } from "../../codec/gen/rpc/index.js";
import { answerCodeOf, statusBody } from "./answer-status.js";
import type { RpcCounters } from "./counters.js";
import {
  RpcMachine,
  type RpcCall,
  type RpcEvent,
  type RpcOutcome,
  type RpcPeerOptions,
  type RpcResponse,
} from "./machine.js";
import { PEER_OPTIONS } from "./machines.js";
import type { RpcBody, RpcMessage } from "./message.js";
import { rpcLimits } from "./options.js";
import type { RpcOrigin } from "./request.js";
import type { RpcTarget, RpcVia } from "./target.js";
import { failureCode, ValueHandlers, type RpcValues } from "./values.js";

export * from "./file-server/node.js";
export type { RpcCounters } from "./counters.js";
export type { RpcEvent, RpcLinkInfo, RpcPeerOptions, RpcResponse } from "./machine.js";
export type { RpcBody, RpcMessage, RpcPeerInfo } from "./message.js";
export type { RpcTarget, RpcVia } from "./target.js";
export type { RpcValues } from "./values.js";

/** A request as a handler gets it. */
export interface IncomingRequest {
  /** A value of `Command`, or any other number. */
  readonly command: number;
  /** A value of `Protocol`, or any other number. */
  readonly protocol: number;
  readonly message: RpcMessage;
  /** Where it came from, and who the peer proved to be. Its `link`, if any, is a target: the peer can be asked too. */
  readonly origin: RpcOrigin;
}

/**
 * Answers requests of one command; undefined leaves one without an answer. What it throws is answered by a code:
 * `full` for a WireError `limit`, `refused` for `argument`, else `failed`, which the `log` explains.
 */
export type RequestHandler = (request: IncomingRequest) => RpcBody | undefined | Promise<RpcBody | undefined>;

/** Options that servers and clients share. */
export interface RpcHostOptions extends Omit<RpcPeerOptions, "commands">, HostOptions {
  /** Answers requests, by command. Others are answered as `unsupported`, and PING by an ACK. */
  readonly handlers?: Readonly<Record<number, RequestHandler>>;
  /** Answers STORE and GET from these values. */
  readonly values?: RpcValues;
  /** Default TCP and UDP at one port; `tls(…)` for streams between peers that prove who they are, and any other. */
  readonly transport?: Transport;
  /** Records all events and effects as `rpc`. The trace holds all messages: keep it secret. */
  readonly trace?: TraceWriter;
}

/** Options of {@link startRpcServer}. */
export interface StartRpcServerOptions extends RpcHostOptions {
  /** "host:port"; port 0 takes any. Default "127.0.0.1:0". */
  readonly listen?: string;
}

/** Bounds of a call. */
export interface CallOptions {
  /** Ends the call with the error `cancelled`. */
  readonly signal?: AbortSignal;
  /** Ends the call with the error `timeout`. Default `callTimeoutMs` of the limits, 10 s. */
  readonly timeoutMs?: Millis;
}

/**
 * A running peer. Peers are "host:port" or a {@link RpcTarget}. Every method that asks rejects with a WireError:
 * `timeout`, `cancelled`, `unreachable`, `closed`, `limit`, or `status` with the name of the code that the peer
 * answered.
 */
export interface RunningRpcClient {
  /** Asks a peer. */
  request(peer: string | RpcTarget, body: RpcBody, options?: CallOptions): Promise<RpcResponse>;
  /** PING: the id of the peer, and the time until its answer. */
  ping(peer: string | RpcTarget, options?: CallOptions): Promise<Pong>;
  /** STORE: true where the value was not there before. */
  store(peer: string | RpcTarget, key: Uint8Array, value: Uint8Array, options?: CallOptions): Promise<boolean>;
  /** GET: the value, undefined for an unknown key. */
  get(peer: string | RpcTarget, key: Uint8Array, options?: CallOptions): Promise<Uint8Array | undefined>;
  /** Sends a message that nobody answers by RequestID. */
  send(peer: string | RpcTarget, body: RpcBody): Promise<void>;
  /** Closes a link of an event or a request. */
  shut(link: LinkId): Promise<void>;
  /** A copy of the counters. */
  counters(): Promise<RpcCounters>;
  /** Calls `listener` with every event; returns a function that unsubscribes. */
  subscribe(listener: (event: RpcEvent) => void): () => void;
  /** Links that are open or being opened. */
  readonly openLinks: number;
  /** Finishes what is in progress, each step for `lingerTimeoutMs` (2 s) at most, and closes all sockets. */
  stop(): Promise<void>;
}

/** A running server, which can ask its peers too. */
export interface RunningRpcServer extends RunningRpcClient {
  /** "host:port" at which it listens. */
  readonly address: string;
}

/** The answer to a PING. */
export interface Pong {
  /** 20 bytes; empty for a peer without an id. */
  readonly id: Uint8Array;
  readonly peer: string;
  /** Undefined where the PING was sent more than once. */
  readonly rttMs: Millis | undefined;
}

/** Longest time of a timer, 24 days; a longer one would end at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** Starts a server on TCP and UDP. @throws WireError `argument` for an invalid option or an address that is taken */
export async function startRpcServer(options: StartRpcServerOptions = {}): Promise<RunningRpcServer> {
  const { listen = "127.0.0.1:0", ...rest } = options;
  const host = hostOf(rest);
  try {
    const address = await host.listen(listen);
    if (rest.address === undefined) await host.call({ type: "setAddress", address });
    return Object.assign(clientOf(host, rest), { address });
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** Makes a client. Links are pooled by peer and open when they are needed. @throws WireError `argument` */
export function createRpcClient(options: RpcHostOptions = {}): RunningRpcClient {
  return clientOf(hostOf(options), options);
}

type RpcHost = Host<RpcCall, RpcOutcome, RpcEvent>;

function hostOf(options: RpcHostOptions): RpcHost {
  const { handlers, values, transport, ...rest } = withoutHostOptions(options);
  const byCommand = new Map<number, RequestHandler>();
  if (values !== undefined) {
    for (const name of ["has", "get", "put"] as const) requireFunction(`values.${name}`, values[name]);
    const kept = new ValueHandlers(values);
    byCommand.set(Command.STORE, ({ message }) => kept.store(message));
    byCommand.set(Command.GET, ({ message }) => kept.get(message));
  }
  for (const [command, handler] of Object.entries(handlers ?? {})) {
    const path = `handlers.${command}`;
    // A name such as PING would never be asked for.
    if (!Number.isInteger(Number(command))) throw argumentError("rpc", path, "the number of a command, see Command");
    requireFunction(path, handler);
    byCommand.set(Number(command), handler);
  }
  const peerOptions: RpcPeerOptions = { ...rest, commands: [...byCommand.keys()] };
  const host = run<RpcCall, RpcOutcome, RpcEvent>((env) => new RpcMachine(peerOptions, env), {
    transport: transport ?? combine({ streams: tcp(), datagrams: udp() }),
    traceStart: { machine: "rpc-peer", options: tracedOptions(peerOptions, PEER_OPTIONS) },
    limits: hostLimits(peerOptions),
    ...hostOptions("rpc", options),
  });
  host.subscribe((event) => {
    if (event.type === "request") answer(host, event, byCommand.get(event.command)!, options.log);
  });
  return host;
}

/** @throws WireError `argument` */
function requireFunction(path: string, value: unknown): void {
  if (typeof value !== "function") throw argumentError("rpc", path, "a function", typeof value);
}

/** Calls of the host: those of the user, and an answer for each request in progress. */
function hostLimits({ limits, requestsMax = 4_096 }: RpcPeerOptions): Partial<Limits> {
  const all = rpcLimits(limits);
  return { ...all, callsMax: all.callsMax + requestsMax };
}

/** Answers a request; at once where the handler does, since a promise for each would cost more than the answer. */
function answer(
  host: RpcHost,
  { request, command, protocol, message, origin }: Extract<RpcEvent, { readonly type: "request" }>,
  handler: RequestHandler,
  log: LogSink | undefined,
): void {
  const report = (error: unknown): void =>
    log?.({ level: "warn", message: "a handler failed", fields: { command, error: String(error) } });
  const reply = (body: RpcBody | undefined): void => {
    host.start({ type: "reply", request, ...(body !== undefined && { body }) }, Infinity, (outcome) => {
      // A reply that cannot be sent any more is nobody's error: the peer has left or given up.
      if (!outcome.ok && !LEFT.has(outcome.error.code)) report(new WireError(outcome.error));
    });
  };
  const fail = (error: unknown): void => {
    const code = failureCode(error);
    // The peer is not told what went wrong.
    if (code === AnswerCode.failed) report(error);
    reply(statusBody(code));
  };
  try {
    const body = handler({ command, protocol, message, origin });
    if (isPromise(body)) Promise.resolve(body).then(reply).catch(fail);
    else reply(body);
  } catch (error) {
    fail(error);
  }
}

/** Issues of replies for which nobody waits. */
const LEFT: ReadonlySet<string> = new Set(["closed", "cancelled", "timeout", "fault"]);

/** Whether a handler answers later; its promise may be of any library. */
function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | undefined)?.then === "function";
}

function clientOf(host: RpcHost, { via = "stream", limits }: RpcHostOptions): RunningRpcClient {
  const { lingerTimeoutMs, callTimeoutMs } = rpcLimits(limits);
  const request: RunningRpcClient["request"] = (peer, body, bounds) => {
    const call = (target: RpcTarget, callBounds = bounds): Promise<RpcResponse> =>
      host.call({ type: "request", target, body }, callBounds) as Promise<RpcResponse>;
    const target = targetOf(peer, via);
    if (!(target instanceof Promise)) return call(target);
    const beganMs = performance.now();
    const timeoutMs = bounds?.timeoutMs ?? callTimeoutMs;
    // What the lookup takes is taken from the time of the call; the host refuses what is no time.
    return withinBounds(target, { ...bounds, timeoutMs }).then((found) => {
      const leftMs = timeoutMs >= 0 ? Math.max(0, timeoutMs - (performance.now() - beganMs)) : timeoutMs;
      return call(found, { ...bounds, timeoutMs: leftMs });
    });
  };
  return {
    request,
    async ping(peer, bounds) {
      const { message, peer: from, rttMs } = await request(peer, { command: Command.PING }, bounds);
      return { id: message.key, peer: from, rttMs };
    },
    async store(peer, key, value, bounds) {
      const { message } = await request(peer, { command: Command.STORE, key, value }, bounds);
      return answerCodeOf(message) !== AnswerCode.already;
    },
    async get(peer, key, bounds) {
      try {
        return (await request(peer, { command: Command.GET, key }, bounds)).message.value;
      } catch (error) {
        if (isWireError(error) && error.code === "status" && error.actual === "notFound") return undefined;
        throw error;
      }
    },
    async send(peer, body) {
      const target = targetOf(peer, via);
      const found = target instanceof Promise ? await withinBounds(target, { timeoutMs: callTimeoutMs }) : target;
      await host.call({ type: "send", target: found, body });
    },
    async shut(link) {
      await host.call({ type: "shut", link });
    },
    counters: async () => (await host.call({ type: "count" })) as RpcCounters,
    subscribe: (listener) => host.subscribe(listener),
    get openLinks() {
      return host.openLinks;
    },
    async stop() {
      // A host that stops takes no calls, and the answers of handlers are calls.
      await host.call({ type: "drain" }, { timeoutMs: lingerTimeoutMs }).catch(() => {});
      await host.stop();
    },
  };
}

/** The target that a caller names. A host name of datagrams is resolved: their answers come from an address. */
function targetOf(peer: string | RpcTarget, defaultVia: RpcVia): RpcTarget | Promise<RpcTarget> {
  const target: RpcTarget = typeof peer === "string" ? { peer } : peer;
  // What is no target at all is refused by the machine.
  if (typeof target !== "object" || target === null || "link" in target) return target;
  return (target.via ?? defaultVia) === "stream" ? target : resolved(target);
}

async function resolved(target: Extract<RpcTarget, { readonly peer: string }>): Promise<RpcTarget> {
  const { host: name, port } = parseAddress(target.peer, "rpc", "peer");
  if (isIP(name) !== 0) return target;
  try {
    const { address } = await lookup(name);
    return { ...target, peer: formatAddress({ host: address, port }) };
  } catch (cause) {
    throw new WireError({ code: "unreachable", format: "rpc", path: "peer", actual: codeOf(cause) }, { cause });
  }
}

function codeOf(cause: unknown): string {
  return String((cause as NodeJS.ErrnoException).code ?? cause);
}

/** What comes before a call, within its bounds: it may not end by itself. @throws WireError `timeout`, `cancelled` */
async function withinBounds<T>(action: Promise<T>, { signal, timeoutMs }: CallOptions): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let abort = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    abort = () => {
      const issue = { code: "cancelled", format: "rpc", path: "" } as const;
      reject(new WireError(issue, { cause: signal?.reason as unknown }));
    };
    signal?.addEventListener("abort", abort);
    if (signal?.aborted === true) abort();
    const expire = (): void => reject(new WireError({ code: "timeout", format: "rpc", path: "" }));
    if (timeoutMs !== undefined && timeoutMs <= TIMER_MS_MAX) timer = setTimeout(expire, timeoutMs);
  });
  try {
    return await Promise.race([action, ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
