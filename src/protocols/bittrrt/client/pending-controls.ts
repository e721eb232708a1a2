/** Control messages that wait for an acknowledgement. */
import { DeadlineHeap, type CallId, type Millis } from "../../../machine/index.js";

/** The first sequence has seven random digits, as in the reference. */
const SEQUENCE_MIN = 1_000_000;
const SEQUENCES = 9_000_000;
/** The longest time between two transmissions. */
const RESEND_MS_MAX = 8_000;

/** A control message without an acknowledgement so far. */
interface PendingControl {
  readonly call: CallId;
  readonly sequence: bigint;
  readonly payload: Uint8Array;
  waitMs: Millis;
  transmissions: number;
}

/** The control messages of a client that are sent again until the server acknowledges them. */
export class PendingControls {
  readonly #resendMs: Millis;
  readonly #random: (n: number) => Uint8Array;
  readonly #bySequence = new Map<bigint, PendingControl>();
  readonly #resends = new DeadlineHeap<PendingControl>();
  #nextSequence: bigint | undefined;

  constructor(resendMs: Millis, random: (n: number) => Uint8Array) {
    this.#resendMs = resendMs;
    this.#random = random;
  }

  /** When the next message is due. */
  get nextMs(): Millis {
    return this.#resends.nextMs;
  }

  /** Adds a message that is sent now. Its sequence is above all before it, so that the server can tell replays. */
  add(call: CallId, payload: Uint8Array, nowMs: Millis): PendingControl {
    const sequence = (this.#nextSequence ??= this.#drawSequence());
    this.#nextSequence++;
    const control = { call, sequence, payload, waitMs: this.#resendMs, transmissions: 1 };
    this.#bySequence.set(sequence, control);
    this.#resends.set(control, nowMs + control.waitMs);
    return control;
  }

  /** The messages that are due. The time to the next transmission of each doubles. */
  *due(nowMs: Millis): Generator<PendingControl> {
    for (let due = this.#resends.popDue(nowMs); due !== undefined; due = this.#resends.popDue(nowMs)) {
      due.waitMs = Math.min(2 * due.waitMs, RESEND_MS_MAX);
      due.transmissions++;
      this.#resends.set(due, nowMs + due.waitMs);
      yield due;
    }
  }

  /** Removes and returns the message of a sequence; undefined for an unknown sequence. */
  acknowledge(sequence: bigint): PendingControl | undefined {
    const control = this.#bySequence.get(sequence);
    if (control !== undefined) this.#forget(control);
    return control;
  }

  /** Removes the message of a call. */
  abandon(call: CallId): void {
    for (const control of this.#bySequence.values()) if (control.call === call) this.#forget(control);
  }

  #drawSequence(): bigint {
    const drawn = this.#random(4);
    const number = new DataView(drawn.buffer, drawn.byteOffset, 4).getUint32(0);
    return BigInt(SEQUENCE_MIN + (number % SEQUENCES));
  }

  #forget(control: PendingControl): void {
    this.#bySequence.delete(control.sequence);
    this.#resends.delete(control);
  }
}
