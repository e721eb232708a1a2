/** Base64url, read as leniently as Python reads it. */

import type { NewBytes } from "../../bytes/index.js";

/** The alphabet of RFC 4648, section 5. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const PAD = 0x3d;
/** The value of a character that is in no alphabet. */
const FOREIGN = 0xff;

const SYMBOLS = /* @__PURE__ */ new TextEncoder().encode(ALPHABET);
const VALUES = /* @__PURE__ */ buildValues();

/** The value of each character code, in both alphabets of RFC 4648. */
function buildValues(): Uint8Array {
  const values = new Uint8Array(256).fill(FOREIGN);
  SYMBOLS.forEach((code, value) => (values[code] = value));
  values["+".charCodeAt(0)] = 62;
  values["/".charCodeAt(0)] = 63;
  return values;
}

/** Encodes bytes as ASCII, with padding. */
export function writeBase64url(bytes: Uint8Array): NewBytes {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PAD);
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    const left = bytes.length - at;
    const triple = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let i = 0; i < Math.min(left, 3) + 1; i++) out[to + i] = SYMBOLS[(triple >> (18 - 6 * i)) & 63]!;
  }
  return out;
}

/**
 * Decodes as Python's `urlsafe_b64decode` does: it reads both alphabets, skips other characters, and ignores everything
 * behind the padding. Undefined where the padding is missing.
 */
export function readBase64url(text: Uint8Array): Uint8Array | undefined {
  const out = new Uint8Array(Math.floor(text.length / 4) * 3 + 2);
  let to = 0;
  let bits = 0;
  let symbols = 0;
  let pads = 0;
  for (const code of text) {
    if (code === PAD) {
      if (symbols >= 2 && symbols + ++pads >= 4) return out.slice(0, to);
      continue;
    }
    const value = VALUES[code]!;
    if (value === FOREIGN) continue;
    pads = 0;
    bits = (bits << 6) | value;
    if (symbols > 0) out[to++] = bits >> (6 - 2 * symbols);
    symbols = (symbols + 1) & 3;
  }
  return symbols === 0 ? out.slice(0, to) : undefined;
}
