/** The DHT on Node.js: servers on TCP and UDP, with a disk and a clock. */
import { addressScope, parseAddress } from "../../address.js";
import type { ChunkPlace } from "../../codec/gen/dht/index.js";
import { hostOptions, withoutHostOptions, type HostOptions } from "../../host/host-options.js";
import { run, type Host } from "../../host/index.js";
import { tracedOptions, type Disk, type Millis, type TraceWriter } from "../../machine/index.js";
import { memoryDisk } from "../../storage/index.js";
import { combine, tcp, udp, type Transport } from "../../transport/index.js";
import type { DhtCall, DhtEvent, DhtOutcome, DhtServerInfo, DhtStats } from "./core/types.js";
import { DhtMachine, type DhtServerOptions } from "./machine.js";
import { SERVER_OPTIONS } from "./machines.js";
import { resolveAddress, resolveAddresses } from "./resolve/node.js";

export type { DhtEvent, DhtServerInfo, DhtStats } from "./core/types.js";
export type { DhtServerOptions } from "./machine.js";

/** Options of {@link startDhtServer}. On loopback the rate of requests is not limited by default. */
export interface StartDhtServerOptions extends DhtServerOptions, HostOptions {
  /** "host:port" of TCP and UDP; port 0 takes any. Default "127.0.0.1:0". */
  readonly listen?: string;
  /** Keeps the id, the contacts and the values. Default: memory. */
  readonly disk?: Disk;
  /** Default TCP and UDP at one port. */
  readonly transport?: Transport;
  /** Records all events and effects as `dht`. */
  readonly trace?: TraceWriter;
}

/** Bounds of a call. */
export interface DhtCallOptions {
  /** Ends the call with the error `cancelled`. */
  readonly signal?: AbortSignal;
  /** Ends the call with the error `timeout`. Default 30 s. */
  readonly timeoutMs?: Millis;
}

/** How a value is stored. */
export interface StoreOptions extends DhtCallOptions {
  /** 20 bytes. Default: SHA-1 of the value, which then proves itself; or the key of the chunk. */
  readonly key?: Uint8Array;
  /** Of which file the value is a chunk. */
  readonly chunk?: ChunkPlace;
  /** Time to live; default 86,400. While the publisher runs, it stores the value again every 22 hours. */
  readonly ttlSeconds?: number;
  /** Servers that have to store it; with fewer the call fails. Default half of those that could. */
  readonly copiesMin?: number;
}

/** What is wanted of a value. */
export interface FindValueOptions extends DhtCallOptions {
  /** SHA-256 of the value. Others under the key are not wanted. */
  readonly sha256?: Uint8Array;
  /** Bytes of that value, where they are known: a long one is then asked for once, of a server that has it. */
  readonly sizeBytes?: number;
  /** Refuses a value that neither its key nor `sha256` proves, with `unproven`. Default false. */
  readonly requireProof?: boolean;
  /** Servers that have to have the same value, for keys that prove nothing; with fewer `unproven`. Default 1. */
  readonly quorum?: number;
}

type ValueFound = Extract<DhtOutcome, { readonly type: "value" }>;
type Stored = Extract<DhtOutcome, { readonly type: "stored" }>;
type Found = Extract<DhtOutcome, { readonly type: "found" }>;
type Contacts = Extract<DhtOutcome, { readonly type: "contacts" }>;

/** A running server. Methods reject with a WireError: `timeout`, `cancelled`, `missing`, `unreachable`, `argument` … */
export interface RunningDhtServer {
  /** 20 bytes. */
  readonly id: Uint8Array;
  /** "host:port" at which it listens. */
  readonly address: string;
  /** Settles when the server has joined; rejects at its deadline, and the server goes on trying. */
  join(options?: DhtCallOptions): Promise<{ readonly contacts: number }>;
  /** The id of a server, and the time until its answer. */
  ping(address: string, options?: DhtCallOptions): Promise<{ readonly id: Uint8Array; readonly rttMs: Millis }>;
  /** The servers nearest to an id, nearest first; oneself may be among them. `unreachable` where nobody answers. */
  findNode(target: Uint8Array, options?: DhtCallOptions): Promise<readonly DhtServerInfo[]>;
  /** The same with what it cost. */
  search(target: Uint8Array, options?: DhtCallOptions): Promise<Omit<Found, "type">>;
  /** A value with what is said of it; `missing` where nobody has it, `unreachable` where nobody answers. */
  findValue(key: Uint8Array, options?: FindValueOptions): Promise<Omit<ValueFound, "type">>;
  /** Stores a value at the servers nearest to its key, and here. */
  store(value: Uint8Array, options?: StoreOptions): Promise<Omit<Stored, "type">>;
  /** The contacts by bucket. */
  contacts(): Promise<Contacts["buckets"]>;
  stats(): Promise<DhtStats>;
  /** Calls `listener` with every event; returns a function that unsubscribes. */
  subscribe(listener: (event: DhtEvent) => void): () => void;
  /** Finishes what is in progress and closes all sockets. */
  stop(): Promise<void>;
}

const CALL_TIMEOUT_MS = 30_000;
/** More than a machine can ask of itself. */
const LOOPBACK_REQUESTS_PER_SECOND = 1_000_000;

/**
 * Starts a server, which begins to join. Contacts on this machine or in a private network are taken where its own
 * address is one of them. @throws WireError `argument` for an invalid option or an address that is taken
 */
export async function startDhtServer(options: StartDhtServerOptions = {}): Promise<RunningDhtServer> {
  const { listen = "127.0.0.1:0", disk = memoryDisk(), transport, ...rest } = withoutHostOptions(options);
  const scope = addressScope(parseAddress(rest.address ?? listen, "dht", "listen").host);
  const serverOptions: DhtServerOptions = {
    ...rest,
    allowLoopback: rest.allowLoopback ?? scope === "loopback",
    allowPrivate: rest.allowPrivate ?? (scope === "loopback" || scope === "private"),
    // All servers of one machine have the same address.
    ...(scope === "loopback" && { requestsPerSecond: rest.requestsPerSecond ?? LOOPBACK_REQUESTS_PER_SECOND }),
    bootstrap: await resolveAddresses(rest.bootstrap ?? []),
  };
  const host: Host<DhtCall, DhtOutcome, DhtEvent> = run((env) => new DhtMachine(serverOptions, env), {
    transport: transport ?? combine({ streams: tcp(), datagrams: udp() }),
    disk,
    traceStart: { machine: "dht-server", options: tracedOptions(serverOptions, SERVER_OPTIONS) },
    ...hostOptions("dht", options),
  });
  try {
    const address = await host.listen(listen);
    const named = await host.call({ type: "setAddress", address: rest.address ?? address });
    const { id } = named as Extract<DhtOutcome, { readonly type: "addressSet" }>;
    // It is told by the event `joined`; who wants to wait calls `join`.
    host.start({ type: "join" }, Infinity, () => {});
    return runningServer(host, id, address);
  } catch (error) {
    await host.stop();
    throw error;
  }
}

function runningServer(host: Host<DhtCall, DhtOutcome, DhtEvent>, id: Uint8Array, address: string): RunningDhtServer {
  const call = async <T extends DhtOutcome["type"]>(
    _type: T,
    request: DhtCall,
    { signal, timeoutMs = CALL_TIMEOUT_MS }: DhtCallOptions = {},
  ): Promise<Extract<DhtOutcome, { readonly type: T }>> => {
    const value = await host.call(request, { timeoutMs, ...(signal && { signal }) });
    return value as Extract<DhtOutcome, { readonly type: T }>;
  };
  return {
    id,
    address,
    join: (options) => call("joined", { type: "join" }, options),
    ping: async (peer, options) => call("pinged", { type: "ping", address: await resolveAddress(peer) }, options),
    findNode: async (target, options) => (await call("found", { type: "findNode", target }, options)).servers,
    search: (target, options) => call("found", { type: "findNode", target }, options),
    findValue: (key, options = {}) => call("value", { type: "findValue", key, ...withoutBounds(options) }, options),
    store: (value, options = {}) => call("stored", { type: "store", value, ...withoutBounds(options) }, options),
    contacts: async () => (await call("contacts", { type: "contacts" })).buckets,
    stats: async () => (await call("stats", { type: "stats" })).stats,
    subscribe: (listener) => host.subscribe(listener),
    stop: () => host.stop(),
  };
}

function withoutBounds<T extends DhtCallOptions>({ signal: _signal, timeoutMs: _timeoutMs, ...rest }: T) {
  return rest;
}
