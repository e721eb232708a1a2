/** A reader of general values that notes what it reads where: pictures of bytes are made of that. */
import { ByteReader, type Block, type RegionRule } from "../codec/index.js";

/** One value that was read. */
export interface Note {
  readonly path: readonly (string | number)[];
  /** The place in the spec, as `file:line`. */
  readonly spec: string;
  readonly offset: number;
  readonly size: number;
  /** Null where the values inside follow. */
  value: number | bigint | boolean | string | Uint8Array | null;
  readonly isSecret: boolean;
}

/** Notes of one reading: a picture of more helps nobody. */
const NOTES_MAX = 100_000;

let notes: Note[] = [];

/** What reading something notes. */
export function traced(read: () => unknown): readonly Note[] {
  notes = [];
  read();
  return notes;
}

/** Stands in for the reader of the runtime. */
export class TracedReader extends ByteReader {
  /** How many methods are under way: one may call another. */
  #depth = 0;

  #note<T extends Exclude<Note["value"], null>>(read: () => T): T {
    const first = this.bitsLeft > 0 ? this.offset - 1 : this.offset;
    this.#depth++;
    const value = read();
    if (--this.#depth === 0 && this.#isInPlace && notes.length < NOTES_MAX)
      notes.push({ ...this.session.here, offset: first, size: this.offset - first, value });
    return value;
  }

  /** What a process has made lies nowhere. */
  get #isInPlace(): boolean {
    return this.bytes.buffer === this.session.bytes?.buffer;
  }

  override block(block: Block): number {
    const { at, session } = this;
    super.block(block);
    this.at = at;
    session.index = -1;
    for (const [place, form] of block.fields) {
      session.place = place;
      if (typeof form === "number") this.take(form);
      else if (form[1] === "8") this.big(form.startsWith("s"), form.endsWith("le"));
      else this.int(Number(form[1]), form.startsWith("s"), form.endsWith("le"));
    }
    return at;
  }

  override part(n: number): ByteReader {
    return this.sub(this.take(n === Infinity ? this.end - this.at : n));
  }

  override string(
    size: number | null,
    rule: RegionRule | null,
    encoding: string,
    holder: object | null = null,
  ): string {
    const rest = size === Infinity ? this.end - this.at : size;
    return this.text(rule === null ? this.take(rest!) : this.region(size, rule, holder), encoding);
  }

  override int(size: number, isSigned: boolean, isLittle: boolean): number {
    return this.#note(() => super.int(size, isSigned, isLittle));
  }

  override big(isSigned: boolean, isLittle: boolean): bigint {
    return this.#note(() => super.big(isSigned, isLittle));
  }

  override long(isSigned: boolean, isLittle: boolean): number {
    return this.#note(() => super.long(isSigned, isLittle));
  }

  override float(size: 4 | 8, isLittle: boolean): number {
    return this.#note(() => super.float(size, isLittle));
  }

  override bits(width: number, isLittle: boolean): number {
    return this.#note(() => super.bits(width, isLittle));
  }

  override bigBits(width: number, isLittle: boolean): bigint {
    return this.#note(() => super.bigBits(width, isLittle));
  }

  override longBits(width: number, isLittle: boolean): number {
    return this.#note(() => super.longBits(width, isLittle));
  }

  override same(bytes: Uint8Array): void {
    this.#note(() => {
      super.same(bytes);
      return bytes;
    });
  }

  override take(n: number): Uint8Array {
    return this.#note(() => super.take(n));
  }

  override region(size: number | null, rule: RegionRule, holder: object | null = null): Uint8Array {
    return this.#note(() => super.region(size, rule, holder));
  }

  override sub(bytes: Uint8Array): ByteReader {
    const inner = new TracedReader(this.session, bytes);
    const last = notes.at(-1);
    if (last !== undefined && this.#isInPlace && inner.#isInPlace) last.value = null;
    return inner;
  }

  override text(bytes: Uint8Array, encoding: string): string {
    const text = super.text(bytes, encoding);
    const last = notes.at(-1);
    if (last !== undefined && this.#isInPlace && last.value === bytes) last.value = text;
    return text;
  }
}
