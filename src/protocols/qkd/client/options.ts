/** Options of a QKD client: what they are, their defaults, and their checks. */
import { argumentError } from "../../../errors.js";
import { parseOrigin } from "../../../http.js";
import type { ExpectedServer } from "../../../identity.js";
import { KEY_AGE_MS } from "../key.js";
import { TOMBSTONES_MAX } from "../tombstones.js";
import type { QkdReason } from "../errors.js";

/** What is asked of a KME. */
export type QkdOperation = "status" | "enc_keys" | "dec_keys" | "consume";

/** One KME that serves the SAE. */
export interface QkdEndpoint {
  /** `https://host:port`, with the path that stands before `/api/v1` if there is one. */
  readonly url: string;
  /** Its KME ID, to be named by. Default: its URL. */
  readonly kmeId?: string;
  /** Who it must prove to be. Default: the host of its URL. */
  readonly server?: ExpectedServer;
}

/** What is known of the KMEs. */
export interface KmeTraits {
  /** Keys that were not fetched yet are kept when new ones are asked for. Default false: some KMEs lose them. */
  readonly appends?: boolean;
  /** What stored_key_count counts: keys that the peer has not fetched, or the free pool. Default `undelivered`. */
  readonly storedCount?: "undelivered" | "pool";
  /** Whether there is a mark_consumed, which the standard does not have. Default false. */
  readonly markConsumed?: boolean;
}

/** What the words of a KME mean, where the client does not know them. */
export interface DialectRule {
  /** Default: every operation. */
  readonly op?: QkdOperation;
  readonly status: number;
  /** A regular expression for the message, in either case. */
  readonly pattern: string;
  readonly code: QkdReason;
}

/** When a KME that fails is left alone. */
export interface BreakerOptions {
  /** Failed attempts in a row after which it is. Default 5. */
  readonly failures?: number;
  /** For how long; twice as long each time. Default 30,000. */
  readonly openMs?: number;
  /** For how long at most. Default 300,000. */
  readonly maxOpenMs?: number;
}

/** Keys that are asked for in advance. */
export interface PrefetchOptions {
  /** Default false. */
  readonly enabled?: boolean;
  /** Keys of one peer and size, at most 100. Default 10. */
  readonly target?: number;
  /** Keys of one request. Default 5. */
  readonly maxBatch?: number;
}

/** Options of the client machine. Times are in milliseconds. */
export interface QkdClientOptions {
  /** The own SAE ID: 1 to 255 bytes of UTF-8 without control characters. */
  readonly saeId: string;
  /** The KMEs that serve it, the first to be asked first. */
  readonly endpoints: readonly QkdEndpoint[];
  /** Sends after the first, for all reasons together. Default 3. */
  readonly retryAttempts?: number;
  /** Pause before the first retry; it doubles up to 10 s, and is drawn between 0 and its length. Default 1,000. */
  readonly retryDelayMs?: number;
  /** Time of one attempt. Default 10,000. */
  readonly timeoutMs?: number;
  /** Requests at one KME at a time. Default 10. */
  readonly poolMaxSize?: number;
  /** Bits of a key that is asked for without a size. Default 256. */
  readonly defaultKeySizeBits?: number;
  /** How long an answer of `status` is given again. Default 0. */
  readonly statusCacheMs?: number;
  /** How keys are asked for: `GET` only one at a time, of the default size of the KME. Default `POST`. */
  readonly method?: "POST" | "GET";
  /** Rules that come before those of the client. Default none. */
  readonly dialect?: readonly DialectRule[];
  /** Sends `x-sae-id`, by which KMEs without TLS tell SAEs apart. Default false. */
  readonly sendSaeHeaders?: boolean;
  /** How long after its start a call repeats a request for a peer that the KME does not know yet. Default 0. */
  readonly warmUpMs?: number;
  /** Repeats an enc_keys once whose answer is lost, though its keys may be lost then. Default false. */
  readonly retryUnsafe?: boolean;
  /** Repeats of a dec_keys whose answer is lost: 0 or 1. Default 0. */
  readonly retryLostDec?: 0 | 1;
  /** Age at which a key expires that was not used. Default a day. */
  readonly maxKeyAgeMs?: number;
  /** Keys of the last 30 days that are remembered, in each direction. Default 1,000,000. */
  readonly maxTombstones?: number;
  /** When a KME that fails is left alone, and for how long. */
  readonly breaker?: BreakerOptions;
  /** Retries that a KME may cost: `burst` at first, and `ratio` for each request. Default 10 and 0.1. */
  readonly retryBudget?: { readonly ratio?: number; readonly burst?: number };
  /** Shortens attempts to four times the 95th percentile, at least 2 s; `all` those of enc_keys too. Default false. */
  readonly adaptiveTimeout?: boolean | "all";
  /** What is known of the KMEs. */
  readonly kme?: KmeTraits;
  /** Bytes of an answer, whatever is asked for. Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** How long a call for keys waits for others to share its request. Default 5. */
  readonly mergeMs?: number;
  /**
   * What happens to a call for keys while keys of an earlier one are not fetched: it shares the next request and waits,
   * or is refused with PAIR_BUSY. `ignore` asks at once, only with `kme.appends`. Default `merge`.
   */
  readonly undelivered?: "merge" | "refuse" | "ignore";
  /** Keys that are fetched ahead. Default none; only at KMEs that append. */
  readonly prefetch?: PrefetchOptions;
  /** Takes `http:` URLs of this machine, whose keys anybody on it may have made. Default false. */
  readonly allowInsecureLoopback?: boolean;
  /** Shows SAE IDs in logs. Default false. */
  readonly logIds?: boolean;
}

/** Where a KME is, taken apart. */
export interface KmeAddress {
  readonly url: string;
  readonly kmeId: string;
  readonly origin: string;
  /** Stands before every path. */
  readonly base: string;
  readonly server: ExpectedServer | undefined;
  readonly isSecure: boolean;
}

type Defaulted = Required<
  Omit<QkdClientOptions, "endpoints" | "breaker" | "retryBudget" | "kme" | "prefetch" | "allowInsecureLoopback">
>;

/** Options with their defaults. */
export interface QkdSettings extends Defaulted {
  readonly kmes: readonly KmeAddress[];
  readonly breaker: Required<BreakerOptions>;
  readonly retryBudget: { readonly ratio: number; readonly burst: number };
  readonly kme: Required<KmeTraits>;
  readonly prefetch: Required<PrefetchOptions>;
}

/** Most bytes of an answer. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;
const PREFETCH_MAX = 100;
/** Bits of the longest key that is asked for: one that fits into an answer. */
const KEY_SIZE_BITS_MAX = 8 * 8 * 1024 * 1024;

/** Adds defaults. @throws WireError `argument` for an option that is not valid */
export function settingsOf(options: QkdClientOptions): QkdSettings {
  if (typeof options !== "object" || options === null) throw refusal("options", "an object", typeof options);
  const { allowInsecureLoopback = false, endpoints, breaker, retryBudget, kme, prefetch, ...rest } = options;
  const flaw = saeIdFlaw(options.saeId);
  if (flaw !== undefined) throw refusal("saeId", flaw);
  if (!Array.isArray(endpoints) || endpoints.length === 0) throw refusal("endpoints", "at least one KME");
  const settings: QkdSettings = {
    ...DEFAULTS,
    ...defined(rest),
    kmes: endpoints.map((endpoint, i) => addressOf(endpoint, i, allowInsecureLoopback)),
    breaker: { failures: 5, openMs: 30_000, maxOpenMs: 300_000, ...defined(breaker ?? {}) },
    retryBudget: { ratio: 0.1, burst: 10, ...defined(retryBudget ?? {}) },
    kme: { appends: false, storedCount: "undelivered", markConsumed: false, ...defined(kme ?? {}) },
    prefetch: { enabled: false, target: 10, maxBatch: 5, ...defined(prefetch ?? {}) },
  };
  checkNumbers(settings);
  checkChoices(settings);
  const urls = settings.kmes.map(({ url }) => url);
  if (new Set(urls).size < urls.length) throw refusal("endpoints", "URLs that differ");
  return settings;
}

const DEFAULTS = {
  retryAttempts: 3,
  retryDelayMs: 1_000,
  timeoutMs: 10_000,
  poolMaxSize: 10,
  defaultKeySizeBits: 256,
  statusCacheMs: 0,
  method: "POST",
  dialect: [],
  sendSaeHeaders: false,
  warmUpMs: 0,
  retryUnsafe: false,
  retryLostDec: 0,
  maxKeyAgeMs: KEY_AGE_MS,
  maxTombstones: TOMBSTONES_MAX,
  adaptiveTimeout: false,
  maxBodyBytes: BODY_BYTES_MAX,
  mergeMs: 5,
  undelivered: "merge",
  logIds: false,
} as const satisfies Partial<QkdClientOptions>;

function defined<Given extends object>(given: Given): { [Name in keyof Given]: NonNullable<Given[Name]> } {
  const fields = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields) as { [Name in keyof Given]: NonNullable<Given[Name]> };
}

function checkNumbers(settings: QkdSettings): void {
  const { breaker, retryBudget, prefetch } = settings;
  const count = (path: string, value: number, min: number, max: number): void => {
    if (Number.isInteger(value) && value >= min && value <= max) return;
    throw refusal(path, `a whole number from ${min} to ${max}`, String(value));
  };
  const time = (path: string, value: number, min: number): void => {
    if (Number.isFinite(value) && value >= min) return;
    throw refusal(path, `a finite number, ${min} or more`, String(value));
  };
  count("retryAttempts", settings.retryAttempts, 0, 100);
  count("poolMaxSize", settings.poolMaxSize, 1, 1_024);
  count("retryLostDec", settings.retryLostDec, 0, 1);
  count("maxTombstones", settings.maxTombstones, 0, 2 ** 26);
  count("maxBodyBytes", settings.maxBodyBytes, 1, BODY_BYTES_MAX);
  count("breaker.failures", breaker.failures, 1, 1_000_000);
  count("prefetch.target", prefetch.target, 1, PREFETCH_MAX);
  count("prefetch.maxBatch", prefetch.maxBatch, 1, PREFETCH_MAX);
  for (const name of ["retryDelayMs", "timeoutMs", "maxKeyAgeMs"] as const) time(name, settings[name], 1);
  for (const name of ["statusCacheMs", "warmUpMs", "mergeMs"] as const) time(name, settings[name], 0);
  time("breaker.openMs", breaker.openMs, 1);
  time("breaker.maxOpenMs", breaker.maxOpenMs, breaker.openMs);
  time("retryBudget.ratio", retryBudget.ratio, 0);
  time("retryBudget.burst", retryBudget.burst, 0);
  const flaw = sizeFlaw(settings.defaultKeySizeBits);
  if (flaw !== undefined) throw refusal("defaultKeySizeBits", flaw, String(settings.defaultKeySizeBits));
}

function checkChoices({ undelivered, kme, prefetch, method, dialect }: QkdSettings): void {
  const choice = (path: string, value: string, ...allowed: string[]): void => {
    if (!allowed.includes(value)) throw refusal(path, `one of ${allowed.join(", ")}`, String(value));
  };
  choice("method", method, "POST", "GET");
  choice("undelivered", undelivered, "merge", "refuse", "ignore");
  choice("kme.storedCount", kme.storedCount, "undelivered", "pool");
  // Where keys are not kept, a second request loses those of the first.
  if (undelivered === "ignore" && !kme.appends) throw refusal("undelivered", "merge or refuse without kme.appends");
  if (prefetch.enabled && !kme.appends) throw refusal("prefetch", "to be off without kme.appends");
  for (const [i, { pattern }] of dialect.entries()) {
    try {
      void new RegExp(pattern, "i");
    } catch (cause) {
      throw argumentError("qkd", `dialect[${i}].pattern`, "a regular expression", String(pattern), { cause });
    }
  }
}

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|localhost)$/;

function addressOf({ url, kmeId, server }: QkdEndpoint, index: number, allowsLoopback: boolean): KmeAddress {
  const path = `endpoints[${index}].url`;
  const [, origin = "", base = ""] = /^(https?:\/\/[^/?#]*)(\/[^?#\s]*)?$/.exec(String(url)) ?? [];
  const target = parseOrigin(origin);
  if (target === undefined) throw refusal(path, "https://host:port", JSON.stringify(url));
  const isLoopback = LOOPBACK.test(target.host);
  if (!target.isSecure && !(allowsLoopback && isLoopback)) {
    throw refusal(path, allowsLoopback ? "https, or http of this machine" : "https", JSON.stringify(url));
  }
  if (!target.isSecure && server !== undefined) {
    throw refusal(`endpoints[${index}].server`, "none with http, which proves nothing");
  }
  const given = origin + base;
  return {
    url: given,
    kmeId: kmeId ?? given,
    origin,
    base: base.replace(/\/$/, ""),
    server,
    isSecure: target.isSecure,
  };
}

/** What is wrong with a SAE ID. It becomes one segment of a path. */
export function saeIdFlaw(saeId: unknown): string | undefined {
  if (typeof saeId !== "string") return "a text";
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(saeId)) return "no control characters";
  if (saeId === "." || saeId === "..") return "no segment that paths resolve";
  const { length } = new TextEncoder().encode(saeId);
  if (length < 1 || length > 255) return "1 to 255 bytes";
  return isWellFormed(saeId) ? undefined : "well-formed Unicode";
}

function isWellFormed(text: string): boolean {
  try {
    return encodeURIComponent(text) !== "";
  } catch {
    return false;
  }
}

/** What is wrong with a size of keys. */
export function sizeFlaw(sizeBits: unknown): string | undefined {
  if (!Number.isInteger(sizeBits)) return "a whole number of bits";
  const bits = sizeBits as number;
  if (bits <= 0 || bits % 8 !== 0) return "whole bytes, 8 bits or more";
  return bits > KEY_SIZE_BITS_MAX ? `at most ${KEY_SIZE_BITS_MAX} bits` : undefined;
}

function refusal(path: string, expected: string, actual?: string): Error {
  return argumentError("qkd", path, expected, actual);
}
