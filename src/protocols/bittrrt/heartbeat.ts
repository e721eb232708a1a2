/** Heartbeats: what they measure, and how they are answered. */
import type { Frame } from "./frame.js";
import type { FrameHeaderFields } from "./frame-header.js";
import { BINARY_HEARTBEAT_FLAGS, hasFlag, TEXT_HEARTBEAT_FLAGS } from "./flags.js";
import { answerBinary, ECHOES, readWholeStamps, STAMP_BYTES } from "./heartbeat-binary.js";
import { answerText, integerOf, readText, type TextHeartbeat } from "./heartbeat-text.js";
import type { BittrrtProfile } from "./profile.js";

/** The form of a heartbeat: running peers send `binary`, the document describes `text`. */
export type HeartbeatMode = "binary" | "text";
/** The end of a session. */
export type BittrrtRole = "client" | "server";

/** How heartbeats are read. */
export interface HeartbeatRules {
  readonly role: BittrrtRole;
  readonly profile: BittrrtProfile;
  /** The form that `reference` reads; `strict` tells it by flags and payload. */
  readonly heartbeat: HeartbeatMode;
  /** The greatest age of an own stamp in an answer, under `strict`. */
  readonly stampAgeMsMax: number;
}

/** The times that the stamps of an exchange tell; without enough stamps some are missing. */
export interface HeartbeatTiming {
  /** From a frame of the client to its answer, on the client's clock. */
  readonly clientLatencyMs?: number;
  /** From a frame of the server to its answer, on the server's clock. */
  readonly serverLatencyMs?: number;
  /** How far the server's clock is ahead of the client's, in the middle of an exchange (RFC 5905, section 8). */
  readonly offsetMs?: number;
}

/** The frame that answers a heartbeat. */
export interface HeartbeatReply {
  readonly fields: FrameHeaderFields;
  readonly payload: Uint8Array;
}

/** The stamp that orders a heartbeat. An own stamp is preferred, because nobody else can have made it. */
export interface HeartbeatStamp {
  readonly clock: "ours" | "theirs";
  readonly ms: bigint;
}

/** The outcome of a heartbeat. */
export interface HeartbeatReaction {
  readonly mode: HeartbeatMode;
  readonly reply?: HeartbeatReply;
  readonly timing?: HeartbeatTiming;
  /** The stamp that orders it; missing for a refused heartbeat and for one without a stamp. */
  readonly stamp?: HeartbeatStamp | undefined;
  /** Why it is refused, if it is. */
  readonly refusal?: string;
}

const U64_MAX = 2n ** 64n - 1n;

/** Reads a frame with the HEARTBEAT bit. `nowMs` is the wall clock, in milliseconds since 1970. */
export function reactToHeartbeat(frame: Frame, nowMs: bigint, rules: HeartbeatRules): HeartbeatReaction {
  const isStrict = rules.profile === "strict";
  const mayBeText = isStrict ? !hasFlag(frame.flags, "binary") : rules.heartbeat === "text";
  // The flags are asked first: a payload of stamps is decoded as UTF-8 only where they allow text.
  const values = mayBeText ? readText(frame.plaintext) : undefined;
  const isText = isStrict ? values?.has("echo") === true : mayBeText;
  return isText ? reactToText(frame, values, nowMs, rules) : reactToBinary(frame, nowMs, rules);
}

function reactToBinary(frame: Frame, nowMs: bigint, rules: HeartbeatRules): HeartbeatReaction {
  const { plaintext, sequence, channel, offset } = frame;
  const mode = "binary" as const;
  const stamps = readWholeStamps(plaintext);
  if (rules.profile === "strict") {
    const refusal = refusalOf(frame, stamps, nowMs, rules);
    if (refusal !== undefined) return { mode, refusal };
  }
  const timing = timingOf(stamps, sequence, nowMs, rules.role);
  const stamp = newestStamp(stamps, rules.role);
  if (sequence === 0n) return { mode, timing, stamp };
  const fields = { flags: BINARY_HEARTBEAT_FLAGS, channel, sequence: sequence - 1n, offset };
  return { mode, timing, stamp, reply: { fields, payload: answerBinary(plaintext, nowMs) } };
}

/**
 * Why `strict` refuses a heartbeat. A server receives the sequences 3 and 1, a client 2 and 0; each frame has one stamp
 * more than the one before, and returns own stamps unchanged.
 */
function refusalOf(
  { plaintext, sequence }: Frame,
  stamps: readonly bigint[],
  nowMs: bigint,
  rules: HeartbeatRules,
): string | undefined {
  if (sequence > ECHOES) return `an echo outside of 0 to ${ECHOES}`;
  if ((sequence % 2n === 1n) !== (rules.role === "server")) return "a heartbeat for the other role";
  const count = Number(ECHOES - sequence) + 1;
  if (plaintext.length !== count * STAMP_BYTES) return "a wrong number of stamps";
  const isOurs = stamps.every((stamp, i) => !isOwn(i, rules.role) || isRecent(stamp, nowMs, rules));
  return isOurs ? undefined : "a stamp of ours that is not recent";
}

/** Whether a stamp is one of ours: those of client and server take turns. */
function isOwn(index: number, role: BittrrtRole): boolean {
  return (index % 2 === 1) === (role === "server");
}

function isRecent(stamp: bigint, nowMs: bigint, { stampAgeMsMax }: HeartbeatRules): boolean {
  return stamp <= nowMs && Number(nowMs - stamp) <= stampAgeMsMax;
}

/** Our last stamp; the first of theirs in a frame that has none of ours. */
function newestStamp(stamps: readonly bigint[], role: BittrrtRole): HeartbeatStamp | undefined {
  const own = stamps.findLast((_, i) => isOwn(i, role));
  if (own !== undefined) return { clock: "ours", ms: own };
  return stamps[0] === undefined ? undefined : { clock: "theirs", ms: stamps[0] };
}

function timingOf(stamps: readonly bigint[], sequence: bigint, nowMs: bigint, role: BittrrtRole): HeartbeatTiming {
  const [c1, s1, c2, s2] = stamps;
  if (role === "server") {
    if (sequence !== 1n || c1 === undefined || s1 === undefined || c2 === undefined) return {};
    return { clientLatencyMs: Number(c2 - c1), serverLatencyMs: Number(nowMs - s1), offsetMs: offsetOf(c1, s1, c2) };
  }
  if (c1 === undefined || s1 === undefined) return {};
  if (sequence === 0n && c2 !== undefined && s2 !== undefined) return { serverLatencyMs: Number(s2 - s1) };
  // The reference measures it at every sequence; under `strict` only 2 and 0 get here.
  const clientLatencyMs = Number(nowMs - c1);
  return sequence === 2n ? { clientLatencyMs, offsetMs: offsetOf(c1, s1, nowMs) } : { clientLatencyMs };
}

function offsetOf(sent: bigint, theirs: bigint, received: bigint): number {
  return Number(2n * theirs - sent - received) / 2;
}

function reactToText(
  frame: Frame,
  values: TextHeartbeat | undefined,
  nowMs: bigint,
  rules: HeartbeatRules,
): HeartbeatReaction {
  const mode = "text";
  const isStrict = rules.profile === "strict";
  if (values === undefined) return { mode, refusal: "a payload that is not UTF-8" };
  const echo = integerOf(values, "echo");
  if (echo === undefined) return { mode, refusal: "a text without an echo" };
  if (isStrict && (echo > ECHOES || echo < 0n)) return { mode, refusal: `an echo outside of 0 to ${ECHOES}` };
  const sent = integerOf(values, "client_ts3");
  if (rules.role === "client") {
    const theirs = integerOf(values, `server_ts${echo + 1n}`);
    if (sent === undefined || theirs === undefined) return { mode, refusal: "a text without both stamps" };
    if (isStrict && !isRecent(sent, nowMs, rules)) return { mode, refusal: "a stamp of ours that is not recent" };
    const timing = { clientLatencyMs: Number(nowMs - sent), offsetMs: offsetOf(sent, theirs, nowMs) };
    return { mode, timing, stamp: { clock: "ours", ms: sent } };
  }
  if (isStrict && (sent === undefined || sent < 0n || sent > U64_MAX))
    return { mode, refusal: "a text without client_ts3" };
  const reaction: HeartbeatReaction = { mode, ...(sent !== undefined && { stamp: { clock: "theirs", ms: sent } }) };
  const payload = answerText(values, nowMs);
  if (payload === undefined) return reaction;
  const { channel, offset, sequence } = frame;
  const fields = { flags: TEXT_HEARTBEAT_FLAGS, channel, sequence: BigInt.asUintN(64, sequence + 1n), offset };
  return { ...reaction, reply: { fields, payload } };
}
