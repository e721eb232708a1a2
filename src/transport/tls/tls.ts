/** TLS transport: `node:tls` over `node:net`, with peers that prove who they are. */
import { X509Certificate } from "node:crypto";
import { isIP, type Socket } from "node:net";
import { connect, type SecureContext, type TLSSocket } from "node:tls";
import type { Address } from "../../address.js";
import { argumentError, isWireError, WireError, type WireIssue } from "../../errors.js";
import { identityMismatch, type ExpectedServer, type PeerIdentity } from "../../identity.js";
import { DEFAULT_LIMITS, type Limits } from "../../limits.js";
import { linkIssue, listenError } from "../failures.js";
import { PendingCounts } from "../pending-counts.js";
import { SocketEndpoint, SOCKETS_GIVE_CHUNKS, type TcpOptions } from "../socket-endpoint.js";
import { StreamLink } from "../stream-link.js";
import type { Receiver, Transport } from "../types.js";
import { checkMinVersion, loadCredentials, type TlsCredentials, type TlsVersion } from "./credentials.js";
import { tlsFailure, tlsIssue, verificationIssue } from "./failures.js";
import { Handshakes, type HandshakeRules } from "./handshakes.js";
import { identityOf } from "./identity.js";

/** Options of {@link tls}, beside its credentials. */
export interface TlsOptions extends TlsCredentials, TcpOptions {
  /** Clients must show a certificate of one of `authorities`, which must be given. Default false. */
  readonly mutual?: boolean;
  /** The server that a link expects which names none itself. Default: the host of its address. */
  readonly server?: ExpectedServer;
  /** Default TLSv1.2. */
  readonly minVersion?: TlsVersion;
  /** Application protocols (RFC 7301), the best first; without a common one a link is refused. Default: not asked. */
  readonly protocols?: readonly string[];
  /** Time from the connection to the end of the handshake. Default 10,000. */
  readonly handshakeTimeoutMs?: number;
  /** Told why a client was refused, of which the machine does not hear. Must not throw. */
  readonly onRefused?: (issue: WireIssue) => void;
}

/** A {@link tls} transport. */
export interface TlsTransport extends Transport {
  /**
   * Replaces all credentials for links that open from now on, of every endpoint; open links go on.
   * @throws WireError `argument`; then nothing has changed
   */
  reload(credentials: TlsCredentials): void;
}

/** Credentials in use, with what follows from them; the key itself is not kept. */
interface Current {
  readonly context: SecureContext;
  readonly hasCertificate: boolean;
  /** Undefined without a certificate. */
  readonly handshakes: Handshakes | undefined;
}

/** Settings that all endpoints of a transport share. */
interface Settings {
  readonly server: ExpectedServer | undefined;
  readonly onRefused: TlsOptions["onRefused"];
  readonly noDelay: boolean | undefined;
  readonly backlog: number | undefined;
  readonly rules: HandshakeRules;
  current: Current;
}

/**
 * A transport for streams over TLS. A link opens when its peer has proved who it is: a server always, a client if
 * `mutual` is set. Nothing turns that off. Datagrams are dropped.
 * @throws WireError `argument` for credentials that do not fit together
 */
export function tls(options: TlsOptions): TlsTransport {
  const { mutual = false, protocols, handshakeTimeoutMs = 10_000, minVersion = "TLSv1.2" } = options;
  checkMinVersion("tls", minVersion);
  if (!(handshakeTimeoutMs > 0)) {
    throw argumentError("tls", "handshakeTimeoutMs", "more than 0", String(handshakeTimeoutMs));
  }
  const rules: HandshakeRules = { mutual, protocols, handshakeTimeoutMs };
  const load = (given: TlsCredentials): Current => {
    // A client that any public authority certifies is nobody in particular.
    if (mutual && given.authorities === undefined)
      throw argumentError("tls", "authorities", "those of clients", "none");
    const loaded = loadCredentials(given, minVersion);
    const { context, hasCertificate } = loaded;
    return { context, hasCertificate, handshakes: hasCertificate ? new Handshakes(loaded, rules) : undefined };
  };
  const { server, onRefused, noDelay, backlog } = options;
  const settings: Settings = { server, onRefused, noDelay, backlog, rules, current: load(options) };
  return {
    open: (receiver, limits = DEFAULT_LIMITS) => new TlsEndpoint(receiver, settings, limits),
    reload: (credentials) => void (settings.current = load(credentials)),
  };
}

/** The TLS servers and connections of one host. */
class TlsEndpoint extends SocketEndpoint {
  readonly #settings: Settings;
  readonly #pending: PendingCounts;

  constructor(receiver: Receiver, settings: Settings, limits: Limits) {
    super("tls", receiver, settings);
    this.#settings = settings;
    this.#pending = new PendingCounts(limits);
  }

  override async listen(at: string): Promise<string> {
    if (this.#settings.current.handshakes === undefined) throw listenError("tls", at, new Error("no certificate"));
    return super.listen(at);
  }

  protected override dial(socket: Socket, peer: string, address: Address, server?: ExpectedServer): StreamLink {
    const { rules, current } = this.#settings;
    const expected = server ?? this.#settings.server ?? { hostName: address.host };
    const { protocols, handshakeTimeoutMs } = rules;
    const serverName = serverNameOf(expected, address);
    let identity: PeerIdentity | undefined;
    const secure = connect({
      socket,
      secureContext: current.context,
      rejectUnauthorized: true,
      checkServerIdentity(_host, { raw }) {
        if (raw === undefined) return new WireError(tlsIssue("certificate", peer, "missing"));
        identity = identityOf(new X509Certificate(raw));
        const mismatch = identityMismatch(identity, expected);
        return mismatch && new WireError(tlsIssue("certificate", peer, mismatch));
      },
      ...(serverName !== undefined && { servername: serverName }),
      ...(protocols !== undefined && { ALPNProtocols: [...protocols] }),
    });
    const link = linkOver(secure, socket, peer, current.hasCertificate);
    const expire = () => link.fail(new WireError(tlsIssue("timeout", peer, "no handshake in time")));
    let timer: NodeJS.Timeout | undefined;
    socket.once("connect", () => (timer = setTimeout(expire, handshakeTimeoutMs)));
    socket.on("error", (error) => secure.destroy(error));
    secure.once("close", () => clearTimeout(timer));
    secure.once("secureConnect", () => {
      clearTimeout(timer);
      const isAgreed = protocols === undefined || secure.alpnProtocol !== false;
      if (isAgreed) link.open(identity);
      else link.fail(new WireError(tlsIssue("negotiation", peer, "application-protocol")));
    });
    return link;
  }

  protected override take(socket: Socket, peer: string): void {
    const { handshakes } = this.#settings.current;
    // Without a certificate, credentials were loaded meanwhile that cannot serve.
    const over = handshakes && this.#pending.begin(peer);
    if (over === undefined) {
      socket.destroy();
      return;
    }
    handshakes!.begin(socket, peer, (outcome) => {
      over();
      if ("code" in outcome) this.#refused(outcome);
      else this.#serve(outcome, socket, peer);
    });
  }

  #serve(secure: TLSSocket, socket: Socket, peer: string): void {
    const link = linkOver(secure, socket, peer, true);
    const certificate = this.#settings.rules.mutual ? secure.getPeerX509Certificate() : undefined;
    link.open(certificate && identityOf(certificate));
    this.serve(link);
  }

  /** A peer that went away was not refused. */
  #refused(issue: WireIssue): void {
    if (issue.code !== "closed" && issue.code !== "unreachable") this.#settings.onRefused?.(issue);
  }
}

function linkOver(secure: TLSSocket, socket: Socket, peer: string, hasCertificate: boolean): StreamLink {
  return new StreamLink({
    stream: secure,
    peer,
    givesChunks: SOCKETS_GIVE_CHUNKS,
    issueOf(error, opened) {
      if (isWireError(error)) return linkIssue("tls", peer, opened, error);
      const verification = secure.authorizationError as unknown as string | null;
      return verification ? verificationIssue(peer, verification) : tlsFailure(peer, opened, error, hasCertificate);
    },
    reset: () => socket.resetAndDestroy(),
  });
}

/** The name by which a server chooses its certificate (RFC 6066 §3): a host name, never an address. */
export function serverNameOf(expected: ExpectedServer, { host }: Address): string | undefined {
  const name = "hostName" in expected ? expected.hostName : "commonName" in expected ? expected.commonName : host;
  const isHostName = typeof name === "string" && name.length <= 253 && /^[a-z0-9-]+(\.[a-z0-9-]+)*\.?$/i.test(name);
  return isHostName && isIP(name) === 0 ? name.replace(/\.$/, "") : undefined;
}
