/** The limits in `dps.toml`: their short keys, and the limits of the package that they set. */
import type { Limits } from "../../limits.js";
import { integer, type ValueReader } from "../config-values.js";
import type { Values } from "../toml.js";

const MIB = 1024 * 1024;
const COUNT = integer(1, 1_000_000);
const MEBIBYTES = integer(1, 65_536);
const MILLISECONDS = integer(1, 3_600_000);

/** A key in the file: what it may hold, the limit that it sets, and how many of its units are one. */
interface LimitKey extends ValueReader<number> {
  readonly limit: keyof Limits;
  readonly unit: number;
}

const keyOf = (limit: keyof Limits, reader: ValueReader<number>, unit = 1): LimitKey => ({ ...reader, limit, unit });

/** The keys of the table `[limits]`. */
export const LIMIT_KEYS = {
  frame_mib: keyOf("frameBytesMax", integer(1, 1_024), MIB),
  links: keyOf("linksMax", COUNT),
  links_per_prefix: keyOf("linksPerPrefixMax", COUNT),
  outgoing_links: keyOf("outgoingLinksMax", COUNT),
  calls: keyOf("callsMax", COUNT),
  write_queue_mib: keyOf("writeQueueBytesMax", MEBIBYTES, MIB),
  disk_queue_mib: keyOf("diskQueueBytesMax", MEBIBYTES, MIB),
  cache_mib: keyOf("cacheBytesMax", MEBIBYTES, MIB),
  header_ms: keyOf("headerTimeoutMs", MILLISECONDS),
  frame_ms: keyOf("frameTimeoutMs", MILLISECONDS),
  idle_ms: keyOf("idleTimeoutMs", MILLISECONDS),
  linger_ms: keyOf("lingerTimeoutMs", MILLISECONDS),
  call_ms: keyOf("callTimeoutMs", MILLISECONDS),
} satisfies Record<string, LimitKey>;

/** The limits that a table sets. */
export function limitsOf(given: Values<typeof LIMIT_KEYS>): Partial<Limits> {
  const known = Object.entries(LIMIT_KEYS).flatMap(([key, { limit, unit }]) => {
    const value = given[key as keyof typeof LIMIT_KEYS];
    return value === undefined ? [] : [[limit, value * unit] as const];
  });
  return Object.fromEntries(known);
}
