/** The layout of a frame, for the rivals. */
import { refuse } from "../lib/cell.mjs";

export const NONCE_BYTES = 12;
export const HEADER_BYTES = 20;
export const TAG_BYTES = 16;
export const PLAINTEXT_BYTES_MAX = 1_452;
export const OVERHEAD_BYTES = NONCE_BYTES + HEADER_BYTES + TAG_BYTES;

const U64 = 2n ** 64n;

/** Refuses what no frame can hold. */
export function requireFrame({ flags, channel, sequence, offset, plaintext }) {
  if (plaintext.length > PLAINTEXT_BYTES_MAX) refuse("a plaintext of at most 1,452 bytes");
  if (!(flags >= 0 && flags < 2 ** 8)) refuse("flags of 8 bits");
  if (!(channel >= 0 && channel < 2 ** 24)) refuse("a channel of 24 bits");
  if (sequence < 0n || sequence >= U64) refuse("a sequence of 64 bits");
  if (offset < 0n || offset >= U64) refuse("an offset of 64 bits");
}

/** Refuses a datagram whose length no frame has. */
export function requireDatagram({ length }) {
  if (length < OVERHEAD_BYTES) refuse("at least 48 bytes");
  if (length > OVERHEAD_BYTES + PLAINTEXT_BYTES_MAX) refuse("at most 1,500 bytes");
}

/** Writes the header to the beginning of `view`. */
export function writeHeader(view, { flags, channel, sequence, offset }) {
  view.setUint32(0, flags * 2 ** 24 + channel);
  view.setBigUint64(4, sequence);
  view.setBigUint64(12, offset);
}

/** Header and plaintext in a new array. */
export function insideOf(frame) {
  const inside = new Uint8Array(HEADER_BYTES + frame.plaintext.length);
  writeHeader(new DataView(inside.buffer), frame);
  inside.set(frame.plaintext, HEADER_BYTES);
  return inside;
}

/** Reads a frame from header and plaintext. */
export function frameOf(inside) {
  return frameFrom(new DataView(inside.buffer, inside.byteOffset, HEADER_BYTES), inside.subarray(HEADER_BYTES));
}

/** Reads a frame from the header at the beginning of `view`, and the plaintext. */
export function frameFrom(view, plaintext) {
  const word = view.getUint32(0);
  return {
    flags: word >>> 24,
    channel: word & 0xff_ffff,
    sequence: view.getBigUint64(4),
    offset: view.getBigUint64(12),
    plaintext,
  };
}
