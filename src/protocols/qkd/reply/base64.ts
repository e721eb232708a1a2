/** Base64 of a key (RFC 4648 §4), decoded from the bytes of a JSON string into bytes that the caller owns. */
import type { NewBytes } from "../../../bytes/index.js";
import { escapeLength, unitOf, type Scanner, type Span } from "./scanner.js";

/** Makes the zeroed buffer of a key; tests register what it makes. */
export type AllocateKey = (sizeBytes: number) => NewBytes;

const BACKSLASH = 0x5c;
const PAD = 0x3d;

/**
 * Decodes canonical base64: the standard alphabet, padded, unused bits zero, no blanks. Its characters may be escaped.
 * @param span of a string that the scanner has accepted @param sizeMax bytes of the longest key
 * @throws WireError `length`, `text` or `padding` with an offset but without characters of the key; the buffer is wiped
 */
export function decodeKey(
  scanner: Scanner,
  span: Span,
  path: string,
  sizeMax: number,
  allocate: AllocateKey,
): NewBytes {
  const { bytes } = scanner;
  const { count, pads } = measure(bytes, span);
  if (count === 0 || count % 4 !== 0 || pads > 2) {
    throw scanner.refusal("length", path, span.start, "padded base64 of at least one byte", `${count} characters`);
  }
  const size = (count / 4) * 3 - pads;
  if (size > sizeMax) throw scanner.refusal("limit", path, span.start, `at most ${sizeMax} bytes`, `${size}`);
  const out = allocate(size);
  let held = 0;
  let bits = 0;
  let written = 0;
  for (let at = span.start, read = 0; read < count - pads; read++) {
    const value = sextet(unitAt(bytes, at));
    if (value < 0) {
      out.fill(0);
      throw scanner.refusal("text", path, at, "base64 of the standard alphabet");
    }
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) out[written++] = (held >> (bits -= 8)) & 0xff;
    at += lengthAt(bytes, at);
  }
  if ((held & ((1 << bits) - 1)) === 0) return out;
  out.fill(0);
  throw scanner.refusal("padding", path, span.end, "base64 with unused bits of zero");
}

/** The characters of a string, and how many of its last ones are padding. */
function measure(bytes: Uint8Array, { start, end }: Span): { count: number; pads: number } {
  let count = 0;
  let pads = 0;
  for (let at = start; at < end; at += lengthAt(bytes, at)) {
    pads = unitAt(bytes, at) === PAD ? pads + 1 : 0;
    count++;
  }
  return { count, pads };
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return bytes[at] === BACKSLASH ? escapeLength(bytes, at) : 1;
}

function unitAt(bytes: Uint8Array, at: number): number {
  return bytes[at] === BACKSLASH ? unitOf(bytes, at) : bytes[at]!;
}

/** The value of a character, -1 for one of no value. It takes no branch and no table, which caches would tell of. */
function sextet(unit: number): number {
  return (
    -1 +
    (within(unit, 0x41, 0x5a) & (unit - 0x41 + 1)) +
    (within(unit, 0x61, 0x7a) & (unit - 0x61 + 26 + 1)) +
    (within(unit, 0x30, 0x39) & (unit - 0x30 + 52 + 1)) +
    (within(unit, 0x2b, 0x2b) & (62 + 1)) +
    (within(unit, 0x2f, 0x2f) & (63 + 1))
  );
}

/** All bits set where `low <= unit <= high`, else none. */
function within(unit: number, low: number, high: number): number {
  return ((low - 1 - unit) & (unit - high - 1)) >> 31;
}
