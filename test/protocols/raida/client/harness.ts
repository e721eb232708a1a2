/** A harness that drives one client machine step by step. */
import { concatBytes, own } from "../../../../src/bytes/index.js";
import type { WireIssue } from "../../../../src/errors.js";
import type { Effect, Event } from "../../../../src/machine/index.js";
import {
  RaidaClient,
  type Coin,
  type RaidaCall,
  type RaidaClientEvent,
  type RaidaClientOptions,
  type RaidaOutcome,
  type RaidaRequest,
} from "../../../../src/protocols/raida/index.js";
import { SteppedMachine } from "../../../../src/testing/index.js";

export const SERVERS: readonly string[] = Array.from({ length: 25 }, (_, id) => `server:${id}`);

/** A coin whose numbers differ from each other and from those of other coins. */
export function coinOf(denomination: number, serial: number): Coin {
  const ans = SERVERS.map((_, id) =>
    Uint8Array.from({ length: 16 }, (__, i) => (serial * 7 + id * 31 + i * 13) & 0xff),
  );
  return { denomination, serial, ans };
}

/**
 * Drives one client: a test feeds events and inspects effects. Forbidden effects throw, also to write on a link that is
 * not open and to shut one that is gone.
 */
export class ClientHarness extends SteppedMachine<RaidaCall, RaidaOutcome, RaidaClientEvent, RaidaClient> {
  /** All connections that the client has requested, in order. */
  readonly connects: { readonly link: number; readonly peer: string }[] = [];
  readonly datagrams: { readonly peer: string; readonly bytes: Uint8Array }[] = [];
  /** Links that are connecting or open. */
  readonly links = new Map<number, "connecting" | "open">();
  readonly written = new Map<number, Uint8Array>();
  /** All random bytes that the client has drawn, in order. */
  readonly drawn: readonly Uint8Array[];

  /** @param draws results of `random`, each for the first draw of its length; other draws never repeat */
  constructor(options: Partial<RaidaClientOptions> = {}, draws: readonly Uint8Array[] = []) {
    const drawn: Uint8Array[] = [];
    const draw = drawing(draws);
    const random = (n: number): Uint8Array => {
      const bytes = draw(n);
      drawn.push(bytes.slice());
      return bytes;
    };
    super((env) => new RaidaClient({ servers: SERVERS, ...options }, env), { nowMs: 1_000, random, unixNs: () => 0n });
    this.drawn = drawn;
  }

  /** Starts a call, and opens its connection if it needs one. @returns the bytes of its request */
  sent(request: RaidaRequest): Uint8Array {
    const before = this.datagrams.length;
    const id = this.call(request);
    const outcome = this.outcomes.get(id);
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

  /** The error of a failed call. */
  errorOf(id: number): WireIssue {
    const outcome = this.outcomes.get(id);
    if (outcome?.ok !== false) throw new Error("the call has not failed");
    return outcome.error;
  }

  /** The value of a successful call. */
  resultOf(id: number): RaidaOutcome {
    const outcome = this.outcomes.get(id);
    if (outcome?.ok !== true) throw new Error(outcome === undefined ? "still open" : JSON.stringify(outcome.error));
    return outcome.value;
  }

  override step(event: Event<RaidaCall>): void {
    if (event.type === "opened") this.links.set(event.link, "open");
    super.step(event);
  }

  protected override carryOut(effect: Effect<RaidaOutcome, RaidaClientEvent>): void {
    switch (effect.type) {
      case "connect":
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
      default:
        return;
    }
  }
}

/** Draws of given bytes, and of others where none of that length is left. */
function drawing(given: readonly Uint8Array[]): (n: number) => Uint8Array {
  const queue = [...given];
  let seed = 1;
  return (n) => {
    const at = queue.findIndex(({ length }) => length === n);
    if (at >= 0) return queue.splice(at, 1)[0]!.slice();
    // Bytes of a linear congruential generator.
    return Uint8Array.from({ length: n }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 16;
    });
  };
}
