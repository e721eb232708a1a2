/** A recorded session of a running BittrRt server and client. */
import { KeyPair, TokenKey, tryReadPorts, type BittrrtRole } from "../../protocols/bittrrt/index.js";
import { toHex } from "../../bytes/index.js";
import type { Field } from "../fields.js";
import { differences } from "../verdict.js";
import { clockOf, replyOf, sessionOf } from "./heartbeats.js";
import { referenceKey, sameness, type Played } from "./outcomes.js";

const NONCE_BYTES = 12;

/** One recorded packet, read. */
interface Packet {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly isToken: boolean;
  readonly datagram: Uint8Array;
  readonly decoded: Field;
}

/**
 * A recorded session: every packet is read and written again, and every answer at a port for frames is what ours
 * answers to what it was asked.
 */
export function session(vector: Field): Played {
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
    ...packets.flatMap((packet) => rewritten(packet, key, token)),
    ...flowsOf(packets, mainPort).flatMap((flow) => exchanged(flow, serverPortOf(flow, packets, mainPort, key), key)),
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

function rewritten({ what, isToken, datagram, decoded }: Packet, keyBytes: Uint8Array, token: TokenKey): Played {
  if (isToken) {
    const opened = token.tryOpen(datagram);
    if (!opened.ok) return sameness(what, "a token", opened.error);
    return [
      ...sameness(`${what}: text`, decoded.get("json").value, opened.value.text),
      ...sameness(`${what}: counter`, `${decoded.get("salt").bigint()}`, `${opened.value.counter}`),
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

/** The frames between two ports, both ways, for each two that are no main port. */
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

/** The server's end of a flow: it has told it; where that was not recorded, the client has begun. */
function serverPortOf(flow: readonly Packet[], packets: readonly Packet[], mainPort: number, key: Uint8Array): number {
  const [first] = flow;
  const isTold = packets.some(({ from, isToken, datagram }) => {
    const ports =
      from === mainPort && !isToken ? tryReadPorts(referenceKey(key, []).open(datagram).plaintext) : undefined;
    return ports?.ok === true && Object.values(ports.value).includes(first!.from);
  });
  return isTold ? first!.from : first!.to;
}

/**
 * Both ends answer in the order in which they were asked, however much is under way: an answer belongs to the first
 * question that has none. What a client says beside is a heartbeat or a message that begins an exchange. What was asked
 * at the end of the recording may have been answered after it.
 */
function exchanged(flow: readonly Packet[], serverPort: number, key: Uint8Array): Played {
  const asked: Record<BittrrtRole, Packet[]> = { client: [], server: [] };
  const lines: string[] = [];
  for (const packet of flow) {
    const [sender, receiver] =
      packet.from === serverPort ? (["server", "client"] as const) : (["client", "server"] as const);
    const question = asked[sender][0];
    const ours = question && answerTo(question, sender, packet, key);
    const differing =
      ours === undefined ? [`${packet.what}: nobody asked`] : differences(packet.what, packet.datagram, ours);
    const isAnswer = differing.length === 0;
    if (isAnswer || !(sender === "client" && beginsExchange(packet, key))) {
      asked[sender].shift();
      lines.push(...differing);
    }
    if (answerTo(packet, receiver, packet, key) !== undefined) asked[receiver].push(packet);
  }
  return lines;
}

/** What ours answers to a packet when it draws the nonce of the recorded answer and reads its clock. */
function answerTo(question: Packet, role: BittrrtRole, answer: Packet, key: Uint8Array): Uint8Array | undefined {
  const ours = sessionOf(key, role, "binary", [answer.datagram.subarray(0, NONCE_BYTES)]);
  const { plaintext } = referenceKey(key, []).open(answer.datagram);
  return replyOf(ours.receive(question.datagram, clockOf(plaintext)));
}

/** A control message, or the first frame of a heartbeat: one stamp, and three echoes to come. */
function beginsExchange({ datagram }: Packet, key: Uint8Array): boolean {
  const { flags, sequence, plaintext } = referenceKey(key, []).open(datagram);
  return flags === 0 || (flags === 19 && sequence === 3n && plaintext.length === 8);
}
