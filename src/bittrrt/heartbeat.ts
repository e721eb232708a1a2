import type { Frame } from "./frame.js";
import type { FrameHeaderFields } from "./frame-header.js";
import { BINARY_HEARTBEAT_FLAGS, hasFlag, TEXT_HEARTBEAT_FLAGS } from "./flags.js";
import { answerBinary, ECHOES, readStamps, readWholeStamps } from "./heartbeat-binary.js";
import { answerText, integerOf, readText, type TextHeartbeat } from "./heartbeat-text.js";
import type { BittrrtProfile } from "./profile.js";

/** `binary` is what running peers speak; `text` is that of the document. */
export type HeartbeatMode = "binary" | "text";
export type BittrrtRole = "client" | "server";

export interface HeartbeatRules {
  readonly role: BittrrtRole;
  readonly profile: BittrrtProfile;
  /** What a heartbeat is read as under `reference`; under `strict` its flags and payload tell. */
  readonly heartbeat: HeartbeatMode;
  /** How old a stamp of one's own may be that comes back, under `strict`. */
  readonly stampAgeMsMax: number;
}

/** What the stamps of one exchange say, as far as they were there. */
export interface HeartbeatTiming {
  /** From a frame of the client to its answer, on the client's clock. */
  readonly clientLatencyMs?: number;
  /** From a frame of the server to its answer, on the server's clock. */
  readonly serverLatencyMs?: number;
  /** How far the server's clock is ahead of the client's, as the middle of an exchange has it (RFC 5905, section 8). */
  readonly offsetMs?: number;
}

/** The frame that answers a heartbeat. */
export interface HeartbeatReply {
  readonly fields: FrameHeaderFields;
  readonly payload: Uint8Array;
}

/** What a heartbeat leads to. `refused` says why nothing does. */
export interface HeartbeatReaction {
  readonly mode: HeartbeatMode;
  readonly reply?: HeartbeatReply;
  readonly timing?: HeartbeatTiming;
  readonly refused?: string;
}

/** Reads a frame with the HEARTBEAT bit. `nowMs` is the wall clock, in milliseconds since 1970. */
export function reactToHeartbeat(frame: Frame, nowMs: bigint, rules: HeartbeatRules): HeartbeatReaction {
  const isStrict = rules.profile === "strict";
  const mayBeText = isStrict ? !hasFlag(frame.flags, "binary") : rules.heartbeat === "text";
  // Stamps are hardly ever text: finding that out costs more than all the rest.
  const values = mayBeText ? readText(frame.plaintext) : undefined;
  const isText = isStrict ? values?.has("echo") === true : mayBeText;
  return isText ? reactToText(frame, values, nowMs, rules) : reactToBinary(frame, nowMs, rules);
}

function reactToBinary(frame: Frame, nowMs: bigint, rules: HeartbeatRules): HeartbeatReaction {
  const { plaintext, sequence, channel, offset } = frame;
  const mode = "binary";
  if (rules.profile === "strict") {
    const refused = refusalOf(frame, nowMs, rules);
    if (refused !== undefined) return { mode, refused };
  }
  const timing = timingOf(readWholeStamps(plaintext), sequence, nowMs, rules.role);
  if (sequence === 0n) return { mode, timing };
  const fields = { flags: BINARY_HEARTBEAT_FLAGS, channel, sequence: sequence - 1n, offset };
  return { mode, timing, reply: { fields, payload: answerBinary(plaintext, nowMs) } };
}

/** A server hears 3 and 1, a client 2 and 0; each brings one stamp more, and one's own come back unchanged. */
function refusalOf({ plaintext, sequence }: Frame, nowMs: bigint, rules: HeartbeatRules): string | undefined {
  const isServer = rules.role === "server";
  if (sequence > ECHOES) return `${ECHOES} echoes at most`;
  if ((sequence % 2n === 1n) !== isServer) return "a heartbeat of the other role";
  const stamps = readStamps(plaintext);
  if (stamps?.length !== Number(ECHOES - sequence) + 1) return "not one stamp for each frame so far";
  const own = stamps.filter((_, i) => (i % 2 === 1) === isServer);
  const isFresh = own.every((stamp) => stamp <= nowMs && nowMs - stamp <= BigInt(Math.trunc(rules.stampAgeMsMax)));
  return isFresh ? undefined : "a stamp of ours that we did not make now";
}

function timingOf(stamps: readonly bigint[], sequence: bigint, nowMs: bigint, role: BittrrtRole): HeartbeatTiming {
  const [c1, s1, c2, s2] = stamps;
  if (role === "server") {
    if (sequence !== 1n || c1 === undefined || s1 === undefined || c2 === undefined) return {};
    return { clientLatencyMs: Number(c2 - c1), serverLatencyMs: Number(nowMs - s1), offsetMs: offsetOf(c1, s1, c2) };
  }
  if (c1 === undefined || s1 === undefined) return {};
  if (sequence === 2n) return { clientLatencyMs: Number(nowMs - c1), offsetMs: offsetOf(c1, s1, nowMs) };
  if (sequence !== 0n) return {};
  if (c2 === undefined || s2 === undefined) return { clientLatencyMs: Number(nowMs - c1) };
  return { serverLatencyMs: Number(s2 - s1) };
}

function offsetOf(sent: bigint, theirs: bigint, received: bigint): number {
  return Number(2n * theirs - sent - received) / 2;
}

function reactToText(
  frame: Frame,
  values: TextHeartbeat | undefined,
  nowMs: bigint,
  { role, profile }: HeartbeatRules,
): HeartbeatReaction {
  const mode = "text";
  if (values === undefined) return { mode, refused: "no UTF-8" };
  const echo = integerOf(values, "echo");
  if (echo === undefined) return { mode, refused: "no echo" };
  if (profile === "strict" && (echo > ECHOES || echo < 0n)) return { mode, refused: `${ECHOES} echoes at most` };
  const sent = integerOf(values, "client_ts3");
  if (role === "client") {
    const theirs = integerOf(values, `server_ts${echo + 1n}`);
    if (sent === undefined || theirs === undefined) return { mode, refused: "no stamps" };
    return { mode, timing: { clientLatencyMs: Number(nowMs - sent), offsetMs: offsetOf(sent, theirs, nowMs) } };
  }
  if (profile === "strict" && sent === undefined) return { mode, refused: "no client_ts3" };
  const payload = answerText(values, nowMs);
  if (payload === undefined) return { mode };
  const { channel, offset, sequence } = frame;
  const fields = { flags: TEXT_HEARTBEAT_FLAGS, channel, sequence: BigInt.asUintN(64, sequence + 1n), offset };
  return { mode, reply: { fields, payload } };
}
