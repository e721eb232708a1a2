import type { FrameKey } from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import type { Field } from "../fields.js";
import { clockOf, replyOf, sessionOf } from "./heartbeats.js";
import { session } from "./live-session.js";
import { referenceKey, sameness, type Kinds, type Played } from "./outcomes.js";

/** What was heard of a running server and client. */
export const LIVE_KINDS: Kinds = { "live.server_behaviour": behaviour, "live.session": session };

/** What the server answered; the nonce is its own, the clock is taken from the answer. */
function behaviour(vector: Field): Played {
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
  return sameness("replies", theirs, ours);
}

function shownReply(key: FrameKey, datagram: Uint8Array): object {
  const { flags, channel, sequence, offset, plaintext } = key.open(datagram);
  const numbers = { flags, channel, seq: `${sequence}`, off: `${offset}` };
  return { ...numbers, payload_hex: toHex(plaintext), len: datagram.length };
}
