/** Integers of 64 bits as bigint, against a DataView. */
import { assert, bigInt, property } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bigPut,
  bigPutLittle,
  bigSigned,
  bigSignedLittle,
  bigUnsigned,
  bigUnsignedLittle,
} from "../../src/codec/index.js";

const EDGES = [0n, 1n, 0xffff_ffffn, 1n << 32n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n];

/** Eight bytes behind a position, in an array that is a part of its memory. */
function place(): { readonly bytes: Uint8Array; readonly view: DataView } {
  const memory = new ArrayBuffer(24);
  return { bytes: new Uint8Array(memory, 3), view: new DataView(memory, 3) };
}

function check(value: bigint): void {
  const { bytes, view } = place();
  view.setBigUint64(5, value);
  expect(bigUnsigned(bytes, 5)).toBe(value);
  expect(bigSigned(bytes, 5)).toBe(BigInt.asIntN(64, value));
  view.setBigUint64(5, value, true);
  expect(bigUnsignedLittle(bytes, 5)).toBe(value);
  expect(bigSignedLittle(bytes, 5)).toBe(BigInt.asIntN(64, value));
  for (const written of [value, BigInt.asIntN(64, value)]) {
    bigPut(bytes, 5, written);
    expect(view.getBigUint64(5)).toBe(value);
    bigPutLittle(bytes, 5, written);
    expect(view.getBigUint64(5, true)).toBe(value);
    expect([bytes[4], bytes[13]]).toEqual([0, 0]);
  }
}

describe("a bigint of 64 bits", () => {
  it.each(EDGES)("is read and written: %s", check);

  it("is read and written, whatever it is", () => {
    assert(property(bigInt({ min: 0n, max: (1n << 64n) - 1n }), check));
  });
});
