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

/** A coin with numbers that differ from each other and from those of other coins. */
export function coinOf(denomination: number, serial: number): Coin {
  const ans = SERVERS.map((_, id) =>
    Uint8Array.from({ length: 16 }, (__, i) => (serial * 7 + id * 31 + i * 13) & 0xff),
  );
  return { denomination, serial, ans };
}

/**
 * One client without a world: a test says what happens to it and looks at what it wants. What no client may do is an
 * error: to connect twice on one link, to speak on a link that is not open, to settle a call twice.
 */
export class ClientBench {
  readonly client: RaidaClient;
  /** In their order, all that was ever asked for. */
  readonly connects: { readonly link: number; readonly peer: string }[] = [];
  readonly datagrams: { readonly peer: string; readonly bytes: Uint8Array }[] = [];
  /** Links that are connecting or open. */
  readonly links = new Map<number, "connecting" | "open">();
  readonly written = new Map<number, Uint8Array>();
  readonly settled = new Map<number, Result<RaidaReply | Healing>>();
  /** What was drawn, in order. */
  readonly drawn: Uint8Array[] = [];
  nowMs = 1_000;
  readonly #queue: Uint8Array[];
  #calls = 0;
  #seed = 1;

  /** @param draws what `random` gives to the first who wants as many bytes; what it gives otherwise never repeats */
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

  /** The bytes of a request, by whichever way it goes. Its connection is opened. */
  sent(request: RaidaRequest): Uint8Array {
    const before = this.datagrams.length;
    const id = this.call(request);
    const outcome = this.settled.get(id);
    if (outcome?.ok === false) throw new Error(`${outcome.error.code} ${outcome.error.path}`);
    return this.datagrams[before]?.bytes ?? this.open();
  }

  /** Opens the newest connection. @returns what is written on it at once */
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

  /** Lets time pass until the client wants to wake. */
  wake(): void {
    const nextMs = this.client.nextWakeMs();
    if (nextMs === Infinity) throw new Error("the client waits for nothing");
    this.nowMs = nextMs;
    this.step({ type: "wake" });
  }

  /** The error of a call that has failed. */
  errorOf(id: number): WireIssue {
    const outcome = this.settled.get(id);
    if (outcome?.ok !== false) throw new Error("the call has not failed");
    return outcome.error;
  }

  /** What a call has come to. */
  valueOf(id: number): RaidaReply | Healing {
    const outcome = this.settled.get(id);
    if (outcome?.ok !== true) throw new Error(outcome === undefined ? "still open" : JSON.stringify(outcome.error));
    return outcome.value;
  }

  step(event: Event<RaidaRequest>): void {
    if (event.type === "opened") this.links.set(event.link, "open");
    const out: Effect<RaidaReply | Healing, RaidaClientEvent>[] = [];
    this.client.step(event, this.nowMs, out);
    // Lent for the step alone.
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

  /** Numbers of a linear congruential generator. */
  #anything(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => {
      this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
      return this.#seed >>> 16;
    });
  }
}
