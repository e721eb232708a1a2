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
import { ReplayWindow, type Seen } from "./replay-window.js";
import { StampClock } from "./stamp-clock.js";

/** What a datagram of a peer turned out to be. */
export type Received =
  /** Not of this session, or not as it should be; `isAuthentic` tells which. */
  | { readonly type: "refused"; readonly isAuthentic: boolean; readonly issue: WireIssue }
  | {
      readonly type: "heartbeat";
      readonly mode: HeartbeatMode;
      readonly reply: Uint8Array | undefined;
      readonly timing: HeartbeatTiming;
      /** What it acknowledges beside, under `reference`: a frame with both flags is both. */
      readonly acknowledged?: bigint;
      /** No later one has come: its sender is there now. */
      readonly isLatest: boolean;
    }
  | {
      readonly type: "control";
      readonly frame: Frame;
      /** Its channel and sequence have not come before. */
      readonly isNew: boolean;
      readonly isLatest: boolean;
      /** The answer of a server; a client has none. */
      readonly ack: Uint8Array | undefined;
    }
  | { readonly type: "ack"; readonly sequence: bigint }
  /** Of a kind that the reference does not know. */
  | { readonly type: "frame"; readonly frame: Frame };

export interface SessionOptions extends HeartbeatRules {
  readonly key: FrameKey;
  /** Frames that are remembered of each kind, at least, in `strict`; and control messages, in both profiles. */
  readonly replayWindow: number;
}

/** The kinds of frames, by what says how new they are: a stamp of ours, one of theirs, a sequence, or nothing. */
type Kind = HeartbeatStamp["clock"] | "control" | "other";

/** The frames between two peers: sealed, opened, checked and answered, on all ports alike. */
export class Session {
  readonly #key: FrameKey;
  readonly #rules: HeartbeatRules;
  readonly #isStrict: boolean;
  readonly #isServer: boolean;
  readonly #clock = new StampClock();
  /** The nonces of frames that came, and of our own texts, which the role of their reader does not tell from theirs. */
  readonly #seen: Readonly<Record<Kind, ReplayWindow<number>>>;
  /** The channels and sequences of control messages: one that is sent again is not told again. */
  readonly #controls: ReplayWindow<string>;
  /** The sequences of the control messages that we sent. */
  #ownControls: { readonly first: bigint; readonly last: bigint } | undefined;

  constructor({ key, replayWindow, ...rules }: SessionOptions) {
    this.#key = key;
    this.#rules = rules;
    this.#isStrict = rules.profile === "strict";
    this.#isServer = rules.role === "server";
    const window = (): ReplayWindow<number> => new ReplayWindow(replayWindow);
    this.#seen = { ours: window(), theirs: window(), control: window(), other: window() };
    this.#controls = new ReplayWindow(replayWindow);
  }

  /** The stamp of a heartbeat that is made when the wall clock shows `nowMs`. It never goes back under `strict`. */
  stampMs(nowMs: bigint): bigint {
    return this.#isStrict ? this.#clock.at(nowMs) : nowMs;
  }

  /** Seals a frame of ours. */
  seal(payload: Uint8Array, fields: FrameFields): Uint8Array {
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
   * Takes a datagram; `nowMs` is the wall clock. The bytes are borrowed.
   * @param bytesMax what `reference` reads of a datagram: the rest of a longer one is cut off, as its sockets do it
   */
  receive(datagram: Uint8Array, nowMs: bigint, bytesMax = PORT_DATAGRAM_BYTES_MAX): Received {
    const isCut = !this.#isStrict && datagram.length > bytesMax;
    const opened = this.#key.tryOpen(isCut ? datagram.subarray(0, bytesMax) : datagram);
    if (!opened.ok) return { type: "refused", isAuthentic: false, issue: opened.error };
    const frame = opened.value;
    if (hasFlag(frame.flags, "heartbeat")) return this.#heartbeat(datagram, frame, this.stampMs(nowMs));
    if (frame.flags === CONTROL_FLAGS) return this.#control(datagram, frame);
    const isAck = hasFlag(frame.flags, "ack");
    if (isAck && this.#isServer && this.#isStrict) return refused("an acknowledgement of the other role");
    const seen = this.#note("other", datagram);
    if (isPast(seen)) return refused(PAST[seen]);
    return isAck ? { type: "ack", sequence: frame.sequence } : { type: "frame", frame };
  }

  wipe(): void {
    this.#key.wipe();
  }

  #heartbeat(datagram: Uint8Array, frame: Frame, nowMs: bigint): Received {
    const { mode, reply, timing = {}, stamp, refused: why } = reactToHeartbeat(frame, nowMs, this.#rules);
    if (why !== undefined) return refused(why);
    if (reply !== undefined && reply.payload.length > this.#key.plaintextBytesMax) return refused("no room to answer");
    const order = stamp && Number(stamp.ms);
    const seen = stamp === undefined ? "latest" : this.#note(stamp.clock, datagram, order);
    if (isPast(seen)) return refused(PAST[seen]);
    const answer = reply && this.#key.seal(reply.payload, reply.fields);
    // A client may send such an answer on as it is: only its nonce tells ours from that.
    if (answer !== undefined && mode === "text") this.#note("theirs", answer, order);
    const isLatest = seen === "latest";
    if (this.#isStrict || !hasFlag(frame.flags, "ack"))
      return { type: "heartbeat", mode, timing, reply: answer, isLatest };
    return { type: "heartbeat", mode, timing, reply: answer, isLatest, acknowledged: frame.sequence };
  }

  #control(datagram: Uint8Array, frame: Frame): Received {
    const { channel, sequence } = frame;
    if (this.#isStrict && this.#isOwnControl(frame)) return refused("a control message of our own");
    // Messages to a server rise in their sequence; those to a client are not answered, and bear no order.
    const order = this.#isServer ? Number(sequence) : undefined;
    const seen = this.#note("control", datagram, order);
    if (isPast(seen)) return refused(PAST[seen]);
    const message = this.#controls.note(`${channel} ${sequence}`, this.#isStrict ? order : undefined);
    if (message === "old") return refused(PAST[message]);
    const ack = this.#isServer
      ? this.#key.seal(Uint8Array.from(ACK_PAYLOAD), { flags: ACK_FLAGS, channel, sequence })
      : undefined;
    return { type: "control", frame, isNew: message !== "again", isLatest: seen === "latest", ack };
  }

  /** No role tells whose they are: a server's say nothing but ports, a client's have a row of sequences. */
  #isOwnControl({ plaintext, sequence }: Frame): boolean {
    if (this.#isServer) return tryReadPorts(plaintext).ok;
    const own = this.#ownControls;
    return own !== undefined && sequence >= own.first && sequence <= own.last;
  }

  #note(kind: Kind, datagram: Uint8Array, order?: number): Seen {
    return this.#isStrict ? this.#seen[kind].note(nonceOf(datagram), order) : "latest";
  }
}

/** Why a frame is refused. */
const PAST = { again: "a frame that came before", old: "a frame older than all that are remembered" } as const;

function isPast(seen: Seen): seen is keyof typeof PAST {
  return seen in PAST;
}

/** Bytes of a nonce that tell it apart: 48 bits fit a number, and no one can choose those of an authentic frame. */
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
    issue: { code: "argument", format: "bittrrt_frame", path: "", offset: 0, actual },
  };
}
