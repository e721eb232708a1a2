/** The recorded packets of a running BittrRt server and client. */
import {
  BINARY_HEARTBEAT_FLAGS,
  CONTROL_FLAGS,
  KeyPair,
  NONCE_BYTES,
  TokenKey,
  tryReadPorts,
  type BittrrtRole,
} from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import { ECHOES, STAMP_BYTES } from "../../protocols/bittrrt/heartbeat-binary.js";
import type { Field } from "../field.js";
import { differences } from "../verdict.js";
import { clockOf, replyOf, sessionOf } from "./heartbeats.js";
import { referenceKey, valueDifferences, type PlayResult } from "./players.js";

/** A recorded packet. */
interface Packet {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly isToken: boolean;
  readonly datagram: Uint8Array;
  readonly decoded: Field;
}

/**
 * Plays a session: every packet is opened and sealed again to the same bytes, and every answer at a port for frames
 * equals ours.
 */
export function session(vector: Field): PlayResult {
  const inputs = vector.get("inputs");
  const [server, client] = ["server", "client"].map((role) =>
    inputs
      .get("keys")
      .items()
      .find((key) => key.get("role").text() === role),
  );
  if (server === undefined || client === undefined) throw inputs.get("keys").refuse("a server's and a client's");
  const mainPort = inputs.get("server_main_port").integer(1, 65_535);
  const pair = new KeyPair(client.get("priv").bytes(32));
  const probe = new Uint8Array(NONCE_BYTES);
  const agreed = pair.agree(server.get("pub").bytes(32), { random: () => probe }).seal(probe);
  const key = vector.get("key_hex").bytes();
  const token = new TokenKey(inputs.get("fernet_key").text());
  const packets = vector.get("decoded").get("packets").items().map(readPacket);
  return [
    ...differences("a frame under the agreed key", referenceKey(key, [probe]).seal(probe), agreed),
    ...packets.flatMap((packet) => roundTrip(packet, key, token)),
    ...flowsOf(packets, mainPort).flatMap((flow) => checkFlow(flow, serverPortOf(flow, packets, mainPort, key), key)),
  ];
}

function readPacket(packet: Field, index: number): Packet {
  const decoded = packet.get("decoded");
  return {
    what: `packet ${index}`,
    from: packet.get("src_port").integer(1, 65_535),
    to: packet.get("dst_port").integer(1, 65_535),
    isToken: decoded.get("layer").text() === "fernet",
    datagram: packet.get("datagram_hex").bytes(),
    decoded,
  };
}

function roundTrip({ what, isToken, datagram, decoded }: Packet, keyBytes: Uint8Array, token: TokenKey): PlayResult {
  if (isToken) {
    const opened = token.tryOpen(datagram);
    if (!opened.ok) return valueDifferences(what, "a token", opened.error);
    return [
      ...valueDifferences(`${what}: text`, decoded.get("json").value, opened.value.text),
      ...valueDifferences(`${what}: counter`, `${decoded.get("salt").bigint()}`, `${opened.value.counter}`),
      ...differences(what, datagram, token.seal(opened.value)),
    ];
  }
  const key = referenceKey(keyBytes, [datagram.subarray(0, NONCE_BYTES)]);
  const { plaintext, ...fields } = key.open(datagram);
  return [
    ...valueDifferences(`${what}: payload`, decoded.get("payload_hex").value, toHex(plaintext)),
    ...differences(what, datagram, key.seal(plaintext, fields)),
  ];
}

/** The frames between each pair of ports, in both directions, without those of the main port. */
function flowsOf(packets: readonly Packet[], mainPort: number): readonly (readonly Packet[])[] {
  const flows = new Map<string, Packet[]>();
  for (const packet of packets) {
    const { from, to, isToken } = packet;
    if (isToken || from === mainPort || to === mainPort) continue;
    const name = [from, to].sort((a, b) => a - b).join();
    const flow = flows.get(name);
    if (flow === undefined) flows.set(name, [packet]);
    else flow.push(packet);
  }
  return [...flows.values()];
}

/** The server's port of a flow: the one in a message with ports, or else the receiver of the first frame. */
function serverPortOf(flow: readonly Packet[], packets: readonly Packet[], mainPort: number, key: Uint8Array): number {
  const [first] = flow;
  const isNamed = packets.some(({ from, isToken, datagram }) => {
    const ports =
      from === mainPort && !isToken ? tryReadPorts(referenceKey(key, []).open(datagram).plaintext) : undefined;
    return ports?.ok === true && Object.values(ports.value).includes(first!.from);
  });
  return isNamed ? first!.from : first!.to;
}

/**
 * Checks a flow. Both ends answer in order, so a frame must be our answer to the oldest open request. A client may also
 * begin a heartbeat or send a control message. Requests at the end may be open: their answers were not recorded.
 */
function checkFlow(flow: readonly Packet[], serverPort: number, key: Uint8Array): PlayResult {
  const open: Record<BittrrtRole, Packet[]> = { client: [], server: [] };
  const lines: string[] = [];
  for (const packet of flow) {
    const [sender, receiver] =
      packet.from === serverPort ? (["server", "client"] as const) : (["client", "server"] as const);
    const request = open[sender][0];
    const ours = request && answerTo(request, sender, packet, key);
    const found =
      ours === undefined ? [`${packet.what}: no request is open`] : differences(packet.what, packet.datagram, ours);
    const isAnswer = found.length === 0;
    if (isAnswer || !(sender === "client" && beginsExchange(packet, key))) {
      open[sender].shift();
      lines.push(...found);
    }
    if (answerTo(packet, receiver, packet, key) !== undefined) open[receiver].push(packet);
  }
  return lines;
}

/** Our answer to a packet, with the nonce and the clock of the recorded answer. */
function answerTo(request: Packet, role: BittrrtRole, answer: Packet, key: Uint8Array): Uint8Array | undefined {
  const ours = sessionOf(key, role, "binary", [answer.datagram.subarray(0, NONCE_BYTES)]);
  const { plaintext } = referenceKey(key, []).open(answer.datagram);
  return replyOf(ours.receive(request.datagram, clockOf(plaintext)));
}

/** Whether a packet is a control message or the first frame of a heartbeat. */
function beginsExchange({ datagram }: Packet, key: Uint8Array): boolean {
  const { flags, sequence, plaintext } = referenceKey(key, []).open(datagram);
  const isFirst = flags === BINARY_HEARTBEAT_FLAGS && sequence === ECHOES && plaintext.length === STAMP_BYTES;
  return flags === CONTROL_FLAGS || isFirst;
}
