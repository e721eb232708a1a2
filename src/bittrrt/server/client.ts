import type { Millis, OpId } from "../../machine/index.js";
import type { PortName } from "../events.js";
import type { Session } from "../session.js";
import { Rate } from "./rate.js";

/** One client of a server, from its first `connect` on. */
export class Client {
  /** Its address and public key. */
  readonly id: string;
  /** Where its `connect` comes from. */
  readonly peer: string;
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
  /** Its last frame or, before the first, its last `connect` that counted. */
  heardMs: Millis;
  connects = 0;
  /** An authentic frame has come. */
  isEstablished = false;

  constructor(
    id: string,
    peer: string,
    publicKey: Uint8Array,
    session: Session,
    answersPerSecond: number,
    nowMs: Millis,
  ) {
    this.id = id;
    this.peer = peer;
    this.publicKey = publicKey;
    this.session = session;
    this.answers = new Rate(answersPerSecond);
    this.heardMs = nowMs;
  }

  /** All three ports are bound. */
  get isReady(): boolean {
    return this.locals.size === 3;
  }
}
