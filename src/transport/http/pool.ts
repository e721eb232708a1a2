/** The connections of HTTP requests: kept for later requests, within bounds. */
import { X509Certificate } from "node:crypto";
import { Agent as PlainAgent, type Agent, type ClientRequest, type RequestOptions } from "node:http";
import { Agent as SecureAgent } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WireError } from "../../errors.js";
import type { HttpOrigin, HttpRequest } from "../../http.js";
import { identityMismatch, type ExpectedServer } from "../../identity.js";
import type { LoadedCredentials } from "../tls/credentials.js";
import { tlsIssue } from "../tls/failures.js";
import { identityOf } from "../tls/identity.js";
import { serverNameOf } from "../tls/tls.js";

/** Bounds of a pool. */
export interface PoolRules {
  readonly connectionsMax: number;
  readonly idleConnectionsMax: number;
  readonly idleTimeoutMs: number;
  readonly unsafeIdleMsMax: number;
}

/** Methods that a server may be asked twice without harm (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** When a connection went idle, and how long its server said that it keeps it. */
interface Idleness {
  sinceMs: number;
  keptMs: number;
}

/** Names the server that a connection was verified for, so that no other request takes it. */
const EXPECTED = Symbol("expected server");

type NamedOptions = RequestOptions & { readonly [EXPECTED]?: string };
/** What a subclass of an agent of Node.js calls: `keepSocketAlive` lacks its result in the types. */
interface KeepingAgent {
  keepSocketAlive(socket: Duplex): boolean;
}

/** The connections under one set of credentials. */
export class Pool {
  readonly credentials: LoadedCredentials;
  readonly #rules: PoolRules;
  readonly #secure: Agent;
  readonly #plain: Agent;
  readonly #idle = new WeakMap<Duplex, Idleness>();
  /** Connections whose server has proved who it is. */
  readonly #ready = new WeakSet<Duplex>();
  #isRetired = false;

  constructor(credentials: LoadedCredentials, rules: PoolRules) {
    this.credentials = credentials;
    this.#rules = rules;
    const { connectionsMax: maxSockets, idleConnectionsMax: maxFreeSockets, idleTimeoutMs: timeout } = rules;
    const keepAlive = maxFreeSockets > 0;
    // Sessions are never resumed: the certificate of a resumed one is not shown, so it cannot be checked.
    const options = { keepAlive, maxSockets, maxFreeSockets, timeout, maxCachedSessions: 0, noDelay: true };
    this.#secure = this.#keeping(new NamingAgent(options));
    this.#plain = this.#keeping(new PlainAgent(options));
  }

  /** What Node.js has to know of a request to send it over a connection of this pool. */
  optionsOf(request: HttpRequest, { isSecure, host, port }: HttpOrigin): RequestOptions {
    const target = { host, port, method: request.method, path: request.path };
    const options = isSecure ? this.#secureOptions(target, request) : { ...target, agent: this.#plain };
    if (!IDEMPOTENT.has(request.method)) this.#dropStale(options);
    return options;
  }

  /** Whether nothing is left to prove on a connection. */
  isReady(socket: Socket): boolean {
    return this.#ready.has(socket);
  }

  /** The server has proved who it is. */
  ready(socket: Socket): void {
    this.#ready.add(socket);
  }

  /** Notes how long the server keeps this connection, as the field `keep-alive` of its answer says. */
  answered({ socket }: ClientRequest, keepAlive: string | undefined): void {
    const seconds = /(?:^|[\s,])timeout\s*=\s*(\d{1,6})/i.exec(keepAlive ?? "")?.[1];
    if (socket !== null) this.#idle.set(socket, { sinceMs: 0, keptMs: seconds ? Number(seconds) * 1_000 : Infinity });
  }

  /** Closes idle connections, and the others when their requests are done. */
  retire(): void {
    this.#isRetired = true;
    this.closeIdle();
  }

  closeIdle(): void {
    for (const { freeSockets } of [this.#secure, this.#plain]) {
      for (const socket of Object.values(freeSockets).flat()) socket?.destroy();
    }
  }

  #secureOptions(target: RequestOptions & { host: string; port: number }, request: HttpRequest): RequestOptions {
    const { server: expected = { hostName: target.host }, origin } = request;
    const secure = {
      ...target,
      agent: this.#secure,
      secureContext: this.credentials.context,
      rejectUnauthorized: true,
      // An empty name sends none.
      servername: serverNameOf(expected, target) ?? "",
      checkServerIdentity: (_host: string, { raw }: { readonly raw?: Buffer }) => checkServer(origin, raw, expected),
      [EXPECTED]: JSON.stringify(expected),
    };
    return secure as RequestOptions;
  }

  /**
   * Closes the idle connections that the server may be about to close: a request over one of them would be lost, and
   * nobody could say whether the server has acted on it.
   */
  #dropStale(options: RequestOptions): void {
    const agent = options.agent as Agent;
    const nowMs = performance.now();
    for (const socket of agent.freeSockets[agent.getName(options)] ?? []) {
      const { sinceMs, keptMs } = this.#idle.get(socket) ?? { sinceMs: -Infinity, keptMs: 0 };
      if (nowMs - sinceMs >= Math.min(this.#rules.unsafeIdleMsMax, keptMs / 2)) socket.destroy();
    }
  }

  /** Notes when connections go idle, and keeps none once the pool has retired. */
  #keeping<Kind extends Agent>(agent: Kind): Kind {
    const keeping = agent as unknown as KeepingAgent;
    const keep = keeping.keepSocketAlive.bind(agent);
    keeping.keepSocketAlive = (socket) => {
      if (this.#isRetired) return false;
      const { keptMs } = this.#idle.get(socket) ?? { keptMs: Infinity };
      this.#idle.set(socket, { sinceMs: performance.now(), keptMs });
      return keep(socket);
    };
    return agent;
  }
}

/** An agent that lets no request take a connection which was verified for another server. */
class NamingAgent extends SecureAgent {
  override getName(options: NamedOptions = {}): string {
    return `${super.getName(options)}:${options[EXPECTED] ?? ""}`;
  }
}

function checkServer(origin: string, raw: Buffer | undefined, expected: ExpectedServer): WireError | undefined {
  if (raw === undefined) return new WireError(tlsIssue("certificate", origin, "missing"));
  const mismatch = identityMismatch(identityOf(new X509Certificate(raw)), expected);
  return mismatch && new WireError(tlsIssue("certificate", origin, mismatch));
}
