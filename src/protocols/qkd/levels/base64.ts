/** Base64 (RFC 4648 §4): one form for each value, with padding. */
import type { NewBytes } from "../../../bytes/new-bytes.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CODES = /* @__PURE__ */ (() => {
  const codes = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i++) codes[ALPHABET.charCodeAt(i)] = i;
  return codes;
})();

/** Characters that one call takes as arguments. */
const PART_BYTES = 0x3000;

/** Bytes as base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + PART_BYTES)));
  }
  return text;
}

/** The bytes of base64; undefined for a text with white space, without its padding, or with bits that say nothing. */
export function fromBase64(text: string): NewBytes | undefined {
  const { length } = text;
  if (length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = length - padding;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  let [held, bits, at] = [0, 0, 0];
  for (let i = 0; i < digits; i++) {
    const code = CODES[text.charCodeAt(i)] ?? -1;
    if (code < 0) return undefined;
    held = ((held << 6) | code) & 0x3fff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
