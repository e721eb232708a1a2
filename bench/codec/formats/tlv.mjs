/** A list of 100 tagged values: names, ports, lists of the same form inside, and bytes under tags that none knows. */
import { Parser } from "binary-parser";
import { INPUTS, refuse } from "../../lib/cell.mjs";
import { makeRandom } from "../../lib/random.mjs";
import { badEnds, consumeWith, decodersOf, kaitaiReader, loadCodecs, withByte } from "./load.mjs";

const ENTRIES = 100;
const [NAME, PORT, NEIGHBOURS] = [1, 2, 3];

export async function tlvCell() {
  const { decodeTlv, encodeTlv } = await loadCodecs("tlv");
  const random = makeRandom();
  const wires = Array.from({ length: INPUTS }, () => encodeTlv(makeList(random)));
  const [wire] = wires;
  const consume = consumeWith((ofBytes) => (list) => {
    let sum = 0;
    const ofEntries = (entries) => {
      for (let i = 0; i < entries.length; i++) {
        const { tag, body } = entries[i];
        sum += tag;
        if (tag === 1) for (let k = 0; k < body.text.length; k++) sum += body.text.charCodeAt(k);
        else if (tag === 2) sum += body.number;
        else if (tag === 3) ofEntries(body.entries);
        else sum += ofBytes(body);
      }
    };
    ofEntries(list.entries);
    return sum;
  });
  return {
    name: "tlv decode, 100 entries",
    consume,
    plain: plainList,
    inputs: wires,
    bad: {
      "half an entry": wire.slice(0, 1),
      "a byte too few": badEnds(wire)["a byte too few"],
      "a byte too many": badEnds(wire)["a byte too many"],
      "a value longer than the list": withByte(wire, wire.length - 2, 9),
    },
    candidates: decodersOf(wires, {
      "emitted codec": (bytes) => decodeTlv(bytes),
      "Kaitai Struct": await kaitaiReader("tlv", "Tlv"),
      "binary-parser": binaryParserDecode,
    }),
  };
}

const plainList = ({ entries }) => entries.map(({ tag, body }) => [tag, plainBody(tag, body)]);

function plainBody(tag, body) {
  if (tag === NAME) return body.text;
  if (tag === PORT) return body.number;
  return tag === NEIGHBOURS ? plainList(body) : [...body];
}

function makeList(random) {
  const name = () => ({ tag: NAME, body: { kind: "name", text: `device-${random.below(1e6)}` } });
  const port = () => ({ tag: PORT, body: { kind: "port", number: random.below(2 ** 16) } });
  const bytes = () => ({ tag: 4 + random.below(250), body: random.bytes(random.below(32)) });
  const list = () => ({ tag: NEIGHBOURS, body: { kind: "tlv", entries: [name(), port()] } });
  const makers = [name, name, port, port, bytes, list];
  const entries = Array.from({ length: ENTRIES - 1 }, () => makers[random.below(makers.length)]());
  return { kind: "tlv", entries: [...entries, { tag: 200, body: random.bytes(1) }] };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// It cuts a length off at the end of the bytes.
const whole = (bytes, length) => (bytes.length === length ? bytes : refuse("a value within the list"));

const entryParser = new Parser()
  .namely("tlvEntry")
  .endianness("big")
  .uint8("tag")
  .uint8("length")
  .choice({
    tag: "tag",
    choices: {
      // Faster than `string`, which makes a decoder for each text.
      [NAME]: new Parser().buffer("body", {
        length: "length",
        formatter(bytes) {
          return { text: utf8.decode(whole(bytes, this.length)) };
        },
      }),
      [PORT]: new Parser().endianness("big").uint16("body", { formatter: (number) => ({ number }) }),
      [NEIGHBOURS]: new Parser().array("body", {
        type: "tlvEntry",
        lengthInBytes: "length",
        formatter: (entries) => ({ entries }),
      }),
    },
    defaultChoice: new Parser().buffer("body", {
      length: "length",
      formatter(bytes) {
        return whole(bytes, this.length);
      },
    }),
  });

const parser = new Parser().array("entries", { type: entryParser, readUntil: "eof" });

function binaryParserDecode(bytes) {
  return parser.parse(bytes);
}
