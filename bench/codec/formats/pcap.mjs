/** Files of captured packets: 500 records with a header of 16 bytes and a body of 60 to 99. */
import { Parser } from "binary-parser";
import { INPUTS, refuse } from "../../lib/cell.mjs";
import { makeRandom } from "../../lib/random.mjs";
import { badEnds, consumeWith, decodersOf, kaitaiReader, loadCodecs, withByte } from "./load.mjs";

const PACKETS = 500;
/** Fewer than inputs: 3 MB of files would measure the memory that they come from. */
const FILES = 8;
const HEADER = 24;
const MICROSECONDS_MAX = 999_999;

export async function pcapCell() {
  const { decodePcap, encodePcap } = await loadCodecs("pcap");
  const random = makeRandom();
  const files = Array.from({ length: FILES }, () => encodePcap(makeCapture(random)));
  const wires = Array.from({ length: INPUTS }, (_, i) => files[i % FILES]);
  const [wire] = wires;
  return {
    name: "pcap decode, 500 packets",
    consume: consumeWith((ofBytes) => (file) => {
      let sum = file.zoneSeconds + file.accuracy + file.snapLength + file.linkType;
      for (let i = 0; i < file.packets.length; i++) {
        const { seconds, microseconds, length, data } = file.packets[i];
        sum += seconds + microseconds + length + ofBytes(data);
      }
      return sum;
    }),
    plain: ({ zoneSeconds, accuracy, snapLength, linkType, packets }) => ({
      head: [zoneSeconds, accuracy, snapLength, linkType],
      packets: packets.map(({ seconds, microseconds, length, data }) => [seconds, microseconds, length, ...data]),
    }),
    inputs: wires,
    bad: {
      ...badEnds(wire),
      "another magic": withByte(wire, 0, 0xd5),
      "version 3": withByte(wire, 4, 3),
      "a packet longer than the file": withByte(wire, HEADER + 10, 1),
      "a second of 2^24 microseconds": withByte(wire, HEADER + 7, 1),
    },
    candidates: decodersOf(wires, {
      "emitted codec": (bytes) => decodePcap(bytes),
      "Kaitai Struct": await kaitaiReader("pcap", "Pcap"),
      "binary-parser": binaryParserDecode,
    }),
  };
}

function makeCapture(random) {
  const packets = Array.from({ length: PACKETS }, () => {
    const data = random.bytes(60 + random.below(40));
    return {
      seconds: 1_700_000_000 + random.below(10_000_000),
      microseconds: random.below(MICROSECONDS_MAX + 1),
      length: data.length + random.below(1000),
      data,
    };
  });
  return { zoneSeconds: -3600, accuracy: 0, snapLength: 0x40000, linkType: 1, packets };
}

const packet = new Parser()
  .endianness("little")
  .uint32("seconds")
  .uint32("microseconds", { assert: (microseconds) => microseconds <= MICROSECONDS_MAX })
  .uint32("capturedLength")
  .uint32("length")
  .buffer("data", {
    length: "capturedLength",
    // It cuts a length off at the end of the bytes.
    formatter(data) {
      return data.length === this.capturedLength ? data : refuse("a packet within the file");
    },
  });

const parser = new Parser()
  .endianness("little")
  .uint32("magic", { assert: 0xa1b2c3d4 })
  .uint16("versionMajor", { assert: 2 })
  .uint16("versionMinor", { assert: 4 })
  .int32("zoneSeconds")
  .uint32("accuracy")
  .uint32("snapLength")
  .uint32("linkType")
  .array("packets", { type: packet, readUntil: "eof" });

function binaryParserDecode(bytes) {
  if (bytes.length < HEADER) refuse("a header");
  return parser.parse(bytes);
}
