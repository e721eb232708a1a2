import { createHash } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import { expect, test } from "vitest";
import { concatBytes } from "../../src/bytes/index.js";
import { closestIds, crc32, md5, md5Rows, withEngine, xorPrefixLengths } from "../../src/kernel/index.js";
import { noise } from "./engines.js";
import { idsOf, sharedBits, sortedByDistance } from "./ids.js";

/** The only code of a caller's that runs within a call: what a subclass of its own puts in place of `subarray`. */
let within: () => void = () => {};

class Meddling extends Uint8Array<ArrayBuffer> {
  override subarray(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
    within();
    return super.subarray(begin, end);
  }
}

class MeddlingWords extends Uint32Array<ArrayBuffer> {
  override subarray(begin?: number, end?: number): Uint32Array<ArrayBuffer> {
    within();
    return super.subarray(begin, end);
  }
}

function meddling<T>(inner: () => void, outer: () => T): T {
  // Without end otherwise: a call within a call meets the same subclass.
  within = () => {
    within = () => {};
    inner();
  };
  try {
    return withEngine("wasm", outer);
  } finally {
    within = () => {};
  }
}

test("a CRC does not mind another within it", () => {
  const message = Meddling.from(noise(2_500_000));
  expect(
    meddling(
      () => crc32(noise(5000)),
      () => crc32(message),
    ),
  ).toBe(zlibCrc32(message));
});

test("an MD5 does not mind another within it", () => {
  const message = Meddling.from(noise(700_000));
  const digest = meddling(
    () => md5(noise(5000)),
    () => md5(message),
  );
  expect(Buffer.from(digest)).toEqual(createHash("md5").update(message).digest());
});

test("new authenticity numbers do not mind others within them", () => {
  const words = Uint32Array.from({ length: 3000 }, (_, i) => i * 77_777);
  const columns = { prefix: 3, bytes: new Int8Array(3000), words, suffix: noise(16, 1) };
  const others = { prefix: 4, bytes: new Int8Array(9), words: new Uint32Array(9), suffix: noise(16, 2) };
  const expected = md5Rows(columns);
  const digests = meddling(
    () => md5Rows(others),
    () => md5Rows({ ...columns, words: MeddlingWords.from(words) }),
  );
  expect(Buffer.compare(digests, expected)).toBe(0);
});

test("the nearest and their buckets do not mind others within them", () => {
  const [ids, target] = [idsOf(2500, 1), noise(20, 2)];
  const bytes = Meddling.from(concatBytes(...ids));
  const inner = () => {
    closestIds(noise(20 * 40), noise(20, 3), 5);
    xorPrefixLengths(noise(20 * 40), noise(20, 3));
  };
  expect([...meddling(inner, () => closestIds(bytes, target, 20))]).toEqual(sortedByDistance(ids, target).slice(0, 20));
  expect([...meddling(inner, () => xorPrefixLengths(bytes, target))]).toEqual(ids.map((id) => sharedBits(id, target)));
});
