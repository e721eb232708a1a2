import type { WireIssue } from "../errors.js";
import { ACK_FLAGS, CONTROL_FLAGS, hasFlag } from "./flags.js";
import type { Frame, FrameKey } from "./frame.js";
import type { FrameFields } from "./frame-header.js";
import { reactToHeartbeat, type HeartbeatMode, type HeartbeatRules, type HeartbeatTiming } from "./heartbeat.js";
import { ACK_PAYLOAD } from "./messages.js";
import { ReplayWindow } from "./replay-window.js";

/** What a datagram of a peer turned out to be. */
export type Received =
  /** Not of this session, or not as it should be; `isAuthentic` tells which. */
  | { readonly type: "refused"; readonly isAuthentic: boolean; readonly issue: WireIssue }
  | {
      readonly type: "heartbeat";
      readonly mode: HeartbeatMode;
      readonly reply: Uint8Array | undefined;
      readonly timing: HeartbeatTiming;
    }
  /** `ack` is the answer of a server; a client has none. */
  | { readonly type: "control"; readonly frame: Frame; readonly isNew: boolean; readonly ack: Uint8Array | undefined }
  | { readonly type: "ack"; readonly sequence: bigint }
  /** Of a kind that the reference does not know. */
  | { readonly type: "frame"; readonly frame: Frame };

export interface SessionOptions extends HeartbeatRules {
  readonly key: FrameKey;
  /** Nonces that are remembered, in `strict`. */
  readonly replayWindow: number;
}

/** Sequences of control messages that are remembered, so that one that is sent again is not told again. */
const CONTROLS_REMEMBERED = 256;

/** The frames between two peers: sealed, opened, checked and answered, on all ports alike. */
export class Session {
  readonly #key: FrameKey;
  readonly #rules: HeartbeatRules;
  readonly #seen: ReplayWindow | undefined;
  readonly #controls = new Set<bigint>();

  constructor({ key, replayWindow, ...rules }: SessionOptions) {
    this.#key = key;
    this.#rules = rules;
    this.#seen = rules.profile === "strict" ? new ReplayWindow(replayWindow) : undefined;
  }

  /** Seals a frame of ours, which is refused should it ever come back. */
  seal(payload: Uint8Array, fields: FrameFields): Uint8Array {
    const datagram = this.#key.seal(payload, fields);
    this.#seen?.note(datagram);
    return datagram;
  }

  /** Takes a datagram; `nowMs` is the wall clock. The bytes are borrowed. */
  receive(datagram: Uint8Array, nowMs: bigint): Received {
    const opened = this.#key.tryOpen(datagram);
    if (!opened.ok) return { type: "refused", isAuthentic: false, issue: opened.error };
    if (this.#seen?.note(datagram) === false) return refused("a frame that came before");
    const frame = opened.value;
    if (hasFlag(frame.flags, "heartbeat")) return this.#heartbeat(frame, nowMs);
    if (frame.flags === CONTROL_FLAGS) return this.#control(frame);
    if (hasFlag(frame.flags, "ack")) return { type: "ack", sequence: frame.sequence };
    return { type: "frame", frame };
  }

  wipe(): void {
    this.#key.wipe();
  }

  #heartbeat(frame: Frame, nowMs: bigint): Received {
    const { mode, reply, timing = {}, refused: why } = reactToHeartbeat(frame, nowMs, this.#rules);
    if (why !== undefined) return refused(why);
    return { type: "heartbeat", mode, timing, reply: reply && this.seal(reply.payload, reply.fields) };
  }

  #control(frame: Frame): Received {
    const { channel, sequence } = frame;
    const isNew = !this.#controls.has(sequence);
    if (isNew) {
      if (this.#controls.size >= CONTROLS_REMEMBERED) this.#controls.delete(first(this.#controls));
      this.#controls.add(sequence);
    }
    const isServer = this.#rules.role === "server";
    const ack = isServer ? this.seal(Uint8Array.from(ACK_PAYLOAD), { flags: ACK_FLAGS, channel, sequence }) : undefined;
    return { type: "control", frame, isNew, ack };
  }
}

function first<T>(items: Iterable<T>): T {
  for (const item of items) return item;
  throw new RangeError("nothing is first of nothing");
}

function refused(actual: string): Received {
  return {
    type: "refused",
    isAuthentic: true,
    issue: { code: "argument", format: "bittrrt_frame", path: "", offset: 0, actual },
  };
}
