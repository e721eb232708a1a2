/** RAIDA request headers of 32 bytes. */
import { Parser } from "binary-parser";
import { decodeRequestHeader, encodeRequestHeader, RequestHeaderReader } from "specwire/raida";
import { INPUTS, refuse } from "../../lib/cell.mjs";
import { makeRandom } from "../../lib/random.mjs";

const SIZE = 32;

const random = makeRandom();
const wires = Array.from({ length: INPUTS }, () =>
  encodeRequestHeader({
    kind: "legacy",
    raidaId: random.below(25),
    shardId: random.below(4),
    commandGroup: random.below(256),
    command: random.below(256),
    coinId: random.below(2 ** 16),
    presentationVersion: random.below(256),
    application: random.below(2 ** 16),
    compression: random.below(256),
    translation: random.below(256),
    aiTranslation: random.below(256),
    reserved: random.below(2 ** 16),
    encryptionType: random.below(3),
    denomination: random.below(256) - 128,
    serial: random.below(2 ** 32),
    bodyLength: random.below(2 ** 16),
    nonce: random.bytes(8),
  }),
);

const bad = {
  "31 bytes": wires[0].subarray(0, SIZE - 1),
  "33 bytes": new Uint8Array([...wires[0], 0]),
  "no bytes": new Uint8Array(0),
  "version 2": withByte(0, 2),
  "split id 1": withByte(1, 1),
  "server 25": withByte(2, 25),
  "shard 4": withByte(3, 4),
  "a type whose header has 48 bytes": withByte(16, 4),
};

export function requestHeaderCells() {
  return [decodeCell(), readerCell()];
}

function decodeCell() {
  return {
    name: "request header decode",
    consume: (header) => {
      const nonce = header.nonce;
      let sum = header.raidaId + header.shardId + header.commandGroup + header.command + header.coinId;
      sum += header.presentationVersion + header.application + header.compression + header.translation;
      sum += header.aiTranslation + header.reserved + header.encryptionType + header.denomination + header.serial;
      sum += header.bodyLength + header.kind.length;
      let bits = 0;
      for (let i = 0; i < 8; i++) bits ^= nonce[i];
      return sum + bits;
    },
    plain: ({ version: _version, splitId: _splitId, nonce, ...header }) => ({ ...header, nonce: [...nonce] }),
    inputs: wires,
    bad,
    candidates: [
      {
        name: "decodeRequestHeader",
        ours: true,
        run: (i) => decodeRequestHeader(wires[i]),
        once: (b) => decodeRequestHeader(b),
      },
      { name: "naive DataView", run: (i) => naiveDecode(wires[i]), once: naiveDecode },
      { name: "binary-parser", run: (i) => binaryParserDecode(wires[i]), once: binaryParserDecode },
    ],
  };
}

function readerCell() {
  const reader = new RequestHeaderReader();
  return {
    name: "request header, 3 fields",
    consume: (header) => header.commandGroup + header.command + header.bodyLength,
    plain: ({ commandGroup, command, bodyLength }) => ({ commandGroup, command, bodyLength }),
    inputs: wires,
    bad,
    candidates: [
      {
        name: "RequestHeaderReader",
        ours: true,
        run: (i) => reader.wrap(wires[i]),
        once: (bytes) => reader.wrap(bytes),
      },
      { name: "naive DataView", run: (i) => naiveDecode(wires[i]), once: naiveDecode },
    ],
  };
}

function naiveDecode(bytes) {
  if (bytes.length !== SIZE) refuse("32 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const encryptionType = view.getUint8(16);
  if (encryptionType > 2) refuse("48 bytes");
  if (view.getUint8(0) !== 1 || view.getUint8(1) !== 0) refuse("version 1, split id 0");
  const raidaId = view.getUint8(2);
  const shardId = view.getUint8(3);
  if (raidaId > 24 || shardId > 3) refuse("servers 0 to 24, shards 0 to 3");
  return {
    kind: "legacy",
    raidaId,
    shardId,
    commandGroup: view.getUint8(4),
    command: view.getUint8(5),
    coinId: view.getUint16(6),
    presentationVersion: view.getUint8(8),
    application: view.getUint16(9),
    compression: view.getUint8(11),
    translation: view.getUint8(12),
    aiTranslation: view.getUint8(13),
    reserved: view.getUint16(14),
    encryptionType,
    denomination: view.getInt8(17),
    serial: view.getUint32(18),
    bodyLength: view.getUint16(22),
    nonce: bytes.slice(24, 32),
  };
}

const parser = new Parser()
  .endianness("big")
  .uint8("version", { assert: 1 })
  .uint8("splitId")
  .uint8("raidaId")
  .uint8("shardId")
  .uint8("commandGroup")
  .uint8("command")
  .uint16("coinId")
  .uint8("presentationVersion")
  .uint16("application")
  .uint8("compression")
  .uint8("translation")
  .uint8("aiTranslation")
  .uint16("reserved")
  .uint8("encryptionType")
  .int8("denomination")
  .uint32("serial")
  .uint16("bodyLength")
  .buffer("nonce", { length: 8 });

function binaryParserDecode(bytes) {
  if (bytes.length !== SIZE) refuse("32 bytes");
  const header = parser.parse(bytes);
  if (header.encryptionType > 2) refuse("48 bytes");
  if (header.splitId !== 0) refuse("split id 0");
  if (header.raidaId > 24 || header.shardId > 3) refuse("servers 0 to 24, shards 0 to 3");
  header.kind = "legacy";
  return header;
}

function withByte(at, value) {
  const bytes = wires[0].slice();
  bytes[at] = value;
  return bytes;
}
