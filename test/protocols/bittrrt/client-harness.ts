/** A client machine whose effects a test carries out. */
import {
  BittrrtClient,
  TokenKey,
  tryReadHandshake,
  type BittrrtCall,
  type BittrrtClientEvent,
  type BittrrtClientOptions,
  type BittrrtOutcome,
} from "../../../src/protocols/bittrrt/index.js";
import type { WireIssue } from "../../../src/errors.js";
import type { Effect, Event } from "../../../src/machine/index.js";
import { random } from "./server-harness.js";

const TOKENS = new TokenKey();

/** A call, and its outcome so far. */
interface Call {
  error?: WireIssue;
  value?: BittrrtOutcome;
}

/** A client without a network: all ports can be bound, or none for a given reason; the test moves time. */
export class ClientHarness {
  readonly events: BittrrtClientEvent[] = [];
  readonly sent: { readonly from: string | undefined; readonly to: string; readonly bytes: Uint8Array }[] = [];
  /** The public key in its last `connect`. */
  publicKey: Uint8Array | undefined;
  readonly #machine: BittrrtClient;
  readonly #noSocket: string | undefined;
  readonly #calls = new Map<number, Call>();
  #local: string | undefined;
  #ports = 50_000;
  #nowMs = 0;

  constructor(options: BittrrtClientOptions, noSocket?: string) {
    const env = { random, unixNs: (): bigint => BigInt(1_700_000_000_000 + this.#nowMs) * 1_000_000n };
    this.#machine = new BittrrtClient({ bindHost: "client", ...options }, env);
    this.#noSocket = noSocket;
  }

  /** `connected` once it was told, `proving` while it sends heartbeats that nobody answers. */
  get state(): string {
    const types = new Set(this.events.map(({ type }) => type));
    return types.has("connected") ? "connected" : types.has("heartbeat") ? "probing" : "connecting";
  }

  call(request: BittrrtCall): Call {
    const call: Call = {};
    const id = this.#calls.size + 1;
    this.#calls.set(id, call);
    this.#step({ type: "call", id, request, deadlineMs: Infinity });
    return call;
  }

  /** Delivers a datagram, by default to the address of the attempt. */
  receive(peer: string, bytes: Uint8Array, local = this.#local): void {
    this.#step({ type: "datagram", peer, bytes, ...(local !== undefined && { local }) });
  }

  /** Moves time forward and wakes the machine. */
  wait(ms: number): void {
    for (const untilMs = this.#nowMs + ms; this.#machine.nextWakeMs() <= untilMs;) {
      this.#nowMs = Math.max(this.#nowMs, this.#machine.nextWakeMs());
      this.#step({ type: "wake" });
    }
    this.#nowMs += ms;
  }

  #step(event: Event<BittrrtCall>): void {
    const out: Effect<BittrrtOutcome, BittrrtClientEvent>[] = [];
    this.#machine.step(event, this.#nowMs, out);
    for (const effect of out) this.#take(effect);
    for (const effect of out) if (effect.type === "bind") this.#bind(effect.op, effect.local);
  }

  #take(effect: Effect<BittrrtOutcome, BittrrtClientEvent>): void {
    if (effect.type === "emit") {
      this.events.push(effect.event);
      if (effect.event.type === "attempt") this.#local = effect.event.local;
    }
    if (effect.type === "settle") {
      const call = this.#calls.get(effect.id)!;
      if ("error" in effect) call.error = effect.error;
      else call.value = effect.value;
    }
    if (effect.type !== "datagram") return;
    this.sent.push({ from: effect.local, to: effect.peer, bytes: effect.bytes });
    const token = TOKENS.tryOpen(effect.bytes);
    const message = token.ok ? tryReadHandshake(token.value.text) : undefined;
    if (message?.ok === true && message.value.command === "connect") this.publicKey = message.value.publicKey;
  }

  #bind(op: number, local: string): void {
    if (this.#noSocket === undefined) {
      return this.#step({ type: "bound", op, local: local.replace(/:0$/, `:${this.#ports++}`) });
    }
    const error = { code: "argument", format: "udp", path: local, actual: this.#noSocket } as const;
    this.#step({ type: "failed", op, error });
  }
}
