/** Texts of codecs at every length, against the encoder and the decoder of the language. */
import { describe, expect, it } from "vitest";
import { putText, readAscii, readUtf8, textAt } from "../../src/codec/index.js";

/** Beyond all lengths at which another way is taken. */
const LENGTH_MAX = 70;
/** Texts do not begin with the bytes, nor end with them. */
const BEFORE = 3;

const LENGTHS = Array.from({ length: LENGTH_MAX + 1 }, (_, length) => length);
const asciiOf = (length: number): string =>
  String.fromCharCode(...Array.from({ length }, (_, i) => 1 + ((i * 37 + length) % 127)));

function surrounded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(bytes.length + 2 * BEFORE).fill(0xff);
  whole.set(bytes, BEFORE);
  return whole;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

describe("texts are read", () => {
  it("of ASCII at every length", () => {
    for (const length of LENGTHS) {
      const text = asciiOf(length);
      const bytes = surrounded(new TextEncoder().encode(text));
      const range = [bytes, BEFORE, BEFORE + length] as const;
      expect([readAscii(...range), readUtf8(...range), textAt(...range)]).toEqual([text, text, text]);
    }
  });

  it("with other bytes at every place", () => {
    // The end of a character, one of two bytes, one of three, and a byte that is never one.
    for (const other of [[0x80], [0xc3, 0xbc], [0xe2, 0x82, 0xac], [0xff]]) {
      for (const length of LENGTHS) {
        for (let place = 0; place + other.length <= length; place++) {
          const plain = new TextEncoder().encode(asciiOf(length));
          plain.set(other, place);
          const bytes = surrounded(plain);
          const range = [bytes, BEFORE, BEFORE + length] as const;
          const text = decoded(plain);
          expect(readAscii(...range)).toBeUndefined();
          expect(readUtf8(...range)).toBe(text);
          expect(textAt(...range)).toBe(text);
        }
      }
    }
  });
});

describe("texts of messages are written", () => {
  it("at every length, with another character at every place", () => {
    for (const length of LENGTHS) {
      for (let place = -1; place < length; place++) {
        const plain = asciiOf(length);
        const text = place < 0 ? plain : `${plain.slice(0, place)}ü${plain.slice(place + 1)}`;
        const bytes = new TextEncoder().encode(text);
        const room = new Uint8Array(2 * LENGTH_MAX + 2 * BEFORE);
        const end = putText(room, BEFORE, text);
        // Such lengths take one byte, and two from 128 on.
        const head = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
        expect([...room.subarray(BEFORE, end)]).toEqual([...head, ...bytes]);
      }
    }
  });
});
