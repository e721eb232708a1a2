import { TokenBucket, type Millis, type OpId } from "../../../machine/index.js";
import { hostOf, addressPrefix } from "../../../address.js";
import type { PortName } from "../events.js";
import type { Session } from "../session.js";

/** How long a client that has sent no frame yet is waited for at the host of its `connect`. */
const FIRST_FRAME_MS = 3_000;

/** One client of a server, from its first `connect` on. */
export class Client {
  /** Its address and public key. */
  readonly id: string;
  /** Where its `connect` comes from. */
  readonly peer: string;
  readonly network: string;
  /** The public half of its key, in hex. */
  readonly keyHex: string;
  /** What it is answered with: 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly session: Session;
  readonly answers: TokenBucket;
  /** Where its frames are expected; a port that is not yet bound is missing. */
  readonly locals = new Map<PortName, string>();
  /** Every port that is taken for it, also those that turned out to be in use. */
  readonly ports = new Set<number>();
  /** What is being bound. */
  readonly binding = new Map<OpId, { readonly name: PortName; readonly port: number }>();
  /** Its last new frame or, before the first, its last `connect` that counted. */
  heardMs: Millis;
  /** Its last new frame from the host of its `connect` or, before the first, when its ports were ready. */
  homeMs: Millis = 0;
  connects = 0;
  /** A new frame has come. */
  isEstablished = false;
  readonly #home: string;

  constructor(
    { id, peer, keyHex }: Pick<Client, "id" | "peer" | "keyHex">,
    publicKey: Uint8Array,
    session: Session,
    answersPerSecond: number,
    nowMs: Millis,
  ) {
    this.id = id;
    this.peer = peer;
    this.#home = hostOf(peer);
    this.network = addressPrefix(peer);
    this.keyHex = keyHex;
    this.publicKey = publicKey;
    this.session = session;
    this.answers = new TokenBucket(answersPerSecond);
    this.heardMs = nowMs;
  }

  /** All three ports are bound. */
  get isReady(): boolean {
    return this.locals.size === 3;
  }

  /**
   * Whether a frame may come from there. The host of its `connect` is where a client is; elsewhere it is heard only
   * while that host is silent, as it is when a NAT or another network has given the client another address.
   */
  isExpectedFrom(peer: string, rebindAfterMs: Millis, nowMs: Millis): boolean {
    if (hostOf(peer) === this.#home) return true;
    const silenceMs = this.isEstablished ? rebindAfterMs : Math.min(rebindAfterMs, FIRST_FRAME_MS);
    return this.homeMs + silenceMs <= nowMs;
  }

  /** A new frame has come from there. */
  heard(peer: string, nowMs: Millis): void {
    this.heardMs = nowMs;
    if (hostOf(peer) === this.#home) this.homeMs = nowMs;
  }
}
