/** Decompression of DEFLATE (RFC 1951), bounded by what the caller allows. */

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
/** Order in which the lengths of the codes of code lengths are written (section 3.2.7). */
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const BITS_MAX = 15;

/** What is thrown at streams that are none; it never leaves this file. */
const BROKEN = /* @__PURE__ */ new Error("broken");

/** A canonical Huffman code: how many codes of each length, and the symbols in their order. */
interface Huffman {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function huffmanOf(lengths: readonly number[]): Huffman {
  const counts = new Uint16Array(BITS_MAX + 1);
  for (const length of lengths) counts[length]!++;
  counts[0] = 0;
  const starts = new Uint16Array(BITS_MAX + 2);
  let left = 1;
  for (let bits = 1; bits <= BITS_MAX; bits++) {
    left = 2 * left - counts[bits]!;
    if (left < 0) throw BROKEN;
    starts[bits + 1] = starts[bits]! + counts[bits]!;
  }
  const symbols = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[starts[length]!++] = symbol;
  });
  return { counts, symbols };
}

/**
 * The bytes inside a DEFLATE stream; undefined where it is none, does not end with its bytes, or has more than `most`.
 * @param spend is told how many bytes are made, and may throw
 */
export function inflate(bytes: Uint8Array, most: number, spend: (bytes: number) => void): Uint8Array | undefined {
  try {
    return new Inflater(bytes, most, spend).run();
  } catch (error) {
    if (error === BROKEN) return undefined;
    throw error;
  }
}

class Inflater {
  readonly #bytes: Uint8Array;
  readonly #most: number;
  readonly #spend: (bytes: number) => void;
  #at = 0;
  #hold = 0;
  #held = 0;
  #out = new Uint8Array(1024);
  #length = 0;

  constructor(bytes: Uint8Array, most: number, spend: (bytes: number) => void) {
    this.#bytes = bytes;
    this.#most = most;
    this.#spend = spend;
  }

  run(): Uint8Array {
    let isLast: boolean;
    do {
      isLast = this.#bits(1) === 1;
      const type = this.#bits(2);
      if (type === 0) this.#stored();
      else if (type === 1) this.#compressed(huffmanOf(fixedLengths()), huffmanOf(new Array<number>(30).fill(5)));
      else if (type === 2) this.#dynamic();
      else throw BROKEN;
    } while (!isLast);
    if (this.#at !== this.#bytes.length) throw BROKEN;
    return this.#out.subarray(0, this.#length);
  }

  #bits(n: number): number {
    while (this.#held < n) {
      if (this.#at >= this.#bytes.length) throw BROKEN;
      this.#hold |= this.#bytes[this.#at++]! << this.#held;
      this.#held += 8;
    }
    const value = this.#hold & ((1 << n) - 1);
    this.#hold >>>= n;
    this.#held -= n;
    return value;
  }

  #symbol({ counts, symbols }: Huffman): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let bits = 1; bits <= BITS_MAX; bits++) {
      code |= this.#bits(1);
      const count = counts[bits]!;
      if (code - count < first) return symbols[index + (code - first)]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw BROKEN;
  }

  #room(n: number): void {
    const need = this.#length + n;
    if (need > this.#most) throw BROKEN;
    this.#spend(n);
    if (need <= this.#out.length) return;
    const grown = new Uint8Array(Math.max(need, 2 * this.#out.length));
    grown.set(this.#out.subarray(0, this.#length));
    this.#out = grown;
  }

  #stored(): void {
    this.#hold = this.#held = 0;
    const [size, check] = [this.#bits(16), this.#bits(16)];
    if (size !== (~check & 0xffff) || this.#at + size > this.#bytes.length) throw BROKEN;
    this.#room(size);
    this.#out.set(this.#bytes.subarray(this.#at, this.#at + size), this.#length);
    this.#length += size;
    this.#at += size;
  }

  #dynamic(): void {
    const [literals, distances, codes] = [this.#bits(5) + 257, this.#bits(5) + 1, this.#bits(4) + 4];
    if (literals > 286 || distances > 30) throw BROKEN;
    const order = new Array<number>(19).fill(0);
    for (let i = 0; i < codes; i++) order[CODE_ORDER[i]!] = this.#bits(3);
    const code = huffmanOf(order);
    const lengths: number[] = [];
    while (lengths.length < literals + distances) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths.push(symbol);
        continue;
      }
      if (symbol === 16 && lengths.length === 0) throw BROKEN;
      const [value, times] =
        symbol === 16
          ? [lengths.at(-1)!, 3 + this.#bits(2)]
          : [0, symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7)];
      for (let i = 0; i < times; i++) lengths.push(value);
    }
    if (lengths.length > literals + distances || lengths[256] === 0) throw BROKEN;
    this.#compressed(huffmanOf(lengths.slice(0, literals)), huffmanOf(lengths.slice(literals)));
  }

  #compressed(literals: Huffman, distances: Huffman): void {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.#room(1);
        this.#out[this.#length++] = symbol;
        continue;
      }
      const base = LENGTH_BASE[symbol - 257];
      if (base === undefined) throw BROKEN;
      const length = base + this.#bits(LENGTH_EXTRA[symbol - 257]!);
      const far = this.#symbol(distances);
      if (far > 29) throw BROKEN;
      const extra = far < 2 ? 0 : (far >> 1) - 1;
      const distance = (far < 2 ? far : (2 + (far & 1)) << extra) + this.#bits(extra) + 1;
      if (distance > this.#length) throw BROKEN;
      this.#room(length);
      for (let i = 0; i < length; i++, this.#length++) this.#out[this.#length] = this.#out[this.#length - distance]!;
    }
  }
}

function fixedLengths(): number[] {
  return Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
}
