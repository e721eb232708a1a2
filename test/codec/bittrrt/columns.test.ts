/** Columns of numbers, shown with the header of a frame. */
import { expect, it } from "vitest";
import {
  decodeFrameHeaderColumns,
  encodeFrameHeaderColumns,
  frameHeaderColumns,
} from "../../../src/codec/gen/bittrrt/index.js";
import { issueOf } from "../../support/issue-of.js";

const view = new DataView(new ArrayBuffer(200));

it("columns of numbers are typed arrays of their class, with an item for each row", () => {
  const right = frameHeaderColumns(2);
  const wrong = [
    ["channel", [1, 2], "argument"],
    ["channel", new Float64Array(2), "argument"],
    ["flags", [300, 300], "argument"],
    ["offset", new Float64Array(1), "space"],
  ] as const;
  for (const [path, column, code] of wrong) {
    const columns = { ...right, [path]: column } as never;
    expect(issueOf(() => encodeFrameHeaderColumns(columns, 2, view, 0))).toMatchObject({ code, path });
    expect(issueOf(() => decodeFrameHeaderColumns(view, 0, 2, columns))).toMatchObject({ code, path });
  }
});
