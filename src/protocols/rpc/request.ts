/** Requests of peers: where they come from, and by what they are answered. */
import { Command, Protocol } from "../../codec/gen/rpc/index.js";
import type { PeerIdentity } from "../../identity.js";
import type { LinkId } from "../../machine/index.js";
import type { RpcMessage } from "./message.js";

/** Where a message came from. */
export interface RpcOrigin {
  /** "host:port" of the link's other end, or the source of the datagram, which nothing proves. */
  readonly peer: string;
  /** Undefined for a datagram. */
  readonly link: LinkId | undefined;
  /** Who the peer proved to be, where the transport verifies that. */
  readonly identity: PeerIdentity | undefined;
  /** The receiving address of a datagram, if the machine bound it. */
  readonly local: string | undefined;
  /** Bytes of the frame. */
  readonly sizeBytes: number;
}

/** A request of a peer, until it is answered or expires. */
export class RpcRequest {
  /** By which it can be answered later; unique at its endpoint. */
  readonly id: number;
  readonly origin: RpcOrigin;
  readonly requestID: string;
  readonly traceID: string;
  readonly #message: RpcMessage;
  /** Whether it can still be answered. */
  isOpen = true;

  constructor(id: number, message: RpcMessage, origin: RpcOrigin) {
    this.id = id;
    this.#message = message;
    this.origin = origin;
    this.requestID = message.requestID;
    this.traceID = message.traceID;
  }

  /** What was received. Its bytes are borrowed until the step returns: keep a copy by `ownMessage`. */
  get message(): RpcMessage {
    return this.#message;
  }

  /** A value of `Command`, or any other number. */
  get command(): number {
    return this.#message.meta?.command ?? Command.PING;
  }

  /** A value of `Protocol`, or any other number. */
  get protocol(): number {
    return this.#message.meta?.protocol ?? Protocol.Raft;
  }
}
