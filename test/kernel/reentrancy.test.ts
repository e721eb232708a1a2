/** Kernels are re-entrant: code of the caller may call them within a call. */
import { createHash } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import { expect, test } from "vitest";
import { concatBytes } from "../../src/bytes/index.js";
import { closestIds, crc32, md5, md5Rows, withEngine, xorPrefixLengths } from "../../src/kernel/index.js";
import { noise } from "./engines.js";
import { idsOf, sharedBits, sortedByDistance } from "./xor/ids.js";

/** The code that runs within a call: only a subclass that overrides `subarray` can run code of the caller there. */
let within: () => void = () => {};

/** Bytes that run `within` in each call of `subarray`. */
class Reentrant extends Uint8Array<ArrayBuffer> {
  override subarray(begin?: number, end?: number): Uint8Array<ArrayBuffer> {
    within();
    return super.subarray(begin, end);
  }
}

/** Words that run `within` in each call of `subarray`. */
class ReentrantWords extends Uint32Array<ArrayBuffer> {
  override subarray(begin?: number, end?: number): Uint32Array<ArrayBuffer> {
    within();
    return super.subarray(begin, end);
  }
}

/** Runs `outer`, and `inner` once within it. */
function nested<T>(inner: () => void, outer: () => T): T {
  // Once: the inner call may use the same subclass.
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

test("a CRC is right with another one within it", () => {
  const message = Reentrant.from(noise(2_500_000));
  expect(
    nested(
      () => crc32(noise(5000)),
      () => crc32(message),
    ),
  ).toBe(zlibCrc32(message));
});

test("an MD5 is right with another one within it", () => {
  const message = Reentrant.from(noise(700_000));
  const digest = nested(
    () => md5(noise(5000)),
    () => md5(message),
  );
  expect(Buffer.from(digest)).toEqual(createHash("md5").update(message).digest());
});

test("MD5 by rows is right with other rows within it", () => {
  const words = Uint32Array.from({ length: 3000 }, (_, i) => i * 77_777);
  const columns = { prefix: 3, bytes: new Int8Array(3000), words, suffix: noise(16, 1) };
  const others = { prefix: 4, bytes: new Int8Array(9), words: new Uint32Array(9), suffix: noise(16, 2) };
  const expected = md5Rows(columns);
  const digests = nested(
    () => md5Rows(others),
    () => md5Rows({ ...columns, words: ReentrantWords.from(words) }),
  );
  expect(Buffer.compare(digests, expected)).toBe(0);
});

test("nearest ids and buckets are right with others within them", () => {
  const [ids, target] = [idsOf(2500, 1), noise(20, 2)];
  const bytes = Reentrant.from(concatBytes(...ids));
  const inner = () => {
    closestIds(noise(20 * 40), noise(20, 3), 5);
    xorPrefixLengths(noise(20 * 40), noise(20, 3));
  };
  expect([...nested(inner, () => closestIds(bytes, target, 20))]).toEqual(sortedByDistance(ids, target).slice(0, 20));
  expect([...nested(inner, () => xorPrefixLengths(bytes, target))]).toEqual(ids.map((id) => sharedBits(id, target)));
});
