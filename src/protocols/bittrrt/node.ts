/** BittrRt over UDP: a server and a client for Node.js. */
import { lookup } from "node:dns/promises";
import { hostOptions, withoutHostOptions, type HostOptions } from "../../host/host-options.js";
import { run } from "../../host/index.js";
import type { Limits } from "../../limits.js";
import { tracedOptions, type TraceWriter } from "../../machine/index.js";
import { formatAddress, parseAddress, udp } from "../../transport/index.js";
import { hostOf } from "../../address.js";
import {
  BittrrtClient,
  type Acknowledgement,
  type BittrrtCall,
  type BittrrtClientEvent,
  type BittrrtOutcome,
  type Connection,
} from "./client/client-machine.js";
import type { BittrrtClientOptions } from "./client/client-options.js";
import { CLIENT_OPTIONS, SERVER_OPTIONS } from "./machines.js";
import { writeBandwidthRequest } from "./messages.js";
import type { BittrrtServerOptions } from "./server/server-options.js";
import { BittrrtServer, type BittrrtServerEvent } from "./server/server-machine.js";

export type { FrameEvent, PortName } from "./events.js";
export type { Acknowledgement, BittrrtClientEvent, BittrrtServerEvent, Connection };

/** Options of the host that runs a server or a client. */
export interface BittrrtHostOptions extends HostOptions {
  /** Limits of the host and its transport that differ from the default. */
  readonly limits?: Partial<Limits>;
  /** Records the machine under the name `bittrrt-server` or `bittrrt-client`. A trace holds keys: keep it secret. */
  readonly trace?: TraceWriter;
}

/** Options of {@link startBittrrtServer}. */
export interface StartBittrrtServerOptions extends BittrrtServerOptions, BittrrtHostOptions {
  /** "host:port" of the main port; port 0 takes any. Other ports are bound at the same host. Default "127.0.0.1:0". */
  readonly listen?: string;
}

/** A running server. */
export interface RunningBittrrtServer {
  /** "host:port" of the main port. */
  readonly address: string;
  /** Calls `listener` with every event; returns a function that unsubscribes. */
  subscribe(listener: (event: BittrrtServerEvent) => void): () => void;
  /** Closes all sockets. */
  stop(): Promise<void>;
}

/** Starts a server on UDP. @throws WireError `argument` for an invalid option or an address that is taken */
export async function startBittrrtServer(options: StartBittrrtServerOptions): Promise<RunningBittrrtServer> {
  const { listen = "127.0.0.1:0", ...rest } = withoutHostOptions(options);
  const serverOptions: BittrrtServerOptions = { bindHost: hostOf(listen), ...rest };
  const host = run<never, never, BittrrtServerEvent>((env) => new BittrrtServer(serverOptions, env), {
    transport: udp(),
    traceStart: { machine: "bittrrt-server", options: tracedOptions(serverOptions, SERVER_OPTIONS) },
    ...hostOptions("bittrrt-server", options),
  });
  try {
    const address = await host.listen(listen);
    return { address, subscribe: (listener) => host.subscribe(listener), stop: () => host.stop() };
  } catch (error) {
    await host.stop();
    throw error;
  }
}

/** Bounds of a call. */
export interface CallOptions {
  /** Ends the call with the error `cancelled`. */
  readonly signal?: AbortSignal;
  /** Ends the call with the error `timeout`. */
  readonly timeoutMs?: number;
}

/** A running client of one server. Every method but `subscribe` and `stop` rejects with a WireError. */
export interface RunningBittrrtClient {
  /** Shakes hands, and keeps three ports alive by heartbeats from then on. Default timeout 60 s. */
  connect(options?: CallOptions): Promise<Connection>;
  /** Sends a control message until the server acknowledges it. */
  control(payload: Uint8Array, options?: CallOptions): Promise<Acknowledgement>;
  /** Asks for a measurement of bandwidth (`bwup`). The reference acknowledges it and does nothing else. */
  requestBandwidth(seconds: number, options?: CallOptions): Promise<Acknowledgement>;
  /** Ends the session. `connect` begins another. */
  close(): Promise<void>;
  /** Calls `listener` with every event; returns a function that unsubscribes. */
  subscribe(listener: (event: BittrrtClientEvent) => void): () => void;
  stop(): Promise<void>;
}

/** Enough for the 50 connects of an attempt. */
const CONNECT_TIMEOUT_MS = 60_000;

/**
 * Makes a client on UDP. A host name in `server` is resolved once, here.
 * @throws WireError `argument` for an invalid option; an Error for a name that does not resolve
 */
export async function createBittrrtClient(
  options: BittrrtClientOptions & BittrrtHostOptions,
): Promise<RunningBittrrtClient> {
  const rest = withoutHostOptions(options);
  const { host: name, port } = parseAddress(rest.server, "bittrrt", "server");
  const { address, family } = await lookup(name);
  const server = formatAddress({ host: address, port });
  const clientOptions: BittrrtClientOptions = { bindHost: family === 6 ? "[::]" : "0.0.0.0", ...rest, server };
  const host = run<BittrrtCall, BittrrtOutcome, BittrrtClientEvent>((env) => new BittrrtClient(clientOptions, env), {
    transport: udp(),
    traceStart: { machine: "bittrrt-client", options: tracedOptions(clientOptions, CLIENT_OPTIONS) },
    ...hostOptions("bittrrt-client", options),
  });
  const control = (payload: Uint8Array, bounds?: CallOptions): Promise<Acknowledgement> =>
    host.call({ command: "control", payload }, bounds) as Promise<Acknowledgement>;
  return {
    connect: async (bounds) => {
      const { timeoutMs = CONNECT_TIMEOUT_MS } = bounds ?? {};
      return host.call({ command: "connect" }, { ...bounds, timeoutMs }) as Promise<Connection>;
    },
    control,
    requestBandwidth: async (seconds, bounds) => control(writeBandwidthRequest(seconds), bounds),
    close: async () => void (await host.call({ command: "close" })),
    subscribe: (listener) => host.subscribe(listener),
    stop: () => host.stop(),
  };
}
