/** A harness that drives one client machine step by step. */
import { concatBytes, own } from "../../../../src/bytes/index.js";
import type { Result, WireIssue } from "../../../../src/errors.js";
import type { Effect, Env, Event } from "../../../../src/machine/index.js";
import {
  RaidaClient,
  type Healing,
  type RaidaClientEvent,
  type RaidaClientOptions,
  type Coin,
  type RaidaReply,
  type RaidaRequest,
} from "../../../../src/protocols/raida/index.js";

export const SERVERS: readonly string[] = Array.from({ length: 25 }, (_, id) => `server:${id}`);

/** A coin whose numbers differ from each other and from those of other coins. */
export function coinOf(denomination: number, serial: number): Coin {
  const ans = SERVERS.map((_, id) =>
    Uint8Array.from({ length: 16 }, (__, i) => (serial * 7 + id * 31 + i * 13) & 0xff),
  );
  return { denomination, serial, ans };
}

/**
 * Drives one client: a test feeds events and inspects effects. Forbidden effects throw: to connect twice on one link,
 * to write on a link that is not open, to settle a call twice.
 */
export class ClientHarness {
  readonly client: RaidaClient;
  /** All connections that the client has requested, in order. */
  readonly connects: { readonly link: number; readonly peer: string }[] = [];
  readonly datagrams: { readonly peer: string; readonly bytes: Uint8Array }[] = [];
  /** Links that are connecting or open. */
  readonly links = new Map<number, "connecting" | "open">();
  readonly written = new Map<number, Uint8Array>();
  readonly settled = new Map<number, Result<RaidaReply | Healing>>();
  /** All random bytes that the client has drawn, in order. */
  readonly drawn: Uint8Array[] = [];
  nowMs = 1_000;
  readonly #queue: Uint8Array[];
  #calls = 0;
  #seed = 1;

  /** @param draws results of `random`, each for the first draw of its length; other draws never repeat */
  constructor(options: Partial<RaidaClientOptions> = {}, draws: readonly Uint8Array[] = []) {
    this.#queue = [...draws];
    const env: Env = { random: (n) => this.#draw(n), unixNs: () => 0n };
    this.client = new RaidaClient({ servers: SERVERS, ...options }, env);
  }

  /** Starts a call. @returns its id */
  call(request: RaidaRequest, deadlineMs = Infinity): number {
    const id = ++this.#calls;
    this.step({ type: "call", id, request, deadlineMs });
    return id;
  }

  /** Starts a call, and opens its connection if it needs one. @returns the bytes of its request */
  sent(request: RaidaRequest): Uint8Array {
    const before = this.datagrams.length;
    const id = this.call(request);
    const outcome = this.settled.get(id);
    if (outcome?.ok === false) throw new Error(`${outcome.error.code} ${outcome.error.path}`);
    return this.datagrams[before]?.bytes ?? this.open();
  }

  /** Opens the newest connection. @returns the bytes that the client writes on it */
  open(link = this.connects.at(-1)!.link): Uint8Array {
    this.step({ type: "opened", link, peer: "server" });
    return this.written.get(link)!;
  }

  receive(bytes: Uint8Array, link = this.connects.at(-1)!.link): void {
    this.step({ type: "bytes", link, bytes: own(bytes) });
  }

  close(link = this.connects.at(-1)!.link, error?: WireIssue): void {
    this.links.delete(link);
    this.step({ type: "closed", link, ...(error && { error }) });
  }

  receiveDatagram(peer: string, bytes: Uint8Array): void {
    this.step({ type: "datagram", peer, bytes: own(bytes) });
  }

  /** Advances the time to the next wake of the client. */
  wake(): void {
    const nextMs = this.client.nextWakeMs();
    if (nextMs === Infinity) throw new Error("the client waits for nothing");
    this.nowMs = nextMs;
    this.step({ type: "wake" });
  }

  /** The error of a failed call. */
  errorOf(id: number): WireIssue {
    const outcome = this.settled.get(id);
    if (outcome?.ok !== false) throw new Error("the call has not failed");
    return outcome.error;
  }

  /** The value of a successful call. */
  valueOf(id: number): RaidaReply | Healing {
    const outcome = this.settled.get(id);
    if (outcome?.ok !== true) throw new Error(outcome === undefined ? "still open" : JSON.stringify(outcome.error));
    return outcome.value;
  }

  step(event: Event<RaidaRequest>): void {
    if (event.type === "opened") this.links.set(event.link, "open");
    const out: Effect<RaidaReply | Healing, RaidaClientEvent>[] = [];
    this.client.step(event, this.nowMs, out);
    // The bytes of an event are lent for the step: overwriting them exposes a machine that keeps them.
    if ("bytes" in event) event.bytes?.fill(0xdb);
    for (const effect of out) this.#carryOut(effect);
  }

  #carryOut(effect: Effect<RaidaReply | Healing, RaidaClientEvent>): void {
    switch (effect.type) {
      case "connect":
        if (this.connects.some(({ link }) => link === effect.link)) throw new Error("connects twice on one link");
        this.connects.push({ link: effect.link, peer: effect.peer });
        this.links.set(effect.link, "connecting");
        return;
      case "write":
        if (this.links.get(effect.link) !== "open") throw new Error("writes to a link that is not open");
        this.written.set(effect.link, concatBytes(this.written.get(effect.link) ?? new Uint8Array(0), effect.bytes));
        return;
      case "shut":
        if (!this.links.delete(effect.link)) throw new Error("shuts a link that is gone");
        return;
      case "datagram":
        this.datagrams.push({ peer: effect.peer, bytes: effect.bytes });
        return;
      case "settle":
        if (this.settled.has(effect.id)) throw new Error("settles a call twice");
        this.settled.set(
          effect.id,
          "error" in effect ? { ok: false, error: effect.error } : { ok: true, value: effect.value },
        );
        return;
      default:
        return;
    }
  }

  #draw(n: number): Uint8Array {
    const at = this.#queue.findIndex(({ length }) => length === n);
    const bytes = at < 0 ? this.#anything(n) : this.#queue.splice(at, 1)[0]!.slice();
    this.drawn.push(bytes.slice());
    return bytes;
  }

  /** Bytes of a linear congruential generator. */
  #anything(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => {
      this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
      return this.#seed >>> 16;
    });
  }
}
