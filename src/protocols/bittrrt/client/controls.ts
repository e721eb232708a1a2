import { DeadlineHeap, type CallId, type Millis } from "../../../machine/index.js";

/** A first sequence is drawn as the reference draws it: seven digits. */
const SEQUENCE_MIN = 1_000_000;
const SEQUENCES = 9_000_000;
const RESEND_MS_MAX = 8_000;

interface Control {
  readonly call: CallId;
  readonly sequence: bigint;
  readonly payload: Uint8Array;
  waitMs: Millis;
  sendings: number;
}

/** Control messages that wait for their acknowledgement, and are sent again until it comes. */
export class Controls {
  readonly #resendMs: Millis;
  readonly #random: (n: number) => Uint8Array;
  readonly #bySequence = new Map<bigint, Control>();
  readonly #resends = new DeadlineHeap<Control>();
  #nextSequence: bigint | undefined;

  constructor(resendMs: Millis, random: (n: number) => Uint8Array) {
    this.#resendMs = resendMs;
    this.#random = random;
  }

  get nextMs(): Millis {
    return this.#resends.nextMs;
  }

  /** A message to be sent now. Its sequence is above all before it, which tells it from what was recorded of them. */
  add(call: CallId, payload: Uint8Array, nowMs: Millis): Control {
    const sequence = (this.#nextSequence ??= this.#drawSequence());
    this.#nextSequence++;
    const control = { call, sequence, payload, waitMs: this.#resendMs, sendings: 1 };
    this.#bySequence.set(sequence, control);
    this.#resends.set(control, nowMs + control.waitMs);
    return control;
  }

  /** Those that are to be sent again now, each after twice the time that it waited before. */
  *due(nowMs: Millis): Generator<Control> {
    for (let due = this.#resends.popDue(nowMs); due !== undefined; due = this.#resends.popDue(nowMs)) {
      due.waitMs = Math.min(2 * due.waitMs, RESEND_MS_MAX);
      due.sendings++;
      this.#resends.set(due, nowMs + due.waitMs);
      yield due;
    }
  }

  /** Takes what is acknowledged; undefined for what waits for none. */
  acknowledge(sequence: bigint): Control | undefined {
    const control = this.#bySequence.get(sequence);
    if (control !== undefined) this.#forget(control);
    return control;
  }

  /** Gives up what a call has sent. */
  abandon(call: CallId): void {
    for (const control of this.#bySequence.values()) if (control.call === call) this.#forget(control);
  }

  #drawSequence(): bigint {
    const drawn = this.#random(4);
    const number = new DataView(drawn.buffer, drawn.byteOffset, 4).getUint32(0);
    return BigInt(SEQUENCE_MIN + (number % SEQUENCES));
  }

  #forget(control: Control): void {
    this.#bySequence.delete(control.sequence);
    this.#resends.delete(control);
  }
}
