import { describe, expect, it } from "vitest";
import { orphanGates, summarise, toTable } from "../../bench/lib/report.mjs";
import { smokeCell } from "../../bench/lib/smoke.mjs";

const times = (ours: number, rival: number, control = rival) => ({ read: { ours, rival, control } });

function makeCell(rival = (n: number) => n + 1) {
  const refuse = (n: number) => {
    if (n > 9) throw new RangeError("at most 9");
    return n + 1;
  };
  return {
    name: "read",
    consume: (n: number) => n,
    plain: (n: number) => n,
    inputs: [1, 2],
    bad: { ten: 10 },
    candidates: [
      { name: "ours", ours: true, run: (i: number) => i + 2, once: refuse },
      { name: "rival", run: (i: number) => rival(i + 1), once: (n: number) => rival(refuse(n) - 1) },
    ],
  };
}

describe("summarise", () => {
  const verdict = (must: number, stretch: number) =>
    summarise([makeCell()], [times(10, 30), times(12, 20)], { read: { rival: { must, stretch } } }).rows[0];

  it("takes the best process of each candidate, then the ratio", () => {
    expect(verdict(1, 3)).toMatchObject({ oursNs: 10, rivalNs: 20, ratio: 2 });
  });

  it.each([
    [1, 2, "stretch"],
    [2, 3, "must"],
    [2.1, 3, "MISSED"],
  ])("judges a ratio of 2 against %f / %f as %s", (must, stretch, expected) => {
    expect(verdict(must, stretch)?.verdict).toBe(expected);
  });

  it.each([
    [17.5, true],
    [17.3, false],
    [23, true],
    [23.1, false],
  ])("with a rival of 20 ns and a control of %f ns is conclusive: %s", (control, conclusive) => {
    const summary = summarise([makeCell()], [times(10, 20, control)], {});
    expect(summary.conclusive).toBe(conclusive);
    expect(toTable(summary).includes("inconclusive")).toBe(!conclusive);
  });

  it("names gates that no rival answers", () => {
    expect(orphanGates([makeCell()], { read: { rival: {}, other: {} }, write: { rival: {} } })).toEqual([
      "read / other",
      "write / rival",
    ]);
  });
});

describe("smoke", () => {
  it("is silent on candidates that agree", () => {
    expect(smokeCell(makeCell())).toEqual([]);
  });

  it("names a candidate whose result differs", () => {
    expect(smokeCell(makeCell((n) => n + 2))).toEqual(["read: rival differs from ours on input 0"]);
  });

  it("names a candidate that accepts what ours refuses", () => {
    const cell = makeCell();
    cell.candidates[1]!.once = (n: number) => n + 1;
    expect(smokeCell(cell)).toEqual(["read: rival accepts ten"]);
  });
});
