/** Small formats of general types: read as the official compiler reads them, and written as they were. */
import { beforeAll, describe, expect, it } from "vitest";
import { BITS, TEXTS } from "./samples-bytes.js";
import { BROUGHT, FLAT } from "./samples-brought.js";
import { CORNERS } from "./samples-corners.js";
import { EXPRESSIONS } from "./samples-expressions.js";
import { LANGUAGE } from "./samples-language.js";
import { PASSED_OVER } from "./samples-passed-over.js";
import { STRUCTURES } from "./samples-structures.js";
import { SURROUNDINGS } from "./samples-surroundings.js";
import { complaintsOf, judge, makeAll, type Made, type Sample } from "./judge.js";

const SAMPLES = {
  ...BITS,
  ...TEXTS,
  ...EXPRESSIONS,
  ...STRUCTURES,
  ...LANGUAGE,
  ...SURROUNDINGS,
  ...CORNERS,
  ...BROUGHT,
  ...PASSED_OVER,
};
let made: Made[] = [];

beforeAll(async () => {
  made = await makeAll(SAMPLES);
});

describe("formats of general types", () => {
  it("become modules that satisfy the strictest compiler", () => {
    expect(complaintsOf(made)).toEqual([]);
  }, 60_000);

  it("are no less strict where nothing of it is general", async () => {
    const flat = FLAT.map((spec, i) => [`flat_${i}`, { spec: `\nmeta: {encoding: UTF-8}\n${spec}\n`, bytes: [] }]);
    const small = await makeAll(Object.fromEntries(flat) as Record<string, Sample>);
    expect(small.map(({ text }) => text.includes("ByteReader"))).toEqual(FLAT.map(() => false));
    expect(complaintsOf(small)).toEqual([]);
  }, 60_000);

  it.each(Object.keys(SAMPLES))("%s", async (id) => {
    const one = made.find((each) => each.id === id)!;
    expect(await judge(one)).toEqual([]);
    const { readOnly } = one.sample;
    if (readOnly === undefined) expect(one.text).not.toContain("There is no encode");
    else expect(one.text).toContain(readOnly);
  });
});
