/** What decoding a message takes in memory, garbage included, whatever its bytes are. */
import { describe, expect, it } from "vitest";
import { concatBytes, fromHex } from "../../src/bytes/index.js";
import { encodeRPCBig, tryDecodeRPCBig } from "../../src/protocols/rpc/index.js";

const INPUT_BYTES = 64 * 1024;
const KEPT_BYTES = 64 * 1024;
const RUNS = 25;

/** A pattern, as often as it fits. */
function filled(hex: string, before = new Uint8Array(0)): Uint8Array {
  const pattern = fromHex(hex.replaceAll(" ", ""));
  const bytes = new Uint8Array(INPUT_BYTES);
  bytes.set(before);
  for (let at = before.length; at + pattern.length <= bytes.length; at += pattern.length) bytes.set(pattern, at);
  const rest = (INPUT_BYTES - before.length) % pattern.length;
  return bytes.subarray(0, INPUT_BYTES - rest);
}

/** The least of what several runs take, so that other things of the process do not count. */
function bytesTaken(bytes: Uint8Array): number {
  let least = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const before = process.memoryUsage();
    const result = tryDecodeRPCBig(bytes);
    const after = process.memoryUsage();
    const taken = after.heapUsed - before.heapUsed + after.arrayBuffers - before.arrayBuffers;
    if (taken >= 0 && typeof result.ok === "boolean") least = Math.min(least, taken);
  }
  return least;
}

const unknown = { sender: { $unknown: filled("7801").subarray(0, 60_000) } };

describe("a message of 64 KiB", () => {
  it.each([
    ["empty byte fields", filled("1a00")],
    ["byte fields of one byte", filled("2201ff")],
    ["texts", filled("3a03616263")],
    ["texts that are not ASCII", filled("3a02c3bc")],
    ["long texts", filled(`3a8001${"61".repeat(128)}`)],
    ["times of one sender", concatBytes(fromHex("12fcff03"), filled("18ff7f").subarray(0, 65_532))],
    ["commands", concatBytes(fromHex("0afcff03"), filled("0805").subarray(0, 65_532))],
    ["unknown fields", filled("7801")],
    ["unknown fields between known ones", filled("1a00 7801")],
    ["unknown groups", filled("53 0801 54")],
    ["senders", filled("1200")],
    ["senders with unknown fields", filled("1202 7801", encodeRPCBig(unknown))],
    ["nodes", filled("3200")],
    ["nodes of an address and an id", filled("3206 0a0161 120162")],
    ["one value", encodeRPCBig({ value: new Uint8Array(INPUT_BYTES - 4) })],
  ])("takes at most 4 times as much and 64 KiB more: %s", (_, bytes) => {
    expect(bytesTaken(bytes)).toBeLessThanOrEqual(4 * INPUT_BYTES + KEPT_BYTES);
  });
});
