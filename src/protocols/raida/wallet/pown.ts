/** Pown strings: what each server last said of a coin. */
import type { NewBytes } from "../../../bytes/index.js";
import { WireError } from "../../../errors.js";
import { RAIDA_COUNT } from "../protocol.js";

/**
 * What a server last said of a coin, as a letter and as the half byte of a coin file (PS). `u`: nothing yet. `p`:
 * authentic. `b`: the key of the request is wrong. `n`: no answer in time. `d`: lost by the network. `e`: an error. `f`:
 * not authentic (seeds/raida, coin files).
 */
const HALF_BYTES = { u: 0x0, p: 0xa, b: 0xb, n: 0xc, d: 0xd, e: 0xe, f: 0xf } as const;

/** One letter of a pown string. */
export type PownLetter = keyof typeof HALF_BYTES;

/** Bytes of a pown string in a coin file. */
export const POWN_BYTES = 13;

/** The pown string of a coin of which no server has said anything. */
export const POWN_UNKNOWN = "u".repeat(RAIDA_COUNT);

const LETTERS = new Map<number, PownLetter>(
  Object.entries(HALF_BYTES).map(([letter, half]) => [half, letter as PownLetter]),
);

/** Decodes 13 bytes, high half first, to 25 letters, one per server. An unknown half byte becomes `u`. */
export function decodePown(bytes: Uint8Array): string {
  if (bytes.length !== POWN_BYTES) refuse("length", `${POWN_BYTES} bytes`, `${bytes.length}`);
  return Array.from({ length: RAIDA_COUNT }, (_, server) => {
    const byte = bytes[server >> 1]!;
    return LETTERS.get(server % 2 === 0 ? byte >> 4 : byte & 15) ?? "u";
  }).join("");
}

/** Encodes 25 letters to 13 bytes; `last` is the unused half byte at the end. @throws WireError `argument` */
export function encodePown(pown: string, last = 0): NewBytes {
  const halves = [...pown].map((letter) => HALF_BYTES[letter as PownLetter]);
  if (halves.length !== RAIDA_COUNT || halves.includes(undefined as never)) {
    refuse("argument", `${RAIDA_COUNT} of the letters ${Object.keys(HALF_BYTES).join("")}`, JSON.stringify(pown));
  }
  return Uint8Array.from({ length: POWN_BYTES }, (_, i) => (halves[2 * i]! << 4) | (halves[2 * i + 1] ?? last & 15));
}

/** How many servers have said `letter`. */
export function countSaid(pown: string, letter: PownLetter): number {
  return pown.split(letter).length - 1;
}

/** Merges new letters into a pown string. An earlier `f` stays until the server answers `p` or `f` again. */
export function mergePown(before: string, now: readonly PownLetter[]): string {
  const isAnswer = (letter: PownLetter): boolean => letter === "p" || letter === "f";
  return now.map((letter, server) => (!isAnswer(letter) && before[server] === "f" ? "f" : letter)).join("");
}

function refuse(code: "length" | "argument", expected: string, actual: string): never {
  throw new WireError({ code, format: "raida_pown", path: "", expected, actual });
}
