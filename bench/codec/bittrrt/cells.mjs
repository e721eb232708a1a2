/** BittrRt frame headers, 20 bytes: flags 1, channel 3, sequence 8, offset 8. */
import { Parser } from "binary-parser";
import KaitaiStream from "kaitai-struct/KaitaiStream.js";
import * as r from "restructure";
import {
  decodeFrameHeader,
  decodeFrameHeaderColumns,
  encodeFrameHeader,
  encodeFrameHeaderInto,
  encodeFrameHeaderIntoView,
  frameHeaderColumns,
} from "specwire/bittrrt";
import { INPUTS, refuse } from "../../lib/cell.mjs";
import { makeRandom } from "../../lib/random.mjs";
import { microPacked, typedBinary } from "../../rivals/optional.mjs";
import { compileKaitai } from "../kaitai.mjs";

const SIZE = 20;
const BATCH = 1024;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const random = makeRandom();
const makeFrame = () => ({
  flags: random.below(64),
  channel: random.below(2 ** 24),
  sequence: random.safeInteger(),
  offset: random.safeInteger(),
});
const frames = Array.from({ length: INPUTS }, makeFrame);
const wires = frames.map((frame) => encodeFrameHeader(frame));

async function frameCells() {
  return [await decodeCell(), ...encodeCells(), batchCell()];
}

async function decodeCell() {
  const views = wires.map(viewOf);
  const kaitaiDecode = makeKaitaiDecode((await compileKaitai("bittrrt/frame")).Frame.FrameHeader);
  return {
    name: "frame decode",
    consume: (frame) => frame.flags + frame.channel + frame.sequence + frame.offset,
    plain: ({ flags, channel, sequence, offset }) => ({ flags, channel, sequence, offset }),
    inputs: wires,
    bad: badWires(),
    candidates: [
      {
        name: "decodeFrameHeader",
        ours: true,
        run: (i) => decodeFrameHeader(wires[i]),
        once: (b) => decodeFrameHeader(b),
      },
      { name: "naive DataView", run: (i) => naiveDecode(wires[i]), once: naiveDecode },
      { name: "good hand-written", run: (i) => goodDecode(views[i]), once: (bytes) => goodDecode(viewOf(bytes)) },
      { name: "binary-parser", run: (i) => binaryParserDecode(wires[i]), once: binaryParserDecode },
      { name: "Kaitai Struct", run: (i) => kaitaiDecode(wires[i]), once: kaitaiDecode },
      { name: "restructure", run: (i) => restructureDecode(wires[i]), once: restructureDecode },
      ...installedRivals(),
    ],
  };
}

function badWires() {
  const unsafe = (at) => {
    const bytes = wires[0].slice();
    bytes[at + 1] |= 0x20;
    return bytes;
  };
  return {
    "19 bytes": wires[0].subarray(0, SIZE - 1),
    "21 bytes": new Uint8Array(SIZE + 1),
    "no bytes": new Uint8Array(0),
    "a sequence above 2^53-1": unsafe(4),
    "an offset above 2^53-1": unsafe(12),
  };
}

function naiveDecode(bytes) {
  if (bytes.length !== SIZE) refuse("20 bytes");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sequence = view.getBigUint64(4);
  const offset = view.getBigUint64(12);
  if (sequence > MAX_SAFE || offset > MAX_SAFE) refuse("at most 2^53-1");
  return {
    flags: view.getUint8(0),
    channel: view.getUint32(0) & 0xffffff,
    sequence: Number(sequence),
    offset: Number(offset),
  };
}

function goodDecode(view) {
  if (view.byteLength !== SIZE) refuse("20 bytes");
  const word = view.getUint32(0);
  const sequenceHigh = view.getUint32(4);
  const offsetHigh = view.getUint32(12);
  if (sequenceHigh > 0x1fffff || offsetHigh > 0x1fffff) refuse("at most 2^53-1");
  return {
    flags: word >>> 24,
    channel: word & 0xffffff,
    sequence: sequenceHigh * 4294967296 + view.getUint32(8),
    offset: offsetHigh * 4294967296 + view.getUint32(16),
  };
}

const parser = new Parser().endianness("big").uint8("flags").bit24("channel").uint64("sequence").uint64("offset");

function binaryParserDecode(bytes) {
  if (bytes.length !== SIZE) refuse("20 bytes");
  const frame = parser.parse(bytes);
  if (frame.sequence > MAX_SAFE || frame.offset > MAX_SAFE) refuse("at most 2^53-1");
  frame.sequence = Number(frame.sequence);
  frame.offset = Number(frame.offset);
  return frame;
}

/** Kaitai reads 64 bits as a number by itself. */
function makeKaitaiDecode(FrameHeader) {
  return (bytes) => {
    if (bytes.length !== SIZE) refuse("20 bytes");
    const frame = new FrameHeader(new KaitaiStream(bytes.buffer, bytes.byteOffset));
    if (frame.sequence > Number.MAX_SAFE_INTEGER || frame.offset > Number.MAX_SAFE_INTEGER) refuse("at most 2^53-1");
    return frame;
  };
}

const struct = new r.Struct({
  flags: r.uint8,
  channel: r.uint24,
  sequenceHigh: r.uint32,
  sequenceLow: r.uint32,
  offsetHigh: r.uint32,
  offsetLow: r.uint32,
});

function restructureDecode(bytes) {
  if (bytes.length !== SIZE) refuse("20 bytes");
  const words = struct.fromBuffer(bytes);
  return joined(words.flags, words.channel, words);
}

function joined(flags, channel, { sequenceHigh, sequenceLow, offsetHigh, offsetLow }) {
  if (sequenceHigh > 0x1fffff || offsetHigh > 0x1fffff) refuse("at most 2^53-1");
  return {
    flags,
    channel,
    sequence: sequenceHigh * 4294967296 + sequenceLow,
    offset: offsetHigh * 4294967296 + offsetLow,
  };
}

function installedRivals() {
  const rivals = [];
  if (microPacked !== undefined) {
    const decode = makeMicroPackedDecode(microPacked);
    rivals.push({ name: "micro-packed", run: (i) => decode(wires[i]), once: decode });
  }
  if (typedBinary !== undefined) {
    const decode = makeTypedBinaryDecode(typedBinary);
    rivals.push({ name: "typed-binary", run: (i) => decode(wires[i]), once: decode });
  }
  return rivals;
}

/** It refuses other lengths by itself. */
function makeMicroPackedDecode({ int, struct: structOf, U8, U64BE }) {
  const coder = structOf({ flags: U8, channel: int(3, false), sequence: U64BE, offset: U64BE });
  return (bytes) => {
    const frame = coder.decode(bytes);
    if (frame.sequence > MAX_SAFE || frame.offset > MAX_SAFE) refuse("at most 2^53-1");
    frame.sequence = Number(frame.sequence);
    frame.offset = Number(frame.offset);
    return frame;
  };
}

/** It has no integers of 24 and of 64 bits. */
function makeTypedBinaryDecode({ BufferReader, object, u32 }) {
  const schema = object({ word: u32, sequenceHigh: u32, sequenceLow: u32, offsetHigh: u32, offsetLow: u32 });
  return (bytes) => {
    if (bytes.length !== SIZE) refuse("20 bytes");
    const reader = new BufferReader(bytes.buffer, { endianness: "big", byteOffset: bytes.byteOffset });
    const words = schema.read(reader);
    return joined(words.word >>> 24, words.word & 0xffffff, words);
  };
}

/** Each candidate writes into 20 bytes of its own and returns them as words. */
function encodeCells() {
  const common = {
    consume: (words) => words[0] ^ words[1] ^ words[2] ^ words[3] ^ words[4],
    plain: (words) => [...words],
    inputs: frames,
    bad: badFrames(),
    rooms: [0, SIZE - 1],
  };
  const rival = () => encoder("Buffer writes", (frame, target) => bufferEncode(frame, target.buffer));
  return [
    {
      ...common,
      name: "frame encode, held view",
      candidates: [
        { ...encoder("encodeFrameHeaderIntoView", (f, { view }) => encodeFrameHeaderIntoView(f, view, 0)), ours: true },
        rival(),
        encoder("good hand-written", (frame, { view }) => goodEncode(frame, view)),
      ],
    },
    {
      ...common,
      name: "frame encode, bytes",
      candidates: [
        { ...encoder("encodeFrameHeaderInto", (f, { bytes }) => encodeFrameHeaderInto(f, bytes, 0)), ours: true },
        rival(),
      ],
    },
  ];
}

function encoder(name, encode) {
  const memory = new ArrayBuffer(SIZE);
  const target = targetOf(memory);
  const words = new Uint32Array(memory);
  const once = (frame) => {
    encode(frame, target);
    return words;
  };
  const onceInto = (frame, room) => encode(frame, targetOf(new ArrayBuffer(room)));
  return { name, run: (i) => once(frames[i]), once, onceInto };
}

function targetOf(memory) {
  return { view: new DataView(memory), bytes: new Uint8Array(memory), buffer: Buffer.from(memory) };
}

function badFrames() {
  const [frame] = frames;
  return {
    "flags 256": { ...frame, flags: 256 },
    "flags -1": { ...frame, flags: -1 },
    "flags 0.5": { ...frame, flags: 0.5 },
    "channel 2^24": { ...frame, channel: 2 ** 24 },
    "channel 0.5": { ...frame, channel: 0.5 },
    "sequence 2^53": { ...frame, sequence: 2 ** 53 },
    "sequence -1": { ...frame, sequence: -1 },
    "offset 2^53": { ...frame, offset: 2 ** 53 },
    "offset 0.5": { ...frame, offset: 0.5 },
  };
}

/** Buffer checks ranges itself, but cuts fractions off and knows no safe integers. */
function bufferEncode(frame, buffer) {
  if (!Number.isInteger(frame.flags) || !Number.isInteger(frame.channel)) refuse("a whole number");
  if (frame.sequence > Number.MAX_SAFE_INTEGER || frame.offset > Number.MAX_SAFE_INTEGER) refuse("at most 2^53-1");
  buffer.writeUInt8(frame.flags, 0);
  buffer.writeUIntBE(frame.channel, 1, 3);
  buffer.writeBigUInt64BE(BigInt(frame.sequence), 4);
  buffer.writeBigUInt64BE(BigInt(frame.offset), 12);
}

function goodEncode({ flags, channel, sequence, offset }, view) {
  if (view.byteLength < SIZE) refuse("20 bytes of room");
  if ((flags & 0xff) !== flags || (channel & 0xffffff) !== channel) refuse("flags of 8 bits, a channel of 24");
  if (!Number.isSafeInteger(sequence) || sequence < 0 || !Number.isSafeInteger(offset) || offset < 0) refuse("2^53-1");
  view.setUint32(0, (flags << 24) | channel);
  view.setUint32(4, sequence / 4294967296);
  view.setUint32(8, sequence);
  view.setUint32(12, offset / 4294967296);
  view.setUint32(16, offset);
}

function batchCell() {
  const batches = Array.from({ length: INPUTS }, makeBatch);
  const columns = frameHeaderColumns(BATCH);
  const decode = (view) => {
    decodeFrameHeaderColumns(view, 0, BATCH, columns);
    return columns;
  };
  const unsafe = viewOf(new Uint8Array(batches[0].buffer.slice(0)));
  unsafe.setUint32(SIZE * 1000 + 4, 0x200000);
  return {
    name: "1024 frames, columns",
    items: BATCH,
    consume: (rows) => {
      let sum = 0;
      for (let i = 0; i < rows.length; i++) {
        const frame = rows[i];
        sum += frame.flags + frame.channel + frame.sequence + frame.offset;
      }
      return sum;
    },
    plain: (rows) => (Array.isArray(rows) ? rows : rowsOf(rows)),
    inputs: batches,
    bad: { "a row too few": new DataView(new ArrayBuffer(SIZE * (BATCH - 1))), "a sequence above 2^53-1": unsafe },
    candidates: [
      {
        name: "decodeFrameHeaderColumns",
        ours: true,
        run: (i) => decode(batches[i]),
        once: decode,
        consume: sumColumns,
      },
      { name: "hand-made objects", run: (i) => naiveBatch(batches[i]), once: naiveBatch },
      { name: "good hand-written objects", run: (i) => goodBatch(batches[i]), once: goodBatch },
    ],
  };
}

const sumColumns = ({ length, flags, channel, sequence, offset }) => {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += flags[i] + channel[i] + sequence[i] + offset[i];
  return sum;
};

function rowsOf({ length, flags, channel, sequence, offset }) {
  return Array.from({ length }, (_, i) => ({
    flags: flags[i],
    channel: channel[i],
    sequence: sequence[i],
    offset: offset[i],
  }));
}

function makeBatch() {
  const view = new DataView(new ArrayBuffer(SIZE * BATCH));
  for (let i = 0; i < BATCH; i++) encodeFrameHeaderIntoView(makeFrame(), view, SIZE * i);
  return view;
}

function naiveBatch(view) {
  const rows = [];
  for (let at = 0, i = 0; i < BATCH; i++, at += SIZE) {
    const sequence = view.getBigUint64(at + 4);
    const offset = view.getBigUint64(at + 12);
    if (sequence > MAX_SAFE || offset > MAX_SAFE) refuse("at most 2^53-1");
    rows.push({
      flags: view.getUint8(at),
      channel: view.getUint32(at) & 0xffffff,
      sequence: Number(sequence),
      offset: Number(offset),
    });
  }
  return rows;
}

function goodBatch(view) {
  const rows = new Array(BATCH);
  for (let at = 0, i = 0; i < BATCH; i++, at += SIZE) {
    const word = view.getUint32(at);
    const sequenceHigh = view.getUint32(at + 4);
    const offsetHigh = view.getUint32(at + 12);
    if (sequenceHigh > 0x1fffff || offsetHigh > 0x1fffff) refuse("at most 2^53-1");
    rows[i] = {
      flags: word >>> 24,
      channel: word & 0xffffff,
      sequence: sequenceHigh * 4294967296 + view.getUint32(at + 8),
      offset: offsetHigh * 4294967296 + view.getUint32(at + 16),
    };
  }
  return rows;
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export const cells = await frameCells();
