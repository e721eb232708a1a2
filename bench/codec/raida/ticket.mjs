/** Bodies of get_ticket with 100 coins, 2118 bytes: challenge 12, its CRC-32, 21 bytes a coin, trailer 3E 3E. */
import { crc32 } from "node:zlib";
import { Parser } from "binary-parser";
import {
  coinAnColumns,
  decodeCoinAnColumns,
  decodeGetTicketRequest,
  encodeGetTicketRequest,
  encodeGetTicketRequestIntoView,
  GetTicketRequestReader,
} from "specwire/raida";
import { INPUTS, refuse } from "../../lib/cell.mjs";
import { makeRandom } from "../../lib/random.mjs";

const COINS = 100;
const COIN_SIZE = 21;
const OVERHEAD = 18;

const random = makeRandom();
const tickets = Array.from({ length: INPUTS }, () => ({
  challenge: random.bytes(12),
  coins: Array.from({ length: COINS }, () => ({
    denomination: random.below(256) - 128,
    serial: random.below(2 ** 32),
    an: random.bytes(16),
  })),
}));
const wires = tickets.map((ticket) => encodeGetTicketRequest(ticket));

const bad = {
  "17 bytes": wires[0].subarray(0, OVERHEAD - 1),
  "no coin": changed(OVERHEAD, (bytes) => bytes.fill(0x3e, 16)),
  "a part of a coin": changed(wires[0].length - 1, (bytes) => bytes.fill(0x3e, -2)),
  "a wrong CRC": changed(wires[0].length, (bytes) => (bytes[12] ^= 1)),
  "a wrong trailer": changed(wires[0].length, (bytes) => (bytes[bytes.length - 1] ^= 1)),
};

export function ticketCells() {
  return [objectsCell(), columnsCell(), encodeCell()];
}

// Bytes are folded as integers: adding them to a sum of doubles would take longer than the work that is measured.
const consumeObjects = ({ challenge, coins }) => {
  let sum = 0;
  let bits = 0;
  for (let i = 0; i < 12; i++) bits ^= challenge[i];
  for (let i = 0; i < coins.length; i++) {
    const coin = coins[i];
    const an = coin.an;
    sum += coin.denomination + coin.serial;
    bits ^=
      an[0] ^
      an[1] ^
      an[2] ^
      an[3] ^
      an[4] ^
      an[5] ^
      an[6] ^
      an[7] ^
      an[8] ^
      an[9] ^
      an[10] ^
      an[11] ^
      an[12] ^
      an[13] ^
      an[14] ^
      an[15];
  }
  return sum + bits;
};

const plainObjects = ({ challenge, coins }) => ({
  challenge: [...challenge],
  coins: coins.map(({ denomination, serial, an }) => ({ denomination, serial, an: [...an] })),
});

const naive = { name: "naive DataView", run: (i) => naiveDecode(wires[i]), once: naiveDecode };

function objectsCell() {
  return {
    name: "get_ticket decode, objects",
    consume: consumeObjects,
    plain: plainObjects,
    inputs: wires,
    bad,
    candidates: [
      {
        name: "decodeGetTicketRequest",
        ours: true,
        run: (i) => decodeGetTicketRequest(wires[i]),
        once: (bytes) => decodeGetTicketRequest(bytes),
      },
      naive,
    ],
  };
}

/** Ours leaves the ANs where they lie and fills columns that are used again and again. */
function columnsCell() {
  const views = wires.map(viewOf);
  const reader = new GetTicketRequestReader();
  const columns = coinAnColumns(COINS);
  const result = { challenge: new Uint8Array(0), coins: columns };
  const decode = (bytes, view) => {
    reader.wrap(bytes);
    decodeCoinAnColumns(view, reader.startOfCoins, reader.countOfCoins, columns);
    result.challenge = reader.challenge;
    return result;
  };
  return {
    name: "get_ticket decode, columns",
    consume: consumeObjects,
    plain: (ticket) => (Array.isArray(ticket.coins) ? plainObjects(ticket) : plainColumns(ticket)),
    inputs: wires,
    bad,
    candidates: [
      {
        name: "decodeCoinAnColumns",
        ours: true,
        run: (i) => decode(wires[i], views[i]),
        once: (bytes) => decode(bytes, viewOf(bytes)),
        consume: consumeColumns,
      },
      naive,
      { name: "binary-parser", run: (i) => binaryParserDecode(wires[i]), once: binaryParserDecode },
    ],
  };
}

const consumeColumns = ({ challenge, coins }) => {
  let sum = 0;
  let bits = 0;
  for (let i = 0; i < 12; i++) bits ^= challenge[i];
  const { length, denomination, serial } = coins;
  const { bytes, stride } = coins.an;
  for (let i = 0, at = coins.an.at; i < length; i++, at += stride) {
    sum += denomination[i] + serial[i];
    bits ^=
      bytes[at] ^
      bytes[at + 1] ^
      bytes[at + 2] ^
      bytes[at + 3] ^
      bytes[at + 4] ^
      bytes[at + 5] ^
      bytes[at + 6] ^
      bytes[at + 7] ^
      bytes[at + 8] ^
      bytes[at + 9] ^
      bytes[at + 10] ^
      bytes[at + 11] ^
      bytes[at + 12] ^
      bytes[at + 13] ^
      bytes[at + 14] ^
      bytes[at + 15];
  }
  return sum + bits;
};

function plainColumns({ challenge, coins: { length, denomination, serial, an } }) {
  const anAt = (i) => an.bytes.subarray(an.at + i * an.stride, an.at + i * an.stride + an.size);
  return plainObjects({
    challenge,
    coins: Array.from({ length }, (_, i) => ({ denomination: denomination[i], serial: serial[i], an: anAt(i) })),
  });
}

function naiveDecode(bytes) {
  if (bytes.length < OVERHEAD + COIN_SIZE || (bytes.length - OVERHEAD) % COIN_SIZE !== 0) refuse("whole coins");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(12) !== crc32(bytes.subarray(0, 12))) refuse("the CRC-32 of the challenge");
  const end = bytes.length - 2;
  if (view.getUint16(end) !== 0x3e3e) refuse("3e 3e");
  const coins = [];
  for (let at = 16; at < end; at += COIN_SIZE) {
    coins.push({
      denomination: view.getInt8(at),
      serial: view.getUint32(at + 1),
      an: bytes.slice(at + 5, at + COIN_SIZE),
    });
  }
  return { challenge: bytes.slice(0, 12), coins };
}

const parser = new Parser()
  .endianness("big")
  .buffer("challenge", { length: 12 })
  .uint32("challengeCrc")
  .array("coins", {
    length: COINS,
    type: new Parser().endianness("big").int8("denomination").uint32("serial").buffer("an", { length: 16 }),
  })
  .uint16("trailer", { assert: 0x3e3e });

function binaryParserDecode(bytes) {
  if (bytes.length !== OVERHEAD + COINS * COIN_SIZE) refuse("100 coins");
  const ticket = parser.parse(bytes);
  if (ticket.challengeCrc !== crc32(ticket.challenge)) refuse("the CRC-32 of the challenge");
  return ticket;
}

function encodeCell() {
  const target = new Uint8Array(wires[0].length);
  const view = viewOf(target);
  const encode = (ticket) => {
    encodeGetTicketRequestIntoView(ticket, view, 0);
    return target;
  };
  return {
    name: "get_ticket encode",
    consume: (bytes) => {
      let bits = 0;
      let i = 0;
      for (; i + 4 <= bytes.length; i += 4) bits ^= bytes[i] ^ bytes[i + 1] ^ bytes[i + 2] ^ bytes[i + 3];
      for (; i < bytes.length; i++) bits ^= bytes[i];
      return bits;
    },
    plain: (bytes) => [...bytes],
    inputs: tickets,
    bad: badTickets(),
    // Buffer.concat makes a target of its own.
    rooms: [0, wires[0].length - 1],
    candidates: [
      {
        name: "encodeGetTicketRequestIntoView",
        ours: true,
        run: (i) => encode(tickets[i]),
        once: encode,
        onceInto: (ticket, room) => encodeGetTicketRequestIntoView(ticket, viewOf(new Uint8Array(room)), 0),
      },
      { name: "Buffer.concat", run: (i) => concatEncode(tickets[i]), once: concatEncode },
    ],
  };
}

function badTickets() {
  const [{ challenge, coins }] = tickets;
  const withCoin = (change) => ({ challenge, coins: [...coins.slice(1), { ...coins[0], ...change }] });
  return {
    "no coin": { challenge, coins: [] },
    "a challenge of 11 bytes": { challenge: challenge.subarray(1), coins },
    "denomination 128": withCoin({ denomination: 128 }),
    "denomination 0.5": withCoin({ denomination: 0.5 }),
    "serial 2^32": withCoin({ serial: 2 ** 32 }),
    "serial 0.5": withCoin({ serial: 0.5 }),
    "an AN of 15 bytes": withCoin({ an: new Uint8Array(15) }),
  };
}

/** Buffer checks ranges itself, but cuts fractions off. */
function concatEncode({ challenge, coins }) {
  if (challenge.length !== 12 || coins.length === 0) refuse("12 bytes, at least 1 coin");
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(challenge));
  const parts = [challenge, crc];
  for (const { denomination, serial, an } of coins) {
    if (!Number.isInteger(denomination) || !Number.isInteger(serial) || an.length !== 16) refuse("no such coin");
    const head = Buffer.alloc(5);
    head.writeInt8(denomination, 0);
    head.writeUInt32BE(serial, 1);
    parts.push(head, an);
  }
  parts.push(Buffer.from([0x3e, 0x3e]));
  return Buffer.concat(parts);
}

function changed(length, change) {
  const bytes = wires[0].slice(0, length);
  change(bytes);
  return bytes;
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
