/** What tests of RPC share: values in memory, and a peer that is driven by hand. */
import { toHex } from "../../../src/bytes/index.js";
import type { MessageInit } from "../../../src/codec/index.js";
import type { Result } from "../../../src/errors.js";
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
import { SteppedMachine } from "../../../src/testing/index.js";

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

/** A peer whose events are given by hand, on a clock that stands still until `pass`. */
export class Peer extends SteppedMachine<RpcCall, RpcOutcome, RpcEvent, RpcMachine> {
  /** @param get answers GET inside the machine */
  constructor(options: RpcPeerOptions = {}, get?: (key: Uint8Array) => RpcBody) {
    const handlers = get && {
      [Command.GET]: ({ message }: { readonly message: RpcMessage }) => get(message.key.slice()),
    };
    super((env) => new RpcMachine(options, env, handlers));
  }

  get counters(): RpcCounters {
    return this.machine.endpoint.counters;
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

  request(body: RpcBody = { command: Command.PING }, timeoutMs = 1_000, target: RpcTarget = { peer: PEER }): number {
    return this.call({ type: "request", target, body }, this.nowMs + timeoutMs);
  }

  /** Forgets the effects so far. */
  clear(): void {
    this.effects.length = 0;
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
    return this.outcomes.get(call);
  }
}
