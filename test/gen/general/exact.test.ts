/** Integers of expressions: exact, or refused. */
import { beforeAll, describe, expect, it } from "vitest";
import { isWireError, type Result } from "../../../src/errors.js";
import { makeAll, type Made } from "./judge.js";

/** What is asked of the greatest numbers, and how it is found; undefined: no number holds it. */
const ASKED: Readonly<Record<string, readonly [expression: string, result: number | undefined]>> = {
  product: ["a * b", undefined],
  product_of_small: ["c * c", 255 * 255],
  product_less_itself: ["a * b - a * b", undefined],
  sum: ["a + b", 2 * (2 ** 32 - 1)],
  difference: ["c - a * 1048576", 255 - (2 ** 32 - 1) * 2 ** 20],
  shifted: ["a << 21", (2 ** 32 - 1) * 2 ** 21],
  shifted_far: ["a << 22", undefined],
  shifted_by_much: ["c << a", undefined],
  cube: ["s * s * s", undefined],
  square: ["s * s", undefined],
  masked: ["(a & 0xff) * b * 4096", 255 * (2 ** 32 - 1) * 2 ** 12],
  whole: ["f.to_i", undefined],
  // Each operator is looked at once: a second look at what stands before it would take years.
  long_sum: [new Array(100).fill("c").join(" + "), 100 * 255],
  unequal: ["(a * b > 1).to_i", undefined],
};

/** The number, or why there is none. It is worked out when it is asked for. */
function answerOf(result: Result<{ readonly asked: number }>): number | string {
  if (!result.ok) return result.error.code;
  try {
    return result.value.asked;
  } catch (error) {
    if (!isWireError(error)) throw error;
    return error.code;
  }
}

describe("integers of expressions", () => {
  let made: readonly Made[] = [];

  beforeAll(async () => {
    const seq = "seq: [{id: a, type: u4}, {id: b, type: u4}, {id: c, type: u1}, {id: s, type: s4}, {id: f, type: f8}]";
    const samples = Object.entries(ASKED).map(([name, [expression]]) => {
      const spec = `\nmeta: {endian: le}\n${seq}\ninstances: {asked: {value: '${expression}'}}\n`;
      return [name, { spec, bytes: [] }];
    });
    made = await makeAll(Object.fromEntries(samples) as Parameters<typeof makeAll>[0]);
  });

  it.each(Object.keys(ASKED))("are exact or refused: %s", (name) => {
    const { codecs } = made.find(({ id }) => id === name)!;
    const bytes = new Uint8Array(21).fill(255);
    const view = new DataView(bytes.buffer);
    view.setInt32(9, 2 ** 31 - 1, true);
    view.setFloat64(13, 1e300, true);
    const title = Object.keys(codecs).find((key) => key.startsWith("tryDecode"))!;
    const result = codecs[title]!(bytes) as Result<{ asked: number }>;
    expect(answerOf(result)).toBe(ASKED[name]![1] ?? "unsafe-integer");
  });
});
