/** Number fields and lists of codecs, which refuse what is none by their path, whatever it does to operators. */
import { sample } from "fast-check";
import { describe, expect, it } from "vitest";
import { FUNCTIONS, type Functions } from "../support/functions.js";
import { issueOf } from "../support/issue-of.js";
import { at, changed, leavesOf, nameOf } from "../support/leaves.js";

const isNumber = (value: unknown): boolean => typeof value === "number" || typeof value === "bigint";

/** What no field of numbers holds; operators on bits throw errors of their own at most of these. */
const STRANGERS: readonly unknown[] = [
  Symbol("s"),
  Object.create(null),
  { valueOf: () => 1 },
  { valueOf: () => 1n },
  () => 1,
  [1],
  "1",
  true,
  null,
  undefined,
];

/** What has a length, but not as a list has one. */
const LENGTHS: readonly unknown[] = [2n, Symbol("s"), Object.create(null), "2", 1.5, NaN, -1];

const drawnOf = ({ values }: Functions): unknown => {
  const drawn = sample(values, { numRuns: 20, seed: 3 });
  return (drawn.find(({ value }) => leavesOf(value, isNumber).length > 0) ?? drawn[0]!).value;
};

describe.each(FUNCTIONS.map((functions) => [functions.name, functions] as const))("%s", (_, functions) => {
  const value = drawnOf(functions);
  const { length } = functions.encode(value);
  const issuesOf = (wrong: unknown): unknown[] => [
    issueOf(() => functions.encode(wrong)),
    issueOf(() => functions.encodeInto(wrong, new Uint8Array(length), 0)),
    issueOf(() => functions.encodeIntoView(wrong, new DataView(new ArrayBuffer(length)), 0)),
  ];

  it("has number fields that take numbers of their form alone", () => {
    for (const path of leavesOf(value, isNumber)) {
      const other = typeof at(value, path) === "number" ? 1n : 1;
      for (const stranger of [...STRANGERS, other])
        for (const issue of issuesOf(changed(value, path, stranger)))
          expect(issue).toMatchObject({ name: "WireError", path: nameOf(path) });
    }
  });

  it("is written from objects alone", () => {
    if (Object.keys(value as object).length === 0) return;
    for (const wrong of [undefined, null, 5, "x", Symbol("s")])
      for (const issue of issuesOf(wrong)) expect(issue).toMatchObject({ name: "WireError" });
  });

  it("has lists that are as long as a number says", () => {
    for (const path of leavesOf(value, Array.isArray))
      for (const count of LENGTHS)
        for (const issue of issuesOf(changed(value, path, { ...(at(value, path) as object), length: count })))
          expect(issue).toMatchObject({ name: "WireError", path: nameOf(path) });
  });
});
