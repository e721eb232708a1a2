/** A running pair of development KMEs on Node.js, for tests and for people without quantum hardware. */
import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { performance } from "node:perf_hooks";
import { TLSSocket } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import type { KmeCertificates, KmeCredentials, SaeCredentials } from "./credentials.js";
import { CONNECTION_FAULTS, KmeFaults, liedAbout, replyOf, type KmeFault } from "./faults.js";
import { operationOf, type KeyManager } from "./key-manager.js";
import { makeKmePair, type KmeIds, type KmePairOptions } from "./pair.js";
import type { KmeReply, KmeRequest } from "./reply.js";

/** Options of {@link startKmePair}. */
export interface StartKmePairOptions extends Omit<KmePairOptions, "random"> {
  /** Default: plain HTTP, without identities. */
  readonly tls?: {
    /** Certificates of those whose clients are let in, as PEM. */
    readonly authorities: string;
    /** Of the two servers. */
    readonly servers: readonly [KmeCredentials, KmeCredentials];
    /** Default TLSv1.2. */
    readonly minVersion?: "TLSv1.2" | "TLSv1.3";
    /** Default TLSv1.3. */
    readonly maxVersion?: "TLSv1.2" | "TLSv1.3";
  };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0 for both: any free one. */
  readonly ports?: readonly [number, number];
  /** Default none. */
  readonly faults?: readonly KmeFault[];
  /** Whether a connection may carry more than one request. Default true. */
  readonly keepAlive?: boolean;
  /** Told of each request that was answered, and of each client that was refused. Keys and IDs are not among it. */
  readonly log?: (line: KmeLogLine) => void;
}

/** What happened at a KME. */
export interface KmeLogLine {
  readonly kme: string;
  readonly event: "answered" | "fault" | "refused";
  readonly method?: string;
  /** The operation or the path. */
  readonly operation?: string;
  readonly status?: number;
  /** Of a fault, or what OpenSSL says of a client. */
  readonly reason?: string;
}

/** What a server has seen. */
export interface KmeCounts {
  /** Connections that were accepted, those counted whose handshake failed. */
  readonly sockets: number;
  readonly openSockets: number;
  /** Most connections that were open at a time. */
  readonly openSocketsMost: number;
  /** Requests by operation; `other` are those of other paths. */
  readonly requests: Readonly<Record<"status" | "enc_keys" | "dec_keys" | "other", number>>;
}

/** One of a running pair. */
export interface RunningKme {
  /** `https://host:port` */
  readonly url: string;
  readonly counts: KmeCounts;
  readonly rules: KeyManager;
}

/** Two running KMEs. */
export interface RunningKmePair {
  readonly kmes: readonly [RunningKme, RunningKme];
  /** What goes wrong from now on. */
  readonly faults: KmeFaults;
  /** Closes servers and connections, those of hanging requests too. */
  close(): Promise<void>;
}

const BODY_BYTES_MAX = 1024 * 1024;

/**
 * Starts two KMEs that share a quantum link. Node.js resets the connection of a client whose certificate has expired or
 * has another authority; servers on OpenSSL itself send an alert first.
 * @throws WireError `argument`; an error of Node.js for a port in use
 */
export async function startKmePair(options: StartKmePairOptions): Promise<RunningKmePair> {
  const faults = new KmeFaults(options.faults);
  const rules = makeKmePair({ ...options, random: (length) => new Uint8Array(randomBytes(length)) });
  const servers = [new KmeServer(rules[0], 0, faults, options), new KmeServer(rules[1], 1, faults, options)] as const;
  const close = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.close())));
  try {
    await Promise.all(servers.map((server) => server.listen()));
  } catch (error) {
    await close();
    throw error;
  }
  return { kmes: servers, faults, close };
}

/** The IDs of KMEs with their SAEs pinned to the certificates that they know. */
export function pinned(ids: readonly [KmeIds, KmeIds], { saes }: KmeCertificates): readonly [KmeIds, KmeIds] {
  const pin = (own: KmeIds, { good }: SaeCredentials): KmeIds => {
    const { raw } = new X509Certificate(good.certificate);
    return { ...own, saeSha256: createHash("sha256").update(raw).digest("hex") };
  };
  return [pin(ids[0], saes[0]), pin(ids[1], saes[1])];
}

/** One KME on a socket. */
class KmeServer implements RunningKme {
  readonly rules: KeyManager;
  readonly #index: 0 | 1;
  readonly #faults: KmeFaults;
  readonly #options: StartKmePairOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #requests = { status: 0, enc_keys: 0, dec_keys: 0, other: 0 };
  #accepted = 0;
  #openMost = 0;
  url = "";

  constructor(rules: KeyManager, index: 0 | 1, faults: KmeFaults, options: StartKmePairOptions) {
    this.rules = rules;
    this.#index = index;
    this.#faults = faults;
    this.#options = options;
    this.#server = this.#newServer();
    this.#server.on("connection", (socket: Socket) => this.#opened(socket));
    this.#server.on("tlsClientError", ({ message, code }: NodeJS.ErrnoException, secure: TLSSocket) => {
      // A string, though declared as an Error.
      const verification = secure.authorizationError as unknown as string | null;
      options.log?.({ kme: rules.settings.kmeId, event: "refused", reason: verification ?? code ?? message });
    });
  }

  get counts(): KmeCounts {
    return {
      sockets: this.#accepted,
      openSockets: this.#sockets.size,
      openSocketsMost: this.#openMost,
      requests: { ...this.#requests },
    };
  }

  async listen(): Promise<void> {
    const { host = "127.0.0.1", ports = [0, 0], tls } = this.#options;
    this.#server.listen(ports[this.#index], host);
    await once(this.#server, "listening");
    const { port, address, family } = this.#server.address() as AddressInfo;
    this.url = `${tls === undefined ? "http" : "https"}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  #newServer(): Server {
    const { tls } = this.#options;
    const answer = (request: IncomingMessage, response: ServerResponse): void =>
      // A client that leaves while its request is read is no fault.
      void this.#answer(request, response).catch(() => response.destroy());
    if (tls === undefined) return createPlainServer(answer);
    const { authorities, servers, minVersion = "TLSv1.2", maxVersion = "TLSv1.3" } = tls;
    const { certificate, key } = servers[this.#index]!;
    return createServer(
      {
        cert: certificate,
        key,
        ca: authorities,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion,
        maxVersion,
      },
      answer,
    );
  }

  #opened(socket: Socket): void {
    this.#accepted++;
    this.#sockets.add(socket);
    this.#openMost = Math.max(this.#openMost, this.#sockets.size);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(message);
    const operation = operationOf(request.path);
    this.#requests[operation ?? "other"]++;
    const found = this.#faults.next(operation, this.#index);
    for (const what of found) if (typeof what === "object" && "slowMs" in what) await sleep(what.slowMs);
    const early = found.find((what) => what === "hang" || what === "cut" || what === "not-http");
    if (early !== undefined) return this.#fail(early, response);
    const planted = found.map(replyOf).find((reply) => reply !== undefined);
    let reply = planted ?? this.rules.handle(request, performance.now());
    for (const what of found) reply = liedAbout(what, reply);
    const late = found.find((what) => typeof what === "string" && Object.hasOwn(CONNECTION_FAULTS, what));
    if (late !== undefined) return this.#fail(late, response, reply);
    send(reply, response, this.#options.keepAlive ?? true);
    this.#options.log?.({
      kme: this.rules.settings.kmeId,
      event: "answered",
      method: request.method,
      operation: operation ?? request.path,
      status: reply.status,
    });
  }

  #fail(what: KmeFault["what"], response: ServerResponse, reply?: KmeReply): void {
    this.#options.log?.({ kme: this.rules.settings.kmeId, event: "fault", reason: String(what) });
    const { socket } = response;
    if (what === "cut" || what === "cut-after") socket?.destroy();
    if (what === "not-http") socket?.end("SSH-2.0-planted\r\n");
    if (what !== "cut-body" || reply === undefined) return;
    response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length });
    response.write(reply.body.subarray(0, reply.body.length >> 1), () => socket?.destroy());
  }
}

async function readRequest(message: IncomingMessage): Promise<KmeRequest> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > BODY_BYTES_MAX) throw new Error("the body is too long");
    parts.push(part);
  }
  const { socket, method = "", url = "", headers } = message;
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  const known = Object.entries(headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return {
    method,
    path: url,
    headers: Object.fromEntries(known) as Record<string, string>,
    body: Buffer.concat(parts),
    clientSha256: certificate?.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
}

function send({ status, headers, body }: KmeReply, response: ServerResponse, keepAlive: boolean): void {
  const connection = keepAlive ? {} : { connection: "close" };
  response.writeHead(status, { ...headers, ...connection, "content-length": body.length });
  response.end(body);
}
