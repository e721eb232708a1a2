/** Messages of 2^31 bytes and more, which one call of Node.js refuses. */
import { createHash, createHmac } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { crc32, hmacSha256, sha256, sha256Stream, withEngine } from "../../src/kernel/index.js";

// Zeros that are never written take no memory: the system maps one page for all of them.
let message: Uint8Array | undefined = new Uint8Array(2 ** 31 + 5);
const whole = (): Uint8Array => message!;
const parts = (): Uint8Array[] => [whole().subarray(0, 2 ** 30), whole().subarray(2 ** 30, 2 ** 31), new Uint8Array(5)];

afterAll(() => {
  message = undefined;
});

test("sha256 and its stream", { timeout: 300_000 }, () => {
  const expected = createHash("sha256");
  for (const part of parts()) expected.update(part);
  const digest = expected.digest("hex");
  expect(Buffer.from(sha256(whole())).toString("hex")).toBe(digest);
  expect(Buffer.from(sha256Stream().update(whole()).digest()).toString("hex")).toBe(digest);
});

test("hmacSha256", { timeout: 300_000 }, () => {
  const key = new Uint8Array(32).fill(7);
  const expected = createHmac("sha256", key);
  for (const part of parts()) expected.update(part);
  expect(Buffer.from(hmacSha256(key, whole())).toString("hex")).toBe(expected.digest("hex"));
});

test("crc32 by zlib", { timeout: 300_000 }, () => {
  const expected = parts().reduce((crc, part) => crc32(part, crc), 0);
  expect(withEngine("node", () => crc32(whole()))).toBe(expected);
});
