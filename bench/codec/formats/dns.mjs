/** A response of the domain name system: a question, four answers, two authorities, two additional records. */
import { Parser } from "binary-parser";
import { INPUTS, refuse } from "../../lib/cell.mjs";
import { makeRandom } from "../../lib/random.mjs";
import { badEnds, consumeWith, decodersOf, kaitaiReader, loadCodecs, withByte } from "./load.mjs";

const HEADER = 12;
const [A, NS, CNAME, MX, TXT, AAAA] = [1, 2, 5, 15, 16, 28];
const TEXT_FORM = 0;
const POINTER_FORM = 3;

export async function dnsCell() {
  const { decodeDns, encodeDns } = await loadCodecs("dns");
  const random = makeRandom();
  const wires = Array.from({ length: INPUTS }, () => encodeDns(makeResponse(random)));
  const [wire] = wires;
  return {
    name: "dns response decode",
    consume: consumeWith((ofBytes) => (message) => {
      const { flags } = message;
      let sum = message.transaction + flags.opcode + flags.responseCode + flags.reserved;
      sum += Number(flags.isResponse) + Number(flags.isAuthoritative) + Number(flags.isTruncated);
      sum += Number(flags.wantsRecursion) + Number(flags.hasRecursion);
      const ofName = (labels) => {
        for (let i = 0; i < labels.length; i++) {
          const { form, length, offset, text } = labels[i];
          sum += form + length;
          if (text === undefined) sum += offset;
          else for (let k = 0; k < text.length; k++) sum += text.charCodeAt(k);
        }
      };
      const ofRecords = (records) => {
        for (let i = 0; i < records.length; i++) {
          const { name, type, domain, ttl, data } = records[i];
          ofName(name.labels);
          sum += type + domain + ttl;
          if (type === 1 || type === 28) sum += ofBytes(data.address);
          else if (type === 2 || type === 5) ofName(data.labels);
          else if (type === 15) {
            sum += data.preference;
            ofName(data.name.labels);
          } else sum += ofBytes(data);
        }
      };
      for (let i = 0; i < message.questions.length; i++) {
        const { name, type, domain } = message.questions[i];
        ofName(name.labels);
        sum += type + domain;
      }
      ofRecords(message.answers);
      ofRecords(message.authorities);
      ofRecords(message.additionals);
      return sum;
    }),
    plain: ({ transaction, flags, questions, answers, authorities, additionals }) => ({
      transaction,
      flags: plainFlags(flags),
      questions: questions.map(({ name, type, domain }) => [plainName(name), type, domain]),
      records: [answers, authorities, additionals].map((records) => records.map(plainRecord)),
    }),
    inputs: wires,
    bad: {
      ...badEnds(wire),
      "a label of form 1": withByte(wire, HEADER, 0x41),
      "more answers than there are": withByte(wire, 7, 9),
      "more records behind than there are": withByte(wire, 11, 9),
    },
    candidates: decodersOf(wires, {
      "emitted codec": (bytes) => decodeDns(bytes),
      "Kaitai Struct": await kaitaiReader("dns", "Dns"),
      "binary-parser": binaryParserDecode,
    }),
  };
}

function plainFlags(flags) {
  const bits = ["isResponse", "isAuthoritative", "isTruncated", "wantsRecursion", "hasRecursion"];
  return [...bits.map((bit) => Number(flags[bit])), flags.opcode, flags.reserved, flags.responseCode];
}

const plainName = ({ labels }) => labels.map(({ form, length, offset, text }) => [form, length, text ?? offset]);

const plainRecord = ({ name, type, domain, ttl, data }) => [plainName(name), type, domain, ttl, plainData(type, data)];

function plainData(type, data) {
  if (type === A || type === AAAA) return [...data.address];
  if (type === NS || type === CNAME) return plainName(data);
  return type === MX ? [data.preference, plainName(data.name)] : [...data];
}

const label = (text) => ({ form: TEXT_FORM, length: text.length, text });
const pointer = (at) => ({ form: POINTER_FORM, length: at >> 8, offset: at & 255 });
const nameOf = (...labels) => ({ kind: "name", labels });

function makeResponse(random) {
  const host = `host-${random.below(1000)}`;
  const domain = `example-${random.below(1000)}`;
  const owner = nameOf(pointer(HEADER));
  const zone = nameOf(pointer(HEADER + 1 + host.length));
  const server = (text) => nameOf(label(text), pointer(HEADER + 1 + host.length));
  const record = (name, type, data) => ({ name, type, domain: 1, ttl: random.below(2 ** 32), data });
  return {
    transaction: random.below(2 ** 16),
    flags: {
      isResponse: true,
      opcode: 0,
      isAuthoritative: random.below(2) === 1,
      isTruncated: false,
      wantsRecursion: true,
      hasRecursion: random.below(2) === 1,
      reserved: 0,
      responseCode: 0,
    },
    questions: [{ name: nameOf(label(host), label(domain), label("com"), label("")), type: A, domain: 1 }],
    answers: [
      record(owner, CNAME, server("balanced")),
      record(server("balanced"), A, { kind: "ipv4", address: random.bytes(4) }),
      record(zone, MX, { kind: "exchange", preference: 10, name: server("mail") }),
      record(zone, TXT, random.bytes(40)),
    ],
    authorities: [record(zone, NS, server("ns1")), record(zone, NS, server("ns2"))],
    additionals: [
      record(server("ns1"), A, { kind: "ipv4", address: random.bytes(4) }),
      record(server("ns2"), AAAA, { kind: "ipv6", address: random.bytes(16) }),
    ],
  };
}

// That of ASCII takes half as long again.
const utf8 = new TextDecoder();

const labelParser = new Parser()
  .endianness("big")
  .bit2("form")
  .bit6("length")
  .choice({
    tag: "form",
    choices: {
      // Faster than `string`, which makes a decoder for each text.
      [TEXT_FORM]: new Parser().buffer("text", {
        length: "length",
        formatter(text) {
          return text.length === this.length ? utf8.decode(text) : refuse("a label within the message");
        },
      }),
      [POINTER_FORM]: new Parser().uint8("offset"),
    },
  });

const nameParser = new Parser().array("labels", {
  type: labelParser,
  readUntil: ({ length, form }) => length === 0 || form === POINTER_FORM,
});

const questionParser = new Parser()
  .endianness("big")
  .nest("name", { type: nameParser })
  .uint16("type")
  .uint16("domain");

const bytesParser = (name, length) =>
  new Parser().buffer(name, {
    length,
    formatter(bytes) {
      return bytes.length === (typeof length === "number" ? length : this[length]) ? bytes : refuse("more bytes");
    },
  });

const recordParser = new Parser()
  .endianness("big")
  .nest("name", { type: nameParser })
  .uint16("type")
  .uint16("domain")
  .uint32("ttl")
  .uint16("dataLength")
  .choice({
    tag: "type",
    choices: {
      [A]: new Parser().nest("data", { type: bytesParser("address", 4) }),
      [AAAA]: new Parser().nest("data", { type: bytesParser("address", 16) }),
      [NS]: new Parser().nest("data", { type: nameParser }),
      [CNAME]: new Parser().nest("data", { type: nameParser }),
      [MX]: new Parser().nest("data", {
        type: new Parser().endianness("big").uint16("preference").nest("name", { type: nameParser }),
      }),
    },
    defaultChoice: bytesParser("data", "dataLength"),
  });

const flagsParser = new Parser()
  .endianness("big")
  .bit1("isResponse")
  .bit4("opcode")
  .bit1("isAuthoritative")
  .bit1("isTruncated")
  .bit1("wantsRecursion")
  .bit1("hasRecursion")
  .bit3("reserved")
  .bit4("responseCode");

const parser = new Parser()
  .endianness("big")
  .uint16("transaction")
  .nest("flags", { type: flagsParser })
  .uint16("questionCount")
  .uint16("answerCount")
  .uint16("authorityCount")
  .uint16("additionalCount")
  .array("questions", { type: questionParser, length: "questionCount" })
  .array("answers", { type: recordParser, length: "answerCount" })
  .array("authorities", { type: recordParser, length: "authorityCount" })
  .array("additionals", { type: recordParser, length: "additionalCount" })
  .buffer("rest", { readUntil: "eof", assert: (rest) => rest.length === 0 });

function binaryParserDecode(bytes) {
  return parser.parse(bytes);
}
