/** Tests of the month in which an AN is set. */
import { describe, expect, it } from "vitest";
import { monthFromStart } from "../../../src/protocols/raida/index.js";

describe("monthFromStart", () => {
  it.each([
    ["2023-02-01", 0],
    ["2023-01-31", 255],
    ["2026-11-21", 45],
    ["2044-05-31", 255],
    ["2044-06-01", 0],
  ])("of %s is %i", (day, month) => {
    expect(monthFromStart(BigInt(Date.parse(day)) * 1_000_000n)).toBe(month);
  });

  it("agrees with the calendar on every day from 1970 to 2400", () => {
    const wrong: string[] = [];
    for (let ms = 0; ms < Date.UTC(2400, 11, 31); ms += 86_400_000) {
      const date = new Date(ms);
      const months = (date.getUTCFullYear() - 2023) * 12 + date.getUTCMonth() - 1;
      const expected = ((months % 256) + 256) % 256;
      if (monthFromStart(BigInt(ms) * 1_000_000n + 999n) !== expected) wrong.push(date.toISOString());
    }
    expect(wrong).toEqual([]);
  });
});
