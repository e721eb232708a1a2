/** Images in chunks: a header of 13 bytes, 20 chunks of 300 and the end, each with the CRC-32 of name and body. */
import * as zlib from "node:zlib";
import { Parser } from "binary-parser";
import { INPUTS, refuse } from "../../lib/cell.mjs";
import { makeRandom } from "../../lib/random.mjs";
import { badEnds, consumeWith, decodersOf, kaitaiReader, loadCodecs, withByte } from "./load.mjs";

const CHUNKS = 20;
const CHUNK = 300;
const SIGNATURE = 8;
/** A chunk's length and name stand before its body. */
const FIRST_BODY = SIGNATURE + 8;

export async function pngCell() {
  const { decodePng, encodePng } = await loadCodecs("png");
  const random = makeRandom();
  const wires = Array.from({ length: INPUTS }, () => encodePng(makeImage(random)));
  const [wire] = wires;
  return {
    name: "png decode, 22 chunks",
    consume: consumeWith((ofBytes) => ({ chunks }) => {
      let sum = 0;
      for (let i = 0; i < chunks.length; i++) {
        const { name, body } = chunks[i];
        for (let k = 0; k < name.length; k++) sum += name.charCodeAt(k);
        sum += ofBytes(body);
      }
      return sum;
    }),
    plain: ({ chunks }) => chunks.map(({ name, body }) => [name, ...body]),
    inputs: wires,
    bad: {
      ...badEnds(wire),
      "another signature": withByte(wire, 0, 0x88),
      "a chunk longer than the file": withByte(wire, SIGNATURE + 1, 1),
      "a chunk of 2^31 bytes": withByte(wire, SIGNATURE, 0x80),
      "a body that has changed": withByte(wire, FIRST_BODY + 4, wire[FIRST_BODY + 4] ^ 1),
      "a name that has changed": withByte(wire, FIRST_BODY - 1, wire[FIRST_BODY - 1] ^ 1),
      "a CRC that has changed": withByte(wire, wire.length - 1, wire.at(-1) ^ 1),
    },
    candidates: decodersOf(wires, {
      "emitted codec": (bytes) => decodePng(bytes),
      "Kaitai Struct": await kaitaiReader("png", "Png", checkSums),
      "binary-parser": binaryParserDecode,
    }),
  };
}

function makeImage(random) {
  const data = Array.from({ length: CHUNKS }, () => ({ name: "IDAT", body: random.bytes(CHUNK) }));
  const header = Uint8Array.of(0, 0, 0, 64, 0, 0, 0, 32, 8, 2, 0, 0, 0);
  return { chunks: [{ name: "IHDR", body: header }, ...data, { name: "IEND", body: new Uint8Array(0) }] };
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? 0xedb88320 ^ (word >>> 1) : word >>> 1;
  return word;
});

function tableCrc32(bytes) {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ -1) >>> 0;
}

// What a user would take: Node's own, or the table of 256 words where it has none yet.
const crc32 = zlib.crc32 ?? tableCrc32;

/** Its readers know no checksums; the bytes from name to body lie in one piece. */
function checkSums({ chunks }, bytes) {
  for (const { length, body, crc } of chunks) {
    const span = new Uint8Array(bytes.buffer, body.byteOffset - 4, length + 4);
    if (crc32(span) !== crc) refuse("a CRC-32 of name and body");
  }
}

const chunk = new Parser()
  .endianness("big")
  .uint32("length", { assert: (length) => length <= 0x7fffffff })
  .buffer("span", {
    length() {
      return this.length + 4;
    },
    // It cuts a length off at the end of the bytes.
    formatter(span) {
      return span.length === this.length + 4 ? span : refuse("a chunk within the file");
    },
  })
  .uint32("crc", {
    formatter(crc) {
      return crc32(this.span) === crc ? crc : refuse("a CRC-32 of name and body");
    },
  });

const IEND = 0x49454e44;
const nameOf = (span) => (span[0] << 24) | (span[1] << 16) | (span[2] << 8) | span[3];

const parser = new Parser()
  .endianness("big")
  .uint32("signatureHigh", { assert: 0x89504e47 })
  .uint32("signatureLow", { assert: 0x0d0a1a0a })
  .array("chunks", { type: chunk, readUntil: ({ span }) => nameOf(span) === IEND })
  .buffer("rest", { readUntil: "eof", assert: (rest) => rest.length === 0 });

function binaryParserDecode(bytes) {
  const { chunks } = parser.parse(bytes);
  return { chunks: chunks.map(namedChunk) };
}

const namedChunk = ({ span }) => ({
  name: String.fromCharCode(span[0], span[1], span[2], span[3]),
  body: span.subarray(4),
});
