import { describe, expect, test } from "vitest";
import { countsOf, recordedOf, readSeed, type System, type Vector } from "./recordings.js";

/** The cells of each row of the first table below a heading of a system's README. */
function rowsBelow(system: System, heading: string): string[][] {
  const [, below] = readSeed(`${system}/README.md`).split(`\n${heading}\n`);
  const table = below?.split("\n").slice(below.split("\n").findIndex((line) => line.startsWith("|"))) ?? [];
  const end = table.findIndex((line) => !line.startsWith("|"));
  return table.slice(2, end < 0 ? undefined : end).map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

/** The names in backticks of a cell, `a.{b,c}` standing for `a.b` and `a.c`. */
function namesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].flatMap(([, pattern]) => expand(pattern!));
}

function expand(pattern: string): string[] {
  const brace = /^(.*?)\{([^}]*)\}(.*)$/.exec(pattern);
  if (brace === null) return [pattern];
  const [, before, choices, after] = brace;
  return choices!.split(",").flatMap((choice) => expand(`${before}${choice}${after}`));
}

describe("the README of raida", () => {
  const ALWAYS = ["raida_id", "coin_id", "server_build", "aes_path", "mfs_today", "coins_before"];
  const rows = rowsBelow("raida", "### Families").flatMap(([families, each, keys]) =>
    namesIn(families!).map((family) => ({ family, each: Number(each), keys: namesIn(keys!).sort() })),
  );
  const recorded = recordedOf("raida");
  const stateOf = (vector: Vector) => Object.keys(vector["state"] as object);

  test("counts every family", () => {
    expect(new Set(rows.map(({ family }) => family)).size).toBe(rows.length);
    expect(Object.fromEntries(rows.map(({ family, each }) => [family, each]))).toEqual(
      countsOf(recorded.map(({ family }) => family)),
    );
  });

  test("names the keys of every state", () => {
    const expected = new Map(rows.map(({ family, keys }) => [family, keys]));
    for (const { family, vector } of recorded) {
      const keys = stateOf(vector);
      expect(keys, family).toEqual(expect.arrayContaining(ALWAYS));
      expect(keys.filter((key) => !ALWAYS.includes(key)).sort(), family).toEqual(expected.get(family));
    }
  });

  test("explains every key of a state", () => {
    const explained = rowsBelow("raida", "**In every vector**")
      .concat(rowsBelow("raida", "**In some**"))
      .flatMap(([key]) => namesIn(key!));
    expect(explained.sort()).toEqual(Object.keys(countsOf(recorded.flatMap(({ vector }) => stateOf(vector)))).sort());
  });
});

test.each([
  { system: "bittrrt", heading: "### Kinds" },
  { system: "qkd", heading: "### Families" },
  { system: "dps", heading: "### Categories" },
] as const)("the README of $system counts every family", ({ system, heading }) => {
  const rows = rowsBelow(system, heading).flatMap(([family, count]) =>
    namesIn(family!).map((name) => [name, Number(count)] as const),
  );
  expect(rows.length).toBe(new Map(rows).size);
  expect(Object.fromEntries(rows)).toEqual(countsOf(recordedOf(system).map(({ family }) => family)));
});
