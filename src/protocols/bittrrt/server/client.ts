/** A client, as a server keeps it. */
import { TokenBucket, type Millis, type OpId } from "../../../machine/index.js";
import { hostOf, addressPrefix } from "../../../address.js";
import type { PortName } from "../events.js";
import type { Session } from "../session.js";

/** How long only the host of the `connect` may send the first frame. */
const FIRST_FRAME_MS = 3_000;

/** A client, from its first `connect` on. */
export class Client {
  /** Its address and public key. */
  readonly id: string;
  /** The address of its `connect`. */
  readonly peer: string;
  /** Its IPv4 address or IPv6 /64. */
  readonly network: string;
  /** The public half of its key, in hex. */
  readonly keyHex: string;
  /** The server's public key for it, 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly session: Session;
  /** Bounds the answers to its `connect`. */
  readonly answers: TokenBucket;
  /** The local addresses that are bound for it so far. */
  readonly locals = new Map<PortName, string>();
  /** Every port that is taken for it, including those that proved to be in use. */
  readonly ports = new Set<number>();
  /** The ports that are being bound. */
  readonly binding = new Map<OpId, { readonly name: PortName; readonly port: number }>();
  /** Time of its last new frame; before the first one, of its last counted `connect`. */
  lastFrameMs: Millis;
  /** Time of its last new frame from the host of its `connect`; before the first one, of the binding of its ports. */
  lastHomeFrameMs: Millis = 0;
  /** How often it has sent `connect`. */
  connects = 0;
  /** Whether it has sent a new frame. */
  isEstablished = false;
  readonly #homeHost: string;

  constructor(
    { id, peer, keyHex }: Pick<Client, "id" | "peer" | "keyHex">,
    publicKey: Uint8Array,
    session: Session,
    answersPerSecond: number,
    nowMs: Millis,
  ) {
    this.id = id;
    this.peer = peer;
    this.#homeHost = hostOf(peer);
    this.network = addressPrefix(peer);
    this.keyHex = keyHex;
    this.publicKey = publicKey;
    this.session = session;
    this.answers = new TokenBucket(answersPerSecond);
    this.lastFrameMs = nowMs;
  }

  /** Whether all three ports are bound. */
  get isReady(): boolean {
    return this.locals.size === 3;
  }

  /**
   * Whether frames from an address are accepted. A client is expected at the host of its `connect`; other hosts are
   * accepted only while that host is silent, as after a change of the NAT or the network.
   */
  acceptsFrom(peer: string, rebindAfterMs: Millis, nowMs: Millis): boolean {
    if (hostOf(peer) === this.#homeHost) return true;
    const silenceMs = this.isEstablished ? rebindAfterMs : Math.min(rebindAfterMs, FIRST_FRAME_MS);
    return this.lastHomeFrameMs + silenceMs <= nowMs;
  }

  /** Notes a new frame from an address. */
  noteFrame(peer: string, nowMs: Millis): void {
    this.lastFrameMs = nowMs;
    if (hostOf(peer) === this.#homeHost) this.lastHomeFrameMs = nowMs;
  }
}
