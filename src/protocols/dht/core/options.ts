/** Options of a DHT server, and their defaults. */
import { argumentError } from "../../../errors.js";
import type { Millis } from "../../../machine/index.js";
import type { ReachOptions } from "../contact.js";
import { checkedIdAndSizes, type RoutingTableOptions } from "../routing/routing-table.js";

/** Options of a DHT server. */
export interface DhtOptions extends RoutingTableOptions, ReachOptions {
  /** "host:port" of servers by which this one joins. Default none: it is the first. */
  readonly bootstrap?: readonly string[];
  /**
   * Asks others without becoming a contact of theirs: it says no address, and joins by its bootstrap servers alone.
   * Default false.
   */
  readonly isClient?: boolean;
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
  /** Values that are held; default 65,536. */
  readonly valuesMax?: number;
  /** Bytes of all values that are held; default 1 GiB. */
  readonly bytesMax?: number;
  /** Values under one key that are held; default 4. */
  readonly variantsMax?: number;
  /** Bytes of one value; default 4 MiB. */
  readonly valueBytesMax?: number;
  /** Time to live of a value that is published without one; default 86,400. */
  readonly ttlSeconds?: number;
  /** Longest time to live that is taken; default 172,800. */
  readonly ttlSecondsMax?: number;
  /**
   * Least time for which a value that the disk has is kept after a start, as far as its life had not ended before, so
   * that whoever stores it again can. Default 0: time goes on for values while a server is down.
   */
  readonly graceSeconds?: number;
  /** Time for the answer to a STORE, which comes when the value is durable; default 10,000. */
  readonly storeTimeoutMs?: Millis;
  /** Time after which the publisher stores a value again; default 22 hours. */
  readonly republishMs?: Millis;
  /** Time after which a holder stores a value again that no other holder has stored here; default one hour. */
  readonly replicateMs?: Millis;
  /** Values that are stored again in a second; default 20. */
  readonly republishPerSecond?: number;
  /** Bytes of a value in one message over a stream; default 32 KiB. */
  readonly partBytes?: number;
  /** Bytes of the longest datagram; default 1,400. */
  readonly dhtDatagramBytesMax?: number;
}

/** Options with their defaults. */
export type DhtRules = Required<Omit<DhtOptions, keyof RoutingTableOptions>> &
  RoutingTableOptions &
  ReturnType<typeof checkedIdAndSizes>;

/** Bytes of a value in one message, where the options do not say it. */
export const PART_BYTES = 32_768;

/** Options that are numbers from 1 on. */
const AMOUNTS = {
  rpcTimeoutMs: 2_000,
  rpcSoftMs: 500,
  lookupTimeoutMs: 30_000,
  lookupsMax: 64,
  lookupRpcsMax: 200,
  perGroupReplyMax: 4,
  refreshMs: 3_600_000,
  provesPerSecond: 10,
  valuesMax: 65_536,
  bytesMax: 1024 ** 3,
  variantsMax: 4,
  valueBytesMax: 4 * 1024 ** 2,
  ttlSeconds: 86_400,
  ttlSecondsMax: 172_800,
  storeTimeoutMs: 10_000,
  republishMs: 79_200_000,
  replicateMs: 3_600_000,
  republishPerSecond: 20,
  partBytes: PART_BYTES,
  dhtDatagramBytesMax: 1_400,
};

/** Fills in the defaults and checks all options. @throws WireError `argument` */
export function rulesOf(options: DhtOptions): DhtRules {
  const sizes = checkedIdAndSizes(options);
  const amounts = { ...AMOUNTS };
  for (const name of Object.keys(AMOUNTS) as (keyof typeof AMOUNTS)[]) {
    amounts[name] = options[name] ?? AMOUNTS[name];
    if (!(amounts[name] >= 1)) throw argumentError("dht", name, "1 or more", String(amounts[name]));
  }
  const { bootstrap = [], isClient = false, allowLoopback = false, allowPrivate = false, paths = 1 } = options;
  const { graceSeconds = 0 } = options;
  if (!Number.isSafeInteger(graceSeconds) || graceSeconds < 0) {
    throw argumentError("dht", "graceSeconds", "a whole number", String(graceSeconds));
  }
  if (!Number.isInteger(paths) || paths < 1 || paths > sizes.alpha) {
    throw argumentError("dht", "paths", "an integer from 1 to alpha", String(paths));
  }
  return { ...options, ...sizes, ...amounts, graceSeconds, bootstrap, isClient, allowLoopback, allowPrivate, paths };
}
