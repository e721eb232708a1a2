/** Recorded heartbeats. */
import { Session, type BittrrtRole, type HeartbeatMode, type Received } from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import type { Field } from "../field.js";
import { differences } from "../verdict.js";
import { referenceKey, valueDifferences, type Players, type PlayResult } from "./players.js";

const STAMP_BYTES = 8;

/** Plays heartbeats, alone and in whole exchanges. */
export const HEARTBEAT_PLAYERS: Players = {
  "heartbeat.binary": (vector) => {
    const side = vector.get("inputs").get("side").text();
    const reply = answer(vector, side === "client" ? "client" : "server", "binary");
    return [...replyDifferences(vector, reply), ...latencies(vector.get("decoded").get("log").text(), reply)];
  },
  "heartbeat.text": (vector) => {
    const reply = answer(vector, "server", "text");
    const found = replyDifferences(vector, reply);
    return vector.get("decoded").get("error").isGiven && found.length === 0 ? "refused" : found;
  },
  "heartbeat.round": round,
};

/** A session of the profile `reference` that draws these nonces. */
export function sessionOf(
  key: Uint8Array,
  role: BittrrtRole,
  heartbeat: HeartbeatMode,
  nonces: readonly Uint8Array[],
): Session {
  const rules = { role, heartbeat, profile: "reference", stampAgeMsMax: Infinity, replayWindow: 0 } as const;
  return new Session({ key: referenceKey(key, nonces), ...rules });
}

function answer(vector: Field, role: BittrrtRole, heartbeat: HeartbeatMode): Received {
  const inputs = vector.get("inputs");
  const nonce = vector.get("nonce_hex");
  const session = sessionOf(vector.get("key_hex").bytes(), role, heartbeat, nonce.isGiven ? [nonce.bytes()] : []);
  // The recording called the handlers directly, so no socket cut the datagram.
  return session.receive(inputs.get("request_hex").bytes(), inputs.get("now_ms").bigint(), Infinity);
}

/** The clock of the sender of a heartbeat: the last stamp of the payload. */
export function clockOf(payload: Uint8Array): bigint {
  const stamp = payload.subarray(-STAMP_BYTES);
  return stamp.length < STAMP_BYTES ? 0n : BigInt(`0x${toHex(stamp)}`);
}

/** The answer to a datagram; undefined if there is none. */
export function replyOf(received: Received): Uint8Array | undefined {
  if (received.type === "heartbeat") return received.reply;
  return received.type === "control" ? received.ack : undefined;
}

function replyDifferences(vector: Field, received: Received): readonly string[] {
  const output = vector.get("output_hex");
  const ours = replyOf(received);
  if (!output.isGiven) return valueDifferences("reply", null, ours === undefined ? null : `${ours.length} bytes`);
  return differences("reply", output.bytes(), ours ?? new Uint8Array(0));
}

/** Compares the latencies in the log of the reference with ours. */
function latencies(log: string, received: Received): readonly string[] {
  // The lookbehind starts a match at the first digit only, so that a long run of digits takes linear time.
  const logged = Array.from(log.matchAll(/-?(?<!\d)\d+(?=ms)/g), ([number]) => Number(number));
  const { clientLatencyMs, serverLatencyMs } = received.type === "heartbeat" ? received.timing : {};
  return valueDifferences(
    "latencies",
    logged,
    [clientLatencyMs, serverLatencyMs].filter((latency) => latency !== undefined),
  );
}

/** Plays a whole exchange, in which each side answers the frame before. */
function round(vector: Field): PlayResult {
  const key = vector.get("key_hex").bytes();
  const messages = vector.get("decoded").get("messages").items();
  const logs = vector.get("decoded").get("logs").items();
  return messages.flatMap((message, i) => {
    const next = messages[i + 1];
    const role = message.get("from").text() === "client" ? "server" : "client";
    const nonces = next === undefined ? [] : [next.get("nonce_hex").bytes()];
    const nowMs = (next ?? message).get("now_ms").bigint();
    const datagram = message.get("datagram_hex").bytes();
    const received = sessionOf(key, role, "binary", nonces).receive(datagram, nowMs, Infinity);
    const log = logs[i - 1]?.text() ?? "";
    const told = i === 0 ? [] : latencies(log, received);
    const expected = next === undefined ? new Uint8Array(0) : next.get("datagram_hex").bytes();
    return [...told, ...differences(`message ${i + 1}`, expected, replyOf(received) ?? new Uint8Array(0))];
  });
}
