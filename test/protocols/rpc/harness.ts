/** What tests of RPC share: values in memory, and a peer that is driven by hand. */
import { toHex } from "../../../src/bytes/index.js";
import type { MessageInit } from "../../../src/codec/index.js";
import type { Result } from "../../../src/errors.js";
import type { Effect, Event } from "../../../src/machine/index.js";
import {
  Command,
  RpcFrames,
  RpcMachine,
  type RpcBody,
  type RpcCall,
  type RpcCounters,
  type RpcEvent,
  type RpcMessage,
  type RpcOutcome,
  type RpcPeerOptions,
  type RpcTarget,
} from "../../../src/protocols/rpc/index.js";
import type { RpcValues } from "../../../src/protocols/rpc/node.js";
import { Random } from "../../../src/testing/index.js";

export const PEER = "10.0.0.1:4000";
export const STRANGER = "10.0.0.66:6666";
const FRAMES = new RpcFrames();

/** Values in memory. */
export function memoryValues(): RpcValues {
  const values = new Map<string, Uint8Array>();
  return {
    has: (key) => values.has(toHex(key)),
    get: (key) => values.get(toHex(key)),
    put: (key, value) => void values.set(toHex(key), value),
  };
}

/** A request: by default a PING. */
export function ask(message: MessageInit<RpcMessage> = {}): Uint8Array {
  const meta = { command: Command.PING, protocol: 1 } as const;
  return FRAMES.encode({ meta, sender: { address: PEER }, requestID: "DDDDDDDDDDD", ...message });
}

/** An answer to a request, by default an ACK. */
export function answer(
  { requestID }: Pick<RpcMessage, "requestID">,
  { command, ...rest }: RpcBody = { command: Command.ACK },
  address = PEER,
): Uint8Array {
  return FRAMES.encode({ ...rest, meta: { command: command as Command, protocol: 1 }, sender: { address }, requestID });
}

/** A peer whose events are given by hand, on a clock that stands still until {@link advance}. */
export class Peer {
  readonly machine: RpcMachine;
  effects: Effect<RpcOutcome, RpcEvent>[] = [];
  readonly #outcomes = new Map<number, Result<RpcOutcome>[]>();
  #nowMs = 0;
  #calls = 0;

  /** @param get answers GET inside the machine */
  constructor(options: RpcPeerOptions = {}, get?: (key: Uint8Array) => RpcBody) {
    const random = new Random(1, "peer");
    const env = { random: (n: number) => random.bytes(n), unixNs: () => 1_700_000_000_000_000_000n };
    const handlers = get && {
      [Command.GET]: ({ message }: { readonly message: RpcMessage }) => get(message.key.slice()),
    };
    this.machine = new RpcMachine(options, env, handlers);
  }

  get counters(): RpcCounters {
    return this.machine.endpoint.counters;
  }

  step(event: Event<RpcCall>): void {
    const out: Effect<RpcOutcome, RpcEvent>[] = [];
    this.machine.step(event, this.#nowMs, out);
    for (const effect of out) {
      if (effect.type !== "settle") continue;
      const outcome =
        "error" in effect ? ({ ok: false, error: effect.error } as const) : { ok: true as const, ...effect };
      this.#outcomes.set(effect.id, [...(this.#outcomes.get(effect.id) ?? []), outcome]);
    }
    this.effects.push(...out);
  }

  open(link: number, peer = PEER): void {
    this.step({ type: "opened", link, peer });
  }

  bytes(link: number, bytes: Uint8Array): void {
    this.step({ type: "bytes", link, bytes: bytes.slice() });
  }

  datagram(peer: string, bytes: Uint8Array): void {
    this.step({ type: "datagram", peer, bytes: bytes.slice() });
  }

  call(request: RpcCall, timeoutMs = 1_000): number {
    const id = ++this.#calls;
    this.step({ type: "call", id, request, deadlineMs: this.#nowMs + timeoutMs });
    return id;
  }

  request(body: RpcBody = { command: Command.PING }, timeoutMs = 1_000, target: RpcTarget = { peer: PEER }): number {
    return this.call({ type: "request", target, body }, timeoutMs);
  }

  /** Lets time pass, with every wake that the machine asks for. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let dueMs = this.machine.nextWakeMs(); dueMs <= untilMs; dueMs = this.machine.nextWakeMs()) {
      this.#nowMs = Math.max(this.#nowMs, dueMs);
      this.step({ type: "wake" });
    }
    this.#nowMs = untilMs;
  }

  /** Forgets the effects so far. */
  clear(): void {
    this.effects = [];
  }

  /** The messages that it has sent, by links and datagrams. */
  written(): RpcMessage[] {
    return this.effects.flatMap((effect) => {
      if (effect.type !== "write" && effect.type !== "datagram") return [];
      const message = FRAMES.tryDecodeDatagram(effect.bytes);
      return message.ok ? [message.value] : [];
    });
  }

  outcome(call: number): Result<RpcOutcome> | undefined {
    return this.#outcomes.get(call)?.[0];
  }

  settlements(call: number): number {
    return this.#outcomes.get(call)?.length ?? 0;
  }
}
