/** Columns of byte fields, shown with the coins of a request. */
import { describe, expect, it } from "vitest";
import { bytesColumn } from "../../../src/codec/index.js";
import { coinAnColumns, decodeCoinAnColumns, encodeCoinAnColumns } from "../../../src/codec/gen/raida/index.js";
import { issueOf } from "../../support/issue-of.js";
import { notBytes } from "../../support/not-bytes.js";

describe("columns of bytes", () => {
  const view = new DataView(new ArrayBuffer(200));
  const filled = (): ReturnType<typeof coinAnColumns> => {
    const columns = coinAnColumns(3);
    columns.an.bytes.forEach((_, i, all) => (all[i] = i));
    return columns;
  };

  it("take a Uint8Array, with an offset and a stride that fit the field", () => {
    expect(encodeCoinAnColumns(filled(), 3, view, 0)).toBe(63);
    for (const [, wrong] of notBytes(48)) {
      const columns = filled();
      columns.an.bytes = wrong;
      expect(issueOf(() => encodeCoinAnColumns(columns, 3, view, 0))).toMatchObject({
        code: "argument",
        path: "an.bytes",
      });
    }
    for (const wrong of [{ at: -16 }, { at: NaN }, { stride: NaN }, { stride: -16 }, { stride: 0.5 }, { size: 8 }]) {
      const columns = filled();
      Object.assign(columns.an, wrong);
      expect(issueOf(() => encodeCoinAnColumns(columns, 3, view, 0))).toMatchObject({ code: "argument", path: "an" });
    }
    const columns = filled();
    columns.an.bytes = columns.an.bytes.subarray(0, 47);
    expect(issueOf(() => encodeCoinAnColumns(columns, 3, view, 0))).toMatchObject({
      code: "space",
      path: "an",
      actual: "2 rows",
    });
  });

  it("have the size of their field", () => {
    const wrong = { ...coinAnColumns(2), an: bytesColumn(8, 2) };
    expect(issueOf(() => decodeCoinAnColumns(view, 0, 2, wrong))).toMatchObject({ code: "argument", path: "an" });
  });
});
