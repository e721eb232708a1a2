/** A server machine whose effects a test carries out. */
import {
  BittrrtServer,
  KeyPair,
  TokenKey,
  tryReadHandshake,
  tryReadPorts,
  writeHandshake,
  type BittrrtServerEvent,
  type BittrrtServerOptions,
  type FrameKey,
  type Ports,
} from "../../../src/protocols/bittrrt/index.js";
import type { Effect, Event } from "../../../src/machine/index.js";
import { SteppedMachine } from "../../../src/testing/index.js";

/** Random bytes. */
export const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));
const TOKENS = new TokenKey();

/** A token with this text. */
export function token(text: string): Uint8Array {
  return TOKENS.seal({ counter: 0n, unixSeconds: 0n, iv: new Uint8Array(16), text });
}

/** The datagram of a `connect`. */
export function connect({ publicKey }: KeyPair): Uint8Array {
  return token(writeHandshake({ command: "connect", publicKey }));
}

/** A datagram of the server. */
interface Sent {
  readonly from: string | undefined;
  readonly to: string;
  readonly bytes: Uint8Array;
}

/** The result of a handshake, on the side of a client. */
export interface Handshake {
  readonly key: FrameKey;
  readonly ports: Ports;
}

/** A server without a network: all ports can be bound, or none for a given reason; the test moves time. */
export class ServerHarness extends SteppedMachine<never, never, BittrrtServerEvent, BittrrtServer> {
  readonly #keys = new Map<string, Uint8Array>();

  constructor(options: Partial<BittrrtServerOptions> = {}, noSocket?: string) {
    super((env) => new BittrrtServer({ portRanges: "7000-7059", bindHost: "server", ...options }, env), {
      random,
      carryOut: (effect) => (effect.type === "bind" ? bound(effect, noSocket) : undefined),
    });
  }

  /** Delivers a datagram and returns the answers. */
  receive(peer: string, bytes: Uint8Array, port?: number): readonly Sent[] {
    const before = this.effects.length;
    const local = port === undefined ? {} : { local: `server:${port}` };
    this.step({ type: "datagram", peer, bytes: bytes.slice(), ...local });
    return this.effects
      .slice(before)
      .flatMap((effect) =>
        effect.type === "datagram" ? [{ from: effect.local, to: effect.peer, bytes: effect.bytes }] : [],
      );
  }

  /** Delivers a datagram and returns why it is refused; undefined if it is not. */
  refusal(peer: string, bytes: Uint8Array, port?: number): string | undefined {
    const before = this.events.length;
    this.receive(peer, bytes, port);
    const event = this.events.slice(before).find(({ type }) => type === "refused");
    return event?.type === "refused" ? (event.issue.actual ?? event.issue.code) : undefined;
  }

  /** The public key of the server for a peer, 32 bytes. */
  keyOf(peer: string): Uint8Array {
    return this.#keys.get(peer)!;
  }

  /** Shakes hands; undefined if no ports follow. */
  connect(peer: string, pair = KeyPair.generate(random)): Handshake | undefined {
    let key: FrameKey | undefined;
    for (const { bytes } of this.receive(peer, connect(pair))) {
      const opened = TOKENS.tryOpen(bytes);
      const message = opened.ok ? tryReadHandshake(opened.value.text) : undefined;
      if (message?.ok === true && message.value.command === "connected") {
        key = pair.agree(message.value.publicKey, { random });
        this.#keys.set(peer, message.value.publicKey);
      }
      const frame = opened.ok ? undefined : key?.tryOpen(bytes);
      const ports = frame?.ok === true ? tryReadPorts(frame.value.plaintext) : undefined;
      if (ports?.ok === true) return { key: key!, ports: ports.value };
    }
    return undefined;
  }
}

function bound({ op, local }: Extract<Effect, { readonly type: "bind" }>, noSocket: string | undefined): Event<never> {
  if (noSocket === undefined) return { type: "bound", op, local };
  return { type: "failed", op, error: { code: "argument", format: "udp", path: local, actual: noSocket } };
}
