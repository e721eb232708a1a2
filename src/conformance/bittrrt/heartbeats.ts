import { Session, type BittrrtRole, type HeartbeatMode, type Received } from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import type { Field } from "../fields.js";
import { differences } from "../verdict.js";
import { referenceKey, sameness, type Kinds, type Played } from "./outcomes.js";

const STAMP_BYTES = 8;

/** Heartbeats, each alone and in whole exchanges. */
export const HEARTBEAT_KINDS: Kinds = {
  "heartbeat.binary": (vector) => {
    const side = vector.get("inputs").get("side").text();
    const reply = answer(vector, side === "client" ? "client" : "server", "binary");
    return [...replyDifferences(vector, reply), ...latencies(vector.get("decoded").get("log").text(), reply)];
  },
  "heartbeat.text": (vector) => {
    const reply = answer(vector, "server", "text");
    const differing = replyDifferences(vector, reply);
    return vector.get("decoded").get("error").isGiven && differing.length === 0 ? "refused" : differing;
  },
  "heartbeat.round": round,
};

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
  // The handlers of the reference were called with it: no socket has cut it.
  return session.receive(inputs.get("request_hex").bytes(), inputs.get("now_ms").bigint(), Infinity);
}

/** The clock of whoever has answered a heartbeat: its stamp is the last one of the payload. */
export function clockOf(payload: Uint8Array): bigint {
  const stamp = payload.subarray(-STAMP_BYTES);
  return stamp.length < STAMP_BYTES ? 0n : BigInt(`0x${toHex(stamp)}`);
}

/** The datagram that answers what came, if anything does. */
export function replyOf(received: Received): Uint8Array | undefined {
  if (received.type === "heartbeat") return received.reply;
  return received.type === "control" ? received.ack : undefined;
}

function replyDifferences(vector: Field, received: Received): readonly string[] {
  const output = vector.get("output_hex");
  const ours = replyOf(received);
  if (!output.isGiven) return sameness("reply", null, ours === undefined ? null : `${ours.length} bytes`);
  return differences("reply", output.bytes(), ours ?? new Uint8Array(0));
}

/** What the reference logs of a heartbeat's stamps is what ours tells. */
function latencies(log: string, received: Received): readonly string[] {
  // Digits are tried from the first of a row alone: from each of them it would take time in the square of their number.
  const logged = Array.from(log.matchAll(/-?(?<!\d)\d+(?=ms)/g), ([number]) => Number(number));
  const { clientLatencyMs, serverLatencyMs } = received.type === "heartbeat" ? received.timing : {};
  return sameness(
    "latencies",
    logged,
    [clientLatencyMs, serverLatencyMs].filter((latency) => latency !== undefined),
  );
}

/** A whole exchange: each side answers the other, the client's first frame is given. */
function round(vector: Field): Played {
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
