/** Handshakes of TLS on accepted sockets: bounded in number and time, verified before anyone hears of them. */
import type { Socket } from "node:net";
import { constants } from "node:crypto";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { WireIssue } from "../../errors.js";
import type { LoadedCredentials } from "./credentials.js";
import { tlsFailure, tlsIssue, verificationIssue } from "./failures.js";

/** Rules of handshakes. */
export interface HandshakeRules {
  /** Peers must show a certificate of one of the authorities. */
  readonly mutual: boolean;
  readonly protocols: readonly string[] | undefined;
  readonly handshakeTimeoutMs: number;
}

/** A handshake in progress. */
interface Pending {
  readonly socket: Socket;
  readonly peer: string;
  done(outcome: TLSSocket | WireIssue): void;
}

/** The handshakes under one set of credentials. */
export class Handshakes {
  readonly #rules: HandshakeRules;
  /** Does not listen: it is given sockets. */
  readonly #server: Server;
  readonly #pending = new WeakMap<Socket, Pending>();

  constructor({ options }: LoadedCredentials, rules: HandshakeRules) {
    const { mutual, protocols, handshakeTimeoutMs } = rules;
    this.#rules = rules;
    this.#server = createServer({
      ...options,
      requestCert: mutual,
      rejectUnauthorized: true,
      handshakeTimeout: handshakeTimeoutMs,
      // Without tickets no session is resumed, so every link is verified, by the credentials of the day.
      secureOptions: constants.SSL_OP_NO_TICKET,
      ...(protocols !== undefined && { ALPNProtocols: [...protocols] }),
    });
    this.#server.on("secureConnection", (secure) => this.#secured(secure));
    this.#server.on("tlsClientError", (error, secure) => this.#failed(error, secure));
  }

  /** Begins a handshake. `done` is called once, with the socket or the reason why there is none. */
  begin(socket: Socket, peer: string, done: (outcome: TLSSocket | WireIssue) => void): void {
    this.#pending.set(socket, { socket, peer, done });
    const { destroy } = socket;
    // Node.js closes without an alert where it does not accept a certificate. A reset cannot be taken for the end of a
    // stream. Before an alert `#failed` is called, and the socket is closed as usual.
    socket.destroy = (error) => {
      socket.destroy = destroy;
      return this.#pending.has(socket) ? socket.resetAndDestroy() : socket.destroy(error);
    };
    // The end of a peer ends its handshake; the TLS socket takes this over until it is secure.
    socket.allowHalfOpen = false;
    this.#server.emit("connection", socket);
  }

  #secured(secure: TLSSocket): void {
    const pending = this.#end(secure);
    if (pending === undefined) return;
    const { socket, peer, done } = pending;
    socket.allowHalfOpen = secure.allowHalfOpen = true;
    if (this.#rules.protocols === undefined || secure.alpnProtocol !== false) return done(secure);
    secure.on("error", () => {});
    socket.resetAndDestroy();
    done(tlsIssue("negotiation", peer, "application-protocol"));
  }

  #failed(error: Error, secure: TLSSocket): void {
    const pending = this.#end(secure);
    if (pending === undefined) return;
    const { peer, done } = pending;
    secure.destroy();
    // A string, though declared as an Error.
    const verification = secure.authorizationError as unknown as string | null;
    done(verification ? verificationIssue(peer, verification) : tlsFailure(peer, false, error, true));
  }

  /** Takes the handshake of a socket, which Node.js names by its TLS socket alone. */
  #end(secure: TLSSocket): Pending | undefined {
    // oxlint-disable-next-line no-underscore-dangle -- no public name leads from one to the other
    const socket = (secure as unknown as { readonly _parent: Socket })._parent;
    const pending = this.#pending.get(socket);
    this.#pending.delete(socket);
    return pending;
  }
}
