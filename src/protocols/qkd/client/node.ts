/** QKD for Node.js: a client of KMEs over mutual TLS. */
import { argumentError, isWireError, WireError, type Result, type WireIssue } from "../../../errors.js";
import type { ExpectedServer } from "../../../identity.js";
import { hostOptions, withoutHostOptions, type HostOptions } from "../../../host/host-options.js";
import { run, type Host } from "../../../host/index.js";
import type { Limits } from "../../../limits.js";
import { DeadlineHeap, tracedOptions, type TraceWriter } from "../../../machine/index.js";
import {
  http,
  httpByOrigin,
  type HttpTransport,
  type Pem,
  type TlsCredentials,
  type TlsVersion,
} from "../../../transport/index.js";
import { qkdIssue, QkdError, type QkdIssue } from "../errors.js";
import { QkdKey, type QkdKeyState } from "../key.js";
import { CLIENT_OPTIONS } from "../machines.js";
import type { KmeStatus } from "../reply/index.js";
import type { DeliveredKeys, KeyOrigin, QkdCall, QkdValue } from "./calls.js";
import { QkdClientMachine } from "./client-machine.js";
import type { QkdMetric } from "./metrics.js";
import { settingsOf, type QkdClientOptions } from "./options.js";

/** How a client and a KME know each other. */
export interface QkdTls {
  /** Authorities that may certify the KME, as PEM. Default: those of Node.js. */
  readonly ca?: Pem | readonly Pem[];
  /** The certificate of the SAE, as PEM. */
  readonly cert?: Pem;
  /** Its private key, as PEM. */
  readonly key?: Pem;
  /** Decrypts the key. */
  readonly passphrase?: string;
  /** Default TLSv1.2. */
  readonly minVersion?: TlsVersion;
  /** The name of the KME, where it is not the host of its URL. */
  readonly serverName?: string;
  /**
   * What the KME is known by: its name among the alternative names of its certificate; `cn`, for a certificate without
   * these; or the SHA-256 of the certificate, in hex. Default `hostname`.
   */
  readonly serverIdentity?: "hostname" | { readonly cn: string } | { readonly sha256Fingerprint: string };
  /** `none` for a KME that asks for no certificate. Without it a client needs one. */
  readonly clientCertificate?: "none";
}

/** Bounds of connections to a KME. */
export interface QkdPoolOptions {
  /** Idle connections that are kept. Default 5. */
  readonly poolConnections?: number;
  /** Connections at a time. Default 10. */
  readonly poolMaxSize?: number;
  /** False closes each connection after its answer. Default true. */
  readonly keepAlive?: boolean;
}

/** Connections under one identity, for any number of clients. */
export interface QkdPool {
  /** Replaces the credentials for connections that open from now on. @throws WireError `argument`, nothing has changed */
  reloadCredentials(tls: QkdTls): void;
}

/** A KME, and how it is known. */
export interface QkdNodeEndpoint {
  /** `https://host:port`, with the path that stands before `/api/v1` if there is one. */
  readonly url: string;
  /** Its KME ID, to be named by. Default: as it says itself. */
  readonly kmeId?: string;
  /** Default: the `tls` of the client. */
  readonly tls?: QkdTls;
}

/** Options of {@link createQkdClient}. */
export interface CreateQkdClientOptions extends Omit<QkdClientOptions, "endpoints">, QkdPoolOptions, HostOptions {
  /** The KMEs that serve the SAE, the first to be asked first. */
  readonly endpoints: readonly QkdNodeEndpoint[];
  /** How the client and its KMEs know each other. */
  readonly tls?: QkdTls;
  /** Connections that are shared with other clients, instead of `tls`. Closing the client leaves them open. */
  readonly pool?: QkdPool;
  /** Time of a call, all attempts and KMEs together. Default 50,000. */
  readonly totalTimeoutMs?: number;
  /** Takes measurements. Must not throw. */
  readonly metrics?: (metric: QkdMetric) => void;
  /** Limits of the host that differ from the default. */
  readonly limits?: Partial<Limits>;
  /** Records the machine under the name `qkd-client`. A trace holds keys: keep it secret. */
  readonly trace?: TraceWriter;
}

/** Bounds of one call. */
export interface QkdCallOptions {
  /** Ends the call with ABORTED. */
  readonly signal?: AbortSignal;
  /** Default `totalTimeoutMs` of the client. */
  readonly timeoutMs?: number;
}

/** Keys, and where they come from: the pair, and the KMEs at both ends. */
export interface QkdKeys extends KeyOrigin {
  readonly keys: readonly QkdKey[];
}

/** A client of the KMEs of one SAE. Every method but `close` rejects with a {@link QkdError}. */
export interface QkdClient {
  /** What a KME has and allows for a peer. */
  status(
    peerSaeId: string,
    options?: QkdCallOptions & { readonly kme?: string },
  ): Promise<KmeStatus & { readonly kmeUrl: string; readonly kmeId: string }>;
  /** New keys, shared with a slave. Ask for all keys of a message in one call. */
  encKeys(
    slaveSaeId: string,
    options?: QkdCallOptions & { readonly number?: number; readonly sizeBits?: number },
  ): Promise<QkdKeys>;
  /** The keys of a master, in the order of their IDs. @param options `kme`: the KME to ask first, by URL or KME ID */
  decKeys(
    masterSaeId: string,
    keyIds: readonly string[],
    options?: QkdCallOptions & { readonly kme?: string; readonly sizeBits?: number },
  ): Promise<QkdKeys>;
  /** Wipes a key, and accepts it from no KME again. @returns `remote`: the KME has taken note */
  consume(
    key: QkdKey | { readonly masterSaeId: string; readonly slaveSaeId: string; readonly keyId: string },
    options?: QkdCallOptions,
  ): Promise<{ readonly remote: boolean }>;
  /** Replaces the credentials for connections that open from now on. @throws WireError `argument`, nothing has changed */
  reloadCredentials(tls: QkdTls): void;
  /** Waits for calls under way, 2 s at most, wipes keys that nobody has taken, and closes connections. */
  close(): Promise<void>;
}

const TOTAL_TIMEOUT_MS = 50_000;

/** Makes connections that several clients of one SAE share. @throws WireError `argument`; QkdError AUTH */
export function createQkdPool(tls: QkdTls, options: QkdPoolOptions = {}): QkdPool {
  return new Pool(tls, options);
}

/**
 * Makes a client. Nothing is asked before its first call.
 * @throws WireError `argument` for an option that is not valid; QkdError AUTH for https without a certificate
 */
export function createQkdClient(options: CreateQkdClientOptions): QkdClient {
  return new NodeQkdClient(options);
}

/** The transport of one identity, with the server that it expects. */
class Pool implements QkdPool {
  readonly transport: HttpTransport;
  readonly tls: QkdTls;

  constructor(tls: QkdTls, { poolConnections = 5, poolMaxSize = 10, keepAlive = true }: QkdPoolOptions) {
    this.tls = tls;
    const { minVersion } = tls;
    this.transport = http({
      ...credentialsOf(tls),
      connectionsMax: poolMaxSize,
      idleConnectionsMax: keepAlive ? poolConnections : 0,
      ...(minVersion !== undefined && { minVersion }),
    });
  }

  reloadCredentials(tls: QkdTls): void {
    this.transport.reload(credentialsOf(tls));
  }
}

class NodeQkdClient implements QkdClient {
  readonly #host: Host<QkdCall, QkdValue, QkdMetric>;
  readonly #pools: readonly Pool[];
  readonly #totalTimeoutMs: number;
  readonly #maxKeyAgeMs: number;
  readonly #options: Pick<CreateQkdClientOptions, "log" | "metrics">;
  /** Keys that were delivered and not used, by the time at which they expire. */
  readonly #keys = new DeadlineHeap<QkdKey>();
  #isClosed = false;

  constructor(options: CreateQkdClientOptions) {
    const { endpoints, tls, pool, poolConnections, keepAlive, totalTimeoutMs = TOTAL_TIMEOUT_MS, ...rest } = options;
    const { metrics, limits: _limits, ...given } = withoutHostOptions(rest);
    if (!(totalTimeoutMs > 0)) throw argumentError("qkd", "totalTimeoutMs", "more than 0", String(totalTimeoutMs));
    if (!Array.isArray(endpoints)) throw argumentError("qkd", "endpoints", "a list of KMEs");
    const bounds: QkdPoolOptions = {
      ...(poolConnections !== undefined && { poolConnections }),
      ...(given.poolMaxSize !== undefined && { poolMaxSize: given.poolMaxSize }),
      ...(keepAlive !== undefined && { keepAlive }),
    };
    const pools = poolsOf(endpoints, tls, pool, bounds);
    const machineOptions: QkdClientOptions = {
      ...given,
      endpoints: endpoints.map(({ url, kmeId }, i) => {
        const server = url.startsWith("https:") ? serverOf(pools[i]!.tls) : undefined;
        return { url, ...(kmeId !== undefined && { kmeId }), ...(server && { server }) };
      }),
    };
    const settings = settingsOf(machineOptions);
    for (const [i, { isSecure }] of settings.kmes.entries()) if (isSecure) requireCertificate(pools[i]!.tls);
    this.#pools = [...new Set(pools)].filter((each) => each !== pool);
    this.#totalTimeoutMs = totalTimeoutMs;
    this.#maxKeyAgeMs = settings.maxKeyAgeMs;
    this.#options = { ...(options.log && { log: options.log }), ...(metrics && { metrics }) };
    const transports = new Map(settings.kmes.map(({ origin }, i) => [origin, pools[i]!.transport]));
    this.#host = run<QkdCall, QkdValue, QkdMetric>((env) => new QkdClientMachine(machineOptions, env), {
      transport: httpByOrigin(transports),
      traceStart: { machine: "qkd-client", options: tracedOptions(machineOptions, CLIENT_OPTIONS) },
      ...hostOptions("qkd-client", options),
    });
    if (metrics !== undefined) this.#host.subscribe(metrics);
  }

  async status(peer: string, { kme, ...bounds }: QkdCallOptions & { readonly kme?: string } = {}) {
    const value = await this.#call({ op: "status", peer, kme }, bounds);
    const { status, kmeUrl, kmeId } = value as Extract<QkdValue, { readonly op: "status" }>;
    return { ...status, kmeUrl, kmeId };
  }

  async encKeys(
    slave: string,
    { number, sizeBits, ...bounds }: QkdCallOptions & { readonly number?: number; readonly sizeBits?: number } = {},
  ): Promise<QkdKeys> {
    return this.#keysOf(await this.#call({ op: "enc_keys", slave, number, sizeBits }, bounds));
  }

  async decKeys(
    master: string,
    keyIds: readonly string[],
    { kme, sizeBits, ...bounds }: QkdCallOptions & { readonly kme?: string; readonly sizeBits?: number } = {},
  ): Promise<QkdKeys> {
    return this.#keysOf(await this.#call({ op: "dec_keys", master, keyIds, kme, sizeBits }, bounds));
  }

  async consume(
    key: QkdKey | { readonly masterSaeId: string; readonly slaveSaeId: string; readonly keyId: string },
    bounds: QkdCallOptions = {},
  ): Promise<{ readonly remote: boolean }> {
    const { masterSaeId: master, slaveSaeId: slave, keyId } = key;
    if (key instanceof QkdKey) key.wipe();
    const value = await this.#call({ op: "consume", master, slave, keyId }, bounds);
    return { remote: (value as Extract<QkdValue, { readonly op: "consume" }>).remote };
  }

  reloadCredentials(tls: QkdTls): void {
    if (this.#pools.length !== 1) {
      throw argumentError("qkd", "tls", "one identity of this client alone; a shared pool is reloaded itself");
    }
    this.#pools[0]!.reloadCredentials(tls);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#host.stop();
  }

  #call(call: QkdCall, { signal, timeoutMs = this.#totalTimeoutMs }: QkdCallOptions): Promise<QkdValue> {
    const nowMs = performance.now();
    // Keys that nobody uses are wiped when their time has come, at the next call.
    for (let key = this.#keys.popDue(nowMs); key !== undefined; key = this.#keys.popDue(nowMs)) key.expire(nowMs);
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new QkdError(qkdIssue("CLOSED", call.op)));
      if (signal?.aborted === true) return reject(new QkdError(qkdIssue("ABORTED", call.op), { cause: signal.reason }));
      let isSettled = false;
      const abort = (): void => this.#host.cancel(id);
      const id = this.#host.start(call, timeoutMs, (outcome: Result<QkdValue>) => {
        isSettled = true;
        signal?.removeEventListener("abort", abort);
        if (outcome.ok) resolve(outcome.value);
        else reject(errorOf(call.op, outcome.error, signal));
      });
      if (!isSettled) signal?.addEventListener("abort", abort, { once: true });
    });
  }

  #expired(): void {
    this.#options.log?.({ level: "info", message: "qkd.key", fields: { state: "EXPIRED", count: 1 } });
    this.#options.metrics?.({ name: "qkd_keys_expired_total", value: 1, labels: {} });
  }

  #keysOf(value: QkdValue): QkdKeys {
    const { keys, op: _, ...origin } = value as DeliveredKeys;
    const { masterSaeId, slaveSaeId, authenticated } = origin;
    const clock = () => performance.now();
    const wrapped = keys.map(({ keyId, bytes }) => {
      const onState = (state: QkdKeyState, key: QkdKey): void => {
        this.#keys.delete(key);
        if (state === "EXPIRED") this.#expired();
      };
      const maxAgeMs = this.#maxKeyAgeMs;
      return new QkdKey({ keyId, bytes, masterSaeId, slaveSaeId, clock, authenticated, maxAgeMs, onState });
    });
    for (const key of wrapped) this.#keys.set(key, key.expiresAtMs);
    return { keys: wrapped, ...origin };
  }
}

/** The error of a call: of the machine, or of the host around it. */
function errorOf(op: string, issue: WireIssue, signal: AbortSignal | undefined): WireError {
  const options = signal?.aborted === true ? { cause: signal.reason as unknown } : undefined;
  if ("reason" in issue) return new QkdError(issue as QkdIssue, options);
  if (issue.code === "fault") return isWireError(issue) ? issue : new WireError(issue);
  const reason = { timeout: "DEADLINE", cancelled: "CLOSED", argument: "INVALID_ARGUMENT" } as const;
  const known = Object.hasOwn(reason, issue.code) ? reason[issue.code as keyof typeof reason] : "UNAVAILABLE";
  return new QkdError(qkdIssue(known, op, issue.actual), options);
}

function poolsOf(
  endpoints: readonly QkdNodeEndpoint[],
  tls: QkdTls | undefined,
  pool: QkdPool | undefined,
  bounds: QkdPoolOptions,
): Pool[] {
  if (pool !== undefined) {
    const isMixed = tls !== undefined || endpoints.some((endpoint) => endpoint.tls !== undefined);
    if (isMixed) throw argumentError("qkd", "pool", "no tls beside it");
    if (!(pool instanceof Pool)) throw argumentError("qkd", "pool", "a pool of createQkdPool");
    return endpoints.map(() => pool);
  }
  const none: QkdTls = {};
  const byTls = new Map<QkdTls, Pool>();
  return endpoints.map((endpoint) => {
    const own = endpoint.tls ?? tls ?? none;
    const made = byTls.get(own) ?? new Pool(own, bounds);
    byTls.set(own, made);
    return made;
  });
}

function credentialsOf({ ca, cert, key, passphrase }: QkdTls): TlsCredentials {
  return {
    ...(ca !== undefined && { authorities: ca }),
    ...(cert !== undefined && { certificate: cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  };
}

/** A request without a certificate would show a KME which keys are wanted, and by nobody. */
function requireCertificate({ cert, clientCertificate }: QkdTls): void {
  if (cert !== undefined || clientCertificate === "none") return;
  throw new QkdError(qkdIssue("AUTH", "tls.cert", 'no certificate of the SAE; clientCertificate: "none" goes without'));
}

/** Undefined for the host of the URL. */
function serverOf({ serverIdentity = "hostname", serverName }: QkdTls): ExpectedServer | undefined {
  if (serverIdentity === "hostname") return serverName === undefined ? undefined : { hostName: serverName };
  const { cn, sha256Fingerprint } = serverIdentity as { readonly cn?: unknown; readonly sha256Fingerprint?: unknown };
  if (serverName !== undefined) throw argumentError("qkd", "tls.serverName", "none beside cn or a fingerprint");
  if (typeof cn === "string" && cn !== "") return { commonName: cn };
  if (typeof sha256Fingerprint === "string" && /^([0-9a-f]{2}:?){31}[0-9a-f]{2}$/i.test(sha256Fingerprint)) {
    return { sha256: sha256Fingerprint };
  }
  throw argumentError("qkd", "tls.serverIdentity", "hostname, a cn, or a SHA-256 fingerprint of 64 hex digits");
}
