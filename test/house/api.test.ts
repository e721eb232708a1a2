/** The report of the public API. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { reportApi } from "../../scripts/api/report.mjs";

/** Declarations of two entries that a bundler has put in a shared file: renamed exports, a suffix after a clash. */
const SHARED = `
interface Options$1 { readonly size: number }
/** Doubles. */
declare function twice(options: Options$1): number;
declare class Box { #private; private readonly secret; readonly open: Inner }
type Inner = "a" | "b";
declare const LIMIT: Limit;
interface Limit { readonly bytes: number }
interface Unused { readonly never: true }
export { type Inner as I, Box as B, LIMIT as L, twice as t, type Unused as U };
`;

const folder = mkdtempSync(join(tmpdir(), "specwire-api-"));
mkdirSync(join(folder, "one"));
afterAll(() => rmSync(folder, { recursive: true }));

function report(shared: string): string {
  const entries = new Map([
    ["specwire/two", join(folder, "two.d.ts")],
    ["specwire/one", join(folder, "one", "index.d.ts")],
  ]);
  writeFileSync(join(folder, "shared-Ab12.d.ts"), shared);
  writeFileSync(entries.get("specwire/one")!, 'export { t as twice, B as Box } from "../shared-Ab12.js";\n');
  writeFileSync(entries.get("specwire/two")!, 'export { B as Box, L as LIMIT } from "./shared-Ab12.js";\n');
  return reportApi(entries);
}

describe("the API report", () => {
  const unchanged = report(SHARED);

  test("lists the exports of each subpath, and declares once each type that they mention", () => {
    expect(unchanged).toBe(`specwire/one
  Box
  twice

specwire/two
  Box
  LIMIT

class Box {
    readonly open: Inner;
}
type Inner = "a" | "b";
const LIMIT: Limit;
interface Limit {
    readonly bytes: number;
}
interface Options {
    readonly size: number;
}
function twice(options: Options): number;
`);
  });

  test.each([
    ["a type that is mentioned but not exported", "readonly size: number", "readonly size?: number"],
    ["a signature", "): number", "): number | undefined"],
    ["a member", "readonly open", "open"],
  ])("shows a change of %s", (_, before, after) => {
    expect(report(SHARED.replace(before, after))).not.toBe(unchanged);
  });

  test.each([
    ["comments", "Doubles.", "Makes it two times as much."],
    ["private members", "private readonly secret", "private readonly other"],
    ["types that no export mentions", "readonly never: true", "readonly never: false"],
    ["the suffix after a clash", /Options\$1/g, "Options$2"],
  ])("shows no change of %s", (_, before, after) => {
    const changed = SHARED.replace(before, after);
    expect(changed).not.toBe(SHARED);
    expect(report(changed)).toBe(unchanged);
  });

  test("refuses a subpath without declarations", () => {
    expect(() => reportApi(new Map([["specwire/none", join(folder, "none.d.ts")]]))).toThrow("declares nothing");
  });
});
