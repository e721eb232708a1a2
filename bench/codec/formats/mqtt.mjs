/** PUBLISH packets of MQTT: a topic of 14 to 26 characters and a payload of 100 to 299 bytes. */
import { Parser } from "binary-parser";
import { INPUTS, refuse } from "../../lib/cell.mjs";
import { makeRandom } from "../../lib/random.mjs";
import { badEnds, consumeWith, decodersOf, kaitaiReader, loadCodecs, withByte } from "./load.mjs";

const PUBLISH = 3;
const TOPICS = ["rooms/7/climate", "site/north/boiler/pressure", "fleet/42/место"];

export async function mqttCell() {
  const { decodeMqtt, encodeMqtt } = await loadCodecs("mqtt");
  const random = makeRandom();
  const wires = Array.from({ length: INPUTS }, (_, i) => encodeMqtt(makePacket(random, i)));
  const [wire] = wires;
  return {
    name: "mqtt publish decode",
    consume: consumeWith((ofBytes) => (packet) => {
      const { topic, number, payload } = packet.body;
      let sum = packet.packetType + packet.qos + Number(packet.duplicate) + Number(packet.retain) + (number ?? 0);
      for (let i = 0; i < topic.text.length; i++) sum += topic.text.charCodeAt(i);
      return sum + ofBytes(payload);
    }),
    plain: ({ packetType, duplicate, qos, retain, body: { topic, number, payload } }) => ({
      head: [packetType, Number(duplicate), qos, Number(retain)],
      body: [topic.text, number, ...payload],
    }),
    inputs: wires,
    bad: {
      ...badEnds(wire),
      "a quality of 3": withByte(wire, 0, (PUBLISH << 4) | 6),
      "a packet longer than the bytes": withByte(wire, 2, wire[2] + 1),
      "a topic longer than the packet": withByte(wire, 3, 1),
      "a length in more bytes than it needs": Uint8Array.of(PUBLISH << 4, 0x83, 0, 0, 1, 97),
    },
    candidates: decodersOf(wires, {
      "emitted codec": (bytes) => decodeMqtt(bytes),
      "Kaitai Struct": await kaitaiReader("mqtt", "Mqtt", ({ remainingLength }) => checkGroups(remainingLength.groups)),
      "binary-parser": binaryParserDecode,
    }),
  };
}

function makePacket(random, i) {
  const qos = i % 3;
  const topic = { text: TOPICS[random.below(TOPICS.length)] };
  const payload = random.bytes(100 + random.below(200));
  const body = { kind: "publish", topic, number: qos > 0 ? random.below(2 ** 16) : undefined, payload };
  return { packetType: PUBLISH, duplicate: random.below(2) === 1, qos, retain: random.below(2) === 1, body };
}

/** A number has one form, the shortest, and at most four bytes. */
function checkGroups(groups) {
  if (groups.length > 4 || (groups.length > 1 && groups.at(-1) === 0)) refuse("the shortest form");
}

function lengthOf(groups) {
  checkGroups(groups);
  let length = 0;
  for (let i = groups.length - 1; i >= 0; i--) length = length * 128 + (groups[i] & 127);
  return length;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const NUMBER = new Parser().endianness("big").uint16("number");
const NONE = new Parser();

// Of the packets of the spec it knows the one that is measured.
const parser = new Parser()
  .endianness("big")
  .bit4("packetType", { assert: PUBLISH })
  .bit1("duplicate")
  .bit2("qos", { assert: (qos) => qos <= 2 })
  .bit1("retain")
  .array("remainingLength", { type: "uint8", readUntil: (group) => group < 128, formatter: lengthOf })
  .uint16("topicLength")
  // Faster than `string`, which makes a decoder for each text.
  .buffer("topic", {
    length: "topicLength",
    formatter: (topic) => ({ text: utf8.decode(topic) }),
  })
  .choice({ tag: "qos", choices: { 0: NONE, 1: NUMBER, 2: NUMBER } })
  .buffer("payload", { readUntil: "eof" });

function binaryParserDecode(bytes) {
  const packet = parser.parse(bytes);
  const { packetType, duplicate, qos, retain, remainingLength, topicLength, topic, number, payload } = packet;
  if (payload.length !== remainingLength - topicLength - (qos > 0 ? 4 : 2)) refuse("a packet of its length");
  return { packetType, duplicate, qos, retain, body: { topic, number, payload } };
}
