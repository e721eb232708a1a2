import type { Millis, OpId } from "../../machine/index.js";
import { hostOf, networkOf } from "../addresses.js";
import type { PortName } from "../events.js";
import type { Session } from "../session.js";
import { Rate } from "./rate.js";

/** How long a port waits for the host that its client's `connect` came from, before it hears others. */
const HOST_MS = 3_000;

/** Where the frames of one port come from. */
interface Owner {
  peer: string;
  /** When the last of them came that was new. */
  heardMs: Millis;
}

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
  readonly answers: Rate;
  /** Where its frames are expected; a port that is not yet bound is missing. */
  readonly locals = new Map<PortName, string>();
  /** Every port that is taken for it, also those that turned out to be in use. */
  readonly ports = new Set<number>();
  /** What is being bound. */
  readonly binding = new Map<OpId, { readonly name: PortName; readonly port: number }>();
  /** Its last new frame or, before the first, its last `connect` that counted. */
  heardMs: Millis;
  readyMs: Millis = 0;
  connects = 0;
  /** A new frame has come. */
  isEstablished = false;
  readonly #owners = new Map<PortName, Owner>();

  constructor(
    { id, peer, keyHex }: Pick<Client, "id" | "peer" | "keyHex">,
    publicKey: Uint8Array,
    session: Session,
    answersPerSecond: number,
    nowMs: Millis,
  ) {
    this.id = id;
    this.peer = peer;
    this.network = networkOf(hostOf(peer));
    this.keyHex = keyHex;
    this.publicKey = publicKey;
    this.session = session;
    this.answers = new Rate(answersPerSecond);
    this.heardMs = nowMs;
  }

  /** All three ports are bound. */
  get isReady(): boolean {
    return this.locals.size === 3;
  }

  /**
   * Whether frames are taken from there: from whoever sent the last new one, and from others when that one has been
   * silent, as it is when a NAT has given it another address. Until somebody has, the host of the `connect` comes first.
   */
  isExpectedFrom(port: PortName, peer: string, rebindAfterMs: Millis, nowMs: Millis): boolean {
    const owner = this.#owners.get(port);
    if (owner === undefined) return hostOf(peer) === hostOf(this.peer) || this.readyMs + HOST_MS <= nowMs;
    return owner.peer === peer || owner.heardMs + rebindAfterMs <= nowMs;
  }

  /** A new frame has come from there. */
  heard(port: PortName, peer: string, nowMs: Millis): void {
    this.heardMs = nowMs;
    const owner = this.#owners.get(port);
    if (owner === undefined) return void this.#owners.set(port, { peer, heardMs: nowMs });
    owner.peer = peer;
    owner.heardMs = nowMs;
  }
}
