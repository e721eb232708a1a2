import { KeyPair, TokenKey, type FrameKey, type Session } from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import type { Field } from "../fields.js";
import { differences } from "../verdict.js";
import { replyOf, sessionOf } from "./heartbeats.js";
import { referenceKey, sameness, type Kinds, type Played } from "./outcomes.js";

/** What was heard of a running server and client. */
export const LIVE_KINDS: Kinds = { "live.server_behaviour": behaviour, "live.session": session };

const NONCE_BYTES = 12;
const STAMP_BYTES = 8;
/** The server of the recording had these behind its main port. */
const FRAME_PORTS = 3;

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

function clockOf(payload: Uint8Array): bigint {
  const stamp = payload.subarray(-STAMP_BYTES);
  return stamp.length < STAMP_BYTES ? 0n : BigInt(`0x${toHex(stamp)}`);
}

/** Every packet is read and written again; every frame of a port is what ours answers to the one before it. */
function session(vector: Field): Played {
  const inputs = vector.get("inputs");
  const [server, client] = ["server", "client"].map((role) =>
    inputs
      .get("keys")
      .items()
      .find((key) => key.get("role").text() === role),
  );
  if (server === undefined || client === undefined) throw inputs.get("keys").refuse("a server's and a client's");
  const serverPort = inputs.get("server_main_port").integer(1, 65_535);
  const pair = new KeyPair(client.get("priv").bytes(32));
  const probe = new Uint8Array(NONCE_BYTES);
  const agreed = pair.agree(server.get("pub").bytes(32), { random: () => probe }).seal(probe);
  const key = vector.get("key_hex").bytes();
  const token = new TokenKey(inputs.get("fernet_key").text());
  const packets = vector.get("decoded").get("packets").items();
  return [
    ...differences("a frame under the agreed key", referenceKey(key, [probe]).seal(probe), agreed),
    ...packets.flatMap((packet, i) => rewritten(packet, `packet ${i}`, key, token)),
    ...packets.flatMap((_, i) => answered(packets.slice(i), `answer to packet ${i}`, key, serverPort)),
  ];
}

function rewritten(packet: Field, what: string, keyBytes: Uint8Array, token: TokenKey): readonly string[] {
  const datagram = packet.get("datagram_hex").bytes();
  const decoded = packet.get("decoded");
  if (decoded.get("layer").text() === "fernet") {
    const opened = token.tryOpen(datagram);
    if (!opened.ok) return sameness(what, "a token", opened.error);
    return [
      ...sameness(`${what}: text`, decoded.get("json").value, opened.value.text),
      ...sameness(`${what}: counter`, decoded.get("salt").value, Number(opened.value.counter)),
      ...differences(what, datagram, token.seal(opened.value)),
    ];
  }
  const key = referenceKey(keyBytes, [datagram.subarray(0, NONCE_BYTES)]);
  const { plaintext, ...fields } = key.open(datagram);
  return [
    ...sameness(`${what}: payload`, decoded.get("payload_hex").value, toHex(plaintext)),
    ...differences(what, datagram, key.seal(plaintext, fields)),
  ];
}

/** Compares what ours answers to the first of `packets` with the next that went the other way between these ports. */
function answered(
  [packet, ...later]: readonly Field[],
  what: string,
  key: Uint8Array,
  mainPort: number,
): readonly string[] {
  const [from, to] = portsOf(packet!);
  if (from === mainPort || to === mainPort || packet!.get("decoded").get("layer").text() === "fernet") return [];
  // What went out at the end of the recording was answered after it.
  const reply = later.find((one) => portsOf(one).join() === [to, from].join());
  if (reply === undefined) return [];
  const recorded = reply.get("datagram_hex").bytes();
  const role = to > mainPort && to <= mainPort + FRAME_PORTS ? "server" : "client";
  const ours: Session = sessionOf(key, role, "binary", [recorded.subarray(0, NONCE_BYTES)]);
  const received = ours.receive(
    packet!.get("datagram_hex").bytes(),
    clockOf(reply.get("decoded").get("payload_hex").bytes()),
  );
  const datagram = replyOf(received);
  // A client answers neither the end of an exchange nor an acknowledgement: what follows is of its own.
  return datagram === undefined ? [] : differences(what, recorded, datagram);
}

function portsOf(packet: Field): [number, number] {
  return [packet.get("src_port").integer(1, 65_535), packet.get("dst_port").integer(1, 65_535)];
}
