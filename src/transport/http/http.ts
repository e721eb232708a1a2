/** HTTP transport: requests and their answers by `node:http` and `node:https`, over connections that are kept. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { argumentError, type WireIssue } from "../../errors.js";
import type { HttpRequest } from "../../http.js";
import type { PeerIdentity } from "../../identity.js";
import { DEFAULT_LIMITS, type Limits } from "../../limits.js";
import { failedLink, listenError } from "../failures.js";
import { PendingCounts } from "../pending-counts.js";
import { SocketListener } from "../socket-listener.js";
import { checkMinVersion, loadCredentials, type TlsCredentials, type TlsVersion } from "../tls/credentials.js";
import { Handshakes, type HandshakeRules } from "../tls/handshakes.js";
import { identityOf } from "../tls/identity.js";
import type { Endpoint, ExchangeHandler, Link, LinkHandler, OutgoingExchange, Receiver, Transport } from "../types.js";
import { serveRequest, type ServerRules } from "./incoming.js";
import { Outgoing } from "./outgoing.js";
import { Pool, type PoolRules } from "./pool.js";

/** Options of {@link http}, beside its credentials. */
export interface HttpOptions extends TlsCredentials {
  /** Connections to one origin at a time; further requests wait for one. Default 10. */
  readonly connectionsMax?: number;
  /** Idle connections that are kept for one origin; 0 closes each after its answer. Default 5. */
  readonly idleConnectionsMax?: number;
  /** How long an idle connection is kept. Default 15,000. */
  readonly idleTimeoutMs?: number;
  /**
   * How long a connection may have been idle to carry a request that a server must not be asked twice, such as POST.
   * Half of what the server says is less. Default 1,000.
   */
  readonly unsafeIdleMsMax?: number;
  /** Time from the first packet to the end of the handshake of TLS. Default 10,000. */
  readonly handshakeTimeoutMs?: number;
  /** Default TLSv1.2. */
  readonly minVersion?: TlsVersion;
  /** Clients must show a certificate of one of `authorities`, which must be given. Default false. */
  readonly mutual?: boolean;
  /** Listens without TLS, and so without identities, where no certificate is given. Default false. */
  readonly plain?: boolean;
  /** Told why a client was refused, of which the machine does not hear. Must not throw. */
  readonly onRefused?: (issue: WireIssue) => void;
}

/** An {@link http} transport. */
export interface HttpTransport extends Transport {
  /**
   * Replaces all credentials for connections that open from now on, of every endpoint. Requests on their way go on, and
   * their connections close after the answer. @throws WireError `argument`; then nothing has changed
   */
  reload(credentials: TlsCredentials): void;
}

/** What all endpoints of a transport share. */
interface Shared {
  readonly handshakeTimeoutMs: number;
  readonly plain: boolean;
  readonly onRefused: HttpOptions["onRefused"];
  readonly mutual: boolean;
  pool: Pool;
  /** Undefined without a certificate. */
  handshakes: Handshakes | undefined;
  /** Endpoints that are not closed. */
  endpoints: number;
}

/**
 * A transport for HTTP/1.1. Servers prove who they are, always; redirects are answers like others, and coded bodies are
 * refused. Its endpoints share their connections. Links are refused, and datagrams dropped.
 * @throws WireError `argument` for credentials that do not fit together, or for a bound that is none
 */
export function http(options: HttpOptions = {}): HttpTransport {
  const { mutual = false, minVersion = "TLSv1.2", handshakeTimeoutMs = 10_000, plain = false, onRefused } = options;
  checkMinVersion("http", minVersion);
  if (!(handshakeTimeoutMs > 0))
    throw argumentError("http", "handshakeTimeoutMs", "more than 0", String(handshakeTimeoutMs));
  const poolRules = poolRulesOf(options);
  const rules: HandshakeRules = { mutual, protocols: undefined, handshakeTimeoutMs };
  const load = (given: TlsCredentials): Pick<Shared, "pool" | "handshakes"> => {
    if (mutual && given.authorities === undefined) {
      throw argumentError("http", "authorities", "those of clients", "none");
    }
    const loaded = loadCredentials(given, minVersion);
    return {
      pool: new Pool(loaded, poolRules),
      handshakes: loaded.hasCertificate ? new Handshakes(loaded, rules) : undefined,
    };
  };
  const shared: Shared = { handshakeTimeoutMs, plain, onRefused, mutual, ...load(options), endpoints: 0 };
  return {
    open: (receiver, limits = DEFAULT_LIMITS) => new HttpEndpoint(receiver, shared, limits),
    reload(credentials) {
      const former = shared.pool;
      Object.assign(shared, load(credentials));
      former.retire();
    },
  };
}

function poolRulesOf(options: HttpOptions): PoolRules {
  const { connectionsMax = 10, idleConnectionsMax = 5, idleTimeoutMs = 15_000, unsafeIdleMsMax = 1_000 } = options;
  const rules = { connectionsMax, idleConnectionsMax, idleTimeoutMs, unsafeIdleMsMax };
  const least: Readonly<Record<keyof PoolRules, number>> = {
    connectionsMax: 1,
    idleConnectionsMax: 0,
    idleTimeoutMs: 1,
    unsafeIdleMsMax: 0,
  };
  for (const [name, value] of Object.entries(rules) as [keyof PoolRules, number][]) {
    const isCount = name === "connectionsMax" || name === "idleConnectionsMax";
    if (Number.isFinite(value) && value >= least[name] && (!isCount || Number.isInteger(value))) continue;
    throw argumentError("http", name, `${isCount ? "an integer" : "a number"}, ${least[name]} or more`, String(value));
  }
  return rules;
}

/** The servers and requests of one host. */
class HttpEndpoint extends SocketListener implements Endpoint {
  readonly #shared: Shared;
  readonly #limits: Limits;
  /** Does not listen: it is given sockets. */
  readonly #server: Server;
  readonly #outgoing = new Set<Outgoing>();
  readonly #connections: PendingCounts;
  readonly #handshakes: PendingCounts;
  readonly #peers = new WeakMap<object, { readonly peer: string; readonly identity: PeerIdentity | undefined }>();
  #isRefusing = false;
  #isClosed = false;
  #drained: () => void = () => {};

  constructor(receiver: Receiver, shared: Shared, limits: Limits) {
    super("http", { noDelay: true, backlog: 511 });
    this.#shared = shared;
    this.#limits = limits;
    this.#connections = new PendingCounts(limits);
    this.#handshakes = new PendingCounts(limits);
    shared.endpoints++;
    const serverRules: ServerRules = {
      receiver,
      bodyBytesMax: limits.frameBytesMax,
      isRefusing: () => this.#isRefusing,
    };
    this.#server = createServer(timeoutsOf(limits), (message: IncomingMessage, response) => {
      const { peer, identity } = this.#peers.get(message.socket)!;
      serveRequest(message, response, peer, identity, serverRules);
    });
    // Node.js begins to look for late connections when its server listens, and ends when it closes.
    this.#server.emit("listening");
  }

  override async listen(at: string): Promise<string> {
    const { handshakes, plain } = this.#shared;
    if (handshakes === undefined && !plain) throw listenError("http", at, new Error("no certificate"));
    return super.listen(at);
  }

  connect(peer: string, handler: LinkHandler): Link {
    return failedLink("http", peer, handler, new Error("the transport carries no links"));
  }

  request(request: HttpRequest, handler: ExchangeHandler): OutgoingExchange {
    const { pool, handshakeTimeoutMs } = this.#shared;
    const rules = { handshakeTimeoutMs, bodyBytesMax: this.#limits.frameBytesMax };
    const outgoing: Outgoing = new Outgoing(request, handler, pool, rules, () => {
      this.#outgoing.delete(outgoing);
      if (this.#outgoing.size === 0) this.#drained();
    });
    this.#outgoing.add(outgoing);
    return outgoing;
  }

  override refuse(): void {
    this.#isRefusing = true;
    super.refuse();
    this.#server.close();
  }

  override async close(): Promise<void> {
    for (const outgoing of this.#outgoing) outgoing.abort();
    const requests = new Promise<void>((resolve) => {
      if (this.#outgoing.size === 0) resolve();
      else this.#drained = resolve;
    });
    await Promise.all([super.close(), requests]);
    if (!this.#isClosed && --this.#shared.endpoints === 0) this.#shared.pool.closeIdle();
    this.#isClosed = true;
  }

  protected override take(socket: Socket, peer: string): void {
    const over = this.#connections.begin(peer);
    if (over === undefined) {
      socket.destroy();
      return;
    }
    socket.once("close", over);
    const { handshakes, mutual } = this.#shared;
    if (handshakes === undefined) this.#serve(socket, peer, undefined);
    else this.#shake(handshakes, socket, peer, mutual);
  }

  #shake(handshakes: Handshakes, socket: Socket, peer: string, mutual: boolean): void {
    const over = this.#handshakes.begin(peer);
    if (over === undefined) {
      socket.destroy();
      return;
    }
    handshakes.begin(socket, peer, (outcome) => {
      over();
      if (!("code" in outcome)) return this.#serve(outcome, peer, mutual ? identityOfPeer(outcome) : undefined);
      // A peer that went away was not refused.
      if (outcome.code !== "closed" && outcome.code !== "unreachable") this.#shared.onRefused?.(outcome);
    });
  }

  #serve(socket: Socket, peer: string, identity: PeerIdentity | undefined): void {
    this.#peers.set(socket, { peer, identity });
    this.#server.emit("connection", socket);
  }
}

function identityOfPeer(socket: TLSSocket): PeerIdentity | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate && identityOf(certificate);
}

/** How often Node.js looks for connections that are late. */
const CHECK_INTERVAL_MS = 500;

/** The timeouts of connections of clients, as Node.js takes them: 0 for none. */
function timeoutsOf({ headerTimeoutMs, frameTimeoutMs, idleTimeoutMs }: Limits) {
  const finite = (ms: number): number => (ms === Infinity ? 0 : Math.max(1, Math.ceil(ms)));
  return {
    headersTimeout: finite(headerTimeoutMs),
    requestTimeout: finite(Math.max(headerTimeoutMs, frameTimeoutMs)),
    keepAliveTimeout: finite(idleTimeoutMs),
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  };
}
