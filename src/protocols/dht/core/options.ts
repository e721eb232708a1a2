/** Options of a DHT server, and their defaults. */
import { argumentError } from "../../../errors.js";
import type { Millis } from "../../../machine/index.js";
import type { ReachOptions } from "../contact.js";
import type { RoutingTableOptions } from "../routing/routing-table.js";

/** Options of a DHT server. */
export interface DhtOptions extends RoutingTableOptions, ReachOptions {
  /** "host:port" of servers by which this one joins. Default none: it is the first. */
  readonly bootstrap?: readonly string[];
  /** Paths of a lookup, each server asked by one of them. At most `alpha`. Default 1. */
  readonly paths?: number;
  /** Time for an answer; default 2,000. */
  readonly rpcTimeoutMs?: Millis;
  /** Time after which a lookup asks one more server beside one that is silent; default 500. */
  readonly rpcSoftMs?: Millis;
  /** Time for a lookup; default 30,000. */
  readonly lookupTimeoutMs?: Millis;
  /** Lookups at a time; more are refused as `limit`. Default 64. */
  readonly lookupsMax?: number;
  /** Requests of one lookup; default 200. */
  readonly lookupRpcsMax?: number;
  /** Servers of one /24 or /48 that one answer may name; default 4. */
  readonly perGroupReplyMax?: number;
  /** Time after which a bucket without a lookup is refreshed, within 10 %; default one hour. */
  readonly refreshMs?: Millis;
  /** Servers that asked and are asked back in a second, to become contacts; default 10. */
  readonly provesPerSecond?: number;
}

/** Options with their defaults. */
export type DhtRules = Required<Omit<DhtOptions, keyof RoutingTableOptions>> & RoutingTableOptions;

/** Fills in the defaults and checks all options but those of the table. @throws WireError `argument` */
export function rulesOf(options: DhtOptions): DhtRules {
  const rules: DhtRules = {
    ...options,
    bootstrap: options.bootstrap ?? [],
    allowLoopback: options.allowLoopback ?? false,
    allowPrivate: options.allowPrivate ?? false,
    paths: options.paths ?? 1,
    rpcTimeoutMs: options.rpcTimeoutMs ?? 2_000,
    rpcSoftMs: options.rpcSoftMs ?? 500,
    lookupTimeoutMs: options.lookupTimeoutMs ?? 30_000,
    lookupsMax: options.lookupsMax ?? 64,
    lookupRpcsMax: options.lookupRpcsMax ?? 200,
    perGroupReplyMax: options.perGroupReplyMax ?? 4,
    refreshMs: options.refreshMs ?? 3_600_000,
    provesPerSecond: options.provesPerSecond ?? 10,
  };
  const { alpha = 3, paths } = rules;
  if (!Number.isInteger(paths) || paths < 1 || paths > alpha) {
    throw argumentError("dht", "paths", "an integer from 1 to alpha", String(paths));
  }
  const amounts = [
    "rpcTimeoutMs",
    "rpcSoftMs",
    "lookupTimeoutMs",
    "lookupsMax",
    "lookupRpcsMax",
    "perGroupReplyMax",
    "refreshMs",
    "provesPerSecond",
  ] as const;
  for (const name of amounts) {
    if (!(rules[name] >= 1)) throw argumentError("dht", name, "1 or more", String(rules[name]));
  }
  return rules;
}
