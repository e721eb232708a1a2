/** Recorded packets of running peers. */
import type { FrameKey } from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import type { Field } from "../field.js";
import { clockOf, replyOf, sessionOf } from "./heartbeats.js";
import { session } from "./live-session.js";
import { referenceKey, valueDifferences, type Players, type PlayResult } from "./players.js";

/** Plays answers and sessions of running peers. */
export const LIVE_PLAYERS: Players = { "live.server_behaviour": behaviour, "live.session": session };

/** Compares the answers of a running server with ours, on the clock of its answer and without the nonce. */
function behaviour(vector: Field): PlayResult {
  const keyBytes = vector.get("key_hex").bytes();
  const replies = vector.get("decoded").get("replies").items();
  const clock = replies[0] === undefined ? 0n : clockOf(replies[0].get("payload_hex").bytes());
  const received = sessionOf(keyBytes, "server", "binary", []).receive(
    vector.get("inputs").get("datagram_hex").bytes(),
    clock,
  );
  const datagram = replyOf(received);
  const ours = datagram === undefined ? [] : [shownReply(referenceKey(keyBytes, []), datagram)];
  const theirs = replies.map((reply) =>
    Object.fromEntries(
      ["flags", "channel", "seq", "off", "payload_hex", "len"].map((name) => [name, reply.get(name).value]),
    ),
  );
  return valueDifferences("replies", theirs, ours);
}

function shownReply(key: FrameKey, datagram: Uint8Array): object {
  const { flags, channel, sequence, offset, plaintext } = key.open(datagram);
  const numbers = { flags, channel, seq: `${sequence}`, off: `${offset}` };
  return { ...numbers, payload_hex: toHex(plaintext), len: datagram.length };
}
