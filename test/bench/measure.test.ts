/** Benchmark cells whose work returns: what is called how often, and what is reported. */
import { describe, expect, it } from "vitest";
import { CSV_HEADER, toComparison, toCsv } from "../../bench/lib/compare.mjs";
import { benchOf, CONTROL, liveRoundOf, measureCell, roundOf } from "../../bench/lib/measure.mjs";

const SUBJECT = { version: "1.2.3", commit: "abc1234", build: "dist", node: "v20.19.0", cpu: "a CPU, fast" } as const;
const inputs = Array.from({ length: 64 }, (_, i) => i);
const candidate = (name: string, run: (i: number) => number, ours = false) => ({ name, ours, run, once: run });
const cellOf = (...candidates: ReturnType<typeof candidate>[]) => ({
  name: "add",
  consume: (sum: number) => sum,
  plain: (sum: number) => sum,
  inputs,
  bad: {},
  candidates,
});

describe("a cell whose work returns", () => {
  it("gives a median for each candidate and a control, and tells its progress", () => {
    const shares: number[] = [];
    const cell = cellOf(
      candidate("ours", (i) => i + 1, true),
      candidate("rival", (i) => i + 2),
    );
    const medians = measureCell(cell, (share) => shares.push(share)) as Record<string, number>;
    expect(Object.keys(medians)).toEqual(["ours", "rival", CONTROL]);
    for (const ns of Object.values(medians)) expect(ns).toBeGreaterThan(0);
    expect(shares.at(-1)).toBe(1);
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
  });

  it("runs each batch of every round", async () => {
    let calls = 0;
    const bench = benchOf(3);
    bench.add("now", () => void calls++, { async: false });
    bench.add("later", () => Promise.resolve(void calls++), { async: true });
    for (let round = 1; round <= 4; round++) {
      expect(roundOf(bench.getTask("now"))).toHaveLength(3);
      expect(await liveRoundOf(bench.getTask("later"))).toHaveLength(3);
      expect(calls).toBe(6 * round);
    }
  });

  it("ends with what a candidate throws, and with a field that is no number", () => {
    const failing = candidate("rival", () => {
      throw new RangeError("no");
    });
    expect(() => measureCell(cellOf(candidate("ours", Number, true), failing))).toThrow("no");
    const empty = candidate("rival", () => Number.NaN);
    expect(() => measureCell(cellOf(candidate("ours", Number, true), empty))).toThrow("not a number");
  });
});

describe("a summary", () => {
  const row = { cell: "add, twice", rival: "other", oursNs: 10, rivalNs: 20, ratio: 2, must: 1.5, verdict: "must" };

  it("is compared with an earlier one: what a control could show counts as the same", () => {
    const ratios = (...values: number[]) => ({ rows: values.map((ratio, i) => ({ ...row, rival: `r${i}`, ratio })) });
    const lines = toComparison(ratios(2, 2, 2), ratios(2.1, 2.4, 1.5, 3)).split("\n");
    expect(lines.slice(2).map((line) => line.split("|").at(-2)!.trim())).toEqual(["same", "faster", "slower", "new"]);
  });

  it("is a line for each row in CSV, with quotes where a value has a comma", () => {
    const [line] = toCsv("sums", { subject: SUBJECT, rows: [row] });
    expect(line).toBe('sums,"add, twice",other,10,20,2,1.5,,must,abc1234,v20.19.0,"a CPU, fast"');
    expect(CSV_HEADER.split(",")).toHaveLength(12);
  });
});
