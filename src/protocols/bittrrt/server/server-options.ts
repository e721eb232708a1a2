/** What a server can be configured with. */
import { TokenKey } from "../token.js";
import type { Millis } from "../../../machine/index.js";
import { WireError } from "../../../errors.js";
import { X25519_BYTES } from "../keys.js";
import { DEFAULTS, requireNumbers, type BittrrtOptions } from "../options.js";
import { parsePortRanges, type PortRange } from "../ports.js";

/** Options of a server. */
export interface BittrrtServerOptions extends BittrrtOptions {
  /** Ports for frames, three for each client: "6712-6720,7000-7002". Ports that are in use elsewhere are skipped. */
  readonly portRanges: string;
  /** Clients at a time; default 1,024. */
  readonly clientsMax?: number;
  /** Key agreements a second under `strict`, which bounds the CPU time of handshakes; default 100. */
  readonly handshakesPerSecond?: number;
  /** Key agreements a second for one IPv4 address or IPv6 /64, which may hold many clients; default 20. */
  readonly networkHandshakesPerSecond?: number;
  /** Answers a second to the `connect` of one client under `strict`; default 5. */
  readonly answersPerSecond?: number;
  /** A client that sends no frame in this time loses its ports, sooner if others want them; default 20,000. */
  readonly establishTimeoutMs?: Millis;
  /** How long the host of a client must be silent before `strict` accepts its frames from another; default 15,000. */
  readonly rebindAfterMs?: Millis;
  /** A permanent private key, 32 bytes, whose public half clients can pin. Default: a new key for each client. */
  readonly privateKey?: Uint8Array;
  /** Emits datagrams that are no frames as `plain` events, without an answer. Default false. */
  readonly plainFallback?: boolean;
}

/** Checked options, with all defaults. */
export type ServerRules = Required<Omit<BittrrtServerOptions, "portRanges" | "privateKey">> & {
  readonly ranges: readonly PortRange[];
  readonly privateKey: Uint8Array | undefined;
  readonly tokenKey: TokenKey;
};

/** Checks options and adds defaults. @throws WireError `argument`, `length` for an invalid option */
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
    throw new WireError({ code: "length", format: "bittrrt", path: "privateKey", expected });
  }
  return { ...rules, privateKey, ranges: parsePortRanges(portRanges, rules.profile), tokenKey: new TokenKey() };
}
