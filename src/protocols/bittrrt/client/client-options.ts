/** What a client can be configured with. */
import type { Millis } from "../../../machine/index.js";
import { parseAddress } from "../../../address.js";
import { requireKey } from "../keys.js";
import { DEFAULTS, requireNames, requireNumbers, type BittrrtOptions } from "../options.js";
import { TokenKey } from "../token.js";

/** Options of a client. */
export interface BittrrtClientOptions extends BittrrtOptions {
  /** "host:port" of the server's main port. The host is an IP address, which answers must come from. */
  readonly server: string;
  /** The public key of the server, 32 bytes. The client refuses a server with any other. */
  readonly serverKey?: Uint8Array;
  /** Time between two heartbeats at each port; default 5,000. */
  readonly heartbeatMs?: Millis;
  /** Time between two transmissions of `connect`; default 1,000. */
  readonly connectMs?: Millis;
  /** Transmissions of `connect` before an attempt fails; default 50. */
  readonly connectsMax?: number;
  /** Attempts, each from a new port with a new key, before a call fails; default 3. */
  readonly attemptsMax?: number;
  /** Time until a control message is sent again, which doubles each time; default 1,000. */
  readonly resendMs?: Millis;
}

/** Checked options, with all defaults. */
export type ClientRules = Required<Omit<BittrrtClientOptions, "serverKey">> & {
  readonly serverKey: Uint8Array | undefined;
  readonly tokenKey: TokenKey;
};

/** Checks options and adds defaults. @throws WireError `argument`, `length` for an invalid option */
export function clientRules({ serverKey, ...options }: BittrrtClientOptions): ClientRules {
  const rules = {
    ...DEFAULTS,
    heartbeatMs: 5_000,
    connectMs: 1_000,
    connectsMax: 50,
    attemptsMax: 3,
    resendMs: 1_000,
    ...options,
  };
  requireNames(rules);
  parseAddress(rules.server, "bittrrt", "server");
  const { connectsMax, attemptsMax, replayWindow, heartbeatMs, connectMs, resendMs } = rules;
  requireNumbers({ connectsMax, attemptsMax, replayWindow, heartbeatMs, connectMs, resendMs }, 1);
  const { staleAfterMs, stampAgeMsMax } = rules;
  requireNumbers({ staleAfterMs, stampAgeMsMax });
  if (serverKey !== undefined) requireKey("serverKey", serverKey);
  return { ...rules, serverKey, tokenKey: new TokenKey() };
}
