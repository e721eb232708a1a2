/** The cursor that general values are written with; it grows as it goes, also to positions further behind. */
import { hasLeftOver, isFieldCut } from "./left-over.js";
import { kindOf, lengthOf } from "../../bytes/checks.js";
import { writeFloat } from "../pieces.js";
import { findTerminator, paddedTo, type RegionRule } from "./region.js";
import type { Session } from "./session.js";
import { encodeText } from "./texts.js";
import type { NewBytes } from "../../bytes/new-bytes.js";

/** No value is written larger than this. */
const BYTES_MAX = 2 ** 30;

/** Bytes that are written, with a position. */
export class ByteWriter {
  readonly session: Session;
  /** Of the whole stream where it is known before, else null. */
  readonly known: number | null;
  #bytes: Uint8Array = new Uint8Array(64);
  #length = 0;
  #at = 0;
  #byte = 0;
  #used = 0;
  /** A terminator that the end of the stream may stand for: it is written when anything follows. */
  #pending: Uint8Array | null = null;

  constructor(session: Session, known: number | null = null) {
    this.session = session;
    this.known = known;
  }

  get pos(): number {
    return this.#at + (this.#used > 0 ? 1 : 0) + (this.#pending?.length ?? 0);
  }

  /** Bytes of the stream. It is asked for only where they are known. */
  get size(): number {
    return this.known ?? this.session.fail("argument", this.#at, "a stream whose size is known when it is written");
  }

  get eof(): boolean {
    return this.#at >= this.size;
  }

  /** What has been written. */
  toBytes(): NewBytes {
    return this.#bytes.slice(0, this.#length);
  }

  /** Writes something at a position, and goes on where the stream was. @param pos null: where it is */
  within<T>(pos: number | null, work: () => T): T {
    const { at, pending } = { at: this.#at, pending: this.#pending };
    if (pos !== null) {
      this.#pending = null;
      if (!(pos >= 0 && pos <= BYTES_MAX) || !Number.isInteger(pos))
        this.session.fail("range", at, `a position of 0 to ${BYTES_MAX}`, pos);
      this.#at = pos;
    }
    const value = work();
    if (pos !== null) {
      // What lies elsewhere need not lie at the end.
      this.#end();
      this.#pending = pending;
    }
    this.#at = at;
    return value;
  }

  /** Writes the terminator that the end could have stood for. */
  #end(): void {
    const pending = this.#pending;
    if (pending === null) return;
    this.#pending = null;
    this.put(pending);
  }

  #room(n: number): number {
    this.#end();
    const at = this.#at;
    const end = at + n;
    if (end > BYTES_MAX) this.session.fail("limit", at, `at most ${BYTES_MAX} bytes`);
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#at = end;
    this.#length = Math.max(this.#length, end);
    return at;
  }

  #integer(value: unknown, least: number, most: number): number {
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
      this.session.fail("range", this.#at, `an integer of ${least} to ${most}`, value);
    return value as number;
  }

  int(value: unknown, size: number, isSigned: boolean, isLittle: boolean): void {
    const limit = 2 ** (8 * size);
    let rest = isSigned ? this.#integer(value, -limit / 2, limit / 2 - 1) : this.#integer(value, 0, limit - 1);
    if (rest < 0) rest += limit;
    const at = this.#room(size);
    for (let i = 0; i < size; i++) {
      this.#bytes[isLittle ? at + i : at + size - 1 - i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  /** An integer of eight bytes, as a bigint or as an exact number. */
  long(value: unknown, isSigned: boolean, isLittle: boolean): void {
    const big = BigInt.asUintN(64, this.#wide(value, 64, isSigned));
    const [high, low] = [Number(big >> 32n), Number(big & 0xffff_ffffn)];
    this.int(isLittle ? low : high, 4, false, isLittle);
    this.int(isLittle ? high : low, 4, false, isLittle);
  }

  #wide(value: unknown, bits: number, isSigned: boolean): bigint {
    const big = typeof value === "bigint" ? value : Number.isSafeInteger(value) ? BigInt(value as number) : null;
    const fits = big !== null && (isSigned ? BigInt.asIntN(bits, big) : BigInt.asUintN(bits, big)) === big;
    return fits ? big : this.session.fail("range", this.#at, `an integer of ${bits} bits`, value);
  }

  float(value: unknown, size: 4 | 8, isLittle: boolean): void {
    if (typeof value !== "number") this.session.fail("argument", this.#at, "a number", value);
    const at = this.#room(size);
    writeFloat(this.#bytes, at, size, isLittle, value as number);
  }

  bits(value: unknown, width: number, isLittle: boolean, isTruth: boolean): void {
    if (isTruth && typeof value !== "boolean") this.session.fail("argument", this.#at, "true or false", value);
    let rest = isTruth ? BigInt(value as boolean) : this.#wide(value, width, false);
    for (let left = width; left > 0;) {
      const n = Math.min(8 - this.#used, left);
      const chunk = Number(isLittle ? rest & BigInt((1 << n) - 1) : (rest >> BigInt(left - n)) & BigInt((1 << n) - 1));
      if (isLittle) rest >>= BigInt(n);
      this.#byte |= chunk << (isLittle ? this.#used : 8 - this.#used - n);
      this.#used += n;
      left -= n;
      if (this.#used === 8) this.align();
    }
  }

  /** Ends a byte that is not full; its other bits are zero. */
  align(): void {
    if (this.#used === 0) return;
    const at = this.#room(1);
    this.#bytes[at] = this.#byte;
    this.#byte = this.#used = 0;
  }

  put(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /**
   * Writes the bytes of a value with what lies around it.
   * @param size null: up to a terminator; Infinity: the rest
   * @param holder what the value is a field of, which knows whether other bytes than padding lay behind it
   */
  region(value: Uint8Array, size: number | null, rule: RegionRule, holder: object | null = null): void {
    const { place, index } = this.session;
    if (holder !== null && isFieldCut(holder, place, index, value)) this.#cut();
    const { terminator, unit, include, consume, eosError } = rule;
    if (terminator !== null) {
      const at = findTerminator(value, 0, value.length, terminator, unit);
      const isInside = at >= 0 && !(include && at === value.length - terminator.length);
      if (isInside) this.session.fail("text", this.#at, "no terminator inside", `one at ${at}`);
      const isMissing = include && size === null && at < 0 && eosError;
      if (isMissing) this.session.fail("text", this.#at, "a terminator at the end");
    }
    if (size === null) {
      // What is included and not consumed is the beginning of what follows.
      const isShared = include && !consume && value.length > 0;
      this.put(isShared ? value.subarray(0, value.length - terminator!.length) : value);
      if (include || !consume) return;
      // Where the end of the stream is a terminator as well, a full one needs no other; nothing at all is told by one.
      if (eosError || value.length === 0 || (this.known !== null && this.known !== this.#at))
        this.put(Uint8Array.from(terminator!));
      else if (this.known === null) this.#pending = Uint8Array.from(terminator!);
      return;
    }
    // Where nothing says how much is left, there is room for a terminator.
    const own = value.length + (terminator === null || include ? 0 : terminator.length);
    const whole = size === Infinity ? (this.known === null ? own : this.known - this.#at) : size;
    if (!(whole >= value.length))
      this.session.fail("length", this.#at, `at most ${whole} bytes`, `${value.length} bytes`);
    if (whole > value.length && rule.pad === null && terminator === null && !rule.open)
      this.session.fail("length", this.#at, `${whole} bytes`, `${value.length} bytes`);
    if (whole > BYTES_MAX) this.session.fail("limit", this.#at, `at most ${BYTES_MAX} bytes`);
    this.put(paddedTo(value, whole, rule));
  }

  /** A stream whose bytes become a part of this one. @param size null or Infinity: not known before */
  sub(size: number | null): ByteWriter {
    const rest = this.known === null ? null : this.known - this.#at;
    return new ByteWriter(this.session, size === Infinity ? rest : size);
  }

  /** Refuses a value that was read without all bytes of its stream: they would be lost. */
  whole(value: unknown): void {
    if (hasLeftOver(value)) this.#cut();
  }

  /** Refuses to lose bytes. */
  #cut(): never {
    const expected = "a value that holds all of its bytes, or '-open: true', which lets the others go";
    return this.session.fail("trailing", this.#at, expected, "one that was read without them");
  }

  /** The bytes of a byte field. */
  bytesOf(value: unknown): Uint8Array {
    if (lengthOf(value) < 0) this.session.fail("argument", this.#at, "bytes", kindOf(value));
    return value as Uint8Array;
  }

  text(value: unknown, encoding: string): Uint8Array {
    if (typeof value !== "string") this.session.fail("argument", this.#at, "a text", value);
    return encodeText(value as string, encoding) ?? this.session.fail("text", this.#at, encoding);
  }

  /** The items of a list. */
  listOf<T>(value: readonly T[]): readonly T[] {
    if (!Array.isArray(value)) this.session.fail("argument", this.#at, "a list", value);
    return value;
  }

  /** A value inside. */
  objectOf<T>(value: T): T & object {
    if (typeof value !== "object" || value === null) this.session.fail("argument", this.#at, "an object", value);
    return value as T & object;
  }
}
