import type { Millis } from "../../../machine/index.js";
import { parseAddress } from "../../../address.js";
import { requireKey } from "../keys.js";
import { DEFAULTS, requireNames, requireNumbers, type BittrrtOptions } from "../options.js";
import { TokenKey } from "../token.js";

export interface BittrrtClientOptions extends BittrrtOptions {
  /** "host:port" of the server's main port. The host is an address: what answers is told by it. */
  readonly server: string;
  /** 32 bytes: the server's public key, where it is known. Anybody else is not believed. */
  readonly serverKey?: Uint8Array;
  /** Between heartbeats at each port; default 5,000. */
  readonly heartbeatMs?: Millis;
  /** Between two sendings of `connect`; default 1,000. */
  readonly connectMs?: Millis;
  /** Sendings of `connect` before an attempt has failed; default 50. */
  readonly connectsMax?: number;
  /** Attempts, each from a new port and with a new key, before a call has failed; default 3. */
  readonly attemptsMax?: number;
  /** Until a control message is sent again, and twice as long each time; default 1,000. */
  readonly resendMs?: Millis;
}

export type ClientRules = Required<Omit<BittrrtClientOptions, "serverKey">> & {
  readonly serverKey: Uint8Array | undefined;
  readonly tokenKey: TokenKey;
};

/** @throws WireError `argument`, `length` for an option that no client can work with */
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
