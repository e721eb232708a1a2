/** Streams of zlib inside a value: which are read, and why others are refused. */
import { deflateSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { Session } from "../../src/codec/general/index.js";
import { unzlibBytes, zlibBytes } from "../../src/codec/zlib.js";

const INNER = new TextEncoder().encode("specwire ".repeat(100));
const STREAM = new Uint8Array(deflateSync(INNER));

/** What is inside, or the code and offset of the refusal. */
function read(bytes: Uint8Array): unknown {
  const session = new Session({ file: "test.ksy", places: [] }, "test", bytes);
  try {
    return unzlibBytes(session, bytes);
  } catch (error) {
    const { code, offset } = error as { code: string; offset: number };
    return [code, offset];
  }
}

it("reads what zlib writes, and writes what zlib reads", () => {
  expect(read(STREAM)).toEqual(INNER);
  expect(read(zlibBytes(INNER))).toEqual(INNER);
  expect(zlibBytes(INNER).length).toBeLessThan(INNER.length / 10);
  expect(read(zlibBytes(new Uint8Array(0)))).toEqual(new Uint8Array(0));
});

it("refuses a stream that is cut off anywhere, changed, of another kind, or not alone", () => {
  for (let length = 0; length < STREAM.length; length++)
    expect(read(STREAM.subarray(0, length))).toEqual(["short", length]);
  expect(read(Uint8Array.of(...STREAM, 0, 0))).toEqual(["trailing", STREAM.length]);
  expect(read(STREAM.with(STREAM.length - 1, STREAM.at(-1)! ^ 1))).toEqual(["crc", STREAM.length - 4]);
  expect(read(new Uint8Array(gzipSync(INNER)))).toEqual(["constant", 2]);
  expect(read(new Uint8Array(deflateSync(INNER, { dictionary: INNER.subarray(0, 9) })))).toEqual(["constant", 0]);
});
