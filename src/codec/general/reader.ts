/** The cursor that general values are read with: bytes, bits, bounded streams inside others. */
import { noteField, noteLeftOver } from "./left-over.js";
import { readFloat } from "../pieces.js";
import { findTerminator, isPadded, strippedOf, type RegionRule } from "./region.js";
import type { Session } from "./session.js";
import { decodeText, decodeTextAt } from "./texts.js";

/** Fields one behind the other: the place of each, and what it is: `u4le`, or so many bytes. */
export interface Block {
  readonly size: number;
  readonly fields: readonly (readonly [place: number, form: string | number])[];
}

/** A stream of bytes with a position. */
export class ByteReader {
  readonly session: Session;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** Of the next byte in `bytes`. */
  at: number;
  /** The byte whose bits are read, and how many of them are left. */
  #byte = 0;
  #left = 0;
  #isLittle = false;

  constructor(session: Session, bytes: Uint8Array, start = 0, end = bytes.length) {
    this.session = session;
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.at = start;
  }

  /** Bytes before the position; a byte whose bits are not all read counts. */
  get pos(): number {
    return this.at - this.start;
  }

  get size(): number {
    return this.end - this.start;
  }

  get eof(): boolean {
    return this.at >= this.end && this.#left === 0;
  }

  /** The position in the bytes that were given, as far as these are theirs. */
  get offset(): number {
    return this.offsetAt(this.at);
  }

  /** The same of another place in `bytes`. */
  offsetAt(at: number): number {
    const whole = this.session.bytes;
    return whole?.buffer === this.bytes.buffer ? at + this.bytes.byteOffset - whole.byteOffset : at;
  }

  /** Bits of the byte before the position that nobody has read. */
  get bitsLeft(): number {
    return this.#left;
  }

  /** Goes to a position. */
  seek(pos: number): void {
    if (!(pos >= 0 && pos <= this.size) || !Number.isInteger(pos))
      this.session.fail("range", this.offset, `a position of 0 to ${this.size}`, pos);
    this.at = this.start + pos;
    this.#left = 0;
  }

  /** Does something at a position, and goes on where the stream was. @param pos null: where it is */
  within<T>(pos: number | null, work: () => T): T {
    const { at } = this;
    const byte = this.#byte;
    const left = this.#left;
    try {
      if (pos !== null) this.seek(pos);
      return work();
    } finally {
      this.at = at;
      this.#byte = byte;
      this.#left = left;
    }
  }

  #need(n: number): number {
    const { at } = this;
    if (!(n <= this.end - at)) this.session.fail("short", this.offset, undefined, `${this.end - at} of ${n} bytes`);
    this.at = at + n;
    return at;
  }

  /** Where fields begin that are read together. One test is for all of them; what is short is found when it fails. */
  block(block: Block): number {
    const { at } = this;
    if (block.size > this.end - at) this.#short(block);
    this.at = at + block.size;
    return at;
  }

  #short({ fields }: Block): void {
    this.session.index = -1;
    for (const [place, form] of fields) {
      this.session.place = place;
      this.#need(typeof form === "number" ? form : Number(form[1]));
    }
  }

  /** An integer of at most four bytes. */
  int(size: number, isSigned: boolean, isLittle: boolean): number {
    const at = this.#need(size);
    const { bytes } = this;
    // The loop of all sizes took a fifth of the time of a format of integers.
    switch (size) {
      case 1:
        return isSigned ? (bytes[at]! << 24) >> 24 : bytes[at]!;
      case 2: {
        const value = isLittle ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!;
        return isSigned ? (value << 16) >> 16 : value;
      }
      case 4: {
        const value = isLittle
          ? bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
          : (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
        return isSigned ? value : value >>> 0;
      }
    }
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + bytes[isLittle ? at + size - 1 - i : at + i]!;
    return isSigned && value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value;
  }

  /** An integer of eight bytes. */
  big(isSigned: boolean, isLittle: boolean): bigint {
    const [first, second] = [this.int(4, false, isLittle), this.int(4, false, isLittle)];
    const value = (BigInt(isLittle ? second : first) << 32n) | BigInt(isLittle ? first : second);
    return isSigned ? BigInt.asIntN(64, value) : value;
  }

  /** The same as a number, which has to be exact. */
  long(isSigned: boolean, isLittle: boolean): number {
    const first = this.int(4, isSigned && !isLittle, isLittle);
    const second = this.int(4, isSigned && isLittle, isLittle);
    const number = isLittle ? second * 2 ** 32 + first : first * 2 ** 32 + second;
    return Number.isSafeInteger(number) ? number : this.session.fail("unsafe-integer", this.offset);
  }

  #safe(value: bigint): number {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) this.session.fail("unsafe-integer", this.offset);
    return number;
  }

  float(size: 4 | 8, isLittle: boolean): number {
    return readFloat(this.bytes, this.#need(size), size, isLittle);
  }

  /** Bits as a number: at most 53 of them. */
  bits(width: number, isLittle: boolean): number {
    let value = 0;
    this.#isLittle = isLittle;
    for (let done = 0; done < width;) {
      if (this.#left === 0) {
        this.#byte = this.bytes[this.#need(1)]!;
        this.#left = 8;
      }
      const n = Math.min(this.#left, width - done);
      const shift = isLittle ? 8 - this.#left : this.#left - n;
      const chunk = (this.#byte >> shift) & ((1 << n) - 1);
      value = isLittle ? value + chunk * 2 ** done : value * 2 ** n + chunk;
      this.#left -= n;
      done += n;
    }
    return value;
  }

  /** More bits than a number holds for sure. */
  bigBits(width: number, isLittle: boolean): bigint {
    const first = BigInt(this.bits(isLittle ? 32 : width - 32, isLittle));
    const second = BigInt(this.bits(isLittle ? width - 32 : 32, isLittle));
    return isLittle ? (second << 32n) | first : (first << 32n) | second;
  }

  longBits(width: number, isLittle: boolean): number {
    return this.#safe(this.bigBits(width, isLittle));
  }

  /** Goes on at the next whole byte. @param isOpen bits that are passed over may be any */
  align(isOpen: boolean): void {
    if (this.#left === 0) return;
    const unused = this.#isLittle ? this.#byte >> (8 - this.#left) : this.#byte & ((1 << this.#left) - 1);
    if (unused !== 0 && !isOpen) this.session.fail("padding", this.offset - 1, "zero bits", unused);
    this.#left = 0;
  }

  /** Bytes that the spec fixes. */
  same(bytes: Uint8Array): void {
    const at = this.#need(bytes.length);
    let same = 0;
    while (same < bytes.length && this.bytes[at + same] === bytes[same]) same++;
    if (same < bytes.length)
      this.session.fail(
        "constant",
        this.offsetAt(at),
        [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
      );
  }

  /** Passes over bytes. @returns where they begin */
  #skip(n: number): number {
    if (!(n >= 0) || !Number.isSafeInteger(n)) this.session.fail("range", this.offset, "a number of bytes", n);
    return this.#need(n);
  }

  take(n: number): Uint8Array {
    const at = this.#skip(n);
    return this.bytes.subarray(at, at + n);
  }

  /**
   * The bytes of a value.
   * @param size null: up to a terminator; Infinity: all that are left
   * @param holder what the value is a field of, which notes that other bytes than padding lie behind it; null: they are
   *   refused
   */
  region(size: number | null, rule: RegionRule, holder: object | null = null): Uint8Array {
    if (size === null) return this.#terminated(rule);
    const bytes = this.take(size === Infinity ? this.end - this.at : size);
    if (rule.terminator === null && rule.pad === null) return bytes;
    const value = strippedOf(bytes, rule);
    if (rule.open || isPadded(bytes, value.length, rule)) return value;
    if (holder === null)
      this.session.fail(
        "padding",
        this.offset - bytes.length + value.length,
        "a terminator and padding as they are written",
      );
    noteField(holder, this.session.place, this.session.index, value);
    return value;
  }

  #terminated(rule: RegionRule): Uint8Array {
    const { at } = this;
    return this.bytes.subarray(at, this.#endOf(rule));
  }

  /** Where a terminated value ends; goes behind it. */
  #endOf({ terminator, unit, include, consume, eosError }: RegionRule): number {
    const { at, bytes, end } = this;
    const found = findTerminator(bytes, at, end, terminator!, unit);
    if (found < 0) {
      if (eosError) this.session.fail("short", this.offset, `a terminator ${terminator!.join(", ")}`);
      this.at = end;
      return end;
    }
    const behind = found + terminator!.length;
    this.at = consume ? behind : found;
    return include ? behind : found;
  }

  /** A stream of so many of the bytes that follow. @param n Infinity: all that are left */
  part(n: number): ByteReader {
    const at = this.#skip(n === Infinity ? this.end - this.at : n);
    return new ByteReader(this.session, this.bytes, at, this.at);
  }

  /** A stream of bytes that were taken from this one, or made of them. */
  sub(bytes: Uint8Array): ByteReader {
    return new ByteReader(this.session, bytes);
  }

  /** Refuses bytes behind a value that has this stream for itself. */
  close(isOpen: boolean): void {
    if (!isOpen && this.at !== this.end)
      this.session.fail("trailing", this.offset, undefined, `${this.end - this.at} bytes`);
  }

  /** Passes over what is behind a value that has this stream for itself, and notes that the value is without it. */
  leave(value: unknown): void {
    if (this.at !== this.end) noteLeftOver(value);
  }

  /** The text of so many bytes, or (with a rule) of those that {@link region} gives. */
  string(size: number | null, rule: RegionRule | null, encoding: string, holder: object | null = null): string {
    if (rule !== null && size !== null) return this.text(this.region(size, rule, holder), encoding);
    let { at } = this;
    let end: number;
    if (rule === null) {
      at = this.#skip(size === Infinity ? this.end - at : size!);
      end = this.at;
    } else end = this.#endOf(rule);
    return decodeTextAt(this.bytes, at, end, encoding) ?? this.session.fail("text", this.offsetAt(at), encoding);
  }

  text(bytes: Uint8Array, encoding: string): string {
    return decodeText(bytes, encoding) ?? this.session.fail("text", this.offset - bytes.length, encoding);
  }
}
