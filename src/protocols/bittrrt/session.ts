/** A session: the sealed frames between two peers. */
import type { NewBytes } from "../../bytes/index.js";
import type { WireIssue } from "../../errors.js";
import { ACK_FLAGS, CONTROL_FLAGS, hasFlag } from "./flags.js";
import { PORT_DATAGRAM_BYTES_MAX, type Frame, type FrameKey } from "./frame.js";
import type { FrameFields } from "./frame-header.js";
import {
  reactToHeartbeat,
  type HeartbeatMode,
  type HeartbeatRules,
  type HeartbeatStamp,
  type HeartbeatTiming,
} from "./heartbeat.js";
import { ACK_PAYLOAD, tryReadPorts } from "./messages.js";
import { ReplayWindow, type Freshness } from "./replay-window.js";
import { MonotonicClock } from "./monotonic-clock.js";

/** A datagram of the peer, opened and checked. */
export type Received =
  /** It is ignored: a datagram of no peer of this session, or an authentic frame that breaks a rule. */
  | { readonly type: "refused"; readonly isAuthentic: boolean; readonly issue: WireIssue }
  | {
      readonly type: "heartbeat";
      readonly mode: HeartbeatMode;
      readonly reply: Uint8Array | undefined;
      readonly timing: HeartbeatTiming;
      /** The sequence that it acknowledges too: under `reference` a frame with both flags is both. */
      readonly acknowledged?: bigint;
      /** It is the latest so far, thus a sign of life. */
      readonly isLatest: boolean;
    }
  | {
      readonly type: "control";
      readonly frame: Frame;
      /** Its channel and sequence are new. */
      readonly isNew: boolean;
      readonly isLatest: boolean;
      /** The acknowledgement of a server; a client sends none. */
      readonly ack: Uint8Array | undefined;
    }
  | { readonly type: "ack"; readonly sequence: bigint }
  /** A frame with flags that the reference does not use. */
  | { readonly type: "frame"; readonly frame: Frame };

/** The key and the rules of a session. */
export interface SessionOptions extends HeartbeatRules {
  /** The key of both directions; the session uses it until it ends. */
  readonly key: FrameKey;
  /** How many frames of each kind are remembered at least, in `strict`; and control messages, in both profiles. */
  readonly replayWindow: number;
}

/** The kind of a frame by what orders it: a stamp of ours, a stamp of theirs, a sequence, or nothing. */
type Kind = HeartbeatStamp["clock"] | "control" | "other";

/** Seals, opens, checks and answers the frames between two peers, at all three ports. */
export class Session {
  readonly #key: FrameKey;
  readonly #rules: HeartbeatRules;
  readonly #isStrict: boolean;
  readonly #isServer: boolean;
  readonly #clock = new MonotonicClock();
  /** The nonces of received frames, and of our own text heartbeats, which look like those of the peer. */
  readonly #windows: Readonly<Record<Kind, ReplayWindow<number>>>;
  /** The channels and sequences of received control messages, to tell new ones from those that are sent again. */
  readonly #controls: ReplayWindow<string>;
  /** The range of the sequences of our own control messages. */
  #ownControls: { readonly first: bigint; readonly last: bigint } | undefined;

  constructor({ key, replayWindow, ...rules }: SessionOptions) {
    this.#key = key;
    this.#rules = rules;
    this.#isStrict = rules.profile === "strict";
    this.#isServer = rules.role === "server";
    const window = (): ReplayWindow<number> => new ReplayWindow(replayWindow);
    this.#windows = { ours: window(), theirs: window(), control: window(), other: window() };
    this.#controls = new ReplayWindow(replayWindow);
  }

  /** The stamp of a heartbeat that is made at `nowMs` of the wall clock. Under `strict` stamps never go back. */
  stampMs(nowMs: bigint): bigint {
    return this.#isStrict ? this.#clock.at(nowMs) : nowMs;
  }

  /** Seals a frame. */
  seal(payload: Uint8Array, fields: FrameFields): NewBytes {
    const datagram = this.#key.seal(payload, fields);
    const { flags = CONTROL_FLAGS, sequence = 0n } = fields;
    if (flags === CONTROL_FLAGS) {
      const sent = BigInt(sequence);
      const { first, last } = this.#ownControls ?? { first: sent, last: sent };
      this.#ownControls = { first, last: sent > last ? sent : last };
    }
    return datagram;
  }

  /**
   * Opens, checks and answers a datagram; `nowMs` is the wall clock. The bytes are borrowed.
   * @param bytesMax how much `reference` reads of a datagram: its sockets cut off the rest
   */
  receive(datagram: Uint8Array, nowMs: bigint, bytesMax = PORT_DATAGRAM_BYTES_MAX): Received {
    const isCut = !this.#isStrict && datagram.length > bytesMax;
    const opened = this.#key.tryOpen(isCut ? datagram.subarray(0, bytesMax) : datagram);
    if (!opened.ok) return { type: "refused", isAuthentic: false, issue: opened.error };
    const frame = opened.value;
    if (hasFlag(frame.flags, "heartbeat")) return this.#heartbeat(datagram, frame, this.stampMs(nowMs));
    if (frame.flags === CONTROL_FLAGS) return this.#control(datagram, frame);
    const isAck = hasFlag(frame.flags, "ack");
    if (isAck && this.#isServer && this.#isStrict) return refused("an acknowledgement for the other role");
    const freshness = this.#record("other", datagram);
    if (isRefused(freshness)) return refused(REFUSALS[freshness]);
    return isAck ? { type: "ack", sequence: frame.sequence } : { type: "frame", frame };
  }

  /** Overwrites the key. */
  wipe(): void {
    this.#key.wipe();
  }

  #heartbeat(datagram: Uint8Array, frame: Frame, nowMs: bigint): Received {
    const { mode, reply, timing = {}, stamp, refusal } = reactToHeartbeat(frame, nowMs, this.#rules);
    if (refusal !== undefined) return refused(refusal);
    if (reply !== undefined && reply.payload.length > this.#key.plaintextBytesMax)
      return refused("a heartbeat whose answer would be too long");
    const order = stamp && Number(stamp.ms);
    const freshness = stamp === undefined ? "latest" : this.#record(stamp.clock, datagram, order);
    if (isRefused(freshness)) return refused(REFUSALS[freshness]);
    const answer = reply && this.#key.seal(reply.payload, reply.fields);
    // Our answer is a valid heartbeat of a client too: its nonce tells a reflected one.
    if (answer !== undefined && mode === "text") this.#record("theirs", answer, order);
    const isLatest = freshness === "latest";
    if (this.#isStrict || !hasFlag(frame.flags, "ack"))
      return { type: "heartbeat", mode, timing, reply: answer, isLatest };
    return { type: "heartbeat", mode, timing, reply: answer, isLatest, acknowledged: frame.sequence };
  }

  #control(datagram: Uint8Array, frame: Frame): Received {
    const { channel, sequence } = frame;
    if (this.#isStrict && this.#isOwnControl(frame)) return refused("a control message of our own");
    // A client numbers its messages upwards. A server's messages have no order, but no answer either.
    const order = this.#isServer ? Number(sequence) : undefined;
    const freshness = this.#record("control", datagram, order);
    if (isRefused(freshness)) return refused(REFUSALS[freshness]);
    const message = this.#controls.record(`${channel} ${sequence}`, this.#isStrict ? order : undefined);
    if (message === "expired") return refused(REFUSALS[message]);
    const ack = this.#isServer
      ? this.#key.seal(Uint8Array.from(ACK_PAYLOAD), { flags: ACK_FLAGS, channel, sequence })
      : undefined;
    return { type: "control", frame, isNew: message !== "duplicate", isLatest: freshness === "latest", ack };
  }

  /** Whether a control message is a reflected one of ours: a server sends only ports, a client a range of sequences. */
  #isOwnControl({ plaintext, sequence }: Frame): boolean {
    if (this.#isServer) return tryReadPorts(plaintext).ok;
    const own = this.#ownControls;
    return own !== undefined && sequence >= own.first && sequence <= own.last;
  }

  #record(kind: Kind, datagram: Uint8Array, order?: number): Freshness {
    return this.#isStrict ? this.#windows[kind].record(nonceOf(datagram), order) : "latest";
  }
}

/** Why a replay is refused. */
const REFUSALS = { duplicate: "a repeated frame", expired: "a frame older than the replay window" } as const;

function isRefused(freshness: Freshness): freshness is keyof typeof REFUSALS {
  return freshness in REFUSALS;
}

/** Bytes of a nonce that identify it: 48 bits fit a number, and nobody else can choose those of an authentic frame. */
const SIGNIFICANT_BYTES = 6;

function nonceOf(datagram: Uint8Array): number {
  let nonce = 0;
  for (let i = 0; i < SIGNIFICANT_BYTES; i++) nonce = nonce * 256 + datagram[i]!;
  return nonce;
}

function refused(actual: string): Received {
  return {
    type: "refused",
    isAuthentic: true,
    issue: { code: "argument", format: "bittrrt_frame", path: "", actual },
  };
}
