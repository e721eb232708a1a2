import { describe, expect, it } from "vitest";
import { codecOf } from "../../src/cli/codecs.js";
import { isWireError, type Result } from "../../src/errors.js";
import { RECORDED, type Piece } from "../support/recorded.js";

/** One piece of each sort and outcome: the others differ in their numbers alone. */
const distinct = [
  ...new Map(
    RECORDED.map((piece) => [
      `${piece.format} ${piece.bytes.length} ${codecOf(piece.format).tryDecode(piece.bytes, piece.params).ok}`,
      piece,
    ]),
  ).values(),
];

function outcome({ format, params }: Piece, bytes: Uint8Array): Result<unknown> {
  const result = codecOf(format).tryDecode(bytes, params);
  if (!result.ok) {
    expect(isWireError(result.error) || typeof result.error.code === "string").toBe(true);
    expect(result.error.offset).toBeLessThanOrEqual(bytes.length);
  }
  return result;
}

describe("recorded bytes", () => {
  it("are read and written again to the byte, but for what is wrong on purpose", () => {
    let read = 0;
    for (const piece of RECORDED) {
      const result = outcome(piece, piece.bytes);
      if (!result.ok) continue;
      read++;
      const again = codecOf(piece.format).encode(result.value);
      expect(Buffer.compare(again, piece.bytes), `${piece.format} ${Buffer.from(piece.bytes).toString("hex")}`).toBe(0);
    }
    expect(read).toBeGreaterThan(0.9 * RECORDED.length);
  });

  it("end in a value or a typed error at every truncation", () => {
    let refused = 0;
    for (const piece of distinct) {
      for (let end = 0; end < piece.bytes.length; end++) {
        if (!outcome(piece, piece.bytes.subarray(0, end)).ok) refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  it("end in a value or a typed error at every single-bit flip", () => {
    const outcomes = new Set<boolean>();
    for (const piece of distinct) {
      const bytes = piece.bytes.slice();
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        outcomes.add(outcome(piece, bytes).ok);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
      }
    }
    expect(outcomes).toEqual(new Set([true, false]));
  });
});
