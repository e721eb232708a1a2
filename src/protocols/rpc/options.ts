/** Options of an endpoint, their defaults and their checks. */
import { own } from "../../bytes/index.js";
import { argumentError } from "../../errors.js";
import { limitsWith, type Limits } from "../../limits.js";
import type { Millis } from "../../machine/index.js";
import { RpcFrames, type RpcFrameOptions } from "./framing.js";
import type { RpcProfile } from "./profile.js";
import type { RpcVia } from "./target.js";

/** Options of an endpoint. */
export interface RpcOptions extends RpcFrameOptions {
  /** Default `strict`. */
  readonly profile?: RpcProfile;
  /** "host:port" that the Sender of each message says. Default empty, until `address` is set. */
  readonly address?: string;
  /** Id that the Sender of each message says, 20 bytes. Default none. */
  readonly id?: Uint8Array;
  /** How requests travel whose target does not say it; default `stream`. */
  readonly via?: RpcVia;
  /** Bytes of the longest datagram, with the length of its message; default 1,400. A longer one is refused. */
  readonly datagramBytesMax?: number;
  /** Pauses after which a request by datagram is sent again; default 500, 500. */
  readonly resendMs?: readonly Millis[];
  /** Links to one peer at a time. A further one opens while all carry calls. Default 1. */
  readonly linksPerPeerMax?: number;
  /** Time for a link to open; default 5,000. */
  readonly connectTimeoutMs?: Millis;
  /** Time after which a link of ours is closed that carries no call; default 60,000. */
  readonly poolIdleMs?: Millis;
  /** Time after which a link of a peer is closed that is silent; default 300,000, in `reference` never. */
  readonly linkIdleMs?: Millis;
  /** Time after which a link is closed whose peer does not read; default 30,000. */
  readonly stallTimeoutMs?: Millis;
  /** Requests of ours that are not answered; more wait. Default `callsMax` of the limits. */
  readonly inFlightMax?: number;
  /** Time after which nobody can answer a request any more; default 30,000. */
  readonly requestTimeoutMs?: Millis;
  /** Requests of peers that are not answered; more are refused as `full`. Default 4,096. */
  readonly requestsMax?: number;
  /** Of these, how many may come over one link; default 1,024. */
  readonly requestsPerLinkMax?: number;
  /** Bytes of all of them; default 64 MiB. */
  readonly requestBytesMax?: number;
  /** Bytes of incomplete frames of all links; the link with the most is closed beyond it. Default 64 MiB. */
  readonly receiveBytesMax?: number;
  /**
   * Bytes that wait for peers that do not read: `writeQueueBytesMax` for each congested link, and what waits beside it.
   * The link with the most is closed beyond it. Default 256 MiB.
   */
  readonly sendBytesMax?: number;
  /** Links that one address prefix may open in a second, after 256 at once; default 100. */
  readonly linksPerSecond?: number;
  /** Requests that one address prefix may send in a second, and at once twice as many; default `Infinity`. */
  readonly requestsPerSecond?: number;
  /** Limits that differ from the default, in which `writeQueueBytesMax` is 1 MiB here. */
  readonly limits?: Partial<Limits>;
}

/** Options with all defaults filled in. */
export interface RpcRules extends Required<Omit<RpcOptions, "limits" | keyof RpcFrameOptions>> {
  readonly frames: RpcFrames;
  readonly limits: Limits;
}

/** Bytes of an id (KeySize of the reference). */
export const ID_BYTES = 20;

/**
 * The limits of a machine and its host. A peer that does not read may hold `writeQueueBytesMax` on each of its links
 * twice, until they are closed.
 */
export function rpcLimits(overrides: Partial<Limits> = {}): Limits {
  return limitsWith({ writeQueueBytesMax: 1024 * 1024, ...overrides });
}

/** Fills in the defaults and checks all options. @throws WireError `argument` */
export function rulesOf(options: RpcOptions): RpcRules {
  const { profile = "strict", id } = options;
  const limits = rpcLimits(options.limits);
  const rules: RpcRules = {
    profile,
    address: options.address ?? "",
    id: id === undefined ? new Uint8Array(0) : own(id),
    via: options.via ?? "stream",
    datagramBytesMax: options.datagramBytesMax ?? 1_400,
    resendMs: [...(options.resendMs ?? [500, 500])],
    linksPerPeerMax: options.linksPerPeerMax ?? 1,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    poolIdleMs: options.poolIdleMs ?? 60_000,
    linkIdleMs: options.linkIdleMs ?? (profile === "reference" ? Infinity : 300_000),
    stallTimeoutMs: options.stallTimeoutMs ?? 30_000,
    inFlightMax: options.inFlightMax ?? limits.callsMax,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    requestsMax: options.requestsMax ?? 4_096,
    requestsPerLinkMax: options.requestsPerLinkMax ?? 1_024,
    requestBytesMax: options.requestBytesMax ?? 64 * 1024 * 1024,
    receiveBytesMax: options.receiveBytesMax ?? 64 * 1024 * 1024,
    sendBytesMax: options.sendBytesMax ?? 256 * 1024 * 1024,
    linksPerSecond: options.linksPerSecond ?? 100,
    requestsPerSecond: options.requestsPerSecond ?? Infinity,
    frames: new RpcFrames(options),
    limits,
  };
  checkRules(rules);
  return rules;
}

/** Longest payload of a UDP datagram over IPv4. */
const DATAGRAM_BYTES_MAX = 65_507;

function checkRules(rules: RpcRules): void {
  const { profile, address, id, via, resendMs, datagramBytesMax } = rules;
  check("profile", profile === "strict" || profile === "reference", "strict or reference");
  check("address", typeof address === "string", "an address");
  check("id", id.length === 0 || id.length === ID_BYTES, `${ID_BYTES} bytes`);
  check("via", via === "stream" || via === "datagram" || via === "auto", "stream, datagram or auto");
  check("datagramBytesMax", isWithin(datagramBytesMax, 1, DATAGRAM_BYTES_MAX), `1 to ${DATAGRAM_BYTES_MAX}`);
  resendMs.forEach((ms, i) => check(`resendMs[${i}]`, isWithin(ms, 1, Infinity), "1 or more"));
  const counts = ["linksPerPeerMax", "inFlightMax", "requestsMax", "requestsPerLinkMax"] as const;
  for (const name of counts) {
    const count = rules[name];
    check(name, (Number.isSafeInteger(count) || count === Infinity) && count >= 1, "a count of 1 or more");
  }
  const amounts = [
    "connectTimeoutMs",
    "poolIdleMs",
    "linkIdleMs",
    "stallTimeoutMs",
    "requestTimeoutMs",
    "requestBytesMax",
    "receiveBytesMax",
    "sendBytesMax",
    "linksPerSecond",
    "requestsPerSecond",
  ] as const;
  for (const name of amounts) check(name, isWithin(rules[name], 1, Infinity), "1 or more");
}

function isWithin(value: number, min: number, max: number): boolean {
  return typeof value === "number" && value >= min && value <= max;
}

function check(path: string, holds: boolean, expected: string): void {
  if (!holds) throw argumentError("rpc", path, expected);
}
