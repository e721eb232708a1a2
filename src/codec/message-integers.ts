/** Integers and floats of protobuf messages, as halves of 32 bits: bigints are dear to make and to take apart. */
import { double, halves, LOW, signed, unsigned } from "./big-integers.js";

const NO_BUFFER = new ArrayBuffer(0);

/** What the functions of messages share while one value is read or written; nothing else can run before it is done. */
export const cursor = {
  /** Where the last read has ended. */
  at: 0,
  /** The halves of the last integer of 64 bits. */
  low: 0,
  high: 0,
  /** How deep the value under way is nested. */
  depth: 0,
  /** Items that may still be read. */
  items: 0,
  /** The memory of the bytes, which is dear to ask for: 20 ns for each byte field. */
  buffer: NO_BUFFER as ArrayBufferLike,
  base: 0,
};

/** Undoes the zigzag of the integer in `cursor`: 0, 1, 2 are 0, -1, 1. */
export function unzigzag(): void {
  const sign = -(cursor.low & 1);
  cursor.low = ((cursor.low >>> 1) | (cursor.high << 31)) ^ sign;
  cursor.high = (cursor.high >>> 1) ^ sign;
}

// Annotated, so that a bundle without floats leaves them out.
const memoryOfFloat = /* @__PURE__ */ new ArrayBuffer(4);
const single = /* @__PURE__ */ new Float32Array(memoryOfFloat);
const singleBits = /* @__PURE__ */ new Int32Array(memoryOfFloat);

/** The signed integer in `cursor`; NaN where no number holds it exactly. */
export function safeOf(): number {
  const value = cursor.high * 4_294_967_296 + (cursor.low >>> 0);
  return Number.isSafeInteger(value) ? value : NaN;
}

/** The unsigned integer in `cursor`; NaN where no number holds it exactly. */
export function unsignedSafeOf(): number {
  const value = (cursor.high >>> 0) * 4_294_967_296 + (cursor.low >>> 0);
  return Number.isSafeInteger(value) ? value : NaN;
}

/** The double of the halves in `cursor`. */
export function doubleOf(): number {
  halves[LOW] = cursor.low;
  halves[1 - LOW] = cursor.high;
  return double[0]!;
}

/** The float of the half in `cursor.low`. */
export function floatOf(): number {
  singleBits[0] = cursor.low;
  return single[0]!;
}

/** The bits of a float, of which 4 bytes hold the nearest one. */
export function floatBits(value: number): number {
  single[0] = value;
  return singleBits[0]!;
}

/** Puts a double into `cursor`. */
export function splitDouble(value: number): void {
  double[0] = value;
  cursor.low = halves[LOW]!;
  cursor.high = halves[1 - LOW]!;
}

/** Puts an integer into `cursor`. @returns false where it is no safe integer, or has a sign that it may not have */
export function splitNumber(value: number, isSigned: boolean): boolean {
  if (!Number.isSafeInteger(value) || (!isSigned && value < 0)) return false;
  cursor.high = Math.floor(value / 4_294_967_296) | 0;
  cursor.low = value | 0;
  if (value >= 2_147_483_648 || value < -2_147_483_648)
    cursor.low = (value - Math.floor(value / 4_294_967_296) * 4_294_967_296) | 0;
  return true;
}

/** Puts a bigint into `cursor`. @returns false where it is none, or does not fit */
export function splitBig(value: bigint, isSigned: boolean): boolean {
  if (typeof value !== "bigint") return false;
  signed[0] = value;
  cursor.low = halves[LOW]!;
  cursor.high = halves[1 - LOW]!;
  return (isSigned ? signed[0] : unsigned[0]) === value;
}

/** Does the zigzag to the integer in `cursor`. */
export function zigzag(): void {
  const sign = cursor.high >> 31;
  cursor.high = ((cursor.high << 1) | (cursor.low >>> 31)) ^ sign;
  cursor.low = (cursor.low << 1) ^ sign;
}
