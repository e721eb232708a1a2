/** The decoders of no protocol that are written by hand. */
import { fromHex, toHex } from "../../src/bytes/index.js";
import { parseAddress } from "../../src/address.js";
import { FrameReader } from "../../src/codec/index.js";
import { readTrace, traceWriter } from "../../src/machine/index.js";
import { readSignature, signatureOf } from "../../src/storage/lock-holder.js";
import { reading, textOf, utf8, type Decoder } from "./decoder.js";

export const BY_HAND: readonly Decoder[] = [
  { name: "a frame reader", codec: { decode: framesOf }, seeds: [fromHex("00010a"), fromHex("0003010203000101")] },
  {
    name: "hex digits",
    codec: { decode: (bytes) => fromHex(textOf(bytes)), encode: (value) => utf8(toHex(value as Uint8Array)) },
    seeds: [utf8("00ffA0")],
  },
  {
    name: "an address",
    codec: { decode: (bytes) => parseAddress(textOf(bytes)) },
    seeds: [utf8("10.0.0.1:80"), utf8("[::1]:65535")],
  },
  { name: "a trace", codec: { decode: (bytes) => readTrace(textOf(bytes)) }, seeds: [utf8(traceOf(2))] },
  {
    name: "a lock file",
    codec: reading(readSignature),
    seeds: [
      signatureOf(
        { pid: 1, host: "h", boot: "b", namespace: "n", started: "s" } as never,
        "01234567-0123-0123-0123-0123456789ab",
        1,
      ),
    ],
  },
];

/** The frames of a stream that ends with the input, cut where the first byte says. */
function framesOf(bytes: Uint8Array): string[] {
  const frames: string[] = [];
  const peek = (from: Uint8Array, at: number, end: number) => (end - at < 2 ? 0 : 2 + from[at]! * 256 + from[at + 1]!);
  const reader = new FrameReader(peek, 1_000);
  const cut = Math.min(bytes.length, bytes[0] ?? 0);
  for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    reader.read(piece, (frame, at, end) => void frames.push(toHex(frame.subarray(at, end))));
  }
  return frames;
}

/** A trace of so many wakes. */
function traceOf(wakes: number): string {
  let text = "";
  const trace = traceWriter((line) => (text += line)).forHost("a");
  for (let i = 0; i < wakes; i++) trace.write({ nowMs: i, event: { type: "wake" } });
  return text;
}
