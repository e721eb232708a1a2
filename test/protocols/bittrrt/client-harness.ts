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
import type { CallId, Effect, Event } from "../../../src/machine/index.js";
import { SteppedMachine } from "../../../src/testing/index.js";
import { random } from "./server-harness.js";

const TOKENS = new TokenKey();

/** A client without a network: all ports can be bound, or none for a given reason; the test moves time. */
export class ClientHarness extends SteppedMachine<BittrrtCall, BittrrtOutcome, BittrrtClientEvent> {
  readonly sent: { readonly from: string | undefined; readonly to: string; readonly bytes: Uint8Array }[] = [];
  /** The public key in its last `connect`. */
  publicKey: Uint8Array | undefined;
  readonly #noSocket: string | undefined;
  #local: string | undefined;
  #ports = 50_000;

  constructor(options: BittrrtClientOptions, noSocket?: string) {
    super((env) => new BittrrtClient({ bindHost: "client", ...options }, env), { random });
    this.#noSocket = noSocket;
  }

  /** `connected` once it was told, `probing` while it sends heartbeats that nobody answers. */
  get state(): string {
    const types = new Set(this.events.map(({ type }) => type));
    return types.has("connected") ? "connected" : types.has("heartbeat") ? "probing" : "connecting";
  }

  /** Why a call has failed; undefined if it has not. */
  errorOf(call: CallId): WireIssue | undefined {
    const outcome = this.outcomes.get(call);
    return outcome?.ok === false ? outcome.error : undefined;
  }

  /** Delivers a datagram, by default to the address of the attempt. */
  receive(peer: string, bytes: Uint8Array, local = this.#local): void {
    this.step({ type: "datagram", peer, bytes: bytes.slice(), ...(local !== undefined && { local }) });
  }

  protected override carryOut(effect: Effect<BittrrtOutcome, BittrrtClientEvent>): Event<BittrrtCall> | undefined {
    if (effect.type === "bind") return this.#bind(effect.op, effect.local);
    if (effect.type === "emit" && effect.event.type === "attempt") this.#local = effect.event.local;
    if (effect.type !== "datagram") return undefined;
    this.sent.push({ from: effect.local, to: effect.peer, bytes: effect.bytes });
    const token = TOKENS.tryOpen(effect.bytes);
    const message = token.ok ? tryReadHandshake(token.value.text) : undefined;
    if (message?.ok === true && message.value.command === "connect") this.publicKey = message.value.publicKey;
    return undefined;
  }

  #bind(op: number, local: string): Event<BittrrtCall> {
    if (this.#noSocket === undefined) {
      return { type: "bound", op, local: local.replace(/:0$/, `:${this.#ports++}`) };
    }
    return { type: "failed", op, error: { code: "argument", format: "udp", path: local, actual: this.#noSocket } };
  }
}
