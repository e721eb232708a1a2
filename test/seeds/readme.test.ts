/** The tables of families in the READMEs of `seeds/`, against the recordings. */
import { expect, test } from "vitest";
import { namesIn, rowsBelow } from "./readme.js";
import { countsOf, readSeed, recordedOf, SYSTEMS } from "./recordings.js";

/** The heading above the table, in the words of each protocol. */
const HEADING = /^### (Families|Kinds|Categories)$/m;

test.each(SYSTEMS)("the README of %s counts the vectors of every family", (system) => {
  const [heading] = HEADING.exec(readSeed(`${system}/README.md`)) ?? [];
  expect(heading, "a table of families").toBeDefined();
  const rows = rowsBelow(system, heading!).flatMap(([family, count]) =>
    namesIn(family!).map((name) => [name, Number(count)] as const),
  );
  expect(rows.length).toBe(new Map(rows).size);
  expect(Object.fromEntries(rows)).toEqual(countsOf(recordedOf(system).map(({ family }) => family)));
});
