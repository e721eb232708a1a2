/** Recorded bytes through every codec: what is accepted, and how truncations and bit flips end. */
import { describe, expect, it } from "vitest";
import { toHex } from "../../src/bytes/index.js";
import { codecOf } from "../../src/cli/codecs.js";
import type { Result } from "../../src/errors.js";
import { listFormats } from "../../src/gen/catalogue/index.js";
import { largestAllocation } from "../support/allocations.js";
import { countsOf, EXPECTED, RECORDED, UNDESCRIBED, type Piece } from "../support/recorded/index.js";

const CODECS = new Map(listFormats().map(({ type }) => [type.format, codecOf(type.format)]));

/** Each piece once, since many recordings share their headers. */
const distinct = [
  ...new Map(RECORDED.map((piece) => [`${piece.format} ${toHex(piece.bytes)} ${JSON.stringify(piece.params)}`, piece])),
].map(([, piece]) => piece);

/** How a codec ends: with a value, or with a typed error that points into the bytes. */
function outcome({ format, params }: Piece, bytes: Uint8Array): Result<unknown> {
  const result = CODECS.get(format)!.tryDecode(bytes, params);
  if (result.ok) return result;
  const { code, offset = Infinity } = result.error;
  if (typeof code === "string" && code !== "fault" && result.error.format.startsWith(format) && offset <= bytes.length)
    return result;
  return expect.fail(`${format} says ${JSON.stringify(result.error)} of ${toHex(bytes.subarray(0, 1_000))}`);
}

/** The most items that a codec may allocate for a piece: one for each bit. */
function itemsMax({ bytes }: Piece): number {
  return 8 * bytes.length;
}

describe("recorded bytes", () => {
  it("have formats that have codecs", () => {
    expect(RECORDED.length).toBeGreaterThan(1_000);
    expect(RECORDED.filter(({ format }) => !CODECS.has(format))).toEqual([]);
  });

  it("are found and accepted as often as each protocol expects", () => {
    const found = new Map<string, [recorded: number, accepted: number]>();
    for (const { format, bytes, params } of RECORDED) {
      const [recorded, accepted] = found.get(format) ?? [0, 0];
      found.set(format, [recorded + 1, accepted + (CODECS.get(format)!.tryDecode(bytes, params).ok ? 1 : 0)]);
    }
    expect(Object.fromEntries(found)).toEqual(EXPECTED.pieces);
  });

  it("that no format describes are named", () => {
    expect(countsOf(UNDESCRIBED)).toEqual(EXPECTED.undescribed);
  });

  it("that are accepted are encoded again to the same bytes", () => {
    let read = 0;
    for (const piece of RECORDED) {
      const result = outcome(piece, piece.bytes);
      if (!result.ok) continue;
      read++;
      const again = CODECS.get(piece.format)!.encode(result.value);
      expect(Buffer.compare(again, piece.bytes), `${piece.format} ${toHex(piece.bytes)}`).toBe(0);
    }
    expect(read).toBeGreaterThan(0.85 * RECORDED.length);
  });

  it("give a value or a typed error at every truncation", () => {
    let cuts = 0;
    let refused = 0;
    for (const piece of distinct) {
      const largest = largestAllocation(() => {
        for (let end = 0; end < piece.bytes.length; end++, cuts++)
          if (!outcome(piece, piece.bytes.subarray(0, end)).ok) refused++;
      });
      if (largest > itemsMax(piece)) expect.fail(`${piece.format} asks for ${largest} in ${toHex(piece.bytes)}`);
    }
    process.stdout.write(`${distinct.length} pieces: ${refused} of ${cuts} truncations are refused\n`);
    expect(refused).toBeGreaterThan(cuts / 2);
    expect(refused).toBeLessThan(cuts);
  });

  it("give a value or a typed error at every single-bit flip", () => {
    let flips = 0;
    let refused = 0;
    for (const piece of distinct) {
      const bytes = piece.bytes.slice();
      const largest = largestAllocation(() => {
        for (let bit = 0; bit < 8 * bytes.length; bit++, flips++) {
          bytes[bit >> 3]! ^= 1 << (bit & 7);
          if (!outcome(piece, bytes).ok) refused++;
          bytes[bit >> 3]! ^= 1 << (bit & 7);
        }
      });
      if (largest > itemsMax(piece)) expect.fail(`${piece.format} asks for ${largest} in ${toHex(piece.bytes)}`);
    }
    process.stdout.write(`${distinct.length} pieces: ${refused} of ${flips} bit flips are refused\n`);
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(flips);
  });
});
