/** The README of RAIDA's seed explains the server state that each recording needs. */
import { describe, expect, test } from "vitest";
import { namesIn, rowsBelow } from "../../seeds/readme.js";
import { countsOf, recordedOf, type Vector } from "../../seeds/recordings.js";

describe("the README of the seed", () => {
  const ALWAYS = ["raida_id", "coin_id", "server_build", "aes_path", "mfs_today", "coins_before"];
  const rows = rowsBelow("raida", "### Families").flatMap(([families, , keys]) =>
    namesIn(families!).map((family) => ({ family, keys: namesIn(keys!).sort() })),
  );
  const recorded = recordedOf("raida");
  const stateOf = (vector: Vector) => Object.keys(vector["state"] as object);

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
