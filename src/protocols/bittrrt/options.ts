/** Options that servers and clients share. */
import { argumentError } from "../../errors.js";
import type { Env, Millis } from "../../machine/index.js";
import type { FrameKeyOptions } from "./frame.js";
import type { BittrrtRole, HeartbeatMode } from "./heartbeat.js";
import type { BittrrtProfile } from "./profile.js";
import type { SessionOptions } from "./session.js";

/** Options of a server and of a client. */
export interface BittrrtOptions {
  /** Default `strict`. */
  readonly profile?: BittrrtProfile;
  /** Default `binary`, the only form that running peers of the reference send. */
  readonly heartbeat?: HeartbeatMode;
  /** The host at which ports are bound, in brackets for IPv6. Default "0.0.0.0". */
  readonly bindHost?: string;
  /** A peer that gives no sign of life for this time is gone; default 50,000, ten cycles of five seconds. */
  readonly staleAfterMs?: Millis;
  /** The greatest age of an own stamp that a heartbeat returns; default 60,000. */
  readonly stampAgeMsMax?: Millis;
  /** How many frames of its kind may overtake a frame before `strict` refuses it; default 1,024. */
  readonly replayWindow?: number;
}

/** The defaults of these options. */
export const DEFAULTS = Object.freeze({
  profile: "strict",
  heartbeat: "binary",
  bindHost: "0.0.0.0",
  staleAfterMs: 50_000,
  stampAgeMsMax: 60_000,
  replayWindow: 1_024,
} as const) satisfies Required<BittrrtOptions>;

/** How frames are sealed under a profile. */
export function frameOptions({ profile }: Required<BittrrtOptions>, env: Env): FrameKeyOptions {
  const random = (n: number): Uint8Array => env.random(n);
  if (profile === "strict") return { random };
  return { random, overflow: "mask", plaintextBytesMax: Infinity };
}

/** The options of a session, without its key. */
export function sessionRules(options: Required<BittrrtOptions>, role: BittrrtRole): Omit<SessionOptions, "key"> {
  const { profile, heartbeat, stampAgeMsMax, replayWindow } = options;
  return { role, profile, heartbeat, stampAgeMsMax, replayWindow };
}

/** The wall clock in milliseconds, for stamps. */
export function unixMs(env: Env): bigint {
  return env.unixNs() / 1_000_000n;
}

/** The wall clock in seconds, for tokens. */
export function unixSeconds(env: Env): bigint {
  return env.unixNs() / 1_000_000_000n;
}

/** @throws WireError `argument` for an unknown profile or heartbeat, or a host that is no string */
export function requireNames({ profile, heartbeat, bindHost }: Required<BittrrtOptions>): void {
  const refuse = (path: string, expected: string): never => {
    throw argumentError("bittrrt", path, expected);
  };
  if (profile !== "strict" && profile !== "reference") refuse("profile", "strict or reference");
  if (heartbeat !== "binary" && heartbeat !== "text") refuse("heartbeat", "binary or text");
  if (typeof bindHost !== "string") refuse("bindHost", "an address");
}

/** @throws WireError `argument` for a value that is no number or below `least` */
export function requireNumbers(options: Readonly<Record<string, number>>, least = 0): void {
  for (const [path, value] of Object.entries(options)) {
    if (typeof value === "number" && value >= least) continue;
    const expected = `a number of at least ${least}`;
    throw argumentError("bittrrt", path, expected, String(value));
  }
}
