import { TokenKey } from "../token.js";
import type { Millis } from "../../../machine/index.js";
import { WireError } from "../../../errors.js";
import { X25519_BYTES } from "../keys.js";
import { DEFAULTS, requireNumbers, type BittrrtOptions } from "../options.js";
import { parsePortRanges, type PortRange } from "../ports.js";

export interface BittrrtServerOptions extends BittrrtOptions {
  /** Ports for frames, three for each client: "6712-6720,7000-7002". Every one is tried, those in use are passed over. */
  readonly portRanges: string;
  /** Clients at a time; default 1,024. */
  readonly clientsMax?: number;
  /** Key agreements in a second under `strict`; each costs the server far more than the client. Default 100. */
  readonly handshakesPerSecond?: number;
  /** Of these, for one IPv4 address or one IPv6 network of 64 bits, which may stand for many clients; default 20. */
  readonly networkHandshakesPerSecond?: number;
  /** Answers to one client's `connect` in a second under `strict`; default 5. */
  readonly answersPerSecond?: number;
  /** A client that sends no frame in this time gives its ports back, sooner if others want them; default 20,000. */
  readonly establishTimeoutMs?: Millis;
  /** How long a client's host must have been silent before `strict` hears it from another; default 15,000. */
  readonly rebindAfterMs?: Millis;
  /** 32 bytes: a private key that stays, so that clients can pin its public half. Default: another for each client. */
  readonly privateKey?: Uint8Array;
  /** Tells datagrams that are no frames as events, for peers that speak in clear; nothing answers. Default false. */
  readonly plainFallback?: boolean;
}

export type ServerRules = Required<Omit<BittrrtServerOptions, "portRanges" | "privateKey">> & {
  readonly ranges: readonly PortRange[];
  readonly privateKey: Uint8Array | undefined;
  readonly tokenKey: TokenKey;
};

/** @throws WireError `argument` for an option that no server can work with */
export function serverRules({ portRanges, privateKey, ...options }: BittrrtServerOptions): ServerRules {
  const rules = {
    ...DEFAULTS,
    clientsMax: 1_024,
    handshakesPerSecond: 100,
    networkHandshakesPerSecond: 20,
    answersPerSecond: 5,
    establishTimeoutMs: 20_000,
    rebindAfterMs: 15_000,
    plainFallback: false,
    ...options,
  };
  const { clientsMax, handshakesPerSecond, networkHandshakesPerSecond, answersPerSecond, replayWindow } = rules;
  requireNumbers({ clientsMax, handshakesPerSecond, networkHandshakesPerSecond, answersPerSecond, replayWindow }, 1);
  const { establishTimeoutMs, rebindAfterMs, staleAfterMs, stampAgeMsMax } = rules;
  requireNumbers({ establishTimeoutMs, rebindAfterMs, staleAfterMs, stampAgeMsMax });
  if (privateKey !== undefined && privateKey.length !== X25519_BYTES) {
    const expected = `${X25519_BYTES} bytes`;
    throw new WireError({ code: "length", format: "bittrrt", path: "privateKey", offset: 0, expected });
  }
  return { ...rules, privateKey, ranges: parsePortRanges(portRanges, rules.profile), tokenKey: new TokenKey() };
}
