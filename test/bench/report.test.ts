/** The report of benchmarks: figures, gates and tables. */
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { orphanGates, summarise, toTable } from "../../bench/lib/report.mjs";
import { smokeCell } from "../../bench/lib/smoke.mjs";
import { subject } from "../../bench/lib/subject.mjs";
import { WireError } from "../../src/errors.js";

const SUBJECT = { version: "1.2.3", commit: "abc1234", build: "dist", node: "v20.19.0", cpu: "a CPU" } as const;

const times = (ours: number, rival: number, control = rival) => ({ read: { ours, rival, control } });

interface Candidate {
  name: string;
  ours?: boolean;
  run: (i: number) => number;
  once: (n: number) => number;
  onceInto?: (n: number, room: number) => number;
}

function makeCell(rival = (n: number) => n + 1) {
  const refusal = new WireError({ code: "range", format: "number", path: "", offset: 0 });
  const refuse = (n: number, error: Error = refusal) => {
    if (n > 9) throw error;
    return n + 1;
  };
  const candidates: Candidate[] = [
    { name: "ours", ours: true, run: (i: number) => i + 2, once: refuse },
    { name: "rival", run: (i: number) => rival(i + 1), once: (n) => rival(refuse(n, new RangeError("at most 9")) - 1) },
  ];
  return {
    name: "read",
    consume: (n: number) => n,
    plain: (n: number) => n,
    inputs: [1, 2],
    bad: { ten: 10 },
    candidates,
  };
}

describe("summarise", () => {
  const verdict = (must: number, stretch: number) =>
    summarise([makeCell()], [times(10, 30), times(12, 20)], { read: { rival: { must, stretch } } }, SUBJECT).rows[0];

  it("takes the best process of each candidate, then their ratio", () => {
    expect(verdict(1, 3)).toMatchObject({ oursNs: 10, rivalNs: 20, ratio: 2 });
  });

  it.each([
    [1, 2, "stretch"],
    [2, 3, "must"],
    [2.1, 3, "MISSED"],
  ])("judges a ratio of 2 against %f / %f as %s", (must, stretch, expected) => {
    expect(verdict(must, stretch)?.verdict).toBe(expected);
  });

  it("skips the gates of a cell that gives a reason", () => {
    const cell = { ...makeCell(), exempt: { rival: "another machine" } };
    const { rows } = summarise([cell], [times(10, 5)], { read: { rival: { must: 1, stretch: 2 } } }, SUBJECT);
    expect(rows[0]).toMatchObject({ ratio: 0.5, verdict: "n/a: another machine" });
    expect(summarise([cell], [times(10, 5)], {}, SUBJECT).rows[0]?.verdict).toBe("");
  });

  it.each([
    [17.5, true],
    [17.3, false],
    [23, true],
    [23.1, false],
  ])("with a rival of 20 ns and a control of %f ns is conclusive: %s", (control, conclusive) => {
    const summary = summarise([makeCell()], [times(10, 20, control)], {}, SUBJECT);
    expect(summary.conclusive).toBe(conclusive);
    expect(toTable(summary).includes("inconclusive")).toBe(!conclusive);
  });

  it.each([
    [SUBJECT, "specwire 1.2.3 (commit abc1234, dist), Node v20.19.0, a CPU; best of 1 processes"],
    [{ ...SUBJECT, commit: undefined }, "specwire 1.2.3 (dist), Node v20.19.0, a CPU; best of 1 processes"],
  ])("says what it measured: %#", (measured, expected) => {
    const summary = summarise([makeCell()], [times(10, 20)], {}, measured);
    expect(summary.subject).toBe(measured);
    expect(toTable(summary)).toContain(`\n${expected}`);
  });

  it("names gates without a rival", () => {
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

  it("expects typed errors of our candidate only", () => {
    const cell = makeCell();
    cell.candidates[0]!.once = cell.candidates[1]!.once;
    expect(smokeCell(cell)).toEqual(["read: ours throws RangeError for ten"]);
  });

  it("expects candidates to refuse a target that is too small", () => {
    const cell = { ...makeCell(), rooms: [3] };
    cell.candidates[0]!.onceInto = (_n, room) => cell.candidates[0]!.once(room + 7);
    cell.candidates[1]!.onceInto = (n) => n;
    expect(smokeCell(cell)).toEqual(["read: rival accepts a target of 3 bytes"]);
  });
});

describe("subject", () => {
  it("is this package as users import it, with the version of Node", () => {
    const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
    const found = subject();
    expect(found).toMatchObject({ version, node: process.version });
    expect(["dist", "source"]).toContain(found.build);
    expect(found.commit ?? "0000000").toMatch(/^[0-9a-f]{7,}\+?$/);
  });
});
